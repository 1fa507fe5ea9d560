"""Who is signed in, as the pages know it."""

from typing import Any

import reflex as rx

from todo_app.errors import NotSignedIn
from todo_app.services.actor import Actor
from todo_app.services.sessions import ENDED, Visitor
from todo_app.ui.sending import show

# What a handler returns: an event to run next, or nothing. Reflex has no name for it that a type checker takes.
Next = Any


class Session(rx.State):
    """The signed-in person, kept true by the gate before every event (see gate.py). It has no handlers.

    What begins with an underscore is never sent to the page.
    """

    id: str = ""
    name: str = ""
    email: str = ""
    initials: str = ""
    theme: str = "system"
    time_zone: str = "UTC"
    week_start: int = 0
    shortcuts: bool = True
    language: str = "en"
    date_order: str = "dmy"
    _actor: Actor | None = None
    # The digest of the session token that this state belongs to.
    _digest: str = ""
    _was_turned_away: bool = False
    # The number of the newest change in the person's feed, as of this event.
    _last_change: int = 0

    def _welcome(self, visitor: Visitor) -> None:
        actor, preferences = visitor.actor, visitor.actor.preferences
        show(
            self,
            id=str(actor.user_id),
            name=visitor.name,
            email=visitor.email,
            initials="".join(word[0] for word in visitor.name.split()[:2]).upper(),
            theme=visitor.theme,
            time_zone=actor.time_zone,
            week_start=preferences.week_start,
            shortcuts=visitor.shortcuts,
            language=preferences.language,
            date_order=preferences.date_order,
        )
        self._actor = actor
        self._last_change = visitor.last_change

    @property
    def _signed_in(self) -> Actor:
        if self._actor is None:
            raise NotSignedIn(ENDED)
        return self._actor


async def actor_of(state: rx.State) -> Actor:
    """The signed-in person on whose behalf a handler of `state` runs; raises `NotSignedIn`. Every handler begins with this."""
    return (await state.get_state(Session))._signed_in
