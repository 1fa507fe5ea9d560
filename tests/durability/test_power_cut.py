"""A power cut leaves of SQLite's files what was synced. What was acknowledged is in that, and nothing is half there."""

import random
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlmodel import select

from tests.durability.conftest import THOROUGH
from tests.durability.disk import Acknowledged, Disk, Synced, after_power_cut, watched_disk
from tests.durability.whole import assert_feed_tells_the_rows, assert_sound
from tests.people import ANA, register
from tests.servers import SECRET
from todo_app import db as db_module
from todo_app.config import Settings
from todo_app.db import Database
from todo_app.models import Task
from todo_app.schemas.tasks import TaskFields, TaskPatch
from todo_app.services import tasks

pytestmark = pytest.mark.slow

WRITERS = 8
TURNS = 20  # enough for the write-ahead log to be taken over into the database meanwhile
CUTS = 500 if THOROUGH else 8


class Machine:
    """One database of Ana's, that eight threads have written to, and all that its disk was asked."""

    def __init__(self, directory: Path, template: Path) -> None:
        self._directory = directory
        self._file = directory / "todo.db"
        directory.mkdir()
        shutil.copy(template, self._file)
        db = self.open(directory)
        self.ana = register(db, ANA, "Ana")
        db.engine.dispose()
        self._before = {self._file: self._file.read_bytes()}
        with watched_disk(directory) as disk:
            db = self.open(directory)
            with ThreadPoolExecutor(WRITERS) as threads:
                list(threads.map(lambda number: self._write(db, disk, number), range(WRITERS)))
            self.events = list(disk.events)
            db.engine.dispose()

    @staticmethod
    def open(directory: Path) -> Database:
        """The database as the app opens it."""
        return Database(
            Settings(_env_file=None, database_url=f"sqlite:///{directory}/todo.db", auth_secret=SECRET, data_dir=directory)
        )

    def _write(self, db: Database, disk: Disk, number: int) -> None:
        for turn in range(TURNS):
            made = db.write_now(tasks.create_task, self.ana, TaskFields(title=f"{number} {turn}"))
            disk.acknowledge(made.title)
            db.write_now(tasks.update_task, self.ana, made.id, TaskPatch(title=f"{number} {turn} changed"))
            disk.acknowledge(f"{number} {turn} changed")

    def cut(self, directory: Path, chance: random.Random) -> set[str]:
        """Cuts the power at some moment, starts again in another directory, and returns which acknowledged titles are lost."""
        moment = chance.randrange(len(self.events))
        directory.mkdir()
        for path, content in after_power_cut(self._before, self.events[:moment], chance).items():
            (directory / path.name).write_bytes(content)
        db = self.open(directory)
        assert_sound(directory / "todo.db")
        assert_feed_tells_the_rows(db)
        told = {event.what for event in self.events[:moment] if isinstance(event, Acknowledged)}
        titles = set(db.read_now(lambda session: session.exec(select(Task.title)).all()))
        db.write_now(tasks.create_task, self.ana, TaskFields(title="And life goes on"))
        db.engine.dispose()
        shutil.rmtree(directory)
        return {title for title in told if title not in titles and f"{title} changed" not in titles}


def test_a_power_cut_loses_nothing_acknowledged(sqlite_template: Path, tmp_path: Path, chance: random.Random) -> None:
    machine = Machine(tmp_path / "machine", sqlite_template)
    assert any(isinstance(event, Synced) and event.path.suffix == ".db" for event in machine.events), "no checkpoint was seen"
    lost = [machine.cut(tmp_path / f"cut-{number}", chance) for number in range(CUTS)]
    print(f"power cut {CUTS} times among {len(machine.events)} writes and syncs: {sum(map(len, lost))} acknowledged writes lost")
    assert lost == [set()] * CUTS


def test_without_a_sync_at_each_commit_the_same_cuts_do_lose_something(
    sqlite_template: Path, tmp_path: Path, chance: random.Random, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So what the test above sees is no accident."""
    monkeypatch.setitem(db_module.SQLITE_PRAGMAS, "synchronous", 1)
    machine = Machine(tmp_path / "machine", sqlite_template)
    assert any(machine.cut(tmp_path / f"cut-{number}", chance) for number in range(10))
