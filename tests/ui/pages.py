"""Open pages without a browser: a websocket client that speaks Reflex 0.10.1's protocol to the app in this process.

What it sends goes through everything a browser's message would: headers, handshake, Socket.IO, gate, handler, the delta back. The
names that Reflex keeps to itself are used here and nowhere else.
"""

import asyncio
import contextlib
import json
import math
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import reflex as rx
from reflex.istate.manager.memory import StateManagerMemory
from reflex_base.registry import RegistrationContext
from starlette.types import ASGIApp, Message

from todo_app.ui import live

ORIGIN = "http://localhost:8000"
ROOT = "reflex___state____state"
HYDRATE = f"{ROOT}.hydrate_and_load"
ON_LOAD = f"{ROOT}.reflex___state____on_load_internal_state.on_load_internal"
_MARKER = "_rx_state_"
# The loop goes round this often with nothing to do before it counts as quiet.
_QUIET_TURNS = 12
PATIENCE_SECONDS = 20


def state_name(state: type[rx.State]) -> str:
    """A state's name on the wire."""
    return state.get_full_name()


def handler_name(handler: Any) -> str:
    """A handler's name on the wire."""
    return f"{handler.state.get_full_name()}.{handler.fn.__name__}"


def handler_names() -> list[str]:
    """Every handler that Reflex would call for a client."""
    return sorted(RegistrationContext.get().event_handlers)


class Refused(Exception):
    """The server closed the websocket, or never opened it."""


