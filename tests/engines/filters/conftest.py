"""The day that the tests read filters on."""

import datetime as dt

from todo_app.filters import Context


def read_day(phrase: str) -> dt.date | None:
    """An outside reader of days that knows one phrase."""
    return dt.date(2026, 3, 13) if phrase == "next friday" else None


def context_on(day: dt.date, week_start: int = 0) -> Context:
    return Context(day, week_start, read_day)


WEDNESDAY = dt.date(2026, 3, 4)
CONTEXT = context_on(WEDNESDAY)
