"""The handlers of the task panel: every field with good and bad values, two pages at one text, the history."""

import datetime as dt
import uuid
from typing import Any

import pytest

from tests.ui.pages import Page, Site
from todo_app.db import Database
from todo_app.schemas.tasks import TaskFields, TaskPatch, TaskView
from todo_app.services import tasks
from todo_app.services.actor import Actor
from todo_app.ui import live
from todo_app.ui.live import Live
from todo_app.ui.notices import Notices
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.task_panel.state import TaskPanel

pytestmark = pytest.mark.anyio


@pytest.fixture
def task_id(db: Database, ana: Actor) -> str:
    fields = TaskFields(title="Tea", notes="green", priority=2, due_date="2030-05-06", due_time="09:30")
    return str(db.write_now(tasks.create_task, ana, fields).id)


def stored(db: Database, owner: Actor, task_id: str) -> TaskView:
    return db.read_now(tasks.get_task, owner, uuid.UUID(task_id))


async def opened(site: Site, session: str, task_id: str) -> Page:
    page = await site.page(session)
    return await page.call(TaskPanel.open_task, task_id)


async def test_a_task_opens_with_all_its_fields(site: Site, ana_session: str, task_id: str) -> None:
    page = await opened(site, ana_session, task_id)
    panel = page[TaskPanel]
    fields = ("task_id", "title", "notes", "completed", "priority", "due_date", "due_time")
    assert tuple(panel[name] for name in fields) == (task_id, "Tea", "green", False, "2", "2030-05-06", "09:30")
    assert [(entry["text"], entry["can_restore"]) for entry in panel["history"]] == [("Created", False)]
    await page.call(TaskPanel.close)
    assert (panel["task_id"], panel["title"], panel["notes"], panel["history"]) == ("", "", "", [])
    await page.close()


@pytest.mark.parametrize("which", ["a stranger's", "nobody's", "nonsense"])
async def test_what_is_not_ones_own_does_not_open(site: Site, bob: Actor, bob_session: str, task_id: str, which: str) -> None:
    wrong = {"a stranger's": task_id, "nobody's": str(bob.user_id), "nonsense": "x"}[which]
    page = await opened(site, bob_session, wrong)
    assert page[TaskPanel]["task_id"] == ""
    assert page[Notices]["message"] == "There is no such task."
    assert not page.has("green")
    await page.close()


async def test_the_address_opens_a_task_again_after_a_reload(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str
) -> None:
    other = str(db.write_now(tasks.create_task, ana, TaskFields(title="Other")).id)
    page = await site.page(ana_session, f"/inbox#task={task_id}")
    assert page[TaskPanel]["title"] == "Tea"
    await page.go(f"/completed#task={task_id}")
    assert page[TaskPanel]["title"] == "Tea"
    await page.go(f"/inbox#task={other}")
    assert page[TaskPanel]["title"] == "Other"
    for gone in ("", f"#task={ana.user_id}", "#task=nonsense"):
        await page.go(f"/inbox{gone}")
        assert page[TaskPanel]["task_id"] == ""
    await page.close()


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("title", " Coffee ", {"title": "Coffee"}),
        ("notes", "# black\n\n- [ ] beans", {"notes": "# black\n\n- [ ] beans"}),
        ("notes", "", {"notes": ""}),
        ("priority", "1", {"priority": 1}),
        ("priority", "4", {"priority": 4}),
        ("start_date", "2030-04-01", {"start_date": dt.date(2030, 4, 1)}),
        ("due_date", "2031-01-02", {"due_date": dt.date(2031, 1, 2)}),
        ("due_date", "", {"due_date": None, "due_time": None, "time_zone": None}),
        ("due_time", "23:59", {"due_time": dt.time(23, 59)}),
        ("due_time", "", {"due_time": None, "time_zone": None}),
    ],
)
async def test_each_field_is_saved_by_itself(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str, field: str, value: str, expected: dict[str, Any]
) -> None:
    before = stored(db, ana, task_id).model_dump()
    page = await opened(site, ana_session, task_id)
    await page.call(TaskPanel.save, task_id, field, value)
    after = stored(db, ana, task_id).model_dump()
    changed = {name: after[name] for name in after if after[name] != before[name]}
    assert {name: changed[name] for name in changed if name not in ("updated_at", "version")} == expected
    assert page[TaskPanel]["problem"] == ""
    assert len(page[TaskPanel]["history"]) == 2
    await page.close()


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("title", "  ", "The title can't be empty."),
        ("title", "x" * 201, "The title can have at most 200 characters; this has 201."),
        ("title", None, "This must be text."),
        ("notes", "x" * 20_001, "The notes can have at most 20000 characters; this has 20001."),
        ("notes", "a\x00", "This has a character that can't be stored. Please take it out."),
        ("notes", {"a": 1}, "This must be text."),
        ("priority", "5", "This must be a whole number."),
        ("priority", 0, "Input should be greater than or equal to 1"),
        ("priority", [1], "This must be a whole number."),
        ("start_date", "soon", "Write this like 2026-01-27."),
        ("due_date", "2030-02-30", "There is no such day."),
        ("due_date", "tomorrow", "Write this like 2026-01-27."),
        ("due_date", 5, "Write this like 2026-01-27."),
        ("due_time", "25:00", "Write this like 16:30."),
        ("due_time", {"h": 1}, "Write this like 16:30."),
    ],
)
async def test_a_bad_value_is_explained_at_its_field_and_nothing_is_stored(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str, field: str, value: Any, problem: str
) -> None:
    before = stored(db, ana, task_id)
    page = await opened(site, ana_session, task_id)
    await page.call(TaskPanel.save, task_id, field, value)
    assert (page[TaskPanel]["problem"], page[TaskPanel]["problem_field"]) == (problem, field)
    assert stored(db, ana, task_id) == before
    await page.call(TaskPanel.save, task_id, "title", "Better")
    assert page[TaskPanel]["problem"] == ""
    await page.close()


