"""A rule of RFC 5545 as data, read from its text and written to it."""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal, cast

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PARTS = ("FREQ", "INTERVAL", "BYMONTH", "BYMONTHDAY", "BYDAY", "BYSETPOS", "WKST", "UNTIL", "COUNT")
MAX_LENGTH = 500
# A line of quick add can say 9999 quarters.
MAX_INTERVAL = 30_000
MAX_COUNT = 10_000


class BadRule(ValueError):
    """A text that is no rule; the message says what is wrong and what to write instead."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule without its start. Weekdays are (n, day), Monday 0: the nth such day of the month or year, or each if n is 0."""

    freq: Frequency
    interval: int = 1
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()  # from the end if negative
    weekdays: tuple[tuple[int, int], ...] = ()
    positions: tuple[int, ...] = ()
    week_start: int = 0
    until: dt.date | None = None  # included
    count: int | None = None

    def __str__(self) -> str:
        """The one way to write this rule; the end is a day, as in quick add."""
        # The first day of a week matters only where weeks are left out or days are counted in them.
        counts_weeks = self.freq == "WEEKLY" and (self.interval > 1 or self.positions)
        parts = {
            "FREQ": self.freq,
            "INTERVAL": self.interval if self.interval > 1 else None,
            "BYMONTH": ",".join(map(str, self.months)),
            "BYMONTHDAY": ",".join(map(str, self.month_days)),
            "BYDAY": ",".join(f"{n or ''}{CODES[day]}" for n, day in self.weekdays),
            "BYSETPOS": ",".join(map(str, self.positions)),
            "WKST": CODES[self.week_start] if counts_weeks and self.week_start else None,
            "UNTIL": self.until and f"{self.until:%Y%m%d}".rjust(8, "0"),
            "COUNT": self.count,
        }
        return ";".join(f"{name}={value}" for name, value in parts.items() if value)

    @property
    def names_days(self) -> bool:
        """Whether the rule says itself which days of its weeks, months or years it means."""
        return bool(self.weekdays or self.month_days)

    def endless(self) -> "Rule":
        """The same in every day, week, month or year, and without an end."""
        return replace(self, interval=1, until=None, count=None)


@lru_cache(maxsize=1024)
def read_rule(text: str) -> Rule:
    """The rule that a text says; raises BadRule for one that can't be read. `check_rule` looks further."""
    if len(text) > MAX_LENGTH:
        raise BadRule(f"This rule is longer than {MAX_LENGTH} characters. Write a shorter one.")
    values = _split(text.strip().upper().removeprefix("RRULE:"))
    if "FREQ" not in values:
        raise BadRule("FREQ is missing. Begin with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.")
    fields: dict[str, Any] = {}
    for name, value in values.items():
        field, read = _READERS[name]
        fields[field] = read(name, value)
    return Rule(**fields)


def _split(text: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for part in text.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value:
            raise BadRule(f"“{part}” is no part of a rule. Write NAME=value, and a semicolon between two parts.")
        if name not in PARTS:
            raise BadRule(f"{name} isn't supported. The parts of a rule are {', '.join(PARTS)}.")
        if name in values:
            raise BadRule(f"{name} is there twice. Leave one out.")
        values[name] = value
    return values


def _frequency(_name: str, value: str) -> Frequency:
    if value in ("SECONDLY", "MINUTELY", "HOURLY"):
        raise BadRule("A task can't recur more often than daily. Write FREQ=DAILY or a slower one.")
    if value not in FREQUENCIES:
        raise BadRule(f"FREQ={value} isn't known. Write FREQ=DAILY, WEEKLY, MONTHLY or YEARLY.")
    return cast("Frequency", value)


def _number(name: str, value: str, least: int, most: int) -> int:
    if not re.fullmatch(r"[+-]?[0-9]+", value) or not least <= int(value) <= most:
        raise BadRule(f"{name}={value} isn't a number from {least} to {most}.")
    return int(value)


def _numbers(name: str, value: str, least: int, most: int) -> tuple[int, ...]:
    found = {_number(name, each, least, most) for each in value.split(",")}
    if 0 in found:
        raise BadRule(f"{name}=0 is none. Count from 1, or from -1 backwards.")
    return tuple(sorted(found, key=_from_the_front))


def _from_the_front(n: int) -> tuple[bool, int]:
    """Sorts what is counted from the end behind the rest."""
    return n < 0, n


def _weekdays(name: str, value: str) -> tuple[tuple[int, int], ...]:
    found = set()
    for each in value.split(","):
        parts = re.fullmatch(r"([+-]?[0-9]{1,2})?([A-Z]{2})", each)
        if not parts or parts[2] not in CODES or (parts[1] and not 1 <= abs(int(parts[1])) <= 53):
            raise BadRule(f"{name}={each} is no weekday. Write {', '.join(CODES)}, or one with a number such as 2MO or -1FR.")
        found.add((int(parts[1] or 0), CODES.index(parts[2])))
    return tuple(sorted(found, key=lambda day: (_from_the_front(day[0]), day[1])))


def _week_start(name: str, value: str) -> int:
    if value not in CODES:
        raise BadRule(f"{name}={value} is no weekday. Write one of {', '.join(CODES)}.")
    return CODES.index(value)


def _until(name: str, value: str) -> dt.date:
    """The day of an end, whatever time it has beside it."""
    if not re.fullmatch(r"[0-9]{8}(T[0-9]{6}Z?)?", value):
        raise BadRule(f"{name}={value} is no day. Write it as 20261231; that day is included.")
    try:
        return dt.date(int(value[:4]), int(value[4:6]), int(value[6:8]))
    except ValueError as error:
        raise BadRule(f"{name}={value} is a day that doesn't exist. Write one that does, as 20261231.") from error


def _between(least: int, most: int) -> Callable[[str, str], int]:
    return lambda name, value: _number(name, value, least, most)


def _some_between(least: int, most: int) -> Callable[[str, str], tuple[int, ...]]:
    return lambda name, value: _numbers(name, value, least, most)


_READERS: Mapping[str, tuple[str, Callable[[str, str], Any]]] = {
    "FREQ": ("freq", _frequency),
    "INTERVAL": ("interval", _between(1, MAX_INTERVAL)),
    "BYMONTH": ("months", _some_between(1, 12)),
    "BYMONTHDAY": ("month_days", _some_between(-31, 31)),
    "BYDAY": ("weekdays", _weekdays),
    "BYSETPOS": ("positions", _some_between(-366, 366)),
    "WKST": ("week_start", _week_start),
    "UNTIL": ("until", _until),
    "COUNT": ("count", _between(1, MAX_COUNT)),
}
