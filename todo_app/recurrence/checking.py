"""Whether a rule from outside is one that a task can have."""

import datetime as dt

from todo_app.recurrence.pattern import ALWAYS_THERE, days_from
from todo_app.recurrence.rule import BadRule, Rule, read_rule

# In the years from this one to the last are years of every kind.
_NEAR_THE_END = dt.date(9972, 1, 1)


def check_rule(text: str) -> str:
    """The one way to write the rule that a text says: RFC 5545 without `RRULE:`, defaults left out, UNTIL a day that is included.

    Raises BadRule, whose message is for people, for a text that is no rule, has parts that aren't supported, or never occurs.
    A day that a month doesn't have is its last one, so the 30th of February does occur.
    """
    rule = read_rule(text)
    if rule.until and rule.count:
        raise BadRule("A rule ends on a day or after a number of times. Leave out UNTIL or COUNT.")
    _check_days(rule)
    _check_days_of_years(rule)
    _check_positions(rule)
    if next(days_from(rule.endless(), _NEAR_THE_END, _NEAR_THE_END), None) is None:
        raise BadRule("This never occurs. Leave out one of the parts that exclude each other.")
    return str(rule)


def _check_days(rule: Rule) -> None:
    numbers = [abs(n) for n, _day in rule.weekdays]
    if rule.freq == "WEEKLY" and rule.month_days:
        raise BadRule("A weekly rule can't name days of the month. Write FREQ=MONTHLY, or leave out BYMONTHDAY.")
    if rule.freq in ("DAILY", "WEEKLY") and any(numbers):
        raise BadRule("Only a month or a year has a second or a last Monday. Write FREQ=MONTHLY, or BYDAY without numbers.")
    if any(numbers) and not all(numbers):
        raise BadRule("In BYDAY either every day has a number or none. Write 1MO,2MO,3MO,4MO,5MO for every Monday.")
    if max(numbers, default=0) > 5 and (rule.freq == "MONTHLY" or rule.months):
        raise BadRule("A month has at most five of a weekday. Write numbers from 1 to 5 or from -5 to -1 in BYDAY.")
    if rule.freq == "DAILY" and rule.interval > 1 and (rule.months or rule.names_days):
        raise BadRule("Every so many days can't be on certain days only. Leave out INTERVAL, or write FREQ=WEEKLY or MONTHLY.")


def _check_days_of_years(rule: Rule) -> None:
    """What counts through a year can't be split into its months by their length."""
    counts = rule.positions or (not rule.months and any(n for n, _day in rule.weekdays))
    if rule.freq == "YEARLY" and counts and any(abs(day) > ALWAYS_THERE for day in rule.month_days):
        raise BadRule("Days that some months don't have can't be counted through a year. Write days up to 28, or FREQ=MONTHLY.")


def _check_positions(rule: Rule) -> None:
    if not rule.positions:
        return
    if rule.freq == "DAILY" or not rule.names_days:
        raise BadRule("BYSETPOS picks from several days. Write FREQ=MONTHLY and BYDAY, such as BYDAY=MO,TU;BYSETPOS=-1.")
