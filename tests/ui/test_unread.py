"""A page that reads nothing of what it is sent is hung up on."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from todo_app.ui import unread
from todo_app.ui.unread import HangUpOnUnread

Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


async def never(*_args: Any) -> None:
    await asyncio.Event().wait()


async def event() -> Any:
    return {"type": "websocket.receive", "text": "2"}


def test_a_socket_that_takes_no_message_is_closed_for_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unread, "SECONDS_TO_TAKE_A_MESSAGE", 0.01)
    heard = []

    async def app(_scope: Any, receive: Receive, send: Send) -> None:
        heard.append(await receive())
        with pytest.raises(OSError, match="nobody reads"):
            await send({"type": "websocket.send", "text": "3"})
        heard.append(await receive())

    asyncio.run(HangUpOnUnread(app)({"type": "websocket"}, event, never))  # type: ignore[arg-type]
    assert [message["type"] for message in heard] == ["websocket.receive", "websocket.disconnect"]


def test_requests_pass_as_they_are() -> None:
    seen = []

    async def app(*call: Any) -> None:
        seen.append(call)

    scope: dict[str, Any] = {"type": "http"}
    asyncio.run(HangUpOnUnread(app)(scope, event, never))  # type: ignore[arg-type]
    assert seen == [(scope, event, never)]
