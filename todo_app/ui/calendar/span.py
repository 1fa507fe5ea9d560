"""Which days a calendar shows, by what its address says."""

import datetime as dt
from dataclasses import dataclass

_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2999, 12, 31)


@dataclass(frozen=True)
class Span:
    """The days shown, from the first day of a week to the last day of one. `month` is 0 for a single week."""

    days: list[dt.date]
    month: int
    title: str
    earlier: str
    later: str


def span_of(kind: str, on: str, today: dt.date, week_start: int) -> Span:
    """The month, or for "week" the week, that `on` (2026-11 or 2026-11-22) lies in; today's for anything else."""
    day = _read(on) or today
    return _week(day, week_start) if kind == "week" else _month(day, week_start)


def _read(text: str) -> dt.date | None:
    try:
        day = dt.date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    except ValueError:
        return None
    return day if _FIRST <= day <= _LAST else None


def _first_of_week(day: dt.date, week_start: int) -> dt.date:
    return day - dt.timedelta(days=(day.weekday() - week_start) % 7)


def _days(first: dt.date, count: int) -> list[dt.date]:
    return [first + dt.timedelta(days=number) for number in range(count)]


def _week(day: dt.date, week_start: int) -> Span:
    days = _days(_first_of_week(day, week_start), 7)
    first, last = days[0], days[-1]
    title = f"{first.day} {first:%b} to {last.day} {last:%b} {last.year}"
    return Span(days, 0, title, (first - dt.timedelta(days=7)).isoformat(), (last + dt.timedelta(days=1)).isoformat())


def _month(day: dt.date, week_start: int) -> Span:
    first = day.replace(day=1)
    following = (first + dt.timedelta(days=31)).replace(day=1)
    start = _first_of_week(first, week_start)
    weeks = -(-((following - start).days) // 7)
    before = first - dt.timedelta(days=1)
    return Span(_days(start, weeks * 7), first.month, f"{first:%B} {first.year}", f"{before:%Y-%m}", f"{following:%Y-%m}")
