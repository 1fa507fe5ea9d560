"""Projects: nested, archived, ordered by hand, deleted with what is in them."""

import uuid
from typing import Any

import pytest

from tests.services.organising import Person
from todo_app.errors import Conflict, Invalid, NotFound, Stale
from todo_app.schemas.organise import ProjectPatch
from todo_app.services import labels, projects, sections, tasks
from todo_app.services.actor import Actor


@pytest.fixture
def tree(at_work: Person) -> dict[str, uuid.UUID]:
    """Home > Garden > Beds, and Work."""
    home = at_work.project("Home")
    garden = at_work.project("Garden", parent_id=home)
    return {"Home": home, "Garden": garden, "Beds": at_work.project("Beds", parent_id=garden), "Work": at_work.project("Work")}


def refused(pointer: str, work: Any, *args: Any) -> None:
    with pytest.raises(Invalid) as caught:
        work(*args)
    assert [error.pointer for error in caught.value.errors] == [pointer]


def test_projects_are_listed_each_before_those_in_it(at_work: Person, tree: dict[str, uuid.UUID]) -> None:
    at_work.project("Kitchen", parent_id=tree["Home"])
    assert at_work.project_names() == ["Home", "Garden", "Beds", "Kitchen", "Work"]


def test_a_project_can_t_lie_inside_itself(at_work: Person, tree: dict[str, uuid.UUID]) -> None:
    for parent in ("Home", "Garden", "Beds"):
        refused("/parent_id", lambda parent=parent: at_work.change_project(tree["Home"], parent_id=tree[parent]))
    for leader in ("Garden", "Beds"):
        refused("/after", at_work.do, projects.place_project, tree["Home"], tree[leader])
    assert at_work.project_names() == ["Home", "Garden", "Beds", "Work"]


def test_a_parent_must_be_one_s_own(at_work: Person, bob: Actor, tree: dict[str, uuid.UUID]) -> None:
    foreign = Person(at_work.db, bob).project("Bob's")
    for parent in (foreign, uuid.uuid4()):
        refused("/parent_id", lambda parent=parent: at_work.project("x", parent_id=parent))
        refused("/parent_id", lambda parent=parent: at_work.change_project(tree["Work"], parent_id=parent))


def test_two_undos_that_each_are_right_can_t_make_a_circle(at_work: Person, tree: dict[str, uuid.UUID]) -> None:
    at_work.change_project(tree["Garden"], parent_id=None)
    change = at_work.last_change()
    at_work.change_project(tree["Home"], parent_id=tree["Beds"])
    with pytest.raises(Conflict):
        at_work.undo(change)
    assert at_work.project_names() == ["Work", "Garden", "Beds", "Home"]


def test_a_project_in_a_new_parent_goes_to_its_end(at_work: Person, tree: dict[str, uuid.UUID]) -> None:
    at_work.project("Kitchen", parent_id=tree["Home"])
    at_work.change_project(tree["Garden"], parent_id=None)
    assert at_work.project_names() == ["Home", "Kitchen", "Work", "Garden", "Beds"]
    at_work.change_project(tree["Garden"], parent_id=tree["Home"])
    assert at_work.project_names() == ["Home", "Kitchen", "Garden", "Beds", "Work"]


def test_a_project_is_placed_behind_another_and_into_its_parent(at_work: Person, tree: dict[str, uuid.UUID]) -> None:
    at_work.do(projects.place_project, tree["Work"], None)
    assert at_work.project_names() == ["Work", "Home", "Garden", "Beds"]
    at_work.do(projects.place_project, tree["Work"], tree["Beds"])
    assert at_work.project_names() == ["Home", "Garden", "Beds", "Work"]
    assert at_work.read(projects.get_project, tree["Work"]).parent_id == tree["Garden"]
    at_work.do(projects.place_project, tree["Work"], tree["Work"])
    assert at_work.project_names() == ["Home", "Garden", "Beds", "Work"]


def test_archiving_keeps_the_moment_and_undoes(at_work: Person, tree: dict[str, uuid.UUID]) -> None:
    first = at_work.change_project(tree["Home"], archived=True)
    assert first.archived
    again = at_work.change_project(tree["Home"], archived=True, name="Old home")
    assert again.archived_at == first.archived_at
    assert at_work.change_project(tree["Home"], archived=None).archived_at is None
    at_work.undo()
    assert at_work.read(projects.get_project, tree["Home"]).archived


def test_null_sets_back_to_the_default_and_an_old_version_is_refused(at_work: Person, tree: dict[str, uuid.UUID]) -> None:
    at_work.change_project(tree["Home"], color="red", description="Where I live", view="board")
    view = at_work.change_project(tree["Home"], color=None, description=None, view=None)
    assert (view.color, view.description, view.view) == ("grey", "", "list")
    with pytest.raises(Stale):
        at_work.do(projects.update_project, tree["Home"], ProjectPatch(name="x"), frozenset({1}))


