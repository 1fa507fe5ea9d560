"""Two-step sign-in with real codes, and passkeys with a device that Chromium plays."""

import re
import time

import pyotp
import pytest
from playwright.sync_api import CDPSession, Locator, Page, expect

from tests.e2e.actions import go_to, sign_in, sign_out
from tests.e2e.conftest import Visit
from tests.e2e.looks import DESK, does_not_scroll_sideways, is_accessible
from tests.e2e.people import PASSWORD, Person

pytestmark = pytest.mark.slow


def next_code(phone: pyotp.TOTP) -> str:
    """The code after this one: it is taken already, and no code is taken twice."""
    return phone.at(time.time() + phone.interval)


def section(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name)


def two_step(page: Page) -> Locator:
    return section(page, "Two-step sign-in")


def takes_first_step(page: Page, person: Person) -> None:
    sign_in(page, person.email, PASSWORD)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()


def gives_code(page: Page, code: str, name: str = "Code") -> None:
    page.get_by_role("textbox", name=name).fill(code)
    page.get_by_role("button", name="Continue").click()


def device(page: Page, *, has_a_finger: bool = True) -> CDPSession:
    """A device with a fingerprint reader, for all that this page does."""
    debugger = page.context.new_cdp_session(page)
    debugger.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": has_a_finger,
        "automaticPresenceSimulation": True,
    }
    debugger.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return debugger


def add_passkey(page: Page, name: str, password: str = PASSWORD) -> None:
    page.get_by_role("button", name="Add a passkey").click()
    dialog = page.get_by_role("dialog", name="Add a passkey")
    dialog.get_by_role("textbox", name="Name").fill(name)
    dialog.get_by_role("textbox", name="Your password").fill(password)
    dialog.get_by_role("button", name="Continue").click()


@pytest.fixture
def settings(person: Person, visit: Visit) -> Page:
    page = visit(person, "/settings")
    expect(page.get_by_role("textbox", name="Name")).to_have_value(person.name)
    return page


# -- Codes ------------------------------------------------------------------------------------------------------------


def test_two_steps_from_the_set_up_to_the_next_sign_in(settings: Page, person: Person) -> None:
    two_step(settings).get_by_role("button", name="Set up two-step sign-in").click()
    dialog = settings.get_by_role("dialog", name="Set up two-step sign-in")
    dialog.get_by_role("textbox", name="Your password").fill(PASSWORD)
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_role("img", name="QR code")).to_have_js_property("complete", True)
    expect(dialog.get_by_role("textbox", name="Code")).to_be_focused()
    is_accessible(settings)
    phone = pyotp.TOTP(dialog.locator("code").inner_text())
    dialog.get_by_role("textbox", name="Code").fill(phone.now())
    dialog.get_by_role("button", name="Turn on").click()
    codes = dialog.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    is_accessible(settings)
    settings.set_viewport_size(DESK)
    dialog.get_by_role("button", name="I have kept them").click()
    expect(two_step(settings)).to_contain_text("Two-step sign-in is on. 10 recovery codes are left.")
    expect(codes).to_have_count(0)

    go_to(settings, "Inbox")
    sign_out(settings)
    takes_first_step(settings, person)
    gives_code(settings, next_code(phone))
    expect(settings).to_have_url(re.compile("/today$"))
    go_to(settings, "Settings")
    expect(section(settings, "Sessions")).to_contain_text("This browser, now · signed in with a code")


def test_a_wrong_password_and_a_wrong_code_are_told_in_the_dialog(settings: Page, expected_errors: list[str]) -> None:
    expected_errors.append("Failed to load resource")  # the browser's word for any answer from 400 on
    two_step(settings).get_by_role("button", name="Set up two-step sign-in").click()
    dialog = settings.get_by_role("dialog", name="Set up two-step sign-in")
    dialog.get_by_role("textbox", name="Your password").fill("not mine")
    dialog.get_by_role("button", name="Continue").click()
    expect(dialog.get_by_role("alert")).to_have_text("This is not your password. Please try again.")
    dialog.get_by_role("textbox", name="Your password").fill(PASSWORD)
    dialog.get_by_role("button", name="Continue").click()
    dialog.get_by_role("textbox", name="Code").fill("12345")
    dialog.get_by_role("button", name="Turn on").click()
    expect(dialog.get_by_role("alert").filter(has_text="Invalid code")).to_be_visible()
    secret = dialog.locator("code").inner_text()
    settings.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(settings.get_by_text(secret)).to_have_count(0)
    two_step(settings).get_by_role("button", name="Set up two-step sign-in").click()
    expect(dialog.get_by_role("textbox", name="Your password")).to_have_value("")


