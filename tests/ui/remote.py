"""Open pages of a server that is a process of its own: what a browser does, over a real websocket."""

import json
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import socketio

from tests.serving import Served
from tests.ui.pages import HYDRATE, PATIENCE_SECONDS, handler_name


class RemotePage:
    """One open page. All that it was sent is in `came`, as text."""

    def __init__(self, client: socketio.AsyncSimpleClient, path: str) -> None:
        self.client = client
        self._path = path
        self.came = ""

    def event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        """One event as the page's script sends it."""
        return {"name": name, "payload": payload, "router_data": {"pathname": self._path, "query": {}, "asPath": self._path}}

    async def post(self, handler: Any, **payload: Any) -> None:
        """Calls a handler and waits for nothing."""
        await self.client.emit("event", self.event(handler_name(handler), payload))

    async def until(self, words: str) -> None:
        """Returns once these words have arrived."""
        while words not in self.came:
            self.came += json.dumps(await self.client.receive(timeout=PATIENCE_SECONDS))


@asynccontextmanager
async def remote_page(server: Served, session: str, path: str = "/inbox", token: str = "") -> AsyncIterator[RemotePage]:
    """A page that is open and loaded until the block ends; one with the `token` of another is the same tab, come back."""
    async with socketio.AsyncSimpleClient(reconnection=False) as client:
        page = RemotePage(client, path)
        await client.connect(
            f"{server.url}/_event?token={token or uuid.uuid4()}",
            headers={"Cookie": f"session={session}", "Origin": server.url},
            auth={"event": page.event(HYDRATE, {"vars": {}})},
            transports=["websocket"],
            namespace="/_event",
            socketio_path="/_event",
        )
        await page.until('"is_hydrated_rx_state_": true')
        yield page
