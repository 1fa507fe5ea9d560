"""PostgreSQL is restarted under load, as by an impatient operator: what was acknowledged stays, and nobody sees more than a 503."""

import asyncio
import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.durability.conftest import THOROUGH
from tests.durability.writers import Writers, signed_up
from tests.servers import Postgres, migrate, running_postgres
from tests.serving import Server, running_server

pytestmark = pytest.mark.slow

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


async def restart_under_load(postgres: Postgres, writers: Writers, chance: random.Random) -> list[float]:
    """Returns for each restart the seconds from when PostgreSQL was up again to the first write."""
    waits: list[float] = []
    async with asyncio.TaskGroup() as group:
        writers.begin(group)
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
    token = signed_up(server)

    async def run() -> tuple[Writers, list[float], list[str]]:
        writers = Writers(server, token)
        async with writers.client:
            waits = await restart_under_load(own_postgres, writers, chance)
            return writers, waits, await writers.titles()

    writers, waits, stored = asyncio.run(run())
    print(f"{RESTARTS} restarts: {dict(writers.statuses)}, writing again {max(waits):.1f} s after PostgreSQL was up, at most")
    assert set(writers.statuses) <= {201, 503}
    assert sorted(stored) == sorted(writers.added)
    assert len(set(stored)) == len(stored)
