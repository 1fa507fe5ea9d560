"""Tasks: adding, reading, editing, completing, deleting, and taking all of it back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import add, box, choose, delete, edit, field, go_to, history, open_task, panel, row, tasks, toast
from tests.e2e.conftest import Visit
from tests.e2e.people import Person

pytestmark = pytest.mark.slow


def test_tasks_typed_in_a_burst_are_all_there_newest_first(inbox: Page) -> None:
    inbox.get_by_role("textbox", name="Add a task").click()
    for title in ("one", "two", "three", "four", "five"):
        inbox.keyboard.type(title)
        inbox.keyboard.press("Enter")
    newest_first = ["five", "four", "three", "two", "one"]
    expect(tasks(inbox)).to_have_text(newest_first)
    expect(inbox.get_by_role("textbox", name="Add a task")).to_be_focused()
    inbox.reload()
    expect(tasks(inbox)).to_have_text(newest_first)


def test_what_is_done_is_struck_out_wherever_it_was_ticked(inbox: Page, person: Person) -> None:
    add(inbox, "milk")
    title = row(inbox, "milk").get_by_role("button", name="milk", exact=True)
    box(inbox, "milk").check()
    expect(title).to_have_css("text-decoration-line", "line-through")
    toast(inbox).get_by_role("button", name="Undo").click()
    expect(title).to_have_css("text-decoration-line", "none")
    [task] = person.tasks()
    person.changes_task(task["id"], completed=True)
    expect(title).to_have_css("text-decoration-line", "line-through")
    inbox.reload()
    expect(title).to_have_css("text-decoration-line", "line-through")


def test_an_empty_title_is_refused_at_the_field(inbox: Page) -> None:
    quick_add = inbox.get_by_role("textbox", name="Add a task")
    quick_add.fill("   ")
    quick_add.press("Enter")
    expect(quick_add).to_have_accessible_description(re.compile("Write what there is to do"))
    expect(quick_add).to_have_value("   ")
    expect(quick_add).to_be_focused()


def test_a_title_that_is_too_long_is_refused_and_stays_to_be_mended(inbox: Page) -> None:
    quick_add = inbox.get_by_role("textbox", name="Add a task")
    quick_add.fill("x" * 201)
    quick_add.press("Enter")
    expect(quick_add).to_have_accessible_description(re.compile("at most 200 characters"))
    expect(quick_add).to_have_value("x" * 201)
    quick_add.press("Backspace")
    quick_add.press("Enter")
    expect(box(inbox, "x" * 200)).to_be_visible()
    expect(quick_add).to_have_value("")
    expect(quick_add).to_have_attribute("aria-invalid", "false")


def test_any_script_and_emoji_and_the_same_title_twice_are_fine(inbox: Page) -> None:
    add(inbox, "مرحبا بالعالم", "🧘‍♀️ breathe", "twice", "twice")
    expect(tasks(inbox)).to_have_text(["twice", "twice", "🧘‍♀️ breathe", "مرحبا بالعالم"])


def test_what_is_edited_in_the_panel_is_there_after_a_reload(inbox: Page) -> None:
    add(inbox, "Paint the shed")
    open_task(inbox, "Paint the shed")
    edit(inbox, "Title", "Paint the blue shed")
    edit(inbox, "Notes", "Two coats.\nMind the bees.")
    field(inbox, "Due date").fill("2031-04-05")
    expect(history(inbox).first).to_contain_text("Due Sat 5 Apr 2031")
    field(inbox, "Due time").fill("18:30")
    expect(history(inbox).first).to_contain_text("Due at 18:30")
    field(inbox, "Priority").select_option("Priority 2")
    expect(history(inbox).first).to_contain_text("Priority changed from 4 to 2")
    inbox.reload()
    expect(field(inbox, "Title")).to_have_value("Paint the blue shed")
    expect(field(inbox, "Notes")).to_have_value("Two coats.\nMind the bees.")
    expect(field(inbox, "Due date")).to_have_value("2031-04-05")
    expect(field(inbox, "Due time")).to_have_value("18:30")
    expect(field(inbox, "Priority")).to_have_value("2")
    expect(row(inbox, "Paint the blue shed")).to_contain_text("Priority P2")
    expect(row(inbox, "Paint the blue shed")).to_contain_text("Due Sat 5 Apr 2031 18:30")


def test_what_is_typed_in_the_panel_saves_itself_without_leaving_the_field(inbox: Page) -> None:
    add(inbox, "Letter")
    open_task(inbox, "Letter")
    field(inbox, "Notes").press_sequentially("Dear Maya")
    expect(history(inbox).first).to_contain_text("Notes added")
    expect(field(inbox, "Notes")).to_be_focused()


def test_an_emptied_title_is_refused_and_the_task_keeps_its_own(inbox: Page) -> None:
    add(inbox, "Named")
    open_task(inbox, "Named")
    field(inbox, "Title").fill("")
    field(inbox, "Title").blur()
    expect(panel(inbox).get_by_role("alert")).to_contain_text("can't be empty")
    expect(box(inbox, "Named")).to_be_visible()


def test_a_due_time_without_a_day_is_refused(inbox: Page) -> None:
    add(inbox, "At six")
    open_task(inbox, "At six")
    field(inbox, "Due time").fill("18:00")
    expect(panel(inbox).get_by_role("alert")).to_contain_text("A due time needs a due date.")


def test_closing_the_panel_leads_back_to_the_list(inbox: Page) -> None:
    add(inbox, "Shut me")
    open_task(inbox, "Shut me").get_by_role("button", name="Close").click()
    expect(panel(inbox)).to_have_count(0)
    expect(inbox).to_have_url(re.compile("/inbox$"))
    inbox.reload()
    expect(box(inbox, "Shut me")).to_be_visible()
    expect(panel(inbox)).to_have_count(0)


def test_completing_and_opening_again(inbox: Page) -> None:
    add(inbox, "Dishes")
    box(inbox, "Dishes").check()
    expect(toast(inbox)).to_contain_text("Completed")
    inbox.reload()
    expect(box(inbox, "Dishes")).to_be_checked()
    box(inbox, "Dishes").uncheck()
    expect(toast(inbox)).to_contain_text("Opened again")
    inbox.reload()
    expect(box(inbox, "Dishes")).not_to_be_checked()


def test_undo_in_the_toast_unticks(inbox: Page) -> None:
    add(inbox, "Not yet")
    box(inbox, "Not yet").check()
    toast(inbox).get_by_role("button", name="Undo").click()
    expect(box(inbox, "Not yet")).not_to_be_checked()
    expect(toast(inbox)).to_contain_text("Undone: task completed")


def test_the_toast_can_be_dismissed_and_what_it_told_of_stays(inbox: Page) -> None:
    add(inbox, "Dishes")
    box(inbox, "Dishes").check()
    dismiss = toast(inbox).get_by_role("button", name="Dismiss")
    size = dismiss.bounding_box()
    assert size
    assert min(size["width"], size["height"]) >= 24
    dismiss.click()
    expect(toast(inbox)).to_be_empty()
    expect(box(inbox, "Dishes")).to_be_checked()


def test_a_deleted_task_comes_back_by_undo(inbox: Page) -> None:
    add(inbox, "Keep", "Throw")
    delete(inbox, "Throw")
    expect(toast(inbox)).to_contain_text("moved to Trash")
    toast(inbox).get_by_role("button", name="Undo").click()
    expect(tasks(inbox)).to_have_text(["Throw", "Keep"])


def test_ctrl_z_takes_the_last_change_back_even_after_a_reload(inbox: Page) -> None:
    add(inbox, "Slip")
    delete(inbox, "Slip")
    inbox.reload()
    expect(inbox.get_by_role("heading", name="Your inbox is clear")).to_be_visible()
    inbox.keyboard.press("Control+z")
    expect(box(inbox, "Slip")).to_be_visible()
    inbox.keyboard.press("Control+Shift+z")
    expect(box(inbox, "Slip")).to_have_count(0)
    expect(toast(inbox)).to_contain_text("Done again: task deleted")


def test_nothing_to_undo_is_said(inbox: Page) -> None:
    inbox.get_by_role("heading", name="Inbox", level=1).focus()
    inbox.keyboard.press("Control+z")
    expect(toast(inbox)).to_contain_text("There is nothing to undo.")


def test_restoring_from_trash(inbox: Page) -> None:
    add(inbox, "Photo of us")
    delete(inbox, "Photo of us")
    go_to(inbox, "Trash")
    inbox.get_by_role("button", name="Restore Photo of us").click()
    expect(inbox.get_by_role("heading", name="Trash is empty")).to_be_visible()
    go_to(inbox, "Inbox")
    expect(box(inbox, "Photo of us")).to_be_visible()


def test_deleting_for_good_asks_first(inbox: Page, person: Person) -> None:
    add(inbox, "Old bill")
    delete(inbox, "Old bill")
    go_to(inbox, "Trash")
    ask = inbox.get_by_role("button", name="Delete for good Old bill")
    question = inbox.get_by_role("dialog", name="Delete for good?")
    ask.click()
    expect(question).to_contain_text("Old bill")
    question.get_by_role("button", name="Cancel").click()
    expect(question).to_have_count(0)
    ask.click()
    expect(question).to_be_visible()
    inbox.keyboard.press("Escape")
    expect(question).to_have_count(0)
    ask.click()
    question.get_by_role("button", name="Delete for good").click()
    expect(inbox.get_by_role("heading", name="Trash is empty")).to_be_visible()
    inbox.reload()
    expect(inbox.get_by_role("heading", name="Trash is empty")).to_be_visible()


def test_the_history_brings_an_earlier_title_back(inbox: Page) -> None:
    add(inbox, "First words")
    open_task(inbox, "First words")
    edit(inbox, "Title", "Second words")
    expect(history(inbox)).to_have_text([re.compile("^Title changed from “First words” to “Second words”"), re.compile("^Created")])
    history(inbox).last.get_by_role("button", name=re.compile("^Restore")).click()
    expect(field(inbox, "Title")).to_have_value("First words")
    expect(box(inbox, "First words")).to_be_visible()
    expect(toast(inbox)).to_contain_text("Earlier version restored")
    expect(history(inbox)).to_have_count(3)


def test_the_open_task_goes_when_it_is_deleted(inbox: Page) -> None:
    add(inbox, "Here and gone")
    open_task(inbox, "Here and gone")
    delete(inbox, "Here and gone")
    expect(panel(inbox)).to_have_count(0)


def test_the_open_task_closes_when_one_goes_elsewhere(inbox: Page) -> None:
    add(inbox, "Only of the inbox")
    open_task(inbox, "Only of the inbox")
    go_to(inbox, "Settings")
    expect(inbox.get_by_text("This browser, now")).to_be_visible()
    expect(panel(inbox)).to_have_count(0)


def test_edit_in_the_menu_opens_the_task(inbox: Page) -> None:
    add(inbox, "By the menu")
    choose(inbox, "By the menu", "Edit")
    expect(field(inbox, "Title")).to_have_value("By the menu")


@pytest.mark.parametrize("markup", ["<img src=x onerror=alert(1)>", "<svg onload=alert(1)></svg>", "[a](javascript:alert(1))"])
def test_markup_in_titles_and_notes_is_text(markup: str, inbox: Page) -> None:
    add(inbox, markup)
    open_task(inbox, markup)
    edit(inbox, "Notes", f"notes {markup}")
    inbox.reload()
    expect(field(inbox, "Notes")).to_have_value(f"notes {markup}")
    expect(row(inbox, markup)).to_be_visible()
    delete(inbox, markup)
    go_to(inbox, "Trash")
    expect(tasks(inbox)).to_contain_text(markup)


def test_no_script_can_read_the_session(inbox: Page, person: Person) -> None:
    add(inbox, "Reach for it")
    kept = inbox.evaluate("() => JSON.stringify([document.cookie, {...localStorage}, {...sessionStorage}])")
    assert '"token"' in kept  # Reflex's name for the tab: so it is the real storage that was read
    assert person.session not in kept
    cookie = next(cookie for cookie in inbox.context.cookies() if cookie["name"] == "session")
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Strict"


def test_the_sign_in_form_gives_a_cookie_out_of_the_reach_of_scripts(visit: Visit, person: Person) -> None:
    page = visit()
    page.get_by_role("textbox", name="Email").fill(person.email)
    page.get_by_role("textbox", name="Password").fill(person.password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today", exact=True)).to_be_visible()
    [cookie] = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == ("session", True, "Strict")
    assert page.evaluate("() => document.cookie") == ""