def test_the_password_alone_opens_nothing(visit: Visit, person: Person) -> None:
    person.turns_on_two_step()
    page = visit(path="/completed")
    takes_first_step(page, person)
    page.goto("/inbox")
    expect(page).to_have_url(re.compile("/login"))
    expect(page.get_by_role("textbox", name="Email")).to_be_visible()


def test_a_wrong_code_is_told_and_the_right_one_leads_to_the_page_asked_for(visit: Visit, person: Person) -> None:
    phone, _codes = person.turns_on_two_step()
    page = visit(path="/completed")
    takes_first_step(page, person)
    expect(page.get_by_role("textbox", name="Code")).to_be_focused()
    is_accessible(page)
    does_not_scroll_sideways(page)
    gives_code(page, "12345")
    expect(page.get_by_role("textbox", name="Code")).to_have_accessible_description(re.compile("Invalid code"))
    expect(page.get_by_role("alert")).to_be_focused()
    gives_code(page, next_code(phone))
    expect(page).to_have_url(re.compile("/completed/?$"))
    expect(page.get_by_role("heading", name="Nothing completed yet")).to_be_visible()


def test_a_recovery_code_lets_in_without_the_phone_once(visit: Visit, person: Person) -> None:
    _phone, codes = person.turns_on_two_step()
    page = visit()
    for is_first in (True, False):
        takes_first_step(page, person)
        page.get_by_role("link", name="Use a recovery code").click()
        gives_code(page, codes[0], "Recovery code")
        if is_first:
            expect(page).to_have_url(re.compile("/today$"))
            page.wait_for_load_state()
            sign_out(page)
    expect(page.get_by_role("alert")).to_contain_text("Invalid code")


def test_new_recovery_codes_and_off_again(visit: Visit, person: Person) -> None:
    _phone, codes = person.turns_on_two_step()
    page = visit(person, "/settings")
    two_step(page).get_by_role("button", name="New recovery codes").click()
    dialog = page.get_by_role("dialog", name="New recovery codes")
    dialog.get_by_role("textbox", name="Your password").fill(PASSWORD)
    dialog.get_by_role("textbox", name="Code").fill(codes[0])
    dialog.get_by_role("button", name="Make new codes").click()
    fresh = dialog.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(fresh).to_have_count(10)
    new_codes = fresh.all_inner_texts()
    with page.expect_event("load"):
        dialog.get_by_role("button", name="I have kept them").click()
    is_accessible(page)
    page.set_viewport_size(DESK)
    for code, said in ((codes[1], "Invalid code"), (new_codes[0], "Two-step sign-in is off.")):
        two_step(page).get_by_role("textbox", name="Your password").fill(PASSWORD)
        two_step(page).get_by_role("textbox", name="Code").fill(code)
        two_step(page).get_by_role("button", name="Turn off two-step sign-in").click()
        expect(page.get_by_role("alert").filter(has_text=said)).to_be_visible()
    expect(two_step(page).get_by_role("button", name="Set up two-step sign-in")).to_be_visible()


def test_deleting_the_account_takes_a_code(visit: Visit, person: Person) -> None:
    _phone, codes = person.turns_on_two_step()
    page = visit(person, "/settings")
    delete = section(page, "Delete account")
    delete.get_by_role("textbox", name="Password").fill(PASSWORD)
    delete.get_by_role("button", name="Delete my account").click()
    expect(delete.get_by_role("textbox", name="Code")).to_have_accessible_description(re.compile("Enter the code"))
    delete.get_by_role("textbox", name="Password").fill(PASSWORD)
    delete.get_by_role("textbox", name="Code").fill(codes[0])
    delete.get_by_role("button", name="Delete my account").click()
    expect(page.get_by_text("Your account is deleted.")).to_be_visible()


# -- Passkeys ---------------------------------------------------------------------------------------------------------


