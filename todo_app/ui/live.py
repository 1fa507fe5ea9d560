"""Live pages: what changes anywhere shows in every open page of the person.

The gate tells which pages are whose. After each commit `todo_app/live.py` says whose feed moved, and `todo_app/relay.py` says it in
every other process too; each of their pages then gets a `Live.catch_up` event, which reads again what the page shows. The page that
made the change does without: its handler shows it.
"""

import asyncio
import contextlib
import math
import time
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Container
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import reflex as rx
from reflex_base.event import Event
from reflex_base.utils.format import format_event_handler

from todo_app import live
from todo_app.background import keep_at
from todo_app.metrics import PAGES
from todo_app.relay import Relay
from todo_app.services.actor import Actor
from todo_app.ui import event_log
from todo_app.ui.session import Session, actor_of

# How long a page goes without a look at the database, however little it is told: in general, and while Redis tells nothing.
SECONDS_BETWEEN_LOOKS = 60
SECONDS_WITHOUT_REDIS = 5
# How long notices are gathered, so that of many changes at once each page hears once.
GATHERING_SECONDS = 0.02


@dataclass
class _Page:
    """An open page: whose it is, the newest change that it has shown, and when it was told last to catch up."""

    owner_id: uuid.UUID
    seen: int = 0
    told: float = field(default_factory=time.monotonic)


# The open pages by client token, and the tokens of each person.
_pages: dict[str, _Page] = {}
_tokens: dict[uuid.UUID, set[str]] = defaultdict(set)
# The pages about to be told, and of which change.
_due: dict[str, float] = {}
# Registered by each page's state: brings what it shows up to date.
Refresh = Callable[[rx.State, Actor], Awaitable[None]]
_refreshers: list[Refresh] = []


def refreshes(refresh: Refresh) -> Refresh:
    """Registers a function that brings one state up to date, if its page is the open one."""
    _refreshers.append(refresh)
    return refresh


class Live(rx.State):
    """How far this page has followed the person's change feed.

    `epoch` is part of the rows' keys: a new one makes the browser draw them anew, with what is stored.
    """

    epoch: int = 0
    # Another one once a page that had lost its line has read everything again: then it sends again what may not have arrived.
    connection: str = ""
    # Set while a failed handler has the page start over: should that fail too, it must not begin again and again.
    _starts_over: bool = False

    @rx.event
    async def catch_up(self) -> None:
        """Shows what has changed since; nothing if that is known already."""
        if (await self.get_state(Session))._last_change > self._seen:
            await self._refresh_all()

    @rx.event
    async def start_over(self) -> None:
        """Shows what is stored, whatever the browser has drawn ahead of it."""
        self.epoch += 1
        await self._refresh_all()
        self._starts_over = False

    @rx.event
    async def new_day(self) -> None:
        """Shows the day that has just begun where the person is."""
        await actor_of(self)
        await self._refresh_all()

    async def _refresh_all(self) -> None:
        session = await self.get_state(Session)
        actor = session._signed_in
        for refresh in _refreshers:
            await refresh(self, actor)
        self._see(session._last_change)

    async def _has_shown_all(self) -> None:
        """Called by a page that has just read what it shows."""
        self._see((await self.get_state(Session))._last_change)

    def _note_connection(self) -> None:
        """Called when a page has loaded."""
        self.connection = self.router.session.session_id

    def _follows(self, change_id: int | None) -> bool:
        """Whether a change this page made is the very next one it has not seen, so that it need not be read again."""
        if change_id != self._seen + 1:
            return False
        self._see(change_id)
        return True

    @property
    def _seen(self) -> int:
        page = _pages.get(self.router.session.client_token)
        return page.seen if page else 0

    def _see(self, change_id: int) -> None:
        if (page := _pages.get(self.router.session.client_token)) is not None:
            page.seen = change_id


