"""How soon a developer sees what an edit does: `make dev`, a line changed, and the page of it asked for until it is another."""

import shutil
import sys
import time
import urllib.request
from pathlib import Path
from statistics import median

from benchmarks.reasons import OF_AN_EDIT
from benchmarks.report import Line
from tests.e2e.site import NEEDED, PROJECT
from tests.serving import Server, running

EDITS = 5
EDITED = "todo_app/api/health.py"
NAMES_THE_APP = "name = settings_of(request).api_name"


class Dev(Server):
    """The app as a developer runs it, on sources of its own."""

    def __init__(self, place: Path) -> None:
        super().__init__("", place / "data")
        self.directory = place
        self.environment["PORT"] = str(self.port - 1)  # that of the pages; the API has the next one
        for name in ("REFLEX_WEB_WORKDIR", "REFLEX_ENV_MODE", "__REFLEX_SKIP_COMPILE", "DATABASE_URL"):
            self.environment.pop(name, None)
        for name in (*NEEDED, "reflex.lock"):
            source = PROJECT / name
            (shutil.copytree if source.is_dir() else shutil.copy)(source, place / name)

    def command(self) -> list[str]:
        """As `make dev` has it."""
        return [sys.executable, "-m", "todo_app", "dev"]


def measure(directory: Path) -> list[Line]:
    """The line about an edit."""
    place = directory / "dev"
    place.mkdir()
    with running(Dev(place)) as server:
        took = [_edit(server, place / EDITED, f"edit {number}") for number in range(EDITS)]
    told = f"{median(took):.2f} s"
    return [Line("an edit of a handler, until it has an effect", "≤ 1.5 s", told, median(took) <= 1.5, OF_AN_EDIT)]


def _edit(server: Server, file: Path, word: str) -> float:
    """The seconds until the server says `word`."""
    source = (PROJECT / EDITED).read_text()
    time.sleep(1)  # a person looks at what they did, too
    began = time.perf_counter()
    file.write_text(source.replace(NAMES_THE_APP, f'name = "{word}"'))
    while word not in _said(server):
        time.sleep(0.02)
    return time.perf_counter() - began


def _said(server: Server) -> str:
    try:
        with urllib.request.urlopen(f"{server.url}/health", timeout=5) as answer:
            return str(answer.read(), "utf-8")
    except OSError:
        return ""
