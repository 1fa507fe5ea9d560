"""Tasks: what pages ask for and the API does not."""

import uuid

import pytest

from tests.people import statements
from todo_app.db import Database
from todo_app.errors import Invalid, NotFound, Stale
from todo_app.schemas.tasks import TaskFields, TaskPatch, TaskQuery
from todo_app.services import task_lists, tasks
from todo_app.services.actor import Actor


@pytest.fixture
def milk(db: Database, ana: Actor) -> uuid.UUID:
    return db.write_now(tasks.create_task, ana, TaskFields(title="Milk", notes="2 litres")).id


def test_two_tabs_editing_one_field_the_second_is_told(db: Database, ana: Actor, milk: uuid.UUID) -> None:
    db.write_now(tasks.update_task, ana, milk, TaskPatch(title="Oat milk"), seen={"title": "Milk"})
    with pytest.raises(Stale):
        db.write_now(tasks.update_task, ana, milk, TaskPatch(title="Soy milk"), seen={"title": "Milk"})
    assert db.read_now(tasks.get_task, ana, milk).title == "Oat milk"


def test_two_tabs_that_want_the_same_do_not_fight(db: Database, ana: Actor, milk: uuid.UUID) -> None:
    db.write_now(tasks.update_task, ana, milk, TaskPatch(title="Oat milk"), seen={"title": "Milk"})
    view = db.write_now(tasks.update_task, ana, milk, TaskPatch(title="Oat milk"), seen={"title": "Milk"})
    assert view.version == 2


def test_two_tabs_editing_two_fields_both_win(db: Database, ana: Actor, milk: uuid.UUID) -> None:
    db.write_now(tasks.update_task, ana, milk, TaskPatch(title="Oat milk"), seen={"title": "Milk"})
    view = db.write_now(tasks.update_task, ana, milk, TaskPatch(notes="3 litres"), seen={"notes": "2 litres"})
    assert (view.title, view.notes) == ("Oat milk", "3 litres")


def test_open_tasks_are_counted_without_the_done_the_deleted_and_the_stranger_s(
    db: Database, ana: Actor, bob: Actor, milk: uuid.UUID
) -> None:
    db.write_now(tasks.create_task, bob, TaskFields(title="Bob's"))
    db.write_now(tasks.create_task, ana, TaskFields(title="Done", completed=True))
    dropped = db.write_now(tasks.create_task, ana, TaskFields(title="Dropped"))
    db.write_now(tasks.delete_task, ana, dropped.id)
    assert db.read_now(task_lists.list_tasks, ana, TaskQuery(status="open")).total == 1


def test_every_function_names_its_owner_in_the_query(db: Database, ana: Actor, bob: Actor, milk: uuid.UUID) -> None:
    for work in (
        lambda session: tasks.get_task(session, bob, milk),
        lambda session: tasks.toggle_task(session, bob, milk),
        lambda session: tasks.delete_task(session, bob, milk),
        lambda session: tasks.update_task(session, bob, milk, TaskPatch(title="x")),
        lambda session: tasks.replace_task(session, bob, milk, TaskFields(title="x")),
        lambda session: tasks.revert_task(session, bob, milk, 1),
        lambda session: tasks.history(session, bob, milk),
        lambda session: tasks.restore_task(session, bob, milk),
        lambda session: tasks.purge_task(session, bob, milk),
    ):
        with statements(db) as seen, pytest.raises(NotFound):
            db.write_now(work)
        assert len(seen) == 1
        assert "tasks.owner_id = " in seen[0]


def test_nothing_is_half_saved(db: Database, ana: Actor, milk: uuid.UUID) -> None:
    with pytest.raises(Invalid) as caught:
        db.write_now(tasks.update_task, ana, milk, TaskPatch.model_validate({"title": "Half", "due_time": "10:00"}))
    assert [error.pointer for error in caught.value.errors] == ["/due_time"]
    assert db.read_now(tasks.get_task, ana, milk).title == "Milk"
