"""`serve`: check, migrate, build if needed, then answer for pages and API on one port."""

import os
import resource
import sys
import tempfile

from todo_app import metrics
from todo_app.commands.build import build_if_changed
from todo_app.commands.environment import reflex_environment
from todo_app.commands.migrate import check_and_migrate
from todo_app.config import Settings

# How many connections without a websocket one process holds; the next waits until one of them ends. One that sends nothing, or its
# headers too slowly, ends after so many seconds. (One that sends its body too slowly: see api/body.py.)
CONNECTIONS = 4096
SECONDS_FOR_HEADERS = 30
# What is read ahead of each of them, and the longest headers.
BUFFER = 64 * 1024
# Connections, websockets and the database's own: each is an open file, and many systems give a process 1,024 unless it asks.
OPEN_FILES = 16_384


def serve(settings: Settings, host: str, workers: int) -> None:
    """Turns this process into the web server; returns only by raising.

    `reflex run --env prod` would compile the pages at every start. So the server is started as Reflex starts it, with the two
    internal variables that Reflex 0.10.1 sets itself: take the pages as built, and serve them beside the API.
    """
    if workers > 1 and not settings.redis_url:
        sys.exit("Bad setting: REDIS_URL is needed for more than one worker; give it, or start one worker.")
    check_and_migrate()
    build_if_changed(settings)
    allow_open_files()
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


def allow_open_files() -> None:
    """Lets this process, and what it starts, open as many files as it may, up to `OPEN_FILES`."""
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if most == resource.RLIM_INFINITY else min(OPEN_FILES, most)
    if now != resource.RLIM_INFINITY and now < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


def server_flags(host: str, port: int, workers: int) -> list[str]:
    """How the server is started, whatever it is to serve."""
    options = {
        "interface": "asgi",
        # Proxies speak it, and websockets need it. Where HTTP/2 may come too, the first byte is waited for without end.
        "http": "1",
        "http1-header-read-timeout": SECONDS_FOR_HEADERS * 1000,
        "http1-buffer-size": BUFFER,
        "backpressure": CONNECTIONS,
        "host": host,
        "port": port,
        "workers": workers,
        "log-level": "warning",
        "workers-kill-timeout": "10s",
    }
    return [f"--{name}={value}" for name, value in options.items()]


def _server_command(host: str, port: int, workers: int) -> list[str]:
    flags = server_flags(host, port, workers)
    return [sys.executable, "-m", "granian", *flags, "--factory", "--respawn-failed-workers", "todo_app.todo_app:app"]
