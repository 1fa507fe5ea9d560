"""The second step of signing in, and the settings of it, as browsers send them."""

import asyncio
import base64
import json
from typing import Any

import httpx
import pytest
from sqlmodel import select

from tests.authenticators import Clock, Device, Phone
from tests.people import ANA, BOB, CLIENT, PASSWORD
from tests.ui.conftest import on_one_database
from tests.ui.pages import Site
from tests.ui.test_forms import NEW_PASSWORD, Browser, assert_signs_in, browser, browser_sessions, cookies_of, rows, said
from todo_app.config import get_settings
from todo_app.db import Database
from todo_app.models import SignIn
from todo_app.schemas.accounts import PasswordChange
from todo_app.services import accounts, passkeys, second_step, two_step
from todo_app.services.actor import Actor
from todo_app.services.limits import limits
from todo_app.ui.second_steps.state import SecondSteps

__all__ = ["browser"]
pytestmark = [pytest.mark.anyio, on_one_database]

SIGN_IN = {"email": ANA, "password": PASSWORD}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def anas(browser: Browser, ana_session: str) -> Browser:
    return browser.with_session(ana_session)


async def switch_on(anas: Browser, clock: Clock) -> tuple[Phone, list[str]]:
    """Two-step sign-in, by the dialog of the settings page; the phone, and the recovery codes."""
    shown = await anas.post("two-step", {"set_up_password": PASSWORD})
    assert shown.status_code == 200, shown.text
    phone = Phone(shown.json()["secret"], clock)
    codes = await anas.post("two-step-confirm", {"set_up_code": phone.code()})
    clock.forward()
    return phone, codes.json()["codes"]


async def first_step(browser: Browser, **more: str) -> Browser:
    """Email and password; the browser with the ticket it was given."""
    answer = await browser.post("sign-in", {**SIGN_IN, **more})
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/login-code")
    assert "session" not in cookies_of(answer)
    return browser.with_cookie("second-step", cookies_of(answer)["second-step"].value)


# -- Signing in -------------------------------------------------------------------------------------------------------


