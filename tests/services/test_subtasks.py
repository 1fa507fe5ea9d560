"""Subtasks: they are where their parent is, and are done, deleted and brought back with it."""

import uuid
from typing import Any

import pytest

from tests.services.organising import Person
from todo_app.errors import Conflict, Invalid, NotFound
from todo_app.schemas.tasks import MoveRequest, TaskFields
from todo_app.services import tasks
from todo_app.services.actor import Actor

Trip = dict[str, uuid.UUID]


@pytest.fixture
def trip(at_work: Person) -> Trip:
    """Trip > Pack > Socks, and Trip > Book."""
    whole = at_work.add("Trip")
    pack = at_work.add("Pack", parent_id=whole)
    return {
        "Trip": whole,
        "Pack": pack,
        "Book": at_work.add("Book", parent_id=whole),
        "Socks": at_work.add("Socks", parent_id=pack),
    }


def completed(at_work: Person, trip: Trip) -> list[str]:
    return [title for title, task_id in trip.items() if at_work.see(task_id).completed]


def toggle(at_work: Person, task_id: uuid.UUID) -> None:
    at_work.do(tasks.toggle_task, task_id)


def test_the_parent_tells_how_many_there_are_and_how_many_are_done(at_work: Person, trip: Trip) -> None:
    toggle(at_work, trip["Book"])
    whole = at_work.see(trip["Trip"])
    assert (whole.subtasks, whole.subtasks_completed) == (2, 1)
    at_work.do(tasks.delete_task, trip["Pack"])
    whole = at_work.see(trip["Trip"])
    assert (whole.subtasks, whole.subtasks_completed) == (1, 1)


def test_completing_a_task_completes_all_below_it_and_one_undo_takes_it_back(at_work: Person, trip: Trip) -> None:
    toggle(at_work, trip["Book"])
    toggle(at_work, trip["Trip"])
    assert completed(at_work, trip) == ["Trip", "Pack", "Book", "Socks"]
    at_work.undo()
    assert completed(at_work, trip) == ["Book"]


def test_opening_a_subtask_opens_what_it_lies_in(at_work: Person, trip: Trip) -> None:
    toggle(at_work, trip["Trip"])
    toggle(at_work, trip["Socks"])
    assert completed(at_work, trip) == ["Book"]


def test_an_open_task_put_into_a_completed_one_opens_it(at_work: Person, trip: Trip) -> None:
    for put in (
        lambda: at_work.add("One more", parent_id=trip["Pack"]),
        lambda: at_work.patch(at_work.add("Elsewhere"), parent_id=trip["Pack"]),
    ):
        if not at_work.see(trip["Trip"]).completed:
            toggle(at_work, trip["Trip"])
        put()
        assert completed(at_work, trip) == ["Book", "Socks"]
    toggle(at_work, trip["Trip"])
    at_work.add("Done already", parent_id=trip["Pack"], completed=True)
    assert at_work.see(trip["Trip"]).completed


def test_a_subtask_brought_back_from_trash_opens_its_parent(at_work: Person, trip: Trip) -> None:
    at_work.do(tasks.delete_task, trip["Book"])
    toggle(at_work, trip["Trip"])
    at_work.do(tasks.restore_task, trip["Book"])
    assert not at_work.see(trip["Trip"]).completed


def test_subtasks_go_where_their_parent_goes(at_work: Person, trip: Trip) -> None:
    travel = at_work.project("Travel")
    summer = at_work.section("Summer", travel)
    at_work.do(tasks.delete_task, trip["Book"])
    at_work.patch(trip["Trip"], section_id=summer)
    assert {(at_work.see(trip[each]).project_id, at_work.see(trip[each]).section_id) for each in ("Trip", "Pack", "Socks")} == {
        (travel, summer)
    }
    assert at_work.do(tasks.restore_task, trip["Book"]).section_id == summer
    at_work.undo()
    at_work.undo()
    assert at_work.see(trip["Socks"]).project_id is None


def test_a_subtask_is_where_its_parent_is_whatever_else_is_said(at_work: Person, trip: Trip) -> None:
    travel, other = at_work.project("Travel"), at_work.project("Other")
    at_work.patch(trip["Trip"], project_id=travel)
    assert at_work.see(at_work.add("x", parent_id=trip["Trip"], project_id=other)).project_id == travel
    assert at_work.patch(trip["Pack"], parent_id=trip["Trip"], project_id=other).project_id == travel


