"""What the phrases of a day, a time and a recurrence mean together."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from todo_app.quick_add.dates import Now, When, read_date
from todo_app.quick_add.recurrences import Rule, read_recurrence
from todo_app.quick_add.templates import Phrase
from todo_app.quick_add.times import read_time

_NO_DAY = When(dt.date.min)


@dataclass(frozen=True)
class Due:
    """When a task is due, and by which rule again."""

    date: dt.date | None = None
    time: dt.time | None = None
    rule: Rule | None = None


def resolve(heads: Mapping[str, Phrase], tails: Mapping[str, Phrase], now: Now) -> Due:
    """The due day, time and rule that phrases (by kind) and what follows them (by meaning) amount to."""
    when = read_date(heads["date"], now) if "date" in heads else None
    rule = read_recurrence(heads["recurrence"]) if "recurrence" in heads else None
    time, is_after_midnight = _time(heads, tails, when)
    if rule is None:
        if when is None:
            return Due(_next_day_with(time, now, now.today) if time else None, time)
        # Today's midnight is the one to come, too.
        is_next_day = is_after_midnight or (heads["date"].meaning == "today" and time == dt.time())
        return Due(when.day + dt.timedelta(days=is_next_day and when.day < dt.date.max), time)
    rule = replace(rule, week_start=now.week_start)
    start = _day(tails.get("starting"), now) or (when.day if when else now.today)
    first = rule.first(_next_day_with(time, now, start)) or start
    ending = _ending(rule, tails, first, now)
    if first < now.today:
        first, ending = ending.going_on(first, _next_day_with(time, now, now.today)) or (first, ending)
    return Due(first, time, ending)


def _time(heads: Mapping[str, Phrase], tails: Mapping[str, Phrase], when: When | None) -> tuple[dt.time | None, bool]:
    """A clock time if one is said, else that of the part of the day; and whether it is in the small hours after that day.

    A bare hour in the evening is one after noon.
    """
    sayings = [phrase.values.get("daypart") for phrase in (tails.get("daypart"), heads.get("recurrence")) if phrase]
    daypart: dt.time | None = next((time for time in sayings if time), None)
    clock = read_time(heads["time"]) if "time" in heads else None
    if clock is None:
        return daypart or (when or _NO_DAY).time, False
    daypart = clock.daypart or daypart or (when or _NO_DAY).daypart
    return clock.within(daypart) if daypart else (clock.time, False)


def _next_day_with(time: dt.time | None, now: Now, day: dt.date) -> dt.date:
    """The day, or the one after it if that time of it is past already."""
    is_past = day == now.today and time is not None and time < now.time and day < dt.date.max
    return day + dt.timedelta(days=1) if is_past else day


def _day(phrase: Phrase | None, now: Now) -> dt.date | None:
    """The day in the slot of a phrase."""
    when = read_date(phrase.values["date"], now) if phrase else None
    return when.day if when else None


def _ending(rule: Rule, tails: Mapping[str, Phrase], first: dt.date, now: Now) -> Rule:
    """The rule with its end: a day, the next such from today or a later start on, or a number of times."""
    if until := _day(tails.get("until"), now.on(max(first, now.today))):
        return replace(rule, until=until)
    if "for" in tails:
        return rule.ending(first, **tails["for"].values) or rule
    if "times" in tails:
        return replace(rule, count=tails["times"].values["n"])
    return rule
