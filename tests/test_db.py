"""The engine and its transactions."""

import asyncio
import json
import threading
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import psycopg2
import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session, select

from tests.people import ANA, register, user_row
from todo_app import db as module
from todo_app import logs
from todo_app.config import Settings
from todo_app.db import Database
from todo_app.errors import Unavailable
from todo_app.models import User

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


def test_an_answering_database_passes_the_check(db: Database) -> None:
    db.check()


def test_what_is_returned_is_committed_and_what_raises_is_not(db: Database) -> None:
    ana = register(db, ANA, "Ana")

    def rename(session: Session, name: str, fail: bool = False) -> str:
        session.get_one(User, ana.user_id).name = name
        session.flush()
        if fail:
            raise KeyError
        return name

    assert asyncio.run(db.write(rename, "Ana María")) == "Ana María"
    with pytest.raises(KeyError):
        db.write_now(rename, "Half", fail=True)
    assert asyncio.run(db.read(lambda session: session.get_one(User, ana.user_id).name)) == "Ana María"


@on_postgresql
def test_reading_can_not_write_on_postgresql(db: Database) -> None:
    ana = register(db, ANA, "Ana")

    def write(session: Session) -> None:
        session.get_one(User, ana.user_id).name = "Written"

    with pytest.raises(DBAPIError, match="read-only"):
        db.read_now(write)
    db.write_now(write)
    assert user_row(db, ANA).name == "Written"


@on_sqlite
def test_every_sqlite_connection_is_durable_and_patient(db: Database) -> None:
    for run in (db.write_now, db.read_now):
        found = run(lambda session: {p: session.connection().scalar(text(f"PRAGMA {p}")) for p in module.SQLITE_PRAGMAS})
        assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}
        assert found["busy_timeout"] >= 5000


@on_sqlite
def test_an_sqlite_that_refuses_its_settings_is_not_used(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SQLITE_PRAGMAS", {"journal_mode": "nonsense"})
    with pytest.raises(RuntimeError, match="SQLite refused"):
        Database(settings).check()


@on_sqlite
def test_writers_on_sqlite_wait_for_each_other(db: Database) -> None:
    """Reading first and writing then fails at once with 'database is locked' unless the lock is taken at the start."""
    ana = register(db, ANA, "Ana")

    def increase(session: Session) -> None:
        user = session.get_one(User, ana.user_id)
        user.week_start += 1

    threads = [threading.Thread(target=db.write_now, args=(increase,)) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert user_row(db, ANA).week_start == 16


@on_sqlite
def test_readers_on_sqlite_do_not_wait_for_a_writer(db: Database) -> None:
    def read_meanwhile(_session: Session) -> int:
        return len(db.read_now(lambda session: list(session.exec(select(User)))))

    assert db.write_now(read_meanwhile) == 0


@on_postgresql
def test_a_deadlock_is_resolved_by_doing_one_of_the_two_again(db: Database) -> None:
    ids = [register(db, f"{name}@example.com", name).user_id for name in ("Ana", "Bob")]
    meet = threading.Barrier(2, timeout=10)
    runs: list[int] = []

    def rename(session: Session, order: list[Any]) -> None:
        runs.append(1)
        session.get_one(User, order[0], with_for_update=True)
        if len(runs) <= 2:
            meet.wait()
        session.get_one(User, order[1], with_for_update=True).week_start += 1

    threads = [threading.Thread(target=db.write_now, args=(rename, order)) for order in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 3
    assert [user_row(db, f"{name}@example.com").week_start for name in ("Ana", "Bob")] == [1, 1]


class SerializationFailure(psycopg2.extensions.TransactionRollbackError):
    """As PostgreSQL raises it; its code can't be set on the driver's own."""

    pgcode = "40001"


def test_a_serialization_failure_is_tried_three_times_in_all(db: Database) -> None:
    runs: list[int] = []

    def fail(_session: Session, times: int) -> str:
        runs.append(1)
        if len(runs) <= times:
            raise OperationalError("SELECT", {}, SerializationFailure())
        return "done"

    assert db.write_now(fail, 2) == "done"
    assert len(runs) == 3
    runs.clear()
    with pytest.raises(Unavailable):
        db.write_now(fail, 99)
    assert len(runs) == 3


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT", {}, Exception("refused")),
        DBAPIError("SELECT", {}, Exception("broken off"), connection_invalidated=True),
        PoolTimeout("no connection left"),
    ],
    ids=["operational", "invalidated", "pool"],
)
@on_sqlite
def test_an_outage_is_unavailable_and_the_log_says_why(db: Database, error: Exception, capsys: pytest.CaptureFixture[str]) -> None:
    def fail(_session: Session) -> None:
        raise error

    with pytest.raises(Unavailable) as caught:
        db.write_now(fail)
    assert caught.value.__cause__ is error
    assert "database_away" in capsys.readouterr().out


@pytest.mark.parametrize("debug", [True, False])
@on_sqlite
def test_debug_logs_what_was_tried_again_and_what_was_slow(
    db: Database, debug: bool, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail_once(_session: Session, runs: list[int]) -> None:
        runs.append(1)
        if len(runs) == 1:
            raise OperationalError("SELECT", {}, SerializationFailure())

    monkeypatch.setattr(module, "SLOW_SECONDS", 0)
    before = structlog.get_config()
    logs.configure(debug)
    try:
        db.write_now(fail_once, [])
    finally:
        structlog.configure(**before)
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["event"] for line in lines] == (["database_asks_again", "database_slow"] if debug else [])
    assert all(line["level"] == "debug" for line in lines)


@on_sqlite
def test_an_error_of_ours_is_not_called_an_outage_and_shows_no_values(db: Database) -> None:
    def fail(session: Session) -> None:
        session.connection().execute(text("SELECT * FROM nowhere WHERE x = :x"), {"x": "canary"})

    with pytest.raises((ProgrammingError, Unavailable)) as caught:
        db.read_now(fail)
    assert "canary" not in str(caught.value.__cause__ or caught.value)


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 3, 29, 2, 30, 15, 123456, UTC),
        datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        datetime(1, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, UTC),
    ],
    ids=str,
)
def test_a_moment_comes_back_aware_in_utc_and_the_same(db: Database, moment: datetime) -> None:
    ana = register(db, ANA, "Ana")

    def write(session: Session) -> None:
        session.get_one(User, ana.user_id).created_at = moment

    db.write_now(write)
    found = user_row(db, ANA).created_at
    assert (found, found.tzinfo) == (moment, UTC)
    earlier = moment - timedelta(microseconds=1) if moment > datetime(2, 1, 1, tzinfo=UTC) else moment
    assert db.read_now(lambda session: session.exec(select(User.id).where(User.created_at >= earlier)).first()) == ana.user_id


def test_a_moment_without_a_zone_is_refused(db: Database) -> None:
    ana = register(db, ANA, "Ana")

    def write(session: Session) -> None:
        session.get_one(User, ana.user_id).created_at = datetime(2026, 1, 1)  # noqa: DTZ001

    with pytest.raises(Exception, match="without a time zone"):
        db.write_now(write)
