"""The handlers of Trash, settings and the toast, and what a page says when one fails."""

import uuid
from typing import Any

import pytest
from sqlmodel import select

from tests.ui.conftest import browser_session
from tests.ui.lists import marks_of, rows_of
from tests.ui.pages import Page, Site
from todo_app.db import Database
from todo_app.errors import NotSignedIn
from todo_app.models import SignIn, Task, User
from todo_app.schemas.tasks import ChangeItemView, ChangeView, TaskFields, TaskPatch, TaskQuery
from todo_app.services import sessions, task_lists, tasks
from todo_app.services.actor import Actor
from todo_app.ui import live
from todo_app.ui.errors import on_handler_error
from todo_app.ui.live import Live
from todo_app.ui.notices import Notices, describe
from todo_app.ui.session import Session
from todo_app.ui.settings.state import SettingsPage
from todo_app.ui.signing_in.flash import Flash
from todo_app.ui.signing_in.state import SigningIn
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.trash.state import Trash

pytestmark = pytest.mark.anyio


def trashed(db: Database, owner: Actor, *titles: str) -> list[str]:
    made = []
    for title in titles:
        task = db.write_now(tasks.create_task, owner, TaskFields(title=title))
        db.write_now(tasks.delete_task, owner, task.id)
        made.append(str(task.id))
    return made


def titles(db: Database, owner: Actor) -> list[str]:
    return [task.title for task in db.read_now(task_lists.list_tasks, owner, TaskQuery()).items]


# -- Trash ------------------------------------------------------------------------------------------------------------


