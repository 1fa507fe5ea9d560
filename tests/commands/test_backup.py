"""`make backup` and `make restore`: what comes back is what was there."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config

from tests.people import ANA, BOB, register
from todo_app import __main__ as command_line
from todo_app.commands import backup_file
from todo_app.commands.backup_file import digests, open_file
from todo_app.config import Settings, get_settings
from todo_app.db import Database, database
from todo_app.schemas.organise import LabelFields, ProjectFields
from todo_app.schemas.tasks import ChangesQuery, TaskFields, TaskQuery
from todo_app.services import changes, labels, projects, task_lists, tasks
from todo_app.services.actor import Actor


@pytest.fixture
def ana(db: Database) -> Actor:
    """Ana, with something in most tables; Bob has an account too."""
    ana = register(db, ANA, "Ana 🌱")
    home = db.write_now(projects.create_project, ana, ProjectFields(name="Home"))
    label = db.write_now(labels.create_label, ana, LabelFields(name="calls"))
    fields = TaskFields.model_validate(
        {
            "title": "Call Sam",
            "notes": "in the\nevening",
            "due_date": "2026-01-27",
            "due_time": "10:00",
            "time_zone": "Europe/Berlin",
            "project_id": home.id,
            "label_ids": [label.id],
        }
    )
    task = db.write_now(tasks.create_task, ana, fields)
    db.write_now(tasks.create_task, ana, TaskFields(title="Which number", parent_id=task.id))
    db.write_now(tasks.delete_task, ana, db.write_now(tasks.create_task, ana, TaskFields(title="In Trash")).id)
    register(db, BOB, "Bob")
    return ana


def digests_of(db: Database) -> backup_file.Digests:
    with db.snapshot() as connection:
        return digests(connection)


def digests_of_file(path: Path, settings: Settings) -> backup_file.Digests:
    engine = open_file(path, settings)
    with engine.connect() as connection:
        found = digests(connection)
    engine.dispose()
    return found


def use(settings: Settings, url: str, monkeypatch: pytest.MonkeyPatch) -> Database:
    """From now on the app's database is another one."""
    database().engine.dispose()
    monkeypatch.setenv("DATABASE_URL", url)
    get_settings.cache_clear()
    database.cache_clear()
    return database()


@pytest.fixture
def saved(ana: Actor, tmp_path: Path) -> Path:
    command_line.main(["backup", str(tmp_path / "kept" / "saved.db")])
    return tmp_path / "kept" / "saved.db"


