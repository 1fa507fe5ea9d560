"""Labels, sections and saved filters; and what happens when two people's hands are quicker than one."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.services.organising import Person
from todo_app.errors import Conflict, DomainError, Invalid
from todo_app.schemas.organise import FilterFields, FilterPatch, LabelFields, LabelPatch, SectionPatch
from todo_app.schemas.quick_add import QuickAddRequest
from todo_app.schemas.tasks import MoveRequest
from todo_app.services import labels, projects, quick_add, saved_filters, sections, tasks


def together(*works: Any) -> list[Any]:
    """Does all of it at the same moment; what each gave or raised."""
    barrier = Barrier(len(works))

    def run(work: Any) -> Any:
        barrier.wait()
        try:
            return work()
        except DomainError as error:
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def test_a_name_is_there_once_whatever_its_case_and_accents(at_work: Person) -> None:
    cafe = at_work.label("Café")
    for name in ("Café", "cafe", " CAFÉ "):
        with pytest.raises(Conflict):
            at_work.label(name)
    other = at_work.label("Tea")
    with pytest.raises(Conflict):
        at_work.do(labels.update_label, other, LabelPatch(name="CAFE"))
    assert at_work.do(labels.update_label, cafe, LabelPatch(name="CAFE", color="red")).name == "CAFE"


def test_two_at_once_make_one_label(at_work: Person) -> None:
    found = together(*[lambda: at_work.do(labels.create_label, LabelFields(name="work"))] * 4)
    assert sum(isinstance(each, Conflict) for each in found) == 3
    assert len(at_work.read(labels.list_labels).items) == 1


def test_a_name_taken_since_can_t_be_undone_to(at_work: Person) -> None:
    label = at_work.label("work")
    at_work.do(labels.update_label, label, LabelPatch(name="job"))
    rename = at_work.last_change()
    at_work.label("Work")
    with pytest.raises(Conflict):
        at_work.undo(rename)
    gone = at_work.label("gone")
    at_work.do(labels.delete_label, gone)
    deletion = at_work.last_change()
    at_work.label("gone")
    with pytest.raises(Conflict):
        at_work.undo(deletion)
    assert sorted(each.name for each in at_work.read(labels.list_labels).items) == ["Work", "gone", "job"]


def test_deleting_takes_it_off_its_tasks_and_one_undo_puts_it_back_on(at_work: Person) -> None:
    work, home = at_work.label("work"), at_work.label("home")
    task, trashed = at_work.add("x", label_ids=[work, home]), at_work.add("y", label_ids=[work])
    at_work.do(tasks.delete_task, trashed)
    before = at_work.everything()
    at_work.do(labels.delete_label, work)
    assert at_work.see(task).label_ids == [home]
    assert at_work.titles(q="work") == []
    at_work.undo()
    assert at_work.everything() == before
    assert at_work.titles(label_id=work) == ["x"]
    at_work.redo()
    assert at_work.titles(label_id=work) == []


def test_making_a_label_can_t_be_undone_while_a_task_has_it(at_work: Person) -> None:
    label = at_work.label("work")
    made = at_work.last_change()
    task = at_work.add("x", label_ids=[label])
    with pytest.raises(Conflict):
        at_work.undo(made)
    assert at_work.see(task).label_ids == [label]


def test_labels_of_a_task_are_one_s_own_and_each_once(at_work: Person) -> None:
    label = at_work.label("work")
    assert at_work.see(at_work.add("x", label_ids=[label, label])).label_ids == [label]
    with pytest.raises(Invalid):
        at_work.add("x", label_ids=[label, uuid.uuid4()])


def test_deleting_a_section_leaves_its_tasks_in_the_project_and_one_undo_puts_them_back(at_work: Person) -> None:
    home = at_work.project("Home")
    garden = at_work.section("Garden", home)
    task = at_work.add("Mow", section_id=garden)
    child = at_work.add("Fuel", parent_id=task)
    at_work.do(sections.update_section, garden, SectionPatch(name="Yard"))
    before = at_work.everything()
    at_work.do(sections.delete_section, garden)
    assert [(at_work.see(each).project_id, at_work.see(each).section_id) for each in (task, child)] == [(home, None)] * 2
    at_work.undo()
    assert at_work.everything() == before


def test_a_saved_filter_must_be_one(at_work: Person) -> None:
    saved = at_work.do(saved_filters.create_filter, FilterFields(name="Soon", query=" today | overdue ")).id
    for write in (
        lambda: at_work.do(saved_filters.create_filter, FilterFields(name="Bad", query="(today")),
        lambda: at_work.do(saved_filters.update_filter, saved, FilterPatch(query="today &")),
    ):
        with pytest.raises(Invalid) as caught:
            write()
        assert [error.pointer for error in caught.value.errors] == ["/query"]
    view = at_work.do(saved_filters.update_filter, saved, FilterPatch(name="Now", color="red"))
    assert (view.name, view.query, view.color) == ("Now", "today | overdue", "red")
    at_work.do(saved_filters.delete_filter, saved)
    at_work.undo()
    assert [each.name for each in at_work.read(saved_filters.list_filters).items] == ["Now"]


def test_what_is_put_into_something_while_that_is_deleted_is_refused_or_goes_with_it(at_work: Person) -> None:
    """And never an error that only the database understands, when it looks at the commit."""
    for n in range(6):
        home = at_work.project(f"Home {n}")
        inner, part, label = at_work.project(f"Inner {n}", parent_id=home), at_work.section("Part", home), at_work.label(f"l{n}")
        parent = at_work.add(f"Parent {n}")
        at_work.do(tasks.delete_task, parent)
        together(
            lambda home=home: at_work.do(projects.delete_project, home),
            lambda label=label: at_work.do(labels.delete_label, label),
            lambda parent=parent: at_work.do(tasks.purge_task, parent),
            lambda inner=inner: at_work.add("x", project_id=inner),
            lambda part=part: at_work.add("x", section_id=part),
            lambda label=label: at_work.add("x", label_ids=[label]),
            lambda home=home: at_work.section("x", home),
            lambda inner=inner: at_work.project("x", parent_id=inner),
            lambda parent=parent: at_work.add("x", parent_id=parent),
        )
    left = at_work.everything()
    known = {row["id"] for kind in ("projects", "sections", "labels") for row in left[kind]}
    for task in left["tasks"] + left["trash"]:
        assert {task["project_id"], task["section_id"], *task["label_ids"]} - {None} <= known
    assert {each["parent_id"] for each in left["projects"]} - {None} <= known


def test_two_moves_at_once_never_make_a_circle(at_work: Person) -> None:
    for _ in range(4):
        one, two = at_work.add("One"), at_work.add("Two")
        inner_one, inner_two = at_work.add("In one", parent_id=one), at_work.add("In two", parent_id=two)
        together(
            lambda one=one, inner_two=inner_two: at_work.patch(one, parent_id=inner_two),
            lambda two=two, inner_one=inner_one: at_work.patch(two, parent_id=inner_one),
        )
        assert None in (at_work.see(one).parent_id, at_work.see(two).parent_id)
        a, b = at_work.project("A"), at_work.project("B")
        inner_a, inner_b = at_work.project("In a", parent_id=a), at_work.project("In b", parent_id=b)
        together(
            lambda a=a, inner_b=inner_b: at_work.change_project(a, parent_id=inner_b),
            lambda b=b, inner_a=inner_a: at_work.change_project(b, parent_id=inner_a),
        )
    assert len(at_work.project_names()) == 16


def test_two_lines_at_once_make_one_project_and_one_label(at_work: Person) -> None:
    found = together(*[lambda: at_work.do(quick_add.add, QuickAddRequest(text="x #Home @work"))] * 4)
    assert len({task.project_id for (task,) in found}) == 1
    assert len(at_work.read(labels.list_labels).items) == 1


def test_two_moves_into_one_gap_at_once_get_two_places(at_work: Person) -> None:
    last, b, c, first = (at_work.add(name) for name in ("Last", "B", "C", "First"))
    together(*[lambda task=task: at_work.do(tasks.move_task, task, MoveRequest(after=first)) for task in (b, c)])
    assert sorted(at_work.titles(sort="position")[1:3]) == ["B", "C"]
    at_work.do(tasks.move_task, last, MoveRequest(after=first))
    assert at_work.titles(sort="position")[:2] == ["First", "Last"]
