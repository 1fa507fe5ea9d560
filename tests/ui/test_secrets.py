"""A real server, a real socket: what must stay secret is looked for in all that it sends, stores and writes."""

import asyncio
import stat
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import httpx
import pytest
from redis import Redis

from tests.serving import Server, running_server
from tests.ui.remote import remote_page
from todo_app.services.sessions import digest_of
from todo_app.ui.task_list.state import TaskList
from todo_app.ui.task_panel.state import TaskPanel

EMAIL = "canary-4920@example.com"
PASSWORD = "canary password 5161"
TITLE = "canary title 7283"


@pytest.fixture
def redis(redis_url: str) -> Redis:
    """What the server's processes share."""
    return Redis.from_url(redis_url)


@pytest.fixture
def server(database_url: str, tmp_path: Path, redis_url: str) -> Iterator[Server]:
    with running_server(database_url, tmp_path / "served", REDIS_URL=redis_url) as server:
        yield server


async def talk(server: Server, session: str, *calls: tuple[Any, dict[str, Any]]) -> str:
    """All that a page is sent, from opening to the answers to these calls."""
    async with remote_page(server, session) as page:
        for handler, payload in calls:
            await page.post(handler, **payload)
        await page.until(TITLE)
        await page.client.emit("event", page.event("no.such.handler", {"title": TITLE}))
        await page.client.emit("event", TITLE)
        await page.client.emit("ping")
        await page.until('"ping"')
    return page.came


def sign_up(server: Server) -> str:
    form = {"name": "Ana", "email": EMAIL, "password": PASSWORD}
    answer = httpx.post(f"{server.url}/session/sign-up", data=form, headers={"Origin": server.url}, timeout=30)
    jar = SimpleCookie(answer.headers["set-cookie"].partition(",")[0])
    assert answer.status_code == 303, answer.text
    return jar["session"].value


def words_in(directory: Path) -> bytes:
    return b"".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


def words_kept(redis: Redis) -> bytes:
    """Every key and every value in it."""

    def read(key: bytes) -> bytes:
        match redis.type(key):
            case b"string":
                return redis.get(key) or b""
            case b"zset":
                return b"".join(redis.zrange(key, 0, -1))
            case b"list":
                return b"".join(redis.lrange(key, 0, -1))
            case b"hash":
                return b"".join(part for pair in redis.hgetall(key).items() for part in pair)
            case other:
                raise AssertionError(f"read values of type {other!r} too")

    return b"".join(key + read(key) for key in redis.scan_iter())


def wrong_in_every_way(server: Server) -> tuple[list[str], str]:
    """Uses the API well, then with secrets in all the wrong places; returns the tokens, and everything that was refused with."""
    with httpx.Client(base_url=server.url, timeout=30) as client:
        tokens = client.post("/api/auth/login", json={"email": EMAIL, "password": PASSWORD}).json()
        secrets = [tokens["access_token"], tokens["refresh_token"]]
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        refused = [
            client.post("/api/auth/login", json={"email": EMAIL, "password": f"{PASSWORD}!"}),
            client.post("/api/auth/login", json={"email": PASSWORD, "password": {"a": PASSWORD}}),
            client.post("/api/auth/register", json={"email": EMAIL, "password": PASSWORD, "name": "Ana"}),
            client.post("/api/auth/refresh", json={"refresh_token": [tokens["refresh_token"]]}),
            client.get("/api/tasks", headers={"Authorization": f"Basic {tokens['access_token']}"}),
            client.get(f"/api/{PASSWORD}/{TITLE}?token={tokens['access_token']}"),
            client.get(f"/api/tasks/{TITLE}", headers=bearer),
            client.get("/api/tasks", params={"filter": f"{TITLE} ((", "limit": TITLE}, headers=bearer),
            client.post("/api/tasks", json={"title": 7, TITLE: PASSWORD, "notes": [TITLE]}, headers=bearer),
            client.post("/api/tasks", content=f'{{"title": "{TITLE}', headers={**bearer, "Content-Type": "application/json"}),
            client.post("/api/me/password", json={"current_password": "x", "new_password": f"{PASSWORD}!"}, headers=bearer),
            client.delete("/api/me", headers={**bearer, "User-Agent": TITLE, "X-Request-ID": f"\x1b{TITLE}"}),
        ]
        assert all(400 <= answer.status_code < 500 for answer in refused)
        return secrets, "".join(answer.text + str(answer.headers) for answer in refused)


@pytest.mark.slow
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_secrets_are_neither_sent_nor_kept_nor_logged(server: Server, tmp_path: Path, redis: Redis) -> None:
    session = sign_up(server)
    httpx.post(f"{server.url}/session/sign-in", data={"email": EMAIL, "password": PASSWORD + "!"}, timeout=30)
    sent = asyncio.run(
        talk(server, session, (TaskList.add, {"form": {"title": TITLE, "key": "1"}}), (TaskPanel.open_task, {"task_id": TITLE}))
    )
    tokens, refusals = wrong_in_every_way(server)
    server.stop()
    log = server.log.read_bytes()
    in_redis = words_kept(redis)
    assert TITLE in sent
    assert b"LIMITS" in in_redis  # so this is where to look
    assert b"authn_login_fail" in log
    assert b"no.such.handler" in log or b"Error processing event" in log
    places = {"sent": sent.encode(), "refusals": refusals.encode(), "log": log, "Redis": in_redis}
    for place, content in {**places, "data": words_in(tmp_path / "served")}.items():
        for secret in (session, PASSWORD, *tokens):
            assert secret.encode() not in content, place
    for place, content in places.items():
        assert digest_of(session).encode() not in content, place
    for words in (TITLE, EMAIL):
        assert words.encode() not in log
        assert words.encode() not in in_redis
    assert stat.S_IMODE((tmp_path / "served").stat().st_mode) == 0o700
