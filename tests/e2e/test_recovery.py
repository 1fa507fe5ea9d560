"""A forgotten password, an email to be confirmed: from the page to the mail and back."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.actions import add, box, has_stopped_loading, sign_in
from tests.e2e.conftest import Visit
from tests.e2e.people import PASSWORD, Person
from tests.e2e.site import Site
from tests.e2e.test_signing_in import ENDED, summary_is_focused
from tests.servers import MailServer, link_in, token_in

pytestmark = pytest.mark.slow

NEW_PASSWORD = "four green herons"


def ask(page: Page, email: str) -> None:
    page.get_by_role("textbox", name="Email").fill(email)
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("status").filter(has_text="a link is on its way")).to_be_visible()


def link_for(page: Page, person: Person, mail: MailServer) -> str:
    page.goto("/reset")
    ask(page, person.email)
    return link_in(mail.wait_for(person.email, "choose a new password"))


def test_a_forgotten_password_is_set_anew_and_ends_every_session(
    inbox: Page, visit: Visit, person: Person, mail: MailServer
) -> None:
    add(inbox, "Still here")
    page = visit()
    page.get_by_role("link", name="Forgot your password?").click()
    expect(page.get_by_role("heading", name="Forgot your password?", level=1)).to_be_visible()
    ask(page, person.email)
    expect(page.get_by_role("textbox", name="Email")).to_have_value(person.email)
    page.goto(link_in(mail.wait_for(person.email, "choose a new password")))
    page.get_by_role("textbox", name="New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your password is changed. Please sign in with it.")).to_be_visible()
    expect(inbox.get_by_text(ENDED)).to_be_visible()
    sign_in(page, person.email, PASSWORD)
    expect(page.get_by_role("alert")).to_contain_text("Invalid email or password")
    sign_in(page, person.email, NEW_PASSWORD)
    has_stopped_loading(page)
    page.goto("/inbox")
    expect(box(page, "Still here")).to_be_visible()
    assert mail.wait_for(person.email, "your password was changed")


def test_an_unknown_email_gets_the_same_answer_and_no_mail(visit: Visit, person: Person, mail: MailServer) -> None:
    page = visit(path="/reset")
    ask(page, "nobody-here@example.com")
    ask(page, person.email)
    mail.wait_for(person.email, "choose a new password")  # asked for later, and so sent later
    assert mail.to("nobody-here@example.com") == []


def test_what_is_no_email_is_said_at_the_field_and_stays(visit: Visit) -> None:
    page = visit(path="/reset")
    page.get_by_role("textbox", name="Email").fill("ana at home")
    page.get_by_role("button", name="Send the link").click()
    summary_is_focused(page)
    email = page.get_by_role("textbox", name="Email")
    expect(email).to_have_accessible_description(re.compile("Write an email address"))
    expect(email).to_have_value("ana at home")


def test_a_refused_password_leaves_the_link_good_and_the_address_without_it(visit: Visit, person: Person, mail: MailServer) -> None:
    page = visit(path="/reset")
    page.goto(link_for(page, person, mail))
    page.get_by_role("textbox", name="New password").fill("password1")
    page.get_by_role("button", name="Set the password").click()
    summary_is_focused(page)
    expect(page.get_by_role("textbox", name="New password")).to_have_accessible_description(re.compile("most common"))
    expect(page).to_have_url(re.compile("/new-password/?$"))
    page.get_by_role("textbox", name="New password").fill(NEW_PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()


def test_a_used_link_leads_to_asking_for_another(visit: Visit, person: Person, mail: MailServer) -> None:
    page = visit(path="/reset")
    link = link_for(page, person, mail)
    for _ in range(2):
        page.goto("about:blank")
        page.goto(link)
        page.get_by_role("textbox", name="New password").fill(NEW_PASSWORD)
        page.get_by_role("button", name="Set the password").click()
        expect(page).to_have_url(re.compile("/(login|reset)/?$"))
    summary_is_focused(page)
    expect(page.get_by_role("alert")).to_contain_text("This link was used already")
    ask(page, person.email)


def test_the_secret_of_a_link_reaches_the_server_in_the_form_alone(
    visit: Visit, person: Person, mail: MailServer, site: Site
) -> None:
    """Neither in the address of a request, nor in a referrer, nor by the page's websocket; so in no log and no stored state."""
    page = visit(path="/reset")
    link = link_for(page, person, mail)
    token = token_in(link)
    seen: list[str] = []
    page.on("request", lambda request: seen.append(request.url + str(request.headers)))
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: seen.append(str(frame))))
    page.goto(link)
    page.get_by_role("textbox", name="New password").fill(NEW_PASSWORD)
    expect(page).to_have_url(re.compile("/new-password/?$"))
    expect(page.locator("[data-link-token]")).to_have_value(token)
    page.get_by_role("link", name="Ask for one").click()
    expect(page.get_by_role("button", name="Send the link")).to_be_visible()
    assert any("new-password" in each for each in seen)
    assert any("asPath" in each for each in seen)
    assert not any(token in each for each in seen)
    kept = b"".join(path.read_bytes() for path in site.data_dir.rglob("*") if path.is_file())
    assert token.encode() not in kept


def test_who_signs_up_is_asked_to_confirm_and_may_ask_for_another_mail(visit: Visit, mail: MailServer) -> None:
    page = visit(path="/signup")
    page.get_by_role("textbox", name="Name").fill("Eve Moneypenny")
    page.get_by_role("textbox", name="Email").fill("eve@example.com")
    page.get_by_role("textbox", name="Password").fill(PASSWORD)
    page.get_by_role("button", name="Create account").click()
    expect(page).to_have_url(re.compile("/today/?$"))
    first = link_in(mail.wait_for("eve@example.com", "is this your address?"))
    page.goto("/settings")
    section = page.get_by_role("region", name="Email")
    expect(section).to_contain_text("Not confirmed yet")
    section.get_by_role("button", name="Send again").click()
    expect(page.get_by_role("alert")).to_contain_text("A link is on its way to eve@example.com.")
    link = link_in(mail.wait_for("eve@example.com", "is this your address?", 2))
    for each, words in ((first, "a newer one was sent"), (link, "Your email address is confirmed.")):
        page.goto("about:blank")
        page.goto(each)
        page.get_by_role("button", name="Confirm my email").click()
        expect(page.get_by_role("alert")).to_contain_text(words)
    expect(section).not_to_contain_text("Not confirmed yet")
