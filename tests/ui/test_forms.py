"""The native form posts: cookies, where they lead, what they say, and who may send them."""

from http.cookies import Morsel, SimpleCookie
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from sqlmodel import SQLModel, select

from tests.people import ANA, BOB, PASSWORD, user_row
from tests.ui.conftest import on_one_database
from todo_app.api.app import create_api
from todo_app.config import Settings, get_settings
from todo_app.db import Database
from todo_app.errors import Conflict
from todo_app.models import SignIn, User
from todo_app.schemas.tasks import TaskFields, TaskQuery
from todo_app.services import first_run, sessions, task_lists, tasks
from todo_app.services.actor import Actor
from todo_app.services.limits import limits
from todo_app.ui import routes
from todo_app.ui.recovery import forms as recovery_forms
from todo_app.ui.second_steps import forms as second_step_forms
from todo_app.ui.signing_in import flash, forms, second_step
from todo_app.ui.signing_in.flash import Flash

pytestmark = [pytest.mark.anyio, on_one_database]

NEW_PASSWORD = "four grey cranes"
SIGN_UP = {"name": "Cleo", "email": "cleo@example.com", "password": PASSWORD, "time_zone": "Europe/Berlin"}
# Every form, with what it is sent for Ana.
POSTS = {
    "sign-up": SIGN_UP,
    "sign-in": {"email": ANA, "password": PASSWORD},
    "sign-out": {},
    "sign-out-everywhere": {},
    "password": {"current_password": PASSWORD, "new_password": NEW_PASSWORD},
    "email": {"email": "new@example.com", "email_password": PASSWORD},
    "delete-account": {"deletion_password": PASSWORD},
    "two-step-off": {"off_password": PASSWORD},
    "add-passkey": {"passkey_name": "Phone", "answer": "{}"},
    "remove-passkey": {"passkey": "0190b5c4-0000-7000-8000-000000000000", "remove_password": PASSWORD},
    "confirmation": {},
    "reset": {"email": ANA},
    "new-password": {"token": "made up", "new_password": NEW_PASSWORD},
    "confirm": {"token": "made up"},
}
NEED_A_SESSION = [name for name in POSTS if name not in ("sign-up", "sign-in", "reset", "new-password", "confirm")]


class Browser:
    """Posts forms and keeps no cookies but those it was made with."""

    def __init__(self, app: FastAPI, cookies: dict[str, str] | None = None) -> None:
        self._app = app
        self._cookies = cookies or {}

    def with_session(self, session: str) -> "Browser":
        return self.with_cookie(forms.cookie_name(), session)

    def with_cookie(self, name: str, value: str) -> "Browser":
        return Browser(self._app, {**self._cookies, name: value})

    async def send(self, method: str, path: str, **content: Any) -> httpx.Response:
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": get_settings().frontend_url, **content.pop("headers", {})}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        transport = httpx.ASGITransport(self._app, raise_app_exceptions=False, client=("192.0.2.7", 4711))
        async with httpx.AsyncClient(transport=transport, base_url=get_settings().frontend_url) as client:
            return await client.request(method, path, headers=headers, **content)

    async def post(self, name: str, data: dict[str, Any] | None = None, **content: Any) -> httpx.Response:
        return await self.send("POST", f"/session/{name}", data=data or {}, **content)


def cookies_of(answer: httpx.Response) -> dict[str, Morsel[str]]:
    """The last cookie set of each name, as a browser keeps it."""
    jar: dict[str, Morsel[str]] = {}
    for header in answer.headers.get_list("set-cookie"):
        jar.update(SimpleCookie(header).items())
    return jar


def said(answer: httpx.Response) -> Flash:
    message = flash.decode(cookies_of(answer)[flash.COOKIE].value)
    assert message
    return message