async def test_the_password_alone_gives_a_ticket_and_no_session(
    browser: Browser, anas: Browser, db: Database, clock: Clock
) -> None:
    await switch_on(anas, clock)
    before = rows(db)
    answer = await browser.post("sign-in", {**SIGN_IN, "after": "/inbox?q=tea"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login-code?next=%2Finbox%3Fq%3Dtea")
    assert set(cookies_of(answer)) == {"second-step"}
    cookie = cookies_of(answer)["second-step"]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "strict"
    assert (cookie["path"], cookie["max-age"]) == ("/", "600")
    assert rows(db) == before


async def test_the_ticket_on_https_is_for_this_host_alone(
    browser: Browser, anas: Browser, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    phone, _codes = await switch_on(anas, clock)
    monkeypatch.setenv("FRONTEND_URL", "https://todo.example.org")
    get_settings.cache_clear()
    cookie = cookies_of(await browser.post("sign-in", SIGN_IN))["__Host-second-step"]
    assert cookie["secure"]
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    done = await browser.with_cookie("__Host-second-step", cookie.value).post("second-step", {"code": phone.code()})
    assert set(cookies_of(done)) == {"__Host-session", "__Host-second-step", "flash"}
    assert cookies_of(done)["__Host-second-step"].value == ""


async def test_the_code_signs_in_to_the_page_asked_for(browser: Browser, anas: Browser, db: Database, clock: Clock) -> None:
    phone, _codes = await switch_on(anas, clock)
    half = await first_step(browser)
    answer = await half.post("second-step", {"code": phone.code(), "after": "/trash"})
    assert_signs_in(answer, db, "/trash")
    assert cookies_of(answer)["second-step"].value == ""
    assert sorted(session.method for session in browser_sessions(db)) == ["code", "password"]


async def test_a_recovery_code_signs_in_too(browser: Browser, anas: Browser, db: Database, clock: Clock) -> None:
    _phone, codes = await switch_on(anas, clock)
    assert_signs_in(await (await first_step(browser)).post("second-step", {"recovery_code": codes[0]}), db, "/today")
    answer = await (await first_step(browser)).post("second-step", {"recovery_code": codes[0], "after": "/inbox"})
    assert answer.headers["location"] == "/login-recovery?next=%2Finbox"
    assert said(answer).problems == {"recovery_code": "Invalid code"}


@pytest.mark.parametrize(
    ("code", "problem"), [("", "Enter the code from your authenticator app."), ("123", "Invalid code"), ("\x00", "Invalid code")]
)
async def test_a_wrong_code_is_told_at_the_field_and_may_be_tried_again(
    browser: Browser, anas: Browser, db: Database, clock: Clock, code: str, problem: str
) -> None:
    phone, _codes = await switch_on(anas, clock)
    half = await first_step(browser)
    answer = await half.post("second-step", {"code": code, "after": "//evil.example"})
    assert answer.headers["location"] == "/login-code?next=%2Ftoday"
    assert (said(answer).page, said(answer).problems) == ("/login-code", {"code": problem})
    assert len(browser_sessions(db)) == 1
    assert_signs_in(await half.post("second-step", {"code": phone.code()}), db, "/today")


async def test_too_long_a_code_is_refused(browser: Browser, anas: Browser, db: Database, clock: Clock) -> None:
    await switch_on(anas, clock)
    answer = await (await first_step(browser)).post("second-step", {"code": "1" * 65})
    assert said(answer).problems
    assert len(browser_sessions(db)) == 1


async def test_after_ten_wrong_codes_the_right_one_has_to_wait(browser: Browser, anas: Browser, db: Database, clock: Clock) -> None:
    phone, _codes = await switch_on(anas, clock)
    half = await first_step(browser)
    for _ in range(10):
        assert said(await half.post("second-step", {"code": phone.wrong_code()})).problems == {"code": "Invalid code"}
    answer = await half.post("second-step", {"code": phone.code()})
    assert said(answer).problems == {"form": "Too many failed attempts. Please wait a little, then try again."}
    assert len(browser_sessions(db)) == 1


@pytest.mark.parametrize("ticket", ["", "made-up", "a.b.c", "a passkey's"])
async def test_skipping_the_first_step_is_refused(browser: Browser, anas: Browser, db: Database, clock: Clock, ticket: str) -> None:
    phone, _codes = await switch_on(anas, clock)
    if ticket == "a passkey's":
        ticket = cookies_of(await browser.post("passkey-challenge"))["passkey-sign-in"].value
    answer = await browser.with_cookie("second-step", ticket).post("second-step", {"code": phone.code()})
    assert answer.headers["location"] == "/login"
    assert said(answer).problems == {"form": "This took too long, or was done already. Please begin again."}
    assert len(browser_sessions(db)) == 1


async def test_one_first_step_makes_one_session(browser: Browser, anas: Browser, db: Database, clock: Clock) -> None:
    phone, codes = await switch_on(anas, clock)
    half = await first_step(browser)
    answers = await asyncio.gather(
        *(half.post("second-step", {"recovery_code": code}) for code in codes[:3]), half.post("second-step", {"code": phone.code()})
    )
    assert [answer.headers["location"] for answer in answers].count("/today") == 1
    assert len(browser_sessions(db)) == 2


async def test_a_first_step_is_void_after_a_new_password(
    browser: Browser, anas: Browser, db: Database, ana: Actor, clock: Clock
) -> None:
    phone, _codes = await switch_on(anas, clock)
    half = await first_step(browser)
    change = PasswordChange(current_password=PASSWORD, new_password=NEW_PASSWORD, code=phone.code())
    await accounts.change_password(db, limits(), ana, change, CLIENT)
    answer = await half.post("second-step", {"code": phone.next_code()})
    assert answer.headers["location"] == "/login"
    assert browser_sessions(db) == []


async def test_signing_in_by_password_where_it_is_off_asks_for_nothing_more(browser: Browser, db: Database, ana: Actor) -> None:
    assert_signs_in(await browser.post("sign-in", SIGN_IN), db, "/today")


async def test_a_wrong_password_says_the_same_with_two_steps(browser: Browser, anas: Browser, clock: Clock) -> None:
    await switch_on(anas, clock)
    for email in (ANA, "nobody@example.com"):
        answer = await browser.post("sign-in", {"email": email, "password": "wrong"})
        assert said(answer).problems == {"form": "Invalid email or password"}
        assert "second-step" not in cookies_of(answer)


# -- In the settings --------------------------------------------------------------------------------------------------


async def test_what_is_shown_once_is_kept_by_nobody(anas: Browser, clock: Clock) -> None:
    shown = await anas.post("two-step", {"set_up_password": PASSWORD})
    assert shown.headers["cache-control"] == "no-store"
    assert "set-cookie" not in shown.headers
    kind, _, picture = shown.json()["qr"].partition(",")
    assert kind.startswith("data:image/svg+xml")
    assert "<svg" in base64.b64decode(picture).decode() if "base64" in kind else "%3Csvg" in picture
    confirmed = await anas.post("two-step-confirm", {"set_up_code": Phone(shown.json()["secret"], clock).code()})
    assert len(confirmed.json()["codes"]) == second_step.RECOVERY_CODES
    assert confirmed.headers["cache-control"] == "no-store"
    assert "set-cookie" not in confirmed.headers


@pytest.mark.parametrize(
    ("name", "given", "status", "problem"),
    [
        ("two-step", {"set_up_password": "guess"}, 403, "not your password"),
        ("two-step", {}, 403, "not your password"),
        ("two-step", {"set_up_password": "x" * 2000}, 422, "at most"),
        ("two-step-confirm", {"set_up_code": "123"}, 409, "begin again"),
        ("recovery-codes", {"renew_password": PASSWORD}, 409, "is off"),
        ("new-passkey", {"passkey_password": "guess"}, 403, "not your password"),
    ],
)
async def test_what_is_wrong_is_told_to_the_dialog(
    anas: Browser, db: Database, name: str, given: dict[str, str], status: int, problem: str
) -> None:
    before = rows(db)
    answer = await anas.post(name, given)
    assert answer.status_code == status
    assert problem in answer.json()["problem"]
    assert rows(db) == before


DIALOGS = {
    "two-step": {"set_up_password": PASSWORD},
    "two-step-confirm": {"set_up_code": "123456"},
    "recovery-codes": {"renew_password": PASSWORD, "renew_code": "123456"},
    "new-passkey": {"passkey_password": PASSWORD, "passkey_code": "123456"},
}


@pytest.mark.parametrize("name", DIALOGS)
async def test_without_a_session_a_dialog_is_told_nothing(browser: Browser, db: Database, ana: Actor, name: str) -> None:
    before = rows(db)
    answer = await browser.with_session("made-up").post(name, DIALOGS[name])
    assert answer.status_code == 401
    assert set(answer.json()) == {"problem"}
    assert rows(db) == before


@pytest.mark.parametrize("name", [*DIALOGS, "passkey-challenge", "passkey", "second-step"])
async def test_another_site_can_not_send_any_of_it(anas: Browser, db: Database, name: str) -> None:
    before = rows(db)
    headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}
    answer = await anas.post(name, DIALOGS.get(name), headers=headers)
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert rows(db) == before


async def test_turning_it_off_takes_password_and_code(anas: Browser, db: Database, ana: Actor, clock: Clock) -> None:
    phone, _codes = await switch_on(anas, clock)
    for given, problem in (
        ({"off_password": "guess", "off_code": phone.code()}, "off_password"),
        ({"off_password": PASSWORD}, "off_code"),
        ({"off_password": PASSWORD, "off_code": phone.wrong_code()}, "off_code"),
    ):
        answer = await anas.post("two-step-off", given)
        assert answer.headers["location"] == "/settings"
        assert set(said(answer).problems) == {problem}
        assert db.read_now(two_step.get_two_step, ana).on
    answer = await anas.post("two-step-off", {"off_password": PASSWORD, "off_code": phone.code()})
    assert said(answer).message == "Two-step sign-in is off."
    assert not db.read_now(two_step.get_two_step, ana).on


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("password", {"current_password": PASSWORD, "new_password": NEW_PASSWORD}, "password_code"),
        ("email", {"email": "new@example.com", "email_password": PASSWORD}, "email_code"),
        ("delete-account", {"deletion_password": PASSWORD}, "deletion_code"),
        ("remove-passkey", {"passkey": "0190b5c4-0000-7000-8000-000000000000", "remove_password": PASSWORD}, "remove_code"),
    ],
)
async def test_what_takes_the_password_takes_a_code_too(
    anas: Browser, db: Database, clock: Clock, name: str, given: dict[str, str], field: str
) -> None:
    phone, _codes = await switch_on(anas, clock)
    before = rows(db)
    for code in ("", phone.wrong_code()):
        answer = await anas.post(name, {**given, field: code})
        assert set(said(answer).problems) == {field}
        assert rows(db) == before
    answer = await anas.post(name, {**given, field: phone.code()})
    assert field not in said(answer).problems


