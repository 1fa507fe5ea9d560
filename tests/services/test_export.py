"""Everything of one person's, however much it is."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel
from sqlmodel import select

from todo_app.change_feed import TRACKED
from todo_app.db import Database
from todo_app.models import Label, Project, SavedFilter, Section, Task, User
from todo_app.models.base import TrackedRow
from todo_app.schemas.accounts import ExportView, SignInView, UserView
from todo_app.schemas.organise import FilterView, LabelView, ProjectView, SectionView
from todo_app.schemas.second_step import PasskeyView, TwoStepView
from todo_app.schemas.tasks import ChangeView, ExportedTask, TaskFields, TaskPatch
from todo_app.services import export, tasks
from todo_app.services.actor import Actor


def test_the_feed_is_exported_to_its_end(db: Database, ana: Actor, bob: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "MAX_PAGE", 2)
    for n in range(5):
        db.write_now(tasks.create_task, ana, TaskFields(title=str(n)))
    db.write_now(tasks.create_task, bob, TaskFields(title="Bob's"))
    document = db.read_now(export.export_all, ana)
    assert [change.id for change in document.changes] == [1, 2, 3, 4, 5]
    assert [task.title for task in document.tasks] == ["0", "1", "2", "3", "4"]
    assert document.trash == []


def test_an_empty_account_can_be_exported(db: Database, ana: Actor) -> None:
    document = db.read_now(export.export_all, ana)
    assert (document.tasks, document.trash, document.changes) == ([], [], [])
    assert [session.id for session in document.sessions] == [ana.session_id]


# What a row of each table goes out as.
VIEWS: dict[type[TrackedRow], type[BaseModel]] = {
    Task: ExportedTask,
    Project: ProjectView,
    Section: SectionView,
    Label: LabelView,
    SavedFilter: FilterView,
}


def test_nothing_that_is_kept_of_a_person_is_left_out() -> None:
    assert set(VIEWS) == set(TRACKED.values())
    for model, view in VIEWS.items():
        # Whose it is, is said by the document; and but for tasks the order by hand by that of the lists.
        said_otherwise = {"owner_id"} if model is Task else {"owner_id", "position"}
        derived = model.untracked - TrackedRow.untracked
        assert model.model_fields.keys() - view.model_fields.keys() == said_otherwise | derived, model
    said_otherwise = {"email_key", "email_standing", "password_hash", "last_change"}
    assert User.model_fields.keys() - UserView.model_fields.keys() <= said_otherwise


def test_the_page_about_the_export_names_every_field() -> None:
    page = (Path(__file__).parents[2] / "docs/export.md").read_text("utf-8")
    rows = dict(re.findall(r"^\| `(\w+)` \| (.+) \|$", page, re.MULTILINE))
    assert rows.keys() == ExportView.model_fields.keys()
    for name, view in {
        "user": UserView,
        "sessions": SignInView,
        "two_step": TwoStepView,
        "passkeys": PasskeyView,
        "projects": ProjectView,
        "sections": SectionView,
        "labels": LabelView,
        "filters": FilterView,
        "tasks": ExportedTask,
        "changes": ChangeView,
    }.items():
        assert set(re.findall(r"`(\w+)`", rows[name])) >= view.model_fields.keys(), name


def test_a_task_goes_out_with_its_places_and_the_start_of_its_recurrence(db: Database, ana: Actor) -> None:
    made = TaskFields.model_validate({"title": "Water", "due_date": "2026-01-02", "rrule": "FREQ=DAILY"})
    task = db.write_now(tasks.create_task, ana, made)
    db.write_now(tasks.update_task, ana, task.id, TaskPatch(completed=True))
    (exported,) = db.read_now(export.export_all, ana).tasks
    row = db.read_now(lambda session: session.exec(select(Task)).one())
    assert exported.rrule_start == made.due_date
    assert (exported.position, exported.day_position) == (row.position, row.day_position)
    assert exported.due_date
    assert exported.due_date > made.due_date
