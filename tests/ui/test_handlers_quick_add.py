"""The handler that reads the add line, and what the line sends with its words, by the events a browser would send."""

import json
from datetime import UTC, datetime, time, timedelta
from typing import Any

import pytest

from tests.people import statements
from tests.ui.conftest import on_one_database
from tests.ui.lists import rows_of
from tests.ui.pages import Page, Site
from todo_app.db import Database
from todo_app.schemas.accounts import ProfilePatch
from todo_app.schemas.organise import LabelFields, ProjectFields, ProjectPatch, SectionFields
from todo_app.schemas.tasks import TaskQuery, TaskView
from todo_app.services import accounts, first_run, labels, projects, quick_add, sections, task_lists
from todo_app.services.actor import Actor
from todo_app.ui.notices import Notices
from todo_app.ui.quick_add.state import QuickAdd
from todo_app.ui.task_list.state import TaskList

pytestmark = [pytest.mark.anyio, on_one_database]

LINE = "Call Sam tomorrow 9am p1 #Home @calls"


async def read(page: Page, text: str, number: int = 1, dismissed: Any = (), day: str = "") -> list[tuple[str, str]]:
    """The kinds and words of the chips."""
    await page.call(QuickAdd.read, text, list(dismissed), number, day)
    return [(chip["kind"], chip["text"]) for chip in page[QuickAdd]["chips"]]


def stored(db: Database, owner: Actor) -> list[TaskView]:
    """Their tasks, the newest first."""
    return db.read_now(task_lists.list_tasks, owner, TaskQuery()).items


# -- Reading ----------------------------------------------------------------------------------------------------------