async def test_a_new_password_with_a_code_keeps_this_browser_signed_in(anas: Browser, db: Database, clock: Clock) -> None:
    phone, _codes = await switch_on(anas, clock)
    given = {"current_password": PASSWORD, "new_password": NEW_PASSWORD, "password_code": phone.code()}
    assert_signs_in(await anas.post("password", given), db, "/settings")


async def test_the_page_knows_what_is_on_and_no_secret(
    site: Site, anas: Browser, db: Database, ana_session: str, clock: Clock
) -> None:
    shown = await anas.post("two-step", {"set_up_password": PASSWORD})
    phone = Phone(shown.json()["secret"], clock)
    page = await site.page(ana_session, "/settings")
    assert not page[SecondSteps]["two_step"]
    codes = (await anas.post("two-step-confirm", {"set_up_code": phone.code()})).json()["codes"]
    await page.call(SecondSteps.load)
    assert (page[SecondSteps]["two_step"], page[SecondSteps]["codes_left"]) == (True, 10)
    assert not any(page.has(secret) for secret in (shown.json()["secret"], *codes))
    await page.close()


async def test_the_page_lists_ones_own_passkeys(
    site: Site, anas: Browser, db: Database, ana_session: str, bob_session: str
) -> None:
    await add(anas, Device(), "Key ring")
    mine, bobs = await site.page(ana_session, "/settings"), await site.page(bob_session, "/settings")
    assert [row["name"] for row in mine[SecondSteps]["passkeys"]] == ["Key ring"]
    assert mine[SecondSteps]["passkeys"][0]["used"].startswith("Added ")
    assert mine[SecondSteps]["passkeys"][0]["used"].endswith(", not used yet")
    assert bobs[SecondSteps]["passkeys"] == []
    assert not bobs.has("Key ring")
    for page in (mine, bobs):
        await page.close()