def test_a_passkey_from_adding_it_to_signing_in_and_removing_it(settings: Page, person: Person) -> None:
    _phone, codes = person.turns_on_two_step()
    settings.reload()
    expect(two_step(settings)).to_contain_text("Two-step sign-in is on.")
    device(settings)
    passkeys = section(settings, "Passkeys")
    settings.get_by_role("button", name="Add a passkey").click()
    dialog = settings.get_by_role("dialog", name="Add a passkey")
    dialog.get_by_role("textbox", name="Name").fill("Ana’s laptop")
    dialog.get_by_role("textbox", name="Your password").fill(PASSWORD)
    dialog.get_by_role("textbox", name="Code").fill(codes[0])
    dialog.get_by_role("button", name="Continue").click()
    expect(settings.get_by_role("alert")).to_contain_text("Your passkey is added.")
    expect(passkeys.get_by_role("listitem")).to_contain_text("Ana’s laptop")
    expect(passkeys).to_contain_text("not used yet")

    sign_out(settings)
    settings.get_by_role("button", name="Use a passkey").click()
    expect(settings).to_have_url(re.compile("/today$"))
    go_to(settings, "Settings")
    expect(section(settings, "Sessions")).to_contain_text("signed in with a passkey")
    expect(passkeys).to_contain_text("last used")

    passkeys.get_by_text("Remove a passkey").click()
    passkeys.get_by_role("textbox", name="Your password").fill(PASSWORD)
    passkeys.get_by_role("textbox", name="Code").fill(codes[1])
    passkeys.get_by_role("button", name="Remove").click()
    expect(settings.get_by_role("alert")).to_contain_text("The passkey is removed.")
    sign_out(settings)
    settings.get_by_role("button", name="Use a passkey").click()
    expect(settings.get_by_role("alert")).to_contain_text("This passkey was not accepted.")
    expect(settings).to_have_url(re.compile("/login"))


def test_adding_and_removing_a_passkey_is_accessible(settings: Page) -> None:
    device(settings)
    add_passkey(settings, "Phone")
    settings.get_by_text("Remove a passkey").click()
    settings.get_by_role("button", name="Add a passkey").click()
    expect(settings.get_by_role("dialog", name="Add a passkey")).to_be_visible()
    is_accessible(settings)
    settings.keyboard.press("Escape")
    is_accessible(settings)


def test_a_passkey_leads_to_the_page_asked_for(visit: Visit, person: Person) -> None:
    page = visit(person, "/settings")
    device(page)
    add_passkey(page, "Phone")
    expect(page.get_by_role("alert")).to_contain_text("Your passkey is added.")
    sign_out(page)
    page.goto("/completed")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/completed/?$"))


def test_one_device_is_not_added_twice(settings: Page) -> None:
    device(settings)
    add_passkey(settings, "Phone")
    expect(settings.get_by_role("alert")).to_contain_text("Your passkey is added.")
    add_passkey(settings, "Phone again")
    expect(settings.get_by_role("dialog").get_by_role("alert")).to_have_text("This device has a passkey for you already.")


def test_whoever_does_not_show_a_finger_is_told_and_may_try_again(settings: Page) -> None:
    device(settings, has_a_finger=False)
    add_passkey(settings, "Phone")
    expect(settings.get_by_role("dialog").get_by_role("alert")).to_contain_text("No passkey was used.")
    expect(settings.get_by_role("dialog").get_by_role("button", name="Continue")).to_be_enabled()


def test_a_wrong_password_adds_no_passkey(settings: Page, expected_errors: list[str]) -> None:
    expected_errors.append("Failed to load resource")
    device(settings)
    add_passkey(settings, "Phone", "not mine")
    expect(settings.get_by_role("dialog").get_by_role("alert")).to_contain_text("This is not your password.")


def test_where_the_browser_knows_no_passkeys_none_are_offered(visit: Visit, person: Person) -> None:
    page = visit()
    expect(page.get_by_role("button", name="Use a passkey")).to_be_visible()
    is_accessible(page)
    page.set_viewport_size(DESK)
    page.add_init_script("delete window.PublicKeyCredential")
    page.goto("/login")
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    expect(page.get_by_role("button", name="Use a passkey")).to_have_count(0)
    sign_in(page, person.email, PASSWORD)
    go_to(page, "Settings")
    expect(section(page, "Passkeys")).to_contain_text("This browser knows no passkeys")
    expect(page.get_by_role("button", name="Add a passkey")).to_have_count(0)
