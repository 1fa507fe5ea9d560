"""What asks the servers: as little work as possible, since it shares the cores with them."""

import asyncio
import json
import re
import time
import uuid
from typing import Any

import aiohttp

from tests.ui.pages import HYDRATE

PATIENCE_SECONDS = 180
_LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
_HYDRATED = re.compile(r'"is_hydrated_rx_state_": ?true')
_EVENT = '42/_event,["event"'


class Connection:
    """One kept-alive HTTP connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, port: int) -> "Connection":
        """Connects to this machine."""
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes) -> bytes:
        """Sends a request; the body of its answer. Raises if that is not 2xx."""
        self._writer.write(request)
        head = await self._reader.readuntil(b"\r\n\r\n")
        found = _LENGTH.search(head)
        body = await self._reader.readexactly(int(found[1])) if found else b""
        if head.split(b" ", 2)[1][:1] != b"2":
            raise RuntimeError(f"{head!r} {body!r}")
        return body

    def close(self) -> None:
        """Ends it."""
        self._writer.close()


def request_bytes(method: str, path: str, token: str, body: bytes = b"") -> bytes:
    """A request as it goes over the wire."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {token}"]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def per_second(port: int, request: bytes, seconds: float, connections: int) -> float:
    """How many answers a second so many connections get, each asking as soon as it has been answered."""

    async def keep_asking(connection: Connection) -> int:
        number = 0
        while time.perf_counter() < end:
            await connection.ask(request)
            number += 1
        connection.close()
        return number

    opened = [await Connection.open(port) for _ in range(connections)]
    began = time.perf_counter()
    end = began + seconds
    answered = sum(await asyncio.gather(*map(keep_asking, opened)))
    return answered / (time.perf_counter() - began)


class Tab:
    """An open page of a Reflex app, as its script sees it."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse, path: str) -> None:
        self._socket = socket
        self._router = {"pathname": path, "query": {}, "asPath": path}

    @classmethod
    async def open(cls, http: aiohttp.ClientSession, url: str, session: str, path: str = "/inbox") -> "Tab":
        """Returns when the page is hydrated."""
        address = f"{url.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket&token={uuid.uuid4()}"
        tab = cls(await http.ws_connect(address, headers={"Cookie": f"session={session}", "Origin": url}), path)
        async with asyncio.timeout(PATIENCE_SECONDS):
            await tab._socket.receive_str()
            await tab._socket.send_str("40/_event," + json.dumps({"event": tab._event(HYDRATE, {"vars": {}})}))
            while not _HYDRATED.search(await tab.receive()):
                pass
        return tab

    def _event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "payload": payload, "router_data": self._router}

    async def send(self, name: str, payload: dict[str, Any]) -> None:
        """One event of the page."""
        await self._socket.send_str("42/_event," + json.dumps(["event", self._event(name, payload)]))

    async def receive(self) -> str:
        """The next update; pings in between are answered. Raises `TimeoutError` if none comes."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (text := await self._socket.receive_str()).startswith(_EVENT):
                if text == "2":
                    await self._socket.send_str("3")
        return text

    async def close(self) -> None:
        """As when the tab is closed."""
        await self._socket.close()
