"""Why a task is due on a day and at a time, in short and plain English."""

import calendar
import datetime as dt
from zoneinfo import ZoneInfo

from todo_app.recurrence.clock import is_doubled, shown
from todo_app.recurrence.describing import MONTHS, listed, ordinal, pattern, short_date
from todo_app.recurrence.rule import Rule


def why_day(rule: Rule, start: dt.date, day: dt.date) -> str:
    """Why the rule that counts from `start` gives this day."""
    counted = f" from {short_date(start, day)}" if rule.interval > 1 and start != day else ""
    return _short_month(rule, start, day) or pattern(rule) + counted


def why_time(day: dt.date, at: dt.time, zone: ZoneInfo) -> str | None:
    """What the clocks do to this time of this day, if they do."""
    seen = shown(day, at, zone)
    if seen != dt.datetime.combine(day, at.replace(tzinfo=None, fold=0)):
        then = f"{seen:%H:%M}" + (f" on {short_date(seen.date(), day)}" if seen.date() != day else "")
        return f"the clocks skip {at:%H:%M}, so {then}"
    return f"the clocks show {at:%H:%M} twice, so the first" if is_doubled(day, at, zone) else None


def why_last(rule: Rule, day: dt.date, *, is_counted_down: bool) -> str:
    """Why there is none after this day; a COUNT that is counted down no longer says how many they were."""
    if rule.until:
        return f"the last one: it ends on {short_date(rule.until, day)}"
    return f"the last one of {rule.count}" if rule.count and not is_counted_down else "the last one"


def _short_month(rule: Rule, start: dt.date, day: dt.date) -> str | None:
    """What to say where the month lacks the day that is meant."""
    length = calendar.monthrange(day.year, day.month)[1]
    implied = () if rule.weekdays or rule.freq in ("DAILY", "WEEKLY") else (start.day,)
    wanted = rule.month_days or implied
    missing = [n for n in wanted if n > length]
    if not missing or day.day != length or {length, -1} & set(wanted):
        return None
    month = MONTHS[day.month - 1] + (f" {day.year}" if day.month == 2 else "")
    return f"the {listed([ordinal(n) for n in missing])}; {month} has {length} days, so the {ordinal(length)}"
