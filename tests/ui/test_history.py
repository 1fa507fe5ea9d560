"""A task's history as sentences."""

import datetime as dt
import uuid
from typing import Any, Literal

import pytest

from todo_app.schemas.tasks import ChangeItemView, ChangeView
from todo_app.ui.task_panel.history import entries_of

AT = dt.datetime(2020, 5, 6, 7, 8, tzinfo=dt.UTC)
LONG = "x" * 61
NAMES = {"h": "Home", "r": "Roof", "w": "work", "e": "errands", "t": "Tea"}


def change(
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    kind: Literal["do", "undo", "redo", "purge"] = "do",
    number: int = 1,
) -> ChangeView:
    item = ChangeItemView(entity="tasks", entity_id=uuid.uuid4(), before=before, after=after)
    return ChangeView(id=number, at=AT, kind=kind, reverts=None, undone=False, items=[item])


@pytest.mark.parametrize(
    ("before", "after", "text"),
    [
        (None, {"title": "a"}, "Created"),
        ({"title": "a"}, None, "Removed"),
        ({"title": "a"}, {"title": "b"}, "Title changed from “a” to “b”"),
        ({"title": LONG}, {"title": "x" * 60}, f"Title changed from “{'x' * 59}…” to “{'x' * 60}”"),
        ({"notes": ""}, {"notes": "a"}, "Notes added"),
        ({"notes": "a"}, {"notes": "b"}, "Notes changed"),
        ({"notes": "a"}, {"notes": ""}, "Notes removed"),
        ({"completed": False, "completed_at": None}, {"completed": True, "completed_at": "2020-01-01"}, "Completed"),
        ({"completed": True}, {"completed": False}, "Opened again"),
        ({"deleted_at": None}, {"deleted_at": "2020-01-01"}, "Moved to Trash"),
        ({"deleted_at": "2020-01-01"}, {"deleted_at": None}, "Restored from Trash"),
        ({"priority": 4}, {"priority": 1}, "Priority changed from 4 to 1"),
        ({"priority": 1}, {"priority": 4}, "Priority removed"),
        ({"due_date": None}, {"due_date": "2020-02-03"}, "Due Mon 3 Feb 2020"),
        ({"due_date": "2020-02-03"}, {"due_date": None}, "Due date removed"),
        ({"due_time": None}, {"due_time": "09:30:00"}, "Due at 09:30"),
        ({"due_time": "09:30:00"}, {"due_time": None}, "Due time removed"),
        ({"start_date": None}, {"start_date": "2020-02-03"}, "Starts Mon 3 Feb 2020"),
        ({"start_date": "2020-02-03"}, {"start_date": None}, "Start date removed"),
        ({"rrule": None, "rrule_start": None}, {"rrule": "FREQ=DAILY", "rrule_start": "2020-02-03"}, "Repeats: Every day"),
        ({"rrule": "FREQ=DAILY"}, {"rrule": None}, "No longer repeats"),
        ({"from_completion": False}, {"from_completion": True}, "Counted from the day it is done"),
        (
            {"due_date": "2020-02-03", "last_completed_at": None, "rrule": "FREQ=DAILY;COUNT=3"},
            {"due_date": "2020-02-04", "last_completed_at": "2020-02-03T08:00:00Z", "rrule": "FREQ=DAILY;COUNT=2"},
            "Completed; next: Tue 4 Feb 2020",
        ),
        ({"label_ids": []}, {"label_ids": ["w"]}, "Label “work” added"),
        (
            {"label_ids": ["w"]},
            {"label_ids": ["x", "e"]},
            "Labels “a label that is gone” and “errands” added; Label “work” removed",
        ),
        ({"project_id": None}, {"project_id": "h"}, "Moved to Home"),
        ({"project_id": "h", "section_id": "r"}, {"project_id": None, "section_id": None}, "Moved to Inbox"),
        ({"project_id": None, "section_id": None}, {"project_id": "h", "section_id": "r"}, "Moved to Home / Roof"),
        ({"project_id": None}, {"project_id": "x"}, "Moved to a project that is gone"),
        ({"section_id": None, "position": "a"}, {"section_id": "r", "position": "b"}, "Moved to Roof"),
        ({"section_id": "r"}, {"section_id": None}, "Moved out of Roof"),
        ({"parent_id": None, "project_id": None}, {"parent_id": "t", "project_id": "h"}, "Made a subtask of “Tea”"),
        ({"parent_id": "t"}, {"parent_id": None}, "Made a task of its own"),
        ({"position": "a"}, {"position": "b"}, "Moved in the list"),
        ({"day_position": "a"}, {"day_position": "b"}, "Moved in the list"),
        ({"due_date": None, "position": "a"}, {"due_date": "2020-02-03", "position": "b"}, "Due Mon 3 Feb 2020"),
        ({"time_zone": "UTC"}, {"time_zone": None}, "Changed"),
        ({"title": "a", "notes": ""}, {"title": "b", "notes": "c"}, "Title changed from “a” to “b”; Notes added"),
    ],
)
def test_a_change_as_a_sentence(before: dict[str, Any] | None, after: dict[str, Any] | None, text: str) -> None:
    assert entries_of([change(before, after)], "UTC", NAMES)[0].text == text
    assert entries_of([change(after, before, "undo")], "UTC", NAMES)[0].text == f"Undone: {text}"
    assert entries_of([change(before, after, "redo")], "UTC", NAMES)[0].text == f"Done again: {text}"


def test_all_but_the_newest_can_be_restored_and_tell_when() -> None:
    newest, older = entries_of(
        [change({"title": "a"}, {"title": "b"}, number=2), change(None, {"title": "a"})], "Asia/Tokyo", NAMES
    )
    assert (newest.change_id, newest.can_restore) == (2, False)
    assert (older.change_id, older.can_restore) == (1, True)
    assert (older.at, older.at_iso) == ("Wed 6 May 2020 16:08", "2020-05-06T07:08:00+00:00")
