"""The schema comes from the migrations alone: up, down, up again, with data in it, on both databases."""

import os
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
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


def what_a_release_relies_on(engine: Engine) -> dict[str, Any]:
    """Each column as `table.column`, with what it may hold; and what has to be unique in each table."""
    found: dict[str, Any] = {}
    reflected = inspect(engine)
    for table in tables(engine):
        for column in reflected.get_columns(table):
            found[f"{table}.{column['name']}"] = (str(column["type"]), column["nullable"], column["default"] is not None)
        unique = [index["column_names"] for index in reflected.get_indexes(table) if index["unique"]]
        unique += [constraint["column_names"] for constraint in reflected.get_unique_constraints(table)]
        found[table] = {tuple(names) for names in unique}
    return found


def broken_promises(engine: Engine, take_step: Callable[[], None]) -> list[str]:
    """What a step takes from the release before, which goes on while the next one starts: see docs/operators.md."""
    before = what_a_release_relies_on(engine)
    take_step()
    after = what_a_release_relies_on(engine)
    changed = [name for name in before if name not in after or ("." in name and after[name] != before[name])]
    new = [name for name in after if name not in before and name.partition(".")[0] in before]
    required = [name for name in new if "." in name and after[name][1:] == (False, False)]
    unique = [
        f"{table}: {names} unique"
        for table in before
        if "." not in table
        for names in after.get(table, set()) - before[table]
        if all(f"{table}.{name}" in before for name in names)
    ]
    return [*changed, *required, *unique]


def test_no_migration_takes_from_the_release_before_what_it_relies_on(db: Database) -> None:
    steps = [script.revision for script in ScriptDirectory.from_config(Config("alembic.ini")).walk_revisions()][::-1]
    alembic(db.engine, command.downgrade, steps[0])
    for step in steps[1:]:
        assert broken_promises(db.engine, partial(alembic, db.engine, command.upgrade, step)) == []


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        ("ALTER TABLE tasks ADD COLUMN effort integer", []),
        ("ALTER TABLE tasks ADD COLUMN mood text NOT NULL DEFAULT 'calm'", []),
        ("CREATE UNIQUE INDEX ix ON tasks (owner_id, title)", ["tasks: ('owner_id', 'title') unique"]),
        ("ALTER TABLE tasks RENAME COLUMN notes TO body", ["tasks.notes", "tasks.body"]),
        ("ALTER TABLE tasks DROP COLUMN notes", ["tasks.notes"]),
    ],
)
def test_what_a_migration_must_not_do(db: Database, statement: str, broken: list[str]) -> None:
    def take_step() -> None:
        with db.engine.begin() as connection:
            connection.exec_driver_sql(statement)

    assert broken_promises(db.engine, take_step) == broken


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
