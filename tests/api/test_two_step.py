"""Two-step sign-in and passkeys over REST, and the ways past the second step that must not be."""

import asyncio
import uuid

import pytest

from tests.api.conftest import Api, assert_problem, together
from tests.authenticators import Clock, Device, Phone
from tests.people import ANA, CLIENT, PASSWORD
from todo_app.db import Database
from todo_app.schemas.accounts import Confirmation
from todo_app.schemas.second_step import PasskeyName
from todo_app.services import passkeys
from todo_app.services.actor import Actor
from todo_app.services.limits import limits

LOGIN, TOKEN, REFRESH = "/api/auth/login", "/api/auth/token", "/api/auth/refresh"
TWO_STEP, PASSKEYS = "/api/me/two-step", "/api/me/passkeys"
CREDENTIALS = {"email": ANA, "password": PASSWORD}
FORM = {"username": ANA, "password": PASSWORD}


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def phone(ana: Api, clock: Clock) -> Phone:
    """Ana's, with two-step sign-in on."""
    made = ana.post(TWO_STEP, json={"password": PASSWORD})
    assert made.status_code == 200, made.text
    phone = Phone(made.json()["secret"], clock)
    confirmed = ana.post(f"{TWO_STEP}/confirm", json={"code": phone.code()})
    assert len(confirmed.json()["recovery_codes"]) == 10
    clock.forward()
    return phone


def test_it_is_set_up_and_turned_off_over_the_api(ana: Api, phone: Phone) -> None:
    assert ana.get(TWO_STEP).json() == {"on": True, "recovery_codes_left": 10}
    renewed = ana.post(f"{TWO_STEP}/recovery-codes", json={"password": PASSWORD, "code": phone.code()})
    assert len(renewed.json()["recovery_codes"]) == 10
    assert_problem(ana.delete(TWO_STEP, json={"password": PASSWORD}), 422, "/code")
    assert_problem(ana.delete(TWO_STEP, json={"password": "guess", "code": phone.next_code()}), 403)
    answer = ana.delete(TWO_STEP, json={"password": PASSWORD, "code": phone.code()})
    assert (answer.status_code, answer.content, answer.headers.get("content-type")) == (204, b"", None)
    assert ana.get(TWO_STEP).json() == {"on": False, "recovery_codes_left": 0}
    assert_problem(ana.delete(TWO_STEP, json={"password": PASSWORD}), 409)


def test_signing_in_without_a_code_says_by_its_type_that_one_is_needed(api: Api, phone: Phone) -> None:
    for answer in (api.post(LOGIN, json=CREDENTIALS), api.post(TOKEN, data=FORM)):
        assert_problem(answer, 401)
        assert answer.json()["type"] == "/problems/code-needed"
        assert answer.headers["www-authenticate"] == "Bearer"
        assert "token" not in answer.text


def test_a_wrong_code_says_so(api: Api, phone: Phone) -> None:
    wrong = phone.wrong_code()
    for answer in (api.post(LOGIN, json={**CREDENTIALS, "code": wrong}), api.post(TOKEN, data={**FORM, "code": wrong})):
        assert_problem(answer, 401)
        assert (answer.json()["type"], answer.json()["detail"]) == ("/problems/invalid-code", "Invalid code")


def test_a_code_signs_in_by_json_and_by_form(api: Api, phone: Phone) -> None:
    for answer in (
        api.post(LOGIN, json={**CREDENTIALS, "code": phone.code()}),
        api.post(TOKEN, data={**FORM, "code": phone.next_code()}),
    ):
        assert answer.status_code == 200
        me = api.as_(answer.json()["access_token"])
        assert [item["method"] for item in me.get("/api/me/sessions").json()["items"] if item["current"]] == ["code"]


def test_a_wrong_password_is_answered_as_ever_with_or_without_a_code(api: Api, phone: Phone) -> None:
    wrong = {"email": ANA, "password": "not hers at all"}
    unknown = {**wrong, "email": "who@example.com"}
    answers = [api.post(LOGIN, json={**given, **code}) for given in (wrong, unknown) for code in ({}, {"code": phone.code()})]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert answers[0].json()["type"] == "about:blank"


