"""Projects, sections and labels: making, changing, putting in order, archiving, deleting, and taking it back."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.actions import AWAY, add, box, go_to, row, tasks, toast
from tests.e2e.conftest import Visit
from tests.e2e.people import Person
from tests.e2e.site import Site

pytestmark = pytest.mark.slow


def dialog(page: Page, name: str) -> Locator:
    """An open dialog."""
    return page.get_by_role("dialog", name=name)


def make(page: Page, kind: str, name: str) -> None:
    """Adds a project or a label by the button beside its heading."""
    page.get_by_role("button", name=f"Add {kind}", exact=True).click()
    dialog(page, f"Add {kind}").get_by_role("textbox", name="Name").fill(name)
    page.keyboard.press("Enter")
    expect(entry(page, name)).to_be_visible()


def entry(page: Page, name: str) -> Locator:
    """The link of a project, label or filter in the sidebar."""
    return page.get_by_role("navigation", name="Main").get_by_role("link", name=name)


def entries(page: Page, heading: str) -> Locator:
    """The links below a heading of the sidebar."""
    return page.get_by_role("navigation", name="Main").get_by_role("list", name=heading).get_by_role("link")


def in_menu(page: Page, name: str, action: str) -> None:
    """An item of the menu of a project, label or filter in the sidebar."""
    entry(page, name).hover()
    page.get_by_role("navigation", name="Main").get_by_role("button", name=f"More for {name}").click()
    page.get_by_role("menuitem", name=action).click()


@pytest.fixture
def home(inbox: Page) -> Page:
    """The page of an empty project named Home."""
    make(inbox, "project", "Home")
    go_to(inbox, "Home")
    return inbox


def test_a_project_is_made_with_a_name_and_a_colour(inbox: Page) -> None:
    inbox.get_by_role("button", name="Add project").click()
    form = dialog(inbox, "Add project")
    expect(form.get_by_role("textbox", name="Name")).to_be_focused()
    inbox.keyboard.type("Garden")
    form.get_by_role("radiogroup", name="Colour").get_by_role("radio", name="Green").check()
    form.get_by_role("textbox", name="Description").fill("Beds and hedges")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    expect(inbox.get_by_role("button", name="Add project")).to_be_focused()
    go_to(inbox, "Garden")
    expect(inbox.get_by_text("Beds and hedges")).to_be_visible()
    add(inbox, "Cut the hedge")
    expect(entry(inbox, "Garden")).to_contain_text("1")
    inbox.reload()
    expect(box(inbox, "Cut the hedge")).to_be_visible()


def test_the_dialog_opens_without_the_server(inbox: Page, site: Site, expected_errors: list[str]) -> None:
    expected_errors += AWAY
    site.wire.cut()
    inbox.get_by_role("button", name="Add project").click()
    expect(dialog(inbox, "Add project").get_by_role("textbox", name="Name")).to_be_focused()


def test_what_is_wrong_is_said_at_the_field_and_what_was_typed_stays(inbox: Page) -> None:
    make(inbox, "label", "calls")
    inbox.get_by_role("button", name="Add label").click()
    name = dialog(inbox, "Add label").get_by_role("textbox", name="Name")
    name.fill("Calls")
    name.press("Enter")
    expect(name).to_have_accessible_description(re.compile("already a label with this name"))
    expect(name).to_have_value("Calls")
    name.fill("errands")
    name.press("Enter")
    expect(entries(inbox, "Labels")).to_have_text(["calls", "errands"])


def test_esc_keeps_what_was_typed_and_cancel_drops_it(inbox: Page) -> None:
    inbox.get_by_role("button", name="Add project").click()
    form = dialog(inbox, "Add project")
    name = form.get_by_role("textbox", name="Name")
    name.fill("Half a thou")
    inbox.keyboard.press("Escape")
    expect(form).to_be_hidden()
    inbox.get_by_role("button", name="Add project").click()
    expect(name).to_have_value("Half a thou")
    form.get_by_role("button", name="Cancel").click()
    inbox.get_by_role("button", name="Add project").click()
    expect(name).to_have_value("")


def test_a_project_is_renamed_and_put_into_another_one(home: Page) -> None:
    make(home, "project", "Shed")
    in_menu(home, "Shed", "Edit")
    form = dialog(home, "Edit project")
    expect(form.get_by_role("textbox", name="Name")).to_have_value("Shed")
    form.get_by_role("textbox", name="Name").fill("Workshop")
    form.get_by_role("combobox", name="Parent project").select_option(label="Home")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    in_menu(home, "Home", "Delete")
    expect(toast(home)).to_contain_text("Project Home deleted with 1 project")
    expect(entry(home, "Workshop")).to_have_count(0)


def test_a_project_can_not_be_chosen_as_its_own_parent(home: Page) -> None:
    in_menu(home, "Home", "Edit")
    parents = dialog(home, "Edit project").get_by_role("combobox", name="Parent project")
    expect(parents.get_by_role("option", name="Home")).to_be_disabled()


def test_deleting_says_what_goes_along_and_undo_brings_all_of_it_back(home: Page) -> None:
    add(home, "Paint the door")
    home.get_by_role("button", name="Add section").click()
    home.keyboard.type("Later")
    home.keyboard.press("Enter")
    expect(home.get_by_role("heading", name="Later")).to_be_visible()
    in_menu(home, "Home", "Edit")
    form = dialog(home, "Edit project")
    expect(form.get_by_text("Also deleted: 1 section and 1 task.")).to_be_visible()
    form.get_by_role("button", name="Delete").click()
    expect(toast(home)).to_contain_text("Project Home deleted with 1 section and 1 task")
    expect(home.get_by_role("heading", name="This is not here")).to_be_visible()
    toast(home).get_by_role("button", name="Undo").click()
    expect(box(home, "Paint the door")).to_be_visible()
    expect(home.get_by_role("heading", name="Later")).to_be_visible()


def test_an_archived_project_waits_to_be_taken_back(home: Page) -> None:
    in_menu(home, "Home", "Archive")
    expect(toast(home)).to_contain_text("Home archived")
    expect(entry(home, "Home")).to_have_count(0)
    home.get_by_role("button", name="Archived (1)").click()
    dialog(home, "Archived projects").get_by_role("button", name="Unarchive Home").click()
    home.keyboard.press("Escape")
    expect(entry(home, "Home")).to_be_visible()


def test_labels_are_put_in_order_by_their_menu_and_by_dragging(inbox: Page) -> None:
    for name in ("calls", "errands", "evening"):
        make(inbox, "label", name)
    in_menu(inbox, "evening", "Move up")
    expect(toast(inbox)).to_contain_text("evening moved to position 2 of 3")
    expect(entries(inbox, "Labels")).to_have_text(["calls", "evening", "errands"])
    entry(inbox, "errands").drag_to(entry(inbox, "calls"), target_position={"x": 40, "y": 2})
    expect(entries(inbox, "Labels")).to_have_text(["errands", "calls", "evening"])
    inbox.reload()
    expect(entries(inbox, "Labels")).to_have_text(["errands", "calls", "evening"])


def test_sections_are_added_renamed_put_in_order_and_deleted(home: Page) -> None:
    headings = home.get_by_role("main").get_by_role("heading", level=2)
    for name in ("Now", "Later"):
        home.get_by_role("main").get_by_role("button", name="More for Home").click()
        home.get_by_role("menuitem", name="Add section").click()
        home.keyboard.type(name)
        home.keyboard.press("Enter")
        expect(home.get_by_role("heading", name=name, exact=True)).to_be_visible()
    add(home, "Sweep")

    def choose(section: str, action: str) -> None:
        home.get_by_role("button", name=f"More for {section}").click()
        home.get_by_role("menuitem", name=action).click()

    choose("Later", "Move up")
    expect(headings).to_have_text(["Later", "Now"])
    choose("Now", "Rename")
    name = dialog(home, "Edit section").get_by_role("textbox", name="Name")
    expect(name).to_have_value("Now")
    name.fill("This week")
    name.press("Enter")
    expect(headings).to_have_text(["Later", "This week"])
    choose("Later", "Delete")
    expect(headings).to_have_text(["This week"])
    expect(tasks(home)).to_contain_text(["Sweep"])


def test_how_a_project_is_shown_is_in_the_address_and_else_as_saved(home: Page) -> None:
    views = home.get_by_role("navigation", name="View")
    expect(views.get_by_role("link", name="List")).to_have_attribute("aria-current", "true")
    views.get_by_role("link", name="Board").click()
    expect(views.get_by_role("link", name="Board")).to_have_attribute("aria-current", "true")
    home.reload()
    expect(views.get_by_role("link", name="Board")).to_have_attribute("aria-current", "true")
    home.get_by_role("main").get_by_role("button", name="More for Home").click()
    home.get_by_role("menuitem", name="Edit").click()
    form = dialog(home, "Edit project")
    form.get_by_role("combobox", name="Show as").select_option("Calendar")
    form.get_by_role("button", name="Save").click()
    expect(form).to_be_hidden()
    go_to(home, "Inbox")
    go_to(home, "Home")
    expect(views.get_by_role("link", name="Calendar")).to_have_attribute("aria-current", "true")


def test_on_a_phone_the_menu_of_a_project_is_at_hand(visit: Visit, person: Person) -> None:
    page = visit(person, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    page.get_by_role("button", name="Menu").tap()
    page.get_by_role("button", name="Add project").tap()
    form = dialog(page, "Add project")
    form.get_by_role("textbox", name="Name").fill("Pocket")
    form.get_by_role("button", name="Save").tap()
    expect(form).to_be_hidden()
    page.get_by_role("button", name="Menu").tap()
    page.get_by_role("button", name="More for Pocket").tap()
    page.get_by_role("menuitem", name="Edit").tap()
    expect(dialog(page, "Edit project").get_by_role("textbox", name="Name")).to_have_value("Pocket")


def test_the_week_leads_to_its_days(inbox: Page) -> None:
    add(inbox, "Somewhen")
    inbox.get_by_role("textbox", name="Add a task").fill("Dentist in 3 days")
    inbox.keyboard.press("Enter")
    expect(row(inbox, "Dentist")).to_be_visible()
    go_to(inbox, "Upcoming")
    week = inbox.get_by_role("navigation", name="Week")
    expect(week.get_by_role("link")).to_have_count(7)
    third = week.get_by_role("link", name=re.compile(", 1 task$"))
    third.click()
    focused = inbox.locator(":focus")
    expect(focused).to_have_role("heading")
    expect(focused).to_be_in_viewport()


def test_with_many_projects_the_foot_of_the_sidebar_stays_in_sight(visit: Visit, person: Person) -> None:
    for number in range(40):
        person.has_project(f"Project {number}")
    page = visit(person)
    sidebar = page.get_by_role("navigation", name="Main")
    expect(sidebar.get_by_role("link", name="Project 39")).not_to_be_in_viewport()
    expect(sidebar.get_by_role("link", name="Settings")).to_be_in_viewport(ratio=1)
