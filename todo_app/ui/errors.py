"""What a page says when a handler fails: the one place where the pages map errors."""

from typing import Any, cast

import reflex as rx
from reflex.event import EventSpec
from reflex_base.event.context import EventContext

from todo_app.errors import DomainError, NotSignedIn
from todo_app.logs import log_bug
from todo_app.security_log import record_refusal
from todo_app.ui import event_log, live, routes
from todo_app.ui.notices import Notices


def on_handler_error(exception: Exception) -> EventSpec | None:
    """The event to run after a handler raised `exception`."""
    event_log.begin(live.owner_of(EventContext.get().token))
    if isinstance(exception, DomainError):
        record_refusal(exception)
    if isinstance(exception, NotSignedIn):
        return rx.redirect(routes.with_query(routes.LOGIN, {"ended": "1"}))
    return _tell(explain(exception))


def explain(exception: Exception) -> str:
    """The words for an exception; one that nobody expected is logged under an id."""
    if isinstance(exception, DomainError):
        return exception.detail
    error_id = log_bug("handler_failed", exception)
    return f"Something went wrong, and nothing was changed. If it happens again, report error {error_id}."


def _tell(message: str) -> EventSpec:
    return cast("EventSpec", cast("Any", Notices.tell)(message))
