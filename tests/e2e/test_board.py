"""A project as a board and as a calendar: tasks move between columns and days, by pointer and by keys."""

import datetime as dt
import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.actions import panel, row
from tests.e2e.conftest import Visit
from tests.e2e.fingers import middle, press_and_drag
from tests.e2e.people import Person
from tests.e2e.site import Site

pytestmark = pytest.mark.slow


@pytest.fixture
def project_id(person: Person) -> str:
    """A project with two sections and two tasks."""
    project_id = person.has_project("House")
    for name in ("Doing", "Done"):
        person.has_section(name, project_id)
    person.has_task("Sweep", project_id=project_id, due_date="2026-11-24")
    person.has_task("Paint", project_id=project_id, due_date="2026-11-25", priority=2)
    return project_id


@pytest.fixture
def board(project_id: str, person: Person, visit: Visit) -> Page:
    """The project as a board."""
    page = visit(person, f"/project/{project_id}?view=board")
    expect(cards(page, "No section")).to_have_text(["Paint", "Sweep"])
    return page


def cards(page: Page, name: str) -> Locator:
    """The titles of a column's cards, or of a day's tasks."""
    return (
        page.get_by_role("list", name=name, exact=True)
        .get_by_role("button", name="Paint")
        .or_(page.get_by_role("list", name=name, exact=True).get_by_role("button", name="Sweep"))
    )


def card(page: Page, title: str) -> Locator:
    return page.get_by_role("button", name=title, exact=True)


def test_a_card_is_dragged_into_another_column_and_stays_there(board: Page) -> None:
    card(board, "Paint").drag_to(board.get_by_role("region", name="Doing"))
    expect(cards(board, "Doing")).to_have_text(["Paint"])
    expect(cards(board, "No section")).to_have_text(["Sweep"])
    board.reload()
    expect(cards(board, "Doing")).to_have_text(["Paint"])
    board.keyboard.press("Control+z")
    expect(cards(board, "No section")).to_have_text(["Paint", "Sweep"])


def test_a_card_goes_to_the_next_column_by_keys_and_says_so(board: Page) -> None:
    card(board, "Sweep").focus()
    board.keyboard.press("Alt+ArrowRight")
    expect(cards(board, "Doing")).to_have_text(["Sweep"])
    expect(board.get_by_text("Sweep moved to Doing, position 1 of 1")).to_be_attached()
    expect(card(board, "Sweep")).to_be_focused()
    board.keyboard.press("Alt+ArrowLeft")
    expect(cards(board, "No section")).to_have_text(["Sweep", "Paint"])


def test_columns_by_priority_set_the_priority(board: Page) -> None:
    board.get_by_role("link", name="By priority").click()
    expect(cards(board, "Priority 2")).to_have_text(["Paint"])
    card(board, "Sweep").drag_to(board.get_by_role("region", name="Priority 1"))
    expect(cards(board, "Priority 1")).to_have_text(["Sweep"])
    card(board, "Sweep").click()
    expect(panel(board).get_by_label("Priority")).to_have_value("1")


def test_columns_by_label_put_the_label_on(board: Page, person: Person) -> None:
    person.has_label("errands")
    board.get_by_role("link", name="By label").click()
    card(board, "Sweep").drag_to(board.get_by_role("region", name="errands"))
    expect(cards(board, "errands")).to_have_text(["Sweep"])
    expect(cards(board, "No label")).to_have_text(["Paint"])
    card(board, "Sweep").drag_to(board.get_by_role("region", name="No label"))
    expect(cards(board, "No label")).to_have_count(2)


def test_a_card_lies_in_its_new_column_before_the_server_answers(board: Page, site: Site) -> None:
    site.wire.latency = 0.5
    card(board, "Sweep").focus()
    doing = board.get_by_role("region", name="Doing").bounding_box()
    board.keyboard.press("Alt+ArrowRight")
    drawn = card(board, "Sweep").bounding_box()
    assert doing
    assert drawn
    assert doing["x"] < drawn["x"] < doing["x"] + doing["width"]
    board.keyboard.press("Alt+ArrowRight")
    expect(cards(board, "Done")).to_have_text(["Sweep"])
    expect(board.get_by_text("Sweep moved to Done, position 1 of 1")).to_be_attached()
    expect(card(board, "Sweep")).to_be_focused()


def test_a_finger_drags_a_card_into_another_column(project_id: str, person: Person, visit: Visit) -> None:
    page = visit(person, f"/project/{project_id}?view=board", viewport={"width": 800, "height": 900}, has_touch=True)
    press_and_drag(page, middle(card(page, "Paint")), middle(page.get_by_role("region", name="Doing")))
    expect(cards(page, "Doing")).to_have_text(["Paint"])


