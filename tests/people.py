"""The fixed cast of the tests: Ana owns, Bob is the stranger."""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlmodel import SQLModel, select
from structlog.testing import capture_logs

from todo_app.db import Database
from todo_app.models import User
from todo_app.schemas.accounts import Registration
from todo_app.services import accounts, passwords, sessions
from todo_app.services.actor import Actor, Client
from todo_app.services.limits import limits

ANA, BOB = "ana@example.com", "bob@example.com"
PASSWORD = "three blue herons"
CLIENT = Client("192.0.2.7", "a test")


def hash_cheaply(monkeypatch: pytest.MonkeyPatch) -> None:
    """bcrypt at its lowest cost, for every test that is not about the cost."""
    monkeypatch.setattr(passwords, "COST", 4)
    passwords._hash_of_nothing.cache_clear()


def register(db: Database, email: str, name: str, time_zone: str = "UTC") -> Actor:
    """Makes an account with a session, as if signed in over the API."""
    data = Registration(email=email, password=PASSWORD, name=name, time_zone=time_zone)
    user = asyncio.run(accounts.register(db, limits(), data, CLIENT))
    begun = db.write_now(sessions.begin, user.id, "api", "a test")
    return Actor(user.id, begun.session_id, time_zone)


def user_row(db: Database, email: str) -> User:
    """A person's row as it is stored."""
    return db.read_now(lambda session: session.exec(select(User).where(User.email == email)).one())


def insert_untracked(connection: Connection, rows: Sequence[SQLModel]) -> None:
    """Writes rows of one table without the change feed, which would take its time."""
    connection.execute(type(rows[0]).__table__.insert(), [row.model_dump() for row in rows])


@contextmanager
def security_lines() -> Iterator[list[Any]]:
    """The lines of the security log, of what the block does; there once it has ended."""
    found: list[Any] = []
    with capture_logs() as lines:
        yield found
    found += [line for line in lines if line.get("log") == "security"]


@contextmanager
def statements(db: Database) -> Iterator[list[str]]:
    """The SQL statements that run meanwhile."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):  # on PostgreSQL the driver sends it
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)
