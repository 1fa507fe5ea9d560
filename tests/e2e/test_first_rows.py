"""The first rows of a list come with the page itself, before any script has run."""

import pytest
from playwright.sync_api import expect

from tests.e2e.actions import box, has_stopped_loading, tasks
from tests.e2e.conftest import Visit
from tests.e2e.looks import DESK, PHONE, SHIFTS
from tests.e2e.people import Person

pytestmark = pytest.mark.slow

# Each heading and row: where it stands in the list, and what it is made of, but for what only a row that works has.
LOOKS = """() => {
  const list = document.querySelector(".rows");
  const corner = list.getBoundingClientRect();
  const isOfUse = (name) =>
    /^(id|data-(id|saved|base|open|repeats|title|menu|pick|group|add-in|to)|tabindex|aria-haspopup)$/.test(name);
  const describe = (node) => node.nodeType === Node.TEXT_NODE ? node.data : [
    node.localName,
    ...[...node.attributes].filter(({ name }) => !isOfUse(name)).map(({ name, value }) => `${name}=${value}`).sort(),
    ...[...node.childNodes].map(describe),
  ];
  return [...list.querySelectorAll(".row, .group-h")].slice(0, 30).map((part) => {
    const { x, y, width, height } = part.getBoundingClientRect();
    return [describe(part), x - corner.x, y - corner.y, width, height];
  });
}"""


@pytest.fixture
def busy(person: Person) -> Person:
    """Somebody with a task of every kind."""
    work, errands = person.has_project("Work & <play>", color="green"), person.has_label("errands", color="red")
    person.has_task("<img src=x onerror=alert(1)>", priority=1, due_date="2020-01-02", notes="Both copies.", project_id=work)
    person.has_task("Book a table", priority=2, due_date="2031-01-01", due_time="18:00", time_zone="UTC", label_ids=[errands])
    person.has_task("Water the plants", due_date="2020-01-02", rrule="FREQ=DAILY")
    tent = person.has_task("מה שלומך & so on", priority=3)
    person.has_task("Poles", parent_id=tent, completed=True)
    person.has_task("Pegs", parent_id=tent)
    person.has_task("Done already", completed=True)
    return person


@pytest.mark.parametrize("viewport", [DESK, PHONE])
@pytest.mark.parametrize(
    ("path", "title"),
    [
        ("/inbox", "Book a table"),
        ("/inbox?status=completed", "Done already"),
        ("/today", "Water the plants"),
        ("/upcoming", "Book a table"),
        ("/completed", "Done already"),
        ("/search?q=b", "Book a table"),
    ],
)
def test_they_look_as_those_that_follow(path: str, title: str, viewport: dict[str, int], visit: Visit, busy: Person) -> None:
    before = visit(busy, path, viewport=viewport, java_script_enabled=False)
    expect(before.get_by_text(title, exact=True)).to_be_visible()
    after = visit(busy, path, viewport=viewport)
    expect(box(after, title)).to_be_visible()
    assert before.evaluate(LOOKS) == after.evaluate(LOOKS)


def test_they_are_there_while_the_server_of_the_page_says_nothing(visit: Visit, person: Person) -> None:
    person.has_task("Book a table")
    page = visit(person)
    expect(box(page, "Book a table")).to_be_visible()
    page.route_web_socket("**", lambda _socket: None)
    page.reload()
    expect(page.locator(".row").get_by_text("Book a table")).to_be_visible()
    expect(page.get_by_text("Loading your tasks")).to_have_count(1)
    expect(tasks(page)).to_have_count(0)  # for whoever can't see yet, they are not there yet


def test_of_many_the_first_thirty_come_first(visit: Visit, person: Person) -> None:
    for number in range(32):
        person.has_task(f"Task {number}")
    page = visit(person, java_script_enabled=False)
    expect(page.locator(".row")).to_have_count(30)


def test_an_empty_list_has_none(visit: Visit, person: Person) -> None:
    page = visit(person, java_script_enabled=False)
    expect(page.locator(".sk-row").first).to_be_attached()
    expect(page.locator(".row")).to_have_count(0)


def test_going_back_after_signing_out_shows_no_task(visit: Visit, person: Person) -> None:
    person.has_task("My own business")
    page = visit(person)
    expect(box(page, "My own business")).to_be_visible()
    page.get_by_role("button", name="Account").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_text("My own business")).to_have_count(0)


def test_nothing_moves_when_the_page_comes_to_life(visit: Visit, busy: Person) -> None:
    page = visit(busy, "/today")
    has_stopped_loading(page)
    assert [moved for moved in page.evaluate(SHIFTS) if 'class="rows"' in moved or 'class="row"' in moved] == []
