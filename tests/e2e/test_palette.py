"""The command palette: everything by typing a part of its name."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.actions import add, box, field, tasks, toast
from tests.e2e.looks import PHONE, STILL, is_accessible
from tests.e2e.people import Person

pytestmark = pytest.mark.slow


@pytest.fixture
def two(inbox: Page) -> Page:
    """A list of two tasks, with the focus on no field."""
    add(inbox, "Book a table", "Call the plumber")
    inbox.get_by_role("heading", name="Inbox", level=1).focus()
    return inbox


def palette(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Command palette")


def options(page: Page) -> Locator:
    return palette(page).get_by_role("option").filter(visible=True)


def run(page: Page, typed: str) -> None:
    """Types into the palette and runs the first option."""
    page.keyboard.press("Control+k")
    page.keyboard.type(typed)
    page.keyboard.press("Enter")


def test_it_opens_by_its_key_from_a_field_too_and_escape_leads_back(two: Page) -> None:
    two.get_by_role("textbox", name="Add a task").fill("half a")
    two.keyboard.press("Control+k")
    search = palette(two).get_by_role("combobox", name="Search tasks and commands")
    expect(search).to_be_focused()
    two.keyboard.press("Escape")
    expect(palette(two)).to_be_hidden()
    expect(two.get_by_role("textbox", name="Add a task")).to_be_focused()
    expect(two.get_by_role("textbox", name="Add a task")).to_have_value("half a")


def test_typing_narrows_it_and_the_arrows_choose(two: Page) -> None:
    two.keyboard.press("Control+k")
    expect(options(two).first).to_have_text(re.compile("Add task"))
    two.keyboard.type("und")
    expect(options(two)).to_have_text([re.compile("Undo")])
    for _ in range(3):
        two.keyboard.press("Backspace")
    search = palette(two).get_by_role("combobox")
    two.keyboard.press("ArrowDown")
    chosen = palette(two).locator("[aria-selected=true]")
    expect(chosen).to_have_text(re.compile("Search this list"))
    expect(search).to_have_attribute("aria-activedescendant", chosen.get_attribute("id") or "none")


def test_it_shows_the_key_of_each_command(two: Page) -> None:
    two.keyboard.press("Control+k")
    two.keyboard.type("upcoming")
    expect(options(two).first.locator("kbd")).to_have_text(["G", "U"])


def test_it_goes_to_any_project_label_and_page(two: Page, person: Person) -> None:
    person.has_project("Autumn launch")
    person.has_label("deep work")
    expect(two.get_by_role("navigation", name="Main").get_by_role("link", name="deep work")).to_be_visible()
    for typed, heading in (("autu", "Autumn launch"), ("deep", "deep work"), ("upco", "Upcoming")):
        run(two, typed)
        expect(two.get_by_role("heading", name=heading, level=1)).to_be_focused()


def test_it_finds_tasks_and_opens_one(two: Page) -> None:
    two.keyboard.press("Control+k")
    two.keyboard.type("plumb")
    expect(options(two)).to_have_text([re.compile("Call the plumber")])
    two.keyboard.press("Enter")
    expect(field(two, "Title")).to_have_value("Call the plumber")


def test_enter_pressed_before_the_answer_still_opens_the_task(two: Page) -> None:
    run(two, "plumb")
    expect(field(two, "Title")).to_have_value("Call the plumber")
    expect(tasks(two)).to_have_count(2)


def test_what_is_not_there_can_be_added(two: Page) -> None:
    two.keyboard.press("Control+k")
    two.keyboard.type("Sweep the yard p1")
    expect(palette(two).get_by_role("status")).to_have_text("No results. Press Enter to add this as a task.")
    two.keyboard.press("Enter")
    expect(toast(two)).to_contain_text("Added to Inbox")
    expect(box(two, "Sweep the yard")).to_be_visible()


def test_it_acts_on_the_row_it_was_called_from(two: Page) -> None:
    two.keyboard.press("j")
    run(two, "complete task")
    expect(box(two, "Call the plumber")).to_be_checked()
    two.get_by_role("heading", name="Inbox", level=1).focus()
    two.keyboard.press("Control+k")
    two.keyboard.type("complete task")
    expect(options(two)).to_have_count(0)


def test_it_leads_on_to_a_picker(two: Page) -> None:
    two.keyboard.press("j")
    run(two, "schedule task")
    expect(two.get_by_role("dialog", name="Schedule").get_by_role("textbox", name="When")).to_be_focused()
    two.keyboard.press("Escape")
    expect(two.get_by_role("button", name="Call the plumber", exact=True)).to_be_focused()


def test_it_undoes(two: Page) -> None:
    run(two, "undo")
    expect(tasks(two)).to_have_text(["Book a table"])


def test_it_switches_the_theme_at_once_and_for_good(two: Page) -> None:
    two.emulate_media(color_scheme="light")
    run(two, "theme")
    expect(two.locator("html")).to_have_css("color-scheme", "dark")
    expect(toast(two)).to_contain_text("Saved")
    two.reload()
    expect(tasks(two)).to_have_count(2)
    expect(two.locator("html")).to_have_css("color-scheme", "dark")


def test_it_is_found_by_what_else_people_call_a_thing(two: Page) -> None:
    for typed, found in (("dark", "Switch theme"), ("log out", "Sign out"), ("export", "Settings"), ("help", "Keyboard shortcuts")):
        two.keyboard.press("Control+k")
        two.keyboard.type(typed)
        expect(options(two).first).to_contain_text(found)
        two.keyboard.press("Escape")


def test_it_signs_out(two: Page) -> None:
    run(two, "sign out")
    expect(two.get_by_role("heading", name="Welcome back", level=1)).to_be_visible()


def test_the_palette_is_accessible(two: Page) -> None:
    two.keyboard.press("j")
    two.keyboard.press("Control+k")
    expect(options(two).first).to_be_visible()
    is_accessible(two)
    two.keyboard.type("plumb")
    expect(options(two)).to_have_text([re.compile("Call the plumber")])
    is_accessible(two)
    two.keyboard.type("zzz")
    expect(palette(two).get_by_role("status")).to_be_visible()
    is_accessible(two)


def test_on_a_phone_it_fills_the_screen_and_has_a_button_to_close(two: Page) -> None:
    two.set_viewport_size(PHONE)
    two.add_style_tag(content=STILL)
    two.keyboard.press("Control+k")
    assert palette(two).bounding_box() == {"x": 0, "y": 0, **PHONE}
    palette(two).get_by_role("button", name="Cancel").click()
    expect(palette(two)).to_be_hidden()