def note_page(app: rx.App, user_id: uuid.UUID, client_token: str) -> None:
    """Remembers that this page is this person's, and forgets those of theirs that are closed."""
    if owner_of(client_token) == user_id:
        return
    connected = _connected(app)
    for token in [client_token, *(token for token in _tokens[user_id] if token not in connected)]:
        forget_page(token)
    _tokens[user_id].add(client_token)
    _pages[client_token] = _Page(user_id)
    PAGES.set(len(_pages))


def forget_page(client_token: str) -> None:
    """From now on this page is nobody's."""
    if (page := _pages.pop(client_token, None)) is not None:
        _tokens[page.owner_id].discard(client_token)
        if not _tokens[page.owner_id]:
            del _tokens[page.owner_id]
    PAGES.set(len(_pages))


def owner_of(client_token: str) -> uuid.UUID | None:
    """Whose page this is, as of its last event."""
    page = _pages.get(client_token)
    return page.owner_id if page else None


def _connected(app: rx.App) -> Container[str]:
    """The client tokens of the pages that are open in this process."""
    return cast("Container[str]", cast("Any", app.event_namespace)._token_manager.token_to_socket)


@contextlib.asynccontextmanager
async def following(app: rx.App, redis_url: str | None) -> AsyncIterator[None]:
    """Keeps the open pages of this process true, while it lasts, to what is done here and, by Redis, in other processes."""
    loop = asyncio.get_running_loop()
    is_due = asyncio.Event()

    def on_notice(notice: live.Notice) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(_gather, notice, event_log.acting_page(), is_due)

    live.listen(on_notice)
    relay = Relay(redis_url, on_notice, on_return=_look_soon) if redis_url else None
    work: dict[str, Callable[[], Awaitable[None]]] = {
        "looking": partial(_look_now_and_then, app, relay),
        "telling": partial(_tell_what_is_due, app, is_due),
    }
    if relay:
        live.listen(relay.send)
        work["relaying"] = relay.run
    tasks = [asyncio.create_task(keep_at(*each)) for each in work.items()]
    yield
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


def _gather(notice: live.Notice, acting_page: str | None, is_due: asyncio.Event) -> None:
    """Remembers which pages are to be told. A notice without a number is news to all of them."""
    number = math.inf if notice.last_change is None else notice.last_change
    for token in _tokens.get(notice.owner_id, ()):
        if token != acting_page or notice.last_change is None:
            _due[token] = max(number, _due.get(token, 0))
    is_due.set()


async def _tell_what_is_due(app: rx.App, is_due: asyncio.Event) -> None:
    """Has pages catch up that do not know yet of what is due to them.

    A task of its own: Reflex would take events that begin in that of the acting page for events of that page.
    """
    while await is_due.wait():
        await asyncio.sleep(GATHERING_SECONDS)
        is_due.clear()
        while _due:
            token, number = _due.popitem()
            if (page := _pages.get(token)) and page.seen < number:
                await _tell(app, token)


async def _tell(app: rx.App, token: str) -> None:
    """Has a page catch up, or forgets it if it is closed."""
    page = _pages.get(token)
    if page and token in _connected(app):
        page.told = time.monotonic()
        await app.event_processor.enqueue(token, Event(name=format_event_handler(cast("Any", Live.catch_up)), payload={}))
    else:
        forget_page(token)


def _look_soon() -> None:
    """Has every page look for itself within a second: notices may have been missed."""
    for page in _pages.values():
        page.told = -math.inf


async def _look_now_and_then(app: rx.App, relay: Relay | None) -> None:
    """Has pages look that have been told of nothing for long: a notice is lost with its process, and none come without Redis.

    It also finds the sessions that have ended by age, and keeps Reflex from forgetting the state of an open page.
    """
    while True:
        await asyncio.sleep(1)
        longest = SECONDS_BETWEEN_LOOKS if relay is None or relay.is_up else SECONDS_WITHOUT_REDIS
        before = time.monotonic() - longest
        for token in [token for token, page in _pages.items() if page.told < before]:
            await _tell(app, token)
