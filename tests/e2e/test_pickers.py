"""The dialogs that ask when, where to, and which labels."""

import datetime as dt

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.actions import AWAY, add, choose, row, tasks, toast
from tests.e2e.conftest import Visit
from tests.e2e.looks import is_accessible
from tests.e2e.people import Person

pytestmark = pytest.mark.slow


@pytest.fixture
def two(inbox: Page) -> Page:
    """A list of two tasks, with the focus on the first."""
    add(inbox, "second", "first")
    inbox.get_by_role("heading", name="Inbox", level=1).focus()
    inbox.keyboard.press("j")
    return inbox


def picker(page: Page, name: str) -> Locator:
    return page.get_by_role("dialog", name=name)


# -- When -------------------------------------------------------------------------------------------------------------


def test_a_phrase_is_shown_as_it_is_understood_and_scheduled(two: Page) -> None:
    two.keyboard.press("t")
    when = picker(two, "Schedule").get_by_role("textbox", name="When")
    expect(when).to_be_focused()
    two.keyboard.type("27 jan 2031 6pm")
    expect(picker(two, "Schedule").get_by_role("status")).to_have_text("Mon 27 Jan 2031 18:00")
    two.keyboard.press("Enter")
    expect(picker(two, "Schedule")).to_be_hidden()
    expect(row(two, "first")).to_contain_text("Due Mon 27 Jan 2031 18:00")
    expect(two.get_by_role("button", name="first", exact=True)).to_be_focused()


def test_a_phrase_sent_before_it_is_understood_is_scheduled_all_the_same(two: Page) -> None:
    two.keyboard.press("t")
    two.keyboard.type("2031-05-06")
    two.keyboard.press("Enter")
    expect(row(two, "first")).to_contain_text("Due Tue 6 May 2031")
    expect(picker(two, "Schedule")).to_be_hidden()


def test_words_that_are_no_time_stay_to_be_mended(two: Page) -> None:
    two.keyboard.press("t")
    two.keyboard.type("some day")
    two.keyboard.press("Enter")
    expect(picker(two, "Schedule").get_by_role("status")).to_contain_text("“some day” is no day or time we know.")
    expect(picker(two, "Schedule").get_by_role("textbox", name="When")).to_have_value("some day")
    expect(row(two, "first")).not_to_contain_text("Due")


def test_a_task_can_come_again_and_be_without_a_date_again(two: Page) -> None:
    two.keyboard.press("t")
    two.keyboard.type("every mon")
    expect(picker(two, "Schedule").get_by_role("status")).to_contain_text("every Monday")
    two.keyboard.press("Enter")
    expect(row(two, "first")).to_contain_text("Repeats")
    two.keyboard.press("t")
    picker(two, "Schedule").get_by_role("button", name="No date").click()
    expect(row(two, "first")).not_to_contain_text("Repeats")
    expect(row(two, "first")).not_to_contain_text("Due")


def test_one_click_schedules_for_tomorrow_and_undo_takes_it_back(two: Page) -> None:
    row(two, "second").hover()
    row(two, "second").get_by_role("button", name="Schedule").click()
    expect(picker(two, "Schedule")).to_contain_text("second")
    picker(two, "Schedule").get_by_role("button", name="Tomorrow").click()
    expect(row(two, "second")).to_contain_text("Due Tomorrow")
    toast(two).get_by_role("button", name="Undo").click()
    expect(row(two, "second")).not_to_contain_text("Due")


def test_a_day_can_be_picked_from_the_calendar(two: Page) -> None:
    two.keyboard.press("t")
    picker(two, "Schedule").get_by_label("Day").fill("2031-05-06")
    expect(picker(two, "Schedule").get_by_role("status")).to_have_text("Tue 6 May 2031")
    picker(two, "Schedule").get_by_role("button", name="Schedule", exact=True).click()
    expect(row(two, "first")).to_contain_text("Due Tue 6 May 2031")


def test_all_that_is_overdue_is_rescheduled_with_one_undo(visit: Visit, person: Person) -> None:
    for day in ("2020-01-02", "2021-03-04"):
        person.has_task(f"from {day}", due_date=day)
    page = visit(person, "/today")
    page.get_by_role("button", name="Reschedule all").click()
    picker(page, "Schedule").get_by_role("button", name="Today").click()
    expect(toast(page)).to_contain_text("2 tasks: Today")
    expect(page.get_by_role("button", name="Reschedule all")).to_have_count(0)
    expect(tasks(page)).to_have_count(2)
    toast(page).get_by_role("button", name="Undo").click()
    expect(page.get_by_role("button", name="Reschedule all")).to_be_visible()
    assert {task["due_date"] for task in person.tasks()} == {"2020-01-02", "2021-03-04"}


# -- Where to ---------------------------------------------------------------------------------------------------------


def test_a_task_is_moved_to_a_section_by_typing_its_name(two: Page, person: Person) -> None:
    project = person.has_project("Garden")
    section = person.has_section("Beds", project)
    expect(two.locator("#all-sections")).to_contain_text("Beds")
    two.keyboard.press("v")
    options = picker(two, "Move to").get_by_role("option")
    expect(options).to_have_text(["Inbox", "Garden", "BedsGarden"])
    two.keyboard.type("bed")
    expect(options.filter(visible=True)).to_have_text(["BedsGarden"])
    two.keyboard.press("Enter")
    expect(tasks(two)).to_have_text(["second"])
    [moved] = [task for task in person.tasks() if task["title"] == "first"]
    assert (moved["project_id"], moved["section_id"]) == (project, section)


