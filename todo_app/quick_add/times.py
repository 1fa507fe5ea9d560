"""What phrases of a time of day mean. The keys of `TIMES` are those in the tables."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from todo_app.quick_add.templates import Phrase

_NOON, _EVENING, _NIGHT = dt.time(12), dt.time(18), dt.time(21)
# Of a night those after midnight: 12, 1, 2, 3 and 4.
_SMALL_HOURS = 5


@dataclass(frozen=True)
class Clock:
    """A time of day, whether its hour could also be meant twelve hours later, and the part of the day said with it."""

    time: dt.time
    is_vague: bool = False
    daypart: dt.time | None = None

    def within(self, daypart: dt.time) -> tuple[dt.time, bool]:
        """The time if it is in that part of the day, and whether that is after midnight: at 1 in the night."""
        hour = self.time.hour
        if not self.is_vague or hour > 12:
            return self.time, False
        if daypart >= _EVENING and hour % 12 < (_SMALL_HOURS if daypart >= _NIGHT else 1):
            return self.time.replace(hour=hour % 12), True
        is_later = daypart >= _NOON and 0 < hour < 12
        return self.time.replace(hour=hour + 12) if is_later else self.time, False


def read_time(phrase: Phrase) -> Clock | None:
    """What a phrase of a time means; None for a time that doesn't exist, such as 13 pm."""
    return TIMES[phrase.meaning](**phrase.values)


def _clock(hour: int, minute: int = 0, daypart: dt.time | None = None) -> Clock:
    return Clock(dt.time(hour, minute), is_vague=True, daypart=daypart)


def _military(hhmm: tuple[int, int]) -> Clock:
    return Clock(dt.time(*hhmm))


def _past(minutes: int) -> Callable[..., Clock | None]:
    """So many minutes after an hour."""
    return lambda n, daypart=None: _clock(n, minutes, daypart) if n <= 23 else None


def _to(minutes: int) -> Callable[..., Clock | None]:
    """So many minutes before an hour: a quarter to 1 is 12:45."""
    return lambda n, daypart=None: _clock(n - 1 or 12, 60 - minutes, daypart) if n <= 23 else None


def _am(hour: int, minute: int = 0, daypart: dt.time | None = None) -> Clock | None:  # noqa: ARG001
    return Clock(dt.time(hour % 12, minute)) if 1 <= hour <= 12 else None


def _pm(hour: int, minute: int = 0, daypart: dt.time | None = None) -> Clock | None:  # noqa: ARG001
    return Clock(dt.time(hour % 12 + 12, minute)) if 1 <= hour <= 12 else None


def _noon() -> Clock:
    return Clock(dt.time(12))


def _midnight() -> Clock:
    return Clock(dt.time(0), is_vague=True)


def _daypart(daypart: dt.time) -> Clock:
    return Clock(daypart)


TIMES: Mapping[str, Callable[..., Clock | None]] = {
    "clock": _clock,
    "hhmm": _military,
    "am": _am,
    "pm": _pm,
    "noon": _noon,
    "midnight": _midnight,
    "half past": _past(30),
    "quarter past": _past(15),
    "half to": _to(30),
    "quarter to": _to(15),
    "daypart": _daypart,
}
