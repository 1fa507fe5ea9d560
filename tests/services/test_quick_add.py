"""Quick add: lines of text become tasks, with everything they say."""

import datetime as dt
import uuid
from typing import Any

import pytest

from tests.people import statements
from todo_app.db import Database
from todo_app.errors import Invalid
from todo_app.schemas.organise import LabelFields, ProjectFields, ProjectPatch, SectionFields
from todo_app.schemas.quick_add import QuickAddRequest
from todo_app.schemas.tasks import ChangesQuery, TaskFields, TaskQuery, TaskView
from todo_app.services import changes, labels, projects, quick_add, sections, task_lists, tasks
from todo_app.services.actor import Actor


def add(db: Database, actor: Actor, text: str, **defaults: Any) -> list[TaskView]:
    return db.write_now(quick_add.add, actor, QuickAddRequest(text=text, **defaults))


def add_one(db: Database, actor: Actor, text: str, **defaults: Any) -> TaskView:
    (task,) = add(db, actor, text, **defaults)
    return task


def project(db: Database, actor: Actor, name: str, **values: Any) -> uuid.UUID:
    return db.write_now(projects.create_project, actor, ProjectFields(name=name, **values)).id


def project_names(db: Database, actor: Actor) -> list[str]:
    return [each.name for each in db.read_now(projects.list_projects, actor).items]


def label_names(db: Database, actor: Actor, task: TaskView) -> list[str]:
    names = {label.id: label.name for label in db.read_now(labels.list_labels, actor).items}
    return [names[label_id] for label_id in task.label_ids]


def titles(db: Database, actor: Actor, **query: Any) -> list[str]:
    return [task.title for task in db.read_now(task_lists.list_tasks, actor, TaskQuery.model_validate(query)).items]


def test_a_line_makes_a_task_with_everything_it_says(db: Database, ana: Actor) -> None:
    task = add_one(db, ana, "Call Sam every monday at 9am p1 #Home @calls @urgent")
    assert (task.title, task.priority, task.rrule, task.due_time) == ("Call Sam", 1, "FREQ=WEEKLY;BYDAY=MO", dt.time(9))
    assert task.due_date is not None
    assert task.due_date.weekday() == 0
    assert task.time_zone == "Europe/Berlin"
    assert project_names(db, ana) == ["Home"]
    assert label_names(db, ana, task) == ["calls", "urgent"]


def test_it_is_one_change_and_one_undo_takes_back_project_and_labels_too(db: Database, ana: Actor) -> None:
    add(db, ana, "Plan the trip #Travel\n  Book the train @phone\n  Pack")
    assert len(db.read_now(changes.list_changes, ana, ChangesQuery()).items) == 1
    db.write_now(changes.undo, ana)
    assert titles(db, ana) == []
    assert project_names(db, ana) == []
    assert db.read_now(labels.list_labels, ana).items == []
    db.write_now(changes.redo, ana)
    assert titles(db, ana) == ["Plan the trip", "Book the train", "Pack"]


def test_a_project_and_a_label_are_found_whatever_their_case_and_accents(db: Database, ana: Actor) -> None:
    cafe = project(db, ana, "Café")
    errand = db.write_now(labels.create_label, ana, LabelFields(name="Été")).id
    task = add_one(db, ana, "Buy milk #cafe @ETE")
    assert (task.project_id, task.label_ids) == (cafe, [errand])


def test_of_several_projects_of_one_name_it_is_the_one_where_one_is_then_the_first_not_archived(db: Database, ana: Actor) -> None:
    archived = project(db, ana, "Home")
    first, second = project(db, ana, "home"), project(db, ana, "HOME")
    db.write_now(projects.update_project, ana, archived, ProjectPatch(archived=True))
    assert add_one(db, ana, "x #Home").project_id == first
    assert add_one(db, ana, "x #Home", project_id=second).project_id == second
    for each in (first, second):
        db.write_now(projects.delete_project, ana, each)
    assert add_one(db, ana, "x #Home").project_id == archived


def test_a_stranger_s_project_and_label_are_not_found_but_made_anew(db: Database, ana: Actor, bob: Actor) -> None:
    theirs = add_one(db, bob, "x #Home @calls")
    mine = add_one(db, ana, "x #Home @calls")
    assert mine.project_id != theirs.project_id
    assert mine.label_ids != theirs.label_ids


def test_the_colour_of_what_is_made_is_always_the_same_and_never_plain_grey(db: Database, ana: Actor, bob: Actor) -> None:
    add(db, ana, "x #Home @calls")
    add(db, bob, "x #HOME @Calls")
    mine, theirs = (db.read_now(projects.list_projects, actor).items[0].color for actor in (ana, bob))
    assert mine == theirs != "grey"


def test_a_line_added_in_a_view_is_put_where_one_is(db: Database, ana: Actor) -> None:
    home = project(db, ana, "Home")
    garden = db.write_now(sections.create_section, ana, SectionFields(name="Garden", project_id=home)).id
    work = db.write_now(labels.create_label, ana, LabelFields(name="work")).id
    day = dt.date(2031, 5, 1)
    task = add_one(db, ana, "Mow @noisy", project_id=home, section_id=garden, label_ids=[work], due_date=day)
    assert (task.project_id, task.section_id, task.due_date) == (home, garden, day)
    assert label_names(db, ana, task) == ["work", "noisy"]
    said = add_one(db, ana, "Mow #Elsewhere 2030-01-02", project_id=home, section_id=garden, due_date=day)
    assert said.project_id not in (None, home)
    assert (said.section_id, said.due_date) == (None, dt.date(2030, 1, 2))
    named_too = add_one(db, ana, "Mow #home", project_id=home, section_id=garden)
    assert named_too.section_id == garden


