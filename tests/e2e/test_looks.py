"""What every page must be for everybody: accessible in each state, in both themes, on a desk and on a phone."""

import re
from collections.abc import Callable
from typing import Literal
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import add, box, delete, edit, go_to, has_stopped_loading, open_task, panel, row, tasks, toast
from tests.e2e.conftest import Visit
from tests.e2e.looks import DESK, PHONE, SHIFTS, STILL, does_not_scroll_sideways, is_accessible, violations
from tests.e2e.people import Person

pytestmark = pytest.mark.slow

MOTIONS = pytest.mark.parametrize("motion", ["no-preference", "reduce"])
# Lets a toast's time pass at once, and says how long it was in milliseconds.
LET_IT_GO = """toast => {
  const going = toast.getAnimations().find(({ animationName }) => animationName === "expire");
  going.finish();
  return going.effect.getTiming().delay;
}"""


@pytest.fixture
def filled(visit: Visit, person: Person) -> Page:
    """An inbox with a task of every kind."""
    person.has_task("Send the signed lease back", priority=1, due_date="2020-01-02", notes="Both copies.")
    person.has_task("Book a table", priority=2, due_date="2031-01-01", due_time="18:00", time_zone="UTC")
    person.has_task("مرحبا", priority=3)
    person.has_task("Done already", completed=True)
    person.has_task("A title so long that it needs more than a line of its own on every telephone there has ever been")
    page = visit(person)
    expect(tasks(page)).to_have_count(5)
    return page


def test_axe_itself_would_complain(visit: Visit) -> None:
    page = visit()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.locator("html").evaluate("html => html.removeAttribute('lang')")
    assert any("html-has-lang" in line for line in violations(page))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_would_complain_of_what_one_theme_hides(scheme: Literal["light", "dark"], visit: Visit) -> None:
    page = visit()
    page.add_style_tag(
        content=f"@media (prefers-color-scheme: {scheme}) {{ label {{ color: #777 !important; background: #888; }} }}"
    )
    with pytest.raises(AssertionError, match=f"390 px, {scheme}: color-contrast"):
        is_accessible(page)


@pytest.mark.parametrize("path", ["/login", "/signup", "/reset", "/new-password", "/confirm"])
def test_the_forms_are_accessible_empty_and_refused(path: str, visit: Visit) -> None:
    page = visit(path=path)
    is_accessible(page)
    page.get_by_role("button", name=re.compile("Sign in|Create account|Send the link|Set the password|Confirm my email")).click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    is_accessible(page)


def test_an_empty_inbox_is_accessible(inbox: Page) -> None:
    is_accessible(inbox)


def test_a_full_inbox_is_accessible(filled: Page) -> None:
    is_accessible(filled)


def test_a_refused_task_and_a_toast_are_accessible(filled: Page) -> None:
    box(filled, "Book a table").check()
    expect(toast(filled)).to_contain_text("Completed")
    filled.get_by_role("textbox", name="Add a task").press("Enter")
    expect(filled.get_by_text("Write what there is to do")).to_be_visible()
    is_accessible(filled)


def test_the_panel_is_accessible(filled: Page) -> None:
    open_task(filled, "Send the signed lease back")
    edit(filled, "Title", "Send the lease")
    is_accessible(filled)


@pytest.fixture
def whole_task(visit: Visit, person: Person) -> Page:
    """A task with all that a task can have, open; it is a subtask itself."""
    project = person.has_project("Autumn launch", color="teal")
    section = person.has_section("Copy", project)
    label_ids = [person.has_label(name, color=color) for name, color in (("deep work", "violet"), ("writing", "amber"))]
    parent = person.has_task("Launch", section_id=section)
    notes = (
        "# Plan\n\nSee **this**: https://example.com `code`\n\n- [x] done\n- [ ] open\n\n> quote\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    task = person.has_task(
        "Draft", parent_id=parent, notes=notes, priority=1, label_ids=label_ids, rrule="FREQ=MONTHLY;BYMONTHDAY=31"
    )
    for title, fields in (("Read", {"completed": True}), ("Write", {"due_date": "2020-01-02"}), ("Send", {})):
        person.has_task(title, parent_id=task, **fields)
    page = visit(person, f"/project/{project}#task={task}")
    expect(panel(page).get_by_text("1 of 3")).to_be_visible()
    has_stopped_loading(page)
    return page


