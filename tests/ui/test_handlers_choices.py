"""The handlers of what a task can be given: a place, labels, a recurrence, subtasks."""

import uuid
from typing import Any

import pytest

from tests.ui.pages import Page, Site
from todo_app.db import Database
from todo_app.schemas.organise import LabelFields, ProjectFields, ProjectPatch, SectionFields
from todo_app.schemas.tasks import TaskFields, TaskPatch, TaskView
from todo_app.services import labelling, labels, projects, sections, tasks
from todo_app.services.actor import Actor
from todo_app.ui.live import Live
from todo_app.ui.notices import Notices
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.task_panel.choices import PanelChoices
from todo_app.ui.task_panel.state import TaskPanel
from todo_app.ui.task_panel.subtasks import Subtasks

pytestmark = pytest.mark.anyio

MISSING = "0190b5c4-0000-7000-8000-000000000000"


def add(db: Database, actor: Actor, title: str, **values: Any) -> str:
    return str(db.write_now(tasks.create_task, actor, TaskFields.model_validate({"title": title, **values})).id)


def stored(db: Database, actor: Actor, task_id: str) -> TaskView:
    return db.read_now(tasks.get_task, actor, uuid.UUID(task_id))


@pytest.fixture
def task_id(db: Database, ana: Actor) -> str:
    return add(db, ana, "Tea")


@pytest.fixture
async def page(site: Site, ana_session: str, task_id: str) -> Page:
    page = await site.page(ana_session)
    return await page.call(TaskPanel.open_task, task_id)


# -- Where it is ------------------------------------------------------------------------------------------------------


def make_project(db: Database, actor: Actor, name: str, **values: Any) -> str:
    return str(db.write_now(projects.create_project, actor, ProjectFields.model_validate({"name": name, **values})).id)


async def test_the_places_are_the_projects_in_their_tree_each_with_its_sections(
    site: Site, db: Database, ana: Actor, ana_session: str, task_id: str
) -> None:
    home = make_project(db, ana, "Home")
    attic = make_project(db, ana, "Attic", parent_id=home)
    make_project(db, ana, "Box", parent_id=make_project(db, ana, "Old", archived=True))
    section = db.write_now(sections.create_section, ana, SectionFields(name="Roof", project_id=uuid.UUID(attic)))
    page = await site.page(ana_session)
    await page.call(TaskPanel.open_task, task_id)
    assert [(each["value"], each["text"]) for each in page[PanelChoices]["places"]] == [
        (f"project:{home}", "Home"),
        (f"project:{attic}", "\u2003Attic"),
        (f"section:{section.id}", "\u2003Attic / Roof"),
    ]
    await page.close()


async def test_an_archived_project_is_offered_only_where_the_task_is_in_it(
    db: Database, ana: Actor, page: Page, task_id: str
) -> None:
    old = make_project(db, ana, "Old")
    db.write_now(tasks.update_task, ana, uuid.UUID(task_id), TaskPatch(project_id=uuid.UUID(old)))
    db.write_now(projects.update_project, ana, uuid.UUID(old), ProjectPatch(archived=True))
    await page.settle()
    assert [each["text"] for each in page[PanelChoices]["places"]] == ["Old"]
    assert page[PanelChoices]["place"] == f"project:{old}"
    await page.call(PanelChoices.move_to, task_id, "inbox")
    assert page[PanelChoices]["places"] == []
    await page.close()


async def test_a_task_moves_to_a_project_to_a_section_and_back(db: Database, ana: Actor, page: Page, task_id: str) -> None:
    home = make_project(db, ana, "Home", color="teal")
    section = db.write_now(sections.create_section, ana, SectionFields(name="Roof", project_id=uuid.UUID(home)))
    for place, project_id, section_id, name in (
        (f"project:{home}", home, "None", "Home"),
        (f"section:{section.id}", home, str(section.id), "Home"),
        (f"project:{home}", home, "None", "Home"),
        ("inbox", "None", "None", "Inbox"),
    ):
        await page.call(PanelChoices.move_to, task_id, place)
        task = stored(db, ana, task_id)
        assert (str(task.project_id), str(task.section_id)) == (project_id, section_id)
        assert (page[PanelChoices]["place"], page[PanelChoices]["place_name"]) == (place, name)
    said = [entry["text"] for entry in page[TaskPanel]["history"]]
    assert said == ["Moved to Inbox", "Moved out of Roof", "Moved to Roof", "Moved to Home", "Created"]
    await page.close()


