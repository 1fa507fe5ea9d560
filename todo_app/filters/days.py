"""Phrases of days: what stands after `due:` or `created <`, or alone."""

import calendar
import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from todo_app.filters.context import Context

# Where every day has a day before and after it in any time zone, and is written with four digits.
FIRST, LAST = dt.date(1000, 1, 1), dt.date(9998, 12, 31)
_LONGEST_PHRASE = 60
_DAY = dt.timedelta(days=1)
_SATURDAY, _SUNDAY = 5, 6

_UNITS = {
    name: unit
    for unit, names in {"day": "d day days", "week": "w week weeks", "month": "m month months", "year": "y year years"}.items()
    for name in names.split()
}
_WEEKDAYS = {
    name: weekday
    for weekday, names in enumerate(
        ("monday mon", "tuesday tue tues", "wednesday wed", "thursday thu thur thurs", "friday fri", "saturday sat", "sunday sun")
    )
    for name in names.split()
}
_MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sep sept",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
WORDS = (
    "today",
    "tomorrow",
    "yesterday",
    *(name for name in _WEEKDAYS if len(name) > 5),
    *(f"{which} {unit}" for unit in ("week", "weekend", "month", "year") for which in ("this", "next", "last")),
    *(f"{which} 7 days" for which in ("next", "last")),
)


@dataclass(frozen=True)
class Days:
    """One or more days: the first, and the one after the last."""

    first: dt.date
    after: dt.date


class _Moment(NamedTuple):
    """What a phrase is read with. `is_past`: the field is of what has happened, so monday is the last one and not the next."""

    context: Context
    is_past: bool

    @property
    def today(self) -> dt.date:
        return self.context.today


def read_days(phrase: str, context: Context, *, is_past: bool = False) -> Days | None:
    """The days that a phrase means, None if it means none.

    With `is_past` a weekday or a date without a year is the last such day, without it the next. Raises OverflowError for days
    before the year 1000 or after 9998.
    """
    words = " ".join(phrase.casefold().split())
    if not words or len(words) > _LONGEST_PHRASE:
        return None
    begin, joint, finish = words.partition(" to ")
    if not joint:
        return _checked(_days(words, _Moment(context, is_past)))
    first = _checked(_days(begin, _Moment(context, is_past)))
    last = _checked(_days(finish, _Moment(context, is_past)))
    return _range(begin, first, finish, last, is_past=is_past) if first and last else None


def _range(begin: str, first: Days, finish: str, last: Days, *, is_past: bool) -> Days:
    """From monday to friday: of one week, though friday comes first."""
    week = 7 * _DAY if last.after <= first.first and {begin, finish} <= _WEEKDAYS.keys() else 0 * _DAY
    return Days(first.first - week, last.after) if is_past else Days(first.first, last.after + week)


def has_no_direction(phrase: str) -> bool:
    """Whether it is a number of days that doesn't say in which direction: `7 days`."""
    return bool(_COUNT.fullmatch(phrase.casefold()))


def _checked(days: Days | None) -> Days | None:
    if days and not (days.first >= FIRST and days.after <= LAST):
        raise OverflowError
    return days


def _days(words: str, moment: _Moment) -> Days | None:
    for pattern, read in _FORMS.items():
        if match := pattern.fullmatch(words):
            try:
                return read(moment, *match.groups())
            except ValueError:  # 30 February; a year that no calendar has
                return None
    day = moment.context.read_day(words) if moment.context.read_day else None
    return _one(day) if day else None


def _one(day: dt.date) -> Days:
    return Days(day, day + _DAY if day < dt.date.max else day)


def _add(day: dt.date, n: int, unit: str) -> dt.date:
    """The day so many units later, or the last of that month if it is shorter; raises OverflowError beyond the calendar."""
    if unit in ("day", "week"):
        return day + dt.timedelta(days=n * (7 if unit == "week" else 1))
    years, month = divmod(day.month - 1 + n * (12 if unit == "year" else 1), 12)
    year = day.year + years
    if not dt.MINYEAR <= year <= dt.MAXYEAR:
        raise OverflowError
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _named(moment: _Moment, name: str) -> Days:
    return _one(moment.today + {"yesterday": -1, "today": 0, "tomorrow": 1}[name] * _DAY)


def _iso(_moment: _Moment, year: str, month: str, day: str) -> Days:
    return _one(dt.date(int(year), int(month), int(day)))


