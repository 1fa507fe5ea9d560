"""What Alembic runs: connects with the app's own engine, and compares with the app's own models."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import Connection, Engine, text
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import todo_app.models  # noqa: F401 - makes the tables known to SQLModel.metadata
from todo_app.config import get_settings
from todo_app.db import make_engine
from todo_app.models.base import UtcDateTime

# Any number will do, as long as every host of ours uses the same one.
MIGRATION_LOCK = 7_301_951


def render_item(kind: str, item: Any, _autogen_context: Any) -> str | Literal[False]:
    """Migrations stay true when the models move on: they name plain SQL types, not ours."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String({item.length or ''})"
    return False


def migrate(connection: Connection) -> None:
    """Runs the migrations on an open connection."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        render_item=render_item,
        transactional_ddl=True,
    )
    # All migrations are one transaction. Of two hosts that start at once the second waits for its end, and finds nothing to do:
    # on SQLite by its beginning (see todo_app/db.py), on PostgreSQL by a lock.
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        context.run_migrations()


given: Connection | Engine | None = context.config.attributes.get("connection")
if isinstance(given, Connection):
    migrate(given)
else:
    with (given or make_engine(get_settings())).connect() as own_connection:
        migrate(own_connection)
