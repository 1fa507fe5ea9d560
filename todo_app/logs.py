"""Logging: one JSON line per event on standard output, in UTC, and nobody's words or secrets in it."""

import logging
import traceback
import uuid

import structlog


def configure(debug: bool = False) -> None:
    """Sets structlog up, where the app is put together and in commands. Its default would print the values of local variables."""
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG if debug else logging.INFO),
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
    )


def begin_request(request_id: str, address: str) -> None:
    """From here on, what this task logs carries the request's id and where it came from."""
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id, address=address)


def note_user(user_id: uuid.UUID) -> None:
    """And whose request it is, now that this is known."""
    structlog.contextvars.bind_contextvars(user=str(user_id))


def new_id() -> str:
    """An id to find something in the log by, short enough to be read out."""
    return uuid.uuid4().hex[:12]


def log_bug(event: str, error: BaseException, **context: str) -> str:
    """Logs an error that nobody expected, and returns the id under which it is found.

    Only what kinds of errors they were and where they happened: their own words and the values at hand may be somebody's.
    """
    error_id = new_id()
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None:
        causes.append(cause)
    frames = traceback.extract_tb(error.__traceback__)
    where = [
        f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames if "todo_app" in frame.filename or frame is frames[-1]
    ]
    structlog.get_logger().error(event, error_id=error_id, kinds=[type(each).__name__ for each in causes], where=where, **context)
    return error_id
