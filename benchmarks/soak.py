"""Half an hour of mixed work on two processes with PostgreSQL and Redis, and what their memory does: `make soak`.

People open pages, tick, and close them; scripts list, add, complete, delete and undo. All of it goes on at once, at a pace that
leaves the machine some air, and an answer that is wrong or does not come ends the run.
"""

import asyncio
import logging
import os
import random
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median

import aiohttp
import structlog

from benchmarks.clients import Tab
from benchmarks.crowd import memory_of
from benchmarks.pages import SET_DONE
from benchmarks.places import Somebody, new_database, somebody, workers
from benchmarks.report import plot
from tests.servers import SECRET, Postgres, running_postgres, running_redis
from tests.serving import Server
from todo_app.services import access_tokens

MINUTES = int(os.environ.get("MINUTES", "30"))
PEOPLE = 40
PAUSE_SECONDS = 1.0
SAMPLES = 60
PICTURE = Path(__file__).parent / "soak.svg"
# What a closed page had is kept for a quarter of an hour (rxconfig.py): until half the time is over, memory has to grow.
HALF, PART = SAMPLES // 2, SAMPLES // 10
MEGABYTE = 2**20


class Soak:
    """The people, what they do, and how often they did it."""

    def __init__(self, http: aiohttp.ClientSession, servers: list[Server]) -> None:
        self._http = http
        self._servers = servers
        self.done: Counter[str] = Counter()

    async def live(self, person: Somebody, ends: float) -> None:
        """One person's half hour."""
        actions: tuple[Callable[[Somebody, Server], Awaitable[None]], ...] = (self._visit, self._write, self._read)
        while time.monotonic() < ends:
            action = random.choice(actions)
            await action(person, random.choice(self._servers))
            self.done[action.__name__.strip("_")] += 1
            await asyncio.sleep(random.expovariate(1 / PAUSE_SECONDS))

    async def _visit(self, person: Somebody, server: Server) -> None:
        tab = await Tab.open(self._http, server.url, person.cookie, random.choice(("/inbox", "/today", "/upcoming")))
        task_id = str(random.choice(person.task_ids))
        for done, said in ((True, "Completed"), (False, "Opened again")):
            await tab.send(SET_DONE, {"task_id": task_id, "done": done})
            while said not in await tab.receive():
                pass
        await tab.close()

    async def _write(self, person: Somebody, server: Server) -> None:
        task = await self._ask(person, server, "POST", "/tasks", {"title": "Buy milk", "notes": "Two litres. " * 20})
        address = f"/tasks/{task['id']}"
        await self._ask(person, server, "PATCH", f"{address}/complete")
        await self._ask(person, server, "POST", "/undo")
        await self._ask(person, server, "DELETE", address)
        await self._ask(person, server, "DELETE", f"/trash/{task['id']}")

    async def _read(self, person: Somebody, server: Server) -> None:
        for path in ("/tasks?limit=50", "/tasks?filter=today | overdue", "/tasks?q=milk", "/changes", "/projects", "/me/export"):
            await self._ask(person, server, "GET", path)

    async def _ask(self, person: Somebody, server: Server, method: str, path: str, body: object = None) -> dict[str, object]:
        token = access_tokens.issue(person.actor.user_id, person.actor.session_id, SECRET)  # one lasts for a quarter of an hour
        headers = {"Authorization": f"Bearer {token}"}
        async with self._http.request(method, f"{server.url}/api{path}", json=body, headers=headers) as answer:
            answer.raise_for_status()
            return {} if answer.status == 204 else dict(await answer.json())


async def measure(directory: Path, postgres: Postgres) -> tuple[list[float], Counter[str]]:
    """The megabytes that both processes take together, at equal steps of the time; and what was done meanwhile."""
    with (
        running_redis() as redis,
        new_database("postgresql", directory, postgres) as (url, db),
        workers(2, url, directory, REDIS_URL=redis) as servers,
    ):
        people = [somebody(db, 50) for _ in range(PEOPLE)]
        async with aiohttp.ClientSession() as http, asyncio.TaskGroup() as group:
            soak, ends = Soak(http, servers), time.monotonic() + MINUTES * 60
            for person in people:
                group.create_task(soak.live(person, ends))
            samples = []
            for number in range(1, SAMPLES + 1):
                await asyncio.sleep(MINUTES * 60 / SAMPLES)
                samples.append(memory_of(servers) / MEGABYTE)
                print(f"{number * MINUTES / SAMPLES:.1f} minutes: {samples[-1]:.0f} MB", flush=True)
        return samples, soak.done


def main() -> None:
    """Prints how the memory at the end compares with that at half time, and draws it."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as place, running_postgres() as postgres:
        samples, done = asyncio.run(measure(Path(place), postgres))
    steps = samples[PART - 1 :: PART]
    labels = [f"{round(number * MINUTES / len(steps))}" for number in range(1, len(steps) + 1)]
    PICTURE.write_text(plot(f"Memory of two processes over {MINUTES} minutes of mixed work", "MB", labels, {"together": steps}))
    early, late = (median(part) for part in (samples[HALF : HALF + PART], samples[-PART:]))
    what = ", ".join(f"{count:,} × {name}" for name, count in sorted(done.items()))
    print(f"{MINUTES} minutes, {what}: {early:.0f} MB at half time, {late:.0f} MB at the end ({late / early:.2f} ×)")


if __name__ == "__main__":
    main()
