"""/api/auth/reset and the confirmation of emails: what a script sees."""

from typing import Any

import pytest

from tests.api.conftest import Api, assert_problem
from tests.mailing import link_for, send_all
from tests.people import ANA, PASSWORD
from tests.servers import MailServer
from todo_app.db import Database

RESET, SET, CONFIRM, AGAIN = "/api/auth/reset", "/api/auth/reset/confirm", "/api/auth/email/confirm", "/api/me/email/confirmation"
NEW_PASSWORD, UNKNOWN = "four green frogs", "who@example.com"


def test_a_forgotten_password_is_set_anew_by_the_mailed_link(api: Api, ana: Api, db: Database, mail_server: MailServer) -> None:
    refresh = api.post("/api/auth/login", json={"email": ANA, "password": PASSWORD}).json()["refresh_token"]
    answer = api.post(RESET, json={"email": ANA})
    assert (answer.status_code, answer.content) == (202, b"")
    token = link_for(db, mail_server, ANA)
    answer = api.post(SET, json={"token": token, "new_password": NEW_PASSWORD})
    assert (answer.status_code, answer.content, answer.headers.get("content-type")) == (204, b"", None)
    assert_problem(ana.get("/api/me"), 401)
    assert_problem(api.post("/api/auth/refresh", json={"refresh_token": refresh}), 401)
    assert_problem(api.post("/api/auth/login", json={"email": ANA, "password": PASSWORD}), 401)
    assert api.sign_in(ANA, NEW_PASSWORD).get("/api/me").json()["email_confirmed"]
    assert_problem(api.post(SET, json={"token": token, "new_password": NEW_PASSWORD}), 401)


@pytest.mark.parametrize("sends_mail", [True, False])
def test_a_known_and_an_unknown_email_are_answered_byte_for_byte_alike(
    api: Api, ana: Api, request: pytest.FixtureRequest, sends_mail: bool
) -> None:
    if sends_mail:
        request.getfixturevalue("mail_server")
    known, unknown = (api.post(RESET, json={"email": email}) for email in (ANA, UNKNOWN))
    assert known.status_code == 202
    assert (known.content, known.headers.raw) == (unknown.content, unknown.headers.raw)


@pytest.mark.parametrize("email", [ANA, UNKNOWN])
def test_asking_too_often_is_429_whether_or_not_there_is_an_account(
    api: Api, ana: Api, mail_server: MailServer, email: str
) -> None:
    for number in range(5):  # the header is anybody's to invent
        assert api.post(RESET, json={"email": email}, headers={"X-Forwarded-For": f"203.0.113.{number}"}).status_code == 202
    answer = api.post(RESET, json={"email": email.upper()}, headers={"X-Forwarded-For": "203.0.113.99"})
    assert_problem(answer, 429)
    assert 0 < int(answer.headers["retry-after"]) <= 3600


@pytest.mark.parametrize(
    ("path", "body", "status", "pointer"),
    [
        (RESET, {"email": "nobody"}, 422, "/email"),
        (RESET, {"email": None}, 422, "/email"),
        (RESET, {"email": ANA, "surprise": 1}, 422, "/surprise"),
        (RESET, {"email": "a\x00b@example.com"}, 422, "/email"),
        (RESET, {"email": "ana@example.com\r\nBcc: everybody@example.com"}, 422, "/email"),
        (SET, {"token": "made up", "new_password": NEW_PASSWORD}, 401, None),
        (SET, {"token": "", "new_password": NEW_PASSWORD}, 401, None),
        (SET, {"token": "x\x00", "new_password": NEW_PASSWORD}, 401, None),
        (SET, {"token": "x" * 1025, "new_password": NEW_PASSWORD}, 422, "/token"),
        (SET, {"token": 7, "new_password": NEW_PASSWORD}, 422, "/token"),
        (SET, {"token": "x", "new_password": "short"}, 422, "/new_password"),
        (SET, {"new_password": NEW_PASSWORD}, 422, "/token"),
        (CONFIRM, {"token": "made up"}, 401, None),
        (CONFIRM, {"token": ["x"]}, 422, "/token"),
        (CONFIRM, {}, 422, "/token"),
    ],
)
def test_what_is_wrong_is_said(api: Api, db: Database, path: str, body: Any, status: int, pointer: str | None) -> None:
    assert_problem(api.post(path, json=body), status, pointer)


def test_a_password_that_will_not_do_is_named_and_the_link_still_works(
    api: Api, ana: Api, db: Database, mail_server: MailServer
) -> None:
    api.post(RESET, json={"email": ANA})
    token = link_for(db, mail_server, ANA)
    for password in ("short", "password1", ANA, "Ana"):
        assert_problem(api.post(SET, json={"token": token, "new_password": password}), 422, "/new_password")
    assert ana.get("/api/me").status_code == 200
    assert api.post(SET, json={"token": token, "new_password": NEW_PASSWORD}).status_code == 204


def test_a_changed_email_waits_for_its_confirmation(ana: Api, db: Database, mail_server: MailServer) -> None:
    changed = ana.post("/api/me/email", json={"email": "new@example.com", "password": PASSWORD})
    assert changed.status_code == 200
    assert (changed.json()["email"], changed.json()["new_email"]) == (ANA, "new@example.com")
    assert ana.post(AGAIN).status_code == 202
    assert ana.as_(None).post(CONFIRM, json={"token": link_for(db, mail_server, "new@example.com")}).status_code == 204
    me = ana.get("/api/me").json()
    assert (me["email"], me["new_email"], me["email_confirmed"]) == ("new@example.com", None, True)
    assert_problem(ana.post(AGAIN), 409)


def test_confirming_tells_nothing_of_the_account(api: Api, ana: Api, db: Database, mail_server: MailServer) -> None:
    ana.post(AGAIN)
    answer = api.post(CONFIRM, json={"token": link_for(db, mail_server, ANA)})
    assert (answer.status_code, answer.content, answer.headers.get("content-type")) == (204, b"", None)


def test_a_mail_server_that_is_away_is_nobody_s_error(api: Api, ana: Api, db: Database, mail_server: MailServer) -> None:
    mail_server.answer = "451 Not now"
    assert api.post(RESET, json={"email": ANA}).status_code == 202
    send_all(db)
    assert ana.post(AGAIN).status_code == 202
    assert api.post("/api/auth/register", json={"email": UNKNOWN, "password": PASSWORD, "name": "Who"}).status_code == 201
    assert ana.add("Still here")
