"""`restore`: the database as a backup has it, all of it or nothing."""

import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import Connection, select

from todo_app.commands.backup_file import Digests, copy_rows, describe, digests, open_file, tables
from todo_app.commands.migrate import check_and_migrate, upgrade
from todo_app.config import Settings
from todo_app.db import database


def restore(settings: Settings, file: Path, *, overwrite: bool) -> None:
    """Puts every row of the backup into the database, reads them back and compares, in one transaction.

    Ends the process with one line, and leaves the database as it was, if the file is no backup of this or an earlier release, or if
    there is something in the database and `overwrite` is false.
    """
    _check(file)
    check_and_migrate()
    with _opened(file, settings) as source, database().engine.begin() as target:
        if not overwrite and _has_rows(target):
            sys.exit(
                "There is data in this database, and a restore would replace all of it. Make a backup of it first (make backup), "
                "then say so: make restore FILE=… OVERWRITE=yes"
            )
        found = _replace(source, target)
    print(f"Restored {describe(found)}, read back and found equal.", flush=True)


def _check(file: Path) -> None:
    if not file.is_file():
        sys.exit(f"There is no file {file}; name a backup: make restore FILE=…")
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            problems = [row[0] for row in connection.execute("PRAGMA integrity_check")]
            known = connection.execute("SELECT 1 FROM sqlite_schema WHERE name = 'alembic_version'").fetchone()
    except sqlite3.DatabaseError as error:
        sys.exit(f"{file} can't be read as a backup ({error}).")
    if problems != ["ok"]:
        sys.exit(f"{file} is damaged ({problems[0]}); take another backup.")
    if not known:
        sys.exit(f"{file} is a database, but no backup of this app.")


@contextmanager
def _opened(file: Path, settings: Settings) -> Iterator[Connection]:
    """The backup with the tables of this release. Those are made in a copy: a backup stays as it is."""
    with tempfile.TemporaryDirectory(dir=settings.data_dir) as directory:
        copy = Path(directory) / file.name
        shutil.copyfile(file, copy)
        engine = open_file(copy, settings)
        try:
            upgrade(engine)
            with engine.connect() as connection:
                yield connection
        except CommandError as error:
            sys.exit(f"{file} can't be restored: {error}. Is it from a newer release?")
        finally:
            engine.dispose()


def _has_rows(connection: Connection) -> bool:
    return any(connection.execute(select(table).limit(1)).first() for table in tables())


def _replace(source: Connection, target: Connection) -> Digests:
    for table in reversed(tables()):
        target.execute(table.delete())
    copy_rows(source, target)
    found = digests(target)
    if found != digests(source):
        sys.exit("What was written is not equal to the backup, so nothing was changed. Please report this.")
    return found
