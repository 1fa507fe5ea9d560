"""The line that adds tasks: what it understands, suggests and takes, at a desk and on a phone."""

import datetime as dt
import re
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.actions import add, box, go_to, has_stopped_loading, row, tasks, toast
from tests.e2e.conftest import Visit
from tests.e2e.looks import PHONE, is_accessible
from tests.e2e.people import PASSWORD, Person
from tests.e2e.site import Site

pytestmark = pytest.mark.slow

LINE = "Call Sam about the invoice tomorrow 9am p1 #Home @calls"
LINES = "Plan the party\n  - invite Sam\n  - buy a cake p1\n\nWater the plants\nSleep"
ON_THE_WAY = 0.15


def line(page: Page) -> Locator:
    """Where tasks are typed."""
    return page.get_by_role("textbox", name="Add a task")


def chips(page: Page) -> Locator:
    """What has been understood."""
    return page.get_by_role("list", name="Understood").get_by_role("listitem")


def suggestions(page: Page) -> Locator:
    """What is offered for a sign."""
    return page.get_by_role("listbox").get_by_role("option")


def paste(page: Page, text: str) -> None:
    """By the clipboard, as people do."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("text => navigator.clipboard.writeText(text)", text)
    line(page).press("Control+v")


@pytest.fixture
def organised(visit: Visit, person: Person) -> Page:
    """Somebody with projects and labels, whose inbox is empty."""
    for name in ("Home", "Weekly shop", "Café"):
        person.has_project(name)
    for name in ("calls", "errands"):
        person.has_label(name)
    page = visit(person)
    expect(page.get_by_role("navigation", name="Main").get_by_role("link", name="errands")).to_be_visible()
    return page


# -- Understanding ----------------------------------------------------------------------------------------------------


def test_what_is_understood_shows_as_chips_and_becomes_the_task(inbox: Page, person: Person) -> None:
    line(inbox).press_sequentially(LINE)
    expect(chips(inbox)).to_have_text(["Tomorrow", "09:00", "Priority 1", re.compile("Home"), re.compile("calls")])
    expect(chips(inbox).last).to_contain_text("new")
    line(inbox).press("Enter")
    expect(toast(inbox)).to_contain_text("Added to Home")
    expect(chips(inbox)).to_have_count(0)
    expect(line(inbox)).to_have_value("")
    expect(line(inbox)).to_be_focused()
    toast(inbox).get_by_role("link", name="Home").click()
    expect(row(inbox, "Call Sam about the invoice")).to_contain_text("Due Tomorrow 09:00")
    expect(row(inbox, "Call Sam about the invoice")).to_contain_text("calls")
    assert [task["priority"] for task in person.tasks()] == [1]


def test_a_removed_chip_is_text_again_and_stays_so_while_one_types_on(inbox: Page) -> None:
    line(inbox).press_sequentially("Read tomorrow p1")
    inbox.get_by_role("button", name="Remove due date").click()
    expect(chips(inbox)).to_have_text(["Priority 1"])
    expect(line(inbox)).to_be_focused()
    line(inbox).press("Home")
    line(inbox).press_sequentially("😀 ")
    line(inbox).press("End")
    line(inbox).press_sequentially(" at 23:59")
    expect(chips(inbox)).to_have_text(["Priority 1", "23:59"])
    line(inbox).press("Enter")
    expect(box(inbox, "😀 Read tomorrow")).to_be_visible()
    expect(row(inbox, "😀 Read tomorrow")).to_contain_text("Due Today 23:59")


def test_a_removed_chip_comes_back_with_words_typed_anew(inbox: Page) -> None:
    line(inbox).press_sequentially("Read tomorrow")
    inbox.get_by_role("button", name="Remove due date").click()
    expect(chips(inbox)).to_have_count(0)
    for _ in "tomorrow":
        line(inbox).press("Backspace")
    line(inbox).press_sequentially("tomorrow")
    expect(chips(inbox)).to_have_text(["Tomorrow"])


@pytest.mark.parametrize(
    ("text", "button"),
    [
        ("Run today", "due date"),
        ("Run at 10", "time"),
        ("Run daily", "repeat"),
        ("Run p2", "priority"),
        ("Run #Sport", "project"),
        ("Run @sport", "label sport"),
    ],
)
def test_each_chip_says_what_it_removes(text: str, button: str, inbox: Page) -> None:
    line(inbox).fill(text)
    inbox.get_by_role("button", name=f"Remove {button}").click()
    expect(chips(inbox)).to_have_count(0)
    line(inbox).press("Escape")
    line(inbox).focus()
    line(inbox).press("Enter")
    expect(box(inbox, text)).to_be_visible()


def test_on_a_slow_line_chips_are_never_those_of_words_that_are_gone(inbox: Page, site: Site) -> None:
    site.wire.latency = ON_THE_WAY
    for day in ("today", "tomorrow"):
        line(inbox).press_sequentially(f"Call {day}", delay=8)
        expect(chips(inbox)).to_have_text([day.capitalize()])
        line(inbox).press_sequentially(" p1", delay=8)
        line(inbox).press("Enter")
        line(inbox).press_sequentially("no more", delay=8)
        expect(tasks(inbox).first).to_contain_text(f"Due {day.capitalize()}")
        expect(chips(inbox)).to_have_count(0)
        line(inbox).fill("")


def test_tasks_typed_in_a_burst_on_a_slow_line_are_all_understood(inbox: Page, site: Site) -> None:
    site.wire.latency = ON_THE_WAY
    line(inbox).click()
    for number in range(1, 6):
        inbox.keyboard.type(f"task {number} tomorrow p{min(number, 3)}", delay=8)
        inbox.keyboard.press("Enter")
    expect(tasks(inbox)).to_have_count(5)
    expect(tasks(inbox)).to_have_text([re.compile(f"^task {number}.*Due Tomorrow") for number in range(5, 0, -1)])


def test_a_half_typed_line_is_understood_after_a_reload_too(inbox: Page) -> None:
    line(inbox).fill("Call tomorrow")
    expect(chips(inbox)).to_have_text(["Tomorrow"])
    inbox.reload()
    expect(line(inbox)).to_have_value("Call tomorrow")
    expect(chips(inbox)).to_have_text(["Tomorrow"])


def test_a_line_without_a_title_is_refused_and_comes_back(inbox: Page) -> None:
    line(inbox).fill("tomorrow p1")
    line(inbox).press("Enter")
    expect(line(inbox)).to_have_accessible_description(re.compile("Write what there is to do"))
    expect(line(inbox)).to_have_value("tomorrow p1")
    expect(chips(inbox)).to_have_text(["Tomorrow", "Priority 1"])
    line(inbox).press("End")
    line(inbox).press_sequentially(" Rest")
    line(inbox).press("Enter")
    expect(box(inbox, "Rest")).to_be_visible()


def test_refused_words_wait_until_the_next_ones_are_sent(inbox: Page, site: Site) -> None:
    site.wire.latency = ON_THE_WAY
    line(inbox).fill("x" * 201)
    line(inbox).press("Enter")
    line(inbox).press_sequentially("and the next")
    expect(line(inbox)).to_have_accessible_description(re.compile("at most 200 characters"))
    expect(line(inbox)).to_have_value("and the next")
    line(inbox).press("Enter")
    expect(box(inbox, "and the next")).to_be_visible()
    expect(line(inbox)).to_have_value("x" * 201)


def test_the_line_reads_german_and_the_order_of_dates_from_the_settings(inbox: Page) -> None:
    go_to(inbox, "Settings")
    inbox.get_by_role("combobox", name="Language").select_option("Deutsch")
    expect(toast(inbox)).to_contain_text("Saved")
    inbox.get_by_role("combobox", name="Date order").select_option("Month first: 1/27")
    go_to(inbox, "Inbox")
    line(inbox).fill("Sam anrufen morgen um 9 Uhr p1")
    expect(chips(inbox)).to_have_text(["Tomorrow", "09:00", "Priority 1"])
    line(inbox).press("Enter")
    expect(row(inbox, "Sam anrufen")).to_contain_text("Due Tomorrow 09:00")
    line(inbox).fill("Laufen 3/4/2031")
    expect(chips(inbox)).to_have_text(["Tue 4 Mar 2031"])


# -- Suggestions ------------------------------------------------------------------------------------------------------


def test_arrows_and_enter_choose_a_project(organised: Page) -> None:
    line(organised).press_sequentially("Buy milk #")
    expect(suggestions(organised)).to_have_text(["Home", "Weekly shop", "Café"])
    line(organised).press("ArrowDown")
    line(organised).press("ArrowDown")
    expect(suggestions(organised).nth(1)).to_have_attribute("aria-selected", "true")
    line(organised).press("Enter")
    expect(line(organised)).to_have_value('Buy milk #"Weekly shop" ')
    expect(suggestions(organised)).to_have_count(0)
    expect(chips(organised)).to_have_text(["Weekly shop"])


def test_the_beginning_of_a_name_is_completed_by_enter_or_tab_without_its_accents(organised: Page) -> None:
    for key in ("Enter", "Tab"):
        line(organised).press_sequentially("Meet #caf")
        expect(suggestions(organised)).to_have_text(["Café", "Create “caf”"])
        line(organised).press(key)
        expect(line(organised)).to_have_value("Meet #Café ")
        expect(line(organised)).to_be_focused()
        line(organised).fill("")


def test_a_second_word_finds_its_name_and_a_click_chooses_it(organised: Page) -> None:
    line(organised).press_sequentially("Buy milk #sho tomorrow")
    for _ in " tomorrow":
        line(organised).press("ArrowLeft")
    line(organised).press_sequentially("p")
    suggestions(organised).filter(has_text="Weekly shop").click()
    expect(line(organised)).to_have_value('Buy milk #"Weekly shop" tomorrow')


def test_after_a_whole_name_or_a_new_one_enter_adds(organised: Page, person: Person) -> None:
    line(organised).press_sequentially("Call @calls")
    line(organised).press("Enter")
    expect(box(organised, "Call")).to_be_visible()
    line(organised).press_sequentially("Paint @colour")
    expect(suggestions(organised)).to_have_text(["Create “colour”"])
    line(organised).press("Enter")
    expect(row(organised, "Paint")).to_contain_text("colour")


def test_escape_closes_the_suggestions_and_nothing_else(organised: Page) -> None:
    line(organised).press_sequentially("Call @ca")
    expect(suggestions(organised)).to_have_count(2)
    line(organised).press("Escape")
    expect(suggestions(organised)).to_have_count(0)
    expect(line(organised)).to_be_focused()
    line(organised).press("Enter")
    expect(row(organised, "Call")).to_contain_text("ca")


def test_a_number_is_no_name(organised: Page) -> None:
    line(organised).press_sequentially("Fix #42")
    expect(suggestions(organised)).to_have_count(0)
    line(organised).press("Enter")
    expect(box(organised, "Fix #42")).to_be_visible()


# -- Several lines ----------------------------------------------------------------------------------------------------


def test_pasted_lines_become_a_task_each_with_subtasks_and_one_undo(inbox: Page, person: Person) -> None:
    paste(inbox, LINES)
    question = inbox.get_by_role("form", name="Add 5 tasks?")
    expect(question.get_by_role("button", name="Add 5 tasks")).to_be_focused()
    inbox.keyboard.press("Enter")
    expect(tasks(inbox)).to_have_text([re.compile("^Plan the party"), "Water the plants", "Sleep"])
    expect(row(inbox, "Plan the party")).to_contain_text("0/2")
    expect(question).to_have_count(0)
    expect(line(inbox)).to_be_focused()
    expect(toast(inbox)).to_contain_text("5 tasks added")
    toast(inbox).get_by_role("button", name="Undo").click()
    expect(inbox.get_by_role("heading", name="Your inbox is clear")).to_be_visible()
    assert person.tasks() == []


def test_pasted_lines_can_be_one_line_at_the_cursor(inbox: Page) -> None:
    line(inbox).fill("Buy  today")
    for _ in " today":
        line(inbox).press("ArrowLeft")
    paste(inbox, "milk\n  bread\nsalt\n")
    inbox.get_by_role("button", name="Paste as one line").click()
    expect(line(inbox)).to_have_value("Buy milk bread salt today")
    expect(inbox.get_by_role("form", name=re.compile("tasks"))).to_have_count(0)


def test_pasted_lines_can_be_mended_first_and_outlive_a_reload(inbox: Page) -> None:
    paste(inbox, "one\ntwo\nthree")
    inbox.reload()
    lines = inbox.get_by_role("textbox", name="Tasks to add, one a line")
    expect(lines).to_have_value("one\ntwo\nthree")
    lines.fill("one\nthree")
    inbox.get_by_role("button", name="Add 2 tasks").click()
    expect(tasks(inbox)).to_have_text(["one", "three"])


def test_a_line_that_can_not_be_a_task_brings_all_of_them_back(inbox: Page) -> None:
    paste(inbox, "fine\np1")
    inbox.get_by_role("button", name="Add 2 tasks").click()
    expect(inbox.get_by_role("alert").filter(has_text="“p1”: Write what there is to do, too.")).to_be_visible()
    expect(inbox.get_by_role("textbox", name="Tasks to add, one a line")).to_have_value("fine\np1")
    expect(tasks(inbox)).to_have_count(0)


def test_one_line_is_pasted_as_ever(inbox: Page) -> None:
    paste(inbox, "just one\n")
    expect(line(inbox)).to_have_value("just one")


# -- At a place -------------------------------------------------------------------------------------------------------


def test_a_day_has_a_button_that_adds_there_as_long_as_one_stays_in_the_line(visit: Visit, person: Person) -> None:
    page = visit(person, "/upcoming")
    page.get_by_role("button", name="Add a task here").first.click()
    expect(page.get_by_text("on Tomorrow", exact=True)).to_be_visible()
    expect(line(page)).to_be_focused()
    add(page, "Rest", "Rest on")
    expect(row(page, "Rest on")).to_be_visible()
    tomorrow = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=1)
    assert [task["due_date"] for task in person.tasks()] == [tomorrow.isoformat()] * 2
    page.get_by_role("heading", level=1).click()
    expect(page.get_by_text("on Tomorrow", exact=True)).to_be_hidden()


def test_a_section_has_a_button_that_adds_there(visit: Visit, person: Person) -> None:
    project = person.has_project("House")
    person.has_section("Garden", project)
    kitchen = person.has_section("Kitchen", project)
    page = visit(person, f"/project/{project}")
    page.get_by_role("button", name="Add a task here").last.click()
    expect(page.get_by_text("in Kitchen", exact=True)).to_be_visible()
    add(page, "Mend the sink")
    assert [task["section_id"] for task in person.tasks()] == [kitchen]


def test_a_place_can_be_left_and_a_typed_day_counts_for_more(visit: Visit, person: Person) -> None:
    page = visit(person, "/upcoming")
    page.get_by_role("button", name="Add a task here").first.click()
    line(page).press_sequentially("Rest in 3 days")
    expect(chips(page)).to_have_count(1)
    expect(page.get_by_text("on Tomorrow", exact=True)).to_be_hidden()
    page.get_by_role("button", name="Remove due date").click()
    page.get_by_role("button", name="Remove on Tomorrow").click()
    expect(page.get_by_text("on Tomorrow", exact=True)).to_be_hidden()
    expect(line(page)).to_be_focused()
    line(page).press("Enter")
    expect(toast(page)).to_contain_text("Added to Inbox")
    assert [(task["title"], task["due_date"]) for task in person.tasks()] == [("Rest in 3 days", None)]


def test_another_page_is_another_place(visit: Visit, person: Person) -> None:
    page = visit(person, "/upcoming")
    page.get_by_role("button", name="Add a task here").first.click()
    line(page).press_sequentially("Rest")
    go_to(page, "Inbox")
    expect(line(page)).to_have_value("Rest")
    expect(page.get_by_text("on Tomorrow", exact=True)).to_be_hidden()
    line(page).press("Enter")
    expect(row(page, "Rest")).not_to_contain_text("Due")


def test_q_leads_to_the_line_from_a_page_without_one(visit: Visit, person: Person) -> None:
    page = visit(person, "/trash")
    has_stopped_loading(page)
    page.get_by_role("heading", level=1).focus()
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Inbox", level=1)).to_be_visible()
    expect(line(page)).to_be_focused()


# -- On a phone -------------------------------------------------------------------------------------------------------


@pytest.fixture
def phone(visit: Visit, person: Person) -> Page:
    """The inbox on a phone, with the line opened."""
    page = visit(person, viewport=PHONE, has_touch=True, is_mobile=True)
    expect(line(page)).to_be_hidden()
    page.get_by_role("button", name="Add task").tap()
    expect(line(page)).to_be_focused()
    return page


def test_on_a_phone_the_line_is_a_sheet_that_takes_one_task_after_another(phone: Page) -> None:
    line(phone).press_sequentially(LINE)
    expect(chips(phone)).to_have_count(5)
    phone.get_by_role("button", name="Remove time").tap()
    expect(chips(phone)).to_have_count(4)
    phone.get_by_role("button", name="Remove project").tap()
    phone.get_by_role("form", name="Add task").get_by_role("button", name="Add task").tap()
    line(phone).press_sequentially("and another")
    line(phone).press("Enter")
    expect(tasks(phone)).to_have_count(2)
    expect(line(phone)).to_be_focused()
    line(phone).press_sequentially("half a ti")
    phone.touchscreen.tap(100, 100)
    expect(line(phone)).to_be_hidden()
    phone.get_by_role("button", name="Add task").tap()
    expect(line(phone)).to_have_value("half a ti")


def test_on_a_phone_a_finger_hits_every_chip(phone: Page) -> None:
    line(phone).fill(LINE)
    expect(chips(phone)).to_have_count(5)
    buttons = phone.get_by_role("button", name=re.compile("^Remove"))
    sizes = buttons.evaluate_all("(all) => all.map((each) => each.getBoundingClientRect().toJSON())")  # at one moment: they rise
    assert [size for size in sizes if min(size["width"], size["height"]) < 44] == []
    rows = sorted({size["y"] for size in sizes})
    assert all(below - above >= 44 for above, below in pairwise(rows))
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_on_a_phone_suggestions_stand_above_the_line(phone: Page, person: Person) -> None:
    person.has_project("Home")
    phone.reload()
    phone.get_by_role("button", name="Add task").tap()
    line(phone).press_sequentially("Paint #h")
    expect(suggestions(phone).first).to_have_text("Home")
    suggestion, field = suggestions(phone).first.bounding_box(), line(phone).bounding_box()
    assert suggestion
    assert field
    assert suggestion["y"] + suggestion["height"] <= field["y"]
    suggestions(phone).first.tap()
    expect(line(phone)).to_have_value("Paint #Home ")


# -- For everybody ----------------------------------------------------------------------------------------------------


def test_chips_and_suggestions_are_accessible(inbox: Page) -> None:
    line(inbox).press_sequentially(f"{LINE} every day p2 ")
    expect(chips(inbox)).to_have_count(6)
    is_accessible(inbox, sizes=({"width": 1440, "height": 900},))
    line(inbox).press_sequentially("@a")
    expect(suggestions(inbox)).to_have_count(1)
    is_accessible(inbox, sizes=({"width": 1440, "height": 900},))


def test_the_question_about_several_lines_is_accessible(inbox: Page) -> None:
    paste(inbox, LINES)
    expect(inbox.get_by_role("form", name="Add 5 tasks?")).to_be_visible()
    is_accessible(inbox, sizes=({"width": 1440, "height": 900},))


def test_the_sheet_is_accessible(phone: Page) -> None:
    line(phone).press_sequentially(f"{LINE} @a")
    expect(chips(phone)).to_have_count(6)
    is_accessible(phone, sizes=(PHONE,))


def test_somebody_new_finds_something_to_try_and_the_way_back_to_it(visit: Visit) -> None:
    page = visit(path="/signup")
    page.get_by_role("textbox", name="Name").fill("Noor New")
    page.get_by_role("textbox", name="Email").fill("noor@example.com")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    box(page, "Add a task with a day in it").click()
    expect(page.get_by_role("heading", name="Nothing due today")).to_be_visible()
    page.get_by_role("main").get_by_role("link", name="Getting started").click()
    expect(page.get_by_role("heading", name="Getting started", level=1)).to_be_visible()
    expect(tasks(page)).to_have_count(5)
