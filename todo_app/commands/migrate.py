"""`migrate`: the database brought to the tables this release needs."""

import sys

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection, Engine

from todo_app import logs
from todo_app.config import load_settings_or_exit
from todo_app.db import database
from todo_app.errors import Unavailable


def check_and_migrate() -> None:
    """Ends the process with one line if the database can't be reached or is newer than this release."""
    check()
    try:
        upgrade(database().engine)
    except CommandError as error:
        sys.exit(f"The database can't be migrated: {error}. Is it from a newer release?")


def check() -> None:
    """Ends the process with one line if the database can't be reached."""
    logs.configure(load_settings_or_exit().debug)
    try:
        database().check()
    except Unavailable as error:
        # The driver's first line names host and cause, and never the password.
        reason = str(getattr(error.__cause__, "orig", error)).strip().partition("\n")[0]
        sys.exit(f"Bad setting: DATABASE_URL can't be reached ({reason}); start that database or correct the address.")


def upgrade(engine: Engine) -> None:
    """Brings any database to this release's tables; raises Alembic's `CommandError` if it is newer."""
    config = _config()
    config.attributes["connection"] = engine
    command.upgrade(config, "head")


def is_current(connection: Connection) -> bool:
    """Whether a database has the very tables of this release."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head


def _config() -> Config:
    return Config("alembic.ini")
