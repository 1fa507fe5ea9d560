"""Lists: filter, order, search, in the address; and lists far longer than a screen."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import add, box, has_stopped_loading, tasks, toast
from tests.e2e.conftest import Visit
from tests.e2e.people import Person
from tests.e2e.site import Site

pytestmark = pytest.mark.slow

MOST_ROWS = 100


def choose_filter(page: Page, name: str) -> None:
    link = page.get_by_role("group", name="Filter").get_by_role("link", name=name, exact=True)
    link.click()
    expect(link).to_have_attribute("aria-current", "true")


def test_the_filter_stays_after_a_reload(inbox: Page) -> None:
    add(inbox, "open one", "done one")
    box(inbox, "done one").check()
    expect(toast(inbox)).to_contain_text("Completed")
    choose_filter(inbox, "Open")
    expect(tasks(inbox)).to_have_text(["open one"])
    inbox.reload()
    expect(tasks(inbox)).to_have_text(["open one"])
    choose_filter(inbox, "Completed")
    expect(tasks(inbox)).to_have_text(["done one"])
    choose_filter(inbox, "All")
    expect(tasks(inbox)).to_have_text(["done one", "open one"])


def test_a_task_completed_under_the_filter_open_leaves_it(inbox: Page) -> None:
    add(inbox, "stays", "goes")
    choose_filter(inbox, "Open")
    box(inbox, "goes").click()
    expect(tasks(inbox)).to_have_text(["stays"])
    toast(inbox).get_by_role("button", name="Undo").click()
    expect(tasks(inbox)).to_have_text(["goes", "stays"])


def test_the_order_stays_after_a_reload(visit: Visit, person: Person) -> None:
    person.has_task("banana", priority=3, due_date="2031-02-02")
    person.has_task("apple", due_date="2031-03-03")
    person.has_task("cherry", priority=1)
    page = visit(person)
    titles = tasks(page).get_by_role("checkbox")

    def order() -> list[str]:
        expect(titles).to_have_count(3)
        return [box.get_attribute("aria-label") or "" for box in titles.all()]

    for choice, first in (("Title", "apple"), ("Priority", "cherry"), ("Due date", "banana"), ("Oldest first", "banana")):
        page.get_by_role("combobox", name="Sort").select_option(choice)
        expect(titles.first).to_have_accessible_name(first)
    page.get_by_role("combobox", name="Sort").select_option("Due date")
    expect(page).to_have_url(re.compile("sort=due"))
    page.reload()
    expect(titles.last).to_have_accessible_name("cherry")
    assert order() == ["banana", "apple", "cherry"]
    expect(page.get_by_role("combobox", name="Sort")).to_have_value("due")


def test_the_search_stays_after_a_reload(inbox: Page) -> None:
    add(inbox, "100 % sure", "1000 things", "Café")
    search = inbox.get_by_role("searchbox", name="Search")
    search.press_sequentially("100 %")
    expect(tasks(inbox)).to_have_text(["100 % sure"])
    expect(inbox).to_have_url(re.compile("q=100"))
    inbox.reload()
    expect(search).to_have_value("100 %")
    expect(tasks(inbox)).to_have_text(["100 % sure"])
    search.fill("nothing like it")
    expect(inbox.get_by_role("heading", name="Nothing matches")).to_be_visible()
    search.fill("")
    expect(tasks(inbox)).to_have_count(3)


def test_search_order_and_filter_hold_together(inbox: Page) -> None:
    add(inbox, "tea b", "tea a", "coffee")
    inbox.get_by_role("searchbox", name="Search").fill("tea")
    expect(tasks(inbox)).to_have_count(2)
    inbox.get_by_role("combobox", name="Sort").select_option("Title")
    expect(inbox).to_have_url(re.compile("sort=title"))  # they stood in this order before
    choose_filter(inbox, "Open")
    expect(tasks(inbox)).to_have_text(["tea a", "tea b"])
    for part in ("q=tea", "sort=title", "status=open"):
        expect(inbox).to_have_url(re.compile(part))


def test_choices_made_before_the_server_answers_all_hold(inbox: Page, site: Site) -> None:
    add(inbox, "tea b", "tea a", "coffee")
    site.wire.latency = 0.15
    inbox.get_by_role("combobox", name="Sort").select_option("Title")
    inbox.get_by_role("group", name="Filter").get_by_role("link", name="Open", exact=True).click()
    inbox.get_by_role("searchbox", name="Search").fill("tea")
    expect(tasks(inbox)).to_have_text(["tea a", "tea b"])
    expect(inbox).to_have_url(re.compile(r"/inbox/?\?sort=title&status=open&q=tea$"))
    expect(inbox.get_by_role("combobox", name="Sort")).to_have_value("title")
    inbox.go_back()
    expect(inbox.get_by_role("combobox", name="Sort")).to_have_value("title")
    inbox.go_back()
    expect(tasks(inbox)).to_have_text(["coffee", "tea a", "tea b"])
    expect(inbox.get_by_role("combobox", name="Sort")).to_have_value("position")


def test_a_choice_opens_in_another_tab_with_all_the_others(inbox: Page) -> None:
    add(inbox, "tea b", "tea a")
    inbox.get_by_role("combobox", name="Sort").select_option("Title")
    with inbox.context.expect_page() as opened:
        inbox.get_by_role("group", name="Filter").get_by_role("link", name="Open", exact=True).click(modifiers=["ControlOrMeta"])
    expect(tasks(opened.value)).to_have_text(["tea a", "tea b"])
    expect(opened.value).to_have_url(re.compile("sort=title&status=open"))


def test_the_back_button_leads_back_to_the_list_as_it_was(inbox: Page) -> None:
    add(inbox, "one", "two")
    inbox.get_by_role("combobox", name="Sort").select_option("Oldest first")
    expect(tasks(inbox)).to_have_text(["one", "two"])
    inbox.go_back()
    expect(tasks(inbox)).to_have_text(["two", "one"])
    expect(inbox.get_by_role("combobox", name="Sort")).to_have_value("position")


def test_choices_that_do_not_exist_show_the_list_as_usual(visit: Visit, person: Person) -> None:
    person.has_task("still here")
    page = visit(person, "/inbox?sort=colour&status=purple&q=")
    expect(tasks(page)).to_have_text(["still here"])


def test_completed_tasks_have_a_page(inbox: Page) -> None:
    add(inbox, "to do", "finished")
    box(inbox, "finished").check()
    expect(toast(inbox)).to_contain_text("Completed")
    inbox.goto("/completed")
    expect(tasks(inbox)).to_have_text(["finished"])


def test_three_hundred_tasks_are_scrolled_through_with_a_hundred_rows(visit: Visit, person: Person) -> None:
    for number in range(300):
        person.has_task(f"task {number}")
    page = visit(person)
    has_stopped_loading(page)
    expect(page.get_by_role("paragraph").filter(has_text="300 tasks")).to_be_visible()
    most = 0

    def scroll_until_seen(title: str, wheel: int) -> None:
        nonlocal most
        page.mouse.move(700, 500)
        for _ in range(300):
            most = max(most, tasks(page).count())
            if box(page, title).count():
                return
            page.mouse.wheel(0, wheel)
        raise AssertionError(f"{title} never came into view")

    scroll_until_seen("task 0", 2000)
    box(page, "task 0").check()
    expect(toast(page)).to_contain_text("Completed")
    scroll_until_seen("task 299", -2000)
    scroll_until_seen("task 0", 2000)
    expect(box(page, "task 0")).to_be_checked()
    assert 0 < most <= MOST_ROWS


def test_headings_say_how_much_is_below_them_and_rows_do_not_say_the_day_again(visit: Visit, person: Person) -> None:
    person.has_task("late", due_date="2020-01-02")
    page = visit(person, "/today")
    today = dt.datetime.now(dt.UTC).date().isoformat()
    person.has_task("whole day", due_date=today)
    person.has_task("timed", due_date=today, due_time="23:59", time_zone="UTC")
    expect(tasks(page)).to_have_text(
        [
            re.compile("^Overdue1 task.*lateOverdue: Thu 2 Jan 2020$"),
            re.compile("^Today.*2 tasks.*timedDue 23:59$"),
            re.compile("^whole day$"),
        ]
    )
    page.get_by_role("combobox", name="Sort").select_option("Title")
    expect(tasks(page).last).to_have_text(re.compile("^whole dayDue Today$"))


def test_an_empty_list_leads_to_the_line_that_adds(inbox: Page) -> None:
    inbox.get_by_role("main").get_by_role("button", name="Add a task").click()
    expect(inbox.get_by_role("textbox", name="Add a task")).to_be_focused()
    inbox.set_viewport_size({"width": 390, "height": 844})
    inbox.keyboard.press("Escape")
    inbox.get_by_role("main").get_by_role("button", name="Add a task").click()
    add(inbox, "milk")
    expect(inbox.get_by_role("heading", name="Your inbox is clear")).to_have_count(0)


def test_under_a_new_heading_there_is_never_the_list_of_the_page_before(visit: Visit, person: Person, site: Site) -> None:
    project = person.has_project("House", view="calendar")
    person.has_task("Paint", project_id=project)
    page = visit(person, "/inbox")
    page.get_by_role("heading", name="Your inbox is clear")
    sidebar = page.get_by_role("navigation", name="Main")
    for name in ("Today", "House", "Inbox"):  # their scripts have come
        sidebar.get_by_role("link", name=name).click()
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
    add(page, "milk")
    site.wire.latency = 0.5
    sidebar.get_by_role("link", name="Today").click()
    page.get_by_role("heading", name="Today", level=1).wait_for()
    assert page.get_by_text("Loading your tasks").count() == 1
    assert tasks(page).count() == 0
    expect(page.get_by_role("heading", name="Nothing due today")).to_be_visible()
    sidebar.get_by_role("link", name="House").click()
    expect(page.get_by_role("table")).to_be_visible()
