"""The whole app in this process, Ana and Bob with their sessions, and pages to open without a browser."""

from collections.abc import AsyncIterator

import pytest
import reflex as rx
from starlette.types import ASGIApp

from tests.people import ANA, BOB, register
from tests.ui.pages import Site, serving
from todo_app.db import Database
from todo_app.services import housekeeping, sessions
from todo_app.services.actor import Actor

# For tests in which the database is only where the session comes from: on one kind, to save the time.
on_one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
async def site(composed: tuple[rx.App, ASGIApp], db: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Site]:
    """The app, running on the test's own database."""
    monkeypatch.setattr(housekeeping, "tidy", lambda _session: None)  # it comes whenever it likes, among the counted queries
    async with serving(*composed) as site:
        yield site


@pytest.fixture
def ana(db: Database) -> Actor:
    return register(db, ANA, "Ana")


@pytest.fixture
def bob(db: Database) -> Actor:
    return register(db, BOB, "Bob")


def browser_session(db: Database, person: Actor) -> str:
    """The cookie of a browser that the person is signed in with."""
    return db.write_now(sessions.begin, person.user_id, "browser", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0").token


@pytest.fixture
def ana_session(db: Database, ana: Actor) -> str:
    return browser_session(db, ana)


@pytest.fixture
def bob_session(db: Database, bob: Actor) -> str:
    return browser_session(db, bob)