def test_a_task_with_all_it_can_have_is_accessible(whole_task: Page) -> None:
    panel(whole_task).get_by_text("Next dates").first.click()
    expect(panel(whole_task).get_by_role("list", name="Next dates")).to_be_visible()
    is_accessible(whole_task)
    panel(whole_task).get_by_label("Notes", exact=True).focus()
    is_accessible(whole_task)


def test_an_open_task_leaves_the_bar_on_one_line(whole_task: Page) -> None:
    controls = whole_task.get_by_role("searchbox", name="Search"), whole_task.get_by_role("combobox", name="Sort")
    search, order = (control.bounding_box() for control in controls)
    assert search
    assert order
    assert search["y"] + search["height"] / 2 == pytest.approx(order["y"] + order["height"] / 2, abs=2)


def test_what_the_panel_refuses_is_accessible(whole_task: Page) -> None:
    for name, words in {"Repeat": "now and then", "Add a label": "x" * 61, "Add subtask": "tomorrow"}.items():
        panel(whole_task).get_by_label(name, exact=True).fill(words)
        panel(whole_task).get_by_label(name, exact=True).press("Enter")
    expect(panel(whole_task).get_by_role("alert").filter(has_text=re.compile("."))).to_have_count(3)
    is_accessible(whole_task)


@pytest.mark.parametrize("width", [390, 320])
def test_a_task_with_all_it_can_have_does_not_scroll_sideways(width: int, whole_task: Page) -> None:
    whole_task.set_viewport_size({"width": width, "height": 700})
    does_not_scroll_sideways(whole_task)
    assert panel(whole_task).locator(".panel-b").evaluate("element => element.scrollWidth <= element.clientWidth")


@MOTIONS
def test_what_moves_stands_still_for_who_asked_for_that(motion: str, visit: Visit, person: Person) -> None:
    page = visit(person, reduced_motion=motion)
    expect(page.get_by_role("heading", name="Your inbox is clear")).to_be_visible()
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(sheet).to_have_css("animation-name", "none" if motion == "reduce" else "pop-in")


@MOTIONS
def test_a_toast_goes_after_ten_seconds(motion: str, visit: Visit, person: Person) -> None:
    person.has_task("Dishes")
    page = visit(person, reduced_motion=motion)
    box(page, "Dishes").check()
    expect(toast(page)).to_contain_text("Completed")
    assert page.locator(".toast").evaluate(LET_IT_GO) == 10_000
    expect(toast(page).get_by_role("button", name="Undo")).to_be_hidden()


def test_each_toast_has_a_time_of_its_own(inbox: Page) -> None:
    add(inbox, "Dishes")
    inbox.get_by_role("heading", name="Inbox", level=1).focus()
    for message in ("Undone: task added", "There is nothing to undo.", "There is nothing to undo."):
        inbox.keyboard.press("Control+z")
        expect(toast(inbox).get_by_text(message)).to_be_visible()
        inbox.locator(".toast").evaluate(LET_IT_GO)
        expect(toast(inbox).get_by_text(message)).to_be_hidden()


def test_menus_are_accessible(filled: Page) -> None:
    row(filled, "Book a table").hover()
    row(filled, "Book a table").get_by_role("button", name="More actions").click()
    expect(filled.get_by_role("menuitem", name="Delete")).to_be_visible()
    is_accessible(filled, sizes=(DESK,))
    filled.keyboard.press("Escape")
    filled.get_by_role("button", name="Account").click()
    expect(filled.get_by_role("menuitem", name="Sign out")).to_be_visible()
    is_accessible(filled, sizes=(DESK,))