@pytest.mark.parametrize(
    "place", ["", "project:", "project:x", f"project:{MISSING}", f"section:{MISSING}", "label:x", None, 5, ["inbox"]]
)
async def test_what_is_no_place_changes_nothing(db: Database, ana: Actor, page: Page, task_id: str, place: Any) -> None:
    home = make_project(db, ana, "Home")
    await page.call(PanelChoices.move_to, task_id, f"project:{home}")
    before = stored(db, ana, task_id)
    await page.call(PanelChoices.move_to, task_id, place)
    assert page[Notices]["message"]
    assert "report error" not in page[Notices]["message"]
    assert stored(db, ana, task_id) == before
    await page.close()


async def test_a_subtask_names_what_it_lies_in_and_leaves_it_for_another_place(
    db: Database, ana: Actor, page: Page, task_id: str
) -> None:
    home = make_project(db, ana, "Home")
    child = add(db, ana, "Child", parent_id=add(db, ana, "Middle", parent_id=task_id))
    await page.call(TaskPanel.open_task, child)
    assert [each["title"] for each in page[PanelChoices]["parents"]] == ["Tea", "Middle"]
    await page.call(PanelChoices.move_to, child, f"project:{home}")
    assert page[PanelChoices]["parents"] == []
    assert page[TaskPanel]["history"][0]["text"] == "Made a task of its own; Moved to Home"
    assert stored(db, ana, child).parent_id is None
    await page.close()


# -- Labels -----------------------------------------------------------------------------------------------------------


async def test_labels_are_put_on_by_name_and_taken_off(db: Database, ana: Actor, page: Page, task_id: str) -> None:
    db.write_now(labels.create_label, ana, LabelFields(name="work", color="red"))
    await page.settle()
    assert page[PanelChoices]["label_names"] == ["work"]
    for number, name in enumerate(("WORK", "new")):
        await page.call(PanelChoices.add_label, task_id, {"title": name, "key": str(number)})
    assert [(each["name"], each["color"] == "red") for each in page[PanelChoices]["labels"]] == [("work", True), ("new", False)]
    assert (page[PanelChoices]["label_names"], page[PanelChoices]["labelled"]) == ([], "1")
    await page.call(PanelChoices.remove_label, task_id, page[PanelChoices]["labels"][0]["id"])
    assert [each["name"] for each in page[PanelChoices]["labels"]] == ["new"]
    said = [entry["text"] for entry in page[TaskPanel]["history"]]
    assert said == ["Label “work” removed", "Label “new” added", "Label “work” added", "Created"]
    await page.close()


async def test_labels_put_on_in_two_tabs_are_both_there(
    site: Site, db: Database, ana_session: str, page: Page, task_id: str
) -> None:
    other = await site.page(ana_session)
    await other.call(TaskPanel.open_task, task_id)
    await other.call(PanelChoices.add_label, task_id, {"title": "theirs", "key": "1"})
    await page.call(PanelChoices.add_label, task_id, {"title": "mine", "key": "2"})
    for each in (page, other):
        assert [label["name"] for label in each[PanelChoices]["labels"]] == ["theirs", "mine"]
        await each.close()


