"""The order by hand: by dragging, by keys and by the menu, told to everybody, and kept."""

import re
import uuid

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlmodel import Session as DbSession

from tests.e2e.actions import box, choose, row, tasks, toast
from tests.e2e.conftest import Visit
from tests.e2e.fingers import middle, press_and_drag, press_long, swipe
from tests.e2e.looks import PHONE
from tests.e2e.people import Person
from tests.e2e.site import Site
from todo_app.db import Database
from todo_app.models import Task
from todo_app.models.base import utc_now

pytestmark = pytest.mark.slow


def told(page: Page, words: str) -> Locator:
    """What the page says to screen readers."""
    return page.locator("[aria-live=polite]").filter(has_text=words)


def test_alt_and_the_arrows_move_a_task_and_tell_where_it_is(four: Page) -> None:
    four.keyboard.press("j")
    four.keyboard.press("Alt+ArrowDown")
    expect(tasks(four)).to_have_text(["b", "a", "c", "d"])
    expect(told(four, "a moved to position 2 of 4")).to_be_attached()
    expect(four.get_by_role("button", name="a", exact=True)).to_be_focused()
    four.keyboard.press("Alt+ArrowUp")
    expect(tasks(four)).to_have_text(["a", "b", "c", "d"])
    four.reload()
    expect(tasks(four)).to_have_text(["a", "b", "c", "d"])


def test_as_often_as_it_is_pressed_so_far_it_goes(four: Page) -> None:
    four.keyboard.press("j")
    for _ in range(3):
        four.keyboard.press("Alt+ArrowDown")
    expect(tasks(four)).to_have_text(["b", "c", "d", "a"])
    four.reload()
    expect(tasks(four)).to_have_text(["b", "c", "d", "a"])


def test_the_first_goes_no_further_up(four: Page) -> None:
    four.keyboard.press("j")
    four.keyboard.press("Alt+ArrowUp")
    expect(told(four, "This is the first task.")).to_be_attached()
    expect(tasks(four)).to_have_text(["a", "b", "c", "d"])


@pytest.mark.parametrize(("item", "order"), [("Move up", ["b", "a", "c", "d"]), ("Move down", ["a", "c", "b", "d"])])
def test_the_menu_moves_a_task_too(item: str, order: list[str], four: Page) -> None:
    choose(four, "b", item)
    expect(tasks(four)).to_have_text(order)
    four.reload()
    expect(tasks(four)).to_have_text(order)


def test_a_row_is_dragged_to_its_place(four: Page) -> None:
    row(four, "d").drag_to(row(four, "b"), target_position={"x": 200, "y": 3})
    expect(tasks(four)).to_have_text(["a", "d", "b", "c"])
    four.reload()
    expect(tasks(four)).to_have_text(["a", "d", "b", "c"])
    four.keyboard.press("Control+z")
    expect(tasks(four)).to_have_text(["a", "b", "c", "d"])


def test_moving_a_row_sends_no_list(four: Page) -> None:
    sent: list[str] = []
    four.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(str(frame))))
    line = four.locator("[data-connection]")
    last = line.get_attribute("data-connection") or "none"
    four.reload()
    another = re.compile(f"^(?!{re.escape(last)}$).+")
    expect(line).to_have_attribute("data-connection", another)  # what was sent before it comes is sent again
    expect(tasks(four)).to_have_count(4)
    four.keyboard.press("j")
    four.keyboard.press("Alt+ArrowDown")
    expect(tasks(four)).to_have_text(["b", "a", "c", "d"])
    [moved] = [frame for frame in sent if "task_list.move" in frame]
    assert len(moved) < 700


def test_a_list_in_another_order_says_why_nothing_moves(four: Page) -> None:
    four.get_by_role("combobox", name="Sort").select_option("Title")
    expect(four).to_have_url(re.compile("sort=title"))
    expect(tasks(four)).to_have_text(["a", "b", "c", "d"])
    row(four, "d").drag_to(row(four, "a"))
    expect(four.get_by_text("To move tasks, sort this list by hand.")).to_be_visible()
    expect(tasks(four)).to_have_text(["a", "b", "c", "d"])