def _weekday(moment: _Moment, name: str) -> Days:
    """The next one after today; of what has happened the last one, today included."""
    if moment.is_past:
        return _one(moment.today - (moment.today.weekday() - _WEEKDAYS[name]) % 7 * _DAY)
    return _one(moment.today + ((_WEEKDAYS[name] - moment.today.weekday() - 1) % 7 + 1) * _DAY)


def _last_weekday(moment: _Moment, name: str) -> Days:
    """The last one before today."""
    return _one(moment.today - ((moment.today.weekday() - _WEEKDAYS[name] - 1) % 7 + 1) * _DAY)


def _month_day(moment: _Moment, name: str, day: str, year: str | None) -> Days | None:
    """The next such day, today included; of what has happened the last one."""
    month, n = _MONTHS[name], int(day)
    if year:
        return _one(dt.date(int(year), month, n))
    step = -1 if moment.is_past else 1
    # Nine years: 29 February may be eight away.
    for candidate in range(moment.today.year, moment.today.year + 9 * step, step):
        if 1 <= n <= calendar.monthrange(candidate, month)[1]:
            found = dt.date(candidate, month, n)
            if (found - moment.today).days * step >= 0:
                return _one(found)
    return None


def _day_month(moment: _Moment, day: str, name: str, year: str | None) -> Days | None:
    return _month_day(moment, name, day, year)


def _signed(moment: _Moment, sign: str, n: str, unit: str) -> Days:
    return _one(_add(moment.today, int(sign + n), _UNITS[unit]))


def _in(moment: _Moment, n: str, unit: str) -> Days:
    return _signed(moment, "+", n, unit)


def _ago(moment: _Moment, n: str, unit: str) -> Days:
    return _signed(moment, "-", n, unit)


def _count(moment: _Moment, which: str | None, n: str, unit: str) -> Days | None:
    """So many days from today on, or up to it; today is one of them."""
    if int(n) == 0:
        return None
    if which == "last":
        return Days(_add(moment.today, -int(n), _UNITS[unit]) + _DAY, moment.today + _DAY)
    return Days(moment.today, _add(moment.today, int(n), _UNITS[unit]))


def _period(moment: _Moment, which: str, unit: str) -> Days:
    begin = _BEGINS[unit](moment)
    step = "week" if unit == "weekend" else unit
    n = {"last": -1, "this": 0, "next": 1}[which]
    first = _add(begin, n, step)
    return Days(first, first + 2 * _DAY if unit == "weekend" else _add(begin, n + 1, step))


def _week(moment: _Moment) -> dt.date:
    return moment.today - (moment.today.weekday() - moment.context.week_start) % 7 * _DAY


def _weekend(moment: _Moment) -> dt.date:
    """The Saturday that is next, or was yesterday."""
    if moment.today.weekday() == _SUNDAY:
        return moment.today - _DAY
    return moment.today + (_SATURDAY - moment.today.weekday()) * _DAY


def _month(moment: _Moment) -> dt.date:
    return moment.today.replace(day=1)


def _year(moment: _Moment) -> dt.date:
    return moment.today.replace(month=1, day=1)


_BEGINS: Mapping[str, Callable[[_Moment], dt.date]] = {"week": _week, "weekend": _weekend, "month": _month, "year": _year}

# Seven digits are more days than the calendar has.
_N = r"(\d{1,7}) ?(" + "|".join(_UNITS) + ")"
_COUNT = re.compile(_N, re.ASCII)
_NAMES = "|".join(_MONTHS)
_READERS: Mapping[str, Callable[..., Days | None]] = {
    "(today|tomorrow|yesterday)": _named,
    r"(\d{4})-(\d{1,2})-(\d{1,2})": _iso,
    f"({'|'.join(_WEEKDAYS)})": _weekday,
    f"last ({'|'.join(_WEEKDAYS)})": _last_weekday,
    rf"({_NAMES}) (\d{{1,2}})(?:st|nd|rd|th)?(?: (\d{{4}}))?": _month_day,
    rf"(\d{{1,2}})(?:st|nd|rd|th)? ({_NAMES})(?: (\d{{4}}))?": _day_month,
    rf"([+-]){_N}": _signed,
    f"in {_N}": _in,
    f"{_N} ago": _ago,
    f"(?:(next|last) )?{_N}": _count,
    f"(this|next|last) ({'|'.join(_BEGINS)})": _period,
}
_FORMS = {re.compile(pattern, re.ASCII): read for pattern, read in _READERS.items()}
