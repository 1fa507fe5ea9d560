"""Labels by name."""

import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from todo_app.db import Database
from todo_app.errors import Invalid, NotFound
from todo_app.schemas.organise import LabelFields
from todo_app.schemas.tasks import TaskFields
from todo_app.services import changes, labelling, labels, tasks
from todo_app.services.actor import Actor


@pytest.fixture
def task_id(db: Database, ana: Actor) -> uuid.UUID:
    return db.write_now(tasks.create_task, ana, TaskFields(title="Call")).id


def named(db: Database, actor: Actor, task_id: uuid.UUID) -> list[str]:
    names = {label.id: label.name for label in db.read_now(labels.list_labels, actor).items}
    return [names[each] for each in db.read_now(tasks.get_task, actor, task_id).label_ids]


def test_a_label_is_found_whatever_its_case_and_else_made(db: Database, ana: Actor, task_id: uuid.UUID) -> None:
    db.write_now(labels.create_label, ana, LabelFields(name="Café", color="red"))
    for name in ("CAFE", " @work ", "Work"):
        db.write_now(labelling.put_on, ana, task_id, name)
    assert named(db, ana, task_id) == ["Café", "work"]
    db.write_now(changes.undo, ana)
    assert named(db, ana, task_id) == ["Café"]
    assert [label.name for label in db.read_now(labels.list_labels, ana).items] == ["Café"]


def test_a_label_comes_off_and_the_others_stay(db: Database, ana: Actor, task_id: uuid.UUID) -> None:
    for name in ("a", "b"):
        db.write_now(labelling.put_on, ana, task_id, name)
    first = db.read_now(tasks.get_task, ana, task_id).label_ids[0]
    db.write_now(labelling.take_off, ana, task_id, first)
    assert named(db, ana, task_id) == ["b"]


def test_one_name_at_the_same_moment_makes_one_label(db: Database, ana: Actor) -> None:
    ids = [db.write_now(tasks.create_task, ana, TaskFields(title=str(n))).id for n in range(4)]
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda each: db.write_now(labelling.put_on, ana, each, "new"), ids))
    assert [named(db, ana, each) for each in ids] == [["new"]] * 4


@pytest.mark.parametrize(("name", "why"), [("", "The name can't be empty."), ("x" * 61, "The name can have at most 60 characters")])
def test_a_bad_name_is_explained(db: Database, ana: Actor, task_id: uuid.UUID, name: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        db.write_now(labelling.put_on, ana, task_id, name)


def test_a_stranger_puts_nothing_on_and_takes_nothing_off(db: Database, ana: Actor, bob: Actor, task_id: uuid.UUID) -> None:
    db.write_now(labelling.put_on, ana, task_id, "mine")
    label_id = db.read_now(tasks.get_task, ana, task_id).label_ids[0]
    with pytest.raises(NotFound, match="no such task"):
        db.write_now(labelling.put_on, bob, task_id, "his")
    with pytest.raises(NotFound, match="no such task"):
        db.write_now(labelling.take_off, bob, task_id, label_id)
    assert db.read_now(labels.list_labels, bob).items == []
    assert named(db, ana, task_id) == ["mine"]
