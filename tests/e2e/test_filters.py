"""Filters: typing one, mending it, saving it, and asking why a task is (not) there."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import box, tasks
from tests.e2e.conftest import Visit
from tests.e2e.people import Person

pytestmark = pytest.mark.slow


@pytest.fixture
def search(visit: Visit, person: Person) -> Page:
    """The search page of somebody with two tasks."""
    person.has_task("Renew the passport", priority=1)
    person.has_task("Water the plants")
    page = visit(person, "/search")
    expect(tasks(page)).to_have_count(2)
    return page


def test_the_list_follows_the_filter_as_it_is_typed(search: Page) -> None:
    field = search.get_by_role("textbox", name="Filter")
    field.press_sequentially("p1")
    expect(tasks(search)).to_have_count(1)
    expect(box(search, "Renew the passport")).to_be_visible()
    expect(field).to_be_focused()
    search.reload()
    expect(field).to_have_value("p1")
    expect(tasks(search)).to_have_count(1)
    field.fill("")
    expect(tasks(search)).to_have_count(2)


def test_what_is_wrong_is_shown_at_its_place_and_mended_by_one_click(search: Page) -> None:
    field = search.get_by_role("textbox", name="Filter")
    field.fill("p1 & ovrdue")
    expect(field).to_have_accessible_description(re.compile("At character 6"))
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(search.locator("mark").filter(visible=True)).to_have_text("ovrdue")
    search.get_by_role("button", name="Use “overdue”").filter(visible=True).click()
    expect(field).to_have_value("p1 & overdue")
    expect(field).to_have_attribute("aria-invalid", "false")
    expect(search.get_by_role("heading", name="Nothing found")).to_be_visible()


def test_a_bad_filter_in_an_address_says_why(visit: Visit, person: Person) -> None:
    page = visit(person, "/search?filter=(p1")
    expect(page.get_by_role("textbox", name="Filter")).to_have_accessible_description(re.compile("At character"))


def test_a_filter_is_saved_from_the_page_and_found_in_the_sidebar(search: Page) -> None:
    search.get_by_role("textbox", name="Filter").fill("p1")
    search.get_by_role("button", name="Save filter").click()
    form = search.get_by_role("dialog", name="Add filter")
    expect(form.get_by_role("textbox", name="Filter")).to_have_value("p1")
    form.get_by_role("textbox", name="Name").fill("Urgent")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    search.goto("/search")
    search.get_by_role("navigation", name="Main").get_by_role("link", name="Urgent").click()
    expect(tasks(search)).to_have_count(1)
    expect(search.get_by_role("textbox", name="Filter")).to_have_value("p1")


def test_a_filter_that_can_not_be_read_is_not_saved(search: Page) -> None:
    search.get_by_role("button", name="Add filter").click()
    form = search.get_by_role("dialog", name="Add filter")
    form.get_by_role("textbox", name="Name").fill("Broken")
    form.get_by_role("textbox", name="Filter").fill("(p1")
    form.get_by_role("button", name="Save").click()
    expect(form.get_by_role("textbox", name="Filter")).to_have_accessible_description(re.compile("At character"))
    expect(form).to_be_visible()
    expect(form.get_by_role("textbox", name="Name")).to_have_value("Broken")


def test_why_a_task_is_here_or_not(search: Page) -> None:
    search.get_by_role("textbox", name="Filter").fill("p1")
    expect(tasks(search)).to_have_count(1)
    search.get_by_text("Why is a task here, or not?").click()
    search.get_by_role("textbox", name="Words of its title").fill("plants")
    search.keyboard.press("Enter")
    answers = search.get_by_role("list", name="Explanations").get_by_role("listitem")
    expect(answers).to_have_text(["Water the plantsNot here because it is not “p1”."])


def test_a_saved_filter_has_a_page_of_its_name(visit: Visit, person: Person) -> None:
    person.has_filter("Urgent", "p1")
    page = visit(person, "/search")
    sidebar = page.get_by_role("navigation", name="Main")
    expect(sidebar.get_by_role("link", name="Search")).to_have_attribute("aria-current", "page")
    sidebar.get_by_role("link", name="Urgent").click()
    expect(page.get_by_role("heading", name="Urgent", level=1)).to_be_visible()
    expect(page).to_have_title("Urgent · Todo")
    expect(sidebar.get_by_role("link", name="Urgent")).to_have_attribute("aria-current", "page")
    expect(sidebar.get_by_role("link", name="Search")).to_have_attribute("aria-current", "false")
    page.get_by_role("main").get_by_role("button", name="More for Urgent").click()
    page.get_by_role("menu", name="Filter actions").get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("heading", name="Search", level=1)).to_be_visible()
