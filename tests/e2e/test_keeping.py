"""Nothing typed is lost: on a slow line, without one, and when the server dies."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import AWAY, add, box, field, go_to, history, open_task, row, tasks, toast
from tests.e2e.conftest import Visit
from tests.e2e.people import Person
from tests.e2e.site import Site

pytestmark = pytest.mark.slow

LONG = "".join(f"{number:04} " for number in range(40))  # 200 characters, each place of it told from the others
ON_THE_WAY = 0.15
# Does something, and loses the message on its way.
Cut = Callable[[Callable[[], None]], None]


@pytest.fixture
def slow_line(site: Site) -> None:
    """150 ms there, and 150 ms back."""
    site.wire.latency = ON_THE_WAY


def test_every_key_typed_fast_into_the_quick_add_arrives_on_a_slow_line(inbox: Page, slow_line: None) -> None:
    quick_add = inbox.get_by_role("textbox", name="Add a task")
    quick_add.press_sequentially(LONG, delay=8)
    expect(quick_add).to_have_value(LONG)
    quick_add.press("Enter")
    quick_add.press_sequentially("and the next", delay=8)
    quick_add.press("Enter")
    expect(tasks(inbox)).to_have_text(["and the next", LONG.strip()])


def test_every_key_typed_fast_into_the_notes_arrives_on_a_slow_line(inbox: Page, slow_line: None) -> None:
    add(inbox, "Long story")
    open_task(inbox, "Long story")
    notes = field(inbox, "Notes")
    notes.press_sequentially(LONG, delay=8)
    expect(history(inbox).first).to_contain_text("Notes added")
    notes.press_sequentially("the end", delay=8)
    expect(history(inbox).first).to_contain_text("Notes changed")
    expect(notes).to_have_value(f"{LONG}the end")
    inbox.reload()
    expect(notes).to_have_value(f"{LONG}the end")


def test_ticks_are_drawn_at_once_on_a_slow_line_and_hold(inbox: Page, slow_line: None) -> None:
    add(inbox, "one", "two")
    box(inbox, "one").click()
    box(inbox, "two").click()
    box(inbox, "one").click()
    expect(toast(inbox)).to_contain_text("Opened again")
    inbox.reload()
    expect(box(inbox, "two")).to_be_checked()
    expect(box(inbox, "one")).not_to_be_checked()


def test_a_page_outlives_the_death_of_its_server(inbox: Page, site: Site, expected_errors: list[str]) -> None:
    expected_errors += AWAY
    add(inbox, "Survivor")
    open_task(inbox, "Survivor")
    inbox.get_by_role("textbox", name="Add a task").fill("half a ti")
    field(inbox, "Notes").press_sequentially("half a not")
    site.kill()
    expect(toast(inbox)).to_contain_text("You are offline")
    inbox.keyboard.type("e")
    site.start()
    expect(toast(inbox)).not_to_contain_text("You are offline", timeout=30_000)
    expect(field(inbox, "Notes")).to_have_value("half a note")
    expect(inbox.get_by_role("textbox", name="Add a task")).to_have_value("half a ti")
    expect(field(inbox, "Notes")).to_be_focused()
    inbox.keyboard.type(", made whole")
    expect(history(inbox).first).to_contain_text(re.compile("Notes (added|changed)"))
    inbox.get_by_role("textbox", name="Add a task").press("End")
    inbox.keyboard.type("tle")
    inbox.keyboard.press("Enter")
    expect(box(inbox, "half a title")).to_be_visible()
    inbox.reload()
    expect(field(inbox, "Notes")).to_have_value("half a note, made whole")
    expect(tasks(inbox)).to_have_text([re.compile("half a title"), re.compile("Survivor")])


def test_a_click_leads_where_it_should_though_the_site_was_updated_since_the_page_was_opened(
    visit: Visit, person: Person, expected_errors: list[str]
) -> None:
    expected_errors += ["/assets/_trash_"]
    page = visit(person, service_workers="block")
    page.get_by_role("textbox", name="Add a task").fill("half a title")
    gone = re.compile(r"/assets/_trash_.*\.js")  # another release's files have other names
    page.route(gone, lambda route: route.fulfill(status=404))
    page.once("domcontentloaded", lambda: page.unroute(gone))
    go_to(page, "Trash")
    page.reload()
    expect(page.get_by_role("heading", name="Trash", level=1)).to_be_visible()
    go_to(page, "Inbox")
    expect(page.get_by_role("textbox", name="Add a task")).to_have_value("half a title")


def test_half_typed_words_outlive_a_reload(inbox: Page) -> None:
    quick_add = inbox.get_by_role("textbox", name="Add a task")
    quick_add.fill("not sent ye")
    inbox.reload()
    expect(quick_add).to_have_value("not sent ye")
    quick_add.press("End")
    quick_add.press_sequentially("t")
    quick_add.press("Enter")
    expect(box(inbox, "not sent yet")).to_be_visible()


def test_what_is_done_offline_arrives_later(inbox: Page, site: Site, expected_errors: list[str]) -> None:
    expected_errors += AWAY
    add(inbox, "before")
    site.wire.cut()
    expect(toast(inbox)).to_contain_text("You are offline")
    expect(inbox.get_by_role("navigation", name="Main")).to_contain_text("Waiting to sync")
    box(inbox, "before").check()
    inbox.get_by_role("textbox", name="Add a task").fill("meanwhile")
    inbox.keyboard.press("Enter")
    site.wire.mend()
    expect(box(inbox, "meanwhile")).to_be_visible(timeout=30_000)
    expect(toast(inbox)).not_to_contain_text("You are offline")
    expect(box(inbox, "before")).to_be_checked()
    inbox.reload()
    expect(tasks(inbox)).to_have_text(["meanwhile", "before"])
    expect(box(inbox, "before")).to_be_checked()


def test_a_page_asked_for_offline_says_so_and_comes_when_the_site_is_back(
    inbox: Page, site: Site, expected_errors: list[str]
) -> None:
    expected_errors += AWAY
    add(inbox, "patient")
    inbox.evaluate("navigator.serviceWorker.ready.then(() => {})")
    site.wire.cut()
    inbox.goto("/inbox")
    expect(inbox.get_by_role("heading", name="You are offline")).to_be_visible()
    site.wire.mend()
    expect(box(inbox, "patient")).to_be_visible(timeout=30_000)


def test_the_browser_keeps_no_page_of_anybodys_tasks(inbox: Page) -> None:
    inbox.evaluate("navigator.serviceWorker.ready.then(() => {})")
    inbox.reload()
    expect(inbox.get_by_role("heading", name="Your inbox is clear")).to_be_visible()
    stored = inbox.evaluate(
        """async () => {
          const stored = [];
          for (const name of await caches.keys())
            for (const request of await (await caches.open(name)).keys()) stored.push(new URL(request.url).pathname);
          return stored.sort();
        }"""
    )
    assert stored == ["/icon.svg", "/offline.html", "/offline.js"]


@pytest.fixture
def cut_on_the_way(inbox: Page, site: Site, expected_errors: list[str]) -> Cut:
    """Does something whose message never arrives: the line is cut while it is under way, and mended when the page has noticed."""
    expected_errors += AWAY

    def cut(act: Callable[[], None]) -> None:
        site.wire.latency = 5  # seconds, of which none passes before the cut
        act()
        site.wire.cut()
        expect(toast(inbox)).to_contain_text("You are offline")
        site.wire.mend()
        expect(toast(inbox)).not_to_contain_text("You are offline", timeout=30_000)

    return cut


def test_a_task_whose_message_was_lost_is_sent_again_and_is_there_once(inbox: Page, cut_on_the_way: Cut) -> None:
    line = inbox.get_by_role("textbox", name="Add a task")
    line.fill("on the way tomorrow")
    cut_on_the_way(lambda: inbox.keyboard.press("Enter"))
    expect(box(inbox, "on the way")).to_be_visible()
    expect(line).to_have_value("")
    inbox.reload()
    expect(tasks(inbox)).to_have_text([re.compile("on the way.*Tomorrow", re.DOTALL)])


def test_what_is_typed_after_a_lost_message_stays_in_the_line(inbox: Page, cut_on_the_way: Cut) -> None:
    line = inbox.get_by_role("textbox", name="Add a task")
    line.fill("first")

    def act() -> None:
        inbox.keyboard.press("Enter")
        line.press_sequentially("and the next")

    cut_on_the_way(act)
    expect(box(inbox, "first")).to_be_visible()
    expect(line).to_have_value("and the next")


def test_a_task_entered_offline_arrives_though_the_page_was_loaded_anew_meanwhile(
    inbox: Page, site: Site, expected_errors: list[str]
) -> None:
    expected_errors += AWAY
    inbox.evaluate("navigator.serviceWorker.ready.then(() => {})")
    site.wire.cut()
    expect(toast(inbox)).to_contain_text("You are offline")
    inbox.get_by_role("textbox", name="Add a task").fill("in a tunnel")
    inbox.keyboard.press("Enter")
    inbox.reload()
    expect(inbox.get_by_role("heading", name="You are offline")).to_be_visible()
    site.wire.mend()
    expect(box(inbox, "in a tunnel")).to_be_visible(timeout=30_000)
    inbox.reload()
    expect(tasks(inbox)).to_have_text(["in a tunnel"])


def test_a_tick_whose_message_was_lost_is_sent_again(inbox: Page, cut_on_the_way: Cut) -> None:
    add(inbox, "done", "open")
    cut_on_the_way(lambda: box(inbox, "done").check())
    expect(toast(inbox)).to_contain_text("Completed")
    inbox.reload()
    expect(box(inbox, "done")).to_be_checked()
    expect(box(inbox, "open")).not_to_be_checked()


def test_subtask_new_name_and_notes_whose_messages_were_lost_are_sent_again(inbox: Page, cut_on_the_way: Cut) -> None:
    add(inbox, "renamed", "Tea")
    panel = open_task(inbox, "Tea")

    def act() -> None:
        field(inbox, "Notes").fill("two bags")
        panel.get_by_role("textbox", name="Add subtask").fill("boil water")
        inbox.keyboard.press("Enter")
        row(inbox, "renamed").get_by_role("button", name="renamed").focus()
        inbox.keyboard.press("F2")
        inbox.keyboard.type("new name")
        inbox.keyboard.press("Enter")

    cut_on_the_way(act)
    expect(panel.get_by_role("list", name="Subtasks")).to_contain_text("boil water")
    expect(box(inbox, "new name")).to_be_visible()
    inbox.reload()
    expect(field(inbox, "Notes")).to_have_value("two bags")
    expect(panel.get_by_role("list", name="Subtasks").get_by_role("listitem")).to_have_count(1)
    expect(tasks(inbox)).to_have_text([re.compile("Tea"), "new name", "boil water"])


def test_what_the_palette_adds_is_sent_again_too(inbox: Page, cut_on_the_way: Cut) -> None:
    inbox.keyboard.press("Control+k")
    inbox.keyboard.type("by palette")
    expect(inbox.get_by_role("dialog").get_by_role("status")).to_contain_text("Press Enter")
    cut_on_the_way(lambda: inbox.keyboard.press("Enter"))
    expect(box(inbox, "by palette")).to_be_visible()
    inbox.reload()
    expect(tasks(inbox)).to_have_text(["by palette"])


def test_a_browser_that_goes_offline_itself_recovers_too(inbox: Page, site: Site, expected_errors: list[str]) -> None:
    expected_errors += AWAY
    inbox.context.set_offline(True)
    site.wire.cut()
    expect(toast(inbox)).to_contain_text("You are offline")
    inbox.get_by_role("textbox", name="Add a task").fill("in a tunnel")
    inbox.keyboard.press("Enter")
    site.wire.mend()
    inbox.context.set_offline(False)
    expect(box(inbox, "in a tunnel")).to_be_visible(timeout=30_000)
