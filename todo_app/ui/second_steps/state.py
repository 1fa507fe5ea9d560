"""The state of the settings page about two-step sign-in and passkeys. No secret is in it; see forms.py."""

from dataclasses import dataclass

import reflex as rx

from todo_app.db import database
from todo_app.schemas.second_step import PasskeyView
from todo_app.services import passkeys, two_step
from todo_app.ui.dates import local_now, moment_in_words
from todo_app.ui.session import actor_of


@dataclass(frozen=True)
class PasskeyRow:
    """A passkey, as the list shows it."""

    id: str
    name: str
    used: str


class SecondSteps(rx.State):
    """What the person signs in with besides their password."""

    two_step: bool = False
    codes_left: int = 0
    passkeys: list[PasskeyRow] = []

    @rx.event
    async def load(self) -> None:
        """Fills that part of the page. What switches any of it loads the page anew."""
        actor = await actor_of(self)
        found = await database().read(two_step.get_two_step, actor)
        own = await database().read(passkeys.list_passkeys, actor)
        self.two_step, self.codes_left = found.on, found.recovery_codes_left
        self.passkeys = [_row(passkey, actor.time_zone) for passkey in own.items]


def _row(passkey: PasskeyView, zone: str) -> PasskeyRow:
    now = local_now(zone)
    used = f"last used {moment_in_words(passkey.last_used_at, now)}" if passkey.last_used_at else "not used yet"
    return PasskeyRow(str(passkey.id), passkey.name, f"Added {moment_in_words(passkey.created_at, now)}, {used}")
