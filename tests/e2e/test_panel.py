"""The panel of a task: where it is, what it can be given, what lies in it, and its notes as they read."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.actions import add, box, edit, field, go_to, has_stopped_loading, history, open_task, panel, row, toast
from tests.e2e.conftest import Visit
from tests.e2e.people import Person

pytestmark = pytest.mark.slow


def subtasks(page: Page) -> Locator:
    return panel(page).get_by_role("list", name="Subtasks").get_by_role("listitem")


def title_button(page: Page, title: str) -> Locator:
    return subtasks(page).get_by_role("button", name=re.compile(f"^{title}"))


def add_subtasks(page: Page, *titles: str) -> None:
    line = panel(page).get_by_role("textbox", name="Add subtask")
    line.click()
    for title in titles:
        page.keyboard.type(title)
        page.keyboard.press("Enter")
    expect(line).to_have_value("")
    expect(subtasks(page)).to_have_count(len(titles))


@pytest.fixture
def tea(inbox: Page) -> Page:
    """An inbox with the task "Tea", open."""
    add(inbox, "Tea")
    open_task(inbox, "Tea")
    return inbox


@pytest.fixture
def other(tea: Page) -> Page:
    """The same task in a second tab."""
    page = tea.context.new_page()
    page.goto("/inbox")
    has_stopped_loading(page)
    open_task(page, "Tea")
    return page


# -- Subtasks ---------------------------------------------------------------------------------------------------------


def test_subtasks_typed_in_a_burst_are_all_there_and_count(tea: Page) -> None:
    add_subtasks(tea, "water", "leaves p1", "cup tomorrow")
    expect(subtasks(tea)).to_have_text([re.compile("^water"), re.compile("^leaves"), re.compile("^cup.*Due Tomorrow")])
    expect(panel(tea).get_by_role("textbox", name="Add subtask")).to_be_focused()
    panel(tea).get_by_role("checkbox", name="leaves").check()
    expect(panel(tea).get_by_text("1 of 3")).to_be_visible()
    expect(row(tea, "Tea")).to_contain_text("1/3")
    tea.reload()
    expect(panel(tea).get_by_role("checkbox", name="leaves")).to_be_checked()
    expect(panel(tea).get_by_text("1 of 3")).to_be_visible()


def test_subtasks_go_to_any_depth_and_the_way_back_is_above(tea: Page) -> None:
    for title in ("Pot", "Lid", "Knob"):
        add_subtasks(tea, title)
        title_button(tea, title).click()
        expect(field(tea, "Title")).to_have_value(title)
        expect(panel(tea)).to_be_focused()
    path = panel(tea).get_by_role("navigation", name="Breadcrumb")
    expect(path.get_by_role("listitem")).to_have_text(["Inbox", "Open Tea", "Open Pot", "Open Lid"])
    path.get_by_role("button", name="Open Pot").click()
    expect(field(tea, "Title")).to_have_value("Pot")
    expect(title_button(tea, "Lid")).to_contain_text("0/1")


def test_a_refused_subtask_is_explained_and_its_words_stay(tea: Page) -> None:
    line = panel(tea).get_by_role("textbox", name="Add subtask")
    line.fill("tomorrow")
    line.press("Enter")
    expect(line).to_have_accessible_description(re.compile("Write what there is to do"))
    expect(line).to_have_value("tomorrow")
    expect(line).to_be_focused()
    line.press("End")
    line.press_sequentially(" milk")
    line.press("Enter")
    expect(title_button(tea, "milk")).to_be_visible()
    expect(line).to_have_value("")


def test_subtasks_are_ordered_by_the_keyboard_alone(tea: Page) -> None:
    add_subtasks(tea, "one", "two", "three")
    down = panel(tea).get_by_role("button", name="Move one down")
    for place, order in ((2, ["two", "one", "three"]), (3, ["two", "three", "one"])):
        down.press("Enter")
        expect(subtasks(tea)).to_have_text(order)
        expect(toast(tea)).to_contain_text(f"moved to position {place} of 3")
        expect(down).to_be_focused()
    tea.reload()
    expect(subtasks(tea)).to_have_text(["two", "three", "one"])


def test_a_deleted_subtask_leads_back_to_what_it_lay_in(tea: Page) -> None:
    add_subtasks(tea, "Pot")
    title_button(tea, "Pot").click()
    expect(field(tea, "Title")).to_have_value("Pot")
    panel(tea).get_by_role("button", name="Delete task").click()
    expect(field(tea, "Title")).to_have_value("Tea")
    expect(subtasks(tea)).to_have_count(0)
    toast(tea).get_by_role("button", name="Undo").click()
    expect(title_button(tea, "Pot")).to_be_visible()


def test_completing_a_task_completes_its_subtasks_and_one_undo_takes_it_back(tea: Page) -> None:
    add_subtasks(tea, "one", "two")
    panel(tea).get_by_role("checkbox", name="Completed").check()
    expect(panel(tea).get_by_text("2 of 2")).to_be_visible()
    expect(panel(tea).get_by_role("checkbox", name="two")).to_be_checked()
    toast(tea).get_by_role("button", name="Undo").click()
    expect(panel(tea).get_by_text("0 of 2")).to_be_visible()
    expect(toast(tea)).to_contain_text("Undone: 3 tasks completed")


# -- Place and labels -------------------------------------------------------------------------------------------------


def test_a_task_moves_to_a_project_and_to_its_sections(tea: Page, person: Person) -> None:
    home = person.has_project("Home")
    person.has_project("Attic", parent_id=home)
    person.has_section("Roof", home)
    places = field(tea, "Project")
    expect(places.get_by_role("option")).to_have_text(["Inbox", "Home", "Home / Roof", "\u2003Attic"])
    places.select_option("Home / Roof")
    expect(history(tea).first).to_contain_text("Moved to Home / Roof")
    way = panel(tea).get_by_role("navigation", name="Breadcrumb")
    expect(way.get_by_role("link", name="Home")).to_have_attribute("href", re.compile(f"/project/{home}"))
    places.select_option("Inbox")
    expect(way.get_by_role("link", name="Inbox")).to_be_visible()
    expect(history(tea).first).to_contain_text("Moved to Inbox")


def test_labels_are_put_on_by_name_and_taken_off_by_their_buttons(tea: Page, person: Person) -> None:
    person.has_label("work")
    line = panel(tea).get_by_label("Add a label")
    for name in ("WORK", "brand new"):
        line.fill(name)
        line.press("Enter")
        expect(line).to_have_value("")
    for name in ("work", "brand new"):
        expect(panel(tea).get_by_role("button", name=f"Remove {name}")).to_be_visible()
    expect(line).to_be_focused()
    expect(row(tea, "Tea")).to_contain_text("brand new")
    panel(tea).get_by_role("button", name="Remove work").click()
    expect(panel(tea).get_by_role("button", name="Remove work")).to_have_count(0)
    tea.reload()
    expect(panel(tea).get_by_role("button", name=re.compile("^Remove"))).to_have_count(1)


def test_a_refused_label_is_explained_and_stays(tea: Page) -> None:
    line = panel(tea).get_by_label("Add a label")
    line.fill("x" * 61)
    line.press("Enter")
    expect(line).to_have_accessible_description(re.compile("at most 60 characters"))
    expect(line).to_have_value("x" * 61)


# -- Recurrence -------------------------------------------------------------------------------------------------------


def test_a_task_recurs_as_it_is_typed(tea: Page) -> None:
    repeat = field(tea, "Repeat")
    repeat.fill("every! 3 days")
    repeat.press("Enter")
    expect(repeat).to_have_accessible_description("Every 3 days, counted from the day it is done")
    expect(repeat).to_have_value("every! 3 days")
    panel(tea).get_by_text("Next dates").first.click()
    dates = panel(tea).get_by_role("list", name="Next dates").get_by_role("listitem")
    expect(dates).to_have_count(12)
    expect(dates.first).to_have_text(re.compile("^Today.*every 3 days"))
    tea.reload()
    expect(repeat).to_have_value("every! 3 days")
    panel(tea).get_by_role("button", name="Remove repeat").click()
    expect(repeat).to_have_value("")
    expect(panel(tea).get_by_text("Next dates")).to_have_count(0)


def test_words_that_say_no_recurrence_are_explained_and_stay(tea: Page) -> None:
    repeat = field(tea, "Repeat")
    repeat.fill("now and then")
    repeat.blur()
    expect(repeat).to_have_accessible_description(re.compile("This says no recurrence"))
    expect(repeat).to_have_attribute("aria-invalid", "true")
    expect(repeat).to_have_value("now and then")
    repeat.fill("every day")
    repeat.blur()
    expect(repeat).to_have_accessible_description("Every day")


def test_a_recurring_task_that_is_done_moves_on_and_its_box_is_empty_again(tea: Page) -> None:
    field(tea, "Due date").fill("2031-01-06")
    expect(history(tea).first).to_contain_text("Due Mon 6 Jan 2031")
    field(tea, "Repeat").fill("every mon")
    field(tea, "Repeat").press("Enter")
    expect(history(tea).first).to_contain_text("Repeats: Every Monday")
    done = panel(tea).get_by_role("checkbox", name="Completed")
    done.focus()
    tea.keyboard.press("Space")
    expect(field(tea, "Due date")).to_have_value("2031-01-13")
    expect(done).not_to_be_checked()
    expect(done).to_be_focused()
    expect(box(tea, "Tea")).not_to_be_checked()
    expect(history(tea).first).to_contain_text("Completed; next: Mon 13 Jan 2031")
    panel(tea).get_by_role("button", name="Skip this one").click()
    expect(field(tea, "Due date")).to_have_value("2031-01-20")
    expect(toast(tea)).to_contain_text("Skipped. Next: Mon 20 Jan")


# -- Notes ------------------------------------------------------------------------------------------------------------


def test_notes_in_markdown_read_well_and_are_written_plainly(tea: Page) -> None:
    written = "# Steps\n\n- [x] **boil**\n- [ ] pour\n\nhttps://example.com"
    notes = panel(tea).get_by_role("textbox", name="Notes")
    edit(tea, "Notes", written)
    expect(panel(tea).get_by_role("heading", name="Steps", exact=True)).to_be_visible()
    expect(panel(tea).get_by_role("listitem").filter(has_text="☐ pour")).to_be_visible()
    link = panel(tea).get_by_role("link", name="https://example.com")
    expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")
    expect(link).to_have_attribute("target", "_blank")
    panel(tea).get_by_text("boil", exact=True).click(force=True)
    expect(notes).to_be_focused()
    expect(notes).to_have_css("opacity", "1")
    expect(notes).to_have_value(written)
    expect(panel(tea).get_by_text("boil", exact=True)).to_be_hidden()
    notes.press("Control+End")
    notes.press_sequentially(" and wait")
    notes.blur()
    expect(panel(tea).get_by_text("https://example.com and wait", exact=True)).to_be_visible()


def test_the_tab_key_leads_into_the_notes(tea: Page) -> None:
    edit(tea, "Notes", "**bold**")
    expect(panel(tea).get_by_text("bold", exact=True)).to_be_visible()
    field(tea, "Title").focus()
    tea.keyboard.press("Tab")
    expect(field(tea, "Notes")).to_be_focused()
    tea.keyboard.press("Control+End")
    tea.keyboard.type("!")
    expect(field(tea, "Notes")).to_have_value("**bold**!")


def test_nothing_below_the_notes_moves_when_they_are_left(tea: Page) -> None:
    edit(tea, "Notes", "# A\n\n- one\n- two\n\n> three")
    expect(panel(tea).get_by_role("heading", name="A", exact=True)).to_be_visible()
    below = panel(tea).get_by_label("Due date", exact=True)
    place = below.bounding_box()
    field(tea, "Notes").focus()
    assert below.bounding_box() == place


def test_hostile_markdown_is_inert(tea: Page) -> None:
    """The fixture fails the test for a dialog, for a script that ran, and for a request that the policy stopped."""
    hostile = (
        "**x** <script>alert(1)</script> <img src=x onerror=alert(1)> [a](javascript:alert(1)) ![p](https://evil.example/p.png)"
    )
    asked: list[str] = []
    tea.on("request", lambda request: asked.append(request.url))
    edit(tea, "Notes", hostile)
    expect(panel(tea).get_by_text("<script>alert(1)</script>", exact=False).first).to_be_visible()
    expect(panel(tea).get_by_role("link", name="p", exact=True)).to_have_attribute("href", "https://evil.example/p.png")
    expect(panel(tea).locator(".md :is(script, img, iframe, [onerror], [href^='javascript'])")).to_have_count(0)
    tea.reload()
    expect(panel(tea).get_by_role("link", name="p", exact=True)).to_be_visible()
    assert [url for url in asked if "evil" in url] == []


def test_an_undo_right_after_typing_holds(tea: Page) -> None:
    edit(tea, "Title", "Coffee")
    panel(tea).focus()
    tea.keyboard.press("Control+z")
    expect(field(tea, "Title")).to_have_value("Tea")
    tea.wait_for_timeout(1500)  # what is typed is sent a second after the last key, too
    expect(field(tea, "Title")).to_have_value("Tea")
    expect(history(tea)).to_have_count(3)


# -- Two tabs ---------------------------------------------------------------------------------------------------------


def test_what_one_tab_gives_a_task_shows_in_the_other(tea: Page, other: Page) -> None:
    line = panel(tea).get_by_label("Add a label")
    line.fill("mine")
    line.press("Enter")
    expect(panel(other).get_by_role("button", name="Remove mine")).to_be_visible()
    theirs = panel(other).get_by_label("Add a label")
    theirs.fill("theirs")
    theirs.press("Enter")
    for name in ("mine", "theirs"):
        expect(panel(tea).get_by_role("button", name=f"Remove {name}")).to_be_visible()
    add_subtasks(tea, "Pot")
    expect(title_button(other, "Pot")).to_be_visible()
    panel(other).get_by_role("checkbox", name="Pot").check()
    expect(panel(tea).get_by_role("checkbox", name="Pot")).to_be_checked()
    field(other, "Repeat").fill("every mon")
    field(other, "Repeat").blur()
    expect(field(tea, "Repeat")).to_have_value("every monday")
    edit(tea, "Notes", "**both**")
    expect(panel(other).get_by_text("both", exact=True)).to_be_visible()


def test_what_is_half_typed_stays_while_the_other_tab_changes_the_task(tea: Page, other: Page) -> None:
    half = {"Add subtask": "half a sub", "Add a label": "half a lab", "Repeat": "every"}
    for name, words in half.items():
        panel(tea).get_by_label(name, exact=True).press_sequentially(words)
    field(other, "Due date").fill("2031-01-06")
    expect(field(tea, "Due date")).to_have_value("2031-01-06")
    for name, words in half.items():
        expect(panel(tea).get_by_label(name, exact=True)).to_have_value(words)


# -- Back and forward -------------------------------------------------------------------------------------------------


def test_back_closes_the_open_task_saved_and_forward_opens_it_again(tea: Page) -> None:
    field(tea, "Title").fill("Green tea")
    tea.go_back()
    expect(panel(tea)).to_have_count(0)
    expect(box(tea, "Green tea")).to_be_visible()
    expect(tea).to_have_url(re.compile(r"/inbox/?$"))
    tea.go_forward()
    expect(field(tea, "Title")).to_have_value("Green tea")


def test_a_task_closed_by_its_button_is_no_step_of_the_way_back(inbox: Page) -> None:
    add(inbox, "one", "two")
    go_to(inbox, "Today")
    go_to(inbox, "Inbox")
    open_task(inbox, "one")
    open_task(inbox, "two")
    panel(inbox).get_by_role("button", name="Close").click()
    expect(panel(inbox)).to_have_count(0)
    expect(inbox).to_have_url(re.compile(r"/inbox/?$"))
    inbox.go_back()
    expect(inbox.get_by_role("heading", name="Today", level=1)).to_be_visible()


def test_back_from_another_page_finds_the_task_open_as_it_was(inbox: Page) -> None:
    add(inbox, "one")
    open_task(inbox, "one")
    go_to(inbox, "Today")
    expect(panel(inbox)).to_have_count(0)
    expect(inbox).to_have_url(re.compile(r"/today/?$"))
    inbox.go_back()
    expect(field(inbox, "Title")).to_have_value("one")
    inbox.go_back()
    expect(panel(inbox)).to_have_count(0)
    expect(box(inbox, "one")).to_be_visible()


# Something of the page changes when the address is the next page's already, and what is shown still the last one's.
BETWEEN_PAGES = """() => {
  const push = history.pushState;
  history.pushState = function (...given) {
    push.apply(this, given);
    document.body.append(new Comment());
  };
}"""


def test_another_page_takes_no_open_task_along(tea: Page) -> None:
    tea.evaluate(BETWEEN_PAGES)
    tea.get_by_role("navigation", name="Main").get_by_role("link", name="Today").click()
    expect(tea).to_have_url(re.compile(r"/today/?$"))
    expect(panel(tea)).to_have_count(0)
    expect(tea).to_have_url(re.compile(r"/today/?$"))


# -- On a phone -------------------------------------------------------------------------------------------------------


def test_on_a_phone_a_finger_hits_what_it_means(visit: Visit, person: Person) -> None:
    label = person.has_label("work")
    task_id = person.has_task("Thumb", label_ids=[label], rrule="FREQ=DAILY", notes="**n**")
    for title in ("one", "two"):
        person.has_task(title, parent_id=task_id)
    page = visit(person, f"/inbox#task={task_id}", viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    expect(title_button(page, "two")).to_be_visible()
    controls = panel(page).locator("button, input:not([type=hidden]), select, textarea, summary, nav a")
    small = [
        (control.evaluate("element => element.outerHTML")[:90], size)
        for control in controls.all()
        if (size := control.bounding_box()) and size["height"] < 44
    ]
    assert small == []


# -- The title --------------------------------------------------------------------------------------------------------


def test_enter_in_the_title_saves_it_and_adds_no_line(tea: Page) -> None:
    field(tea, "Title").press("End")
    tea.keyboard.type(" for two")
    tea.keyboard.press("Enter")
    expect(panel(tea)).to_be_focused()
    expect(row(tea, "Tea for two")).to_be_visible()
    expect(field(tea, "Title")).to_have_value("Tea for two")


def test_a_space_behind_the_title_is_no_change_to_be_kept(tea: Page, other: Page) -> None:
    field(tea, "Title").fill("Green tea ")
    tea.keyboard.press("Escape")
    expect(row(tea, "Green tea")).to_be_visible()
    expect(field(other, "Title")).to_have_value("Green tea")
    edit(other, "Title", "Black tea")
    open_task(tea, "Black tea")
    expect(panel(tea).get_by_text("changed in two places")).to_have_count(0)


def test_an_open_task_makes_the_page_no_longer_than_the_window(tea: Page) -> None:
    for number in range(12):
        edit(tea, "Title", f"Tea {number}")
    expect(history(tea)).to_have_count(13)
    assert tea.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0