def test_the_sheet_of_keys_is_accessible(filled: Page) -> None:
    filled.keyboard.press("?")
    expect(filled.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    is_accessible(filled)


def test_trash_and_its_question_are_accessible(inbox: Page) -> None:
    go_to(inbox, "Trash")
    is_accessible(inbox)
    inbox.set_viewport_size(DESK)
    go_to(inbox, "Inbox")
    add(inbox, "Old bill")
    delete(inbox, "Old bill")
    inbox.goto("/trash")
    is_accessible(inbox)
    inbox.get_by_role("button", name="Delete for good Old bill").click()
    expect(inbox.get_by_role("dialog")).to_be_visible()
    is_accessible(inbox)


@pytest.mark.parametrize("path", ["/completed", "/settings", "/today", "/upcoming", "/search?filter=today+%26+nonsense"])
def test_other_pages_are_accessible(path: str, filled: Page) -> None:
    filled.goto(path)
    has_stopped_loading(filled)
    expect(filled.get_by_text("Loading your settings")).to_have_count(0)
    is_accessible(filled)


@pytest.fixture
def project(visit: Visit, person: Person) -> Page:
    """A project with tasks on days, in sections, with labels."""
    project_id = person.has_project("House", color="amber", description="All that it needs.")
    garden = person.has_section("Garden", project_id)
    calls = person.has_label("calls", color="blue")
    person.has_task("Paint the fence", project_id=project_id, section_id=garden, due_date="2026-11-25", label_ids=[calls])
    person.has_task("Water the plants", project_id=project_id, due_date="2026-11-20", rrule="FREQ=DAILY;INTERVAL=3")
    person.has_task("Done already", project_id=project_id, completed=True)
    page = visit(person, f"/project/{project_id}")
    expect(tasks(page)).to_have_count(3)
    return page


@pytest.mark.parametrize("shown_as", ["?view=list", "?view=board", "?view=board&by=priority", "?view=calendar&on=2026-11"])
def test_a_project_is_accessible_however_it_is_shown(shown_as: str, project: Page) -> None:
    project.goto(f"{project.url.partition('?')[0]}{shown_as}")
    expect(project.get_by_role("checkbox", name="Paint the fence")).to_be_visible()
    is_accessible(project)
    project.set_viewport_size({"width": 320, "height": 700})
    does_not_scroll_sideways(project)


def test_an_address_that_leads_nowhere_says_so_and_leads_home(visit: Visit, person: Person, expected_errors: list[str]) -> None:
    expected_errors.append("404")
    page = visit(person, "/no/such/page")
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    expect(page).to_have_title("Page not found · Todo")
    is_accessible(page)
    page.get_by_role("link", name="Go to Today").click()
    expect(page.get_by_role("heading", name="Today", level=1)).to_be_visible()


def test_an_unknown_address_answers_404(visit: Visit, expected_errors: list[str]) -> None:
    expected_errors.append("404")
    answer = visit().goto("/no/such/page")
    assert answer is not None
    assert answer.status == 404


@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/today", "Today · Todo"),
        ("/inbox", "Inbox · Todo"),
        ("/upcoming", "Upcoming · Todo"),
        ("/search", "Search · Todo"),
        ("/completed", "Completed · Todo"),
        ("/trash", "Trash · Todo"),
        ("/settings", "Settings · Todo"),
    ],
)
def test_every_page_has_its_title_and_language(path: str, title: str, visit: Visit, person: Person) -> None:
    page = visit(person, path)
    expect(page).to_have_title(title)
    expect(page.locator("html")).to_have_attribute("lang", "en")


# What a first visit may bring over the line, compressed, in bytes without headers.
BUDGET = {"script": 160_000, "stylesheet": 12_000, "document": 10_000, "font": 50_000, "whole": 250_000}
REQUESTS = 14
# The dialogs and the task panel come when the page is there; with them it may be this much.
SCRIPTS_IN_ALL = 175_000


