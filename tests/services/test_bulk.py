"""One change to many tasks at once."""

import uuid
from typing import Any

import pytest

from tests.people import statements
from todo_app.db import Database
from todo_app.errors import Invalid, NotFound
from todo_app.schemas.organise import LabelFields, ProjectFields
from todo_app.schemas.quick_add import QuickAddRequest
from todo_app.schemas.tasks import BulkRequest, ChangesQuery, TaskFields, TaskView
from todo_app.services import bulk, changes, labels, projects, quick_add, tasks
from todo_app.services.actor import Actor


def add(db: Database, actor: Actor, title: str, **values: Any) -> uuid.UUID:
    return db.write_now(tasks.create_task, actor, TaskFields.model_validate({"title": title, **values})).id


def act(db: Database, actor: Actor, ids: list[uuid.UUID], **what: Any) -> int:
    return db.write_now(bulk.act, actor, BulkRequest.model_validate({"ids": ids, **what})).changed


def see(db: Database, actor: Actor, task_id: uuid.UUID) -> TaskView:
    return db.read_now(tasks.get_task, actor, task_id)


@pytest.fixture
def three(db: Database, ana: Actor) -> list[uuid.UUID]:
    return [add(db, ana, title) for title in ("One", "Two", "Three")]


def test_many_are_completed_and_one_undo_takes_it_back(db: Database, ana: Actor, three: list[uuid.UUID]) -> None:
    assert act(db, ana, three, patch={"completed": True}) == 3
    assert all(see(db, ana, each).completed for each in three)
    db.write_now(changes.undo, ana)
    assert not any(see(db, ana, each).completed for each in three)


def test_an_id_given_twice_counts_once_and_what_is_so_already_is_not_changed(
    db: Database, ana: Actor, three: list[uuid.UUID]
) -> None:
    assert act(db, ana, [three[0], three[0]], patch={"priority": 1}) == 1
    assert act(db, ana, three, patch={"priority": 1}) == 2
    assert see(db, ana, three[0]).version == 2


@pytest.mark.parametrize("which", ["missing", "foreign", "in Trash"])
def test_one_id_that_is_not_there_and_nothing_is_changed(
    db: Database, ana: Actor, bob: Actor, three: list[uuid.UUID], which: str
) -> None:
    other = {"missing": uuid.uuid4(), "foreign": add(db, bob, "Bob's"), "in Trash": add(db, ana, "Gone")}
    db.write_now(tasks.delete_task, ana, other["in Trash"])
    before = db.read_now(changes.list_changes, ana, ChangesQuery())
    with pytest.raises(NotFound):
        act(db, ana, [*three, other[which]], patch={"completed": True}, delete=True)
    assert db.read_now(changes.list_changes, ana, ChangesQuery()) == before
    assert see(db, bob, other["foreign"]).version == 1


def test_a_rule_broken_by_one_is_broken_by_all(db: Database, ana: Actor, three: list[uuid.UUID]) -> None:
    with pytest.raises(Invalid) as caught:
        act(db, ana, three, patch={"due_time": "10:00"})
    assert [error.pointer for error in caught.value.errors] == ["/due_time"]
    assert see(db, ana, three[0]).version == 1


def test_labels_are_added_and_taken_off(db: Database, ana: Actor, three: list[uuid.UUID]) -> None:
    work, home = (db.write_now(labels.create_label, ana, LabelFields(name=name)).id for name in ("work", "home"))
    assert act(db, ana, three[:2], add_label_ids=[work, home]) == 2
    assert act(db, ana, three, add_label_ids=[home], remove_label_ids=[work]) == 3
    assert [see(db, ana, each).label_ids for each in three] == [[home], [home], [home]]


def test_a_stranger_s_label_and_the_51st_are_refused(db: Database, ana: Actor, bob: Actor, three: list[uuid.UUID]) -> None:
    foreign = db.write_now(labels.create_label, bob, LabelFields(name="Bob's")).id
    own = [db.write_now(labels.create_label, ana, LabelFields(name=f"l{n}")).id for n in range(51)]
    act(db, ana, three, add_label_ids=own[:50])
    for refused in (foreign, own[50]):
        with pytest.raises(Invalid) as caught:
            act(db, ana, three, add_label_ids=[refused])
        assert [error.pointer for error in caught.value.errors] == ["/add_label_ids"]


def test_a_task_and_its_subtask_both_moved_stay_together(db: Database, ana: Actor) -> None:
    home = db.write_now(projects.create_project, ana, ProjectFields(name="Home")).id
    trip = add(db, ana, "Trip")
    pack = add(db, ana, "Pack", parent_id=trip)
    socks = add(db, ana, "Socks", parent_id=pack)
    assert act(db, ana, [socks, trip], patch={"project_id": home}) == 2
    assert [see(db, ana, each).project_id for each in (trip, pack, socks)] == [home] * 3
    assert [see(db, ana, each).parent_id for each in (trip, pack, socks)] == [None, trip, pack]


def test_a_recurring_task_and_its_subtask_both_completed_begin_anew_together(db: Database, ana: Actor) -> None:
    plants = add(db, ana, "Plants", due_date="2026-03-04", rrule="FREQ=DAILY")
    water = add(db, ana, "Water", parent_id=plants)
    act(db, ana, [plants, water], patch={"completed": True})
    assert not see(db, ana, plants).completed
    assert see(db, ana, plants).due_date > ana.today
    assert not see(db, ana, water).completed


def test_deleting_many_takes_their_subtasks_and_restoring_one_brings_back_its_own(
    db: Database, ana: Actor, three: list[uuid.UUID]
) -> None:
    child = add(db, ana, "Child", parent_id=three[0])
    assert act(db, ana, [*three[:2], child], delete=True) == 3
    with pytest.raises(NotFound):
        see(db, ana, child)
    db.write_now(tasks.restore_task, ana, three[0])
    assert see(db, ana, child).parent_id == three[0]
    with pytest.raises(NotFound):
        see(db, ana, three[1])


def test_moving_into_one_of_themselves_is_refused(db: Database, ana: Actor, three: list[uuid.UUID]) -> None:
    with pytest.raises(Invalid):
        act(db, ana, three, patch={"parent_id": three[1]})
    assert act(db, ana, [three[0], three[2]], patch={"parent_id": three[1]}) == 2


@pytest.mark.parametrize("what", ["complete", "move", "label"])
def test_five_hundred_cost_hardly_more_queries_than_two(db: Database, ana: Actor, what: str) -> None:
    label = db.write_now(labels.create_label, ana, LabelFields(name="work")).id
    home = db.write_now(projects.create_project, ana, ProjectFields(name="Home")).id
    body: dict[str, Any] = {
        "complete": {"patch": {"completed": True}},
        "move": {"patch": {"project_id": home}},
        "label": {"patch": {"label_ids": [label]}},
    }[what]

    def queries(count: int) -> int:
        ids = [task.id for task in db.write_now(quick_add.add, ana, QuickAddRequest(text="Task\n" * count))]
        with statements(db) as seen:
            assert act(db, ana, ids, **body) == count
        # The index over labels is written task by task.
        return len([each for each in seen if "task_labels" not in each])

    assert queries(500) <= queries(2) + 8
