"""Accounts: coming in, being kept out, going."""

import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import AWAY, add, box, go_to, has_stopped_loading, sign_in, sign_out, tasks, toast
from tests.e2e.conftest import Visit
from tests.e2e.people import PASSWORD, Person, new_person
from tests.e2e.site import Site
from todo_app.db import Database
from todo_app.services import accounts, sessions

pytestmark = pytest.mark.slow

ENDED = "Session expired. Please sign in again."


def sign_up(page: Page, name: str, email: str, password: str) -> None:
    page.get_by_role("textbox", name="Name").fill(name)
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("textbox", name="Password").fill(password)
    page.get_by_role("button", name="Create account").click()


def sign_out_everywhere(page: Page) -> None:
    go_to(page, "Settings")
    page.get_by_role("button", name="Sign out everywhere").click()
    expect(page.get_by_text("You are signed out everywhere.")).to_be_visible()


def summary_is_focused(page: Page) -> None:
    expect(page.get_by_role("alert").filter(has=page.get_by_role("heading", name="There is a problem"))).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))


@pytest.fixture
def other(http: httpx.Client, site_db: Database) -> Person:
    return new_person(http, site_db)


def test_signing_up_leads_to_today_and_an_empty_inbox(visit: Visit) -> None:
    page = visit(path="/signup")
    sign_up(page, "Ada Lovelace", "ada@example.com", PASSWORD)
    expect(page).to_have_url(re.compile("/today$"))
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Inbox").click()
    expect(page.get_by_role("heading", name="Your inbox is clear")).to_be_visible()
    expect(page.get_by_role("button", name="Account")).to_contain_text("Ada Lovelace")


def test_a_wrong_password_is_told_and_the_typed_email_stays(visit: Visit, person: Person) -> None:
    page = visit()
    sign_in(page, person.email, "not my password")
    expect(page.get_by_role("alert")).to_contain_text("Invalid email or password")
    summary_is_focused(page)
    expect(page.get_by_role("textbox", name="Email")).to_have_value(person.email)
    expect(page.get_by_role("textbox", name="Password")).to_have_value("")


