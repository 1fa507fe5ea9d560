"""The engine, and the one way to use it: a function that takes a session, run as one transaction in a worker thread.

    task = await database().write(tasks.create_task, actor, fields)

Services never commit; this module does, once the function has returned, and rolls back if it raised. SQLAlchemy here is the
plain synchronous kind: a thread per running transaction keeps the event loop free, and is the fastest thing measured with psycopg2.
"""

import asyncio
import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import copy_context
from functools import lru_cache, partial
from threading import Lock
from typing import Any, Concatenate, ParamSpec, TypeVar

import structlog
from opentelemetry import trace
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlmodel import Session
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt, wait_random_exponential

from todo_app.change_feed import FeedSession, recorded_number
from todo_app.config import Settings, get_settings
from todo_app.errors import StorageFull, Unavailable
from todo_app.metrics import CONNECTIONS, TRANSACTIONS

P = ParamSpec("P")
R = TypeVar("R")

SQLITE_BUSY_MILLISECONDS = 30_000
# SQLite's driver lets go of the interpreter at each row it reads, so more threads mostly interrupt each other: 15 answer a tenth
# less than these. One may write and one read for long while the third answers.
SQLITE_THREADS = 3
# What each SQLite connection must run with. WAL with synchronous=NORMAL would lose acknowledged commits at a power cut.
SQLITE_PRAGMAS = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": SQLITE_BUSY_MILLISECONDS}
# serialization_failure and deadlock_detected: PostgreSQL asks for the whole transaction to be tried again.
RETRIED_CODES = {"40001", "40P01"}
# PostgreSQL's disk_full
FULL_CODE = "53100"
# From this long on a transaction is worth a line in the log of somebody who asked for more of them.
SLOW_SECONDS = 0.2
_tracer = trace.get_tracer("todo_app")


def make_engine(settings: Settings) -> Engine:
    """An engine for the configured database; it opens no connection until the first use."""
    url = make_url(settings.database_url)
    options: dict[str, Any] = {"pool_size": settings.db_pool_size, "max_overflow": settings.db_max_overflow}
    if url.get_backend_name() == "sqlite":
        options["connect_args"] = {"check_same_thread": False}
    else:
        options |= {"connect_args": {"connect_timeout": 5}, "pool_pre_ping": True}  # a server may have gone meanwhile
    # A failed statement's text ends up in logs: without the titles, emails and hashes in it.
    engine = create_engine(url, hide_parameters=True, **options)
    event.listen(engine, "checkout", lambda *_: CONNECTIONS.inc())
    event.listen(engine, "checkin", lambda *_: CONNECTIONS.dec())
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the driver's own BEGIN comes too late; _begin_sqlite says when
    cursor = connection.cursor()
    for name, value in SQLITE_PRAGMAS.items():
        cursor.execute(f"PRAGMA {name}={value}")
    actual = {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in SQLITE_PRAGMAS}
    cursor.close()
    if actual != SQLITE_PRAGMAS:
        raise RuntimeError(f"SQLite refused its settings: wanted {SQLITE_PRAGMAS}, got {actual}")


def _begin_sqlite(connection: Connection) -> None:
    """A writer takes the write lock at the start: read first and lock later fails with 'database is locked' under load."""
    if connection.get_execution_options().get("reads_only", False):
        # Straight to the driver: it can't fail, and SQLAlchemy's care for what can would be a fifth of a short read.
        connection.connection.cursor().execute("BEGIN")
    else:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _is_outage(error: DBAPIError) -> bool:
    """A connection that broke in mid-statement may come as an error of any kind."""
    return isinstance(error, OperationalError | InterfaceError) or error.connection_invalidated


