"""The keyboard alone, on a line where each answer takes 150 ms."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.actions import add, box, field, go_to, has_stopped_loading, open_task, panel, row, tasks, toast
from tests.e2e.conftest import Visit
from tests.e2e.people import Person
from tests.e2e.site import Site

pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def _far_away(inbox: Page, site: Site) -> None:
    site.wire.latency = 0.075


@pytest.fixture
def three(inbox: Page) -> Page:
    """A list of three tasks, with the focus on no field."""
    add(inbox, "third", "second", "first")
    inbox.get_by_role("heading", name="Inbox", level=1).focus()
    return inbox


def at(page: Page, title: str) -> None:
    expect(page.get_by_role("button", name=title, exact=True)).to_be_focused()


def test_q_leads_to_the_quick_add(three: Page) -> None:
    three.keyboard.press("q")
    expect(three.get_by_role("textbox", name="Add a task")).to_be_focused()
    expect(three.get_by_role("textbox", name="Add a task")).to_have_value("")


def test_slash_leads_to_the_search(three: Page) -> None:
    three.keyboard.press("/")
    expect(three.get_by_role("searchbox", name="Search")).to_be_focused()
    expect(three.get_by_role("searchbox", name="Search")).to_have_value("")


def test_question_mark_shows_the_keys_and_escape_closes_them(three: Page) -> None:
    three.keyboard.press("?")
    sheet = three.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet.get_by_text("Undo", exact=True)).to_be_visible()
    three.keyboard.press("q")
    expect(three.get_by_role("textbox", name="Add a task")).not_to_be_focused()
    three.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


def test_j_and_k_and_the_arrows_walk_the_list(three: Page) -> None:
    for key, title in (
        ("j", "first"),
        ("j", "second"),
        ("ArrowDown", "third"),
        ("j", "third"),
        ("k", "second"),
        ("ArrowUp", "first"),
    ):
        three.keyboard.press(key)
        at(three, title)
    three.keyboard.press("End")
    at(three, "third")
    three.keyboard.press("Home")
    at(three, "first")


def test_enter_opens_a_task_and_escape_leads_back_to_its_row(three: Page) -> None:
    three.keyboard.press("j")
    three.keyboard.press("j")
    three.keyboard.press("Enter")
    expect(field(three, "Title")).to_have_value("second")
    expect(three.get_by_role("complementary", name="Task details")).to_be_focused()
    three.keyboard.press("Escape")
    expect(panel(three)).to_have_count(0)
    at(three, "second")


def test_e_completes_the_row_and_z_takes_it_back(three: Page) -> None:
    three.keyboard.press("j")
    three.keyboard.press("e")
    expect(box(three, "first")).to_be_checked()
    expect(toast(three)).to_contain_text("Completed")
    three.keyboard.press("z")
    expect(box(three, "first")).not_to_be_checked()


def test_delete_throws_the_row_away_and_the_next_one_has_the_focus(three: Page) -> None:
    three.keyboard.press("j")
    three.keyboard.press("Delete")
    expect(tasks(three)).to_have_text(["second", "third"])
    at(three, "second")


def test_delete_pressed_twice_throws_two_rows_away_before_the_server_answers(three: Page, site: Site) -> None:
    site.wire.latency = 0.5
    three.keyboard.press("j")
    for title in ("second", "third"):
        three.keyboard.press("Delete")
        at(three, title)
    expect(box(three, "first")).to_be_hidden()
    expect(tasks(three)).to_have_text(["third"])
    site.wire.mend()
    three.keyboard.press("Control+z")
    expect(tasks(three)).to_have_text(["second", "third"])
    expect(box(three, "second")).to_be_visible()


def test_d_puts_a_copy_right_below(three: Page) -> None:
    three.keyboard.press("j")
    three.keyboard.press("j")
    three.keyboard.press("d")
    expect(tasks(three)).to_have_text(["first", "second", "second", "third"])
    expect(toast(three)).to_contain_text("Task duplicated")
    three.keyboard.press("z")
    expect(tasks(three)).to_have_text(["first", "second", "third"])


def test_the_menu_opens_by_a_full_stop_and_is_walked_by_arrows(three: Page) -> None:
    three.keyboard.press("j")
    three.keyboard.press(".")
    expect(three.get_by_role("menuitem", name="Edit")).to_be_focused()
    three.keyboard.press("ArrowDown")
    expect(three.get_by_role("menuitem", name="Rename")).to_be_focused()
    three.keyboard.press("End")
    expect(three.get_by_role("menuitem", name="Delete")).to_be_focused()
    three.keyboard.press("ArrowDown")
    expect(three.get_by_role("menuitem", name="Edit")).to_be_focused()
    three.keyboard.press("Escape")
    expect(three.get_by_role("menu")).to_have_count(0)
    three.keyboard.press(".")
    expect(three.get_by_role("menuitem", name="Edit")).to_be_focused()
    three.keyboard.press("End")
    three.keyboard.press("Enter")
    expect(tasks(three)).to_have_text(["second", "third"])


PLACES = {
    "i": "Inbox", "t": "Today", "u": "Upcoming", "c": "Completed", "f": "Search", "x": "Trash", "s": "Settings"
}  # fmt: skip


@pytest.mark.parametrize(("key", "heading"), PLACES.items())
def test_g_and_a_letter_go_to_a_page_and_its_heading(key: str, heading: str, inbox: Page) -> None:
    inbox.goto("/completed" if key == "i" else "/inbox")
    has_stopped_loading(inbox)
    inbox.keyboard.press("g")
    inbox.keyboard.press(key)
    expect(inbox.get_by_role("heading", name=heading, level=1)).to_be_focused()
    expect(inbox).to_have_title(f"{heading} · Todo")


@pytest.mark.parametrize("where", ["quick add", "search", "title", "notes"])
def test_keys_are_letters_to_whoever_types(where: str, three: Page) -> None:
    open_task(three, "second")
    typed = "q/?jkgigcxez.1mtvl"
    place = {
        "quick add": three.get_by_role("textbox", name="Add a task"),
        "search": three.get_by_role("searchbox", name="Search"),
        "title": field(three, "Title"),
        "notes": field(three, "Notes"),
    }[where]
    place.fill("")
    place.press_sequentially(typed)
    expect(place).to_have_value(typed)
    expect(place).to_be_focused()
    expect(three).to_have_url(re.compile("/inbox"))
    expect(three.get_by_role("dialog")).to_have_count(0)


def test_ctrl_z_while_typing_takes_back_the_typing_alone(three: Page) -> None:
    quick_add = three.get_by_role("textbox", name="Add a task")
    quick_add.press_sequentially("oops")
    quick_add.press("Control+z")
    expect(quick_add).to_have_value("")
    expect(tasks(three)).to_have_count(3)


def test_the_list_is_one_tab_stop_for_each_control_of_a_row(three: Page) -> None:
    three.keyboard.press("j")
    three.keyboard.press("j")
    three.keyboard.press("Tab")
    three.keyboard.press("Tab")
    expect(tasks(three).get_by_role("button", name="More actions")).to_have_count(3)
    for other in ("first", "third"):
        expect(three.get_by_role("button", name=other, exact=True)).not_to_be_focused()


def test_the_skip_link_leads_past_the_navigation(three: Page) -> None:
    three.reload()
    expect(tasks(three)).to_have_count(3)
    three.keyboard.press("Tab")
    skip = three.get_by_role("link", name="Skip to content")
    expect(skip).to_be_focused()
    three.keyboard.press("Enter")
    expect(three.get_by_role("main")).to_be_focused()


def test_the_account_menu_works_by_keys(three: Page) -> None:
    account = three.get_by_role("button", name="Account")
    account.focus()
    three.keyboard.press("Enter")
    expect(three.get_by_role("menuitem", name="Settings")).to_be_focused()
    three.keyboard.press("Escape")
    expect(account).to_be_focused()


def test_g_and_p_lead_to_a_project_by_its_name(inbox: Page, person: Person) -> None:
    person.has_project("Press kit")
    person.has_project("Garden")
    inbox.reload()
    inbox.get_by_role("navigation", name="Main").get_by_role("link", name="Garden").wait_for()
    inbox.keyboard.press("g")
    inbox.keyboard.press("p")
    options = inbox.get_by_role("dialog", name="Command palette").get_by_role("option")
    expect(options).to_have_text([re.compile("Press kit"), re.compile("Garden")])
    inbox.keyboard.type("gar")
    inbox.keyboard.press("Enter")
    expect(inbox.get_by_role("heading", name="Garden", level=1)).to_be_focused()


def test_m_puts_the_sidebar_away_and_a_reload_keeps_it_so(three: Page) -> None:
    sidebar = three.get_by_role("navigation", name="Main")
    three.keyboard.press("m")
    expect(sidebar).to_be_hidden()
    three.reload()
    expect(tasks(three)).to_have_count(3)
    expect(sidebar).to_be_hidden()
    three.keyboard.press("m")
    expect(sidebar).to_be_visible()


def test_the_sidebar_is_put_away_and_brought_back_by_buttons_that_keep_the_focus(three: Page) -> None:
    sidebar = three.get_by_role("navigation", name="Main")
    hide, show = three.get_by_role("button", name="Hide sidebar"), three.get_by_role("button", name="Show sidebar")
    expect(show).to_be_hidden()
    hide.click()
    expect(sidebar).to_be_hidden()
    expect(show).to_be_focused()
    assert show.bounding_box()["x"] + show.bounding_box()["width"] < three.get_by_role("link", name="All").bounding_box()["x"]
    show.press("Enter")
    expect(sidebar).to_be_visible()
    expect(hide).to_be_focused()


@pytest.mark.parametrize("key", ["1", "2", "3"])
def test_a_number_sets_the_priority_and_four_takes_it_away(key: str, three: Page) -> None:
    three.keyboard.press("j")
    three.keyboard.press(key)
    expect(row(three, "first")).to_contain_text(f"Priority P{key}")
    at(three, "first")
    three.keyboard.press("4")
    expect(row(three, "first")).not_to_contain_text("Priority")


def test_f2_renames_in_the_row(three: Page) -> None:
    three.keyboard.press("j")
    three.keyboard.press("F2")
    name = three.get_by_role("textbox", name="New name")
    expect(name).to_be_focused()
    expect(name).to_have_value("first")
    three.keyboard.type("premier?q")
    three.keyboard.press("Enter")
    expect(name).to_have_count(0)
    at(three, "premier?q")
    expect(toast(three)).to_contain_text("Task renamed")
    three.reload()
    expect(tasks(three)).to_have_text(["premier?q", "second", "third"])


def test_escape_leaves_the_name_as_it_was(three: Page) -> None:
    three.keyboard.press("j")
    three.keyboard.press("F2")
    three.keyboard.type("oops")
    three.keyboard.press("Escape")
    at(three, "first")
    three.reload()
    expect(tasks(three)).to_have_text(["first", "second", "third"])


def test_leaving_the_name_stores_it(three: Page) -> None:
    three.keyboard.press("j")
    three.keyboard.press("F2")
    three.keyboard.type("left")
    three.get_by_role("textbox", name="Add a task").click()
    expect(toast(three)).to_contain_text("Task renamed")
    three.reload()
    expect(tasks(three)).to_have_text(["left", "second", "third"])


def test_a_name_that_is_too_long_stays_to_be_mended(three: Page) -> None:
    three.keyboard.press("j")
    three.keyboard.press("F2")
    name = three.get_by_role("textbox", name="New name")
    name.fill("x" * 201)
    name.press("Enter")
    expect(three.get_by_text("at most 200 characters; this has 201")).to_be_visible()
    expect(name).to_have_value("x" * 201)
    name.press("Backspace")
    name.press("Enter")
    expect(box(three, "x" * 200)).to_be_visible()


def test_a_name_changed_in_two_places_loses_neither(three: Page, person: Person) -> None:
    task = next(task for task in person.tasks() if task["title"] == "first")
    three.keyboard.press("j")
    three.keyboard.press("F2")
    three.keyboard.type("mine")
    person.changes_task(task["id"], title="theirs")
    expect(row(three, "theirs")).to_be_attached()
    three.get_by_role("textbox", name="New name").press("Enter")
    expect(toast(three)).to_contain_text("changed in two places")
    assert "theirs" in [task["title"] for task in person.tasks()]
    expect(three.get_by_role("textbox", name="New name")).to_have_value("mine")


def test_settings_turn_the_keys_of_one_character_off(three: Page) -> None:
    go_to(three, "Settings")
    three.get_by_label("Single-key shortcuts").select_option("Off")
    expect(toast(three)).to_contain_text("Saved")
    go_to(three, "Inbox")
    expect(tasks(three)).to_have_count(3)
    for key in ("q", "x", "?", "m", "j"):
        three.keyboard.press(key)
    expect(three.get_by_role("textbox", name="Add a task")).not_to_be_focused()
    expect(three.get_by_role("dialog")).to_have_count(0)
    expect(three.get_by_role("navigation", name="Main")).to_be_visible()
    three.keyboard.press("Control+k")
    expect(three.get_by_role("dialog", name="Command palette")).to_be_visible()


def test_keys_of_somebody_who_composes_a_character_are_no_shortcuts(three: Page) -> None:
    three.keyboard.press("j")
    three.evaluate(
        "() => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'e', isComposing: true, bubbles: true}))"
    )
    three.keyboard.press("x")
    expect(three.get_by_role("toolbar")).to_contain_text("1 selected")
    expect(box(three, "first")).not_to_be_checked()


def test_an_open_page_asks_for_the_new_day_when_it_has_come(visit: Visit, person: Person) -> None:
    page = visit(person)
    sent: list[str] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    page.clock.install(time="2026-03-04T23:58:00Z")  # accounts are made in UTC
    page.reload()
    expect(page.get_by_role("heading", name="Your inbox is clear")).to_be_visible()
    page.clock.run_for(60_000)
    add(page, "before midnight")
    assert not any("new_day" in frame for frame in sent)
    page.clock.run_for(90_000)
    add(page, "after midnight")
    assert sum("new_day" in frame for frame in sent) == 1


@pytest.fixture
def without_dialogs(visit: Visit, person: Person) -> tuple[Page, list[Route]]:
    """A list of one task whose dialogs and menus have yet to come, and the request for them, which waits."""
    person.has_task("Here")
    page = visit(person, "/health", service_workers="block")
    held: list[Route] = []
    page.route("**/assets/dialogs-*.js", lambda route: held.append(route))
    with page.expect_request("**/assets/dialogs-*.js"):
        page.goto("/inbox")
    expect(row(page, "Here")).to_be_visible()
    return page, held


@pytest.mark.parametrize(
    ("asks", "role", "name"),
    [
        pytest.param(lambda page: page.keyboard.press("?"), "dialog", "Keyboard shortcuts", id="key"),
        pytest.param(lambda page: page.get_by_role("button", name="Account", exact=True).click(), "menu", "Account", id="account"),
        pytest.param(lambda page: row(page, "Here").get_by_label("More actions").click(), "menu", "Task actions", id="row"),
    ],
)
def test_what_is_asked_before_dialogs_and_menus_have_come_opens_when_they_have(
    asks: Callable[[Page], None], role: Any, name: str, without_dialogs: tuple[Page, list[Route]]
) -> None:
    page, held = without_dialogs
    row(page, "Here").hover()
    asks(page)
    expect(page.get_by_role(role, include_hidden=True)).to_have_count(0)
    held[0].continue_()
    expect(page.get_by_role(role, name=name)).to_be_visible()


def test_what_is_typed_before_the_palette_has_come_is_typed_into_it(without_dialogs: tuple[Page, list[Route]]) -> None:
    page, held = without_dialogs
    page.keyboard.press("Control+k")
    page.keyboard.type("upco")
    page.keyboard.press("Enter")
    held[0].continue_()
    expect(page.get_by_role("heading", name="Upcoming", level=1)).to_be_visible()


def test_escape_asks_for_it_no_more(without_dialogs: tuple[Page, list[Route]]) -> None:
    page, held = without_dialogs
    page.keyboard.press("Control+k")
    page.keyboard.press("Escape")
    held[0].continue_()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    expect(page.get_by_role("dialog", name="Command palette")).to_be_hidden()


def test_what_is_typed_into_a_field_meanwhile_stays_there(without_dialogs: tuple[Page, list[Route]]) -> None:
    page, held = without_dialogs
    page.keyboard.press("Control+k")
    line = page.get_by_role("textbox", name="Add a task")
    line.press_sequentially("milk")
    held[0].continue_()
    expect(page.get_by_role("dialog", name="Command palette")).to_be_visible()
    expect(line).to_have_value("milk")
