"""What quick add writes, this engine reads, and both mean the same days."""

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.quick_add.conftest import Example, examples
from tests.engines.quick_add.test_properties import always_alike, rules
from todo_app.quick_add import ParsedTask, parse, render
from todo_app.quick_add.recurrences import Rule
from todo_app.recurrence import Recurrence, check_rule, describe, first, upcoming

RECURRING = [example for example in examples() if example.task.rrule]


def test_there_are_examples() -> None:
    assert len(RECURRING) > 130


@pytest.mark.parametrize("example", RECURRING, ids=lambda example: f"{example.moment.preferences.language}: {example.text}")
def test_the_first_day_is_the_same(example: Example) -> None:
    moment = example.moment
    task = parse(example.text, *moment)
    assert task.rrule
    assert task.due_date
    assert check_rule(task.rrule) == task.rrule
    assert describe(task.rrule)
    now = moment.now.replace(tzinfo=moment.zone)
    recurrence = Recurrence(task.rrule, task.due_date, task.from_completion)
    assert first(recurrence, task.due_time, now, moment.zone) == task.due_date
    assert upcoming(recurrence, task.due_date, task.due_time, moment.zone, 1)[0].reason
    # With nothing said of where it starts and no interval, it is the first from today on.
    if "INTERVAL" not in task.rrule and not said_with_a_start(example.text):
        today = Recurrence(task.rrule, moment.now.date(), task.from_completion)
        assert first(today, task.due_time, now, moment.zone) == task.due_date


def said_with_a_start(text: str) -> bool:
    return any(word in text.split() for word in ("starting", "from", "tomorrow", "ab", "vom"))


@pytest.mark.parametrize("n", [9999, 1])
def test_the_most_that_a_line_can_say_is_a_rule(n: int) -> None:
    for line in (f"Run every {n} quarters", f"Run every {n} years", f"Run every day {n} times"):
        task = parse(line, *RECURRING[0].moment)
        assert task.rrule
        assert check_rule(task.rrule) == task.rrule


@always_alike(max_examples=150)
@given(rules(), st.dates(dt.date(1900, 1, 1), dt.date(2026, 3, 3)))
def test_a_start_in_the_past_is_what_the_first_day_to_come_is_counted_from(rule: Rule, start: dt.date) -> None:
    moment = RECURRING[0].moment
    line = render(ParsedTask("Run", due_date=start, rrule=str(rule)), *moment)
    begun = rule.first(start)
    assert begun
    endless = Recurrence(str(replace(rule, count=None)), begun)
    assert parse(line, *moment).due_date == first(endless, None, moment.now.replace(tzinfo=moment.zone), moment.zone)