def test_a_time_alone_is_on_the_day_whose_list_it_is_added_to(db: Database, ana: Actor) -> None:
    day = dt.date(2031, 5, 1)
    task = add_one(db, ana, "Call at 16:00", due_date=day)
    assert (task.due_date, task.due_time) == (day, dt.time(16))
    assert add_one(db, ana, "Call in 3 days", due_date=day).due_date == ana.today + dt.timedelta(days=3)


def test_subtasks_are_added_behind_the_others_and_open_a_completed_parent(db: Database, ana: Actor) -> None:
    trip = add_one(db, ana, "Trip #Travel")
    add(db, ana, "Book\nPack", parent_id=trip.id)
    db.write_now(tasks.toggle_task, ana, trip.id)
    last = add_one(db, ana, "Leave", parent_id=trip.id)
    assert last.project_id == trip.project_id
    assert titles(db, ana, parent_id=trip.id, sort="position") == ["Book", "Pack", "Leave"]
    assert not db.read_now(tasks.get_task, ana, trip.id).completed


def test_a_line_that_goes_elsewhere_hides_no_other_that_opens_the_parent(db: Database, ana: Actor) -> None:
    trip = add_one(db, ana, "Trip #Travel")
    db.write_now(tasks.toggle_task, ana, trip.id)
    add(db, ana, "Mail the boss #Work\nPack", parent_id=trip.id)
    assert titles(db, ana, parent_id=trip.id) == ["Pack"]
    assert not db.read_now(tasks.get_task, ana, trip.id).completed


def test_lines_keep_their_order_in_every_list(db: Database, ana: Actor) -> None:
    add(db, ana, "Already there")
    made = add(db, ana, "- [ ] One\n    - One a\n    - One b\n        - One b i\n\n* Two\n• Three")
    names = ["One", "One a", "One b", "One b i", "Two", "Three"]
    assert [task.title for task in made] == names
    assert [task.subtasks for task in made] == [2, 0, 1, 0, 0, 0]
    assert titles(db, ana) == [*names, "Already there"]
    assert titles(db, ana, sort="position", parent_id="none") == ["One", "Two", "Three", "Already there"]
    assert titles(db, ana, sort="position", parent_id=str(made[0].id)) == ["One a", "One b"]


def test_a_line_under_another_that_names_another_project_is_a_task_of_its_own_there(db: Database, ana: Actor) -> None:
    trip, book, mail = add(db, ana, "Trip #Travel\n  Book #travel\n  Mail the boss #Work")
    assert book.parent_id == trip.id
    assert mail.parent_id is None
    assert mail.project_id != trip.project_id


def test_a_dismissed_part_stays_title(db: Database, ana: Actor) -> None:
    task = add_one(db, ana, "Read 🌍 today #Home", dismissed=[(7, 12)])
    assert (task.title, task.due_date) == ("Read 🌍 today", None)
    assert task.project_id is not None
    with pytest.raises(Invalid):
        add(db, ana, "One\nTwo", dismissed=[(0, 1)])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", quick_add.NO_TITLE),
        (" \n ", quick_add.NO_TITLE),
        ("#Home p1", quick_add.NO_TITLE),
        ("Buy milk #Shop\n  tomorrow @x", f"“tomorrow @x”: {quick_add.NO_TITLE}"),
        ("x" * 201 + " #Home", "The title can have at most 200 characters; this has 201."),
        ("Good #Home\n" + "x" * 201, f"“{'x' * 39}…”: The title can have at most 200 characters; this has 201."),
        ("x #" + "y" * 101, f"“#{'y' * 38}…”: The name can have at most 100 characters; this has 101."),
        ("x #Home @" + "y" * 61, "The name can have at most 60 characters; this has 61."),
        ("x\n" * 501, "This has 501 lines. Add at most 500 at a time."),
    ],
)
def test_what_makes_no_task_is_refused_and_nothing_is_half_saved(db: Database, ana: Actor, text: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        add(db, ana, text)
    (error,) = caught.value.errors
    assert error.pointer == "/text"
    assert error.detail in (message, message.split(": ", 1)[-1])
    assert titles(db, ana) == []
    assert project_names(db, ana) == []
    assert db.read_now(changes.list_changes, ana, ChangesQuery()).items == []


def test_a_line_counts_with_title_of_200_characters_exactly(db: Database, ana: Actor) -> None:
    assert add_one(db, ana, "  " + "x" * 200 + "  #Home tomorrow ").title == "x" * 200


@pytest.mark.parametrize("field", ["project_id", "section_id", "parent_id", "label_ids"])
def test_what_it_is_added_to_must_be_one_s_own(db: Database, ana: Actor, bob: Actor, field: str) -> None:
    home = project(db, bob, "Home")
    foreign: dict[str, Any] = {
        "project_id": home,
        "section_id": db.write_now(sections.create_section, bob, SectionFields(name="S", project_id=home)).id,
        "parent_id": db.write_now(tasks.create_task, bob, TaskFields(title="x")).id,
        "label_ids": [db.write_now(labels.create_label, bob, LabelFields(name="x")).id],
    }
    with pytest.raises(Invalid) as caught:
        add(db, ana, "x", **{field: foreign[field]})
    assert [error.pointer for error in caught.value.errors] == [f"/{field}"]


def test_five_hundred_lines_cost_hardly_more_queries_than_two(db: Database, ana: Actor) -> None:
    def queries(lines: int) -> int:
        with statements(db) as seen:
            add(db, ana, "\n".join(f"Task {n} #Home tomorrow" for n in range(lines)))
        return len(seen)

    queries(1)
    few, many = queries(2), queries(500)
    assert many <= few + 8  # SQLAlchemy sends rows in batches
