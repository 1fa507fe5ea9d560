"""Many tasks at once: selected by keys, mouse or finger, changed together, taken back together."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.actions import box, go_to, row, tasks, toast
from tests.e2e.conftest import Visit
from tests.e2e.looks import PHONE, does_not_scroll_sideways, is_accessible
from tests.e2e.people import Person

pytestmark = pytest.mark.slow


def toolbar(page: Page) -> Locator:
    return page.get_by_role("toolbar", name="Actions for selected tasks")


def title(page: Page, name: str) -> Locator:
    return tasks(page).get_by_role("button", name=name, exact=True)


def test_x_selects_and_says_so_to_everybody(four: Page) -> None:
    expect(toolbar(four)).to_be_hidden()
    four.keyboard.press("j")
    four.keyboard.press("x")
    expect(toolbar(four)).to_contain_text("1 selected")
    expect(title(four, "a")).to_have_accessible_description("Selected")
    expect(title(four, "b")).to_have_accessible_description("")
    four.keyboard.press("x")
    expect(toolbar(four)).to_be_hidden()
    expect(title(four, "a")).to_have_accessible_description("")


def test_shift_and_the_arrows_select_as_they_go(four: Page) -> None:
    four.keyboard.press("j")
    four.keyboard.press("Shift+ArrowDown")
    four.keyboard.press("Shift+ArrowDown")
    expect(toolbar(four)).to_contain_text("3 selected")
    expect(title(four, "c")).to_be_focused()


def test_ctrl_a_selects_all_and_escape_none(four: Page) -> None:
    four.keyboard.press("Control+a")
    expect(toolbar(four)).to_contain_text("4 selected")
    four.keyboard.press("Escape")
    expect(toolbar(four)).to_be_hidden()


def test_ctrl_and_shift_with_a_click_select_and_open_nothing(four: Page) -> None:
    title(four, "a").click(modifiers=["ControlOrMeta"])
    title(four, "c").click(modifiers=["Shift"])
    expect(toolbar(four)).to_contain_text("3 selected")
    title(four, "b").click(modifiers=["ControlOrMeta"])
    expect(toolbar(four)).to_contain_text("2 selected")
    expect(four.get_by_role("complementary", name="Task details")).to_have_count(0)


def test_all_selected_are_completed_and_one_undo_opens_them_again(four: Page) -> None:
    four.keyboard.press("Control+a")
    toolbar(four).get_by_role("button", name="Complete").click()
    expect(toast(four)).to_contain_text("4 tasks completed")
    for name in "abcd":
        expect(box(four, name)).to_be_checked()
    expect(toolbar(four)).to_be_hidden()
    toast(four).get_by_role("button", name="Undo").click()
    for name in "abcd":
        expect(box(four, name)).not_to_be_checked()


def test_the_selected_go_to_trash_and_come_back_in_their_order(four: Page) -> None:
    title(four, "b").click(modifiers=["ControlOrMeta"])
    title(four, "d").click(modifiers=["ControlOrMeta"])
    four.keyboard.press("Delete")
    expect(tasks(four)).to_have_text(["a", "c"])
    expect(toast(four)).to_contain_text("2 tasks moved to Trash")
    four.keyboard.press("Control+z")
    expect(tasks(four)).to_have_text(["a", "b", "c", "d"])


def test_a_number_sets_the_priority_of_all_selected(four: Page) -> None:
    four.keyboard.press("j")
    four.keyboard.press("Shift+ArrowDown")
    four.keyboard.press("1")
    expect(row(four, "a")).to_contain_text("Priority P1")
    expect(row(four, "b")).to_contain_text("Priority P1")
    expect(row(four, "c")).not_to_contain_text("Priority")
    expect(toast(four)).to_contain_text("2 tasks set to priority 1")


def test_clear_selects_none_and_leads_back_to_the_list(four: Page) -> None:
    four.keyboard.press("j")
    four.keyboard.press("x")
    toolbar(four).get_by_role("button", name="Clear").click()
    expect(toolbar(four)).to_be_hidden()
    expect(title(four, "a")).to_be_focused()


def test_the_toolbar_is_walked_by_arrows(four: Page) -> None:
    four.keyboard.press("Control+a")
    toolbar(four).get_by_role("button", name="Complete").focus()
    four.keyboard.press("ArrowRight")
    expect(toolbar(four).get_by_role("button", name="Schedule")).to_be_focused()
    four.keyboard.press("ArrowLeft")
    four.keyboard.press("ArrowLeft")
    expect(toolbar(four).get_by_role("button", name="Clear")).to_be_focused()


def test_what_is_deleted_elsewhere_is_selected_no_more(four: Page, person: Person) -> None:
    four.keyboard.press("Control+a")
    person.deletes_task(next(task["id"] for task in person.tasks() if task["title"] == "b"))
    expect(toolbar(four)).to_contain_text("3 selected")
    toolbar(four).get_by_role("button", name="Complete").click()
    expect(toast(four)).to_contain_text("3 tasks completed")


def test_another_page_begins_with_nothing_selected(four: Page) -> None:
    four.keyboard.press("Control+a")
    go_to(four, "Completed")
    expect(toolbar(four)).to_be_hidden()


def test_select_in_the_menu_and_then_each_tap_on_a_phone(visit: Visit, person: Person) -> None:
    for name in ("two", "one"):
        person.has_task(name)
    page = visit(person, viewport=PHONE, has_touch=True, is_mobile=True)
    row(page, "one").get_by_role("button", name="More actions").tap()
    page.get_by_role("menuitem", name="Select").tap()
    expect(toolbar(page)).to_contain_text("1 selected")
    title(page, "two").tap()
    expect(toolbar(page)).to_contain_text("2 selected")
    expect(page.get_by_role("complementary", name="Task details")).to_have_count(0)
    for button in toolbar(page).get_by_role("button").all():
        size = button.bounding_box()
        assert size
        assert min(size["width"], size["height"]) >= 44
    page.set_viewport_size({"width": 320, "height": 700})
    does_not_scroll_sideways(page)
    expect(toolbar(page)).to_be_in_viewport(ratio=1)


def test_a_selection_is_accessible(four: Page) -> None:
    four.keyboard.press("Control+a")
    expect(toolbar(four)).to_contain_text("4 selected")
    is_accessible(four)
