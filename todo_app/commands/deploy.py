"""`deploy`: put this release on Reflex Cloud, with the settings in `.env.cloud`."""

import os
import sys
from pathlib import Path

from dotenv import dotenv_values

from todo_app.commands.build import STAMP
from todo_app.commands.environment import build_environment
from todo_app.commands.migrate import check_and_migrate
from todo_app.config import load_settings_or_exit

CLOUD_SETTINGS = Path(".env.cloud")
NEEDED = ("DATABASE_URL", "AUTH_SECRET", "FRONTEND_URL")


def deploy() -> None:
    """Turns this process into `reflex deploy`; returns only by raising.

    The database is brought up to date from here, since Reflex Cloud starts the app and nothing before it.
    """
    given = {name: value for name, value in dotenv_values(CLOUD_SETTINGS).items() if value}
    missing = [name for name in NEEDED if name not in given]
    if missing:
        sys.exit(f"Write {' and '.join(missing)} into {CLOUD_SETTINGS} first (see .env.example); they are sent to Reflex Cloud.")
    os.environ.update(given)
    load_settings_or_exit()
    check_and_migrate()
    STAMP.unlink(missing_ok=True)  # Reflex builds for another address in the same place
    command = [sys.executable, "-m", "reflex", "deploy", "--envfile", str(CLOUD_SETTINGS)]
    os.execve(sys.executable, command, build_environment())  # noqa: S606
