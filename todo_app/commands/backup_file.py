"""What a backup is: a SQLite database with every row of this release's tables, whichever database they come from.

So one format serves both, needs no tool of the database's own, and is also the way from SQLite to PostgreSQL or back.
"""

import hashlib
import json
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, select
from sqlmodel import SQLModel

import todo_app.models  # noqa: F401 - makes the tables known to SQLModel.metadata
from todo_app.config import Settings
from todo_app.db import make_engine

ROWS_AT_ONCE = 1000
# By table: how many rows, and a digest of them all, whatever their order.
Digests = dict[str, tuple[int, str]]


def open_file(path: Path, settings: Settings) -> Engine:
    """An engine on a backup; dispose of it, so that the file is whole without others beside it."""
    return make_engine(settings.model_copy(update={"database_url": f"sqlite:///{path}"}))


def tables() -> list[Table]:
    """Every table, those that others refer to first."""
    return SQLModel.metadata.sorted_tables


def copy_rows(source: Connection, target: Connection) -> None:
    """Adds all rows of one database to the other."""
    for table in tables():
        for rows in source.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table)).mappings().partitions():
            target.execute(table.insert(), [dict(row) for row in rows])


def digests(connection: Connection) -> Digests:
    """What two databases with the same rows have in common."""
    return {table.name: _digest(connection, table) for table in tables()}


def _digest(connection: Connection, table: Table) -> tuple[int, str]:
    """A sum, since the two databases have different ideas of order."""
    count = total = 0
    for row in connection.execution_options(yield_per=ROWS_AT_ONCE).execute(select(table)):
        text = json.dumps(list(row), default=str, sort_keys=True)  # PostgreSQL keeps a document's members in an order of its own
        total += int.from_bytes(hashlib.sha256(text.encode()).digest())
        count += 1
    return count, f"{total % 2**256:064x}"


def describe(found: Digests) -> str:
    """How much it is, for people."""
    rows = sum(count for count, _digest in found.values())
    return f"{found['users'][0]:,} accounts, {found['tasks'][0]:,} tasks, {rows:,} rows in all"