def test_a_row_dropped_into_a_section_becomes_part_of_it(visit: Visit, person: Person) -> None:
    project = person.has_project("Garden")
    beds, shed = person.has_section("Beds", project), person.has_section("Shed", project)
    person.has_task("rake", project_id=project, section_id=shed)
    person.has_task("weed", project_id=project, section_id=beds)
    page = visit(person, f"/project/{project}")
    expect(tasks(page)).to_have_count(2)
    row(page, "weed").drag_to(row(page, "rake").get_by_role("button", name="rake"), target_position={"x": 200, "y": 24})
    expect(tasks(page).last).to_contain_text("weed")
    expect.soft(tasks(page).first).to_contain_text("rake")
    page.reload()
    expect(tasks(page).first).to_contain_text("rake")
    assert {task["section_id"] for task in person.tasks()} == {shed}


def test_a_row_dropped_onto_a_project_or_label_goes_there(four: Page, person: Person) -> None:
    project, label = person.has_project("Garden"), person.has_label("soon")
    places = four.get_by_role("navigation", name="Main")
    row(four, "a").drag_to(places.get_by_role("link", name="soon"))
    expect(row(four, "a")).to_contain_text("soon")
    row(four, "a").drag_to(places.get_by_role("link", name="Garden"))
    expect(row(four, "a")).to_have_count(0)
    [moved] = [task for task in person.tasks() if task["title"] == "a"]
    assert (moved["project_id"], moved["label_ids"]) == (project, [label])


# -- Before the server answers ----------------------------------------------------------------------------------------


def seen(page: Page) -> list[str]:
    """The titles from top to bottom, as they are drawn now."""
    places = [
        (each.bounding_box() or {}, each.get_attribute("aria-label") or "") for each in tasks(page).get_by_role("checkbox").all()
    ]
    return [title for _, title in sorted(places, key=lambda place: place[0]["y"])]


@pytest.fixture
def slow(four: Page, site: Site) -> Page:
    """Four tasks, and a server that answers late."""
    site.wire.latency = 0.5
    return four


def test_keys_move_a_row_at_once_as_often_as_they_are_pressed(slow: Page) -> None:
    slow.keyboard.press("j")
    for order in ("bacd", "bcad", "bcda"):
        slow.keyboard.press("Alt+ArrowDown")
        assert seen(slow) == list(order)
    expect(told(slow, "a moved to position 4 of 4")).to_be_attached()
    expect(tasks(slow)).to_have_text(["b", "c", "d", "a"])
    assert seen(slow) == ["b", "c", "d", "a"]
    expect(slow.get_by_role("button", name="a", exact=True)).to_be_focused()


def test_a_dragged_row_lies_at_once_where_it_was_dropped(slow: Page, site: Site) -> None:
    row(slow, "d").drag_to(row(slow, "b"), target_position={"x": 200, "y": 3})
    assert seen(slow) == ["a", "d", "b", "c"]
    row(slow, "c").drag_to(row(slow, "a"), target_position={"x": 200, "y": 3})
    assert seen(slow) == ["c", "a", "d", "b"]
    expect(tasks(slow)).to_have_text(["c", "a", "d", "b"])
    site.wire.mend()
    slow.reload()
    expect(tasks(slow)).to_have_text(["c", "a", "d", "b"])


def test_a_row_goes_back_if_its_move_is_refused(slow: Page, person: Person, site_db: Database) -> None:
    gone = next(task["id"] for task in person.tasks() if task["title"] == "c")

    def discard(session: DbSession) -> None:
        session.get_one(Task, uuid.UUID(gone)).deleted_at = utc_now()

    site_db.write_now(discard)  # by nobody whom the page hears of
    row(slow, "a").drag_to(row(slow, "c"), target_position={"x": 200, "y": 30})
    assert seen(slow) == ["b", "c", "a", "d"]
    expect(toast(slow)).to_contain_text("There is no such task.")
    expect(tasks(slow)).to_have_text(["a", "b", "d"])
    assert seen(slow) == ["a", "b", "d"]


