"""The API in this process, and Ana and Bob signed in to it."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.people import ANA, BOB, PASSWORD
from tests.servers import SECRET
from todo_app.api.app import create_api
from todo_app.config import Settings


class Api:
    """Sends requests to the app as a script would, with or without an access token."""

    def __init__(self, app: FastAPI, token: str | None = None, address: str = "192.0.2.7") -> None:
        self.app = app
        self.token = token
        self._address = address

    def as_(self, token: str | None) -> "Api":
        """The same API, used with another token."""
        return Api(self.app, token, self._address)

    async def send(self, method: str, path: str, **content: Any) -> httpx.Response:
        """One request on the running event loop."""
        transport = httpx.ASGITransport(self.app, raise_app_exceptions=False, client=(self._address, 4711))
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers.update(content.pop("headers", {}))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:8000") as client:
            return await client.request(method, path, headers=headers, **content)

    def __call__(self, method: str, path: str, **content: Any) -> httpx.Response:
        return asyncio.run(self.send(method, path, **content))

    def get(self, path: str, **content: Any) -> httpx.Response:
        return self("GET", path, **content)

    def post(self, path: str, **content: Any) -> httpx.Response:
        return self("POST", path, **content)

    def put(self, path: str, **content: Any) -> httpx.Response:
        return self("PUT", path, **content)

    def patch(self, path: str, **content: Any) -> httpx.Response:
        return self("PATCH", path, **content)

    def delete(self, path: str, **content: Any) -> httpx.Response:
        return self("DELETE", path, **content)

    def sign_up(self, email: str, name: str) -> "Api":
        """Registers and signs in; the API as that person uses it."""
        made = self.post("/api/auth/register", json={"email": email, "password": PASSWORD, "name": name})
        assert made.status_code == 201, made.text
        return self.sign_in(email)

    def sign_in(self, email: str, password: str = PASSWORD) -> "Api":
        signed_in = self.post("/api/auth/login", json={"email": email, "password": password})
        assert signed_in.status_code == 200, signed_in.text
        return self.as_(signed_in.json()["access_token"])

    def add(self, title: str, **fields: Any) -> dict[str, Any]:
        """A new task."""
        made = self.post("/api/tasks", json={"title": title, **fields})
        assert made.status_code == 201, made.text
        task: dict[str, Any] = made.json()
        return task

    def titles(self, path: str = "/api/tasks") -> list[str]:
        """The titles of a list, in its order."""
        return [task["title"] for task in self.get(path).json()["items"]]


def together(*requests: Coroutine[Any, Any, httpx.Response]) -> list[httpx.Response]:
    """Sends requests at the same time."""

    async def send() -> list[httpx.Response]:
        return list(await asyncio.gather(*requests))

    return asyncio.run(send())


def assert_problem(answer: httpx.Response, status: int, pointer: str | None = None) -> None:
    """That an answer is problem+json of this status and, for 422, points at this field."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["type"]
    assert problem["title"]
    assert problem["detail"]
    assert ("errors" in problem) == (status == 422)
    if pointer is not None:
        assert [error["pointer"] for error in problem["errors"]] == [pointer]


@pytest.fixture(scope="session")
def fastapi(tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The app, put together once: FastAPI reads every route anew for each."""
    return create_api(Settings(_env_file=None, auth_secret=SECRET, data_dir=tmp_path_factory.mktemp("api")))


@pytest.fixture
def api(fastapi: FastAPI, settings: Settings) -> Api:
    """Nobody's requests, on the test's own settings and database."""
    fastapi.state.settings = settings
    return Api(fastapi)


@pytest.fixture
def ana(api: Api) -> Api:
    return api.sign_up(ANA, "Ana")


@pytest.fixture
def bob(api: Api) -> Api:
    return api.sign_up(BOB, "Bob")