@pytest.mark.parametrize(
    ("form", "why"),
    [
        ({"title": " @ ", "key": "1"}, "The name can't be empty."),
        ({"title": "x" * 61, "key": "1"}, "The name can have at most 60 characters; this has 61."),
        ({"title": ["x"]}, "The name can't be empty."),
        (None, "The name can't be empty."),
    ],
)
async def test_a_bad_label_is_explained_at_its_field_and_the_words_come_back(
    db: Database, ana: Actor, page: Page, task_id: str, form: Any, why: str
) -> None:
    await page.call(PanelChoices.add_label, task_id, form)
    assert page[PanelChoices]["label_problem"] == why
    assert page[Live]["epoch"] == 1
    assert stored(db, ana, task_id).label_ids == []
    await page.call(PanelChoices.add_label, task_id, {"title": "good", "key": "2"})
    assert page[PanelChoices]["label_problem"] == ""
    await page.close()


# -- Recurrence -------------------------------------------------------------------------------------------------------


async def test_a_task_recurs_in_words_with_its_next_dates_and_no_longer(db: Database, ana: Actor, page: Page, task_id: str) -> None:
    await page.call(PanelChoices.set_repeat, task_id, "every mon")
    choices = page[PanelChoices]
    assert (choices["repeat"], choices["recurrence"], len(choices["next_dates"])) == ("every mon", "Every Monday", 12)
    assert stored(db, ana, task_id).rrule == "FREQ=WEEKLY;BYDAY=MO"
    assert {each["reason"] for each in choices["next_dates"]} == {"every Monday"}
    assert page[TaskPanel]["stamp"] == page[TaskPanel]["due_date"] == choices["next_dates"][0]["iso"]
    await page.call(TaskList.set_done, task_id, True)
    assert (page[TaskPanel]["completed"], page[TaskPanel]["stamp"]) == (False, choices["next_dates"][0]["iso"])
    assert page[TaskPanel]["history"][0]["text"].startswith("Completed; next: ")
    assert choices["repeat"] == "every mon"
    await page.call(PanelChoices.end_repeat, task_id)
    assert (choices["repeat"], choices["recurrence"], choices["next_dates"], page[TaskPanel]["stamp"]) == ("", "", [], "")
    assert page[TaskPanel]["history"][0]["text"] == "No longer repeats"
    await page.close()


async def test_other_words_for_it_follow_what_changes_elsewhere(db: Database, ana: Actor, page: Page, task_id: str) -> None:
    await page.call(PanelChoices.set_repeat, task_id, "every mon")
    db.write_now(tasks.update_task, ana, uuid.UUID(task_id), TaskPatch.model_validate({"rrule": "FREQ=DAILY"}))
    await page.settle()
    assert (page[PanelChoices]["repeat"], page[PanelChoices]["recurrence"]) == ("every day", "Every day")
    await page.close()


@pytest.mark.parametrize("words", ["tomorrow", "now and then", "every mon except holidays", "x" * 501])
async def test_words_that_say_no_recurrence_are_explained_at_the_field(
    db: Database, ana: Actor, page: Page, task_id: str, words: str
) -> None:
    await page.call(PanelChoices.set_repeat, task_id, "every mon")
    before = stored(db, ana, task_id)
    await page.call(PanelChoices.set_repeat, task_id, words)
    assert page[PanelChoices]["repeat_problem"]
    assert (stored(db, ana, task_id), page[PanelChoices]["repeat"]) == (before, "every mon")
    await page.call(PanelChoices.set_repeat, task_id, "every mon")
    assert page[PanelChoices]["repeat_problem"] == ""
    await page.close()


async def test_a_left_field_that_nobody_changed_stores_nothing(page: Page, task_id: str) -> None:
    await page.call(PanelChoices.set_repeat, task_id, "every mon")
    await page.call(PanelChoices.set_repeat, task_id, " every mon ")
    await page.call(PanelChoices.set_repeat, task_id, None)
    assert len(page[TaskPanel]["history"]) == 2
    await page.close()


# -- Subtasks ---------------------------------------------------------------------------------------------------------


def shown(page: Page) -> list[str]:
    return [row["title"] for row in page[Subtasks]["rows"]]


