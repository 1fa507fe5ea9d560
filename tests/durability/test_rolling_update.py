"""A new release is started beside one that runs. Its migrations come first, and the older one goes on with what they leave."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, text

from tests.api.conftest import Api
from tests.durability.writers import Writers, signed_up
from tests.servers import SECRET, Postgres, migrate
from tests.serving import running_server
from todo_app.config import Settings
from todo_app.db import Database, make_engine

# All that a migration may do (see "Updating without an interruption" in docs/operators.md).
NEXT_RELEASE = (
    "ALTER TABLE tasks ADD COLUMN effort integer",
    "ALTER TABLE tasks ADD COLUMN mood text NOT NULL DEFAULT 'calm'",
    "CREATE INDEX ix_tasks_owner_effort ON tasks (owner_id, effort)",
    "CREATE TABLE reminders (id integer PRIMARY KEY, at timestamp NOT NULL)",
)


def migrate_on(connection: Connection) -> None:
    for statement in NEXT_RELEASE:
        connection.execute(text(statement))


def of_the_next_release(db: Database, title: str) -> tuple[Any, ...]:
    with db.engine.connect() as connection:
        return tuple(connection.execute(text("SELECT effort, mood FROM tasks WHERE title = :title"), {"title": title}).one())


def test_the_older_release_goes_on_and_leaves_alone_what_the_newer_one_wrote(ana: Api, db: Database) -> None:
    task = ana.add("Buy milk")
    with db.engine.begin() as connection:
        migrate_on(connection)
        connection.execute(text("UPDATE tasks SET effort = 3, mood = 'brave'"))

    address = f"/api/tasks/{task['id']}"
    assert ana.patch(address, json={"title": "Buy oat milk"}).status_code == 200
    assert ana.patch(f"{address}/complete").status_code == 200
    assert ana.delete(address).status_code == 204
    assert ana.post("/api/undo").status_code == 200
    assert of_the_next_release(db, "Buy oat milk") == (3, "brave")

    ana.add("Buy bread")
    assert of_the_next_release(db, "Buy bread") == (None, "calm")
    assert ana.titles() == ["Buy bread", "Buy oat milk"]


@pytest.mark.slow
def test_nobody_who_writes_meanwhile_is_turned_away(postgres: Postgres, tmp_path: Path) -> None:
    url = postgres.make_template("rolling")
    migrate(url, tmp_path)
    engine = make_engine(Settings(database_url=url, auth_secret=SECRET, data_dir=tmp_path))

    async def run(writers: Writers) -> list[str]:
        async with writers.client:
            async with asyncio.TaskGroup() as group:
                writers.begin(group)
                for _ in range(40):
                    await writers.successes.get()
                with engine.begin() as connection:
                    await asyncio.to_thread(migrate_on, connection)
                for _ in range(40):
                    await writers.successes.get()
                writers.done = True
            return await writers.titles()

    with running_server(url, tmp_path / "served") as server:
        writers = Writers(server, signed_up(server))
        stored = asyncio.run(run(writers))
    engine.dispose()
    assert set(writers.statuses) == {201}
    assert sorted(stored) == sorted(writers.added)
