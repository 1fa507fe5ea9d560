"""The handlers of the lists, by the events a browser would send: what is stored, what is shown, and what each costs."""

import asyncio
import datetime as dt
import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.people import insert_untracked, statements
from tests.ui.lists import marks_of, rows_of
from tests.ui.pages import Page, Site, handler_name
from todo_app.db import Database
from todo_app.models import Task
from todo_app.models.base import utc_now
from todo_app.schemas.organise import LabelFields, ProjectFields, ProjectPatch
from todo_app.schemas.tasks import TaskFields, TaskPatch, TaskQuery, TaskView
from todo_app.services import labels, projects, task_lists, tasks
from todo_app.services.actor import Actor
from todo_app.ui import live
from todo_app.ui.live import Live
from todo_app.ui.notices import Notices
from todo_app.ui.session import Session
from todo_app.ui.sidebar import Sidebar
from todo_app.ui.task_list.place import Place
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.window import SIZE

pytestmark = pytest.mark.anyio

MANY = 5_000
FRAME_BYTES = 400
# Statements, the gate's one included. They may fall; a rise wants a reason.
QUERIES_PER_LOAD = 17  # one of them at the handshake: whose socket it is, for the limit on open ones
QUERIES_PER_TOGGLE = 8


def add_many(db: Database, owner: Actor, number: int) -> None:
    """Tasks without the change feed, which would take its time."""

    def insert(session: Any) -> None:
        rows = [
            Task(owner_id=owner.user_id, title=f"Task {n:05}", title_key=f"task {n:05}", search_text=f"task {n:05}\n")
            for n in range(number)
        ]
        insert_untracked(session.connection(), rows)

    db.write_now(insert)


def add(db: Database, owner: Actor, *titles: str, **fields: Any) -> list[str]:
    """Tasks in the order given, so the last is the newest."""
    return [str(db.write_now(tasks.create_task, owner, TaskFields(title=title, **fields)).id) for title in titles]


def stored(db: Database, owner: Actor) -> list[TaskView]:
    return db.read_now(task_lists.list_tasks, owner, TaskQuery(limit=500)).items


def shown(page: Page) -> list[str]:
    """The titles in the order of the list."""
    return [row["title"] for row in rows_of(page)]


# -- Opening ----------------------------------------------------------------------------------------------------------


async def test_a_list_is_loaded_newest_first_with_its_counts(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    first, _ = add(db, ana, "first", "second")
    db.write_now(tasks.update_task, ana, uuid.UUID(first), TaskPatch(completed=True))
    page = await site.page(ana_session)
    assert shown(page) == ["second", "first"]
    assert marks_of(page) == "01"
    assert page[TaskList]["total"] == 2
    assert page[Sidebar]["inbox"] == 1
    assert page[TaskList]["loaded"]
    assert page[Session] == page[Session] | {"name": "Ana", "initials": "A", "time_zone": "UTC"}
    await page.close()


async def test_completed_shows_what_is_done_the_latest_first(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    first, second, _ = add(db, ana, "first", "second", "open")
    for each in (second, first):
        db.write_now(tasks.update_task, ana, uuid.UUID(each), TaskPatch(completed=True))
    page = await site.page(ana_session, "/completed")
    assert shown(page) == ["first", "second"]
    await page.close()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=title", ["Éclair", "fig", "Ham"]),
        ("sort=-title", ["Ham", "fig", "Éclair"]),
        ("sort=created", ["fig", "Éclair", "Ham"]),
        ("sort=priority", ["Ham", "Éclair", "fig"]),
        ("sort=due", ["Éclair", "Ham", "fig"]),
        ("status=open", ["Éclair", "fig"]),
        ("status=completed", ["Ham"]),
        ("q=ECL", ["Éclair"]),
        ("q=%25", []),
        ("q=fig&status=completed", []),
        # What can't be is as if it were not there.
        ("sort=password_hash", ["Ham", "Éclair", "fig"]),
        ("status=deleted", ["Ham", "Éclair", "fig"]),
        ("q=" + "x" * 201, ["Ham", "Éclair", "fig"]),
        ("q=%00", ["Ham", "Éclair", "fig"]),
        ("limit=1&offset=-1&extra=1", ["Ham", "Éclair", "fig"]),
        ("sort=title&sort=created&status=", ["Ham", "Éclair", "fig"]),
    ],
)
async def test_the_address_says_what_is_shown(
    site: Site, db: Database, ana: Actor, ana_session: str, query: str, expected: list[str]
) -> None:
    add(db, ana, "fig")
    add(db, ana, "Éclair", priority=2, due_date="2030-01-01")
    add(db, ana, "Ham", priority=1, due_date="2030-01-02", completed=True)
    page = await site.page(ana_session, f"/inbox?{query}")
    if query.startswith("sort=title&"):
        assert sorted(shown(page)) == sorted(expected)  # which of two is meant is nobody's to say, but all are there
    else:
        assert shown(page) == expected
    await page.close()


