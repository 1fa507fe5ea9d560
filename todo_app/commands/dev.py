"""`dev`: the app with hot reload of pages and handlers."""

import os
import sys

from todo_app.commands.environment import build_environment
from todo_app.commands.migrate import check_and_migrate
from todo_app.config import Settings


def dev(settings: Settings) -> None:
    """Turns this process into Reflex's development server; returns only by raising.

    The pages stay on PORT, so that FRONTEND_URL holds, and call the API on the next port. The build has a directory of its own:
    one that is being served stays whole.
    """
    check_and_migrate()
    environment = build_environment(web_dir=".web-dev")
    api_port = settings.port + 1
    environment["REFLEX_API_URL"] = f"http://localhost:{api_port}"
    # Nothing else starts the server anew: Reflex would do it at each write of the database, whose files lie here too.
    environment["REFLEX_HOT_RELOAD_OVERRIDE_PATHS"] = "todo_app:assets:rxconfig.py"
    command = [sys.executable, "-m", "reflex", "run", "--backend-host", "127.0.0.1"]
    command += ["--frontend-port", str(settings.port), "--backend-port", str(api_port)]
    os.execve(sys.executable, command, environment)  # noqa: S606