async def test_a_time_needs_a_day(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    bare = str(db.write_now(tasks.create_task, ana, TaskFields(title="bare")).id)
    page = await opened(site, ana_session, bare)
    await page.call(TaskPanel.save, bare, "due_time", "09:00")
    assert page[TaskPanel]["problem"] == "A due time needs a due date."
    assert stored(db, ana, bare).due_time is None
    await page.close()


@pytest.mark.parametrize("field", ["completed", "owner_id", "version", "deleted_at", "_actor", "", "__class__", ["title"], None])
async def test_no_other_field_can_be_set(site: Site, db: Database, ana: Actor, ana_session: str, task_id: str, field: Any) -> None:
    before = stored(db, ana, task_id)
    page = await opened(site, ana_session, task_id)
    await page.call(TaskPanel.save, task_id, field, "1")
    assert page[Notices]["message"] == "There is no such field here."
    assert stored(db, ana, task_id) == before
    await page.close()


async def test_a_strangers_task_can_not_be_saved_to(site: Site, db: Database, ana: Actor, bob_session: str, task_id: str) -> None:
    before = stored(db, ana, task_id)
    page = await site.page(bob_session)
    await page.call(TaskPanel.save, task_id, "title", "Bob was here")
    assert page[Notices]["message"] == "There is no such task."
    assert stored(db, ana, task_id) == before
    await page.close()


async def test_words_typed_for_a_task_that_was_closed_meanwhile_go_to_that_task(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str
) -> None:
    other = str(db.write_now(tasks.create_task, ana, TaskFields(title="Other", notes="other")).id)
    page = await opened(site, ana_session, task_id)
    await page.call(TaskPanel.open_task, other)
    await page.call(TaskPanel.save, task_id, "title", "Coffee", "Tea")
    assert stored(db, ana, task_id).title == "Coffee"
    assert stored(db, ana, other).title == "Other"
    assert page[TaskPanel]["title"] == "Other"
    await page.close()


# -- Two pages at one text --------------------------------------------------------------------------------------------


async def conflict(site: Site, db: Database, ana: Actor, session: str, task_id: str) -> Page:
    """A page that saves notes which changed elsewhere since it read them."""
    page = await opened(site, session, task_id)
    live.forget_page(page.token)  # else it would be told before it saves
    db.write_now(tasks.update_task, ana, uuid.UUID(task_id), TaskPatch(notes="theirs"))
    await page.call(TaskPanel.save, task_id, "notes", "mine")
    panel = page[TaskPanel]
    assert (panel["conflict_field"], panel["theirs"], panel["mine"]) == ("notes", "theirs", "mine")
    assert stored(db, ana, task_id).notes == "theirs"
    return page


async def test_of_two_texts_mine_can_be_kept(site: Site, db: Database, ana: Actor, ana_session: str, task_id: str) -> None:
    page = await conflict(site, db, ana, ana_session, task_id)
    await page.call(TaskPanel.keep_mine)
    assert stored(db, ana, task_id).notes == "mine"
    assert page[TaskPanel]["conflict_field"] == ""
    assert page[TaskPanel]["notes"] == "mine"
    await page.close()


async def test_of_two_texts_theirs_can_be_kept(site: Site, db: Database, ana: Actor, ana_session: str, task_id: str) -> None:
    page = await conflict(site, db, ana, ana_session, task_id)
    await page.call(TaskPanel.keep_theirs)
    assert stored(db, ana, task_id).notes == "theirs"
    assert page[TaskPanel]["conflict_field"] == ""
    assert page[TaskPanel]["notes"] == "theirs"
    await page.close()


async def test_words_for_a_task_that_is_not_open_never_overwrite_others_unread(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str
) -> None:
    page = await site.page(ana_session)
    await page.call(TaskPanel.save, task_id, "notes", "mine", "what they were long ago")
    assert stored(db, ana, task_id).notes == "green"
    assert page[Notices]["message"] == "That task was changed in two places. Open it to choose."
    await page.close()


async def test_ones_own_words_saved_twice_from_one_page_are_no_conflict(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str
) -> None:
    """The second save was typed before the first was answered, so its base is older."""
    page = await opened(site, ana_session, task_id)
    await page.call(TaskPanel.save, task_id, "notes", "first", "green")
    await page.call(TaskPanel.save, task_id, "notes", "second", "green")
    assert stored(db, ana, task_id).notes == "second"
    assert page[TaskPanel]["conflict_field"] == ""
    await page.close()


async def test_one_typing_that_is_sent_twice_does_not_take_an_undo_back(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str
) -> None:
    """It is sent when its field is left, and a second after the last key."""
    page = await opened(site, ana_session, task_id)
    await page.call(TaskPanel.save, task_id, "title", "Coffee", "Tea", "first")
    await page.call(Notices.undo_last)
    await page.call(TaskPanel.save, task_id, "title", "Coffee", "Tea", "first")
    assert stored(db, ana, task_id).title == "Tea"
    await page.call(TaskPanel.save, task_id, "title", "Coffee", "Tea", "second")
    assert stored(db, ana, task_id).title == "Coffee"
    await page.close()


async def test_without_two_texts_there_is_nothing_to_keep(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str
) -> None:
    before = stored(db, ana, task_id)
    page = await opened(site, ana_session, task_id)
    await page.call(TaskPanel.keep_mine)
    assert stored(db, ana, task_id) == before
    await page.close()


async def test_the_same_words_twice_are_no_conflict(site: Site, db: Database, ana: Actor, ana_session: str, task_id: str) -> None:
    page = await opened(site, ana_session, task_id)
    db.write_now(tasks.update_task, ana, uuid.UUID(task_id), TaskPatch(notes="agreed"))
    await page.call(TaskPanel.save, task_id, "notes", "agreed")
    assert page[TaskPanel]["conflict_field"] == ""
    await page.close()


async def test_an_open_panel_follows_what_changes_elsewhere_and_closes_when_the_task_goes(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str
) -> None:
    page = await opened(site, ana_session, task_id)
    db.write_now(tasks.update_task, ana, uuid.UUID(task_id), TaskPatch(title="Coffee", completed=True))
    await page.settle()
    assert (page[TaskPanel]["title"], page[TaskPanel]["completed"]) == ("Coffee", True)
    await page.call(TaskList.delete, task_id)
    assert page[TaskPanel]["task_id"] == ""
    await page.close()


# -- History ----------------------------------------------------------------------------------------------------------


async def test_an_earlier_version_can_be_restored_and_that_undone(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str
) -> None:
    page = await opened(site, ana_session, task_id)
    await page.call(TaskPanel.save, task_id, "title", "Coffee")
    await page.call(TaskPanel.save, task_id, "title", "Water")
    history = page[TaskPanel]["history"]
    assert [entry["text"] for entry in history] == [
        "Title changed from “Coffee” to “Water”",
        "Title changed from “Tea” to “Coffee”",
        "Created",
    ]
    assert [entry["can_restore"] for entry in history] == [False, True, True]
    await page.call(TaskPanel.restore, history[2]["change_id"])
    assert stored(db, ana, task_id).title == "Tea"
    assert page[TaskPanel]["title"] == "Tea"
    assert page[Notices]["message"] == "Earlier version restored"
    await page.call(Notices.undo, page[Notices]["change_id"])
    assert stored(db, ana, task_id).title == "Water"
    await page.close()


@pytest.mark.parametrize("change_id", [999, 0, -1, 2**63, "1", None, {"a": 1}, True])
async def test_what_is_no_change_of_this_task_can_not_be_restored(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str, change_id: Any
) -> None:
    before = stored(db, ana, task_id)
    page = await opened(site, ana_session, task_id)
    await page.call(TaskPanel.restore, change_id)
    assert page[Notices]["message"]
    assert "report error" not in page[Notices]["message"]
    assert page[Live]["epoch"] == 1
    assert stored(db, ana, task_id) == before
    await page.close()
