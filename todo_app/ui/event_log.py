"""What is known of the event at hand, from wherever it leads to, database threads included.

Its id in the log is Reflex's own, so that whatever handles the event, or its error, finds the same one.
"""

import uuid

from reflex_base.constants import RouteVar
from reflex_base.event.context import EventContext

from todo_app.logs import begin_request, note_user


def begin(user_id: uuid.UUID | None = None) -> None:
    """From here on, what this task logs carries the id of its event, where that came from and, if known, whose it is."""
    context = EventContext.get()
    begin_request(context.txid, context.router_data.get(RouteVar.CLIENT_IP, ""))
    if user_id is not None:
        note_user(user_id)


def acting_page() -> str | None:
    """The client token of the page whose event this is; None outside of events."""
    try:
        return EventContext.get().token
    except LookupError:
        return None
