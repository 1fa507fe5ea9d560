"""Databases, servers and people to measure with."""

import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.people import PASSWORD, insert_untracked
from tests.servers import SECRET, Postgres, migrate
from tests.serving import Server, running, running_server
from todo_app.config import Settings
from todo_app.db import Database
from todo_app.models import Task
from todo_app.schemas.accounts import Registration
from todo_app.services import access_tokens, accounts, sessions
from todo_app.services.actor import Actor

KINDS = ("sqlite", "postgresql")
# Nothing here is about limits.
NO_LIMITS = {
    "EVENTS_PER_USER_PER_MINUTE": "1000000",
    "SOCKETS_PER_ADDRESS": "100000",
    "REGISTRATIONS_PER_ADDRESS": "100000",
    "LOGIN_FAILURES_PER_ADDRESS": "100000",
}


class Peers(Server):
    """benchmarks/peers.py, served as the app is."""

    target = ("benchmarks.peers:app",)


class Nothing(Server):
    """benchmarks/noop.py, served as the app is."""

    target = ("--factory", "benchmarks.noop:app")
    health = "/_health"


@dataclass(frozen=True)
class Somebody:
    """A person with tasks, and what their browser and their script show to be let in."""

    actor: Actor
    task_ids: list[uuid.UUID]
    cookie: str
    access_token: str


@contextmanager
def new_database(kind: str, directory: Path, postgres: Postgres) -> Iterator[tuple[str, Database]]:
    """An empty, migrated database: its address, and a way into it."""
    name = f"bench_{uuid.uuid4().hex[:8]}"
    url = f"sqlite:///{directory}/{name}.db" if kind == "sqlite" else postgres.make_template(name)
    migrate(url, directory)
    db = Database(Settings(_env_file=None, database_url=url, auth_secret=SECRET, data_dir=directory))
    try:
        yield url, db
    finally:
        db.engine.dispose()


def somebody(db: Database, tasks: int) -> Somebody:
    """A new person with so many tasks, made without the change feed and without a password that would take its time."""
    data = Registration(email=f"{uuid.uuid4()}@example.com", password=PASSWORD, name="Somebody")
    user_id = db.write_now(accounts._add_user, data, "").id
    rows = [
        Task(owner_id=user_id, title=f"Task {n}", title_key=f"task {n}", search_text=f"task {n}\n", position=f"{n:06}")
        for n in range(tasks)
    ]
    if rows:
        db.write_now(lambda session: insert_untracked(session.connection(), rows))
    browser, script = (db.write_now(sessions.begin, user_id, kind, "a benchmark") for kind in ("browser", "api"))
    token = access_tokens.issue(user_id, script.session_id, SECRET)
    return Somebody(Actor(user_id, script.session_id, "UTC"), [row.id for row in rows], browser.token, token)


def peers(directory: Path, body: bytes) -> AbstractContextManager[Server]:
    """The bare server, which answers with these bytes."""
    (directory / "body").write_bytes(body)
    return running(Peers("", directory, BODY=str(directory / "body")))


def nothing(directory: Path) -> AbstractContextManager[Server]:
    """The Reflex app that does nothing."""
    return running(Nothing(f"sqlite:///{directory}/none.db", directory))


@contextmanager
def workers(number: int, url: str, directory: Path, **settings: str) -> Iterator[list[Server]]:
    """So many processes of the app on one database."""
    with ExitStack() as stack:
        yield [stack.enter_context(running_server(url, directory / f"worker{n}", **NO_LIMITS, **settings)) for n in range(number)]