def test_a_backup_comes_back_equal_row_by_row(
    db: Database, ana: Actor, saved: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    before = digests_of(db)
    listed = db.read_now(task_lists.list_tasks, ana, TaskQuery())
    feed = db.read_now(changes.list_changes, ana, ChangesQuery())
    db.write_now(tasks.create_task, ana, TaskFields(title="Since then"))
    db.write_now(tasks.delete_task, ana, listed.items[0].id)
    assert digests_of(db) != before
    command_line.main(["restore", str(saved), "--overwrite"])
    assert digests_of(db) == before == digests_of_file(saved, settings)
    assert db.read_now(task_lists.list_tasks, ana, TaskQuery()) == listed
    assert db.read_now(changes.list_changes, ana, ChangesQuery()) == feed
    db.write_now(changes.undo, ana)  # and goes on as ever
    assert "Restored 2 accounts, 3 tasks" in capsys.readouterr().out


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_backup_moves_everything_from_sqlite_to_postgresql(
    db: Database, saved: Path, settings: Settings, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests_of(db)
    template = request.getfixturevalue("postgres_template")
    with request.getfixturevalue("postgres").copy_of(template) as url:
        other = use(settings, url, monkeypatch)
        command_line.main(["restore", str(saved)])
        assert digests_of(other) == before


def test_a_backup_is_of_one_moment_while_others_write(db: Database, ana: Actor, settings: Settings, tmp_path: Path) -> None:
    done = threading.Event()

    def write() -> Iterator[None]:
        while not done.is_set():
            made = db.write_now(tasks.create_task, ana, TaskFields(title="One of many"))
            yield db.write_now(tasks.delete_task, ana, made.id)

    writer = threading.Thread(target=lambda: list(write()))
    writer.start()
    for number in range(3):
        command_line.main(["backup", str(tmp_path / f"{number}.db")])
    done.set()
    writer.join()
    for number in range(3):
        with closing(sqlite3.connect(tmp_path / f"{number}.db")) as copy:
            assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
            assert copy.execute("PRAGMA foreign_key_check").fetchall() == []
            numbers = [row[0] for row in copy.execute("SELECT id FROM changes ORDER BY id")]
            last = copy.execute("SELECT max(last_change) FROM users").fetchone()[0]
            assert numbers == list(range(1, last + 1))
            assert copy.execute("SELECT count(DISTINCT change_id) FROM change_items").fetchone()[0] == last


def test_a_backup_without_a_name_lies_in_the_data_directory_for_nobody_else_to_read(
    ana: Actor, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    command_line.main(["backup"])
    assert "Backed up 2 accounts, 3 tasks" in capsys.readouterr().out
    [made] = (settings.data_dir / "backups").iterdir()
    assert made.name.startswith("todo-")
    assert made.stat().st_mode & 0o777 == 0o600
    assert made.parent.stat().st_mode & 0o777 == 0o700


def test_no_table_numbers_its_rows_by_a_sequence_which_a_restore_would_have_to_set() -> None:
    assert [table.name for table in backup_file.tables() if table.autoincrement_column is not None] == []


def test_a_backup_never_overwrites_a_file(ana: Actor, saved: Path) -> None:
    before = saved.read_bytes()
    with pytest.raises(SystemExit, match="exists already"):
        command_line.main(["backup", str(saved)])
    assert saved.read_bytes() == before


def test_a_backup_of_another_release_s_tables_is_refused(db: Database, tmp_path: Path) -> None:
    config = Config("alembic.ini")
    config.attributes["connection"] = db.engine
    command.downgrade(config, "-1")
    with pytest.raises(SystemExit, match="another release"):
        command_line.main(["backup", str(tmp_path / "saved.db")])


def test_a_restore_replaces_nothing_unless_told_to(db: Database, ana: Actor, saved: Path) -> None:
    db.write_now(tasks.create_task, ana, TaskFields(title="Since then"))
    before = digests_of(db)
    with pytest.raises(SystemExit, match="OVERWRITE=yes"):
        command_line.main(["restore", str(saved)])
    assert digests_of(db) == before


def test_a_restore_that_does_not_come_out_equal_changes_nothing(
    db: Database, ana: Actor, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests_of(db)
    monkeypatch.setattr("todo_app.commands.restore.copy_rows", lambda _source, _target: None)
    with pytest.raises(SystemExit, match="nothing was changed"):
        command_line.main(["restore", str(saved), "--overwrite"])
    assert digests_of(db) == before


def test_a_backup_that_does_not_come_out_equal_gets_no_name(ana: Actor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("todo_app.commands.backup.copy_rows", lambda _source, _target: None)
    with pytest.raises(SystemExit, match="not equal"):
        command_line.main(["backup", str(tmp_path / "saved.db")])
    assert not (tmp_path / "saved.db").exists()


def test_a_backup_of_an_earlier_release_is_brought_up_to_date_and_left_as_it_was(
    db: Database, ana: Actor, saved: Path, settings: Settings
) -> None:
    before = digests_of(db)
    engine = open_file(saved, settings)
    config = Config("alembic.ini")
    config.attributes["connection"] = engine
    command.downgrade(config, "-1")
    engine.dispose()
    old = saved.read_bytes()
    command_line.main(["restore", str(saved), "--overwrite"])
    assert {name: count for name, (count, _) in digests_of(db).items()}["tasks"] == before["tasks"][0]
    assert saved.read_bytes() == old


def test_what_is_no_backup_is_not_restored(db: Database, ana: Actor, saved: Path, tmp_path: Path) -> None:
    before = digests_of(db)
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("CREATE TABLE recipes (name)")
    text = tmp_path / "text.db"
    text.write_text("SQL was here" * 1000)
    newer = tmp_path / "newer.db"
    newer.write_bytes(saved.read_bytes())
    with closing(sqlite3.connect(newer)) as connection, connection:
        connection.execute("UPDATE alembic_version SET version_num = '29991231_far_ahead'")
    damaged = tmp_path / "damaged.db"
    content = bytearray(saved.read_bytes())
    content[20_000:60_000] = b"\0" * 40_000
    damaged.write_bytes(content)
    for path, reason in {
        tmp_path / "missing.db": "no file",
        other: "no backup of this app",
        text: "can't be read",
        newer: "newer release",
        damaged: "damaged|can't be read",
    }.items():
        with pytest.raises(SystemExit, match=reason):
            command_line.main(["restore", str(path), "--overwrite"])
    assert digests_of(db) == before