# -- Passkeys ---------------------------------------------------------------------------------------------------------


async def add(anas: Browser, device: Device, name: str = "Phone") -> httpx.Response:
    """A passkey, as the page's script adds it."""
    asked = await anas.post("new-passkey", {"passkey_password": PASSWORD})
    assert asked.status_code == 200, asked.text
    holder = anas.with_cookie("passkey-registration", cookies_of(asked)["passkey-registration"].value)
    return await holder.post("add-passkey", {"passkey_name": name, "answer": device.create(asked.text)})


async def challenged(browser: Browser) -> tuple[Browser, str]:
    """Whoever opens the login page, and what their browser is asked."""
    asked = await browser.post("passkey-challenge")
    return browser.with_cookie("passkey-sign-in", cookies_of(asked)["passkey-sign-in"].value), asked.text


async def test_a_passkey_is_added_and_signs_in(browser: Browser, anas: Browser, db: Database) -> None:
    device = Device()
    added = await add(anas, device)
    assert added.headers["location"] == "/settings"
    assert said(added).message == "Your passkey is added. You can sign in with it from now on."
    assert cookies_of(added)["passkey-registration"].value == ""
    half, options = await challenged(browser)
    answer = await half.post("passkey", {"answer": device.get(options), "after": "/inbox"})
    assert_signs_in(answer, db, "/inbox")
    assert cookies_of(answer)["passkey-sign-in"].value == ""


