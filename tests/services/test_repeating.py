"""A recurrence typed in words."""

import datetime as dt
import uuid
from dataclasses import replace
from typing import Any

import pytest

from todo_app.db import Database
from todo_app.errors import Invalid, NotFound
from todo_app.quick_add import Preferences
from todo_app.schemas.tasks import TaskFields, TaskView
from todo_app.services import recurring, repeating, tasks
from todo_app.services.actor import Actor

SUNDAY = dt.datetime(2026, 11, 22, 18, 0, tzinfo=dt.UTC)  # 19:00 in Berlin


@pytest.fixture(autouse=True)
def _on_a_sunday(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (repeating, recurring):
        monkeypatch.setattr(module, "utc_now", lambda: SUNDAY)


def repeat(db: Database, actor: Actor, words: str, **fields: Any) -> TaskView:
    task = db.write_now(tasks.create_task, actor, TaskFields.model_validate({"title": "Water", **fields}))
    return db.write_now(repeating.repeat, actor, task.id, words)


@pytest.mark.parametrize(
    ("words", "before", "due", "rule"),
    [
        ("every mon", None, "2026-11-23", "FREQ=WEEKLY;BYDAY=MO"),
        ("every mon", "2026-12-07", "2026-12-07", "FREQ=WEEKLY;BYDAY=MO"),  # is one already
        ("every mon", "2026-12-09", "2026-12-14", "FREQ=WEEKLY;BYDAY=MO"),
        ("every mon", "2020-01-01", "2026-11-23", "FREQ=WEEKLY;BYDAY=MO"),
        ("every 3 days", "2026-12-09", "2026-12-09", "FREQ=DAILY;INTERVAL=3"),
        ("every other friday", "2026-12-02", "2026-12-04", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"),
        ("every last day until aug 20", None, "2026-11-30", "FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20270820"),
        ("every day starting aug 3 until aug 20", "2026-12-02", "2027-08-03", "FREQ=DAILY;UNTIL=20270820"),
    ],
)
def test_the_due_date_stays_where_it_fits_and_else_moves_on(
    db: Database, ana: Actor, words: str, before: str | None, due: str, rule: str
) -> None:
    task = repeat(db, ana, words, due_date=before)
    assert (str(task.due_date), task.rrule, task.from_completion) == (due, rule, False)


def test_a_time_in_the_words_becomes_the_due_time_on_ones_own_clock(db: Database, ana: Actor) -> None:
    task = repeat(db, ana, "every sun at 18:30", due_date="2026-11-22", due_time="09:00", time_zone="Asia/Tokyo")
    assert (str(task.due_date), str(task.due_time), task.time_zone) == ("2026-11-29", "18:30:00", "Europe/Berlin")


def test_it_can_count_from_completion(db: Database, ana: Actor) -> None:
    task = repeat(db, ana, "every! 3 days")
    assert (task.rrule, task.from_completion) == ("FREQ=DAILY;INTERVAL=3", True)
    assert repeating.in_words(task) == "Every 3 days, counted from the day it is done"
    assert repeating.words_of(ana, task) == "every! 3 days"


def test_it_is_read_in_the_language_of_the_person(db: Database, ana: Actor) -> None:
    german = replace(ana, preferences=Preferences("de"))
    task = repeat(db, german, "jeden montag")
    assert task.rrule == "FREQ=WEEKLY;BYDAY=MO"
    assert repeating.words_of(german, task) == "jeden Montag"
    with pytest.raises(Invalid, match="jeden Montag"):
        db.write_now(repeating.repeat, german, task.id, "every mon")


def test_no_words_end_it_and_the_due_date_stays(db: Database, ana: Actor) -> None:
    task = repeat(db, ana, "every mon")
    task = db.write_now(repeating.repeat, ana, task.id, "  ")
    assert (task.rrule, str(task.due_date)) == (None, "2026-11-23")
    assert repeating.words_of(ana, task) == repeating.in_words(task) == ""


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("tomorrow", "This says no recurrence. Write it like “every mon”, “every! 3 days” or “every last day”."),
        ("now and then", "This says no recurrence. Write it like “every mon”, “every! 3 days” or “every last day”."),
        ("every mon except holidays", "“except holidays” is no part of a recurrence. Leave it out."),
        ("every mon p1 @home", "“p1 @home” is no part of a recurrence. Leave it out."),
        ("every day until 2020-01-01", "This recurrence has no days left. Give it a later end, or none."),
        ("x" * 501, "This can have at most 500 characters; it has 501."),
    ],
)
def test_what_is_no_recurrence_is_refused_and_nothing_changes(db: Database, ana: Actor, words: str, why: str) -> None:
    task = db.write_now(tasks.create_task, ana, TaskFields.model_validate({"title": "Water", "due_date": "2026-12-02"}))
    with pytest.raises(Invalid) as refused:
        db.write_now(repeating.repeat, ana, task.id, words)
    assert (refused.value.detail, refused.value.errors[0].pointer) == (why, "/rrule")
    assert db.read_now(tasks.get_task, ana, task.id) == task


def test_what_cannot_be_typed_has_a_phrase_and_no_words(db: Database, ana: Actor) -> None:
    fields = {"title": "Pay", "rrule": "FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=-1", "due_date": "2026-12-01"}
    task = db.write_now(tasks.create_task, ana, TaskFields.model_validate(fields))
    assert repeating.words_of(ana, task) == ""
    assert repeating.in_words(task).startswith("Every month on the last")


def test_a_stranger_s_task_is_not_there(db: Database, ana: Actor, bob: Actor) -> None:
    task = repeat(db, ana, "every mon")
    for task_id in (task.id, uuid.uuid4()):
        with pytest.raises(NotFound, match="no such task"):
            db.write_now(repeating.repeat, bob, task_id, "every day")
