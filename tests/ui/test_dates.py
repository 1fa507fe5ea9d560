"""Days and times as people read them, on their own clock."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from todo_app.ui.dates import day_in_words, due_in_words, local_now, moment_in_words

TODAY = dt.date(2026, 11, 22)  # a Sunday
BERLIN, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Tokyo")
NOW = dt.datetime(2026, 11, 22, 12, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 11, 21), "Yesterday"),
        (dt.date(2026, 11, 22), "Today"),
        (dt.date(2026, 11, 23), "Tomorrow"),
        (dt.date(2026, 11, 20), "Fri 20 Nov"),
        (dt.date(2026, 12, 1), "Tue 1 Dec"),
        (dt.date(2027, 1, 1), "Fri 1 Jan 2027"),
        (dt.date(1, 1, 1), "Mon 1 Jan 1"),
        (dt.date(9999, 12, 31), "Fri 31 Dec 9999"),
    ],
)
def test_a_day_in_words(day: dt.date, words: str) -> None:
    assert day_in_words(day, TODAY) == words


def test_yesterday_is_found_over_the_turn_of_the_year() -> None:
    assert day_in_words(dt.date(2025, 12, 31), dt.date(2026, 1, 1)) == "Yesterday"


def test_a_moment_is_told_on_the_persons_clock() -> None:
    moment = dt.datetime(2026, 11, 22, 23, 30, tzinfo=dt.UTC)
    assert moment_in_words(moment, NOW) == "Tomorrow 00:30"
    assert moment_in_words(moment, NOW.astimezone(dt.UTC)) == "Today 23:30"


def test_now_is_on_the_persons_clock() -> None:
    now = local_now("Asia/Tokyo")
    assert now.utcoffset() == dt.timedelta(hours=9)


@pytest.mark.parametrize(
    ("day", "time", "zone", "expected"),
    [
        (None, None, None, ("", "")),
        (dt.date(2026, 11, 21), None, None, ("Yesterday", "over")),
        (TODAY, None, None, ("Today", "today")),
        (dt.date(2026, 11, 23), None, None, ("Tomorrow", "soon")),
        (dt.date(2026, 11, 28), None, None, ("Sat 28 Nov", "week")),
        (dt.date(2026, 11, 29), None, None, ("Sun 29 Nov", "")),
        (TODAY, dt.time(11, 59), "Europe/Berlin", ("Today 11:59", "over")),
        (TODAY, dt.time(12, 1), "Europe/Berlin", ("Today 12:01", "today")),
        # A time of another zone is shown on the person's own clock, on the day it falls there.
        (dt.date(2026, 11, 23), dt.time(5, 0), "Asia/Tokyo", ("Today 21:00", "today")),
        (TODAY, dt.time(23, 0), "America/New_York", ("Tomorrow 05:00", "soon")),
        (TODAY, dt.time(13, 0), None, ("Today 14:00", "today")),
        (dt.date.min, dt.time(0, 0), "Asia/Tokyo", ("Mon 1 Jan 1 00:00", "over")),
        (dt.date.max, dt.time(23, 59), "America/New_York", ("Fri 31 Dec 9999 23:59", "")),
    ],
)
def test_a_due_date_says_how_near_it_is(
    day: dt.date | None, time: dt.time | None, zone: str | None, expected: tuple[str, str]
) -> None:
    assert due_in_words(day, time, zone, NOW) == expected


def test_a_due_time_keeps_its_clock_over_the_change_to_summer_time() -> None:
    now = dt.datetime(2026, 3, 28, 12, 0, tzinfo=BERLIN)
    assert due_in_words(dt.date(2026, 3, 29), dt.time(9, 0), "Europe/Berlin", now) == ("Tomorrow 09:00", "soon")
    assert due_in_words(dt.date(2026, 3, 29), dt.time(9, 0), "Europe/Berlin", now.astimezone(TOKYO)) == ("Tomorrow 16:00", "soon")


def test_a_day_that_the_heading_says_is_not_said_again() -> None:
    assert due_in_words(TODAY, None, None, NOW, under=TODAY) == ("", "today")
    assert due_in_words(TODAY, dt.time(23, 0), "Europe/Berlin", NOW, under=TODAY) == ("23:00", "today")
    # In the person's own zone it is another day than the one it stands under.
    assert due_in_words(TODAY, dt.time(23, 0), "America/New_York", NOW, under=TODAY) == ("Tomorrow 05:00", "soon")
