"""Duplicates: all that a task says, to be done anew, right below it."""

import uuid

import pytest

from tests.people import statements
from tests.services.organising import Person
from todo_app.db import Database
from todo_app.errors import NotFound
from todo_app.schemas.tasks import MoveRequest, TaskView
from todo_app.services import tasks
from todo_app.services.actor import Actor
from todo_app.services.duplicating import duplicate_task


def duplicate(at_work: Person, task_id: uuid.UUID) -> TaskView:
    view: TaskView = at_work.do(duplicate_task, task_id)
    return view


def below(at_work: Person, task_id: uuid.UUID) -> list[TaskView]:
    return [at_work.see(found) for found in at_work.ids(parent_id=task_id, sort="position")]


def test_a_duplicate_says_all_that_the_task_says(at_work: Person) -> None:
    home = at_work.project("Home")
    said = {
        "title": "Water the plants",
        "notes": "All *three*",
        "priority": 2,
        "section_id": at_work.section("Balcony", home),
        "label_ids": [at_work.label("green"), at_work.label("daily")],
        "start_date": "2027-01-01",
        "due_date": "2027-01-04",
        "due_time": "09:00",
        "time_zone": "Europe/Berlin",
        "rrule": "FREQ=WEEKLY;COUNT=5",
        "from_completion": True,
    }
    task = at_work.see(at_work.add(**said))
    copy = duplicate(at_work, task.id)
    assert copy.id != task.id
    same = {*said, "project_id", "parent_id", "completed"}
    assert copy.model_dump(include=same) == task.model_dump(include=same)
    assert at_work.see(task.id) == task


def test_a_recurring_task_is_copied_as_far_as_it_has_come(at_work: Person) -> None:
    task_id = at_work.add("Train", due_date="2027-01-04", rrule="FREQ=DAILY;COUNT=3")
    at_work.do(tasks.toggle_task, task_id)
    copy = duplicate(at_work, task_id)
    assert copy.due_date == at_work.see(task_id).due_date
    assert copy.last_completed_at is None
    assert at_work.read(tasks.occurrences, copy.id, 9) == at_work.read(tasks.occurrences, task_id, 9)


def test_it_lies_right_below_the_task_in_the_list_and_in_the_day(at_work: Person) -> None:
    for title in ("c", "b", "a"):
        at_work.add(title, due_date="2027-01-04")
    [b] = at_work.ids(q="b")
    for _ in range(2):
        duplicate(at_work, b)
    assert at_work.titles(sort="position") == ["a", "b", "b", "b", "c"]
    assert at_work.titles(sort="day") == ["a", "b", "b", "b", "c"]
    at_work.do(tasks.move_task, b, MoveRequest(after=at_work.ids(q="c")[0]))
    assert at_work.titles(sort="position") == ["a", "b", "b", "c", "b"]


def test_its_subtasks_come_along_at_every_depth_and_in_their_order(at_work: Person) -> None:
    trip = at_work.add("Trip")
    for title in ("Pack", "Book"):
        at_work.add(title, parent_id=trip)
    pack, book = at_work.ids(parent_id=trip, sort="position")
    at_work.add("Socks", parent_id=pack)
    at_work.do(tasks.delete_task, at_work.add("Forget", parent_id=pack))
    at_work.do(tasks.move_task, book, MoveRequest(parent_id=trip))
    copy = duplicate(at_work, trip)
    assert copy.subtasks == 2
    first, second = below(at_work, copy.id)
    assert (first.title, second.title) == ("Book", "Pack")
    assert [task.title for task in below(at_work, second.id)] == ["Socks"]
    assert len(below(at_work, trip)) == 2


def test_nothing_of_it_is_completed_and_what_it_lies_in_is_open_again(at_work: Person) -> None:
    trip = at_work.add("Trip")
    pack = at_work.add("Pack", parent_id=trip)
    at_work.add("Socks", parent_id=pack)
    at_work.do(tasks.toggle_task, trip)
    copy = duplicate(at_work, pack)
    assert (copy.completed, copy.completed_at, copy.parent_id) == (False, None, trip)
    assert [task.completed for task in below(at_work, copy.id)] == [False]
    assert not at_work.see(trip).completed
    assert at_work.see(pack).completed


def test_one_undo_takes_all_of_it_back(at_work: Person) -> None:
    trip = at_work.add("Trip")
    at_work.add("Pack", parent_id=trip)
    duplicate(at_work, trip)
    at_work.undo()
    assert sorted(at_work.titles()) == ["Pack", "Trip"]
    at_work.redo()
    assert sorted(at_work.titles()) == ["Pack", "Pack", "Trip", "Trip"]


def test_it_takes_as_many_queries_however_many_subtasks_there_are(db: Database, at_work: Person) -> None:
    def queries(count: int) -> int:
        trip = at_work.add("Trip")
        for number in range(count):
            at_work.add(f"Stop {number}", parent_id=trip)
        with statements(db) as seen:
            duplicate(at_work, trip)
        return sum(statement.startswith(("SELECT", "WITH")) for statement in seen)

    assert queries(20) == queries(1)


def test_somebody_elses_task_and_one_in_trash_are_not_there(at_work: Person, bob: Actor) -> None:
    task_id = at_work.add("Mine")
    with pytest.raises(NotFound):
        at_work.db.write_now(duplicate_task, bob, task_id)
    at_work.do(tasks.delete_task, task_id)
    with pytest.raises(NotFound):
        duplicate(at_work, task_id)