def _is_full(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    return code == sqlite3.SQLITE_FULL or getattr(error.orig, "pgcode", None) == FULL_CODE


def _unavailable(error: DBAPIError | PoolTimeout) -> Unavailable:
    """What to tell people; the reason is for the log."""
    reason = str(getattr(error, "orig", error)).strip().partition("\n")[0]
    if isinstance(error, DBAPIError) and _is_full(error):
        structlog.get_logger().error("database_full", reason=reason)
        return StorageFull("There is no room left to store this, so nothing was changed. Please tell whoever runs this.")
    structlog.get_logger().warning("database_away", reason=reason)
    return Unavailable("The database can't be reached right now. Please try again in a moment.")


def _should_retry(error: BaseException) -> bool:
    return isinstance(error, DBAPIError) and getattr(error.orig, "pgcode", None) in RETRIED_CODES


def _note_retry(state: RetryCallState) -> None:
    error = state.outcome.exception() if state.outcome else None
    code = getattr(getattr(error, "orig", None), "pgcode", None)
    structlog.get_logger().debug("database_asks_again", code=code, attempt=state.attempt_number)


_retrying = Retrying(
    retry=retry_if_exception(_should_retry),
    stop=stop_after_attempt(3),
    wait=wait_random_exponential(multiplier=0.02, max=0.5),
    before_sleep=_note_retry,
    reraise=True,
)


class Database:
    """The configured database."""

    def __init__(self, settings: Settings) -> None:
        self.engine = make_engine(settings)
        reading: dict[str, Any] = {"reads_only": True}
        if self.engine.dialect.name == "postgresql":
            reading["postgresql_readonly"] = True
        self._reading_engine = self.engine.execution_options(**reading)
        # SQLite's own waiting is by trying again, and under load somebody is always quicker: our writers queue here first.
        self._turn: AbstractContextManager[Any] = Lock() if self.engine.dialect.name == "sqlite" else nullcontext()
        # As many threads as connections: a thread without one would only wait for it.
        threads = settings.db_pool_size + settings.db_max_overflow
        if self.engine.dialect.name == "sqlite":
            threads = min(threads, SQLITE_THREADS)
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="db")

    def _run(self, engine: Engine, work: Callable[[Session], R]) -> tuple[R, int | None]:
        """Runs `work` as one transaction; tries the whole of it again, three times in all, where the database asks for that."""
        began = time.monotonic()
        kind = "write" if engine is self.engine else "read"
        try:
            with _tracer.start_as_current_span(f"database {kind}"):
                return _retrying(self._once, engine, work)
        except (DBAPIError, PoolTimeout) as error:
            if isinstance(error, DBAPIError) and not _is_outage(error):
                raise
            raise _unavailable(error) from error
        finally:
            seconds = time.monotonic() - began
            TRANSACTIONS.labels(kind).observe(seconds)
            if seconds > SLOW_SECONDS:
                structlog.get_logger().debug("database_slow", milliseconds=round(seconds * 1000), kind=kind)

    def _once(self, engine: Engine, work: Callable[[Session], R]) -> tuple[R, int | None]:
        turn = self._turn if engine is self.engine else nullcontext()
        with turn, FeedSession(engine, expire_on_commit=False) as session:
            with session.begin():
                result = work(session)
            return result, recorded_number(session)

    def write_now(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Runs `work(session, …)` as one transaction, in this thread."""
        return self._run(self.engine, lambda session: work(session, *args, **kwargs))[0]

    def read_now(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Like `write_now` for work that only reads: it takes no write lock, and on PostgreSQL can't write at all."""
        return self._run(self._reading_engine, lambda session: work(session, *args, **kwargs))[0]

    async def write(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`write_now` in a worker thread, so that the event loop stays free."""
        return await self._in_thread(partial(self.write_now, work, *args, **kwargs))

    async def read(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        """`read_now` in a worker thread, so that the event loop stays free."""
        return await self._in_thread(partial(self.read_now, work, *args, **kwargs))

    async def change(self, work: Callable[Concatenate[Session, P], R], *args: P.args, **kwargs: P.kwargs) -> tuple[R, int | None]:
        """Like `write`, and also gives the number of the change it made in the change feed, None if nothing changed."""
        return await self._in_thread(lambda: self._run(self.engine, lambda session: work(session, *args, **kwargs)))

    async def _in_thread(self, work: Callable[[], R]) -> R:
        # With the caller's context, so that what the thread logs carries the id of the request too.
        return await asyncio.get_running_loop().run_in_executor(self._threads, copy_context().run, work)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """A connection that sees the database as it is at one moment, for as long as it is open, and can't write."""
        options = {} if self.engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
        with self._reading_engine.connect().execution_options(**options) as connection:
            yield connection

    def check(self) -> None:
        """Raises `Unavailable` unless the database answers."""
        self.read_now(lambda session: session.connection().execute(text("SELECT 1")))


@lru_cache(maxsize=1)
def database() -> Database:
    """The database of this process, by the settings."""
    return Database(get_settings())
