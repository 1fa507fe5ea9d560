"""Which days a calendar shows."""

import datetime as dt

import pytest

from todo_app.ui.calendar.span import span_of

SUNDAY = dt.date(2026, 11, 22)


@pytest.mark.parametrize(
    ("kind", "on", "week_start", "first", "last", "title"),
    [
        ("month", "", 0, "2026-10-26", "2026-12-06", "November 2026"),
        ("month", "", 6, "2026-11-01", "2026-12-05", "November 2026"),
        ("month", "2027-02", 0, "2027-02-01", "2027-02-28", "February 2027"),
        ("month", "2028-02-29", 0, "2028-01-31", "2028-03-05", "February 2028"),
        ("week", "", 0, "2026-11-16", "2026-11-22", "16 Nov to 22 Nov 2026"),
        ("week", "", 6, "2026-11-22", "2026-11-28", "22 Nov to 28 Nov 2026"),
        ("week", "2026-12-31", 0, "2026-12-28", "2027-01-03", "28 Dec to 3 Jan 2027"),
        # What is no day is today.
        ("month", "2026-13", 0, "2026-10-26", "2026-12-06", "November 2026"),
        ("month", "9999-12", 0, "2026-10-26", "2026-12-06", "November 2026"),
        ("month", "0001-01", 0, "2026-10-26", "2026-12-06", "November 2026"),
        ("year", "x" * 999, 0, "2026-10-26", "2026-12-06", "November 2026"),
    ],
)
def test_whole_weeks_around_the_day(kind: str, on: str, week_start: int, first: str, last: str, title: str) -> None:
    span = span_of(kind, on, SUNDAY, week_start)
    assert (span.days[0].isoformat(), span.days[-1].isoformat(), span.title) == (first, last, title)
    assert len(span.days) % 7 == 0
    assert span.days == sorted(set(span.days))


@pytest.mark.parametrize(("kind", "earlier", "later"), [("month", "2026-10", "2026-12"), ("week", "2026-11-09", "2026-11-23")])
def test_the_neighbours_lead_on(kind: str, earlier: str, later: str) -> None:
    span = span_of(kind, "", SUNDAY, 0)
    assert (span.earlier, span.later) == (earlier, later)
    assert span_of(kind, later, SUNDAY, 0).earlier in ("2026-11", "2026-11-16")