@pytest.mark.parametrize(
    ("values", "parent", "place"),
    [
        ({"parent_id": None}, None, ("Travel", "Summer")),
        ({"section_id": None}, None, ("Travel", None)),
        ({"project_id": "Other"}, None, ("Other", None)),
        ({"project_id": None}, None, (None, None)),
        ({"section_id": "Elsewhere"}, None, ("Other", "Elsewhere")),
        ({"section_id": "Elsewhere", "project_id": "Other"}, None, ("Other", "Elsewhere")),
        ({"project_id": "Travel"}, "Trip", ("Travel", "Summer")),
        ({"section_id": "Summer"}, "Trip", ("Travel", "Summer")),
        ({"parent_id": "Trip"}, "Trip", ("Travel", "Summer")),
        ({"parent_id": "Book"}, "Book", ("Travel", "Summer")),
        ({"parent_id": None, "project_id": "Travel"}, None, ("Travel", "Summer")),
        ({"parent_id": None, "section_id": None}, None, ("Travel", None)),
    ],
)
def test_where_a_patch_puts_a_subtask(
    at_work: Person, trip: Trip, values: dict[str, Any], parent: str | None, place: tuple[str | None, str | None]
) -> None:
    travel, other = at_work.project("Travel"), at_work.project("Other")
    named: dict[str | None, Any] = {
        None: None, **trip, "Travel": travel, "Other": other,
        "Summer": at_work.section("Summer", travel), "Elsewhere": at_work.section("Elsewhere", other),
    }  # fmt: skip
    at_work.patch(trip["Trip"], section_id=named["Summer"])
    view = at_work.patch(trip["Pack"], **{name: named[value] for name, value in values.items()})
    assert (view.parent_id, view.project_id, view.section_id) == (named[parent], named[place[0]], named[place[1]])
    socks = at_work.see(trip["Socks"])
    assert (socks.project_id, socks.section_id) == (view.project_id, view.section_id)


def test_a_section_of_another_project_is_refused(at_work: Person) -> None:
    travel, other = at_work.project("Travel"), at_work.project("Other")
    summer = at_work.section("Summer", travel)
    task = at_work.add("x", section_id=summer)
    for write in (
        lambda: at_work.add("x", project_id=other, section_id=summer),
        lambda: at_work.patch(at_work.add("x"), project_id=other, section_id=summer),
        lambda: at_work.do(tasks.replace_task, task, TaskFields(title="x", project_id=other, section_id=summer)),
        lambda: at_work.do(tasks.move_task, task, MoveRequest(project_id=other, section_id=summer)),
    ):
        with pytest.raises(Invalid) as caught:
            write()
        assert [error.pointer for error in caught.value.errors] == ["/section_id"]
    assert at_work.see(task).project_id == travel


def test_putting_back_the_whole_of_a_subtask_leaves_it_where_it_is(at_work: Person, trip: Trip) -> None:
    before = at_work.see(trip["Pack"])
    whole = before.model_dump(include=set(TaskFields.model_fields))
    assert at_work.do(tasks.replace_task, trip["Pack"], TaskFields.model_validate(whole)) == before
    assert at_work.do(tasks.replace_task, trip["Pack"], TaskFields(title="Pack")).parent_id is None


def test_a_task_can_t_be_its_own_subtask(at_work: Person, trip: Trip) -> None:
    for below in ("Trip", "Pack", "Socks"):
        with pytest.raises(Invalid) as caught:
            at_work.patch(trip["Trip"], parent_id=trip[below])
        assert [error.pointer for error in caught.value.errors] == ["/parent_id"]


def test_a_parent_must_be_there_and_one_s_own(at_work: Person, bob: Actor, trip: Trip) -> None:
    at_work.do(tasks.delete_task, trip["Book"])
    for parent in (uuid.uuid4(), Person(at_work.db, bob).add("Bob's"), trip["Book"]):
        with pytest.raises(Invalid):
            at_work.add("x", parent_id=parent)


def test_two_changes_undone_out_of_turn_make_no_circle(at_work: Person, trip: Trip) -> None:
    at_work.patch(trip["Pack"], parent_id=None)
    change = at_work.last_change()
    at_work.patch(trip["Trip"], parent_id=trip["Socks"])
    before = at_work.everything()
    with pytest.raises(Conflict):
        at_work.undo(change)
    with pytest.raises(Conflict):
        at_work.undo(change)
    assert at_work.everything() == before