# -- Adding -----------------------------------------------------------------------------------------------------------


async def test_adding_shows_the_task_on_top_and_stores_it_trimmed(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    add(db, ana, "first")
    page = await site.page(ana_session)
    await page.call(TaskList.add, {"title": "  second  ", "key": "k1"})
    assert shown(page) == ["second", "first"]
    assert [task.title for task in stored(db, ana)] == ["second", "first"]
    assert page[TaskList]["total"] == 2
    await page.close()


async def test_a_form_that_arrives_twice_makes_one_task(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session)
    other = await site.page(ana_session)
    form = {"title": "once", "key": "k1"}
    await page.call(TaskList.add, form)
    await page.call(TaskList.add, form)
    await asyncio.gather(page.call(TaskList.add, form), other.call(TaskList.add, form))
    assert [task.title for task in stored(db, ana)] == ["once"]
    await page.call(TaskList.add, {"title": "once", "key": "k2"})
    await page.call(TaskList.add, {"title": "once"})  # a page without scripts of ours sends no key
    assert len(stored(db, ana)) == 3
    await page.close()
    await other.close()


async def test_two_people_may_have_the_same_key(
    site: Site, db: Database, ana: Actor, bob: Actor, ana_session: str, bob_session: str
) -> None:
    pages = [await site.page(ana_session), await site.page(bob_session)]
    for page in pages:
        await page.call(TaskList.add, {"title": "mine", "key": "1"})
        await page.close()
    assert [task.title for task in stored(db, ana) + stored(db, bob)] == ["mine", "mine"]


@pytest.mark.parametrize(
    ("title", "message"),
    [
        ("", "Write what there is to do, too."),
        (" \n\t ", "Write what there is to do, too."),
        ("x" * 201, "The title can have at most 200 characters; this has 201."),
        ("a\x00b", "This has a character that can't be stored. Please take it out."),
        ("a\ud800b", "This has a character that can't be stored. Please take it out."),
        (None, "This must be text."),
        ({"a": 1}, "This must be text."),
    ],
)
async def test_a_title_that_breaks_a_rule_is_explained_at_the_field(
    site: Site, db: Database, ana: Actor, ana_session: str, title: Any, message: str
) -> None:
    page = await site.page(ana_session)
    await page.call(TaskList.add, {"title": title, "key": "k"})
    assert page[TaskList]["add_problem"] == message
    assert page[Notices]["message"] == ""
    assert [event["name"] for event in page.events] == ["_set_focus"]
    assert stored(db, ana) == []
    await page.call(TaskList.add, {"title": "better", "key": "k"})
    assert page[TaskList]["add_problem"] == ""
    assert shown(page) == ["better"]
    await page.close()


# -- Completing -------------------------------------------------------------------------------------------------------


async def test_completing_and_opening_again(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    (task_id,) = add(db, ana, "tea")
    page = await site.page(ana_session)
    await page.call(TaskList.set_done, task_id, True)
    assert marks_of(page) == "1"
    assert page[Sidebar]["inbox"] == 0
    assert page[Notices]["message"] == "Completed"
    assert stored(db, ana)[0].completed
    await page.call(Notices.undo, page[Notices]["change_id"])
    assert marks_of(page) == "0"
    assert page[Notices]["message"] == "Undone: task completed"
    await page.call(TaskList.set_done, task_id, False)
    assert page[Notices]["message"] == "Undone: task completed"  # it was open: nothing has happened
    await page.call(TaskList.set_done, task_id, True)
    await page.call(TaskList.set_done, task_id, False)
    assert page[Notices]["message"] == "Opened again"
    assert page[Sidebar]["inbox"] == 1
    await page.close()


@pytest.mark.parametrize(
    ("path", "left"),
    [
        ("/search?status=all&filter=open", ["milk"]),
        ("/inbox?sort=-updated", ["tea", "milk"]),
        ("/inbox?status=all", ["milk", "tea"]),
    ],
)
async def test_a_tick_leaves_the_list_as_reading_it_anew_would(
    site: Site, db: Database, ana: Actor, ana_session: str, path: str, left: list[str]
) -> None:
    task_id, _ = add(db, ana, "tea", "milk")
    page = await site.page(ana_session, path)
    assert shown(page) == ["milk", "tea"]
    await page.call(TaskList.set_done, task_id, True)
    assert shown(page) == left
    await page.close()


async def test_the_day_s_progress_counts_the_whole_day_whatever_is_shown(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    today = utc_now().date()
    task_id, *_ = add(db, ana, "tea", "milk", "bread", due_date=today)
    add(db, ana, "Some other day", due_date=today + dt.timedelta(days=3))
    for path in ("/today", "/today?status=all", "/today?q=milk"):
        page = await site.page(ana_session, path)
        assert (page[Place]["done"], page[Sidebar]["today"]) == (0, 3)
        await page.call(TaskList.set_done, task_id, True)
        assert (page[Place]["done"], page[Sidebar]["today"]) == (1, 2)
        await page.call(TaskList.set_done, task_id, False)
        await page.close()


@pytest.mark.parametrize("path", ["/project/nothing", "/label/nothing", f"/project/{uuid.UUID(int=7)}"])
async def test_an_address_of_nothing_says_so(site: Site, ana_session: str, path: str) -> None:
    page = await site.page(ana_session, path)
    assert page[Place]["missing"]
    assert page[TaskList]["loaded"]
    assert page[Notices]["message"] == ""
    await page.close()


async def test_a_tick_counts_in_the_sidebar_as_reading_it_anew_does(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    home, shed = (db.write_now(projects.create_project, ana, ProjectFields(name=name)).id for name in ("Home", "Shed"))
    calls = db.write_now(labels.create_label, ana, LabelFields(name="calls")).id
    for number, fields in enumerate(
        (
            {"due_date": ana.today, "label_ids": [calls]},
            {"project_id": home, "due_date": ana.today - timedelta(days=1)},
            {"project_id": home, "label_ids": [calls]},
            {"project_id": shed, "due_date": ana.today + timedelta(days=1)},
        )
    ):
        add(db, ana, f"task {number}", **fields)
    db.write_now(projects.update_project, ana, shed, ProjectPatch(archived=True))
    page = await site.page(ana_session, "/search?q=task&status=all")
    for done in (True, False):
        for row in rows_of(page):
            await page.call(TaskList.set_done, row["id"], done)
            counted = dict(page[Sidebar])
            await page.call(Sidebar.load)
            assert dict(page[Sidebar]) == counted
    assert (page[Sidebar]["inbox"], page[Sidebar]["today"]) == (1, 2)
    assert (page[Sidebar]["project_counts"], page[Sidebar]["label_counts"]) == ([2], [2])
    await page.close()


async def test_a_page_that_made_a_change_is_not_told_of_it(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    (task_id,) = add(db, ana, "tea")
    page, other = await site.page(ana_session), await site.page(ana_session)
    told = live._pages[page.token].told
    await page.call(TaskList.set_done, task_id, True)
    assert live._pages[page.token].told == told
    assert live._pages[other.token].told > told
    assert marks_of(other) == "1"
    for each in (page, other):
        await each.close()


async def test_a_task_added_under_completed_says_where_it_went(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session, "/completed")
    await page.call(TaskList.add, {"title": "tea", "key": "1"})
    notices = page[Notices]
    assert (notices["message"], notices["place"], notices["href"]) == ("Added to", "Inbox", "/inbox")
    assert shown(page) == []
    await page.call(Notices.undo, page[Notices]["change_id"])
    assert stored(db, ana) == []
    await page.close()


async def test_a_task_outside_the_window_can_be_completed_too(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    add_many(db, ana, SIZE + 1)
    page = await site.page(ana_session, "/inbox?sort=title")
    last = next(str(task.id) for task in stored(db, ana) if task.title == f"Task {SIZE:05}")
    await page.call(TaskList.set_done, last, True)
    assert marks_of(page) == "0" * SIZE
    assert page[Sidebar]["inbox"] == SIZE
    await page.close()


@pytest.mark.parametrize(("query", "left"), [("status=open", ["b"]), ("status=all", ["b", "a"])])
async def test_a_row_that_no_longer_fits_the_filter_goes(
    site: Site, db: Database, ana: Actor, ana_session: str, query: str, left: list[str]
) -> None:
    task_id, _ = add(db, ana, "a", "b")
    page = await site.page(ana_session, f"/inbox?{query}")
    await page.call(TaskList.set_done, task_id, True)
    assert shown(page) == left
    await page.close()


async def test_a_toggle_after_a_change_elsewhere_shows_both(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    """The notice of the other change may come late or never; the toggle sees that it is not the next one."""
    (task_id,) = add(db, ana, "a")
    page = await site.page(ana_session)
    live.forget_page(page.token)
    add(db, ana, "elsewhere")
    await page.call(TaskList.set_done, task_id, True)
    assert shown(page) == ["elsewhere", "a"]
    assert marks_of(page) == "01"
    await page.close()


async def test_a_toggle_in_a_long_list_is_a_small_frame(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    add_many(db, ana, MANY)
    page = await site.page(ana_session)
    state = page[TaskList]
    assert state["total"] == MANY
    assert len(rows_of(page)) == SIZE <= 100
    for number, done in ((SIZE - 1, True), (SIZE - 1, False), (0, True)):
        mark = page.mark()
        await page.call(TaskList.set_done, rows_of(page)[number]["id"], done)
        frames = page.since(mark)
        assert len(frames) == 1  # the mark, the toast and the sidebar's counts
        assert sum(len(frame.encode()) for frame in frames) <= FRAME_BYTES, frames
        assert marks_of(page)[number] == "01"[done]
    await page.close()


# -- The window -------------------------------------------------------------------------------------------------------


async def test_the_window_moves_over_a_long_list(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    add_many(db, ana, 230)
    page = await site.page(ana_session, "/inbox?sort=title")
    state = page[TaskList]

    def window() -> tuple[str, str, bool, bool]:
        rows = rows_of(page)
        assert len(rows) <= SIZE
        return rows[0]["title"], rows[-1]["title"], state["has_earlier"], state["has_later"]

    assert window() == ("Task 00000", "Task 00099", False, True)
    await page.call(TaskList.earlier)
    assert window() == ("Task 00000", "Task 00099", False, True)
    await page.call(TaskList.later)
    assert window() == ("Task 00050", "Task 00149", True, True)
    for _ in range(5):
        await page.call(TaskList.later)
    assert window() == ("Task 00150", "Task 00229", True, False)
    await page.call(TaskList.earlier)
    assert window() == ("Task 00100", "Task 00199", True, True)
    await page.close()


async def test_the_window_comes_back_when_the_list_gets_shorter_than_where_it_stood(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    add_many(db, ana, 230)
    page = await site.page(ana_session, "/inbox?sort=title")
    for _ in range(3):
        await page.call(TaskList.later)

    def remove(session: Any) -> None:
        session.connection().execute(Task.__table__.delete().where(Task.__table__.c.title > "Task 00099"))

    db.write_now(remove)
    add(db, ana, "AAA")
    await page.settle()
    assert rows_of(page)[0]["title"] == "Task 00000"
    assert page[TaskList]["total"] == 101
    assert page[TaskList]["has_earlier"]
    assert not page[TaskList]["has_later"]
    await page.close()


# -- Moving -----------------------------------------------------------------------------------------------------------


async def test_a_move_is_answered_together_with_the_new_order_and_no_rows(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    c, *_, a = add(db, ana, "c", "b", "a")
    page = await site.page(ana_session)
    mark = page.mark()
    await page.call(TaskList.move, a, c, "", "k1")
    assert shown(page) == ["b", "c", "a"]
    frames = page.since(mark)
    [answered] = [frame for frame in frames if "k1" in frame]
    assert "groups" in answered
    assert not any("rows_" in frame for frame in frames)
    assert sum(len(frame.encode()) for frame in frames) <= FRAME_BYTES, frames
    await page.close()


async def test_a_move_to_another_day_can_be_taken_back_where_it_is_told(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    first, second = add(db, ana, "first", due_date="2031-01-06") + add(db, ana, "second", due_date="2031-01-08")
    page = await site.page(ana_session, "/upcoming")
    await page.call(TaskList.move, first, second, "2031-01-08", "k1")
    assert (shown(page), page[Notices]["message"]) == (["second", "first"], "“\u2068first\u2069” moved")
    await page.call(Notices.undo, page[Notices]["change_id"])
    assert (shown(page), page[Notices]["message"]) == (["first", "second"], "Undone: due date changed")
    await page.close()


async def test_a_new_order_alone_is_not_told(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    b, a = add(db, ana, "b", "a")
    page = await site.page(ana_session)
    await page.call(TaskList.move, a, b, "", "k1")
    assert (shown(page), page[Notices]["message"]) == (["b", "a"], "")
    await page.close()


async def test_moves_follow_one_another_without_waiting(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    d, c, b, a = add(db, ana, "d", "c", "b", "a")
    page = await site.page(ana_session)
    for n, leader in enumerate((b, c, d)):
        payload = {"task_id": a, "after": leader, "group": "", "key": f"k{n}"}
        await page.post(handler_name(TaskList.move), payload)
    await page.call(TaskList.move, b, d, "", "k3")
    assert (shown(page), page[TaskList]["moved"]) == (["c", "d", "b", "a"], "k3")
    await page.close()


async def test_a_move_that_changes_nothing_is_answered_too(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    [task_id] = add(db, ana, "now", due_date="2031-01-06")
    page = await site.page(ana_session, "/upcoming")
    await page.call(TaskList.move, task_id, "", "2031-01-06", "k1")
    assert page[TaskList]["moved"] == "k1"
    await page.close()


async def test_a_move_behind_what_is_gone_is_refused_and_drawn_back(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    *_, a = add(db, ana, "b", "a")
    page = await site.page(ana_session)
    epoch = page[Live]["epoch"]
    await page.call(TaskList.move, a, str(uuid.uuid4()), "", "k1")
    assert page[Notices]["message"] == "There is no such task."
    assert page[Live]["epoch"] == epoch + 1
    assert (shown(page), page[TaskList]["moved"]) == (["a", "b"], "")
    await page.close()


# -- Deleting ---------------------------------------------------------------------------------------------------------


async def test_deleting_moves_to_trash_and_can_be_undone_from_the_toast(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    task_id, _ = add(db, ana, "a", "b")
    page = await site.page(ana_session)
    await page.call(TaskList.delete, task_id)
    assert shown(page) == ["b"]
    assert page[Notices]["message"] == "“\u2068a\u2069” moved to Trash"
    await page.call(Notices.undo, page[Notices]["change_id"])
    assert shown(page) == ["b", "a"]
    await page.close()


@pytest.mark.parametrize("handler", [TaskList.delete, TaskList.set_done])
@pytest.mark.parametrize("which", ["a stranger's", "nobody's", "nonsense"])
async def test_what_is_not_ones_own_is_not_there(
    site: Site, db: Database, ana: Actor, bob: Actor, bob_session: str, handler: Any, which: str
) -> None:
    (anas,) = add(db, ana, "secret")
    wrong = {"a stranger's": anas, "nobody's": str(bob.user_id), "nonsense": "'; DROP TABLE tasks"}[which]
    page = await site.page(bob_session)
    await page.call(handler, *([wrong] if handler is TaskList.delete else [wrong, True]))
    assert page[Notices]["message"] == "There is no such task."
    assert page[Notices]["change_id"] == 0
    assert page[Live]["epoch"] == 1
    assert [task.completed for task in stored(db, ana)] == [False]
    assert not page.has("secret")
    await page.close()


# -- What it costs ----------------------------------------------------------------------------------------------------


async def test_the_number_of_queries_does_not_depend_on_the_length_of_the_list(
    site: Site, db: Database, ana: Actor, bob: Actor, ana_session: str, bob_session: str
) -> None:
    add_many(db, ana, 1_000)
    add_many(db, bob, SIZE + 10)  # what fits into the window is not counted, which is one query less
    costs: dict[str, dict[str, int]] = {}
    for name, session in (("long", ana_session), ("short", bob_session)):
        counted: dict[str, int] = {}
        with statements(db) as seen:
            page = await site.page(session)
        counted["load"] = len(seen)
        row = rows_of(page)[0]["id"]
        for what, handler, arguments in (
            ("toggle", TaskList.set_done, [row, True]),
            ("add", TaskList.add, [{"title": "new", "key": "1"}]),
            ("delete", TaskList.delete, [row]),
            ("undo", Notices.undo_last, []),
            ("later", TaskList.later, []),
        ):
            with statements(db) as seen:
                await page.call(handler, *arguments)
            counted[what] = len(seen)
        costs[name] = counted
        await page.close()
    long, short = costs["long"], costs["short"]
    later = [cost.pop("later") for cost in (long, short)]
    assert long == short
    assert later == [6, 5]  # at the end of the short list there is nothing to count
    assert long["load"] <= QUERIES_PER_LOAD
    assert long["toggle"] <= QUERIES_PER_TOGGLE
