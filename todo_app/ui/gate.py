"""The gate: before every event of every page, hydration included, the session decides who is here.

Reflex lets any client call any public handler, and takes any client token. Neither is a credential here: the browser's session,
carried by the websocket's handshake, is looked up again for each event, so that an ended one ends in mid-connection too.
"""

from typing import Any

import reflex as rx
from reflex.app import App
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, OnLoadInternalState, StateUpdate
from reflex_base.constants import RouteVar
from reflex_base.event import Event
from reflex_base.utils.format import format_event_handler
from sqlmodel import Session as DbSession

from todo_app.db import database
from todo_app.errors import NotSignedIn
from todo_app.logs import note_user
from todo_app.security_log import SecurityEvent, record
from todo_app.services import sessions
from todo_app.services.actor import Actor
from todo_app.services.limits import limits
from todo_app.services.sessions import Visitor
from todo_app.ui import event_log, live, routes
from todo_app.ui.errors import explain
from todo_app.ui.handshake import digest_in
from todo_app.ui.live import Live
from todo_app.ui.notices import Notices
from todo_app.ui.recovery.state import Recovery
from todo_app.ui.session import Session
from todo_app.ui.signing_in.state import SigningIn

# What Reflex adds to every state to set vars by name; no page here uses it.
_SETVAR = "setvar"


def _names(state: type[BaseState]) -> frozenset[str]:
    return frozenset(format_event_handler(handler) for name, handler in state.event_handlers.items() if name != _SETVAR)


# Reflex's own steps between pages: they touch nobody's data, and lead to events that come through here themselves.
_STEPS = _names(OnLoadInternalState)
# Handlers that work without a session.
_PUBLIC = _names(SigningIn) | _names(Recovery)
# What a page sends when it opens: it must be answered, but with an empty state if nobody is signed in.
_HYDRATION = frozenset(
    format_event_handler(rx.State.event_handlers[name]) for name in ("hydrate", "hydrate_and_load", "set_is_hydrated")
)


class Gate(Middleware):
    """Reflex calls `preprocess` with the page's state locked; what it returns replaces the event."""

    async def preprocess(self, app: App, state: BaseState, event: Event) -> StateUpdate | None:
        """Lets the event through as the person of the session, or turns it away."""
        event_log.begin()
        root: Any = state._get_root_state()
        try:
            return await _decide(app, root, event)
        except Exception as error:
            # Answered here: the event that tells of other errors would come to this gate too, fail again, and so on without end.
            return await _refuse(root, explain(error))


async def _decide(app: App, root: Any, event: Event) -> StateUpdate | None:
    digest = digest_in(root.rx_router_headers.raw_headers)
    session = await root.get_state(Session)
    if session._digest != digest:
        if session._digest:
            await _forget(root)
        session._digest = digest
    known = session._actor
    if known is not None:
        note_user(known.user_id)
        _count(event, known)
    if event.name in _STEPS:
        return None
    visitor = await _visitor(digest, is_use=_is_from_outside(event))
    if visitor is None:
        if known is not None:
            await _forget(root)
        if event.name in _PUBLIC or event.name in _HYDRATION:
            return None
        return await _turn_away(root, event, ended=bool(digest))
    if known is None:
        note_user(visitor.actor.user_id)
        _count(event, visitor.actor)
    session._welcome(visitor)
    live.note_page(app, visitor.actor.user_id, root.router.session.client_token)
    return None


def _is_from_outside(event: Event) -> bool:
    return RouteVar.CLIENT_TOKEN in event.router_data  # Reflex puts it into events from outside, and into no others


def _count(event: Event, actor: Actor) -> None:
    """Limits what pages send; what handlers and live pages lead to is not theirs to answer for. Raises `TooMany`."""
    if _is_from_outside(event):
        limits().note_event(str(actor.user_id))


async def _refuse(root: Any, message: str) -> StateUpdate:
    """Says why nothing was done, and has the rows drawn as they were. Nothing else is sent: who is here may be unknown."""
    notices, shown = await root.get_state(Notices), await root.get_state(Live)
    notices._say(message)
    shown.epoch += 1
    return StateUpdate(delta={**await _taken_delta(notices), **await _taken_delta(shown)})


async def _visitor(digest: str, is_use: bool) -> Visitor | None:
    """Whose session it is. `is_use`: whether this keeps it from ending by idleness; a page that is merely open does not."""
    visitor = await database().read(_look_up, digest) if digest else None
    if visitor is not None and is_use:
        await sessions.keep_alive(database(), visitor)
    return visitor


def _look_up(session: DbSession, digest: str) -> Visitor | None:
    try:
        return sessions.by_digest(session, digest)
    except NotSignedIn:
        return None


async def _forget(root: Any) -> None:
    """Empties the page's state: it belongs to somebody who is no longer signed in here."""
    live.forget_page(root.router.session.client_token)
    router_data, headers = root.router_data, root.rx_router_headers
    root.reset()
    root.router_data, root.rx_router_headers = router_data, headers
    session = await root.get_state(Session)
    session._digest = digest_in(headers.raw_headers)


async def _turn_away(root: Any, event: Event, ended: bool) -> StateUpdate:
    """Sends the page to the login page, which leads back here, and takes what it showed away."""
    session = await root.get_state(Session)
    if not session._was_turned_away:  # one line for a page, however often it tries
        session._was_turned_away = True
        record(SecurityEvent.AUTHZ_FAIL, reason=NotSignedIn.__name__, resource=event.name.rpartition("____")[2])
    delta = await _taken_delta(root)
    url = root.router.url
    here = routes.clean_path(url.path) + (f"?{url.query}" if url.query else "")
    if here.startswith(routes.PUBLIC):
        return StateUpdate(delta=delta)
    target = routes.with_query(routes.LOGIN, {"ended": "1" if ended else "", "next": here})
    return StateUpdate(delta=delta, events=Event.from_event_type(rx.redirect(target)))


async def _taken_delta(state: Any) -> Any:
    """What the page does not know yet of a state and those below it; from now on it does."""
    delta = await state._get_resolved_delta()
    state._clean()
    return delta