def test_sections_make_room_at_once(visit: Visit, person: Person, site: Site) -> None:
    project = person.has_project("Garden")
    beds, shed = person.has_section("Beds", project), person.has_section("Shed", project)
    person.has_task("rake", project_id=project, section_id=shed)
    person.has_task("hoe", project_id=project, section_id=beds)
    person.has_task("weed", project_id=project, section_id=beds)
    page = visit(person, f"/project/{project}")
    expect(tasks(page)).to_have_count(3)
    site.wire.latency = 0.5

    def tops() -> dict[str, float]:
        parts = {"Shed": page.get_by_role("heading", name="Shed"), **{name: box(page, name) for name in ("rake", "hoe", "weed")}}
        return {name: round((part.bounding_box() or {})["y"]) for name, part in parts.items()}

    row(page, "weed").drag_to(row(page, "rake").get_by_role("button", name="rake"), target_position={"x": 200, "y": 24})
    drawn = tops()
    assert sorted(drawn, key=lambda name: drawn[name]) == ["hoe", "Shed", "rake", "weed"]
    expect(told(page, "weed moved to position 3 of 3")).to_be_attached()
    assert tops() == drawn


# -- By finger --------------------------------------------------------------------------------------------------------


@pytest.fixture
def phone(visit: Visit, person: Person) -> Page:
    """A phone with thirty tasks."""
    for number in range(30, 0, -1):
        person.has_task(f"task {number}")
    page = visit(person, viewport=PHONE, has_touch=True, is_mobile=True)
    expect(tasks(page)).to_have_count(30)
    return page


def title(page: Page, name: str) -> Locator:
    return page.get_by_role("button", name=name, exact=True)


def test_a_finger_drags_after_a_long_press(phone: Page) -> None:
    x, y = middle(title(phone, "task 4"))
    press_and_drag(phone, middle(title(phone, "task 1")), (x, y + 12))
    expect(tasks(phone).nth(3)).to_contain_text("task 1")
    expect(tasks(phone).nth(2)).to_contain_text("task 4")
    assert phone.evaluate("() => scrollY") == 0
    expect(phone.get_by_role("toolbar")).to_be_hidden()
    expect(phone.get_by_role("complementary", name="Task details")).to_have_count(0)


def test_a_finger_that_moves_at_once_scrolls(phone: Page) -> None:
    first = tasks(phone).first
    x, y = middle(title(phone, "task 8"))
    swipe(phone, (x, y), (x, y - 450))
    expect(first).not_to_be_in_viewport()
    expect(first).to_contain_text("task 1")
    expect(phone.get_by_role("toolbar")).to_be_hidden()


def test_a_long_press_alone_selects(phone: Page) -> None:
    press_long(phone, middle(title(phone, "task 2")))
    expect(phone.get_by_role("toolbar")).to_contain_text("1 selected")
    title(phone, "task 3").tap()
    expect(phone.get_by_role("toolbar")).to_contain_text("2 selected")


# -- Dragging itself --------------------------------------------------------------------------------------------------


def test_escape_lets_go_of_what_is_dragged(four: Page) -> None:
    row(four, "d").hover()
    four.mouse.down()
    four.mouse.move(*middle(row(four, "a")))
    four.keyboard.press("Escape")
    four.mouse.up()
    expect(four.locator(".lifted")).to_have_count(0)
    expect(four.get_by_role("complementary", name="Task details")).to_have_count(0)
    four.reload()
    expect(tasks(four)).to_have_text(["a", "b", "c", "d"])


def test_a_drag_tells_where_the_row_is_and_opens_nothing(four: Page) -> None:
    row(four, "d").drag_to(row(four, "b"), target_position={"x": 200, "y": 3})
    expect(told(four, "d moved to position 2 of 4")).to_be_attached()
    expect(four.get_by_role("complementary", name="Task details")).to_have_count(0)


def test_near_the_edge_of_the_window_the_page_scrolls_along(visit: Visit, person: Person) -> None:
    for number in range(40, 0, -1):
        person.has_task(f"task {number}")
    page = visit(person)
    expect(tasks(page)).to_have_count(40)
    row(page, "task 1").hover()
    page.mouse.down()
    page.mouse.move(700, 880)
    expect(row(page, "task 40")).to_be_in_viewport()
    page.mouse.move(*middle(row(page, "task 38")))
    page.mouse.up()
    expect(told(page, "task 1 moved to position")).to_be_attached()
    expect(tasks(page).first).to_contain_text("task 2")