@pytest.fixture
def browser(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """Nobody's browser."""
    monkeypatch.setattr(routes, "is_prod_mode", lambda: True)
    app = create_api(settings)
    for router in (forms.router, second_step.router, second_step_forms.router, recovery_forms.router):
        app.include_router(router)
    return Browser(app)


@pytest.fixture
def anas(browser: Browser, ana_session: str) -> Browser:
    return browser.with_session(ana_session)


def rows(db: Database) -> dict[str, int]:
    def count(session: Any, table: Any) -> int:
        return len(session.connection().execute(table.select()).all())

    return {table.name: db.read_now(count, table) for table in SQLModel.metadata.sorted_tables}


def browser_sessions(db: Database) -> list[SignIn]:
    return list(db.read_now(lambda session: session.exec(select(SignIn).where(SignIn.kind == "browser")).all()))


def assert_signs_in(answer: httpx.Response, db: Database, target: str) -> None:
    assert (answer.status_code, answer.headers["location"]) == (303, target)
    cookie = cookies_of(answer)[forms.cookie_name()]
    db.read_now(sessions.by_digest, sessions.digest_of(cookie.value))  # raises unless it is that of a browser
    assert cookie.value not in answer.text


# -- Cookies ----------------------------------------------------------------------------------------------------------


async def test_the_session_cookie_on_http(browser: Browser, ana: Actor) -> None:
    cookie = cookies_of(await browser.post("sign-in", POSTS["sign-in"]))["session"]
    assert cookie["httponly"]
    assert not cookie["secure"]
    assert cookie["samesite"].lower() == "strict"
    assert (cookie["path"], cookie["domain"]) == ("/", "")
    assert int(cookie["max-age"]) == 30 * 24 * 3600
    assert len(cookie.value) >= 43  # 256 bits


async def test_the_cookies_on_https(browser: Browser, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FRONTEND_URL", "https://todo.example.org")
    get_settings.cache_clear()
    answer = await browser.post("sign-in", POSTS["sign-in"])
    cookie = cookies_of(answer)["__Host-session"]
    assert "session" not in cookies_of(answer)
    signed_in = browser.with_session(cookie.value)
    changed = await signed_in.post("password", POSTS["password"])
    refused = await browser.post("sign-in", {"email": ANA})
    out = await browser.with_session(cookies_of(changed)["__Host-session"].value).post("sign-out")
    for each in (cookie, *cookies_of(changed).values(), *cookies_of(refused).values(), *cookies_of(out).values()):
        assert each["secure"], each
        assert each["httponly"], each
        assert each["samesite"].lower() == "strict", each
        assert (each["path"], each["domain"]) == ("/", ""), each


async def test_the_flash_lives_a_minute_out_of_the_reach_of_scripts(browser: Browser) -> None:
    cookie = cookies_of(await browser.post("sign-in"))["flash"]
    assert cookie["httponly"]
    assert cookie["samesite"].lower() == "strict"
    assert cookie["max-age"] == "60"


async def test_signing_out_takes_the_cookie_away(anas: Browser, db: Database) -> None:
    answer = await anas.post("sign-out")
    cookie = cookies_of(answer)["session"]
    assert (cookie.value, cookie["max-age"], cookie["path"]) == ("", "0", "/")
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert browser_sessions(db) == []


# -- Signing up and in ------------------------------------------------------------------------------------------------


async def test_signing_up_signs_in(browser: Browser, db: Database) -> None:
    answer = await browser.post("sign-up", {**SIGN_UP, "after": "/trash"})
    assert_signs_in(answer, db, "/trash")
    user = user_row(db, "cleo@example.com")
    assert (user.name, user.time_zone) == ("Cleo", "Europe/Berlin")


async def test_who_signs_up_in_a_browser_finds_something_to_try(browser: Browser, db: Database) -> None:
    await browser.post("sign-up", SIGN_UP)
    user = user_row(db, "cleo@example.com")
    actor = Actor(user.id, user.id, user.time_zone)
    found = db.read_now(task_lists.list_tasks, actor, TaskQuery(sort="position")).items
    assert [task.title for task in found] == [title for title, _notes in first_run.PRACTICE]
    assert found[0].due_date == actor.today


async def test_who_is_refused_leaves_nothing_behind(browser: Browser, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_session: Any, _actor: Actor) -> None:
        raise Conflict("Not now.")

    monkeypatch.setattr(first_run, "add_practice_tasks", fail)
    assert said(await browser.post("sign-up", SIGN_UP)).problems == {"form": "Not now."}
    assert db.read_now(lambda session: session.exec(select(User)).all()) == []


async def test_a_time_zone_nobody_knows_is_utc(browser: Browser, db: Database) -> None:
    assert_signs_in(await browser.post("sign-up", {**SIGN_UP, "time_zone": "Mars/Olympus"}), db, "/today")
    assert user_row(db, "cleo@example.com").time_zone == "UTC"


@pytest.mark.parametrize(
    ("change", "problems"),
    [
        ({"name": " "}, {"name"}),
        ({"email": "nobody"}, {"email"}),
        ({"password": "short"}, {"password"}),
        ({"password": "password1"}, {"password"}),
        ({"password": "cleo@example.com"}, {"password"}),
        ({"name": "x" * 101, "email": "", "password": ""}, {"name", "email", "password"}),
        ({"email": ANA}, {"form"}),
        ({"name": "a\x00b"}, {"name"}),
    ],
)
async def test_what_is_wrong_with_a_sign_up_is_said_field_by_field(
    browser: Browser, db: Database, ana: Actor, change: dict[str, str], problems: set[str]
) -> None:
    before = rows(db)
    given = {**SIGN_UP, **change, "after": "/trash"}
    answer = await browser.post("sign-up", given)
    assert (answer.status_code, answer.headers["location"]) == (303, "/signup?next=%2Ftrash")
    message = said(answer)
    assert message.page == "/signup"
    assert set(message.problems) == problems
    assert message.typed == {"name": given["name"], "email": given["email"]}
    assert given["password"] not in cookies_of(answer)["flash"].value or not given["password"]
    assert rows(db) == before
    assert "session" not in cookies_of(answer)


async def test_where_accounts_are_closed_none_is_made(browser: Browser, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOW_SIGNUP", "false")
    get_settings.cache_clear()
    assert "form" in said(await browser.post("sign-up", SIGN_UP)).problems
    assert rows(db)["users"] == 0


async def test_signing_in(browser: Browser, db: Database, ana: Actor) -> None:
    answer = await browser.post("sign-in", {"email": f" {ANA.upper()} ", "password": PASSWORD, "after": "/inbox?q=tea"})
    assert_signs_in(answer, db, "/inbox?q=tea")


@pytest.mark.parametrize(("email", "password"), [(ANA, "wrong"), ("nobody@example.com", PASSWORD), (ANA, PASSWORD + " ")])
async def test_a_wrong_password_and_an_unknown_person_are_told_alike(
    browser: Browser, db: Database, ana: Actor, email: str, password: str
) -> None:
    answer = await browser.post("sign-in", {"email": email, "password": password})
    assert answer.headers["location"] == "/login"
    assert said(answer).problems == {"form": "Invalid email or password"}
    assert said(answer).typed == {"email": email}
    assert browser_sessions(db) == []


@pytest.mark.parametrize(
    ("given", "fields"),
    [({}, {"email", "password"}), ({"email": ANA}, {"password"}), ({"password": PASSWORD, "email": " "}, {"email"})],
)
async def test_a_field_left_empty_is_asked_for(browser: Browser, given: dict[str, str], fields: set[str]) -> None:
    assert set(said(await browser.post("sign-in", given)).problems) == fields


@pytest.mark.parametrize(
    "after", ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "//[", "/login"]
)
async def test_nobody_is_sent_elsewhere(browser: Browser, db: Database, ana: Actor, after: str) -> None:
    assert_signs_in(await browser.post("sign-in", {**POSTS["sign-in"], "after": after}), db, "/today")
    assert_signs_in(await browser.post("sign-up", {**SIGN_UP, "after": after}), db, "/today")
    refused = await browser.post("sign-in", {"email": ANA, "password": "wrong", "after": after})
    assert refused.headers["location"] == "/login?next=%2Ftoday"


async def test_too_many_wrong_passwords_are_refused_and_then_the_right_one_too(
    browser: Browser, db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGIN_FAILURES_PER_ACCOUNT", "2")
    get_settings.cache_clear()
    limits.cache_clear()
    for _ in range(2):
        await browser.post("sign-in", {"email": ANA, "password": "wrong"})
    answer = await browser.post("sign-in", POSTS["sign-in"])
    assert said(answer).problems == {"form": "Too many failed attempts. Please wait a little, then try again."}
    assert browser_sessions(db) == []


async def test_too_many_accounts_from_one_address_are_refused(
    browser: Browser, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REGISTRATIONS_PER_ADDRESS", "1")
    get_settings.cache_clear()
    limits.cache_clear()
    await browser.post("sign-up", SIGN_UP)
    answer = await browser.post("sign-up", {**SIGN_UP, "email": "other@example.com"}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert "form" in said(answer).problems
    assert rows(db)["users"] == 1


# -- With a session ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NEED_A_SESSION)
@pytest.mark.parametrize("session", ["", "made-up", "ended", "a digest"])
async def test_without_a_session_a_form_changes_nothing(
    browser: Browser, db: Database, ana: Actor, ana_session: str, name: str, session: str
) -> None:
    if session == "ended":
        db.write_now(sessions.end_all, ana.user_id)
    token = {"ended": ana_session, "a digest": sessions.digest_of(ana_session)}.get(session, session)
    before, user = rows(db), user_row(db, ANA)
    answer = await browser.with_session(token).post(name, POSTS[name])
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")
    assert rows(db) == before
    assert user_row(db, ANA) == user


async def test_signing_out_everywhere_ends_every_session_of_that_person(
    anas: Browser, db: Database, ana: Actor, bob_session: str
) -> None:
    answer = await anas.post("sign-out-everywhere")
    assert answer.headers["location"] == "/login"
    assert said(answer).message == "You are signed out everywhere."
    remaining = db.read_now(lambda session: session.exec(select(SignIn.user_id)).all())
    assert ana.user_id not in remaining
    assert len(remaining) == 2  # Bob's


async def test_a_new_password_ends_every_session_but_begins_one_here(
    anas: Browser, browser: Browser, db: Database, ana_session: str
) -> None:
    answer = await anas.post("password", POSTS["password"])
    assert_signs_in(answer, db, "/settings")
    assert said(answer).message == "Your password is changed, and every other place is signed out."
    assert len(browser_sessions(db)) == 1
    assert cookies_of(answer)["session"].value != ana_session
    assert said(await browser.post("sign-in", POSTS["sign-in"])).problems
    assert_signs_in(await browser.post("sign-in", {"email": ANA, "password": NEW_PASSWORD}), db, "/today")


@pytest.mark.parametrize(
    ("name", "change", "field"),
    [
        ("password", {"current_password": "wrong"}, "current_password"),
        ("password", {"new_password": "short"}, "new_password"),
        ("password", {"new_password": "password1"}, "new_password"),
        ("email", {"email": "nobody"}, "email"),
        ("email", {"email": BOB}, "form"),
        ("email", {"email_password": "wrong"}, "email_password"),
        ("delete-account", {"deletion_password": "wrong"}, "deletion_password"),
        ("delete-account", {"deletion_password": ""}, "deletion_password"),
    ],
)
async def test_what_is_wrong_is_said_on_the_settings_page_and_nothing_is_changed(
    anas: Browser, db: Database, bob: Actor, name: str, change: dict[str, str], field: str
) -> None:
    before, user = rows(db), user_row(db, ANA)
    answer = await anas.post(name, {**POSTS[name], **change})
    assert (answer.status_code, answer.headers["location"]) == (303, "/settings")
    assert set(said(answer).problems) == {field}
    assert said(answer).page == "/settings"
    assert (rows(db), user_row(db, ANA)) == (before, user)


async def test_a_new_email(anas: Browser, db: Database, ana: Actor) -> None:
    answer = await anas.post("email", POSTS["email"])
    assert said(answer).message == "Your email is changed."
    assert user_row(db, "new@example.com").id == ana.user_id


async def test_deleting_the_account_leaves_no_row(anas: Browser, db: Database, ana: Actor) -> None:
    db.write_now(tasks.create_task, ana, TaskFields(title="tea"))
    answer = await anas.post("delete-account", POSTS["delete-account"])
    assert answer.headers["location"] == "/login"
    assert said(answer).message.startswith("Your account is deleted.")
    assert cookies_of(answer)["session"].value == ""
    assert set(rows(db).values()) == {0}


async def test_the_export_is_ones_own_and_kept_by_no_cache(
    anas: Browser, browser: Browser, db: Database, ana: Actor, bob: Actor
) -> None:
    db.write_now(tasks.create_task, ana, TaskFields(title="tea"))
    db.write_now(tasks.create_task, bob, TaskFields(title="secret"))
    answer = await anas.send("GET", "/session/export")
    assert answer.headers["content-disposition"] == 'attachment; filename="todo-export.json"'
    assert answer.headers["cache-control"] == "no-store"
    assert [task["title"] for task in answer.json()["tasks"]] == ["tea"]
    assert "secret" not in answer.text
    assert not any(words in answer.text for words in ("password_hash", "$2b$"))
    assert (await browser.send("GET", "/session/export")).headers["location"] == "/login"


# -- Where they come from ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", POSTS)
async def test_another_site_can_not_post_a_form(anas: Browser, db: Database, ana_session: str, name: str) -> None:
    before = rows(db), db.read_now(lambda session: session.exec(select(User)).all())
    answer = await anas.post(name, POSTS[name], headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers
    assert (rows(db), db.read_now(lambda session: session.exec(select(User)).all())) == before


@pytest.mark.parametrize("name", POSTS)
async def test_a_link_can_not_post_a_form(anas: Browser, db: Database, name: str) -> None:
    before = rows(db)
    assert (await anas.send("GET", f"/session/{name}")).status_code in (404, 405)
    assert rows(db) == before


@pytest.mark.parametrize(
    "content",
    [
        {"content": b"\xff\xfe=%%%&email=%00", "headers": {"Content-Type": "application/x-www-form-urlencoded"}},
        {"content": b'{"email": "x"}', "headers": {"Content-Type": "application/json"}},
        {"content": b"x" * 100, "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"files": {"email": ("a.txt", b"x")}},
        {"data": {"email": "x" * 900_000, "password": "x" * 2000}},
    ],
)
async def test_a_form_of_another_shape_is_refused(browser: Browser, content: dict[str, Any]) -> None:
    answer = await browser.send("POST", "/session/sign-in", **content)
    assert 300 <= answer.status_code < 500


async def test_under_make_dev_a_post_leads_back_to_the_pages_own_port(
    browser: Browser, ana: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(routes, "is_prod_mode", lambda: False)
    answer = await browser.post("sign-in", POSTS["sign-in"])
    assert answer.headers["location"] == f"{get_settings().frontend_url}/today"
    assert routes.form_address("sign-in").startswith("http")
