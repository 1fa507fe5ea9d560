"""`backup`: everything in the database as it is at one moment, in one file. The app may run and write meanwhile."""

import os
import sys
from pathlib import Path

from sqlalchemy import Connection

from todo_app.commands.backup_file import Digests, copy_rows, describe, digests, open_file
from todo_app.commands.migrate import check, is_current, upgrade
from todo_app.config import Settings
from todo_app.db import database
from todo_app.models.base import utc_now


def backup(settings: Settings, file: Path | None) -> None:
    """Writes the file (a new one in `DATA_DIR/backups` unless named), reads it back and compares.

    Ends the process with one line if the file exists already, or if the database can't be read.
    """
    check()
    file = file or _new_file(settings)
    if file.exists():
        sys.exit(f"{file} exists already; name another file.")
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.part")  # under its own name a backup is always a whole one
    draft.unlink(missing_ok=True)
    with database().snapshot() as source:
        if not is_current(source):
            sys.exit("The database has the tables of another release. Back it up with that release, before you update.")
        kept = _write(source, draft, settings)
    draft.rename(file)
    print(f"Backed up {describe(kept)}, read back and found equal: {file}", flush=True)


def _new_file(settings: Settings) -> Path:
    return settings.data_dir / "backups" / f"todo-{utc_now():%Y%m%d-%H%M%S}.db"


def _write(source: Connection, draft: Path, settings: Settings) -> Digests:
    draft.touch(mode=0o600)  # it holds what people wrote
    engine = open_file(draft, settings)
    try:
        upgrade(engine)
        with engine.begin() as target:
            copy_rows(source, target)
        with engine.connect() as copy:
            found = digests(copy)
    finally:
        engine.dispose()
    if found != digests(source):
        sys.exit(f"The backup is not equal to the database; it stays as {draft} to look at. Please report this.")
    _sync(draft)
    return found


def _sync(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