def test_one_code_sent_twice_at_once_makes_one_session(api: Api, ana: Api, phone: Phone) -> None:
    before = len(ana.get("/api/me/sessions").json()["items"])
    body = {**CREDENTIALS, "code": phone.code()}
    answers = together(*(api.send("POST", LOGIN, json=body) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
    assert len(ana.get("/api/me/sessions").json()["items"]) == before + 1


def test_after_ten_wrong_codes_the_right_one_has_to_wait(api: Api, phone: Phone) -> None:
    for _ in range(10):
        assert_problem(api.post(LOGIN, json={**CREDENTIALS, "code": phone.wrong_code()}), 401)
    answer = api.post(LOGIN, json={**CREDENTIALS, "code": phone.code()})
    assert_problem(answer, 429)
    assert 0 < int(answer.headers["retry-after"]) <= 15 * 60


def test_sessions_from_before_go_on_and_refresh(api: Api, ana: Api, clock: Clock) -> None:
    tokens = api.post(LOGIN, json=CREDENTIALS).json()
    me = api.as_(tokens["access_token"])
    made = me.post(TWO_STEP, json={"password": PASSWORD}).json()
    me.post(f"{TWO_STEP}/confirm", json={"code": Phone(made["secret"], clock).code()})
    assert api.post(REFRESH, json={"refresh_token": tokens["refresh_token"]}).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "body", "pointer"),
    [
        ("DELETE", "/api/me", {"password": PASSWORD}, "/code"),
        ("POST", "/api/me/email", {"email": "new@example.com", "password": PASSWORD}, "/code"),
        ("POST", "/api/me/password", {"current_password": PASSWORD, "new_password": "four grey cranes"}, "/code"),
        ("POST", f"{TWO_STEP}/recovery-codes", {"password": PASSWORD}, "/code"),
        ("DELETE", TWO_STEP, {"password": PASSWORD}, "/code"),
        ("DELETE", f"{PASSKEYS}/0190b5c4-0000-7000-8000-000000000000", {"password": PASSWORD}, "/code"),
    ],
)
def test_the_password_alone_changes_nothing_that_matters(
    api: Api, ana: Api, phone: Phone, method: str, path: str, body: dict[str, str], pointer: str
) -> None:
    assert_problem(ana(method, path, json=body), 422, pointer)
    assert_problem(ana(method, path, json={**body, "code": phone.wrong_code()}), 422, pointer)
    assert api.post(LOGIN, json={**CREDENTIALS, "code": phone.code()}).status_code == 200


def test_an_account_with_two_steps_is_deleted_with_both(ana: Api, phone: Phone) -> None:
    assert ana.delete("/api/me", json={"password": PASSWORD, "code": phone.code()}).status_code == 204


@pytest.mark.parametrize("code", [None, 123456, [], {"$ne": ""}, "x" * 65, "\x00"])
def test_no_code_of_another_type_gets_past_the_second_step(api: Api, phone: Phone, code: object) -> None:
    assert api.post(LOGIN, json={**CREDENTIALS, "code": code}).status_code in (401, 422)


def test_two_codes_in_one_form_get_nobody_past_the_second_step(api: Api, phone: Phone) -> None:
    body = f"username={ANA}&password={PASSWORD}&code={phone.wrong_code()}&code="
    answer = api.post(TOKEN, content=body, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code in (401, 422)


def test_a_strangers_session_sees_and_changes_none_of_it(ana: Api, bob: Api, phone: Phone, db: Database) -> None:
    me = Actor(uuid.UUID(ana.get("/api/me").json()["id"]), uuid.uuid4(), "UTC")
    given = Confirmation(password=PASSWORD, code=phone.code())
    asked = asyncio.run(passkeys.challenge_to_add(db, limits(), me, given, CLIENT))
    db.write_now(passkeys.add, me, PasskeyName(name="Key ring"), Device().create(asked.options), asked.ticket)
    own = ana.get(PASSKEYS).json()["items"]
    assert [(item["name"], item["last_used_at"]) for item in own] == [("Key ring", None)]
    assert bob.get(PASSKEYS).json() == {"items": []}
    assert bob.get(TWO_STEP).json() == {"on": False, "recovery_codes_left": 0}
    foreign = bob.delete(f"{PASSKEYS}/{own[0]['id']}", json={"password": PASSWORD})
    missing = bob.delete(f"{PASSKEYS}/{uuid.uuid4()}", json={"password": PASSWORD})
    assert_problem(foreign, 404)
    assert foreign.content == missing.content
    removed = ana.delete(f"{PASSKEYS}/{own[0]['id']}", json={"password": PASSWORD, "code": phone.next_code()})
    assert (removed.status_code, removed.content, removed.headers.get("content-type")) == (204, b"", None)
    assert ana.get(PASSKEYS).json() == {"items": []}


def test_without_a_session_nothing_is_told_or_done(api: Api) -> None:
    for method, path in [
        ("GET", TWO_STEP),
        ("POST", TWO_STEP),
        ("DELETE", TWO_STEP),
        ("POST", f"{TWO_STEP}/confirm"),
        ("POST", f"{TWO_STEP}/recovery-codes"),
        ("GET", PASSKEYS),
        ("DELETE", f"{PASSKEYS}/{uuid.uuid4()}"),
    ]:
        assert_problem(api(method, path, json={"password": PASSWORD, "code": "123456"} if method != "GET" else None), 401)
