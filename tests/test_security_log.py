"""What the security log says of what happens, and what it never says."""

import json
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import structlog
from fastapi import FastAPI
from sqlmodel import Session

from tests.api.conftest import Api, ana, api, fastapi  # noqa: F401 - fixtures
from tests.people import ANA, BOB, PASSWORD
from todo_app import logs
from todo_app.config import Settings, get_settings
from todo_app.db import Database
from todo_app.request_ids import RequestIds
from todo_app.security_log import SecurityEvent, record, record_after_commit
from todo_app.services.limits import limits

Lines = Callable[[], list[dict[str, Any]]]
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def lines(capsys: pytest.CaptureFixture[str]) -> Iterator[Lines]:
    """The lines of the security log since it was last asked."""
    before = structlog.get_config()
    logs.configure()

    def read() -> list[dict[str, Any]]:
        found = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
        return [line for line in found if line.get("log") == "security"]

    yield read
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def named(fastapi: FastAPI, settings: Settings) -> Api:  # noqa: F811
    """The API as it is served: with an id for every request."""
    fastapi.state.settings = settings
    return Api(RequestIds(fastapi))  # type: ignore[arg-type]


def events(found: list[dict[str, Any]]) -> list[str]:
    return [line["event"] for line in found]


@on_sqlite
def test_a_line_says_what_when_whose_and_in_which_request(named: Api, lines: Lines) -> None:
    me = named.sign_up(ANA, "Ana")
    user_id = me.get("/api/me").json()["id"]
    lines()
    answer = named.post(
        "/api/auth/login", json={"email": ANA, "password": "a wrong one"}, headers={"X-Request-ID": "from-my-proxy-1"}
    )
    [line] = lines()
    moment = datetime.fromisoformat(line.pop("timestamp"))
    assert moment.utcoffset() == UTC.utcoffset(None)
    assert answer.headers["x-request-id"] == "from-my-proxy-1"
    assert line == {
        "event": "authn_login_fail",
        "log": "security",
        "level": "warning",
        "user": user_id,
        "request_id": "from-my-proxy-1",
        "address": "192.0.2.7",
    }


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "with space", "a\x1b[31mred", "{json}", "ümläute-12"])
@on_sqlite
def test_a_request_id_that_could_pass_for_something_else_is_replaced(named: Api, given: str) -> None:
    answer = named.get("/api/me", headers={"X-Request-ID": given.encode()})
    assert re.fullmatch(r"[0-9a-f]{12}", answer.headers["x-request-id"])


def test_a_life_in_the_words_of_owasp(named: Api, lines: Lines) -> None:
    me = named.sign_up(ANA, "Ana")
    assert events(lines()) == ["user_created", "authn_login_success", "session_created"]
    me.patch("/api/me", json={"theme": "dark"})
    [line] = lines()
    assert (line["event"], line["fields"]) == ("user_updated", "theme")
    me.post("/api/me/email", json={"email": BOB, "password": PASSWORD})
    me.get("/api/me/export")
    assert [(line["event"], line.get("fields")) for line in lines()] == [("user_updated", "email"), ("sensitive_read", None)]
    me.post("/api/me/password", json={"current_password": PASSWORD + "!", "new_password": "five red foxes"})
    me.post("/api/me/password", json={"current_password": PASSWORD, "new_password": "five red foxes"})
    assert events(lines()) == ["authn_login_fail", "authn_password_change", "session_expired"]
    me = named.sign_in(BOB, "five red foxes")
    me.post("/api/auth/logout")
    assert events(lines())[2:] == ["session_expired"]
    me = named.sign_in(BOB, "five red foxes")
    lines()
    me("DELETE", "/api/me", json={"password": "five red foxes"})
    assert events(lines()) == ["user_deleted"]


def test_a_refresh_token_used_twice_raises_the_alarm(named: Api, lines: Lines) -> None:
    named.sign_up(ANA, "Ana")
    signed_in = named.post("/api/auth/login", json={"email": ANA, "password": PASSWORD}).json()
    lines()
    for _ in range(2):
        named.post("/api/auth/refresh", json={"refresh_token": signed_in["refresh_token"]})
    found = lines()
    assert events(found) == ["session_renewed", "authn_token_reuse", "session_expired", "authz_fail"]
    assert found[1]["level"] == "critical"
    assert {line["user"] for line in found[:3]} == {signed_in["user"]["id"]}
    assert len({line["session"] for line in found[:3]}) == 1


@on_sqlite
def test_who_may_not_is_written_with_the_route_and_no_more(named: Api, lines: Lines) -> None:
    me = named.sign_up(ANA, "Ana")
    user_id = me.get("/api/me").json()["id"]
    lines()
    named.get("/api/tasks?q=secret")
    me.get("/api/tasks/0190b5c4-0000-7000-8000-000000000000?q=secret")
    me.as_("nonsense").get("/api/me")
    found = lines()
    assert [(line["event"], line["reason"], line["resource"], line.get("user")) for line in found] == [
        ("authz_fail", "NotSignedIn", "GET /api/tasks", None),
        ("authz_fail", "NotFound", "GET /api/tasks/{task_id}", user_id),
        ("authz_fail", "NotSignedIn", "GET /api/me", None),
    ]
    assert "secret" not in json.dumps(found)


@on_sqlite
def test_another_site_s_request_is_written(named: Api, lines: Lines) -> None:
    named.post("/api/auth/login", json={}, headers={"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"})
    assert events(lines()) == ["malicious_cors"]


@on_sqlite
def test_a_limit_that_is_reached_is_written_once_a_minute_however_often_it_refuses(
    named: Api, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGIN_FAILURES_PER_ACCOUNT", "2")
    get_settings.cache_clear()
    limits.cache_clear()
    for _ in range(5):
        named.post("/api/auth/login", json={"email": "nobody@example.com", "password": "a guess"})
    found = lines()
    assert events(found) == ["authn_login_fail", "authn_login_fail", "excess_rate_limit_exceeded"]
    assert found[-1]["limit"] == "login-account"
    assert "user" not in found[0]  # there is none of that name


def test_what_is_rolled_back_has_not_happened(db: Database, lines: Lines) -> None:
    def break_off(session: Session) -> None:
        record_after_commit(session, SecurityEvent.USER_CREATED)
        raise LookupError

    with pytest.raises(LookupError):
        db.write_now(break_off)
    assert lines() == []
    db.write_now(lambda session: record_after_commit(session, SecurityEvent.USER_CREATED))
    assert events(lines()) == ["user_created"]


def test_a_line_stays_a_line_whatever_is_in_it(capsys: pytest.CaptureFixture[str], lines: Lines) -> None:
    record(SecurityEvent.CROSS_SITE, origin='\x1b[2J"\r\n{"event": "authn_login_success"}\x9b\u2028\ud800')
    written = capsys.readouterr().out
    assert written.count("\n") == 1
    assert written.isascii()
    assert written.rstrip("\n").isprintable()


def test_operators_are_told_of_every_event() -> None:
    page = (Path(__file__).parent.parent / "docs/operators.md").read_text("utf-8")
    assert re.findall(
        r"^\| `([a-z_]+)` \|", page.partition("## The security log")[2].partition("\n## ")[0], re.MULTILINE
    ) == sorted(SecurityEvent)
