"""The state of the settings page. What needs the password is posted natively; see signing_in/forms.py."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from todo_app.db import database
from todo_app.errors import Invalid
from todo_app.schemas.accounts import ProfilePatch, SignInView
from todo_app.schemas.fields import parse
from todo_app.services import accounts, email_confirmation, outbox, sessions
from todo_app.services.actor import Actor
from todo_app.ui import routes
from todo_app.ui.dates import local_now, moment_in_words
from todo_app.ui.ids import read_id
from todo_app.ui.live import Live, refreshes
from todo_app.ui.notices import hush, say
from todo_app.ui.session import Next, actor_of
from todo_app.ui.signing_in import flash

_METHODS = {
    "password": "",
    "code": " · signed in with a code",
    "recovery_code": " · signed in with a recovery code",
    "passkey": " · signed in with a passkey",
}
_CHOICES = ("name", "time_zone", "theme", "week_start", "shortcuts", "language", "date_order")


@dataclass(frozen=True)
class Place:
    """A place where the person is signed in."""

    id: str
    name: str
    used: str
    current: bool


class SettingsPage(rx.State):
    """Messages of the last form post, and where the person is signed in."""

    loaded: bool = False
    problems: dict[str, str] = {}
    notice: str = ""
    places: list[Place] = []
    # The address that is not confirmed yet, and whether it is to take the place of the present one.
    unconfirmed: str = ""
    is_changing: bool = False
    _nonce: str = ""

    @rx.event
    async def load(self) -> None:
        """Fills the page."""
        actor = await actor_of(self)
        self.problems, self.notice = {}, ""
        message = flash.decode(self.rx_router_headers.raw_headers.get(flash.HEADER, ""))
        if message and message.page == routes.SETTINGS and message.nonce != self._nonce:
            self._nonce, self.problems, self.notice = message.nonce, message.problems, message.message
        await self._show(actor)
        await hush(self)
        await (await self.get_state(Live))._has_shown_all()

    async def _show(self, actor: Actor) -> None:
        found = await database().read(sessions.list_sessions, actor)
        self.places = [_place(session, actor.time_zone) for session in found.items]
        user = await database().read(accounts.get_user, actor)
        self.unconfirmed = email_confirmation.address_to_confirm(user) if outbox.is_open() else ""
        self.is_changing = user.new_email is not None
        self.loaded = True

    @rx.event
    async def save(self, choice: str, value: Any) -> Next:
        """Saves one choice at once."""
        actor = await actor_of(self)
        if choice not in _CHOICES:
            raise Invalid.field(str(choice), "There is no such setting.")
        self.problems = {}
        try:
            await database().write(accounts.update_profile, actor, parse(ProfilePatch, {choice: _typed(choice, value)}))
        except Invalid as error:
            self.problems = {choice: error.detail}
            return None
        await say(self, "Saved")
        return Live.start_over

    @rx.event
    async def sign_out_place(self, session_id: str) -> Next:
        """Ends one of the person's sessions."""
        actor = await actor_of(self)
        await database().write(sessions.end, actor, read_id(session_id))
        await say(self, "Signed out there")
        return Live.start_over


def _typed(choice: str, value: Any) -> Any:
    """What a form's text stands for."""
    if choice == "week_start" and str(value) in set("0123456"):
        return int(value)
    return {"on": True, "off": False}.get(str(value), value) if choice == "shortcuts" else value


def _place(session: SignInView, zone: str) -> Place:
    agent = session.user_agent
    browsers = {"Edg/": "Edge", "Firefox/": "Firefox", "Chrome/": "Chrome", "Safari/": "Safari"}
    systems = {"iPhone": "iPhone", "iPad": "iPad", "Android": "Android", "Windows": "Windows", "Mac OS": "Mac", "Linux": "Linux"}
    browser = next((name for sign, name in browsers.items() if sign in agent), "")
    system = next((name for sign, name in systems.items() if sign in agent), "")
    last_used = f"Last used {moment_in_words(session.last_used_at, local_now(zone))}"
    name = " on ".join(filter(None, (browser, system))) or agent.partition(" ")[0] or "Unknown"
    return Place(
        id=str(session.id),
        name=f"{name} (API)" if session.kind == "api" else name,
        used=f"{'This browser, now' if session.current else last_used}{_METHODS[session.method]}",
        current=session.current,
    )


@refreshes
async def _refresh(state: rx.State, actor: Actor) -> None:
    settings = await state.get_state(SettingsPage)
    if settings.loaded and routes.clean_path(state.router.url.path) == routes.SETTINGS:
        await settings._show(actor)
