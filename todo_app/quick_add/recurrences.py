"""What phrases of a recurrence mean, as rules of RFC 5545. The keys of `RECURRENCES` are those in the tables."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from todo_app.quick_add.dates import add_months, add_units, month_end
from todo_app.quick_add.templates import Phrase

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]

_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS = (0, 1, 2, 3, 4)
WEEKEND = (5, 6)
_PER_UNIT: Mapping[str, tuple[Frequency, int]] = {
    "day": ("DAILY", 1),
    "week": ("WEEKLY", 1),
    "month": ("MONTHLY", 1),
    "quarter": ("MONTHLY", 3),
    "year": ("YEARLY", 1),
}
# Of a day of the year the next may be a year away, and of the 20th workday some months; no rule of ours is silent for longer.
_LONGEST_WAIT = 800


@dataclass(frozen=True)
class Rule:
    """A recurrence. Of the days of a month, those that a month doesn't have fall on its last one (spec: month ends clamp)."""

    freq: Frequency
    interval: int = 1
    month: int | None = None
    month_days: tuple[int, ...] = ()  # -1 is the last
    weekdays: tuple[int, ...] = ()
    nth: tuple[int, ...] = ()  # which of these weekdays in the month
    position: int | None = None  # which of all these weekdays in the month together
    until: dt.date | None = None
    count: int | None = None
    week_start: int = 0

    def __str__(self) -> str:
        """The rule as RFC 5545 writes it, without `RRULE:`; the end is a day."""
        days = [_CODES[day] for day in self.weekdays]
        # The first day of the week decides only which days make a pair when weeks are left out.
        has_pairs = self.freq == "WEEKLY" and self.interval > 1 and len(days) > 1
        parts = {
            "FREQ": self.freq,
            "INTERVAL": self.interval if self.interval > 1 else None,
            "BYMONTH": self.month,
            "BYMONTHDAY": ",".join(map(str, self.month_days)),
            "BYDAY": ",".join(f"{n}{day}" for n in self.nth for day in days) or ",".join(days),
            "BYSETPOS": self.position,
            "WKST": _CODES[self.week_start] if has_pairs and self.week_start else None,
            "UNTIL": self.until and f"{self.until:%Y%m%d}".rjust(8, "0"),
            "COUNT": self.count,
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    @classmethod
    def from_text(cls, text: str) -> "Rule":
        """The rule that `str(rule)` wrote; raises ValueError for any other."""
        parts = dict(part.split("=") for part in text.split(";"))
        days = parts.get("BYDAY", "").split(",") if "BYDAY" in parts else []
        until = parts.get("UNTIL")
        rule = cls(
            freq=parts["FREQ"],  # type: ignore[arg-type]
            interval=int(parts.get("INTERVAL", 1)),
            month=int(parts["BYMONTH"]) if "BYMONTH" in parts else None,
            month_days=tuple(int(day) for day in parts.get("BYMONTHDAY", "").split(",") if day),
            weekdays=tuple(dict.fromkeys(_CODES.index(day[-2:]) for day in days)),
            nth=tuple(dict.fromkeys(int(day[:-2]) for day in days if day[:-2])),
            position=int(parts["BYSETPOS"]) if "BYSETPOS" in parts else None,
            until=dt.date(int(until[:4]), int(until[4:6]), int(until[6:])) if until else None,
            count=int(parts["COUNT"]) if "COUNT" in parts else None,
            week_start=_CODES.index(parts.get("WKST", "MO")),
        )
        if str(rule) != text or rule.freq not in _FREQUENCIES:
            raise ValueError("This recurrence can't be said in a line.")
        return rule

    def falls_on(self, day: dt.date) -> bool:
        """Whether a day fits, the interval aside."""
        last = month_end(day).day
        if self.month and day.month != self.month:
            return False
        if self.month_days and not any(day.day == (min(n, last) if n > 0 else last) for n in self.month_days):
            return False
        if self.weekdays and day.weekday() not in self.weekdays:
            return False
        if self.nth:
            return (day.day - 1) // 7 + 1 in self.nth or (-1 in self.nth and day.day + 7 > last)
        return self.position is None or self.position in self._positions(day)

    def _positions(self, day: dt.date) -> tuple[int, int]:
        """Which of the month's days of these weekdays this is, counted from the front and from the back."""
        days = [n for n in range(1, month_end(day).day + 1) if day.replace(day=n).weekday() in self.weekdays]
        index = days.index(day.day)
        return index + 1, index - len(days)

    def first(self, start: dt.date) -> dt.date | None:
        """The first occurrence on or after a day; None if there is none before the calendar ends."""
        days = range(min(_LONGEST_WAIT, (dt.date.max - start).days + 1))
        return next((day for n in days if self.falls_on(day := start + dt.timedelta(n))), None)

    def going_on(self, start: dt.date, since: dt.date) -> "tuple[dt.date, Rule] | None":
        """The first occurrence on or after `since` if the rule counts from a start before, and the rule as it counts from there.

        None if it has ended by then.
        """
        named = self._naming_its_days(start)
        passed = self._periods(start, since)
        passed += -passed % self.interval
        for n in range(passed, passed + _LONGEST_WAIT * self.interval, self.interval):
            try:
                begin, end = self._period(start, n), self._period(start, n + 1)
            except (ValueError, OverflowError):
                return None
            days = (dt.date.fromordinal(each) for each in range(max(begin, since).toordinal(), end.toordinal()))
            if day := next(filter(named.falls_on, days), None):
                has_month_days = self.freq == "MONTHLY" or (self.freq, self.interval) == ("YEARLY", 1)
                is_clamped = has_month_days and not self.weekdays and day.day != start.day
                return (day, named if is_clamped else self) if day <= (self.until or day) else None
        return None

    def _naming_its_days(self, start: dt.date) -> "Rule":
        """The rule with the days that its start stands for."""
        if self.weekdays or self.month_days or self.freq == "DAILY":
            return self
        if self.freq == "WEEKLY":
            return replace(self, weekdays=(start.weekday(),))
        return replace(self, month=start.month if self.freq == "YEARLY" else None, month_days=(start.day,))

    def _periods(self, start: dt.date, day: dt.date) -> int:
        """How many days, weeks, months or years, as calendars have them, a day is after the start's."""
        match self.freq:
            case "DAILY":
                return (day - start).days
            case "WEEKLY":
                return (day - self._period(start, 0)).days // 7
            case "MONTHLY":
                return (day.year - start.year) * 12 + day.month - start.month
        return day.year - start.year

    def _period(self, start: dt.date, n: int) -> dt.date:
        """When the nth day, week, month or year after the start's begins."""
        match self.freq:
            case "DAILY":
                return start + dt.timedelta(n)
            case "WEEKLY":
                return start + dt.timedelta(7 * n - (start.weekday() - self.week_start) % 7)
            case "MONTHLY":
                return add_months(start.replace(day=1), n)
        return dt.date(start.year + n, 1, 1)

    def ending(self, first: dt.date, n: int, unit: str) -> "Rule | None":
        """The same for so many units of time from its first day on."""
        try:
            after = add_units(first, n, unit)
        except (ValueError, OverflowError):
            return None
        return replace(self, until=after - dt.timedelta(days=1)) if after else None


def has_sense(tail: Phrase) -> bool | None:
    """True unless what follows a recurrence counts in hours; None then, as if it weren't there."""
    return True if tail.meaning != "for" or tail.values["unit"] in _PER_UNIT else None


def read_recurrence(phrase: Phrase) -> Rule | None:
    """What a phrase of a recurrence means; None if it can't be, such as every sixth friday."""
    return RECURRENCES[phrase.meaning](**{name: value for name, value in phrase.values.items() if name != "daypart"})


def _day() -> Rule:
    return Rule("DAILY")


def _week() -> Rule:
    return Rule("WEEKLY")


def _month() -> Rule:
    return Rule("MONTHLY")


def _quarter() -> Rule:
    return Rule("MONTHLY", 3)


def _half_year() -> Rule:
    return Rule("MONTHLY", 6)


def _year() -> Rule:
    return Rule("YEARLY")


def _units(unit: str, n: int = 2) -> Rule | None:
    if unit not in _PER_UNIT:
        return None
    freq, each = _PER_UNIT[unit]
    return Rule(freq, n * each)


def _nth_unit(unit: str, ordinal: int) -> Rule | None:
    return _units(unit, ordinal) if ordinal > 0 else None


def _weekdays(weekdays: tuple[int, ...], n: int = 1) -> Rule:
    return Rule("WEEKLY", n, weekdays=tuple(sorted(weekdays)))


def _other_weekdays(weekdays: tuple[int, ...]) -> Rule:
    return _weekdays(weekdays, 2)


def _mondays(mondays: tuple[int, ...], n: int = 1) -> Rule:
    return _weekdays(mondays, n)


def _fortnight() -> Rule:
    return Rule("WEEKLY", 2)


def _weekday_range(weekday: int, last_weekday: int) -> Rule:
    return _weekdays(tuple((weekday + n) % 7 for n in range((last_weekday - weekday) % 7 + 1)))


def _workdays() -> Rule:
    return _weekdays(WORKDAYS)


def _days_except(weekdays: tuple[int, ...]) -> Rule | None:
    return _weekdays_except(range(7), weekdays)


def _workdays_except(weekdays: tuple[int, ...]) -> Rule | None:
    return _weekdays_except(WORKDAYS, weekdays)


def _weekdays_except(those: Iterable[int], weekdays: tuple[int, ...]) -> Rule | None:
    left = tuple(day for day in those if day not in weekdays)
    return _weekdays(left) if left else None


def _days_except_mondays(mondays: tuple[int, ...]) -> Rule | None:
    return _days_except(mondays)


def _weekends() -> Rule:
    return _weekdays(WEEKEND)


def _month_days(days: tuple[int, ...], n: int = 1) -> Rule:
    return Rule("MONTHLY", n, month_days=tuple(sorted(days)))


def _last_day(n: int = 1) -> Rule:
    return Rule("MONTHLY", n, month_days=(-1,))


def _nth_day(ordinal: int) -> Rule:
    return Rule("MONTHLY", month_days=(ordinal,))


def _nth_weekdays(ordinals: tuple[int, ...], weekday: int) -> Rule | None:
    if not all(n <= 5 for n in ordinals):
        return None
    return Rule("MONTHLY", weekdays=(weekday,), nth=tuple(sorted(ordinals, key=lambda n: n if n > 0 else 6)))


def _nth_weekday_of_year(ordinal: int, weekday: int, month: int) -> Rule | None:
    """Not the fifth, for which one would wait years."""
    return Rule("YEARLY", month=month, weekdays=(weekday,), nth=(ordinal,)) if ordinal <= 4 else None


def _nth_workday(ordinal: int) -> Rule | None:
    return Rule("MONTHLY", weekdays=WORKDAYS, position=ordinal) if ordinal <= 20 else None


def _day_of_year(month: int, day: int) -> Rule | None:
    longest = month_end(dt.date(2000, month, 1)).day
    return Rule("YEARLY", month=month, month_days=(day,)) if day <= longest else None


RECURRENCES: Mapping[str, Callable[..., Rule | None]] = {
    "day": _day,
    "week": _week,
    "month": _month,
    "quarter": _quarter,
    "half year": _half_year,
    "year": _year,
    "units": _units,
    "other unit": _units,
    "nth unit": _nth_unit,
    "weekdays": _weekdays,
    "weekdays of some weeks": _weekdays,
    "other weekdays": _other_weekdays,
    "mondays": _mondays,
    "mondays of some weeks": _mondays,
    "fortnight": _fortnight,
    "days except": _days_except,
    "days except mondays": _days_except_mondays,
    "workdays except": _workdays_except,
    "weekday range": _weekday_range,
    "workdays": _workdays,
    "weekends": _weekends,
    "month days": _month_days,
    "month days of some months": _month_days,
    "last day": _last_day,
    "last day of some months": _last_day,
    "nth day": _nth_day,
    "nth weekdays": _nth_weekdays,
    "nth weekday of year": _nth_weekday_of_year,
    "nth workday": _nth_workday,
    "day of year": _day_of_year,
    "daypart": _day,
}
