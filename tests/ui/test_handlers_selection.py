"""What is done to one task or many at once: by the toolbar, the pickers, the palette and a row's menu."""

import datetime as dt
from typing import Any

import pytest

from tests.ui.lists import headings_of, rows_of
from tests.ui.pages import Page, Site
from todo_app.db import Database
from todo_app.schemas.organise import LabelFields, ProjectFields, SectionFields
from todo_app.schemas.tasks import TaskFields, TaskQuery, TaskView
from todo_app.services import labels, projects, sections, task_lists, tasks
from todo_app.services.actor import Actor
from todo_app.ui.live import Live
from todo_app.ui.notices import Notices
from todo_app.ui.palette.state import Palette
from todo_app.ui.pickers.state import Scheduling, Sections
from todo_app.ui.row_menu.state import RowMenu
from todo_app.ui.selection.state import Selection

pytestmark = pytest.mark.anyio


def has(db: Database, person: Actor, title: str, **fields: Any) -> str:
    return str(db.write_now(tasks.create_task, person, TaskFields(title=title, **fields)).id)


def stored(db: Database, person: Actor) -> dict[str, TaskView]:
    """Every task by its title."""
    return {task.title: task for task in db.read_now(task_lists.list_tasks, person, TaskQuery()).items}


@pytest.fixture
def two(db: Database, ana: Actor) -> list[str]:
    """The ids of two tasks of Ana's."""
    return [has(db, ana, "first"), has(db, ana, "second")]


@pytest.fixture
async def page(site: Site, ana_session: str, two: list[str]) -> Page:
    return await site.page(ana_session)


async def test_many_are_completed_with_one_undo(page: Page, db: Database, ana: Actor, two: list[str]) -> None:
    await page.call(Selection.complete, two)
    assert page[Notices]["message"] == "2 tasks completed"
    assert all(task.completed for task in stored(db, ana).values())
    await page.call(Notices.undo, page[Notices]["change_id"])
    assert not any(task.completed for task in stored(db, ana).values())


async def test_what_is_told_is_how_many_were_changed(page: Page, two: list[str]) -> None:
    await page.call(Selection.complete, two[:1])
    await page.call(Selection.complete, two)
    assert page[Notices]["message"] == "Task completed"


async def test_many_go_to_trash(page: Page, db: Database, ana: Actor, two: list[str]) -> None:
    await page.call(Selection.delete, two)
    assert page[Notices]["message"] == "2 tasks moved to Trash"
    assert rows_of(page) == []


@pytest.mark.parametrize(("priority", "words"), [(2, "Task set to priority 2"), (4, "Task without priority now")])
async def test_the_priority_of_one(page: Page, db: Database, ana: Actor, two: list[str], priority: int, words: str) -> None:
    await page.call(Selection.prioritise, two, 1)
    await page.call(Selection.prioritise, two[:1], priority)
    assert page[Notices]["message"] == words
    assert stored(db, ana)["first"].priority == priority
    assert stored(db, ana)["second"].priority == 1


async def test_what_changes_nothing_says_nothing(page: Page, two: list[str]) -> None:
    await page.call(Selection.prioritise, two, 4)
    assert page[Notices]["message"] == ""


async def test_tasks_move_to_a_section_a_project_and_the_inbox(page: Page, db: Database, ana: Actor, two: list[str]) -> None:
    project = db.write_now(projects.create_project, ana, ProjectFields(name="Garden")).id
    section = db.write_now(sections.create_section, ana, SectionFields(name="Beds", project_id=project)).id
    for place, expected in (
        (f"section:{section}", (project, section)),
        (f"project:{project}", (project, None)),
        ("inbox", (None, None)),
    ):
        await page.call(Selection.move, two, place)
        assert {(task.project_id, task.section_id) for task in stored(db, ana).values()} == {expected}
    assert page[Notices]["message"] == "2 tasks moved"


@pytest.mark.parametrize("place", ["", "nowhere", "project:", "section:x"])
async def test_there_is_no_such_place(page: Page, db: Database, ana: Actor, two: list[str], place: str) -> None:
    before = stored(db, ana)
    await page.call(Selection.move, two, place)
    assert page[Notices]["message"] != ""
    assert stored(db, ana) == before


