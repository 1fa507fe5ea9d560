"""Rules in plain English."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from todo_app.recurrence.rule import Rule, read_rule

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_UNITS = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month", "YEARLY": "year"}
_NAMED = {(0, 1, 2, 3, 4): "workday", (0, 1, 2, 3, 4, 5, 6): "day"}


def describe(rule: str) -> str:
    """A rule that `check_rule` gave as a phrase: “Every other Friday”, “Every month on the 31st, 10 times”."""
    read = read_rule(rule)
    return _capital(pattern(read) + _end(read))


def pattern(rule: Rule) -> str:
    """The same without its end, and small at the beginning."""
    rule = _as_said(rule)
    every, named = _every(rule), _weekdays(rule)
    if rule.interval == 1 and not rule.names_days and rule.months and rule.freq in ("MONTHLY", "YEARLY"):
        return f"every {_months(rule)}"
    if _is_by_weekday(rule) and (rule.interval == 1 or (rule.interval == 2 and len(rule.weekdays) == 1)):
        return f"{every.rpartition(' ')[0]} {named}{_in_months(rule)}"
    if rule.freq == "YEARLY" and rule.months and rule.month_days and not rule.weekdays and not rule.positions:
        return f"{every} on " + listed([_day_of_year(month, day) for month in rule.months for day in rule.month_days])
    return f"{every}{_on_days(rule, named)}"


def ordinal(n: int) -> str:
    """1st, 2nd, last, 2nd to last."""
    if n < 0:
        return "last" if n == -1 else f"{ordinal(-n)} to last"
    ending = "th" if n % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(n % 10, "th")
    return f"{n}{ending}"


def listed(words: Sequence[str], joiner: str = "and") -> str:
    """One, two and three."""
    return f" {joiner} ".join(filter(None, [", ".join(words[:-1]), *words[-1:]]))


def short_date(day: dt.date, beside: dt.date) -> str:
    """20 Aug, with the year if it isn't that of the day it stands beside."""
    return f"{day.day} {MONTHS[day.month - 1][:3]}" + (f" {day.year}" if day.year != beside.year else "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _as_said(rule: Rule) -> Rule:
    """The rule with the frequency that people would say: what is every day on the 31st is every month on the 31st."""
    if rule.interval > 1 or rule.positions or not rule.month_days:
        return rule
    return replace(rule, freq="YEARLY" if rule.months else "MONTHLY")


def _is_by_weekday(rule: Rule) -> bool:
    """Whether the rule means every one of its weekdays, in the year or in some months."""
    is_each = all(n == 0 for n, _day in rule.weekdays)
    return (
        bool(rule.weekdays)
        and is_each
        and not rule.month_days
        and not rule.positions
        and (rule.freq == "WEEKLY" or rule.interval == 1)
    )


def _every(rule: Rule) -> str:
    unit = _UNITS[rule.freq]
    if rule.interval <= 2:
        return f"every {unit}" if rule.interval == 1 else f"every other {unit}"
    return f"every {rule.interval} {unit}s"


def _weekdays(rule: Rule, joiner: str = "and") -> str:
    """Friday; Monday and Friday; workday; 2nd Monday and last Friday."""
    days = tuple(day for n, day in rule.weekdays if n == 0)
    if days in _NAMED:
        return _NAMED[days]
    return listed([f"{ordinal(n)} {WEEKDAYS[day]}" if n else WEEKDAYS[day] for n, day in rule.weekdays], joiner)


def _on_days(rule: Rule, named: str) -> str:
    """The days within each week, month or year."""
    if rule.positions:
        return f" on the {_picked(rule)}{_in_months(rule)}"
    if rule.month_days:
        every_month = " of every month" if rule.freq == "YEARLY" and not rule.months else ""
        condition = f" if it is {_one_of(rule)}" if rule.weekdays else ""
        return f" on {_month_days(rule)}{every_month}{_in_months(rule)}{condition}"
    if not rule.weekdays:
        return _in_months(rule)
    if any(n for n, _day in rule.weekdays):
        return f" on the {named}{_in_months(rule)}"
    each = "" if rule.freq == "WEEKLY" and named not in _NAMED.values() else "every "
    return f" on {each}{named}{_in_months(rule)}"


def _picked(rule: Rule) -> str:
    """What BYSETPOS picks: the last workday; the 1st Monday or Friday; the last of the 13th and 14th."""
    which = listed([ordinal(n) for n in rule.positions])
    if not rule.month_days:
        return f"{which} {_weekdays(rule, 'or')}" if rule.weekdays[0][0] == 0 else f"{which} of the {_weekdays(rule)}"
    return f"{which} of {_month_days(rule)}" + (f" if it is {_one_of(rule)}" if rule.weekdays else "")


def _one_of(rule: Rule) -> str:
    return ("a " if rule.weekdays[0][0] == 0 else "the ") + _weekdays(rule, "or")


def _month_days(rule: Rule) -> str:
    return f"the {listed([ordinal(day) if day > 0 else f'{ordinal(day)} day' for day in rule.month_days])}"


def _months(rule: Rule) -> str:
    return listed([MONTHS[month - 1] for month in rule.months])


def _in_months(rule: Rule) -> str:
    return f" in {_months(rule)}" if rule.months else ""


def _day_of_year(month: int, day: int) -> str:
    return f"{day} {MONTHS[month - 1]}" if day > 0 else f"the {ordinal(day)} day of {MONTHS[month - 1]}"


def _end(rule: Rule) -> str:
    if rule.until:
        return f", until {rule.until.day} {MONTHS[rule.until.month - 1]} {rule.until.year}"
    return f", {rule.count} times" if rule.count and rule.count > 1 else ", once" if rule.count else ""