@pytest.fixture
def full(at_work: Person, tree: dict[str, uuid.UUID]) -> dict[str, uuid.UUID]:
    """Tasks, subtasks, labels and sections all over Home."""
    label = at_work.label("errand")
    section = at_work.section("Spring", tree["Garden"])
    sow = at_work.add("Sow", section_id=section, label_ids=[label])
    at_work.add("Buy seeds", parent_id=sow)
    at_work.add("Tidy", project_id=tree["Home"])
    dropped = at_work.add("Dropped", project_id=tree["Beds"])
    at_work.do(tasks.delete_task, dropped)
    at_work.add("Elsewhere", project_id=tree["Work"])
    return {**tree, "section": section, "label": label, "Sow": sow, "Dropped": dropped}


def test_what_a_deletion_takes_with_it_is_told_before(at_work: Person, full: dict[str, uuid.UUID]) -> None:
    assert at_work.read(projects.contents_of, full["Home"]).model_dump() == {"projects": 2, "sections": 1, "tasks": 3}
    assert at_work.read(projects.contents_of, full["Beds"]).model_dump() == {"projects": 0, "sections": 0, "tasks": 0}


def test_deleting_takes_all_that_is_in_it_and_one_undo_brings_all_of_it_back(at_work: Person, full: dict[str, uuid.UUID]) -> None:
    before = at_work.everything()
    at_work.do(projects.delete_project, full["Home"])
    assert at_work.project_names() == ["Work"]
    assert at_work.titles() == ["Elsewhere"]
    assert at_work.read(sections.list_sections).items == []
    at_work.undo()
    assert at_work.everything() == before
    assert at_work.titles(label_id=full["label"]) == ["Sow"]
    at_work.redo()
    assert at_work.titles() == ["Elsewhere"]
    at_work.undo()
    assert at_work.everything() == before


def test_its_tasks_wait_in_trash_and_come_back_to_the_inbox_with_their_subtasks(
    at_work: Person, full: dict[str, uuid.UUID]
) -> None:
    at_work.do(projects.delete_project, full["Home"])
    view = at_work.do(tasks.restore_task, full["Sow"])
    assert (view.project_id, view.section_id, view.subtasks, view.label_ids) == (None, None, 1, [full["label"]])
    with pytest.raises(Conflict):
        at_work.undo(at_work.last_change() - 1)


def test_deleting_a_label_and_undoing_that_first_works_whatever_the_order(at_work: Person, full: dict[str, uuid.UUID]) -> None:
    at_work.do(projects.delete_project, full["Home"])
    deletion = at_work.last_change()
    at_work.do(labels.delete_label, full["label"])
    at_work.undo(deletion)
    assert at_work.see(full["Sow"]).label_ids == []
    at_work.undo()
    assert at_work.see(full["Sow"]).label_ids == [full["label"]]


def test_making_a_project_can_t_be_undone_while_something_is_in_it(at_work: Person) -> None:
    for fill in (
        lambda project: at_work.add("x", project_id=project),
        lambda project: at_work.section("x", project),
        lambda project: at_work.project("x", parent_id=project),
    ):
        project = at_work.project("New")
        made = at_work.last_change()
        fill(project)
        before = at_work.everything()
        with pytest.raises(Conflict):
            at_work.undo(made)
        assert at_work.everything() == before
        at_work.undo()
        at_work.undo()
        with pytest.raises(NotFound):
            at_work.read(projects.get_project, project)


def test_a_move_into_a_project_deleted_since_can_t_be_redone_or_undone_into_it(at_work: Person) -> None:
    old, new = at_work.project("Old"), at_work.project("New")
    task = at_work.add("x", project_id=old)
    at_work.patch(task, project_id=new)
    move = at_work.last_change()
    at_work.do(projects.delete_project, old)
    with pytest.raises(Conflict):
        at_work.undo(move)
    assert at_work.see(task).project_id == new


def test_a_thousand_projects_and_no_more_however_deep(at_work: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projects, "MOST_PROJECTS", 5)
    parent = None
    for n in range(5):
        parent = at_work.project(f"{n}", parent_id=parent)
    refused("/name", at_work.project, "One too many")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_tree_deeper_than_python_can_call_is_listed(at_work: Person) -> None:
    from sqlmodel import Session

    from todo_app.models import Project

    def nest(session: Session, actor: Actor) -> None:
        parent = None
        for n in range(1000):
            row = Project(owner_id=actor.user_id, name=str(n), parent_id=parent, position="V")
            session.add(row)
            parent = row.id

    at_work.do(nest)
    assert at_work.project_names() == [str(n) for n in range(1000)]
    at_work.do(projects.delete_project, at_work.read(projects.list_projects).items[0].id)
    assert at_work.project_names() == []
