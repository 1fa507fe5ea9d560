"""`serve`: check, migrate, build if needed, then answer for pages and API on one port."""

import os
import sys
import tempfile

from todo_app import metrics
from todo_app.commands.build import build_if_changed
from todo_app.commands.environment import reflex_environment
from todo_app.commands.migrate import check_and_migrate
from todo_app.config import Settings


def serve(settings: Settings, host: str, workers: int) -> None:
    """Turns this process into the web server; returns only by raising.

    `reflex run --env prod` would compile the pages at every start. So the server is started as Reflex starts it, with the two
    internal variables that Reflex 0.10.1 sets itself: take the pages as built, and serve them beside the API.
    """
    if workers > 1 and not settings.redis_url:
        sys.exit("Bad setting: REDIS_URL is needed for more than one worker; give it, or start one worker.")
    check_and_migrate()
    build_if_changed(settings)
    environment = {
        **reflex_environment(),
        "REFLEX_ENV_MODE": "prod",
        "__REFLEX_SKIP_COMPILE": "true",
        "__REFLEX_MOUNT_FRONTEND_COMPILED_APP": "true",
    }
    if settings.metrics_token and workers > 1:
        environment[metrics.DIRECTORY] = tempfile.mkdtemp(prefix="todo-metrics-")
    print(f"Serving {settings.frontend_url} (Ctrl+C stops it)", flush=True)
    # In place of this process, so that a signal meant for the server reaches it.
    os.execve(sys.executable, _server_command(host, settings.port, workers), environment)  # noqa: S606


def _server_command(host: str, port: int, workers: int) -> list[str]:
    options = {
        "interface": "asgi",
        "host": host,
        "port": port,
        "workers": workers,
        "log-level": "warning",
        "workers-kill-timeout": "10s",
    }
    flags = [f"--{name}={value}" for name, value in options.items()]
    return [sys.executable, "-m", "granian", *flags, "--factory", "--respawn-failed-workers", "todo_app.todo_app:app"]
