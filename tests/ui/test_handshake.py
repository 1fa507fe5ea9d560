"""The session cookie stays out of Reflex: what a websocket's headers become."""

import asyncio
from typing import Any

import pytest

from tests.ui.conftest import on_one_database
from todo_app.config import Settings
from todo_app.services.sessions import digest_of
from todo_app.ui import handshake
from todo_app.ui.handshake import Handshake
from todo_app.ui.signing_in import flash

pytestmark = on_one_database

Headers = list[tuple[bytes, bytes]]
HERS = (b"authorization", f"sid {digest_of('hers')}".encode())
HOST = (b"host", b"localhost:8000")


def passed_on(*headers: tuple[bytes, bytes], kind: str = "websocket", path: str = "/_event") -> Headers:
    """The headers that the app behind it gets."""
    got: list[Headers] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        got.append(scope["headers"])

    asyncio.run(Handshake(app)({"type": kind, "path": path, "headers": list(headers)}, None, None))  # type: ignore[arg-type]
    return got[0]


def test_the_cookie_gives_way_to_a_digest_of_the_token(settings: Settings) -> None:
    headers = passed_on(HOST, (b"cookie", b"theirs=1; session=hers; other=2"))
    assert headers == [HOST, HERS]
    assert handshake.digest_in({name.decode(): value.decode() for name, value in headers}) == digest_of("hers")


def test_cookies_may_come_in_several_headers(settings: Settings) -> None:
    """HTTP/2 lets a browser split them."""
    assert passed_on((b"cookie", b"theirs=1"), (b"cookie", b"session=hers"), (b"cookie", b"other=2")) == [HERS]


@pytest.mark.parametrize("cookie", [b"", b"session=", b"other=hers", b"__Host-session=hers"])
def test_without_our_cookie_there_is_no_digest(settings: Settings, cookie: bytes) -> None:
    assert passed_on(HOST, (b"cookie", cookie)) == [HOST]
    assert handshake.digest_in({}) == ""


def test_a_client_can_not_bring_the_digest_or_a_message_itself(settings: Settings) -> None:
    assert passed_on(HERS, (flash.HEADER.encode(), b"You won"), HOST) == [HOST]


def test_a_message_from_the_last_form_comes_along(settings: Settings) -> None:
    assert passed_on((b"cookie", f"{flash.COOKIE}=said".encode())) == [(flash.HEADER.encode(), b"said")]


def test_on_https_only_the_cookie_of_this_very_host_counts(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "frontend_url", "https://todo.example.org")
    assert passed_on((b"cookie", b"session=planted; __Host-session=hers")) == [HERS]
    assert passed_on((b"cookie", b"session=planted")) == []


@pytest.mark.parametrize(
    ("kind", "path", "changed"),
    [
        ("http", "/_event/?transport=polling", True),
        ("websocket", "/elsewhere", True),
        ("http", "/api/tasks", False),
        ("http", "/inbox", False),
    ],
)
def test_all_that_reflex_hears_is_changed_and_nothing_else(settings: Settings, kind: str, path: str, changed: bool) -> None:
    cookie = (b"cookie", b"session=hers")
    assert passed_on(cookie, kind=kind, path=path) == [HERS if changed else cookie]
