"""A tick on an open page beside an echo, and beside a Reflex event that does nothing."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

import aiohttp
import psutil

from benchmarks.clients import Tab
from benchmarks.places import Somebody, new_database, nothing, peers, somebody, workers
from benchmarks.reasons import OF_A_TICK
from benchmarks.report import Line, milliseconds, percentile
from tests.servers import Postgres
from tests.serving import Server
from tests.ui.pages import handler_name
from todo_app.ui.task_list.state import TaskList

SIZES = (10, 100, 1000, 5000)
TOGGLES = 150
PEOPLE = 100
EVENTS_EACH = 60
SET_DONE = handler_name(TaskList.set_done)
NOTHING = "reflex___state____state.benchmarks___noop____noop.nothing"

Ticks = tuple[list[float], list[int]]


async def measure(directory: Path, postgres: Postgres) -> tuple[list[Line], dict[int, float]]:
    """The lines about one tick and about many at once; and the milliseconds of a tick by size of the list."""
    async with aiohttp.ClientSession() as http:
        with new_database("sqlite", directory, postgres) as (url, db), workers(1, url, directory) as [app]:
            with peers(directory, b"") as bare:
                echo = await _echo(http, bare)
            ticks: dict[int, Ticks] = {}
            for size in SIZES:
                ticks[size] = await _tick(http, app, somebody(db, size))
            crowd = [somebody(db, 20) for _ in range(PEOPLE)]
            busy, ours = await _many(http, app, [(person.cookie, str(person.task_ids[0])) for person in crowd], SET_DONE)
        with nothing(directory) as empty:
            idle, theirs = await _many(http, empty, [("", "")] * PEOPLE, NOTHING)
    took = {size: median(ticks[size][0]) for size in SIZES}
    most_bytes = max(max(sent) for _, sent in ticks.values())
    rate, late = busy
    lines = [
        Line("websocket echo", "", milliseconds(echo)),
        *(_told(size, ticks[size][0], median(echo)) for size in SIZES),
        Line("tick in 5,000 tasks beside 10", "≤ 1.5 ×", f"{took[5000] / took[10]:.2f} ×", took[5000] <= 1.5 * took[10]),
        Line("bytes of a tick, at any size", "≤ 400", f"{most_bytes}", most_bytes <= 400),
        Line("server CPU of a tick", "≤ 1.5 × an event that does nothing", _ratio(ours, theirs), ours <= 1.5 * theirs, OF_A_TICK),
        Line(
            f"ticks a second, {PEOPLE} people, one process, SQLite",
            "≥ 1,000 with p95 < 100 ms, or ≥ 0.8 × nothing",
            f"{rate:.0f}, p95 {late * 1000:.0f} ms; nothing: {idle[0]:.0f} a second",
            (rate >= 1000 and late < 0.1) or rate >= 0.8 * idle[0],
            OF_A_TICK,
        ),
    ]
    return lines, {size: seconds * 1000 for size, seconds in took.items()}


def _ratio(ours: float, theirs: float) -> str:
    return f"{ours / theirs:.2f} × ({ours * 1000:.2f} beside {theirs * 1000:.2f} ms)"


def _told(size: int, took: list[float], echo: float) -> Line:
    ratio = median(took) / echo
    return Line(f"tick confirmed, {size:,} tasks", "≤ 3 × echo", f"{ratio:.1f} ×, {milliseconds(took)}", ratio <= 3, OF_A_TICK)


async def _timed(times: int, once: Callable[[], Awaitable[object]]) -> list[float]:
    took = []
    for _ in range(times):
        began = time.perf_counter()
        await once()
        took.append(time.perf_counter() - began)
    return took


async def _echo(http: aiohttp.ClientSession, bare: Server) -> list[float]:
    async with http.ws_connect(f"{bare.url}/echo") as socket:

        async def once() -> None:
            await socket.send_str("x" * 300)
            await socket.receive_str()

        return await _timed(TOGGLES * 4, once)


async def _tick(http: aiohttp.ClientSession, app: Server, person: Somebody) -> Ticks:
    """The seconds until the server has confirmed a tick, and the bytes of all that it sends for it."""
    tab = await Tab.open(http, app.url, person.cookie)
    took, sent = [], []
    for number in range(TOGGLES):
        began = time.perf_counter()
        await tab.send(SET_DONE, {"task_id": str(person.task_ids[0]), "done": number % 2 == 0})
        frame = await tab.receive()  # the mark, the toast and the sidebar's counts come in one
        took.append(time.perf_counter() - began)
        sent.append(len(frame.encode()))
    await tab.close()
    return took[10:], sent


def _cpu_seconds(server: Server) -> float:
    main = psutil.Process(server.pid)
    times = [process.cpu_times() for process in (main, *main.children(recursive=True))]
    return float(sum(each.user + each.system for each in times))


async def _many(
    http: aiohttp.ClientSession, server: Server, people: list[tuple[str, str]], handler: str
) -> tuple[tuple[float, float], float]:
    """Everyone acts as fast as they are answered: events a second, the 95th percentile, and the server's CPU of one event."""
    tabs = [await Tab.open(http, server.url, cookie) for cookie, _ in people]
    took: list[float] = []

    async def act(tab: Tab, task_id: str) -> None:
        for number in range(EVENTS_EACH):
            began = time.perf_counter()
            await tab.send(handler, {"task_id": task_id, "done": number % 2 == 0})
            await tab.receive()
            took.append(time.perf_counter() - began)

    used, began = _cpu_seconds(server), time.perf_counter()
    await asyncio.gather(*(act(tab, task_id) for tab, (_, task_id) in zip(tabs, people, strict=True)))
    seconds, used = time.perf_counter() - began, _cpu_seconds(server) - used
    for tab in tabs:
        await tab.close()
    return (len(took) / seconds, percentile(took, 0.95)), used / len(took)
