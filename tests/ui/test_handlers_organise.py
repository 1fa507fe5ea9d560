"""The handlers that organise, by the events a browser would send: what is stored, what is shown, and what is said."""

import json
import uuid
from typing import Any

import pytest

from tests.ui.pages import Page, Site
from todo_app.db import Database
from todo_app.schemas.organise import FilterFields, LabelFields, ProjectFields, SectionFields
from todo_app.schemas.tasks import TaskFields, TaskQuery
from todo_app.services import labels, projects, saved_filters, sections, task_lists, tasks
from todo_app.services.actor import Actor
from todo_app.ui.notices import Notices
from todo_app.ui.organise.filtering import Filters
from todo_app.ui.organise.state import Organise
from todo_app.ui.organise.week import Week
from todo_app.ui.sidebar import Sidebar

pytestmark = pytest.mark.anyio


def has_project(db: Database, owner: Actor, name: str, **fields: Any) -> str:
    return str(db.write_now(projects.create_project, owner, ProjectFields(name=name, **fields)).id)


def has_task(db: Database, owner: Actor, title: str, **fields: Any) -> str:
    return str(db.write_now(tasks.create_task, owner, TaskFields(title=title, **fields)).id)


def names(page: Page, what: str) -> list[str]:
    """What the sidebar lists: "projects", "labels", "filters" or "archived"."""
    return [item["name"] for item in page[Sidebar][what]]


def said(page: Page) -> str:
    return str(page[Notices]["message"])


async def undo(page: Page) -> None:
    await page.call(Notices.undo, page[Notices]["change_id"])


# -- Adding and editing -----------------------------------------------------------------------------------------------


