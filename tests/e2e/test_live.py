"""The same account in several places at once."""

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import add, box, delete, edit, field, has_stopped_loading, history, open_task, panel, row, tasks
from tests.e2e.conftest import Visit
from tests.e2e.people import Person

pytestmark = pytest.mark.slow


@pytest.fixture
def other(inbox: Page) -> Page:
    """A second tab of the same browser."""
    page = inbox.context.new_page()
    page.goto("/inbox")
    has_stopped_loading(page)
    return page


def test_a_change_in_one_tab_shows_in_the_other(inbox: Page, other: Page) -> None:
    add(inbox, "Everywhere")
    expect(box(other, "Everywhere")).to_be_visible()
    box(other, "Everywhere").check()
    expect(box(inbox, "Everywhere")).to_be_checked()
    delete(inbox, "Everywhere")
    expect(tasks(other)).to_have_count(0)


def test_a_change_in_another_browser_shows_too(inbox: Page, visit: Visit, person: Person) -> None:
    far_away = visit(person.elsewhere())
    has_stopped_loading(far_away)
    add(inbox, "From the desk")
    expect(box(far_away, "From the desk")).to_be_visible()


def test_a_change_over_the_api_shows_too(inbox: Page, person: Person) -> None:
    task_id = person.has_task("From a script")
    expect(box(inbox, "From a script")).not_to_be_checked()
    person.changes_task(task_id, title="From a better script", completed=True)
    expect(box(inbox, "From a better script")).to_be_checked()
    person.changes_task(task_id, completed=False)
    expect(box(inbox, "From a better script")).not_to_be_checked()


def test_an_open_task_follows_what_others_do_to_it(inbox: Page, other: Page) -> None:
    add(inbox, "Followed")
    open_task(inbox, "Followed")
    open_task(other, "Followed")
    edit(inbox, "Notes", "new notes")
    expect(field(other, "Notes")).to_have_value("new notes")
    edit(inbox, "Title", "Followed on")
    expect(field(other, "Title")).to_have_value("Followed on")
    field(inbox, "Due date").fill("2031-04-05")
    expect(field(other, "Due date")).to_have_value("2031-04-05")
    delete(inbox, "Followed on")
    expect(panel(other)).to_have_count(0)


@pytest.mark.parametrize(
    ("button", "kept"), [("Keep mine", "milk, eggs, and bread"), ("Keep the other", "milk and eggs")], ids=["mine", "the other"]
)
def test_two_tabs_editing_the_same_notes_lose_nothing(button: str, kept: str, inbox: Page, other: Page) -> None:
    add(inbox, "Shopping")
    open_task(inbox, "Shopping")
    edit(inbox, "Notes", "milk")
    open_task(other, "Shopping")
    expect(field(other, "Notes")).to_have_value("milk")
    # Both at once: neither knows of the other's words yet.
    field(inbox, "Notes").fill("milk and eggs")
    field(other, "Notes").fill("milk, eggs, and bread")
    field(inbox, "Notes").blur()
    expect(history(inbox).first).to_contain_text("Notes changed")
    field(other, "Notes").blur()
    conflict = other.get_by_role("group", name="This was changed in two places")
    expect(conflict.get_by_text("milk, eggs, and bread", exact=True)).to_be_visible()
    expect(conflict.get_by_text("milk and eggs", exact=True)).to_be_visible()
    conflict.get_by_role("button", name=button).click()
    expect(conflict).to_have_count(0)
    for page in (other, inbox):
        expect(field(page, "Notes")).to_have_value(kept)
        page.reload()
        expect(field(page, "Notes")).to_have_value(kept)


def test_typing_is_left_alone_by_what_happens_elsewhere(inbox: Page, person: Person) -> None:
    task_id = person.has_task("Draft")
    open_task(inbox, "Draft")
    quick_add = inbox.get_by_role("textbox", name="Add a task")
    quick_add.press_sequentially("half a tho")
    person.changes_task(task_id, notes="changed by a script")
    expect(field(inbox, "Notes")).to_have_value("changed by a script")
    expect(quick_add).to_be_focused()
    quick_add.press_sequentially("ught")
    expect(quick_add).to_have_value("half a thought")


def test_two_tasks_open_in_two_tabs_keep_to_themselves(inbox: Page, other: Page) -> None:
    add(inbox, "left", "right")
    open_task(inbox, "left")
    open_task(other, "right")
    edit(inbox, "Notes", "of the left")
    edit(other, "Notes", "of the right")
    expect(row(inbox, "right")).to_contain_text("Has notes")
    expect(field(inbox, "Notes")).to_have_value("of the left")
    expect(field(inbox, "Title")).to_have_value("left")


def test_words_saved_elsewhere_while_one_types_are_not_overwritten(inbox: Page, person: Person) -> None:
    task_id = person.has_task("Minutes")
    open_task(inbox, "Minutes")
    notes = field(inbox, "Notes")
    notes.press_sequentially("my min")
    person.changes_task(task_id, notes="their minutes")
    notes.press_sequentially("utes")
    conflict = inbox.get_by_role("group", name="This was changed in two places")
    expect(conflict.get_by_text("my minutes", exact=True)).to_be_visible()
    expect(conflict.get_by_text("their minutes", exact=True)).to_be_visible()
    assert [task["notes"] for task in person.tasks()] == ["their minutes"]


def test_saving_while_typing_goes_on_is_no_conflict(inbox: Page) -> None:
    add(inbox, "Novel")
    open_task(inbox, "Novel")
    field(inbox, "Notes").press_sequentially("Call me Ishmael. Some years ago", delay=80)
    expect(history(inbox).first).to_contain_text("Notes")
    field(inbox, "Notes").press_sequentially(" never mind how long precisely")
    field(inbox, "Notes").blur()
    inbox.reload()
    expect(field(inbox, "Notes")).to_have_value("Call me Ishmael. Some years ago never mind how long precisely")
    expect(inbox.get_by_role("group", name="This was changed in two places")).to_have_count(0)
