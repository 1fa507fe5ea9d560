"""What is true of every body and every answer: sizes, media types, caching."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest

from tests.api.conftest import Api, assert_problem
from todo_app.api import body as body_module
from todo_app.api.body import MAX_BODY, SMALL_BODY, CheckBody

JSON = {"Content-Type": "application/json"}


def json_of(size: int) -> bytes:
    """A body of exactly `size` bytes that is too long in its notes only."""
    frame = b'{"title":"x","notes":"%s"}'
    return frame % (b"n" * (size - len(frame) + 2))


def test_up_to_one_mebibyte_is_read(ana: Api) -> None:
    assert_problem(ana.post("/api/tasks", content=json_of(MAX_BODY), headers=JSON), 422, "/notes")


def test_one_byte_more_is_413(ana: Api, api: Api) -> None:
    for caller in (ana, api):
        assert_problem(caller.post("/api/tasks", content=json_of(MAX_BODY + 1), headers=JSON), 413)
    assert_problem(ana("PATCH", "/api/me", content=json_of(MAX_BODY + 1), headers=JSON), 413)
    assert ana.titles() == []


def test_in_pieces_and_without_a_length_it_is_413_too(ana: Api) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b" " * 65_536

    assert_problem(ana.post("/api/tasks", content=pieces(), headers=JSON), 413)


def test_a_length_that_is_announced_is_believed(ana: Api) -> None:
    for length in (str(MAX_BODY + 1), "9" * 5000):
        assert_problem(ana.post("/api/tasks", content=b"{}", headers={**JSON, "Content-Length": length}), 413)


def test_a_small_body_in_pieces_is_fine(ana: Api) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for piece in (b'{"tit', b'le": "Piece', b' by piece"}', b""):
            yield piece

    assert ana.post("/api/tasks", content=pieces(), headers=JSON).status_code == 201
    assert ana.titles() == ["Piece by piece"]


def test_a_body_that_takes_too_long_is_408(ana: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_module, "SECONDS_FOR_A_BODY", 0.05)

    async def drops() -> AsyncIterator[bytes]:
        yield b'{"title": "Half'
        await asyncio.Event().wait()

    refused = ana.post("/api/tasks", content=drops(), headers=JSON)
    assert_problem(refused, 408)
    assert refused.headers["connection"] == "close"
    assert ana.titles() == []


def test_of_large_bodies_so_many_are_read_at_a_time_and_small_ones_wait_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(body_module, "LARGE_BODIES_AT_ONCE", 1)
    done: list[str] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        done.append(scope["name"])

    check = CheckBody(app)

    async def send(check: CheckBody, name: str, size: int, rest: asyncio.Event) -> None:
        """Half of the body, and the rest when it is let go."""
        pieces = iter([(b" " * size, True), (b"", False)])

        async def receive() -> Any:
            body, more = next(pieces)
            if not more:
                await rest.wait()
            return {"type": "http.request", "body": body, "more_body": more}

        await check({"type": "http", "path": "/", "method": "POST", "headers": [], "name": name}, receive, receive)

    async def run() -> None:
        never, at_once = asyncio.Event(), asyncio.Event()
        at_once.set()
        first = asyncio.create_task(send(check, "stuck", SMALL_BODY + 1, never))
        await asyncio.sleep(0)
        second = asyncio.create_task(send(check, "large", SMALL_BODY + 1, at_once))
        await send(check, "small", SMALL_BODY, at_once)
        assert done == ["small"]
        never.set()
        await asyncio.gather(first, second)

    asyncio.run(run())
    assert done == ["small", "stuck", "large"]


def test_what_is_not_json_is_415(ana: Api) -> None:
    for media_type in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data",
        "text/json",
        "",
        "application/jsonx",
    ):
        for method, path in [("POST", "/api/tasks"), ("PATCH", "/api/me"), ("POST", "/api/undo"), ("POST", "/api/redo")]:
            assert_problem(ana(method, path, content=b'{"title":"x"}', headers={"Content-Type": media_type}), 415)
    assert ana.titles() == []


def test_json_may_name_its_charset(ana: Api) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert ana.post("/api/tasks", content='{"title":"été"}'.encode(), headers=headers).json()["title"] == "été"


def test_no_body_needs_no_media_type(ana: Api) -> None:
    ana.add("x")
    assert ana.post("/api/undo").status_code == 200
    assert ana.post("/api/redo", content=b"{}", headers=JSON).status_code == 200


def test_no_answer_is_kept_by_a_cache(ana: Api, api: Api) -> None:
    task = ana.add("x")
    answers = [
        ana.get("/api/tasks"),
        ana.get(f"/api/tasks/{task['id']}"),
        ana.delete(f"/api/tasks/{task['id']}"),
        api.get("/api/me"),
        api.get("/api/nothing"),
        api.get("/health"),
    ]
    assert {answer.headers["cache-control"] for answer in answers} == {"no-store"}


@pytest.fixture
def sent() -> list[Any]:
    return []


def test_a_caller_who_goes_away_while_sending_reaches_no_route(sent: list[Any]) -> None:
    async def never(*_args: Any) -> None:
        raise AssertionError("the app must not be called")

    messages = iter([{"type": "http.request", "body": b"{", "more_body": True}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "path": "/api/tasks", "method": "POST", "headers": []}
    asyncio.run(CheckBody(never)(scope, receive, send))
    assert sent == []


def test_the_route_still_learns_that_a_caller_went_away(sent: list[Any]) -> None:
    messages = iter([{"type": "http.request", "body": b"", "more_body": False}, {"type": "http.disconnect"}])

    async def receive() -> Any:
        return next(messages)

    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        sent.extend([await receive(), await receive()])

    async def send(_message: Any) -> None: ...

    asyncio.run(CheckBody(app)({"type": "http", "path": "/api/tasks", "method": "GET", "headers": []}, receive, send))
    assert [message["type"] for message in sent] == ["http.request", "http.disconnect"]


def test_sockets_pass_as_they_are(sent: list[Any]) -> None:
    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        sent.append(scope)

    async def nothing(*_args: Any) -> None: ...

    scope = {"type": "websocket", "path": "/api/x"}
    asyncio.run(CheckBody(app)(scope, nothing, nothing))
    assert sent == [scope]


def test_the_forms_of_the_pages_have_the_same_size_and_any_type(sent: list[Any]) -> None:
    async def app(_scope: Any, receive: Any, _send: Any) -> None:
        sent.append((await receive())["body"])

    async def send(message: Any) -> None:
        sent.append(message.get("status"))

    def post(size: int) -> None:
        async def receive() -> Any:
            return {"type": "http.request", "body": b"x" * size, "more_body": False}

        asyncio.run(CheckBody(app)({"type": "http", "path": "/session/sign-in", "method": "POST", "headers": []}, receive, send))

    post(5)
    post(MAX_BODY + 1)
    assert sent == [b"xxxxx", 413, None]