def test_the_arrows_choose_a_place_and_escape_chooses_none(two: Page, person: Person) -> None:
    project = person.has_project("Garden")
    expect(two.get_by_role("navigation", name="Main").get_by_role("link", name="Garden")).to_be_visible()
    two.keyboard.press("v")
    two.keyboard.press("ArrowDown")
    two.keyboard.press("Escape")
    expect(picker(two, "Move to")).to_be_hidden()
    expect(two.get_by_role("button", name="first", exact=True)).to_be_focused()
    two.keyboard.press("v")
    two.keyboard.press("ArrowDown")
    two.keyboard.press("Enter")
    expect(tasks(two)).to_have_text(["second"])
    assert {task["project_id"] for task in person.tasks()} == {None, project}


# -- Labels and priority ----------------------------------------------------------------------------------------------


def test_labels_are_ticked_by_typing_and_made_where_they_are_missing(two: Page, person: Person) -> None:
    person.has_label("calls")
    expect(two.get_by_role("navigation", name="Main").get_by_role("link", name="calls")).to_be_visible()
    two.keyboard.press("l")
    two.keyboard.type("cal")
    two.keyboard.press("Enter")
    two.keyboard.type("errands")
    two.keyboard.press("Enter")
    expect(picker(two, "Labels").get_by_role("checkbox", name="calls")).to_be_checked()
    expect(picker(two, "Labels").get_by_role("checkbox", name="errands")).to_be_checked()
    two.keyboard.press("Enter")
    expect(row(two, "first")).to_contain_text("calls")
    expect(row(two, "first")).to_contain_text("errands")
    expect(two.get_by_role("navigation", name="Main").get_by_role("link", name="errands")).to_be_visible()


def test_a_label_that_some_have_is_left_alone_until_it_is_ticked(two: Page, person: Person) -> None:
    calls, home = person.has_label("calls"), person.has_label("home")
    first = next(task["id"] for task in person.tasks() if task["title"] == "first")
    person.changes_task(first, label_ids=[calls])
    expect(row(two, "first")).to_contain_text("calls")
    two.keyboard.press("Control+a")
    two.keyboard.press("l")
    expect(picker(two, "Labels").get_by_role("checkbox", name="calls")).to_have_js_property("indeterminate", True)
    picker(two, "Labels").get_by_role("checkbox", name="home").check()
    picker(two, "Labels").get_by_role("button", name="Done").click()
    expect(row(two, "second")).to_contain_text("home")
    found = {task["title"]: set(task["label_ids"]) for task in person.tasks()}
    assert found == {"first": {calls, home}, "second": {home}}


def test_the_menu_asks_for_the_priority(two: Page) -> None:
    choose(two, "second", "Priority")
    picker(two, "Priority").get_by_role("option", name="Priority 2").click()
    expect(row(two, "second")).to_contain_text("Priority P2")


def test_the_menu_skips_an_occurrence_of_what_comes_again(visit: Visit, person: Person) -> None:
    person.has_task("once")
    person.has_task("water", due_date="2031-05-06", rrule="FREQ=DAILY")
    page = visit(person)
    choose(page, "water", "Skip this one")
    expect(row(page, "water")).to_contain_text(f"{dt.date(2031, 5, 7):%a} 7 May 2031")
    row(page, "once").hover()
    row(page, "once").get_by_role("button", name="More actions").click()
    expect(page.get_by_role("menuitem", name="Edit")).to_be_visible()
    expect(page.get_by_role("menuitem", name="Skip this one")).to_be_hidden()


@pytest.mark.parametrize("key", ["t", "v", "l"])
def test_each_picker_is_accessible(key: str, two: Page, person: Person) -> None:
    project = person.has_project("Garden")
    person.has_section("Beds", project)
    person.has_label("calls")
    expect(two.get_by_role("navigation", name="Main").get_by_role("link", name="calls")).to_be_visible()
    two.keyboard.press(key)
    expect(two.get_by_role("dialog")).to_be_visible()
    is_accessible(two)


def test_the_pickers_open_while_the_server_is_out_of_reach(two: Page, site, expected_errors: list[str]) -> None:
    expected_errors += AWAY
    site.wire.cut()
    expect(two.get_by_text("You are offline")).to_be_visible()
    for key, name in (("t", "Schedule"), ("v", "Move to"), ("l", "Labels")):
        two.keyboard.press(key)
        expect(picker(two, name)).to_be_visible()
        two.keyboard.press("Escape")


def test_the_menu_leads_to_the_line_that_adds_a_subtask(two: Page) -> None:
    choose(two, "second", "Add subtask")
    expect(two.get_by_role("textbox", name="Add subtask")).to_be_focused()
    two.keyboard.type("a part of it")
    two.keyboard.press("Enter")
    expect(row(two, "second")).to_contain_text("0/1 subtasks done")
