"""A task set back to an earlier version, as far as the world around it is still there."""

import uuid

import pytest

from tests.services.organising import Person
from todo_app.schemas.tasks import TaskView
from todo_app.services import labels, projects, sections, tasks


def revert(at_work: Person, task_id: uuid.UUID, change: int) -> TaskView:
    view: TaskView = at_work.do(tasks.revert_task, task_id, change)
    return view


def test_everything_is_as_it_was_and_its_subtasks_follow(at_work: Person) -> None:
    travel = at_work.project("Travel")
    summer = at_work.section("Summer", travel)
    label = at_work.label("fun")
    task = at_work.add("Trip", section_id=summer, label_ids=[label], priority=1, due_date="2026-03-04", rrule="FREQ=DAILY")
    before, change = at_work.see(task), at_work.last_change()
    child = at_work.add("Pack", parent_id=task)
    at_work.patch(task, title="x", project_id=None, label_ids=[], rrule=None, due_date=None, priority=4)
    view = revert(at_work, task, change)
    moved_on = {"updated_at": before.updated_at, "version": 1, "subtasks": 0}
    assert view.model_copy(update=moved_on) == before
    assert at_work.see(child).section_id == summer


def test_a_place_that_is_no_more_is_left_out(at_work: Person) -> None:
    travel = at_work.project("Travel")
    summer = at_work.section("Summer", travel)
    task = at_work.add("Trip", section_id=summer)
    change = at_work.last_change()
    at_work.patch(task, project_id=None)
    at_work.do(sections.delete_section, summer)
    assert (revert(at_work, task, change).project_id, at_work.see(task).section_id) == (travel, None)
    at_work.undo()
    at_work.do(projects.delete_project, travel)
    assert revert(at_work, task, change).project_id is None


def test_a_label_that_is_no_more_is_left_out(at_work: Person) -> None:
    kept, gone = at_work.label("kept"), at_work.label("gone")
    task = at_work.add("x", label_ids=[gone, kept])
    change = at_work.last_change()
    at_work.patch(task, label_ids=[])
    at_work.do(labels.delete_label, gone)
    assert revert(at_work, task, change).label_ids == [kept]
    assert at_work.titles(label_id=kept) == ["x"]


@pytest.mark.parametrize("fate", ["below it now", "in Trash", "gone", "elsewhere"])
def test_a_parent_that_can_t_be_is_left_out_and_one_that_moved_is_followed(at_work: Person, fate: str) -> None:
    parent = at_work.add("Parent")
    child = at_work.add("Child", parent_id=parent)
    change = at_work.last_change()
    at_work.patch(child, parent_id=None)
    travel = at_work.project("Travel")
    if fate == "below it now":
        at_work.patch(parent, parent_id=child)
    elif fate == "elsewhere":
        at_work.patch(parent, project_id=travel)
    else:
        at_work.do(tasks.delete_task, parent)
        if fate == "gone":
            at_work.do(tasks.purge_task, parent)
    view = revert(at_work, child, change)
    assert (view.parent_id, view.project_id) == ((parent, travel) if fate == "elsewhere" else (None, None))


def test_a_version_that_was_open_opens_what_it_lies_in_and_a_completed_one_completes_its_subtasks(at_work: Person) -> None:
    parent = at_work.add("Parent")
    child = at_work.add("Child", parent_id=parent)
    was_open = at_work.last_change()
    at_work.do(tasks.toggle_task, parent)
    was_done = at_work.last_change()
    assert not revert(at_work, child, was_open).completed
    assert not at_work.see(parent).completed
    assert revert(at_work, parent, was_done).completed
    assert at_work.see(child).completed


def test_a_recurring_task_is_not_moved_on_by_it(at_work: Person) -> None:
    task = at_work.add("x", due_date="2026-03-04", rrule="FREQ=DAILY")
    change = at_work.last_change()
    at_work.do(tasks.toggle_task, task)
    view = revert(at_work, task, change)
    assert (str(view.due_date), view.completed, view.last_completed_at) == ("2026-03-04", False, None)
