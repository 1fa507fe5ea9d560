"""What phrases of a day mean. Each function gives the day, or None if there is no such day; its name is the key in the tables."""

import calendar
import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from todo_app.quick_add.parsed import DateOrder
from todo_app.quick_add.templates import Phrase

SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True)
class Now:
    """The moment a text is read at, and how the person counts."""

    moment: dt.datetime  # aware, on the person's clock
    today: dt.date
    date_order: DateOrder = "dmy"
    week_start: int = 0

    def on(self, day: dt.date) -> "Now":
        """The same as if it were another day."""
        return replace(self, today=day)

    @property
    def time(self) -> dt.time:
        """The minute it is."""
        return self.moment.time().replace(second=0, microsecond=0)


@dataclass(frozen=True)
class When:
    """A day, perhaps a time that goes with it, and the part of the day, by its time, that an hour beside it is in."""

    day: dt.date
    time: dt.time | None = None
    daypart: dt.time | None = None


def read_date(phrase: Phrase, now: Now) -> When | None:
    """What a phrase of a date means; None for a day that doesn't exist, 30 February or one after the year 9999."""
    try:
        found = DATES[phrase.meaning](now, **phrase.values)
    except (ValueError, OverflowError):
        return None
    return When(found) if isinstance(found, dt.date) else found


def month_end(day: dt.date) -> dt.date:
    """The last day of its month."""
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: dt.date, months: int) -> dt.date:
    """The same day so many months later, or the last one of that month if it is shorter."""
    years, month = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))


def add_units(day: dt.date, n: int, unit: str) -> dt.date | None:
    """The day so many days, weeks, months, quarters or years later; None for units shorter than a day."""
    if unit in ("day", "week"):
        return day + dt.timedelta(days=n * (7 if unit == "week" else 1))
    months = {"month": 1, "quarter": 3, "year": 12}.get(unit)
    return add_months(day, n * months) if months else None


def _on_or_after(day: dt.date, weekday: int) -> dt.date:
    return day + dt.timedelta(days=(weekday - day.weekday()) % 7)


def _next_week(now: Now) -> dt.date:
    return _on_or_after(now.today + dt.timedelta(days=1), now.week_start)


def _today(now: Now) -> dt.date:
    return now.today


def _tonight(now: Now) -> When:
    return When(now.today, daypart=dt.time(21))


def _tomorrow(now: Now) -> dt.date:
    return now.today + dt.timedelta(days=1)


def _after_tomorrow(now: Now) -> dt.date:
    return now.today + dt.timedelta(days=2)


def _this_daypart(now: Now, daypart: dt.time) -> When:
    return When(now.today, daypart, daypart)


def _weekday(now: Now, weekday: int) -> dt.date:
    return _on_or_after(now.today + dt.timedelta(days=1), weekday)


def _this_weekday(now: Now, weekday: int) -> dt.date:
    return _on_or_after(now.today, weekday)


def _next_weekday(now: Now, weekday: int) -> dt.date:
    return _on_or_after(_next_week(now), weekday)


def _next_monday(now: Now) -> dt.date:
    return _next_weekday(now, 0)


def _weekday_in_weeks(now: Now, weekday: int, n: int = 2) -> dt.date:
    """That of the week which is so many weeks after this one."""
    return _on_or_after(_next_week(now) + dt.timedelta(weeks=n - 1), weekday)


def _weeks_from_weekday(now: Now, n: int, weekday: int) -> dt.date:
    return _weekday(now, weekday) + dt.timedelta(weeks=n)


def _units_from_tomorrow(now: Now, n: int, unit: str) -> dt.date | None:
    return add_units(_tomorrow(now), n, unit)


def _week_after_next(now: Now) -> dt.date:
    return _weekday_in_weeks(now, 0)


def _end_of_week(now: Now) -> dt.date:
    return _next_week(now) - dt.timedelta(days=1)


def _end_of_next_week(now: Now) -> dt.date:
    return _end_of_week(now) + dt.timedelta(weeks=1)


def _this_weekend(now: Now) -> dt.date:
    return now.today if now.today.weekday() == SUNDAY else _on_or_after(now.today, SATURDAY)


def _next_weekend(now: Now) -> dt.date:
    return _next_weekday(now, SATURDAY)


def _next_month(now: Now) -> dt.date:
    return add_months(now.today.replace(day=1), 1)


def _nth_of_next_month(now: Now, nth: int) -> dt.date:
    return _next_month(now).replace(day=nth)


def _next_year(now: Now) -> dt.date:
    return dt.date(now.today.year + 1, 1, 1)


def _end_of_month(now: Now) -> dt.date:
    return month_end(now.today)


def _end_of_next_month(now: Now) -> dt.date:
    return month_end(_next_month(now))


def _end_of_year(now: Now) -> dt.date:
    return dt.date(now.today.year, 12, 31)


def _start_of(now: Now, month: int, year: int | None = None) -> dt.date | None:
    return _day_of_month(now, month, 1, year)


def _middle_of(now: Now, month: int, year: int | None = None) -> dt.date | None:
    return _day_of_month(now, month, 15, year)


def _end_of(now: Now, month: int, year: int | None = None) -> dt.date:
    this = month_end(dt.date(year or now.today.year, month, 1))
    return this if year or this >= now.today else month_end(this.replace(day=1, year=this.year + 1))


