"""A thousand open pages on two processes, with PostgreSQL and Redis; and all of them coming back at once."""

import asyncio
import random
import time
from pathlib import Path

import aiohttp
import psutil

from benchmarks.clients import Tab
from benchmarks.pages import SET_DONE
from benchmarks.places import Somebody, new_database, somebody, workers
from benchmarks.reasons import OF_A_THOUSAND
from benchmarks.report import Line, percentile
from tests.servers import Postgres, running_redis
from tests.serving import Server

PAGES = 1000
SECONDS = 20
AT_ONCE = 50  # pages that open at the same time, before the storm


async def measure(directory: Path, postgres: Postgres) -> list[Line]:
    """A line about everyone acting once a second, and one about everyone coming back after a restart."""
    with (
        running_redis() as redis,
        new_database("postgresql", directory, postgres) as (url, db),
        workers(2, url, directory, REDIS_URL=redis) as servers,
    ):
        people = [somebody(db, 20) for _ in range(PAGES)]
        async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as http:
            before = memory_of(servers)
            tabs = await _open_all(http, servers, people, AT_ONCE)
            kilobytes = (memory_of(servers) - before) / PAGES / 1024
            took = [each for own in await asyncio.gather(*map(_act, tabs, people)) for each in own]
            for server in servers:
                server.kill()
            for server in servers:
                await asyncio.to_thread(server.start)
            began = time.perf_counter()
            back = await _open_all(http, servers, people, PAGES)
            storm = time.perf_counter() - began
            for tab in [*tabs, *back]:
                await tab.close()
    late, rate = percentile(took, 0.95), len(took) / (SECONDS + max(took))
    return [
        Line(
            f"{PAGES} pages, an event a second each, 2 processes",
            "p95 < 300 ms, none lost, ≤ 250 KB a page",
            f"p95 {late * 1000:.0f} ms, none lost, {kilobytes:.0f} KB a page; {rate:.0f} events a second",
            late < 0.3 and kilobytes <= 250,
            OF_A_THOUSAND,
        ),
        Line(f"{PAGES} pages come back at once after a restart", "≤ 60 s", f"{storm:.1f} s", storm <= 60),
    ]


def memory_of(servers: list[Server]) -> int:
    """The bytes that these servers hold, workers included."""
    mains = [psutil.Process(server.pid) for server in servers]
    return sum(each.memory_info().rss for main in mains for each in (main, *main.children(recursive=True)))


async def _open_all(http: aiohttp.ClientSession, servers: list[Server], people: list[Somebody], at_once: int) -> list[Tab]:
    room = asyncio.Semaphore(at_once)

    async def open_one(number: int, person: Somebody) -> Tab:
        async with room:
            return await Tab.open(http, servers[number % len(servers)].url, person.cookie)

    return list(await asyncio.gather(*(open_one(*each) for each in enumerate(people))))


async def _act(tab: Tab, person: Somebody) -> list[float]:
    """The seconds until each event was answered. Who waits for an answer begins no other, so a slow server is asked less.

    An answer that never comes ends the run: `Tab.receive` raises.
    """
    took: list[float] = []
    await asyncio.sleep(random.random())
    ends = time.perf_counter() + SECONDS
    while (began := time.perf_counter()) < ends:
        await tab.send(SET_DONE, {"task_id": str(person.task_ids[0]), "done": len(took) % 2 == 0})
        await tab.receive()
        took.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, 1 - took[-1]))
    return took