async def test_a_project_is_added_with_all_its_fields(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    home = has_project(db, ana, "Home")
    page = await site.page(ana_session)
    form = {"name": " Garden ", "color": "green", "parent_id": home, "view": "board", "description": "Beds"}
    await page.call(Organise.save, {"kind": "project", "id": "", "key": "k1", **form})
    made = db.read_now(projects.list_projects, ana).items[1]
    assert (made.name, made.color, str(made.parent_id), made.view, made.description) == ("Garden", "green", home, "board", "Beds")
    assert [(item["name"], item["depth"]) for item in page[Sidebar]["projects"]] == [("Home", 0), ("Garden", 1)]
    assert page[Organise]["stored"] == "k1"  # its dialog closes
    assert said(page) == "Project Garden added"
    await undo(page)
    assert names(page, "projects") == ["Home"]
    await page.close()


async def test_a_form_that_comes_twice_adds_once(site: Site, ana_session: str) -> None:
    page = await site.page(ana_session)
    for _ in range(2):
        await page.call(Organise.save, {"kind": "label", "key": "k", "name": "calls", "color": "blue"})
    assert names(page, "labels") == ["calls"]
    await page.close()


async def test_an_edit_sets_the_fields_sent_and_leaves_the_others(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    home = has_project(db, ana, "Home", description="Ours", color="red")
    page = await site.page(ana_session)
    await page.call(Organise.save, {"kind": "project", "id": home, "key": "k", "name": "House"})
    made = db.read_now(projects.list_projects, ana).items[0]
    assert (made.name, made.description, made.color) == ("House", "Ours", "red")
    assert said(page) == "House saved"
    await page.close()


@pytest.mark.parametrize(
    ("form", "field", "problem"),
    [
        ({"kind": "project", "name": " "}, "name", "The name can't be empty."),
        ({"kind": "label", "name": "@work"}, "name", "Write the label without the @."),
        ({"kind": "label", "name": "Calls"}, "name", "There is already a label with this name."),
        ({"kind": "section", "name": "Later", "project_id": ""}, "name", "This is no valid id."),
        (
            {"kind": "project", "name": "X", "parent_id": "0190b5c4-0000-7000-8000-000000000000"},
            "parent_id",
            "There is no such project.",
        ),
    ],
)
async def test_what_is_refused_is_said_at_its_field(
    site: Site, db: Database, ana: Actor, ana_session: str, form: dict[str, str], field: str, problem: str
) -> None:
    db.write_now(labels.create_label, ana, LabelFields(name="calls"))
    page = await site.page(ana_session)
    await page.call(Organise.save, {"id": "", "key": "k", **form})
    assert (page[Organise]["problem_field"], page[Organise]["problem"]) == (field, problem)
    assert page[Organise]["stored"] == ""
    await page.call(Organise.open, form["kind"], "")
    assert page[Organise]["problem"] == ""
    await page.close()


async def test_a_project_can_not_be_put_into_itself(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    home = has_project(db, ana, "Home")
    garden = has_project(db, ana, "Garden", parent_id=home)
    page = await site.page(ana_session)
    await page.call(Organise.save, {"kind": "project", "id": home, "key": "k", "parent_id": garden})
    assert page[Organise]["problem"] == "A project can't lie inside itself."
    await page.close()


async def test_the_dialog_of_a_project_learns_what_the_sidebar_does_not_show(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    home = has_project(db, ana, "Home", description="Ours", view="calendar")
    has_project(db, ana, "Garden", parent_id=home)
    db.write_now(sections.create_section, ana, SectionFields(name="Later", project_id=home))
    for title in ("one", "two"):
        has_task(db, ana, title, project_id=home)
    page = await site.page(ana_session)
    await page.call(Organise.open, "project", home)
    loaded = json.loads(page[Organise]["loaded"])
    assert loaded == {"id": home, "name": "Home", "description": "Ours", "color": "grey", "view": "calendar", "parent_id": ""}
    assert page[Organise]["contents"] == "1 project, 1 section and 2 tasks"
    await page.close()


# -- Archive and Trash ------------------------------------------------------------------------------------------------


async def test_an_archived_project_leaves_the_list_and_comes_back(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    home = has_project(db, ana, "Home")
    page = await site.page(ana_session)
    await page.call(Organise.archive, home, True)
    assert (names(page, "projects"), names(page, "archived")) == ([], ["Home"])
    assert said(page) == "Home archived"
    await page.call(Organise.archive, home, False)
    assert (names(page, "projects"), names(page, "archived")) == (["Home"], [])
    assert said(page) == "Home is back among your projects"
    await page.close()


async def test_a_deleted_project_takes_all_in_it_along_and_one_undo_brings_it_back(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    home = has_project(db, ana, "Home")
    garden = has_project(db, ana, "Garden", parent_id=home)
    has_task(db, ana, "Rake", project_id=garden)
    page = await site.page(ana_session)
    await page.call(Organise.delete, "project", home)
    assert said(page) == "Project Home deleted with 1 project and 1 task"
    assert names(page, "projects") == []
    await undo(page)
    assert names(page, "projects") == ["Home", "Garden"]
    assert page[Sidebar]["project_counts"] == [0, 1]
    await page.close()


async def test_a_deleted_label_is_on_its_tasks_again_after_undo(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    calls = str(db.write_now(labels.create_label, ana, LabelFields(name="calls")).id)
    task = has_task(db, ana, "Ring Maya", label_ids=[calls])
    page = await site.page(ana_session)
    await page.call(Organise.delete, "label", calls)
    assert said(page) == "Label calls deleted"
    await undo(page)
    assert [str(label) for label in db.read_now(tasks.get_task, ana, uuid.UUID(task)).label_ids] == [calls]
    await page.close()


# -- Order by hand ----------------------------------------------------------------------------------------------------


async def test_up_and_down_move_by_one_and_say_where_to(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    ids = [str(db.write_now(labels.create_label, ana, LabelFields(name=name)).id) for name in ("a", "b", "c")]
    page = await site.page(ana_session)
    await page.call(Organise.step, "label", ids[2], -1)
    assert (names(page, "labels"), said(page)) == (["a", "c", "b"], "c moved to position 2 of 3")
    await page.call(Organise.step, "label", ids[2], -1)
    assert (names(page, "labels"), said(page)) == (["c", "a", "b"], "c moved to position 1 of 3")
    await page.call(Organise.step, "label", ids[2], -1)
    assert said(page) == "c is the first already"
    await page.call(Organise.step, "label", ids[2], 1)
    assert names(page, "labels") == ["a", "c", "b"]
    await page.close()


async def test_what_is_archived_between_is_stepped_over(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    ids = [has_project(db, ana, name, archived=name == "b") for name in ("a", "b", "c")]
    page = await site.page(ana_session)
    await page.call(Organise.step, "project", ids[2], -1)
    assert (names(page, "projects"), said(page)) == (["c", "a"], "c moved to position 1 of 2")
    await page.close()


async def test_a_project_dropped_behind_another_one_goes_where_that_one_is(
    site: Site, db: Database, ana: Actor, ana_session: str
) -> None:
    home = has_project(db, ana, "Home")
    garden = has_project(db, ana, "Garden", parent_id=home)
    work = has_project(db, ana, "Work")
    page = await site.page(ana_session)
    await page.call(Organise.move, "project", work, garden)
    assert [(item["name"], item["depth"]) for item in page[Sidebar]["projects"]] == [("Home", 0), ("Garden", 1), ("Work", 1)]
    assert said(page) == "Work moved to position 2 of 2"
    await page.close()


# -- Filters ----------------------------------------------------------------------------------------------------------


async def test_a_filter_is_checked_as_it_is_typed(site: Site, ana_session: str) -> None:
    page = await site.page(ana_session, "/search")
    await page.call(Filters.search, "p1 & ovrdue")
    state = page[Filters]
    assert (state["before"], state["wrong"], state["behind"], state["suggestion"]) == ("p1 & ", "ovrdue", "", "overdue")
    assert state["problem"].startswith("At character 6")
    assert state["understood"] == ""
    await page.call(Filters.search, " p1 & overdue ")
    assert (page[Filters]["problem"], page[Filters]["understood"]) == ("", "p1 & overdue")
    await page.close()


async def test_a_filter_that_can_not_be_read_is_not_saved(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session)
    await page.call(Organise.save, {"kind": "filter", "key": "k", "name": "Late", "query": "ovrdue"})
    assert (page[Filters]["where"], page[Filters]["suggestion"]) == ("dialog", "overdue")
    assert db.read_now(saved_filters.list_filters, ana).items == []
    await page.close()


async def test_a_saved_filter_leads_to_what_it_finds(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    db.write_now(saved_filters.create_filter, ana, FilterFields(name="Urgent", query="p1 & no date"))
    page = await site.page(ana_session)
    assert [item["href"] for item in page[Sidebar]["filters"]] == ["/search?filter=p1+%26+no+date"]
    await page.close()


@pytest.mark.parametrize(
    ("address", "is_here", "sentence"),
    [
        ("/search?filter=p1", True, "Here because it is “p1”."),
        ("/search?filter=p2", False, "Not here because it is not “p2”."),
        ("/search?filter=p1&q=milk", False, "It fits the filter, and is not here because it does not say “milk”."),
        ("/search?filter=p1&status=completed", False, "It fits the filter, and is not here because it is open."),
    ],
)
async def test_why_a_task_is_here_or_not(
    site: Site, db: Database, ana: Actor, ana_session: str, address: str, is_here: bool, sentence: str
) -> None:
    has_task(db, ana, "Renew the passport", priority=1)
    page = await site.page(ana_session, address)
    await page.call(Filters.explain, {"why-title": "PASSPORT"})
    assert page[Filters]["explained"] == [{"title": "Renew the passport", "sentence": sentence, "is_here": is_here}]
    await page.close()


async def test_no_task_of_these_words_is_said_too(site: Site, ana_session: str) -> None:
    page = await site.page(ana_session, "/search?filter=p1")
    await page.call(Filters.explain, {"why-title": "unicorn"})
    assert (page[Filters]["asked"], page[Filters]["explained"]) == ("unicorn", [])
    await page.close()


# -- The week ---------------------------------------------------------------------------------------------------------


async def test_the_week_counts_what_is_open_on_each_day(site: Site, db: Database, ana: Actor, ana_session: str) -> None:
    page = await site.page(ana_session, "/upcoming")
    days = page[Week]["days"]
    assert [day["count"] for day in days] == [0] * 7
    third = days[2]["href"].removeprefix("#day-")
    has_task(db, ana, "Dentist", due_date=third)
    has_task(db, ana, "Done", due_date=third, completed=True)
    await page.settle()
    assert [day["count"] for day in page[Week]["days"]] == [0, 0, 1, 0, 0, 0, 0]
    assert page[Week]["days"][2]["spoken"].endswith(", 1 task")
    assert db.read_now(task_lists.list_tasks, ana, TaskQuery(status="open")).total == 1
    await page.close()
