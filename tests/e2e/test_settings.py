"""The settings page."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import add, delete, field, go_to, has_stopped_loading, open_task, row, sign_out, toast
from tests.e2e.conftest import Visit
from tests.e2e.people import PASSWORD, Person
from tests.servers import MailServer, link_in

pytestmark = pytest.mark.slow


@pytest.fixture
def settings(person: Person, visit: Visit) -> Page:
    page = visit(person, "/settings")
    expect(page.get_by_role("textbox", name="Name")).to_have_value(person.name)
    return page


def test_a_new_name_shows_at_once_and_stays(settings: Page) -> None:
    settings.get_by_role("textbox", name="Name").fill("Ana K. Müller")
    settings.get_by_role("textbox", name="Name").blur()
    expect(toast(settings)).to_contain_text("Saved")
    expect(settings.get_by_role("button", name="Account", exact=True)).to_contain_text("Ana K. Müller")
    settings.reload()
    expect(settings.get_by_role("textbox", name="Name")).to_have_value("Ana K. Müller")


def test_an_empty_name_is_refused_at_the_field(settings: Page) -> None:
    name = settings.get_by_role("textbox", name="Name")
    name.fill(" ")
    name.blur()
    expect(name).to_have_accessible_description(re.compile("can't be empty"))
    expect(name).to_have_value(" ")


def test_the_time_zone_moves_what_is_due_today(settings: Page, person: Person) -> None:
    settings.get_by_role("combobox", name="Time zone").select_option("Pacific/Kiritimati")
    expect(toast(settings)).to_contain_text("Saved")
    settings.reload()
    expect(settings.get_by_role("combobox", name="Time zone")).to_have_value("Pacific/Kiritimati")
    person.has_task("Call", due_date="2031-01-01", due_time="12:00", time_zone="UTC")
    go_to(settings, "Inbox")
    expect(row(settings, "Call")).to_contain_text("2 Jan 2031 02:00")


def test_a_week_may_start_on_sunday(settings: Page) -> None:
    settings.get_by_role("combobox", name="Week starts on").select_option("Sunday")
    expect(toast(settings)).to_contain_text("Saved")
    settings.reload()
    expect(settings.get_by_role("combobox", name="Week starts on")).to_have_value("6")


def test_the_dark_theme_stays_after_a_reload_and_goes_with_its_owner(settings: Page, visit: Visit, person: Person) -> None:
    page = settings.locator("html")
    expect(page).not_to_have_attribute("data-theme", "dark")
    settings.get_by_role("combobox", name="Theme").select_option("Dark")
    expect(page).to_have_css("color-scheme", "dark")
    settings.reload()
    expect(page).to_have_css("color-scheme", "dark")
    elsewhere = visit(person.elsewhere())
    expect(elsewhere.locator("html")).to_have_css("color-scheme", "dark")


def test_the_theme_is_switched_at_the_foot_of_the_sidebar_and_stays_so(settings: Page) -> None:
    settings.emulate_media(color_scheme="light")
    settings.get_by_role("button", name="Switch theme").click()
    expect(settings.locator("html")).to_have_css("color-scheme", "dark")
    expect(settings.get_by_role("combobox", name="Theme")).to_have_value("dark")
    settings.reload()
    expect(settings.locator("html")).to_have_css("color-scheme", "dark")


def test_the_next_person_at_this_browser_gets_their_own_theme(settings: Page, http) -> None:
    settings.get_by_role("combobox", name="Theme").select_option("Dark")
    expect(settings.locator("html")).to_have_css("color-scheme", "dark")
    sign_out(settings)
    settings.get_by_role("link", name="Create an account").click()
    settings.get_by_role("textbox", name="Name").fill("Day Person")
    settings.get_by_role("textbox", name="Email").fill("day@example.com")
    settings.get_by_role("textbox", name="Password").fill(PASSWORD)
    settings.get_by_role("button", name="Create account").click()
    has_stopped_loading(settings)
    expect(settings.get_by_role("button", name="Account", exact=True)).to_contain_text("Day Person")
    expect(settings.locator("html")).not_to_have_css("color-scheme", "dark")


def test_a_new_email_takes_effect_once_its_owner_has_confirmed_it(settings: Page, person: Person, mail: MailServer) -> None:
    section = settings.get_by_role("region", name="Email")
    section.get_by_role("textbox", name="Email").fill(f"new-{person.email}")
    section.get_by_role("textbox", name="Your password").fill(PASSWORD)
    section.get_by_role("button", name="Change email").click()
    expect(settings.get_by_role("alert")).to_contain_text(f"A link is on its way to new-{person.email}.")
    expect(section.get_by_role("textbox", name="Email")).to_have_value(person.email)
    expect(section).to_contain_text(f"Changes to new-{person.email} once you have confirmed it")
    settings.goto(link_in(mail.wait_for(f"new-{person.email}", "is this your address?")))
    settings.get_by_role("button", name="Confirm my email").click()
    expect(settings.get_by_role("alert")).to_contain_text("Your email address is confirmed.")
    expect(section.get_by_role("textbox", name="Email")).to_have_value(f"new-{person.email}")
    expect(section).not_to_contain_text("confirmed it")
    assert mail.wait_for(person.email, "about to change")


def test_everything_can_be_taken_away_in_one_file(inbox: Page, person: Person, tmp_path: Path) -> None:
    add(inbox, "kept", "thrown away")
    open_task(inbox, "kept")
    field(inbox, "Notes").fill("and its notes")
    field(inbox, "Notes").blur()
    expect(row(inbox, "kept")).to_contain_text("Has notes")
    delete(inbox, "thrown away")
    go_to(inbox, "Settings")
    with inbox.expect_download() as download:
        inbox.get_by_role("link", name="Export everything").click()
    assert download.value.suggested_filename == "todo-export.json"
    download.value.save_as(tmp_path / "export.json")
    document = json.loads((tmp_path / "export.json").read_text())
    assert document["user"]["email"] == person.email
    assert [(task["title"], task["notes"]) for task in document["tasks"]] == [("kept", "and its notes")]
    assert [task["title"] for task in document["trash"]] == ["thrown away"]


def test_the_sub_navigation_leads_to_its_section(settings: Page) -> None:
    settings.get_by_role("navigation", name="Settings").get_by_role("link", name="Sessions").click()
    expect(settings.get_by_role("region", name="Sessions")).to_be_focused()
    expect(settings.get_by_text("This browser, now")).to_be_in_viewport()
