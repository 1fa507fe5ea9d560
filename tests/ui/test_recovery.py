# ruff: noqa: F811 - fixtures of test_forms.py
"""Recovery in a browser's requests and in open pages: what the forms answer, where links lead, and what a page may show."""

from typing import Any

import pytest

from tests.people import ANA, BOB, PASSWORD, user_row
from tests.servers import MailServer, token_in
from tests.ui.conftest import on_one_database
from tests.ui.pages import Page, Site
from tests.ui.test_forms import Browser, anas, assert_signs_in, browser, browser_sessions, cookies_of, said  # noqa: F401 - fixtures
from todo_app.config import get_settings
from todo_app.db import Database
from todo_app.services import email_confirmation, mail_links, outbox, postman
from todo_app.services.actor import Actor
from todo_app.ui.recovery import forms
from todo_app.ui.recovery.state import Recovery
from todo_app.ui.settings.state import SettingsPage
from todo_app.ui.signing_in.flash import Flash

pytestmark = [pytest.mark.anyio, on_one_database]

NEW_PASSWORD = "four green frogs"


async def newest_link(db: Database, server: MailServer, email: str = ANA) -> str:
    while await postman.send_next(db):
        pass
    return token_in(server.to(email)[-1].get_content())


def make(db: Database, actor: Actor, kind: mail_links.Kind) -> str:
    return db.write_now(mail_links.make, kind, actor.user_id, ANA)


# -- Forms ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("email", [ANA, "who@example.com"])
async def test_asking_for_a_link_says_the_same_to_everybody(
    browser: Browser,
    ana: Actor,
    mail_server: MailServer,
    email: str,
) -> None:
    answer = await browser.post("reset", {"email": email})
    assert (answer.status_code, answer.headers["location"]) == (303, "/reset")
    assert (said(answer).message, said(answer).problems, said(answer).typed) == (forms.ON_ITS_WAY, {}, {"email": email})


async def test_what_is_no_email_is_said_at_its_field_and_stays(browser: Browser) -> None:
    answer = await browser.post("reset", {"email": "ana at home"})
    assert set(said(answer).problems) == {"email"}
    assert said(answer).typed == {"email": "ana at home"}


async def test_asking_too_often_is_said(browser: Browser, mail_server: MailServer) -> None:
    for _ in range(5):
        await browser.post("reset", {"email": ANA})
    assert "form" in said(await browser.post("reset", {"email": ANA})).problems


