"""The app as an operator runs it: built once, served by a process of its own that a test may kill."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.e2e.wire import Wire
from tests.servers import SECRET, one_at_a_time, own_environment
from tests.serving import free_port

PROJECT = Path(__file__).parents[2]
NEEDED = ("todo_app", "assets", "alembic", "alembic.ini", "rxconfig.py", "requirements.txt", ".npmrc")
SECONDS_TO_START = 120


def prepare(directory: Path) -> None:
    """A working directory with the project's sources and a build of its own, so that a developer's `.web` is left alone.

    What npm installed there is linked and not installed again.
    """
    for name in NEEDED:
        link = directory / name
        if not link.is_symlink():
            link.symlink_to(PROJECT / name)
    shutil.copytree(PROJECT / "reflex.lock", directory / "reflex.lock", dirs_exist_ok=True)  # a build may write there
    theirs, ours = PROJECT / ".web", directory / ".web"
    if (theirs / "node_modules").is_dir() and not (ours / "node_modules").is_dir():
        shutil.rmtree(ours, ignore_errors=True)
        ours.mkdir()
        for path in [*theirs.glob("package*.json"), *theirs.glob("*.cached")]:
            shutil.copy(path, ours)
        shutil.copytree(theirs / "node_modules", ours / "node_modules", symlinks=True, copy_function=os.link)


class Site:
    """A served app: pages and API at `url`, by way of `wire`."""

    def __init__(self, port: int, directory: Path, data_dir: Path, **settings: str) -> None:
        self.url = f"http://localhost:{port}"
        self._directory = directory
        self.data_dir = data_dir
        self._log = data_dir / "server.log"
        server_port = free_port()
        self._environment = {
            **own_environment(),
            "FRONTEND_URL": self.url,
            "PORT": str(server_port),
            "DATA_DIR": str(data_dir),
            "AUTH_SECRET": SECRET,
            "REGISTRATIONS_PER_ADDRESS": "1000",
            "LOGIN_FAILURES_PER_ADDRESS": "1000",
            "EVENTS_PER_USER_PER_MINUTE": "10000",
            "MAILS_PER_ADDRESS": "1000",
            **settings,
        }
        self._process: subprocess.Popen[bytes] | None = None
        self.wire = Wire(port, server_port)
        self._health = f"http://127.0.0.1:{server_port}/health"

    def build(self) -> None:
        """Builds the pages, unless they are unchanged since the last run or another process of this one has built them."""
        with one_at_a_time(self._directory / "turn"):
            prepare(self._directory)
            subprocess.run(self._command("build"), cwd=self._directory, env=self._environment, check=True)

    def start(self) -> None:
        """Returns when the server answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command("serve"), cwd=self._directory, env=self._environment, stdout=log, stderr=log, process_group=0
            )
        deadline = time.monotonic() + SECONDS_TO_START
        while not self._answers():
            if time.monotonic() > deadline or self._process.poll() is not None:
                raise RuntimeError(f"The server did not start:\n{self._log.read_text()[-4000:]}")
            time.sleep(0.1)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(self._health, timeout=5) as answer:
                return answer.status == 200
        except OSError:
            return False

    def kill(self) -> None:
        """SIGKILL to the server and its workers: no goodbye, nothing flushed."""
        if self._process:
            os.killpg(self._process.pid, 9)
            self._process.wait()

    def close(self) -> None:
        """Ends everything."""
        self.kill()
        self.wire.close()

    @staticmethod
    def _command(name: str) -> list[str]:
        return [sys.executable, "-m", "todo_app", name]
