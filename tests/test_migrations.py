"""The schema comes from the migrations alone: up, down, up again, with data in it, on both databases."""

import os
import subprocess
import sys
import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, event, inspect
from sqlmodel import Session, col, select

from tests.people import ANA, register
from tests.servers import SECRET
from todo_app.config import Settings
from todo_app.db import Database, make_engine
from todo_app.models import Task
from todo_app.schemas.tasks import ChangesQuery, TaskFields, TaskQuery
from todo_app.services import changes, task_lists, tasks


def alembic(engine: Engine, action: Any, *arguments: str) -> None:
    """Runs one of Alembic's commands on this database."""
    config = Config("alembic.ini")
    config.attributes["connection"] = engine
    action(config, *arguments)


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_the_models_ask_for_nothing_that_the_migrations_do_not_make(db: Database) -> None:
    alembic(db.engine, command.check)


def test_down_to_nothing_and_up_again(db: Database) -> None:
    ana = register(db, ANA, "Ana")
    db.write_now(tasks.create_task, ana, TaskFields(title="Before"))
    everything = tables(db.engine)
    alembic(db.engine, command.downgrade, "base")
    assert tables(db.engine) == set()
    alembic(db.engine, command.upgrade, "head")
    assert tables(db.engine) == everything
    alembic(db.engine, command.check)
    ana = register(db, ANA, "Ana")
    db.write_now(tasks.create_task, ana, TaskFields(title="After"))


def test_up_from_every_revision_keeps_what_is_there(db: Database) -> None:
    ana = register(db, ANA, "Ana")
    db.write_now(tasks.create_task, ana, TaskFields(title="Kept", notes="🌱", due_date="2026-01-27", due_time="10:00"))
    listed = db.read_now(task_lists.list_tasks, ana, TaskQuery())
    feed = db.read_now(changes.list_changes, ana, ChangesQuery())
    config = Config("alembic.ini")
    revisions = [script.revision for script in ScriptDirectory.from_config(config).walk_revisions()]
    for revision in revisions:
        alembic(db.engine, command.downgrade, revision)
        alembic(db.engine, command.upgrade, "head")
        assert db.read_now(task_lists.list_tasks, ana, TaskQuery()) == listed
        assert db.read_now(changes.list_changes, ana, ChangesQuery()) == feed


def test_tasks_from_before_are_overdue_from_the_moment_that_was_meant(db: Database) -> None:
    ana = register(db, ANA, "Ana")
    for day, time, zone in (
        ("2026-01-27", "10:00", "Europe/Berlin"),
        ("2026-03-29", "02:30", "Europe/Berlin"),  # skipped by the clocks
        ("2026-10-25", "02:30", "Europe/Berlin"),  # shown twice
        ("9999-12-31", "23:59", "Etc/GMT+12"),
        ("2026-01-27", None, None),
    ):
        fields = TaskFields.model_validate({"title": "Timed", "due_date": day, "due_time": time, "time_zone": zone})
        db.write_now(tasks.create_task, ana, fields)

    def moments(session: Session) -> list[tuple[uuid.UUID, datetime | None]]:
        return list(session.exec(select(Task.id, Task.due_at).order_by(col(Task.id))).all())

    before = db.read_now(moments)
    assert [moment and moment.isoformat() for _id, moment in before] == [
        "2026-01-27T09:00:00+00:00",
        "2026-03-29T01:30:00+00:00",
        "2026-10-25T00:30:00+00:00",
        None,
        None,
    ]
    alembic(db.engine, command.downgrade, "20261122_first_tables")
    alembic(db.engine, command.upgrade, "head")
    assert db.read_now(moments) == before


def test_up_twice_is_up_once(db: Database) -> None:
    alembic(db.engine, command.upgrade, "head")
    alembic(db.engine, command.check)


def test_the_way_up_is_one_transaction_for_which_another_host_waits(db: Database) -> None:
    alembic(db.engine, command.downgrade, "base")
    ends: list[str] = []
    event.listen(db.engine, "commit", lambda _connection: ends.append("commit"))
    alembic(db.engine, command.upgrade, "head")
    assert ends == ["commit"]


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/todo.db"
    else:
        postgres = request.getfixturevalue("postgres")
        url = postgres.make_template("starting")
        yield url
        postgres.run("DROP DATABASE starting WITH (FORCE)")


def test_hosts_that_start_at_once_all_succeed(empty_database: str, tmp_path: Path) -> None:
    environment = {**os.environ, "DATABASE_URL": empty_database, "AUTH_SECRET": SECRET, "DATA_DIR": str(tmp_path)}
    command_line = [sys.executable, "-m", "todo_app", "migrate"]
    hosts = [subprocess.Popen(command_line, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for host in hosts:
        _output, complaint = host.communicate(timeout=120)
        assert host.returncode == 0, complaint
    engine = make_engine(Settings(database_url=empty_database, auth_secret=SECRET, data_dir=tmp_path))
    alembic(engine, command.check)
    engine.dispose()
