"""Figures for operators, in Prometheus's format. They count and time; they hold nobody's words and nobody's id.

Several workers of one host write theirs into files of one directory (`PROMETHEUS_MULTIPROC_DIR`, which `serve` sets), so that
whichever is asked answers for all.
"""

import os
import time
from pathlib import Path

from prometheus_client import REGISTRY, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from starlette.types import ASGIApp, Message, Receive, Scope, Send

DIRECTORY = "PROMETHEUS_MULTIPROC_DIR"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

REQUESTS = Histogram("todo_request_seconds", "HTTP requests, from the first byte to the last", ["method", "route", "status"])
EVENTS = Histogram("todo_event_seconds", "Events of pages, from the gate to the last change sent", ["handler"])
TRANSACTIONS = Histogram("todo_transaction_seconds", "Database transactions, waiting for a connection included", ["kind"])
CONNECTIONS = Gauge("todo_database_connections", "Database connections in use", multiprocess_mode="livesum")
PAGES = Gauge("todo_open_pages", "Open pages of people who are signed in", multiprocess_mode="livesum")
CHANGES = Counter("todo_changes", "Changes recorded in people's change feeds")
REDIS_IS_UP = Gauge("todo_redis_up", "1 while Redis tells of changes in other processes", multiprocess_mode="livemin")


def exposition() -> bytes:
    """The figures of this process, or of all workers of this host."""
    directory = os.environ.get(DIRECTORY)
    if directory is None:
        return generate_latest(REGISTRY)
    _forget_the_dead(Path(directory))
    registry = CollectorRegistry()
    MultiProcessCollector(registry, directory)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def _forget_the_dead(directory: Path) -> None:
    """A killed worker has no open pages any more. (What it counted still counts.)"""
    for pid in {path.stem.rpartition("_")[2] for path in directory.glob("gauge_live*.db")}:
        if not Path("/proc", pid).exists():
            mark_process_dead(int(pid), str(directory))  # type: ignore[no-untyped-call]


class MeasureRequests:
    """ASGI wrapper: times each HTTP request under the route that answered it."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Passes everything on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = time.perf_counter()
        status = 500

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        finally:
            # The route's pattern, which FastAPI leaves in the scope: an address would give every task a figure of its own.
            route = getattr(scope.get("route"), "path", "pages and files")
            method = scope["method"] if scope["method"] in _METHODS else "other"
            REQUESTS.labels(method, route, status).observe(time.perf_counter() - began)
