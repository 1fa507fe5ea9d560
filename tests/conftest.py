"""What every test may ask for. Servers start once per process, if a test needs them; each test has a database of its own."""

import gc
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp

from tests.people import hash_cheaply
from tests.servers import SECRET, MailServer, Postgres, find_chromium, migrate, running_postgres, running_redis
from todo_app.config import Settings, get_settings
from todo_app.db import Database, database
from todo_app.services.limits import limits

pytest_plugins = ["tests.sharing"]

# A disk in memory, where the system has one with this much room. What tests write needs no real disk to wait for.
MEMORY = Path("/dev/shm")
ROOM = 6 * 2**30
# Python looks for garbage each time so many objects are new. What tests hold besides is large and stays: they look less often.
NEW_OBJECTS = 10_000


def pytest_configure() -> None:
    """The settings of this machine stay out of the tests, and what they write stays off its disk."""
    gc.set_threshold(NEW_OBJECTS)
    for name in [*Settings.model_fields, "better_auth_secret"]:
        os.environ.pop(name.upper(), None)
    if "TMPDIR" not in os.environ and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A real PostgreSQL 18."""
    with running_postgres() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres: Postgres, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The name of a migrated, empty database."""
    migrate(postgres.make_template("template"), tmp_path_factory.mktemp("postgres"))
    return "template"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file."""
    directory = tmp_path_factory.mktemp("sqlite")
    migrate(f"sqlite:///{directory}/template.db", directory)
    return directory / "template.db"


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A real Redis-protocol server; use keys of your own, it is shared by the run."""
    with running_redis() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A migrated, empty database of the test's own: a test that asks for this runs once on each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "todo.db")
        yield f"sqlite:///{tmp_path}/todo.db"
    else:
        template = request.getfixturevalue("postgres_template")
        with request.getfixturevalue("postgres").copy_of(template) as url:
            yield url


@pytest.fixture(scope="session")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, ASGIApp]]:
    """The app as todo_app.py puts it together, and what a server would call. Built pages are not needed, nor is a database yet."""
    directory = tmp_path_factory.mktemp("composed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(Settings.model_config, "env_file", None)
        for name, value in {
            "DATA_DIR": str(directory),
            "AUTH_SECRET": SECRET,
            "REFLEX_WEB_WORKDIR": str(directory / "web"),
            "REFLEX_STATES_WORKDIR": str(directory / "states"),
            "REFLEX_TELEMETRY_ENABLED": "false",
            "REFLEX_SOCKET_MAX_HTTP_BUFFER_SIZE": str(128 * 1024),
            "__REFLEX_SKIP_COMPILE": "true",
        }.items():
            patch.setenv(name, value)
        get_settings.cache_clear()
        from todo_app.todo_app import app

        yield app, app()
    get_settings.cache_clear()


@pytest.fixture
def settings(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """The settings for `database_url`; `get_settings()` and `database()` use them too while the test runs."""
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("AUTH_SECRET", SECRET)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    database.cache_clear()
    yield get_settings()
    if database.cache_info().currsize:
        database().engine.dispose()
    get_settings.cache_clear()
    database.cache_clear()


@pytest.fixture
def db(settings: Settings) -> Database:
    """The test's own database, as the app uses it."""
    return database()


@pytest.fixture
def mail_server(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """A real SMTP server; the app is set to send its mail there, from now on."""
    with MailServer() as server:
        monkeypatch.setattr(settings, "smtp_url", server.url)
        monkeypatch.setattr(settings, "mail_from", "Todo <todo@example.com>")
        yield server


@pytest.fixture(autouse=True)
def _cheap_hashes_and_no_failures_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    hash_cheaply(monkeypatch)
    limits.cache_clear()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium that starts."""
    return find_chromium()