async def test_subtasks_are_added_below_understood_and_counted(db: Database, ana: Actor, page: Page, task_id: str) -> None:
    for number, words in enumerate(("milk", "eggs p2")):
        await page.call(Subtasks.add, task_id, {"title": words, "key": str(number)})
    await page.call(Subtasks.add, task_id, {"title": "milk", "key": "0"})  # the first once more
    assert (shown(page), page[Subtasks]["total"], page[Subtasks]["added"]) == (["milk", "eggs"], 2, "0")
    assert page[Subtasks]["rows"][1]["priority"] == 2
    await page.call(TaskList.set_done, page[Subtasks]["rows"][0]["id"], True)
    assert (page[Subtasks]["marks"], page[Subtasks]["done"]) == ("10", 1)
    await page.call(TaskPanel.open_task, page[Subtasks]["rows"][0]["id"])
    assert (shown(page), page[PanelChoices]["parents"][0]["title"]) == ([], "Tea")
    await page.close()


@pytest.mark.parametrize(
    "form", [{"title": " ", "key": "1"}, {"title": "x" * 201, "key": "1"}, {"title": "tomorrow"}, {}, None, [1]]
)
async def test_a_bad_subtask_is_explained_and_the_words_come_back(page: Page, task_id: str, form: Any) -> None:
    await page.call(Subtasks.add, task_id, form)
    assert page[Subtasks]["problem"]
    assert page[Live]["epoch"] == 1
    assert page[Subtasks]["total"] == 0
    await page.call(Subtasks.add, task_id, {"title": "good", "key": "2"})
    assert (page[Subtasks]["problem"], shown(page)) == ("", ["good"])
    await page.close()


async def test_subtasks_are_ordered_by_hand(db: Database, ana: Actor, page: Page, task_id: str) -> None:
    ids = {title: add(db, ana, title, parent_id=task_id) for title in ("a", "b", "c")}
    await page.settle()
    for title, step, order, place in (
        ("a", 1, ["b", "a", "c"], 2),
        ("a", 1, ["b", "c", "a"], 3),
        ("a", 1, ["b", "c", "a"], 3),
        ("c", -1, ["c", "b", "a"], 1),
        ("c", -1, ["c", "b", "a"], 1),
    ):
        await page.call(Subtasks.move, ids[title], step)
        assert shown(page) == order
        assert page[Notices]["message"] == f"“\u2068{title}\u2069” moved to position {place} of 3"
    await page.call(Subtasks.move, task_id, 1)
    assert page[Notices]["message"] == "There is no such subtask."
    await page.call(TaskPanel.open_task, ids["a"])
    assert page[TaskPanel]["history"][0]["text"] == "Moved in the list"
    await page.close()


async def test_when_the_open_subtask_goes_its_parent_takes_its_place(db: Database, ana: Actor, page: Page, task_id: str) -> None:
    child = add(db, ana, "Child", parent_id=task_id)
    await page.call(TaskPanel.open_task, child)
    await page.call(TaskList.delete, child)
    assert page[TaskPanel]["title"] == "Tea"
    await page.close()


async def test_another_task_shows_nothing_of_the_last_one(db: Database, ana: Actor, page: Page, task_id: str) -> None:
    db.write_now(labelling.put_on, ana, uuid.UUID(task_id), "work")
    await page.call(PanelChoices.set_repeat, task_id, "nonsense")
    await page.call(Subtasks.add, task_id, {"title": ""})
    await page.call(TaskPanel.open_task, add(db, ana, "Other"))
    choices, subtasks = page[PanelChoices], page[Subtasks]
    assert (choices["labels"], choices["repeat_problem"], choices["label_problem"], subtasks["problem"]) == ([], "", "", "")
    await page.close()


async def test_notes_in_markdown_come_as_html_that_is_clean(db: Database, ana: Actor, page: Page, task_id: str) -> None:
    await page.call(TaskPanel.save, task_id, "notes", "plain")
    assert page[TaskPanel]["notes_html"] == ""
    await page.call(TaskPanel.save, task_id, "notes", "**bold** <script>alert(1)</script>")
    assert page[TaskPanel]["notes_html"] == "<p><strong>bold</strong> &lt;script&gt;alert(1)&lt;/script&gt;</p>\n"
    await page.close()
