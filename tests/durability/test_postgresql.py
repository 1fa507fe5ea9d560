"""PostgreSQL is restarted under load, as by an impatient operator: what was acknowledged stays, and nobody sees more than a 503."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.durability.conftest import THOROUGH
from tests.people import ANA, PASSWORD
from tests.servers import Postgres, migrate, running_postgres
from tests.serving import Server, running_server

pytestmark = pytest.mark.slow

WRITERS = 8
RESTARTS = 20 if THOROUGH else 2
SECONDS_BETWEEN = 10 if THOROUGH else 1


@pytest.fixture
def own_postgres() -> Iterator[Postgres]:
    """A PostgreSQL that nobody else uses."""
    with running_postgres() as server:
        yield server


@pytest.fixture
def server(own_postgres: Postgres, tmp_path: Path) -> Iterator[Server]:
    url = own_postgres.make_template("restarted")
    migrate(url, tmp_path)
    with running_server(url, tmp_path / "served") as server:
        yield server


class Writers:
    """Each adds tasks one after the other; what is not answered 201 it sends again, with the same key."""

    def __init__(self, server: Server, token: str) -> None:
        self.client = httpx.AsyncClient(base_url=server.url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
        self.statuses: Counter[int] = Counter()
        self.added: list[str] = []
        self.successes: asyncio.Queue[float] = asyncio.Queue()
        self.done = False

    async def run(self, number: int) -> None:
        turn = 0
        while not self.done:
            turn += 1
            await self._add(f"{number} {turn}")

    async def _add(self, title: str) -> None:
        status = 0
        while status != 201:
            key = {"Idempotency-Key": title.replace(" ", "-")}
            answer = await self.client.post("/api/tasks", json={"title": title}, headers=key)
            status = answer.status_code
            self.statuses[status] += 1
            if status != 201:
                await asyncio.sleep(0.05)
        self.added.append(title)
        self.successes.put_nowait(time.monotonic())

    async def titles(self) -> list[str]:
        """All that is stored."""
        found: list[str] = []
        while page := (await self.client.get("/api/tasks", params={"limit": 500, "offset": len(found)})).json()["items"]:
            found += [task["title"] for task in page]
        return found


async def restart_under_load(postgres: Postgres, writers: Writers, chance: random.Random) -> list[float]:
    """Returns for each restart the seconds from when PostgreSQL was up again to the first write."""
    waits: list[float] = []
    async with asyncio.TaskGroup() as group:
        for number in range(WRITERS):
            group.create_task(writers.run(number))
        for _ in range(RESTARTS):
            await asyncio.sleep(SECONDS_BETWEEN * chance.uniform(0.5, 1.5))
            await asyncio.to_thread(postgres.restart)
            up = time.monotonic()
            while (success := await writers.successes.get()) < up:
                pass
            waits.append(success - up)
        writers.done = True
    return waits


def test_restarts_of_postgresql_cost_a_503_and_nothing_acknowledged(
    server: Server, own_postgres: Postgres, chance: random.Random
) -> None:
    httpx.post(f"{server.url}/api/auth/register", json={"email": ANA, "password": PASSWORD, "name": "Ana"}, timeout=30)
    signed_in = httpx.post(f"{server.url}/api/auth/login", json={"email": ANA, "password": PASSWORD}, timeout=30)

    async def run() -> tuple[Writers, list[float], list[str]]:
        writers = Writers(server, signed_in.raise_for_status().json()["access_token"])
        async with writers.client:
            waits = await restart_under_load(own_postgres, writers, chance)
            return writers, waits, await writers.titles()

    writers, waits, stored = asyncio.run(run())
    print(f"{RESTARTS} restarts: {dict(writers.statuses)}, writing again {max(waits):.1f} s after PostgreSQL was up, at most")
    assert set(writers.statuses) <= {201, 503}
    assert sorted(stored) == sorted(writers.added)
    assert len(set(stored)) == len(stored)