def test_an_unknown_email_is_told_in_the_same_words(visit: Visit) -> None:
    page = visit()
    sign_in(page, "nobody@example.com", PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("Invalid email or password")


def test_an_empty_form_names_both_fields(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Sign in").click()
    summary_is_focused(page)
    expect(page.get_by_role("textbox", name="Email")).to_have_accessible_description(re.compile("Enter your email"))
    page.get_by_role("link", name="Enter your password.").click()
    expect(page.get_by_role("textbox", name="Password")).to_be_focused()


def test_a_common_password_is_refused_at_its_field(visit: Visit) -> None:
    page = visit(path="/signup")
    sign_up(page, "Bea Long", "bea@example.com", "password123")
    summary_is_focused(page)
    password = page.get_by_role("textbox", name="Password")
    expect(password).to_have_accessible_description(re.compile("most common"))
    expect(password).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Bea Long")
    expect(page.get_by_role("textbox", name="Email")).to_have_value("bea@example.com")


def test_a_taken_email_is_told_whatever_its_case(visit: Visit, person: Person) -> None:
    page = visit(path="/signup")
    sign_up(page, "Ana Again", person.email.upper(), PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("There is already an account with this email")
    summary_is_focused(page)


def test_the_password_can_be_shown(visit: Visit) -> None:
    page = visit()
    page.get_by_role("textbox", name="Password").fill("visible to me")
    show = page.get_by_role("button", name="Show: password")
    show.click()
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("type", "text")
    expect(show).to_have_attribute("aria-pressed", "true")


def test_a_visitor_lands_on_the_page_they_asked_for_once_signed_in(visit: Visit, person: Person) -> None:
    page = visit(path="/completed?sort=title")
    expect(page).to_have_url(re.compile("/login"))
    sign_in(page, person.email, PASSWORD)
    expect(page).to_have_url(re.compile(r"/completed/?\?sort=title$"))
    expect(page.get_by_role("heading", name="Nothing completed yet")).to_be_visible()
    expect(page.get_by_role("combobox", name="Sort")).to_have_value("title")


def test_a_visitor_who_creates_an_account_lands_there_too(visit: Visit) -> None:
    page = visit(path="/trash")
    page.get_by_role("link", name="Create an account").click()
    sign_up(page, "Cy Twomb", "cy@example.com", PASSWORD)
    expect(page).to_have_url(re.compile("/trash$"))
    expect(page.get_by_role("heading", name="Trash is empty")).to_be_visible()


def test_a_visitor_quicker_than_the_server_lands_there_too(visit: Visit) -> None:
    page = visit()
    page.route_web_socket(re.compile("_event"), lambda _socket: None)  # it opens, and nothing ever comes
    page.goto("/login?next=%2Ftrash")
    page.get_by_role("link", name="Create an account").click()
    sign_up(page, "Eva Hesse", "eva@example.com", PASSWORD)
    expect(page).to_have_url(re.compile("/trash$"))


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example/", "/\\evil.example"])
def test_a_link_to_the_login_page_sends_nobody_elsewhere(target: str, visit: Visit, person: Person, site: Site) -> None:
    page = visit(path=f"/login?next={target}")
    sign_in(page, person.email, PASSWORD)
    expect(page).to_have_url(re.compile(f"^{site.url}/today"))


def test_signed_in_people_skip_the_login_page(visit: Visit, person: Person) -> None:
    page = visit(person, "/login")
    expect(page).to_have_url(re.compile("/today$"))


def test_a_reload_keeps_one_signed_in(inbox: Page) -> None:
    add(inbox, "Still mine")
    inbox.reload()
    expect(box(inbox, "Still mine")).to_be_visible()


def test_signing_out_in_one_tab_ends_the_other(inbox: Page) -> None:
    other = inbox.context.new_page()
    other.goto("/inbox")
    has_stopped_loading(other)
    sign_out(inbox)
    expect(inbox).to_have_url(re.compile("/login"))
    expect(other.get_by_text(ENDED)).to_be_visible()
    other.goto("/inbox")
    expect(other).to_have_url(re.compile("/login"))


def test_signing_out_everywhere_ends_other_browsers_too(inbox: Page, visit: Visit, person: Person) -> None:
    far_away = visit(person.elsewhere())
    has_stopped_loading(far_away)
    sign_out_everywhere(inbox)
    expect(far_away.get_by_text(ENDED)).to_be_visible()


def test_one_session_can_be_ended_from_the_list(inbox: Page, visit: Visit, person: Person) -> None:
    far_away = visit(person.elsewhere())
    has_stopped_loading(far_away)
    go_to(inbox, "Settings")
    sessions = inbox.get_by_role("region", name="Sessions")
    expect(sessions.get_by_role("listitem")).to_have_count(2)
    sessions.get_by_role("button", name=re.compile("^Sign out (?!everywhere)")).click()
    expect(sessions.get_by_role("listitem")).to_have_count(1)
    expect(far_away.get_by_text(ENDED)).to_be_visible()


def test_a_new_password_keeps_this_browser_and_ends_the_others(inbox: Page, visit: Visit, person: Person) -> None:
    far_away = visit(person.elsewhere())
    has_stopped_loading(far_away)
    go_to(inbox, "Settings")
    inbox.get_by_role("textbox", name="Current password").fill(PASSWORD)
    inbox.get_by_role("textbox", name="New password").fill("four green herons")
    inbox.get_by_role("button", name="Change password").click()
    expect(inbox.get_by_role("alert")).to_contain_text("Your password is changed")
    go_to(inbox, "Inbox")
    add(inbox, "Signed in as before")
    expect(far_away.get_by_text(ENDED)).to_be_visible()
    sign_in(far_away, person.email, "four green herons")
    expect(box(far_away, "Signed in as before")).to_be_visible()


def test_a_wrong_current_password_changes_nothing(inbox: Page) -> None:
    go_to(inbox, "Settings")
    inbox.get_by_role("textbox", name="Current password").fill("not this one")
    inbox.get_by_role("textbox", name="New password").fill("four green herons")
    inbox.get_by_role("button", name="Change password").click()
    summary_is_focused(inbox)
    expect(inbox.get_by_role("textbox", name="Current password")).to_have_attribute("aria-invalid", "true")


def test_a_deleted_account_is_gone(inbox: Page, person: Person) -> None:
    add(inbox, "Not needed any more")
    go_to(inbox, "Settings")
    delete = inbox.get_by_role("region", name="Delete account")
    delete.get_by_role("textbox", name="Password").fill(PASSWORD)
    delete.get_by_role("button", name="Delete my account").click()
    expect(inbox.get_by_text("Your account is deleted.")).to_be_visible()
    sign_in(inbox, person.email, PASSWORD)
    expect(inbox.get_by_role("alert")).to_contain_text("Invalid email or password")


SECRET = "My secret plan"


def kept(page: Page) -> str:
    """All that the tab keeps."""
    return str(page.evaluate("JSON.stringify({ ...sessionStorage })"))


def test_what_was_typed_and_not_sent_is_gone_after_signing_out(inbox: Page) -> None:
    inbox.get_by_role("textbox", name="Add a task").fill(SECRET)
    assert SECRET in kept(inbox)
    sign_out(inbox)
    expect(inbox).to_have_url(re.compile("/login"))
    assert SECRET not in kept(inbox)


def test_who_is_signed_out_unasked_finds_again_what_was_typed_and_nobody_else_does(
    inbox: Page, visit: Visit, person: Person, other: Person
) -> None:
    inbox.get_by_role("textbox", name="Add a task").fill(SECRET)
    sign_out_everywhere(visit(person.elsewhere()))
    expect(inbox).to_have_url(re.compile("/login"))
    sign_in(inbox, person.email, PASSWORD)
    line = inbox.get_by_role("textbox", name="Add a task")
    expect(line).to_have_value(SECRET)

    sign_out_everywhere(visit(person.elsewhere()))
    expect(inbox).to_have_url(re.compile("/login"))
    sign_in(inbox, other.email, PASSWORD)
    expect(inbox.get_by_role("button", name="Account")).to_contain_text(other.name)
    expect(line).to_have_value("")
    assert SECRET not in kept(inbox)


@pytest.fixture
def turned_away(inbox: Page, site: Site, site_db: Database, person: Person, expected_errors: list[str]) -> Page:
    """The login page: the session ended while a task that was entered offline waited to be sent."""
    expected_errors += AWAY
    site.wire.cut()
    expect(toast(inbox)).to_contain_text("You are offline")
    inbox.get_by_role("textbox", name="Add a task").fill(SECRET)
    inbox.keyboard.press("Enter")
    site_db.write_now(lambda session: sessions.end_all(session, accounts.by_email(session, person.email).id))
    site.wire.mend()
    expect(inbox).to_have_url(re.compile("/login"), timeout=30_000)
    return inbox


def test_a_task_entered_offline_waits_for_its_owner_to_sign_in_again(turned_away: Page, person: Person) -> None:
    sign_in(turned_away, person.email, PASSWORD)
    go_to(turned_away, "Inbox")
    expect(tasks(turned_away)).to_have_text([SECRET])


def test_a_task_entered_offline_is_never_added_to_somebody_elses(turned_away: Page, other: Person) -> None:
    sign_in(turned_away, other.email, PASSWORD)
    go_to(turned_away, "Inbox")
    for _ in range(2):
        expect(turned_away.get_by_role("heading", name="Your inbox is clear")).to_be_visible()
        turned_away.reload()
    assert SECRET not in kept(turned_away)


def test_a_second_person_sees_nothing_of_the_first(inbox: Page, visit: Visit, site: Site) -> None:
    add(inbox, "My secret plan")
    sign_out(inbox)
    expect(inbox).to_have_url(re.compile("/login"))
    inbox.get_by_role("link", name="Create an account").click()
    sign_up(inbox, "Dan Other", "dan@example.com", PASSWORD)
    inbox.get_by_role("navigation", name="Main").get_by_role("link", name="Inbox").click()
    expect(inbox.get_by_role("heading", name="Your inbox is clear")).to_be_visible()
    inbox.reload()
    expect(inbox.get_by_role("heading", name="Your inbox is clear")).to_be_visible()
    expect(tasks(inbox)).to_have_count(0)
    expect(inbox.get_by_text("My secret plan")).to_have_count(0)
