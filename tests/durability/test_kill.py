"""What was answered is kept, whatever becomes of the server."""

import asyncio
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text
from sqlmodel import select

from tests.durability.conftest import THOROUGH
from tests.durability.whole import assert_feed_tells_the_rows, assert_sound
from tests.people import ANA, PASSWORD, register
from tests.serving import Server, running_server
from todo_app.config import Settings
from todo_app.db import SQLITE_BUSY_MILLISECONDS, Database, database
from todo_app.models import Task, User
from todo_app.schemas.tasks import TaskFields, TaskPatch
from todo_app.services import tasks

KILLS = {"sqlite": 100 if THOROUGH else 6, "postgresql": 100 if THOROUGH else 3}  # a start takes a second or two
WRITERS = 8
THREADS = 32
WRITES_PER_THREAD = 15
PATIENCE_SECONDS = 30  # a server that answers nothing has failed


class Writers:
    """Each adds tasks and then changes and deletes its own, one request after the other, and notes what was answered 2xx.

    A write without an answer may have been done or not, so the row it was about is watched no more.
    """

    def __init__(self, url: str, chance: random.Random) -> None:
        self._url = url
        self._chance = chance
        self._headers: dict[str, str] = {}
        self.kept: dict[str, str] = {}  # by id, the title last acknowledged
        self.in_trash: set[str] = set()
        self.uncertain: set[str] = set()
        self.answered = self._wanted = 0
        self._enough = asyncio.Event()
        self.refused: list[int] = []

    async def run(self, writes: int, server: Server) -> None:
        """Kills the server in the midst of writing, once so many more writes are acknowledged."""
        self._sign_in()
        killed = asyncio.Event()
        self._wanted, self._enough = self.answered + writes, asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for number in range(WRITERS):
                group.create_task(self._write(number, killed))
            async with asyncio.timeout(PATIENCE_SECONDS):
                await self._enough.wait()
            await asyncio.sleep(self._chance.uniform(0, 0.01))
            await asyncio.to_thread(server.kill)
            killed.set()

    def _sign_in(self) -> None:
        """Anew each time: a hundred starts may take longer than an access token lasts."""
        signed_in = httpx.post(f"{self._url}/api/auth/login", json={"email": ANA, "password": PASSWORD}, timeout=30)
        self._headers = {"Authorization": f"Bearer {signed_in.raise_for_status().json()['access_token']}"}

    async def _write(self, number: int, killed: asyncio.Event) -> None:
        async with httpx.AsyncClient(base_url=self._url, headers=self._headers, timeout=10) as client:
            turn = 0
            while not killed.is_set():
                turn += 1
                try:
                    await self._once(client, f"writer {number} turn {turn} {self._chance.random()}")
                except httpx.TransportError:
                    await asyncio.sleep(0.01)

    async def _once(self, client: httpx.AsyncClient, title: str) -> None:
        made = await client.post("/api/tasks", json={"title": title})
        if not self._counts(made):
            return
        task_id = made.json()["id"]
        self.kept[task_id] = title
        await self._about(task_id, client.patch(f"/api/tasks/{task_id}", json={"title": f"{title} changed"}), f"{title} changed")
        if self._chance.random() < 0.3:
            await self._about(task_id, client.delete(f"/api/tasks/{task_id}"), None)

    async def _about(self, task_id: str, request: Any, title: str | None) -> None:
        before = self.kept.pop(task_id)
        self.uncertain.add(task_id)
        if not self._counts(await request):
            self.kept[task_id] = before
        elif title is None:
            self.in_trash.add(task_id)
        else:
            self.kept[task_id] = title
        self.uncertain.discard(task_id)

    def _counts(self, answer: httpx.Response) -> bool:
        if answer.is_success:
            self.answered += 1
            if self.answered >= self._wanted:
                self._enough.set()
        else:
            self.refused.append(answer.status_code)
        return answer.is_success


@pytest.fixture
def server(database_url: str, tmp_path: Path) -> Iterator[Server]:
    with running_server(database_url, tmp_path / "served") as server:
        yield server


@pytest.mark.slow
def test_a_killed_server_has_lost_nothing_it_acknowledged_and_left_nothing_half_done(
    server: Server, database_url: str, settings: Settings, chance: random.Random
) -> None:
    account = {"email": ANA, "password": PASSWORD, "name": "Ana"}
    httpx.post(f"{server.url}/api/auth/register", json=account, timeout=30).raise_for_status()
    writers = Writers(server.url, chance)
    kills = KILLS[settings.database_url.partition("://")[0].partition("+")[0]]
    slowest = 0.0
    for number in range(kills):
        if number:
            began = time.monotonic()
            server.start()
            slowest = max(slowest, time.monotonic() - began)
        asyncio.run(writers.run(chance.randint(5, 50), server))
        if database_url.startswith("sqlite"):
            assert_sound(Path(database_url.removeprefix("sqlite:///")))
    assert writers.refused == []
    assert_nothing_lost(database(), writers)
    assert_feed_tells_the_rows(database())
    print(
        f"killed {kills} times, {writers.answered} writes acknowledged: 0 lost, 0 half done, ready again in {slowest:.1f} s at most"
    )


def assert_nothing_lost(db: Database, writers: Writers) -> None:
    """Every acknowledged write is there."""
    rows = {str(row.id): row for row in db.read_now(lambda session: session.exec(select(Task)).all())}
    watched = {task_id: title for task_id, title in writers.kept.items() if task_id not in writers.uncertain}
    assert {task_id: rows[task_id].title for task_id in watched if task_id in rows} == watched
    assert all(rows[task_id].deleted_at is None for task_id in watched)
    assert all(rows[task_id].deleted_at is not None for task_id in writers.in_trash)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_sqlite_connection_of_the_app_survives_a_power_cut_and_waits_its_turn(settings: Settings) -> None:
    db = database()

    def pragma(session: Any, name: str) -> Any:
        return session.connection().execute(text(f"PRAGMA {name}")).scalar()

    for read in (db.read_now, db.write_now):
        assert read(pragma, "journal_mode") == "wal"
        assert read(pragma, "synchronous") == 2  # FULL
        assert read(pragma, "foreign_keys") == 1
        assert read(pragma, "busy_timeout") == SQLITE_BUSY_MILLISECONDS >= 5000


def test_many_threads_write_at_once_and_none_is_told_that_the_database_is_locked(settings: Settings) -> None:
    """Each transaction reads before it writes, which is what fails unless a writer takes its turn at the start."""
    db = database()
    ana = register(db, ANA, "Ana")
    start = threading.Barrier(THREADS)

    def write(number: int) -> int:
        start.wait()
        for turn in range(WRITES_PER_THREAD):
            made = db.write_now(tasks.create_task, ana, TaskFields(title=f"{number} {turn}"))
            db.write_now(tasks.update_task, ana, made.id, TaskPatch(completed=True))
        return WRITES_PER_THREAD

    began = time.monotonic()
    with ThreadPoolExecutor(THREADS) as threads:
        written = sum(threads.map(write, range(THREADS)))
    print(f"{2 * written} writes by {THREADS} threads in {time.monotonic() - began:.1f} s")
    found = db.read_now(lambda session: session.exec(select(Task)).all())
    assert len(found) == written == THREADS * WRITES_PER_THREAD
    assert all(task.completed for task in found)
    assert db.read_now(lambda session: session.exec(select(User)).one()).last_change == 2 * written
