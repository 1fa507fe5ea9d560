"""Where a task goes: its first day, the next when it is done or skipped, and those to come."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice, takewhile
from zoneinfo import ZoneInfo

from todo_app.recurrence.clock import moment, today
from todo_app.recurrence.pattern import days_from
from todo_app.recurrence.reasons import why_day, why_last, why_time
from todo_app.recurrence.rule import Rule, read_rule

_DAY = dt.timedelta(days=1)
# How far back the last day of a pattern is looked for.
_YEAR = dt.timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """How a task recurs: a rule that `check_rule` gave, and the day it counts from (DTSTART).

    UNTIL is a day and included, whatever the due time. COUNT counts the rule's days from `start` on, done, skipped or missed; with
    `from_completion` (`every!`) it is how often the task is still to be done, this time included.
    """

    rule: str
    start: dt.date
    from_completion: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """Where a task goes next, and its recurrence as to be kept from then on."""

    due: dt.date
    recurrence: Recurrence


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A day to come, the moment (aware, in UTC) if there is a due time, and why it is that day."""

    due: dt.date
    moment: dt.datetime | None
    reason: str


def first(recurrence: Recurrence, at: dt.time | None, now: dt.datetime, zone: ZoneInfo) -> dt.date | None:
    """The first day on or after the start that isn't past: today counts unless its time is over.

    `now` is aware, `at` a time on the clocks of `zone`. None if the rule has ended before.
    """
    day, minute = today(now, zone), now.replace(second=0, microsecond=0)
    days = _days(recurrence, day if at is None else _day_before(day))
    return next((each for each in days if at is None or moment(each, at, zone) >= minute), None)


def complete(recurrence: Recurrence, due: dt.date, at: dt.time | None, now: dt.datetime, zone: ZoneInfo) -> Step | None:
    """Where a task goes that was due on `due` and is done `now` (aware); None if that was the last time.

    It is the rule's first day after the due one that isn't past: after today for a task without time, else at a moment after now.
    Done early it still goes to the day after the due one. With `from_completion` it is counted from the day it is done, in `zone`.
    """
    day = today(now, zone)
    if recurrence.from_completion:
        return _from_completion(recurrence, due, day)
    if at is None:
        return _first_of((each for each in _days(recurrence, max(due, day)) if each > max(due, day)), recurrence)
    later_than = max(now, moment(due, at, zone))
    days = _days(recurrence, max(due, _day_before(day)))
    return _first_of((each for each in days if each > due and moment(each, at, zone) > later_than), recurrence)


def skip(recurrence: Recurrence, due: dt.date, at: dt.time | None, zone: ZoneInfo) -> Step | None:
    """Where a task goes that isn't done this time: the day after the due one, past or not; None if that was the last time.

    With `from_completion` it is counted from the due day, and uses up one of COUNT.
    """
    return next(following(recurrence, due, at, zone), None)


def upcoming(recurrence: Recurrence, due: dt.date, at: dt.time | None, zone: ZoneInfo, count: int = 12) -> list[Occurrence]:
    """The due day and those after it, at most `count`, each with its reason.

    With `from_completion` it is as if each were done on its day.
    """
    # One more than asked for: after the last one there is none.
    steps = [Step(due, recurrence), *islice(following(recurrence, due, at, zone), count)]
    is_moved = next(_days(recurrence, due), None) != due
    return [
        Occurrence(
            step.due,
            None if at is None else moment(step.due, at, zone),
            "; ".join(_reasons(step, at, zone, is_moved=is_moved and n == 0, is_last=n == len(steps) - 1)),
        )
        for n, step in enumerate(steps[:count])
    ]


def following(recurrence: Recurrence, due: dt.date, at: dt.time | None, zone: ZoneInfo) -> Iterator[Step]:
    """Where a task goes from a due day on, if each is skipped or done on its day; without end if the rule has none."""
    if recurrence.from_completion:
        step = _from_completion(recurrence, due, due)
        while step:
            yield step
            step = _from_completion(step.recurrence, step.due, step.due)
        return
    for day in _days(recurrence, due):
        # A day that a zone left out altogether is the same moment as the next one, so one of them is enough.
        if day > due and (at is None or moment(day, at, zone) > moment(due, at, zone)):
            yield Step(day, recurrence)
            due = day


def _reasons(step: Step, at: dt.time | None, zone: ZoneInfo, *, is_moved: bool, is_last: bool) -> list[str]:
    rule, start = read_rule(step.recurrence.rule), step.recurrence.start
    said = ["moved to this day" if is_moved else why_day(rule, start, step.due)]
    if step.recurrence.from_completion and not is_moved:
        said.append("counted from the day it is done")
    clocks = why_time(step.due, at, zone) if at else None
    ends = why_last(rule, step.due, is_counted_down=step.recurrence.from_completion) if is_last else None
    return [*said, *filter(None, [clocks, ends])]


def _days(recurrence: Recurrence, since: dt.date) -> Iterator[dt.date]:
    return days_from(read_rule(recurrence.rule), recurrence.start, since)


def _first_of(days: Iterator[dt.date], recurrence: Recurrence) -> Step | None:
    due = next(days, None)
    return Step(due, recurrence) if due else None


def _from_completion(recurrence: Recurrence, due: dt.date, done: dt.date) -> Step | None:
    """Counted from a day on which a task was done."""
    rule = read_rule(recurrence.rule)
    if rule.count == 1:
        return None
    # Done on Sunday, what is due on Mondays isn't due again tomorrow; but every three days means three from now.
    done = max(due, done) if rule.names_days else done
    begin = _counted_from(rule, due, done)
    following = next((day for day in days_from(replace(rule, count=None), begin, done) if day > done), None)
    if following is None:
        return None
    kept = replace(rule, count=rule.count - 1) if rule.count else rule
    return Step(following, Recurrence(str(kept), following, from_completion=True))


def _counted_from(rule: Rule, due: dt.date, done: dt.date) -> dt.date:
    """The day from which an interval is counted.

    It is the day it was done, or for a rule that names its days the last of them up to then: what is due every other Friday and
    done on a Wednesday is due on the Friday of next week, not in two days.
    """
    if rule.interval == 1 or not rule.names_days:
        return done
    pattern = rule.endless()
    since = max(due, done - _YEAR) if done - dt.date.min > _YEAR else due
    return max(takewhile(lambda day: day <= done, days_from(pattern, since, since)), default=due)


def _day_before(day: dt.date) -> dt.date:
    return day - _DAY if day > dt.date.min else day