async def test_labels_are_put_on_taken_off_and_made(page: Page, db: Database, ana: Actor, two: list[str]) -> None:
    calls = db.write_now(labels.create_label, ana, LabelFields(name="calls")).id
    await page.call(Selection.label, two, [str(calls)], [], ["errands"])
    made = {label.name: label.id for label in db.read_now(labels.list_labels, ana).items}
    assert stored(db, ana)["first"].label_ids == [calls, made["errands"]]
    await page.call(Selection.label, two, [], [str(calls)], [])
    assert {tuple(task.label_ids) for task in stored(db, ana).values()} == {(made["errands"],)}
    assert page[Notices]["message"] == "2 tasks changed"
    await page.call(Notices.undo, page[Notices]["change_id"])
    assert stored(db, ana)["second"].label_ids == [calls, made["errands"]]


async def test_a_label_that_was_made_elsewhere_meanwhile_is_put_on(page: Page, db: Database, ana: Actor, two: list[str]) -> None:
    errands = db.write_now(labels.create_label, ana, LabelFields(name="errands")).id
    await page.call(Selection.label, two, [], [], ["Errands"])
    assert {tuple(task.label_ids) for task in stored(db, ana).values()} == {(errands,)}


async def test_a_label_without_a_name_changes_nothing(page: Page, db: Database, ana: Actor, two: list[str]) -> None:
    await page.call(Selection.label, two, [], [], ["fine", " "])
    assert page[Notices]["message"] == "The name can't be empty."
    assert db.read_now(labels.list_labels, ana).items == []


# -- When -------------------------------------------------------------------------------------------------------------


async def test_a_phrase_is_explained(page: Page) -> None:
    await page.call(Scheduling.understand, "27 jan 2031 6pm")
    assert page[Scheduling]["words"] == "Mon 27 Jan 2031 18:00"
    assert page[Scheduling]["asked"] == "27 jan 2031 6pm"
    await page.call(Scheduling.understand, "")
    assert (page[Scheduling]["words"], page[Scheduling]["problem"]) == ("", "")


@pytest.mark.parametrize("text", ["nonsense", "call sam fri", "#Home fri", "@calls fri", "p1 fri"])
async def test_what_is_no_time_is_not_obeyed(page: Page, db: Database, ana: Actor, two: list[str], text: str) -> None:
    await page.call(Scheduling.schedule, two, text, "", "key")
    assert "is no day or time we know" in page[Scheduling]["problem"]
    assert page[Scheduling]["done"] == ""
    assert {task.due_date for task in stored(db, ana).values()} == {None}
    assert {project.name for project in db.read_now(projects.list_projects, ana).items} == set()


async def test_a_date_keeps_the_time_and_the_recurrence_that_it_does_not_name(page: Page, db: Database, ana: Actor) -> None:
    task_id = has(db, ana, "weekly", due_date=dt.date(2031, 1, 6), due_time=dt.time(9), rrule="FREQ=WEEKLY")
    await page.call(Scheduling.schedule, [task_id], "7 jan 2031", "", "key")
    task = stored(db, ana)["weekly"]
    assert (task.due_date, task.due_time, task.rrule) == (dt.date(2031, 1, 7), dt.time(9), "FREQ=WEEKLY")
    assert page[Scheduling]["done"] == "key"
    await page.call(Scheduling.schedule, [task_id], "No date", "", "key")
    task = stored(db, ana)["weekly"]
    assert (task.due_date, task.due_time, task.rrule) == (None, None, None)


async def test_all_that_is_overdue_is_rescheduled_and_nothing_else(page: Page, db: Database, ana: Actor, bob: Actor) -> None:
    for number in range(3):
        has(db, ana, f"late {number}", due_date=dt.date(2020, 1, 1 + number))
    has(db, ana, "done", due_date=dt.date(2020, 1, 1), completed=True)
    has(db, bob, "his", due_date=dt.date(2020, 1, 1))
    await page.call(Scheduling.reschedule, "2031-05-06", "", "key")
    assert page[Notices]["message"] == "3 tasks: Tue 6 May 2031"
    found = stored(db, ana)
    assert {found[f"late {number}"].due_date for number in range(3)} == {dt.date(2031, 5, 6)}
    assert found["done"].due_date == dt.date(2020, 1, 1)
    assert stored(db, bob)["his"].due_date == dt.date(2020, 1, 1)
    await page.call(Notices.undo, page[Notices]["change_id"])
    assert stored(db, ana)["late 2"].due_date == dt.date(2020, 1, 3)


