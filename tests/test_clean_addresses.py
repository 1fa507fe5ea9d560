"""Pages answer at the addresses people use, without a redirect."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from todo_app import clean_addresses


@pytest.mark.parametrize(
    ("kind", "path", "asked_for"),
    [
        ("http", "/inbox", "/inbox/"),
        ("http", "/inbox/", "/inbox/"),
        ("http", "/inbox/more", "/inbox/more"),
        ("http", "/api/tasks", "/api/tasks"),
        ("http", "/", "/"),
        ("websocket", "/inbox", "/inbox"),
    ],
)
def test_a_built_page_is_asked_for_with_its_slash(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, path: str, asked_for: str
) -> None:
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / "index.html").touch()
    monkeypatch.setattr(clean_addresses, "BUILT_PAGES", tmp_path)
    asked: list[Any] = []

    async def server(scope: Any, _receive: Any, _send: Any) -> None:
        asked.append((scope["path"], scope["raw_path"]))

    scope = {"type": kind, "path": path, "raw_path": path.encode()}
    unused: Any = None
    asyncio.run(clean_addresses.CleanAddresses(server)(scope, unused, unused))
    assert asked == [(asked_for, asked_for.encode())]