def test_a_subtask_is_not_put_back_below_a_parent_that_is_elsewhere_by_now(at_work: Person, trip: Trip) -> None:
    at_work.patch(trip["Book"], parent_id=None)
    change = at_work.last_change()
    at_work.patch(trip["Trip"], project_id=at_work.project("Travel"))
    with pytest.raises(Conflict):
        at_work.undo(change)


def test_a_parent_is_not_put_back_to_where_its_new_subtask_is_not(at_work: Person, trip: Trip) -> None:
    at_work.patch(trip["Trip"], project_id=at_work.project("Travel"))
    change = at_work.last_change()
    at_work.add("Later", parent_id=trip["Trip"])
    with pytest.raises(Conflict):
        at_work.undo(change)


def test_making_a_parent_can_t_be_undone_while_it_has_subtasks(at_work: Person) -> None:
    parent = at_work.add("Parent")
    made = at_work.last_change()
    at_work.add("Child", parent_id=parent)
    with pytest.raises(Conflict):
        at_work.undo(made)
    assert at_work.see(parent).subtasks == 1


def test_deleting_takes_the_subtasks_and_undo_or_restoring_brings_them_back(at_work: Person, trip: Trip) -> None:
    before = at_work.everything()
    for bring_back in (lambda: at_work.undo(), lambda: at_work.do(tasks.restore_task, trip["Trip"])):
        at_work.do(tasks.delete_task, trip["Trip"])
        assert at_work.titles() == []
        bring_back()
        assert at_work.everything() == before


def test_what_was_deleted_before_its_parent_stays_in_trash_when_that_comes_back(at_work: Person, trip: Trip) -> None:
    at_work.do(tasks.delete_task, trip["Socks"])
    at_work.do(tasks.delete_task, trip["Trip"])
    at_work.do(tasks.restore_task, trip["Trip"])
    assert sorted(at_work.titles()) == ["Book", "Pack", "Trip"]
    assert at_work.do(tasks.restore_task, trip["Socks"]).parent_id == trip["Pack"]


def test_a_subtask_restored_alone_becomes_a_task_of_its_own_with_its_own_subtasks(at_work: Person, trip: Trip) -> None:
    at_work.do(tasks.delete_task, trip["Trip"])
    assert at_work.do(tasks.restore_task, trip["Pack"]).parent_id is None
    assert at_work.see(trip["Socks"]).parent_id == trip["Pack"]
    assert at_work.do(tasks.restore_task, trip["Trip"]).subtasks == 1


def test_a_subtask_s_deletion_is_not_undone_while_its_parent_is_in_trash(at_work: Person, trip: Trip) -> None:
    at_work.do(tasks.delete_task, trip["Book"])
    change = at_work.last_change()
    at_work.do(tasks.delete_task, trip["Trip"])
    with pytest.raises(Conflict):
        at_work.undo(change)


def test_deleting_for_good_takes_all_of_it_in_trash_and_nothing_else(at_work: Person, trip: Trip) -> None:
    at_work.do(tasks.delete_task, trip["Trip"])
    at_work.do(tasks.restore_task, trip["Pack"])
    at_work.do(tasks.purge_task, trip["Trip"])
    assert sorted(at_work.titles()) == ["Pack", "Socks"]
    for gone in ("Trip", "Book"):
        with pytest.raises(NotFound):
            at_work.do(tasks.restore_task, trip[gone])


def test_a_living_subtask_far_below_one_deleted_for_good_lives_on(at_work: Person, trip: Trip) -> None:
    from sqlmodel import Session

    def leave_socks_alive(session: Session, actor: Actor) -> None:
        tasks.find(session, actor, trip["Socks"], in_trash=True).deleted_at = None

    at_work.do(tasks.delete_task, trip["Trip"])
    at_work.do(leave_socks_alive)
    at_work.do(tasks.purge_task, trip["Trip"])
    assert at_work.see(trip["Socks"]).parent_id is None


def test_undoing_into_a_parent_deleted_for_good_is_refused(at_work: Person, trip: Trip) -> None:
    at_work.patch(trip["Pack"], parent_id=None)
    change = at_work.last_change()
    at_work.do(tasks.delete_task, trip["Trip"])
    at_work.do(tasks.purge_task, trip["Trip"])
    with pytest.raises(Conflict):
        at_work.undo(change)
    assert at_work.see(trip["Pack"]).parent_id is None