async def test_a_link_leads_to_signing_in_and_signs_nobody_in(browser: Browser, db: Database, ana: Actor) -> None:
    answer = await browser.post("new-password", {"token": make(db, ana, "reset"), "new_password": NEW_PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert said(answer).message == "Your password is changed. Please sign in with it."
    assert cookies_of(answer)["session"].value == ""
    assert browser_sessions(db) == []
    assert_signs_in(await browser.post("sign-in", {"email": ANA, "password": NEW_PASSWORD}), db, "/today")


@pytest.mark.parametrize("password", ["", "short", "password1", ANA])
async def test_a_password_that_will_not_do_is_said_at_its_field_and_the_link_is_kept_where_no_log_has_it(
    browser: Browser,
    db: Database,
    ana: Actor,
    password: str,
) -> None:
    token = make(db, ana, "reset")
    answer = await browser.post("new-password", {"token": token, "new_password": password})
    assert answer.headers["location"] == f"/new-password#token={token}"
    assert set(said(answer).problems) == {"new_password"}
    assert token not in cookies_of(answer)["flash"].value
    assert (await browser.post("new-password", {"token": token, "new_password": NEW_PASSWORD})).headers["location"] == "/login"


@pytest.mark.parametrize("token", ["", "made up", "x" * 500_000, "\r\nSet-Cookie: a=b", "\x00"])
async def test_a_link_that_is_no_good_leads_to_asking_for_another(
    browser: Browser,
    db: Database,
    ana: Actor,
    token: str,
) -> None:
    for name, data in (("new-password", {"token": token, "new_password": NEW_PASSWORD}), ("confirm", {"token": token})):
        answer = await browser.post(name, data)
        assert answer.status_code == 303
        assert len(answer.headers["location"]) < 500
        assert list(said(answer).problems.values())
        assert set(cookies_of(answer)) <= {"flash"}
    assert user_row(db, ANA).email_standing == "signup"


@pytest.mark.parametrize("signed_in", [True, False])
async def test_a_confirmed_email_is_told_where_one_is(
    browser: Browser,
    db: Database,
    ana: Actor,
    ana_session: str,
    signed_in: bool,
) -> None:
    asking = browser.with_session(ana_session) if signed_in else browser
    answer = await asking.post("confirm", {"token": make(db, ana, "confirm")})
    assert answer.headers["location"] == ("/settings" if signed_in else "/login")
    assert said(answer).message == forms.CONFIRMED
    assert user_row(db, ANA).email_confirmed


async def test_a_new_email_waits_for_its_confirmation(anas: Browser, db: Database, mail_server: MailServer) -> None:
    answer = await anas.post("email", {"email": "new@example.com", "email_password": PASSWORD})
    assert said(answer).message.startswith("A link is on its way to new@example.com.")
    answer = await anas.post("confirm", {"token": await newest_link(db, mail_server, "new@example.com")})
    assert said(answer).message == forms.CONFIRMED
    assert user_row(db, "new@example.com").email_confirmed
    assert said(await anas.post("confirmation")).message == "There is nothing to confirm."
    answer = await anas.post("email", {"email": "new@example.com", "email_password": PASSWORD})
    assert said(answer).message == "Your email stays as it is."


async def test_a_confirmation_is_sent_again(anas: Browser, db: Database, mail_server: MailServer) -> None:
    assert said(await anas.post("confirmation")).message == f"A link is on its way to {ANA}."
    assert await newest_link(db, mail_server)
    for _ in range(4):
        await anas.post("confirmation")
    assert "form" in said(await anas.post("confirmation")).problems


# -- Pages ------------------------------------------------------------------------------------------------------------


async def test_a_link_is_offered_only_where_mail_is_sent(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in (None, "smtp://localhost"):
        monkeypatch.setattr(get_settings(), "smtp_url", url)
        page = await site.page(path="/reset")
        assert page[Recovery]["sends_mail"] is (url is not None)
        await page.close()


async def test_these_pages_are_for_whoever_is_signed_in_too(site: Site, ana_session: str) -> None:
    for path in ("/reset", "/new-password", "/confirm"):
        for session in ("", ana_session):
            page = await site.page(session, path)
            assert page[Recovery]["loaded"]
            assert page.sent_to is None
            await page.close()


async def test_what_a_form_has_to_say_is_said_once_and_on_its_page(site: Site) -> None:
    message = Flash("/reset", {"form": "No good"}, {"email": "ana@"}, "").encode()
    page = Page(site, cookies={"flash": message})
    await page.open("/reset")
    assert (page[Recovery]["problems"], page[Recovery]["email"]) == ({"form": "No good"}, "ana@")
    await page.go("/reset")
    assert page[Recovery]["problems"] == {}
    await page.close()


async def test_settings_say_what_is_not_confirmed(
    site: Site, db: Database, ana: Actor, ana_session: str, mail_server: MailServer
) -> None:
    page = await site.page(ana_session, "/settings")
    assert (page[SettingsPage]["unconfirmed"], page[SettingsPage]["is_changing"]) == (ANA, False)

    def confirm(session: Any) -> None:
        email_confirmation.confirm(session, mail_links.make(session, "confirm", ana.user_id, ANA))

    db.write_now(confirm)
    await page.go("/settings")
    assert page[SettingsPage]["unconfirmed"] == ""
    await page.close()


async def test_without_a_mail_server_settings_ask_for_no_confirmation(site: Site, ana_session: str) -> None:
    page = await site.page(ana_session, "/settings")
    assert not outbox.is_open()
    assert page[SettingsPage]["unconfirmed"] == ""
    await page.close()


async def test_the_pages_tell_nobody_who_has_an_account(site: Site, ana: Actor, bob: Actor) -> None:
    page = await site.page(path="/reset")
    assert not any(page.has(words) for words in (ANA, BOB, "Ana", "Bob"))
    await page.close()