def test_what_was_taken_hold_of_is_dragged_though_the_columns_change_beneath_it(board: Page, person: Person, site: Site) -> None:
    person.has_label("errands")
    site.wire.latency = 0.15
    board.get_by_role("link", name="By label").click()
    card(board, "Sweep").hover()
    board.mouse.down()
    board.get_by_role("region", name="errands").hover()
    board.mouse.up()
    expect(cards(board, "errands")).to_have_text(["Sweep"])


def test_the_choice_of_a_view_is_in_the_address(board: Page) -> None:
    board.get_by_role("navigation", name="View").get_by_role("link", name="List").click()
    expect(row(board, "Paint")).to_be_visible()
    expect(board.get_by_role("region", name="Doing")).to_have_count(0)
    board.get_by_role("navigation", name="View").get_by_role("link", name="Board").click()
    board.reload()
    expect(board.get_by_role("region", name="Doing")).to_be_visible()


@pytest.fixture
def november(project_id: str, person: Person, visit: Visit) -> Page:
    """The project's calendar of November 2026."""
    person.has_task("Water", project_id=project_id, due_date="2026-11-20", rrule="FREQ=WEEKLY")
    page = visit(person, f"/project/{project_id}?view=calendar&on=2026-11")
    expect(page.get_by_role("heading", name="November 2026")).to_be_visible()
    expect(card(page, "Paint")).to_be_visible()
    return page


def day(page: Page, number: int) -> Locator:
    """A day of November."""
    return page.locator(f"td[data-group='2026-11-{number:02}']")


def test_tasks_stand_on_their_days_and_recurring_ones_also_on_those_to_come(november: Page) -> None:
    expect(day(november, 24)).to_contain_text("Sweep")
    expect(day(november, 20).get_by_role("checkbox", name="Water")).to_be_visible()
    expect(day(november, 27)).to_contain_text("Water, to come")
    expect(day(november, 27).get_by_role("checkbox")).to_have_count(0)


def test_a_task_dragged_to_another_day_is_due_then(november: Page) -> None:
    card(november, "Sweep").drag_to(day(november, 12))
    expect(day(november, 12)).to_contain_text("Sweep")
    expect(day(november, 24)).not_to_contain_text("Sweep")
    card(november, "Sweep").focus()
    november.keyboard.press("Alt+ArrowRight")
    expect(day(november, 13)).to_contain_text("Sweep")
    november.reload()
    expect(day(november, 13)).to_contain_text("Sweep")


def test_a_finger_drags_a_task_to_another_day(project_id: str, person: Person, visit: Visit) -> None:
    page = visit(
        person, f"/project/{project_id}?view=calendar&on=2026-11", viewport={"width": 1000, "height": 1400}, has_touch=True
    )
    press_and_drag(page, middle(card(page, "Sweep")), middle(day(page, 12)))
    expect(day(page, 12)).to_contain_text("Sweep")
    expect(page.get_by_text(re.compile("Sweep moved to .*12 Nov.*, position 1 of 1"))).to_be_attached()


def test_a_task_is_drawn_on_its_new_day_before_the_server_answers(november: Page, site: Site) -> None:
    site.wire.latency = 0.5
    goal = day(november, 12).bounding_box()
    card(november, "Sweep").drag_to(day(november, 12))
    drawn = card(november, "Sweep").bounding_box()
    assert goal
    assert drawn
    assert goal["x"] <= drawn["x"] <= goal["x"] + goal["width"]
    assert goal["y"] <= drawn["y"] <= goal["y"] + goal["height"]
    expect(day(november, 12)).to_contain_text("Sweep")


def test_from_month_to_month_and_by_week(november: Page) -> None:
    november.get_by_role("link", name="Later").click()
    expect(november.get_by_role("heading", name="December 2026")).to_be_visible()
    november.get_by_role("link", name="Earlier").click()
    expect(november.get_by_role("heading", name="November 2026")).to_be_visible()
    november.get_by_role("link", name="Week").click()
    expect(november.get_by_role("row")).to_have_count(2)
    november.get_by_role("link", name="Now").click()
    expect(november.locator("[aria-current=date]")).to_contain_text(str(dt.datetime.now(dt.UTC).day))


def test_on_a_phone_the_calendar_is_a_list_of_days_with_tasks(november: Page) -> None:
    november.set_viewport_size({"width": 390, "height": 844})
    expect(card(november, "Paint")).to_be_visible()
    expect(day(november, 3)).to_be_hidden()
    expect(day(november, 24).get_by_text(re.compile("24 Nov|day$|^Tomorrow$")).first).to_be_visible()  # in words
    expect(day(november, 24).get_by_text("24", exact=True)).to_be_hidden()
