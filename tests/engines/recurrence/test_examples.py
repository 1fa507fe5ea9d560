"""Every example goes where its line says, and where the model goes."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from tests.engines.recurrence.model import Model, moment
from todo_app.recurrence import Recurrence, check_rule, complete

COMPLETIONS = Path(__file__).parent / "examples" / "completions.txt"


class Completion(NamedTuple):
    """A task, when it is done, and where it goes."""

    phrase: str
    recurrence: Recurrence
    due: dt.date
    at: dt.time | None
    now: dt.datetime
    zone: ZoneInfo
    following: dt.date | None


def completions() -> Iterator[Completion]:
    zone = ZoneInfo("UTC")
    for line in COMPLETIONS.read_text("utf-8").splitlines():
        if line.startswith("@ "):
            zone = ZoneInfo(line[2:])
        elif line and not line.startswith("# "):
            yield read_row(line, zone)


def read_row(line: str, zone: ZoneInfo) -> Completion:
    phrase, rule, start, due, done, following = line.split(" | ")
    day, _space, time = due.partition(" ")
    return Completion(
        phrase,
        Recurrence(rule.removeprefix("! "), dt.date.fromisoformat(start), rule.startswith("! ")),
        dt.date.fromisoformat(day),
        dt.time.fromisoformat(time) if time else None,
        dt.datetime.fromisoformat(done).replace(tzinfo=zone),
        zone,
        None if following == "-" else dt.date.fromisoformat(following),
    )


EXAMPLES = list(completions())


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 140


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.phrase)
def test_goes_to(example: Completion) -> None:
    assert check_rule(example.recurrence.rule) == example.recurrence.rule
    step = complete(example.recurrence, example.due, example.at, example.now, example.zone)
    assert (step.due if step else None) == example.following
    if step and not example.recurrence.from_completion:
        assert step.recurrence == example.recurrence


@pytest.mark.parametrize(
    "example", [each for each in EXAMPLES if not each.recurrence.from_completion], ids=lambda each: each.phrase
)
def test_the_model_goes_there_too(example: Completion) -> None:
    def is_next(day: dt.date) -> bool:
        if example.at is None:
            return day > max(example.due, example.now.date())
        is_to_come = moment(day, example.at, example.zone) > max(example.now, moment(example.due, example.at, example.zone))
        return day > example.due and is_to_come

    last = example.following or min(example.due, dt.date(9000, 1, 1)) + dt.timedelta(days=900)
    days = Model(example.recurrence.rule, example.recurrence.start).days(last)
    assert next(filter(is_next, days), None) == example.following