def _day_of_month(now: Now, month: int, day: int, year: int | None = None, weekday: int | None = None) -> dt.date | None:  # noqa: ARG001
    """The next such day, today included. A weekday said too is taken for decoration: the date counts."""
    if year:
        return dt.date(year, month, day)
    # Nine years: 29 February may be eight away.
    for candidate in range(now.today.year, now.today.year + 9):
        if day <= calendar.monthrange(candidate, month)[1] and dt.date(candidate, month, day) >= now.today:
            return dt.date(candidate, month, day)
    return None


def _numeric(now: Now, a: int, b: int, year: int | None = None) -> dt.date | None:
    """27/1 or 1/27: in the person's order, or in the other if only that is a day."""
    day, month = (a, b) if now.date_order == "dmy" else (b, a)
    if month > 12:
        day, month = month, day
    return _day_of_month(now, month, day, year)


def _nth(now: Now, nth: int, weekday: int | None = None) -> dt.date | None:  # noqa: ARG001
    """The next 27th, today included; months without a 31st are passed over. A weekday said too is taken for decoration."""
    first = now.today.replace(day=1)
    candidates = (add_months(first, months) for months in range(4))
    return next((f.replace(day=nth) for f in candidates if month_end(f).day >= nth and f.replace(day=nth) >= now.today), None)


def _nth_weekday(month: dt.date, ordinal: int, weekday: int) -> dt.date | None:
    """The first, second, … or last (-1) such weekday of the month that begins on a day."""
    if ordinal < 0:
        return _on_or_after(month_end(month) - dt.timedelta(days=6), weekday)
    day = _on_or_after(month, weekday) + dt.timedelta(weeks=ordinal - 1)
    return day if day <= month_end(month) else None


def _nth_weekday_of_month(now: Now, ordinal: int, weekday: int) -> dt.date | None:
    """That of this month, or of the next one that has it if it is past."""
    days = (_nth_weekday(add_months(now.today.replace(day=1), months), ordinal, weekday) for months in range(4))
    return next((day for day in days if day and day >= now.today), None)


def _nth_weekday_of_next_month(now: Now, ordinal: int, weekday: int) -> dt.date | None:
    return _nth_weekday(_next_month(now), ordinal, weekday)


def _nth_weekday_of(now: Now, ordinal: int, weekday: int, month: int, year: int | None = None) -> dt.date | None:
    day = _nth_weekday(dt.date(year or now.today.year, month, 1), ordinal, weekday)
    return day if year or (day and day >= now.today) else _nth_weekday(dt.date(now.today.year + 1, month, 1), ordinal, weekday)


def _in_units(now: Now, n: int, unit: str) -> When | None:
    if unit in ("minute", "hour"):
        return _in_minutes(now, n * (60 if unit == "hour" else 1))
    day = add_units(now.today, n, unit)
    return When(day) if day else None


def _in_minutes(now: Now, minutes: int) -> When:
    """So much time later, as it really passes: a day may have 23 or 25 hours."""
    later = (now.moment.astimezone(dt.UTC) + dt.timedelta(minutes=minutes)).astimezone(now.moment.tzinfo)
    return When(later.date(), later.time().replace(second=0, microsecond=0))


def _in_half_an_hour(now: Now) -> When:
    return _in_minutes(now, 30)


def _in_an_hour_and_a_half(now: Now) -> When:
    return _in_minutes(now, 90)


def _in_hours_and_minutes(now: Now, n: int, minutes: int) -> When:
    return _in_minutes(now, 60 * n + minutes)


def _in_a_fortnight(now: Now) -> dt.date:
    return now.today + dt.timedelta(weeks=2)


def _in_half_a_year(now: Now) -> dt.date:
    return add_months(now.today, 6)


DATES: Mapping[str, Callable[..., Any]] = {
    "today": _today,
    "tonight": _tonight,
    "tomorrow": _tomorrow,
    "after tomorrow": _after_tomorrow,
    "this daypart": _this_daypart,
    "weekday": _weekday,
    "this weekday": _this_weekday,
    "next weekday": _next_weekday,
    "weekday in weeks": _weekday_in_weeks,
    "weekday after next": _weekday_in_weeks,
    "weeks from weekday": _weeks_from_weekday,
    "units from tomorrow": _units_from_tomorrow,
    "next week": _next_monday,
    "week after next": _week_after_next,
    "end of week": _end_of_week,
    "end of next week": _end_of_next_week,
    "this weekend": _this_weekend,
    "next weekend": _next_weekend,
    "next month": _next_month,
    "next year": _next_year,
    "end of month": _end_of_month,
    "end of next month": _end_of_next_month,
    "end of year": _end_of_year,
    "start of": _start_of,
    "middle of": _middle_of,
    "end of": _end_of,
    "day of month": _day_of_month,
    "numeric": _numeric,
    "nth": _nth,
    "nth of next month": _nth_of_next_month,
    "nth weekday of month": _nth_weekday_of_month,
    "nth weekday of next month": _nth_weekday_of_next_month,
    "nth weekday of": _nth_weekday_of,
    "in units": _in_units,
    "in half an hour": _in_half_an_hour,
    "in an hour and a half": _in_an_hour_and_a_half,
    "in hours and minutes": _in_hours_and_minutes,
    "in a fortnight": _in_a_fortnight,
    "in half a year": _in_half_a_year,
}
