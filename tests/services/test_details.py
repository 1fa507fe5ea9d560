"""All that a panel shows of one task."""

import uuid
from typing import Any

import pytest

from todo_app.db import Database
from todo_app.errors import NotFound
from todo_app.schemas.organise import LabelFields, ProjectFields, SectionFields
from todo_app.schemas.tasks import TaskFields, TaskPatch
from todo_app.services import labels, projects, sections, tasks
from todo_app.services.actor import Actor
from todo_app.services.details import read_details


def add(db: Database, actor: Actor, title: str, **values: Any) -> uuid.UUID:
    return db.write_now(tasks.create_task, actor, TaskFields.model_validate({"title": title, **values})).id


def test_a_task_with_what_is_around_it(db: Database, ana: Actor, bob: Actor) -> None:
    project = db.write_now(projects.create_project, ana, ProjectFields(name="Home"))
    section = db.write_now(sections.create_section, ana, SectionFields(name="Garden", project_id=project.id))
    label = db.write_now(labels.create_label, ana, LabelFields(name="work"))
    db.write_now(projects.create_project, bob, ProjectFields(name="Bob's"))
    top = add(db, ana, "Top", project_id=project.id, section_id=section.id)
    middle = add(db, ana, "Middle", parent_id=top)
    task = add(db, ana, "Task", parent_id=middle, rrule="FREQ=DAILY", label_ids=[label.id])
    for title in ("One", "Two"):
        add(db, ana, title, parent_id=task)
    found = db.read_now(read_details, ana, task)
    assert [each.title for each in found.above] == ["Top", "Middle"]
    assert [each.title for each in found.subtasks.items] == ["One", "Two"]
    assert (found.subtasks.total, found.task.subtasks) == (2, 2)
    assert ([each.name for each in found.projects], [each.name for each in found.sections]) == (["Home"], ["Garden"])
    assert [each.name for each in found.labels] == ["work"]
    assert len(found.occurrences) == 12
    assert found.titles == {middle: "Middle"}
    db.write_now(tasks.update_task, ana, task, TaskPatch(parent_id=top))
    assert db.read_now(read_details, ana, task).titles == {middle: "Middle", top: "Top"}


def test_a_lone_task_has_none_of_it(db: Database, ana: Actor) -> None:
    found = db.read_now(read_details, ana, add(db, ana, "Lone"))
    assert (list(found.above), found.subtasks.items, list(found.occurrences), found.titles) == ([], [], [], {})


def test_a_strangers_task_is_not_there(db: Database, ana: Actor, bob: Actor) -> None:
    with pytest.raises(NotFound):
        db.read_now(read_details, bob, add(db, ana, "Mine"))
