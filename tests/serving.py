"""The app as a process of its own, for tests of what survives it. Only the API and the pages' websocket: no page is built."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import ClassVar, Protocol

from tests.servers import SECRET
from todo_app.commands.environment import reflex_environment
from todo_app.commands.serve import server_flags

SECONDS_TO_START = 120


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Served(Protocol):
    """Where the app is reached."""

    url: str


class Server:
    """One server on one database, which can be started again after it was killed."""

    target: ClassVar[tuple[str, ...]] = ("--factory", "todo_app.todo_app:app")
    health: ClassVar[str] = "/health"
    directory: Path | None = None  # where it is started; None: here

    def __init__(
        self, database_url: str, data_dir: Path, *, host: str = "127.0.0.1", port: int | None = None, **settings: str
    ) -> None:
        self.host, self.port = host, port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.log = data_dir / "server.log"
        given = {"database_url": database_url, "auth_secret": SECRET, "data_dir": data_dir, "port": self.port}
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.environment = {
            **reflex_environment(web_dir=str(data_dir / "web")),
            **{name.upper(): str(value) for name, value in given.items()},
            **settings,
            "REFLEX_ENV_MODE": "prod",
            "__REFLEX_SKIP_COMPILE": "true",
        }
        self._process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """What it is started with."""
        flags = server_flags(self.host, self.port, workers=1)
        return [sys.executable, "-m", "granian", *flags, "--log-level=info", *self.target]

    def start(self) -> None:
        """Returns when it answers; raises if it does not within `SECONDS_TO_START`."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self.command(), cwd=self.directory, env=self.environment, stdout=log, stderr=log, process_group=0
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                self.kill()
                raise RuntimeError(f"The server did not start:\n{self.log.read_text()[-4000:]}")
            time.sleep(0.02)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://{self.host}:{self.port}{self.health}", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    @property
    def pid(self) -> int:
        """The number of its first process; the worker is a child of that one."""
        assert self._process
        return self._process.pid

    def kill(self) -> None:
        """SIGKILL to it and its worker: no goodbye, nothing flushed."""
        if self._process:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None

    def stop(self) -> None:
        """As an operator stops it."""
        if self._process:
            self._process.terminate()
            self._process.wait(20)
            self._process = None


@contextmanager
def running(server: Server) -> Iterator[Server]:
    """The server, once it answers; it is gone afterwards."""
    try:
        server.start()
        yield server
    finally:
        server.kill()


def running_server(database_url: str, data_dir: Path, **settings: str) -> AbstractContextManager[Server]:
    """A server of the app that answers, and is gone afterwards."""
    return running(Server(database_url, data_dir, **settings))