async def test_a_line_is_understood_in_chips_in_the_order_of_its_words(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    page = await site.page(ana_session)
    assert await read(page, LINE) == [
        ("date", "Tomorrow"),
        ("time", "09:00"),
        ("p1", "Priority 1"),
        ("project", "Home"),
        ("label", "calls"),
    ]
    assert [chip["places"] for chip in page[QuickAdd]["chips"]] == ["9-17", "18-21", "22-24", "25-30", "31-37"]
    assert stored(db, ana) == []
    await page.close()


@pytest.mark.parametrize(
    ("text", "chips"),
    [
        ("Just words", []),
        ("", []),
        (r"Say \today", []),
        ("Water plants every day", [("recurrence", "Every day")]),
        ("Pay rent p4", [("p4", "Priority 4")]),
        ('Buy milk #"weekly shop"', [("project", "weekly shop")]),
        ("Buy milk @errand, @home", [("label", "errand"), ("label", "home")]),
        ("Buy @home milk @Home", [("label", "home")]),
        ("Run every! 3 days", [("recurrence", "Every 3 days after it is done")]),
    ],
)
async def test_each_part_has_its_chip(site: Site, ana_session: str, text: str, chips: list[tuple[str, str]]) -> None:
    page = await site.page(ana_session)
    assert await read(page, text) == chips
    await page.close()


async def test_what_is_said_in_two_places_is_one_chip(site: Site, ana_session: str) -> None:
    page = await site.page(ana_session)
    await read(page, "Buy @home milk @Home")
    assert [chip["places"] for chip in page[QuickAdd]["chips"]] == ["4-9 15-20"]
    await page.close()


async def test_a_recurrence_says_when_it_begins_unless_that_is_today(site: Site, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session)
    ((_kind, text),) = await read(page, f"Run every day starting {ana.today + timedelta(days=1)}")
    assert text == "Every day, from Tomorrow"
    await page.close()


async def test_a_time_alone_says_its_day_unless_that_is_today_or_is_said(
    site: Site, ana: Actor, ana_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime.combine(ana.today, time(12), UTC)
    monkeypatch.setattr(quick_add, "utc_now", lambda: noon)
    page = await site.page(ana_session)
    assert await read(page, "Run at 9") == [("time", "Tomorrow 09:00")]
    assert await read(page, "Run at 13") == [("time", "13:00")]
    assert await read(page, "Run at 9", day="2031-01-01") == [("time", "09:00")]
    assert await read(page, "Run tomorrow at 9") == [("date", "Tomorrow"), ("time", "09:00")]
    await page.close()


async def test_new_names_are_marked_and_known_ones_found_in_any_case(
    site: Site, db: Database, ana: Actor, bob: Actor, ana_session: str
) -> None:
    old = db.write_now(projects.create_project, ana, ProjectFields(name="Café"))
    db.write_now(projects.update_project, ana, old.id, ProjectPatch(archived=True))
    db.write_now(labels.create_label, ana, LabelFields(name="calls"))
    db.write_now(labels.create_label, bob, LabelFields(name="secret"))
    page = await site.page(ana_session)
    await read(page, "Meet #cafe @CALLS @secret")
    assert [(chip["text"], chip["is_new"]) for chip in page[QuickAdd]["chips"]] == [
        ("cafe", False),
        ("CALLS", False),
        ("secret", True),
    ]
    await page.close()


async def test_words_that_were_dismissed_stay_title(site: Site, ana_session: str) -> None:
    page = await site.page(ana_session)
    assert await read(page, LINE, dismissed=[[9, 17], [18, 21], [31, 37]]) == [("p1", "Priority 1"), ("project", "Home")]
    await page.close()


async def test_the_language_and_the_order_of_a_date_are_those_of_the_settings(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    page = await site.page(ana_session)
    assert await read(page, "Laufen morgen") == []
    ((_kind, first),) = await read(page, "Run 3/4")
    db.write_now(accounts.update_profile, ana, ProfilePatch(language="de", date_order="mdy"))
    assert await read(page, "Laufen morgen") == [("date", "Tomorrow")]
    ((_kind, second),) = await read(page, "Laufen 3/4")
    assert ("Apr" in first, "Mar" in second) == (True, True)
    await page.close()


async def test_an_answer_names_its_text_and_sends_chips_only_if_they_are_others(site: Site, ana_session: str) -> None:
    page = await site.page(ana_session)
    await read(page, "Call tomorrow", 1)
    mark = page.mark()
    await read(page, "Call tomorrow about", 2)
    (frame,) = page.since(mark)
    assert page[QuickAdd]["of"] == 2
    assert "chips" not in frame
    assert len(frame.encode()) < 250
    await page.close()


@pytest.mark.parametrize(
    "arguments",
    [
        ("x" * 20_001, [], 2),
        ("a\x00b", [], 2),
        (None, [], 2),
        ("tomorrow", [["x"]], 2),
        ("tomorrow", "[]", 2),
        ("tomorrow", [], "two"),
        ("tomorrow", [], 2**54),
        ("tomorrow", [], 2, "some day"),
    ],
)
async def test_what_can_not_be_read_is_left_unread(site: Site, ana_session: str, arguments: tuple[Any, ...]) -> None:
    page = await site.page(ana_session)
    before = await read(page, "p1", 1)
    await page.call(QuickAdd.read, *arguments)
    assert page[QuickAdd]["of"] == 1
    assert [(chip["kind"], chip["text"]) for chip in page[QuickAdd]["chips"]] == before
    assert page[Notices]["message"] == ""
    await page.close()


async def test_reading_asks_the_database_for_no_names_unless_the_line_has_one(site: Site, db: Database, ana_session: str) -> None:
    page = await site.page(ana_session)
    costs = []
    for text in ("Call tomorrow", "Call tomorrow #Home @calls"):
        with statements(db) as seen:
            await read(page, text)
        costs.append(len(seen))
    assert costs[1] - costs[0] == 2
    await page.close()


# -- Adding -----------------------------------------------------------------------------------------------------------


async def test_the_line_makes_the_task_that_its_chips_say(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session)
    await page.call(TaskList.add, {"title": LINE, "key": "k"})
    (task,) = stored(db, ana)
    assert (task.title, task.due_date, f"{task.due_time:%H:%M}", task.priority) == (
        "Call Sam",
        ana.today + timedelta(days=1),
        "09:00",
        1,
    )
    assert db.read_now(projects.get_project, ana, task.project_id).name == "Home"
    notices = page[Notices]
    assert (notices["message"], notices["place"], notices["href"]) == ("Added to", "Home", f"/project/{task.project_id}")
    await page.close()


async def test_dismissed_words_are_sent_with_the_line(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session)
    await page.call(TaskList.add, {"title": "Read 😀 tomorrow p1", "key": "k", "dismissed": "[[7, 15]]"})
    assert [(task.title, task.due_date, task.priority) for task in stored(db, ana)] == [("Read 😀 tomorrow", None, 1)]
    await page.close()


@pytest.mark.parametrize("dismissed", ["", "nonsense", "[" * 5000, None])
async def test_dismissals_that_are_none_count_as_none(
    site: Site, db: Database, ana: Actor, ana_session: str, dismissed: Any
) -> None:
    page = await site.page(ana_session)
    await page.call(TaskList.add, {"title": "Read p1", "key": "k", "dismissed": dismissed})
    assert [(task.title, task.priority) for task in stored(db, ana)] == [("Read", 1)]
    await page.close()


async def test_a_refused_line_is_named_so_that_the_browser_brings_its_words_back(site: Site, ana_session: str) -> None:
    page = await site.page(ana_session)
    await page.call(TaskList.add, {"title": "good", "key": "k1"})
    await page.call(TaskList.add, {"title": "tomorrow p1", "key": "k2"})
    assert page[TaskList]["added"] == "k1"
    assert page[TaskList]["refused"] == "k2"
    assert page[TaskList]["add_problem"] == "Write what there is to do, too."
    await page.close()


async def test_several_lines_are_as_many_tasks_and_one_undo(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session)
    await page.call(TaskList.add, {"title": "Party\r\n  - invite Sam\r\n  - cake p1\r\n\r\nSleep", "key": "k"})
    assert [row["title"] for row in rows_of(page)] == ["Party", "Sleep"]
    assert {task.title: task.parent_id is not None for task in stored(db, ana)} == {
        "Party": False,
        "invite Sam": True,
        "cake": True,
        "Sleep": False,
    }
    assert (page[Notices]["message"], page[Notices]["place"]) == ("4 tasks added to", "Inbox")
    await page.call(Notices.undo, page[Notices]["change_id"])
    assert stored(db, ana) == []
    await page.close()


async def test_a_line_opened_in_a_section_adds_there(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    project = db.write_now(projects.create_project, ana, ProjectFields(name="House"))
    section = db.write_now(sections.create_section, ana, SectionFields(name="Kitchen", project_id=project.id))
    page = await site.page(ana_session, f"/project/{project.id}")
    await page.call(TaskList.add, {"title": "Sink", "key": "k", "section_id": str(section.id), "due_date": ""})
    assert [(task.project_id, task.section_id) for task in stored(db, ana)] == [(project.id, section.id)]
    await page.close()


async def test_a_line_opened_under_a_day_is_due_then_unless_it_says_another(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    page = await site.page(ana_session, "/upcoming")
    day = ana.today + timedelta(days=3)
    for number, title in enumerate(("Rest", "Work tomorrow")):
        await page.call(TaskList.add, {"title": title, "key": str(number), "due_date": str(day)})
    assert {task.title: task.due_date for task in stored(db, ana)} == {"Rest": day, "Work": ana.today + timedelta(days=1)}
    await page.close()


async def test_a_strangers_section_is_none(site: Site, db: Database, ana: Actor, bob: Actor, bob_session: str) -> None:
    project = db.write_now(projects.create_project, ana, ProjectFields(name="House"))
    section = db.write_now(sections.create_section, ana, SectionFields(name="Kitchen", project_id=project.id))
    page = await site.page(bob_session)
    await page.call(TaskList.add, {"title": "Sink", "key": "k", "section_id": str(section.id)})
    assert stored(db, ana) == stored(db, bob) == []
    assert "House" not in json.dumps(page.frames)
    await page.close()


# -- The first day ----------------------------------------------------------------------------------------------------


async def test_the_sidebar_of_somebody_new_leads_to_the_practice_tasks(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    db.write_now(first_run.add_practice_tasks, ana)
    page = await site.page(ana_session, "/today")
    assert [row["title"] for row in rows_of(page)] == [first_run.PRACTICE[0][0]]
    assert page.has(first_run.PROJECT)
    await page.close()