@pytest.mark.parametrize("path", ["/login", "/today"])
def test_the_first_load_fits_its_budget(path: str, visit: Visit, person: Person) -> None:
    # At /health, which needs nothing that the pages do; and past the service worker, whose files have no size.
    page = visit(person if path == "/today" else None, "/health", service_workers="block")
    answers = []
    page.on("requestfinished", lambda request: answers.append(request))  # (a method of a list is refused)
    page.goto(path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    has_stopped_loading(page)
    if path == "/today":
        expect(page.get_by_role("dialog", include_hidden=True)).not_to_have_count(0)
    html = page.request.get(path).text()
    sizes = [(answer.resource_type, answer.url, answer.sizes()["responseBodySize"]) for answer in answers]
    first = [(kind, size) for kind, url, size in sizes if kind != "script" or urlsplit(url).path in html]
    loaded = {kind: sum(size for each, size in first if each == kind) for kind in BUDGET}
    loaded["whole"] = sum(size for *_, size in sizes)
    scripts = sum(size for kind, _, size in sizes if kind == "script")
    print(path, loaded, f"{len(first)} requests, {scripts} bytes of scripts in all")
    assert all(loaded[kind] > 0 for kind in ("script", "stylesheet", "document"))
    assert {kind: size for kind, size in loaded.items() if size > BUDGET[kind]} == {}
    assert len(first) <= REQUESTS
    assert scripts <= SCRIPTS_IN_ALL


@pytest.mark.parametrize("path", ["/login", "/today"])
def test_the_head_says_what_browsers_and_finders_ask(path: str, visit: Visit, person: Person) -> None:
    page = visit(person, path)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    colors = page.locator("meta[name=theme-color]")
    expect(colors).to_have_count(2)
    assert {color.get_attribute("media") for color in colors.all()} == {
        "(prefers-color-scheme: light)",
        "(prefers-color-scheme: dark)",
    }
    expect(page.locator("meta[name=description]")).to_have_count(1)
    expect(page.locator("link[rel=manifest]")).to_have_count(1)


def test_a_chosen_theme_is_there_before_any_script_has_come(visit: Visit, expected_errors: list[str]) -> None:
    expected_errors.append("net::ERR_FAILED")
    page = visit()
    page.evaluate("() => localStorage.setItem('todo-theme', 'dark')")
    page.route("**/assets/*.js", lambda route: route.abort())
    page.emulate_media(color_scheme="light")
    page.reload()
    expect(page.locator("html")).to_have_css("color-scheme", "dark")


@pytest.mark.parametrize("path", ["/login", "/signup", "/reset"])
def test_a_form_stands_still_while_its_page_comes_to_life(path: str, visit: Visit) -> None:
    page = visit(path=path)
    expect(page.get_by_role("textbox", name="Email")).to_be_editable()
    page.wait_for_function("() => window.todo")
    page.wait_for_load_state("networkidle")
    assert page.evaluate(SHIFTS) == []


@pytest.mark.parametrize("path", ["/inbox", "/today", "/upcoming"])
def test_the_line_and_the_list_stand_still_while_their_page_comes_to_life(path: str, visit: Visit, person: Person) -> None:
    person.has_task("Here already")
    page = visit(person, path)
    has_stopped_loading(page)
    assert [moved for moved in page.evaluate(SHIFTS) if 'class="qa"' in moved or 'aria-label="Tasks"' in moved] == []


def test_the_buttons_of_a_row_have_icons_where_the_system_chooses_the_colours_too(visit: Visit, person: Person) -> None:
    person.has_task("Here already")
    page = visit(person, forced_colors="active")
    buttons = row(page, "Here already").locator("[data-icon]")
    expect(buttons).to_have_count(3)
    for button in buttons.all():
        painted = button.evaluate(
            "(button) => (({ backgroundImage, maskImage }) => [backgroundImage, maskImage])(getComputedStyle(button, '::before'))"
        )
        assert set(painted) != {"none"}


def on_every_page(page: Page, check: Callable[[Page], None]) -> None:
    for path in ("/inbox", "/today", "/upcoming", "/search", "/completed", "/trash", "/settings"):
        page.goto(path)
        has_stopped_loading(page)
        expect(page.get_by_text("Loading your settings")).to_have_count(0)
        check(page)


@pytest.mark.parametrize("width", [390, 320])
def test_no_page_scrolls_sideways_on_a_phone(width: int, filled: Page) -> None:
    filled.set_viewport_size({"width": width, "height": 700})
    on_every_page(filled, does_not_scroll_sideways)
    filled.goto("/inbox")
    row(filled, "Book a table").get_by_role("button", name="Book a table").click()
    expect(panel(filled)).to_be_visible()
    does_not_scroll_sideways(filled)


@pytest.mark.parametrize("path", ["/login", "/signup"])
def test_no_form_scrolls_sideways_on_a_phone(path: str, visit: Visit) -> None:
    page = visit(path=path, viewport={"width": 320, "height": 700})
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    does_not_scroll_sideways(page)


def test_a_phone_has_a_tab_bar_a_menu_and_a_button_to_add(visit: Visit, person: Person) -> None:
    page = visit(person, viewport=PHONE, has_touch=True, is_mobile=True)
    tabs = page.get_by_role("navigation", name="Primary")
    tabs.get_by_role("link", name="Upcoming").tap()
    expect(page.get_by_role("heading", name="Upcoming", level=1)).to_be_visible()
    tabs.get_by_role("link", name="Inbox").tap()
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    page.get_by_role("button", name="Menu").tap()
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Trash").tap()
    expect(page.get_by_role("heading", name="Trash", level=1)).to_be_visible()
    expect(page.get_by_role("navigation", name="Main")).to_be_hidden()
    tabs.get_by_role("link", name="Inbox").tap()
    page.get_by_role("button", name="Add task").first.tap()
    expect(page.get_by_role("textbox", name="Add a task")).to_be_focused()


def test_on_a_phone_a_task_fills_the_screen(visit: Visit, person: Person) -> None:
    person.has_task("Small screen")
    page = visit(person, viewport=PHONE, has_touch=True, is_mobile=True)
    page.add_style_tag(content=STILL)
    row(page, "Small screen").get_by_role("button", name="Small screen").tap()
    expect(panel(page)).to_be_in_viewport(ratio=1)
    assert panel(page).bounding_box() == {"x": 0, "y": 0, **PHONE}
    panel(page).get_by_role("button", name="Close").tap()
    expect(panel(page)).to_have_count(0)


def test_on_a_phone_every_item_of_a_menu_is_in_reach(visit: Visit, person: Person) -> None:
    for number in range(6):
        person.has_task(f"Task {number}")
    page = visit(person, viewport=PHONE, has_touch=True, is_mobile=True)
    row(page, "Task 2").get_by_role("button", name="More actions").tap()
    items = page.get_by_role("menu", name="Task actions").get_by_role("menuitem")
    expect(items.first).to_be_focused()
    for item in items.filter(visible=True).all():
        expect(item).to_be_in_viewport(ratio=1)
    is_accessible(page, sizes=(PHONE,))


def test_on_a_phone_a_finger_hits_what_it_means(visit: Visit, person: Person) -> None:
    person.has_task("Thumb")
    page = visit(person, viewport=PHONE, has_touch=True, is_mobile=True)
    expect(box(page, "Thumb")).to_be_visible()
    small = []
    buttons = page.get_by_role("button").filter(has_not_text="Thumb")  # the title: all of its row opens the task
    for control in [*buttons.all(), *page.get_by_role("navigation", name="Primary").get_by_role("link").all()]:
        size = control.bounding_box()
        if size and control.is_visible() and min(size["width"], size["height"]) < 44:
            small.append((control.get_attribute("aria-label") or control.inner_text(), size))
    assert small == []