async def test_the_challenge_is_kept_out_of_the_reach_of_scripts(browser: Browser) -> None:
    answer = await browser.post("passkey-challenge")
    cookie = cookies_of(answer)["passkey-sign-in"]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "strict"
    assert cookie["max-age"] == "600"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_challenge_leaves_nothing_in_the_database(browser: Browser, db: Database) -> None:
    before = rows(db)
    await browser.post("passkey-challenge")
    assert rows(db) == before


@pytest.mark.parametrize("answer", ["", "{}", "null", "x" * 100_000])
async def test_a_passkey_that_is_none_is_told_on_the_login_page(browser: Browser, db: Database, ana: Actor, answer: str) -> None:
    half, _options = await challenged(browser)
    refused = await half.post("passkey", {"answer": answer, "after": "//evil.example"})
    assert refused.headers["location"] == "/login?next=%2Ftoday"
    assert said(refused).problems == {"form": passkeys.NOT_ACCEPTED}
    assert browser_sessions(db) == []


async def test_an_answer_without_its_ticket_signs_nobody_in(browser: Browser, anas: Browser, db: Database) -> None:
    device = Device()
    await add(anas, device)
    _half, options = await challenged(browser)
    refused = await browser.post("passkey", {"answer": device.get(options)})
    assert "form" in said(refused).problems
    assert len(browser_sessions(db)) == 1


async def test_what_is_wrong_with_a_new_passkey_is_told(anas: Browser, db: Database, ana: Actor) -> None:
    asked = await anas.post("new-passkey", {"passkey_password": PASSWORD})
    holder = anas.with_cookie("passkey-registration", cookies_of(asked)["passkey-registration"].value)
    for given, problem in (
        ({"passkey_name": " ", "answer": Device().create(asked.text)}, "The name can't be empty."),
        ({"passkey_name": "Phone", "answer": "{}"}, passkeys.NOT_ADDED),
    ):
        assert said(await holder.post("add-passkey", given)).problems == {"form": problem}
    assert db.read_now(passkeys.list_passkeys, ana).items == []


async def test_a_passkey_is_removed_with_the_password(anas: Browser, db: Database, ana: Actor) -> None:
    await add(anas, Device())
    own = str(db.read_now(passkeys.list_passkeys, ana).items[0].id)
    refused = await anas.post("remove-passkey", {"passkey": own, "remove_password": "guess"})
    assert set(said(refused).problems) == {"remove_password"}
    for nonsense in ("", "x"):
        assert said(await anas.post("remove-passkey", {"passkey": nonsense, "remove_password": PASSWORD})).problems
    removed = await anas.post("remove-passkey", {"passkey": own, "remove_password": PASSWORD})
    assert "removed" in said(removed).message
    assert db.read_now(passkeys.list_passkeys, ana).items == []


async def test_a_strangers_passkey_stays(anas: Browser, browser: Browser, db: Database, ana: Actor, bob_session: str) -> None:
    await add(anas, Device())
    anas_passkey = str(db.read_now(passkeys.list_passkeys, ana).items[0].id)
    answer = await browser.with_session(bob_session).post("remove-passkey", {"passkey": anas_passkey, "remove_password": PASSWORD})
    assert said(answer).problems == {"form": "There is no such passkey."}
    assert len(db.read_now(passkeys.list_passkeys, ana).items) == 1


async def test_a_passkey_signs_in_past_no_other_account(
    anas: Browser, browser: Browser, db: Database, ana: Actor, bob: Actor
) -> None:
    device = Device()
    await add(anas, device)
    half, options = await challenged(browser)
    answer: dict[str, Any] = json.loads(device.get(options))
    await half.post("passkey", {"answer": json.dumps(answer), "email": BOB, "user_id": str(bob.user_id)})
    owners = db.read_now(lambda session: session.exec(select(SignIn.user_id).where(SignIn.method == "passkey")).all())
    assert owners == [ana.user_id]