async def test_trash_shows_the_last_deleted_first_and_gives_back(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    first, _ = trashed(db, ana, "first", "second")
    page = await site.page(ana_session, "/trash")
    assert [row["title"] for row in page[Trash]["rows"]] == ["second", "first"]
    assert page[Trash]["rows"][0]["deleted"].startswith("Today ")
    await page.call(Trash.restore, first)
    assert [row["title"] for row in page[Trash]["rows"]] == ["second"]
    assert page[Notices]["message"] == "Task restored"
    assert titles(db, ana) == ["first"]
    await page.call(Notices.undo, page[Notices]["change_id"])
    assert [row["title"] for row in page[Trash]["rows"]] == ["second", "first"]
    await page.close()


async def test_deleting_for_good_asks_first(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    (task_id,) = trashed(db, ana, "secret plan")
    page = await site.page(ana_session, "/trash")
    await page.call(Trash.ask, task_id)
    assert (page[Trash]["asking_id"], page[Trash]["asking_title"]) == (task_id, "secret plan")
    await page.call(Trash.cancel)
    assert page[Trash]["asking_id"] == ""
    await page.call(Trash.purge)  # nothing is asked about
    assert page[Notices]["message"] == "There is no such task."
    assert page[Trash]["total"] == 1
    await page.call(Trash.ask, task_id)
    await page.call(Trash.purge)
    assert page[Notices]["message"] == "Task deleted for good"
    assert (page[Trash]["rows"], page[Trash]["asking_id"]) == ([], "")
    assert db.read_now(lambda session: session.exec(select(Task)).all()) == []
    await page.close()


async def test_only_what_is_shown_is_asked_about(site: Site, db: Database, ana: Actor, bob_session: str) -> None:
    (anas,) = trashed(db, ana, "secret")
    page = await site.page(bob_session, "/trash")
    for wrong in (anas, "", {"id": anas}):
        await page.call(Trash.ask, wrong)
        assert page[Trash]["asking_id"] == ""
    await page.call(Trash.restore, anas)
    assert page[Notices]["message"] == "There is no such task."
    assert not page.has("secret")
    assert titles(db, ana) == []
    await page.close()


async def test_trash_has_a_window_too(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    trashed(db, ana, *[f"{number:03}" for number in range(160)])
    page = await site.page(ana_session, "/trash")
    state = page[Trash]

    def window() -> tuple[str, str, bool, bool]:
        return state["rows"][0]["title"], state["rows"][-1]["title"], state["has_earlier"], state["has_later"]

    assert window() == ("159", "060", False, True)
    await page.call(Trash.later)
    assert window() == ("109", "010", True, True)
    await page.call(Trash.later)
    await page.call(Trash.later)
    assert window() == ("059", "000", True, False)
    await page.call(Trash.earlier)
    assert window() == ("109", "010", True, True)
    await page.close()


# -- Settings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("choice", "value", "expected"),
    [
        ("name", " Anna  K ", "Anna  K"),
        ("time_zone", "Europe/Berlin", "Europe/Berlin"),
        ("theme", "dark", "dark"),
        ("week_start", "6", 6),
        ("week_start", 3, 3),
    ],
)
async def test_a_choice_is_saved_at_once_and_shown_in_every_page(
    site: Site, db: Database, ana_session: str, choice: str, value: Any, expected: Any
) -> None:
    page, other = await site.page(ana_session, "/settings"), await site.page(ana_session, "/inbox")
    await page.call(SettingsPage.save, choice, value)
    await other.settle()
    assert page[Notices]["message"] == "Saved"
    assert page[Session][choice] == other[Session][choice] == expected
    user = db.read_now(lambda session: session.exec(select(User)).one())
    assert getattr(user, choice) == expected
    await page.close()
    await other.close()


@pytest.mark.parametrize(
    ("choice", "value", "problem"),
    [
        ("name", " ", "The name can't be empty."),
        ("name", "x" * 101, "The name can have at most 100 characters; this has 101."),
        ("name", None, "This must be text."),
        ("time_zone", "Mars/Olympus", "This is no time zone we know. Write it like Europe/Berlin."),
        ("time_zone", "../../etc/passwd", "This is no time zone we know. Write it like Europe/Berlin."),
        ("theme", "pink", "Input should be 'system', 'light' or 'dark'"),
        ("week_start", "7", "This must be a whole number."),
        ("week_start", "²", "This must be a whole number."),
        ("week_start", "9" * 5000, "This must be a whole number."),
        ("week_start", True, "This must be a whole number."),
        ("week_start", {"a": 1}, "This must be a whole number."),
    ],
)
async def test_a_bad_choice_is_explained_and_not_saved(
    site: Site, db: Database, ana_session: str, choice: str, value: Any, problem: str
) -> None:
    before = db.read_now(lambda session: session.exec(select(User)).one())
    page = await site.page(ana_session, "/settings")
    await page.call(SettingsPage.save, choice, value)
    assert page[SettingsPage]["problems"] == {choice: problem}
    assert page[Notices]["message"] == ""
    assert db.read_now(lambda session: session.exec(select(User)).one()) == before
    await page.close()


@pytest.mark.parametrize("choice", ["email", "password_hash", "id", "last_change", "", None, ["name"], {"name": 1}])
async def test_nothing_else_is_a_choice(site: Site, db: Database, ana_session: str, choice: Any) -> None:
    before = db.read_now(lambda session: session.exec(select(User)).one())
    page = await site.page(ana_session, "/settings")
    await page.call(SettingsPage.save, choice, "x")
    assert page[Notices]["message"] == "There is no such setting."
    assert db.read_now(lambda session: session.exec(select(User)).one()) == before
    await page.close()


AGENTS = {
    "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537 (KHTML, like Gecko) Chrome/140.0 Safari/537 Edg/140.0": "Edge on Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Safari/604": "Safari on iPhone",
    "curl/8.0": "curl/8.0",
    "": "Unknown",
}


async def test_the_places_one_is_signed_in_are_named_and_can_be_signed_out(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    for agent in AGENTS:
        db.write_now(sessions.begin, ana.user_id, "browser", agent)
    page = await site.page(ana_session, "/settings")
    places = {place["name"]: place for place in page[SettingsPage]["places"]}
    assert set(places) == {*AGENTS.values(), "Firefox on Linux", "a (API)"}
    assert [name for name, place in places.items() if place["current"]] == ["Firefox on Linux"]
    assert places["Firefox on Linux"]["used"] == "This browser, now"
    assert places["curl/8.0"]["used"].startswith("Last used Today ")
    await page.call(SettingsPage.sign_out_place, places["curl/8.0"]["id"])
    assert page[Notices]["message"] == "Signed out there"
    assert "curl/8.0" not in [place["name"] for place in page[SettingsPage]["places"]]
    await page.close()


async def test_a_strangers_session_can_not_be_signed_out(site: Site, db: Database, ana: Actor, bob_session: str) -> None:
    page = await site.page(bob_session, "/settings")
    for wrong in (str(ana.session_id), "nonsense", None, {"id": str(ana.session_id)}):
        await page.call(SettingsPage.sign_out_place, wrong)
        assert page[Notices]["message"].startswith("There is no such ")
    assert db.read_now(lambda session: session.get(SignIn, ana.session_id))
    await page.close()


async def test_signing_out_this_very_place_leads_to_the_login_page(site: Site, db: Database, ana_session: str) -> None:
    page = await site.page(ana_session, "/settings")
    current = next(place["id"] for place in page[SettingsPage]["places"] if place["current"])
    await page.call(SettingsPage.sign_out_place, current)
    assert page.sent_to
    assert page.sent_to.startswith("/login")
    assert page[SettingsPage]["places"] == []
    await page.close()


async def test_what_a_form_had_to_say_is_said_once_on_its_own_page(site: Site, ana_session: str) -> None:
    message = Flash("/settings", {"email": "Write it better"}, message="Not saved").encode()
    page = Page(site, ana_session, cookies={"flash": message})
    await page.open("/settings")
    assert (page[SettingsPage]["problems"], page[SettingsPage]["notice"]) == ({"email": "Write it better"}, "Not saved")
    await page.go("/settings")
    assert (page[SettingsPage]["problems"], page[SettingsPage]["notice"]) == ({}, "")
    await page.close()
    elsewhere = Page(site, cookies={"flash": message})
    await elsewhere.open("/login")
    assert (elsewhere[SigningIn]["problems"], elsewhere[SigningIn]["notice"]) == ({}, "")
    await elsewhere.close()


# -- Undo and redo ----------------------------------------------------------------------------------------------------


async def test_undo_and_redo_go_back_and_forth_over_changes_of_any_kind(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    page = await site.page(ana_session)
    say: Any = page[Notices]
    await page.call(Notices.undo_last)
    assert say["message"] == "There is nothing to undo."
    await page.call(Notices.redo)
    assert say["message"] == "There is nothing to redo."
    await page.call(TaskList.add, {"title": "tea", "key": "1"})
    task_id = rows_of(page)[0]["id"]
    await page.call(TaskList.set_done, task_id, True)
    await page.call(TaskList.delete, task_id)
    for message, rows, marks in (
        ("Undone: task deleted", 1, "1"),
        ("Undone: task completed", 1, "0"),
        ("Undone: task added", 0, ""),
        ("There is nothing to undo.", 0, ""),
    ):
        await page.call(Notices.undo_last)
        assert (say["message"], len(rows_of(page)), marks_of(page)) == (message, rows, marks)
    await page.call(Notices.redo)
    assert say["message"] == "Done again: task added"
    assert say["change_id"] > 0
    assert titles(db, ana) == ["tea"]
    await page.close()


async def test_undo_survives_a_reload_and_comes_from_any_page(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session)
    await page.call(TaskList.add, {"title": "tea", "key": "1"})
    await page.close()
    other = await site.page(ana_session, "/settings")
    await other.call(Notices.undo_last)
    assert titles(db, ana) == []
    await other.close()


async def test_what_has_changed_since_can_not_be_undone(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session)
    await page.call(TaskList.add, {"title": "tea", "key": "1"})
    task_id = uuid.UUID(rows_of(page)[0]["id"])
    db.write_now(tasks.update_task, ana, task_id, TaskPatch(title="coffee"))
    await page.call(Notices.undo, 1)
    assert page[Notices]["message"].startswith("This has been changed since")
    assert titles(db, ana) == ["coffee"]
    await page.close()


@pytest.mark.parametrize("change_id", [1, 0, -5, 2**64, "1", {"a": 1}, [1], True, 1.5])
async def test_a_strangers_change_and_nonsense_can_not_be_undone(
    site: Site, db: Database, ana: Actor, bob_session: str, change_id: Any
) -> None:
    db.write_now(tasks.create_task, ana, TaskFields(title="Ana's"))
    page = await site.page(bob_session)
    await page.call(Notices.undo, change_id)
    assert page[Notices]["message"]
    assert "report error" not in page[Notices]["message"]
    assert titles(db, ana) == ["Ana's"]
    await page.close()


Item = tuple[str, dict[str, Any] | None, dict[str, Any] | None]


def change(*items: Item) -> ChangeView:
    parts = [ChangeItemView(entity=entity, entity_id=uuid.uuid4(), before=before, after=after) for entity, before, after in items]
    return ChangeView(id=1, at="2026-01-01T00:00:00Z", kind="do", reverts=None, undone=False, items=parts)


@pytest.mark.parametrize(
    ("before", "after", "one", "three"),
    [
        (None, {"title": "a"}, "task added", "3 tasks added"),
        ({"title": "a"}, None, "task removed", "3 tasks removed"),
        ({"deleted_at": None}, {"deleted_at": "2026-01-01"}, "task deleted", "3 tasks deleted"),
        ({"deleted_at": "2026-01-01"}, {"deleted_at": None}, "task restored", "3 tasks restored"),
        ({"completed": False}, {"completed": True, "completed_at": "x"}, "task completed", "3 tasks completed"),
        ({"completed": True}, {"completed": False}, "task opened again", "3 tasks opened again"),
        ({"last_completed_at": None}, {"last_completed_at": "x", "due_date": "y"}, "task completed", "3 tasks completed"),
        ({"title": "a", "notes": ""}, {"title": "b", "notes": "c"}, "title and notes changed", "3 tasks changed"),
        ({"due_date": None}, {"due_date": "x", "due_time": "y"}, "due date and due time changed", "3 tasks changed"),
        ({"label_ids": []}, {"label_ids": ["x"]}, "labels changed", "3 tasks changed"),
        ({"rrule": None}, {"rrule": "x", "rrule_start": "y"}, "recurrence changed", "3 tasks changed"),
        ({"project_id": "x", "position": "a"}, {"project_id": None, "position": "b"}, "task moved", "3 tasks moved"),
        ({"day_position": "a"}, {"day_position": "b"}, "task moved", "3 tasks moved"),
        ({"time_zone": "UTC"}, {"time_zone": None}, "task changed", "3 tasks changed"),
    ],
)
def test_a_change_of_tasks_in_words(before: dict[str, Any] | None, after: dict[str, Any] | None, one: str, three: str) -> None:
    assert describe(change(("tasks", before, after))) == one
    assert describe(change(*[("tasks", before, after)] * 3)) == three


DONE: Item = ("tasks", {"completed": False}, {"completed": True})
BEGUN_ANEW: Item = ("tasks", {"completed": True}, {"completed": False})
MOVED_ON: Item = ("tasks", {"last_completed_at": None}, {"last_completed_at": "x"})
LABELLED: Item = ("tasks", {"label_ids": []}, {"label_ids": ["x"]})


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ([MOVED_ON, BEGUN_ANEW, BEGUN_ANEW], "task completed"),
        ([LABELLED, BEGUN_ANEW], "2 tasks changed"),
        ([("tasks", None, {"title": "a"}), BEGUN_ANEW], "task added"),
        ([("labels", None, {"name": "a"}), LABELLED], "labels changed"),
        ([("labels", None, {"name": "a"})], "label added"),
        ([LABELLED, LABELLED, ("labels", {"name": "a"}, None)], "label deleted"),
        ([("projects", None, {"name": "a"}), ("tasks", None, {"title": "a"})], "task added"),
        ([("tasks", {}, {"deleted_at": "x"}), ("sections", {}, None), ("projects", {}, None)], "project deleted"),
        ([("projects", {"archived_at": None}, {"archived_at": "x"})], "project archived"),
        ([("projects", {"archived_at": "x"}, {"archived_at": None})], "project brought back"),
        ([("projects", {"name": "a"}, {"name": "b"})], "project changed"),
        ([("sections", {"position": "a"}, {"position": "b"})], "section moved"),
        ([("saved_filters", None, {"name": "a"})], "filter added"),
    ],
)
def test_a_change_of_several_kinds_in_words(items: list[Item], words: str) -> None:
    assert describe(change(*items)) == words


# -- The toast --------------------------------------------------------------------------------------------------------


async def test_the_toast_can_be_closed_and_goes_with_the_next_page(site: Site, ana_session: str) -> None:
    page = await site.page(ana_session)
    await page.call(Notices.tell, "hello")
    assert page[Notices]["message"] == "hello"
    await page.call(Notices.dismiss)
    assert page[Notices]["message"] == ""
    await page.call(Notices.tell, "hello")
    await page.go("/settings")
    assert page[Notices]["message"] == ""
    await page.close()


async def test_the_same_words_twice_are_two_messages(site: Site, ana_session: str) -> None:
    page = await site.page(ana_session)
    await page.call(Notices.tell, "hello")
    before = page[Notices]["number"]
    await page.call(Notices.tell, "hello")
    assert page[Notices]["number"] == before + 1
    await page.close()


# -- When a handler fails ---------------------------------------------------------------------------------------------


async def test_an_unexpected_error_shows_an_id_and_logs_no_words(
    site: Site,
    db: Database,
    ana: Actor,
    ana_session: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    task = db.write_now(tasks.create_task, ana, TaskFields(title="private words"))
    page = await site.page(ana_session)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("private words") from ValueError("more private words")

    monkeypatch.setattr(tasks, "delete_task", broken)
    await page.call(TaskList.delete, str(task.id))
    message = page[Notices]["message"]
    assert message.startswith("Something went wrong, and nothing was changed. If it happens again, report error ")
    assert page[Live]["epoch"] == 1
    assert titles(db, ana) == ["private words"]
    output = capsys.readouterr()
    logged = output.out + output.err
    assert message.rpartition(" ")[2].rstrip(".") in logged
    assert "RuntimeError" in logged
    assert "ValueError" in logged
    assert "private" not in logged
    await page.close()


async def test_a_page_that_can_not_even_start_over_says_so_once_and_stops(
    site: Site, ana_session: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its error must not lead to another start, and that to another error."""
    page = await site.page(ana_session)
    calls = []

    async def broken(*_: Any) -> None:
        calls.append(1)
        raise RuntimeError

    with monkeypatch.context() as breakage:
        breakage.setattr(live, "_refreshers", [broken])
        await page.call(TaskList.delete, "nonsense")
        assert len(calls) == 1
        assert "report error" in page[Notices]["message"]
    await page.call(TaskList.delete, "nonsense")
    assert page[Notices]["message"] == "There is no such task."
    assert page[Live]["epoch"] == 2  # it starts over again
    await page.close()


async def test_a_handler_without_a_person_leads_to_the_login_page(site: Site) -> None:
    event: Any = on_handler_error(NotSignedIn("ended"))
    assert "/login?ended=1" in str(event.args)


# -- The login page ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "target"),
    [("/login", "/today"), ("/", "/today"), ("/login?next=%2Ftrash", "/trash"), ("/signup?next=%2F%2Fevil.example", "/today")],
)
async def test_who_is_signed_in_is_sent_on(site: Site, ana_session: str, path: str, target: str) -> None:
    page = await site.page(ana_session, path)
    assert page.sent_to == target
    await page.close()


async def test_the_login_page_starts_empty(site: Site) -> None:
    page = await site.page(path="/login")
    assert page.sent_to is None
    names = ("problems", "email", "name", "notice")
    assert [page[SigningIn][name] for name in names] == [{}, "", "", ""]
    await page.close()


async def test_two_sessions_of_one_person_are_two_places(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session, "/settings")
    browser_session(db, ana)
    await page.go("/settings")
    assert [place["name"] for place in page[SettingsPage]["places"]].count("Firefox on Linux") == 2
    await page.close()