async def test_the_sections_follow_what_is_made_elsewhere(page: Page, db: Database, ana: Actor) -> None:
    project = db.write_now(projects.create_project, ana, ProjectFields(name="Garden")).id
    section = db.write_now(sections.create_section, ana, SectionFields(name="Beds", project_id=project)).id
    await page.settle()
    await page.call(Live.catch_up)
    assert page[Sections]["options"] == [{"key": str(section), "name": "Beds", "project": str(project)}]


# -- Palette and menu -------------------------------------------------------------------------------------------------


async def test_the_palette_finds_open_tasks_first(page: Page, db: Database, ana: Actor, bob: Actor) -> None:
    has(db, bob, "second, but his")
    has(db, ana, "second one, done", completed=True)
    await page.call(Palette.search, "SECOND")
    assert [(found["title"], found["project"], found["done"]) for found in page[Palette]["found"]] == [
        ("second", "Inbox", False),
        ("second one, done", "Inbox", True),
    ]
    assert page[Palette]["asked"] == "SECOND"


async def test_the_palette_adds_a_task_once(page: Page, db: Database, ana: Actor) -> None:
    for _ in range(2):
        await page.call(Palette.add, "Sweep p1", "key")
    assert [task.priority for title, task in stored(db, ana).items() if title == "Sweep"] == [1]
    assert len(stored(db, ana)) == 3


async def test_a_new_title_over_one_that_was_changed_meanwhile_is_refused(
    page: Page, db: Database, ana: Actor, two: list[str]
) -> None:
    await page.call(RowMenu.rename, two[0], "premier", "first", "key")
    assert page[RowMenu]["renamed"] == "key"
    assert page[Notices]["message"] == "Task renamed"
    await page.call(RowMenu.rename, two[0], "primero", "first", "key 2")
    assert "changed in two places" in page[Notices]["message"]
    assert page[RowMenu]["renamed"] == "key"
    assert set(stored(db, ana)) == {"premier", "second"}


async def test_skipping_moves_on_to_the_next_date(page: Page, db: Database, ana: Actor, two: list[str]) -> None:
    task_id = has(db, ana, "daily", due_date=dt.date(2031, 1, 6), rrule="FREQ=DAILY")
    await page.call(RowMenu.skip, task_id)
    assert page[Notices]["message"] == "Skipped. Next: Tue 7 Jan 2031"
    assert stored(db, ana)["daily"].due_date == dt.date(2031, 1, 7)
    await page.call(RowMenu.skip, two[0])
    assert page[Notices]["message"] == "This task has no next date to skip to."


async def test_a_task_is_duplicated_once_however_often_that_arrives(page: Page, db: Database, ana: Actor, two: list[str]) -> None:
    for _ in range(2):
        await page.call(RowMenu.duplicate, two[0], "key")
    assert sorted(row["title"] for row in rows_of(page)) == ["first", "first", "second"]
    assert page[Notices]["message"] == "Task duplicated"
    await page.call(Notices.undo, page[Notices]["change_id"])
    assert sorted(row["title"] for row in rows_of(page)) == ["first", "second"]


async def test_a_new_day_is_shown_without_a_change(
    site: Site, ana_session: str, db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = ana.today
    has(db, ana, "for today", due_date=today)
    page = await site.page(ana_session, path="/today")
    assert headings_of(page) == ["Today"]
    monkeypatch.setattr(Actor, "today", today + dt.timedelta(days=1))
    await page.call(Live.catch_up)
    assert headings_of(page) == ["Today"]
    await page.call(Live.new_day)
    assert headings_of(page) == ["Overdue", "Today"]
