"""The days of a rule. RFC 5545 is python-dateutil's; ours is what it doesn't do.

dateutil passes over months that are too short, where tasks fall on their last day: so a rule is handed to it as up to three, one
for the months of each length, with days that those months have. And it goes through everything since the start, which takes long
for a task of 1900: so it is started at the period before the day asked for.
"""

import datetime as dt
import heapq
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from itertools import islice, takewhile
from typing import Literal

from dateutil import rrule

from todo_app.recurrence.rule import Frequency, Rule

_FREQUENCIES: Mapping[Frequency, Literal[0, 1, 2, 3]] = {
    "DAILY": rrule.DAILY,
    "WEEKLY": rrule.WEEKLY,
    "MONTHLY": rrule.MONTHLY,
    "YEARLY": rrule.YEARLY,
}
_WEEKDAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)
_LONG, _SHORT, _FEBRUARY = (1, 3, 5, 7, 8, 10, 12), (4, 6, 9, 11), (2,)
_EVERY_DAY = tuple((0, day) for day in range(7))
_EVERY_MONTH = tuple(range(1, 13))
# The last 28 years of the calendar have years of every kind, and looking for a day ends with them.
_YEARS_OF_EVERY_KIND = dt.date(9972, 1, 1)
# Every month has the days up to this one, counted from either end.
ALWAYS_THERE = 28


def days_from(rule: Rule, start: dt.date, since: dt.date) -> Iterator[dt.date]:
    """The days of a rule that counts from `start`, those on or after `since`, in order, up to its end or that of the year 9999."""
    if not rule.count:
        return _days(rule, start, max(start, since))
    if _has_even_periods(rule):
        return _days(replace(rule, until=_last_of(rule, start, rule.count)), start, max(start, since))
    # What was before uses up the count too.
    return (day for day in islice(_days(rule, start, start), rule.count) if day >= since)


def _has_even_periods(rule: Rule) -> bool:
    """Whether every day or week that counts has as many days of the rule, so that where it ends needs no going there."""
    return rule.freq in ("DAILY", "WEEKLY") and not (rule.months or rule.month_days or rule.positions)


def _last_of(rule: Rule, start: dt.date, count: int) -> dt.date:
    """The day that uses up the count, or the last of the calendar."""
    try:
        if rule.freq == "DAILY" and not rule.weekdays:
            return start + dt.timedelta(rule.interval * (count - 1))
        in_week = sorted((day - rule.week_start) % 7 for _n, day in rule.weekdays or ((0, start.weekday()),))
        begin = (start.weekday() - rule.week_start) % 7
        # As if the count had begun with the first day of the week that the start is in.
        weeks, nth = divmod(count - 1 + sum(day < begin for day in in_week), len(in_week))
        return start + dt.timedelta(7 * rule.interval * weeks + in_week[nth] - begin)
    except OverflowError:
        return dt.date.max


def clamped_months(rule: Rule, start: dt.date) -> list[Rule]:
    """The rule as RFC 5545 would have to say it: days named, and days that some months don't have split by length of month."""
    explicit = _named(rule, start)
    if all(abs(day) <= ALWAYS_THERE for day in explicit.month_days) and not explicit.months:
        return [explicit]
    months = set(explicit.months or _EVERY_MONTH) & _reached(explicit, start)
    if all(abs(day) <= ALWAYS_THERE for day in explicit.month_days):
        return [replace(explicit, months=tuple(sorted(months)))] if months else []
    split = [(tuple(sorted(months.intersection(alike))), alike) for alike in (_LONG, _SHORT, _FEBRUARY)]
    rules = [
        replace(explicit, months=those, month_days=tuple(sorted({_fitting(day, alike) for day in explicit.month_days})))
        for those, alike in split
        if those
    ]
    # February may lack what the other months have, such as a second of the 30th and 31st.
    return [each for each in rules if not (each.weekdays or each.positions) or occurs(each)]


@lru_cache(maxsize=1024)
def occurs(rule: Rule) -> bool:
    """Whether a rule that names its days has any, if no day, week, month or year is left out."""
    return next(_expand(replace(rule, interval=1), _YEARS_OF_EVERY_KIND), None) is not None


def _named(rule: Rule, start: dt.date) -> Rule:
    """The rule with the days that its start stands for."""
    if rule.freq == "WEEKLY":
        weekly = rule if rule.weekdays else replace(rule, weekdays=((0, start.weekday()),))
        # The same, and dateutil goes by months faster than by weeks.
        return weekly if rule.interval > 1 or rule.positions else replace(weekly, freq="MONTHLY")
    if rule.freq == "DAILY":
        is_plain = not rule.months and not rule.names_days
        return rule if is_plain else replace(rule, freq="MONTHLY", weekdays=rule.weekdays or _EVERY_DAY)
    if rule.names_days:
        return rule
    months = rule.months or ((start.month,) if rule.freq == "YEARLY" else ())
    return replace(rule, month_days=(start.day,), months=months)


def _reached(rule: Rule, start: dt.date) -> set[int]:
    """The months that the interval ever comes to. dateutil would look for the others until the year 9999."""
    if rule.freq != "MONTHLY":
        return set(_EVERY_MONTH)
    return {(start.month - 1 + n * rule.interval) % 12 + 1 for n in range(12)}


def _fitting(day: int, months: tuple[int, ...]) -> int:
    """A day of the month, or the nearest that months of this length have."""
    if months == _FEBRUARY and abs(day) > ALWAYS_THERE:
        return -1 if day > 0 else 1
    if months == _SHORT and abs(day) > 30:
        return 30 if day > 0 else 1
    return day


def _days(rule: Rule, start: dt.date, since: dt.date) -> Iterator[dt.date]:
    begin = _period(rule, start, since)
    merged = heapq.merge(*(_expand(each, begin) for each in clamped_months(rule, start)))
    last = rule.until or dt.date.max
    return takewhile(lambda day: day <= last, (day for day in merged if day >= since))


def _period(rule: Rule, start: dt.date, since: dt.date) -> dt.date:
    """The beginning of the last period that counts (of those that the interval doesn't leave out) not after `since`."""
    if rule.freq == "DAILY":
        return since - dt.timedelta(days=(since - start).days % rule.interval)
    if rule.freq == "WEEKLY":
        # As a number: the first week may begin before the year 1.
        week = start.toordinal() - (start.weekday() - rule.week_start) % 7
        left_out = (since.toordinal() - week) // 7 % rule.interval
        monday = since.toordinal() - (since.weekday() - rule.week_start) % 7
        return dt.date.fromordinal(max(1, monday - 7 * left_out))
    if rule.freq == "MONTHLY":
        month = since.year * 12 + since.month - 1
        month -= (month - (start.year * 12 + start.month - 1)) % rule.interval
        return dt.date(month // 12, month % 12 + 1, 1)
    return dt.date(since.year - (since.year - start.year) % rule.interval, 1, 1)


def _expand(rule: Rule, begin: dt.date) -> Iterator[dt.date]:
    days = rrule.rrule(
        _FREQUENCIES[rule.freq],
        dtstart=dt.datetime.combine(begin, dt.time()),
        interval=rule.interval,
        wkst=rule.week_start,
        bymonth=rule.months or None,
        bymonthday=rule.month_days or None,
        byweekday=[_WEEKDAYS[day](n) if n else _WEEKDAYS[day] for n, day in rule.weekdays] or None,
        bysetpos=rule.positions or None,
    )
    try:
        for day in days:
            yield day.date()
    except (ValueError, OverflowError):
        return  # the calendar ends in the middle of a week
