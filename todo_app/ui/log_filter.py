"""Keeps people's words, and the headers of their sockets, out of what Reflex and Socket.IO log.

Both write an event that they can't make sense of into the log as it came, say one from a page older than the server.
"""

import logging

_LOGGERS = (
    "reflex.app",
    "reflex_base.event.processor.event_processor",
    "reflex_base.event.processor.base_state_processor",
    "engineio.server",
    "socketio.server",
)
# Where their messages go over to what was sent.
_BEFORE_WHAT_WAS_SENT = (" Event data: ", " for Event(", " with value ")


def _without_what_was_sent(record: logging.LogRecord) -> bool:
    message = record.getMessage()
    for words in _BEFORE_WHAT_WAS_SENT:
        message = message.partition(words)[0]
    if record.exc_info and record.exc_info[0]:
        message = f"{message} ({record.exc_info[0].__name__})"
    record.msg, record.args, record.exc_info, record.exc_text = message, (), None, None
    return True


def install() -> None:
    """From now on; called once, where the app is put together."""
    for name in _LOGGERS:
        logging.getLogger(name).addFilter(_without_what_was_sent)