class Site:
    """The running app."""

    def __init__(self, app: rx.App, asgi: ASGIApp) -> None:
        self.app = app
        self.asgi = asgi

    @property
    def processor(self) -> Any:
        return self.app.event_processor

    @property
    def _is_idle(self) -> bool:
        processor = self.processor
        return not (live._due or processor._tasks or processor._token_queues or (processor._queue and processor._queue.qsize()))

    async def settle(self) -> None:
        """Returns once every event, and all that followed from it, is done."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            quiet = 0
            while quiet < _QUIET_TURNS:
                await asyncio.sleep(0 if self._is_idle else 0.001)
                quiet = quiet + 1 if self._is_idle else 0

    async def page(self, session: str = "", path: str = "/inbox", **options: Any) -> "Page":
        """A page of its own, opened and loaded."""
        page = Page(self, session, **options)
        await page.open(path)
        return page


class Page:
    """One open page. What the server has sent is in `state`, and as it came in `frames`."""

    def __init__(
        self,
        site: Site,
        session: str = "",
        token: str | None = None,
        headers: dict[str, str] | None = None,
        cookies: dict[str, str] | None = None,
    ) -> None:
        self.site = site
        self.token = token or str(uuid.uuid4())
        self.path = "/"
        jar = {**({"session": session} if session else {}), **(cookies or {})}
        upgrade = {"connection": "Upgrade", "upgrade": "websocket", "sec-websocket-version": "13"}
        given = {"host": "localhost:8000", "origin": ORIGIN, **upgrade, **(headers or {})}
        if jar:
            given["cookie"] = "; ".join(f"{name}={value}" for name, value in jar.items())
        self._headers = [(name.encode(), value.encode("latin-1")) for name, value in given.items() if value]
        self._inbox: asyncio.Queue[Message] = asyncio.Queue()
        self._reading = asyncio.Event()
        self._arrived = asyncio.Event()
        self._pongs = 0
        self._task: asyncio.Task[None] | None = None
        self.accepted = self.closed = False
        self.frames: list[str] = []
        self.state: dict[str, dict[str, Any]] = defaultdict(dict)
        self.events: list[dict[str, Any]] = []

    # -- The connection ------------------------------------------------------------------------------------------------

    async def _receive(self) -> Message:
        self._reading.set()
        message = await self._inbox.get()
        self._reading.clear()
        return message

    async def _send(self, message: Message) -> None:
        match message["type"]:
            case "websocket.accept":
                self.accepted = True
            case "websocket.close" | "websocket.http.response.start":
                self.closed = True
            case "websocket.send":
                self._take(message["text"])
        self._arrived.set()

    def _take(self, text: str) -> None:
        self.frames.append(text)
        if not text.startswith("42/_event,"):
            return
        name, *rest = json.loads(text.removeprefix("42/_event,"))
        if name == "ping":
            self._pongs += 1
        elif name == "event":
            update = rest[0]
            for state, delta in (update.get("delta") or {}).items():
                self.state[state].update({var.removesuffix(_MARKER): value for var, value in delta.items()})
            self.events.extend(update.get("events") or [])

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not holds():
                if self.closed:
                    raise Refused
                self._arrived.clear()
                await self._arrived.wait()

    async def raw(self, text: str) -> None:
        """Sends one websocket message as it is; returns when the server wants the next."""
        self._inbox.put_nowait({"type": "websocket.receive", "text": text})
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (self._inbox.empty() and self._reading.is_set()):
                if self._task and self._task.done():
                    self.closed = True
                    raise Refused
                await asyncio.sleep(0)

    async def connect(self, boot: dict[str, Any] | None = None) -> None:
        """Opens the websocket alone."""
        scope = {
            "type": "websocket",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "scheme": "ws",
            "path": "/_event/",
            "raw_path": b"/_event/",
            "root_path": "",
            "query_string": f"token={self.token}&EIO=4&transport=websocket".encode(),
            "headers": self._headers,
            "client": ("192.0.2.7", 4711),
            "server": ("localhost", 8000),
            "subprotocols": [],
            "state": {},
        }
        self._inbox.put_nowait({"type": "websocket.connect"})
        self._task = asyncio.create_task(self.site.asgi(scope, self._receive, self._send))
        await self._until(lambda: any(frame.startswith("0{") for frame in self.frames))
        await self.raw("40/_event," + (json.dumps({"event": boot}) if boot else ""))
        await self._until(lambda: any(frame.startswith("40/_event") for frame in self.frames))

    async def close(self) -> None:
        """As when the tab is closed."""
        if self._task:
            self._inbox.put_nowait({"type": "websocket.disconnect", "code": 1001})
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.shield(self._task), 5)
            await self.site.settle()

    # -- What a page does ----------------------------------------------------------------------------------------------

    def event(self, name: str, payload: dict[str, Any] | None = None) -> dict[str, Any]:
        """One event as the page's script sends it."""
        router_data = {
            "pathname": urlsplit(self.path).path,
            "query": dict(parse_qsl(urlsplit(self.path).query)),
            "asPath": self.path,
        }
        return {"name": name, "payload": payload or {}, "router_data": router_data}

    async def open(self, path: str) -> None:
        """Loads a page, as after typing its address."""
        self.path = path
        await self.connect(self.event(HYDRATE, {"vars": {}}))
        await self.settle()

    async def go(self, path: str) -> None:
        """Goes to another page of the open app."""
        self.path = path
        await self.send(ON_LOAD)

    async def settle(self) -> None:
        """Returns once all is done and all of it has arrived."""
        await self.site.settle()
        if self.closed:
            raise Refused
        pongs = self._pongs
        await self.raw('42/_event,["ping"]')
        await self._until(lambda: self._pongs > pongs)

    async def send(self, name: str, payload: dict[str, Any] | None = None) -> "Page":
        """Sends an event by its name, and waits for what comes of it."""
        await self.post(name, payload)
        await self.settle()
        return self

    async def post(self, name: str, payload: dict[str, Any] | None = None) -> None:
        """Sends an event and waits for nothing."""
        await self.raw("42/_event," + json.dumps(["event", self.event(name, payload)]))

    async def call(self, handler: Any, *args: Any) -> "Page":
        """Calls a handler as the page's script does: `page.call(TaskList.set_done, task_id, True)`."""
        names = handler.fn.__code__.co_varnames[1 : handler.fn.__code__.co_argcount]
        return await self.send(handler_name(handler), dict(zip(names, args, strict=False)))  # the rest have defaults

    async def has_looked(self) -> None:
        """Returns once the page, told to look soon, has done so."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            # It happens within a second, and nothing says when.
            while (page := live._pages.get(self.token)) and page.told == -math.inf:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await self.settle()

    def __getitem__(self, state: type[rx.State]) -> dict[str, Any]:
        """What the page knows of a state."""
        return self.state[state_name(state)]

    # -- What came back ------------------------------------------------------------------------------------------------

    def mark(self) -> int:
        """Now; for `since`."""
        return len(self.frames)

    def since(self, mark: int) -> list[str]:
        """The updates that have arrived since, answers to pings left out."""
        return [frame for frame in self.frames[mark:] if frame.startswith('42/_event,["event"')]

    @property
    def sent_to(self) -> str | None:
        """Where the last redirect led."""
        targets = [event["payload"]["path"] for event in self.events if event["name"] == "_redirect"]
        return targets[-1] if targets else None

    def has(self, text: str) -> bool:
        """Whether this text has ever reached the page."""
        return any(text in frame for frame in self.frames)


@contextlib.asynccontextmanager
async def serving(app: rx.App, asgi: ASGIApp) -> AsyncIterator[Site]:
    """The app between its start and its end, with fresh states."""
    app._state_manager = StateManagerMemory()
    to_app: asyncio.Queue[Message] = asyncio.Queue()
    from_app: asyncio.Queue[Message] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    task = asyncio.create_task(asgi(scope, to_app.get, from_app.put))
    to_app.put_nowait({"type": "lifespan.startup"})
    started = await from_app.get()
    assert started["type"] == "lifespan.startup.complete", started
    with app.set_contexts():
        site = Site(app, asgi)
        yield site
        await site.settle()
    to_app.put_nowait({"type": "lifespan.shutdown"})
    await from_app.get()
    await task
