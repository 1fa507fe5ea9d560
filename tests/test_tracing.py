"""Traces, as a collector gets them from a running server."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.trace.v1.trace_pb2 import Span

from tests.people import PASSWORD
from tests.servers import migrate
from tests.serving import Server, running_server
from tests.ui.remote import remote_page
from todo_app.ui import routes
from todo_app.ui.task_list.state import TaskList

pytestmark = pytest.mark.anyio

WORDS = "canary"


class Collector(ThreadingHTTPServer):
    """Keeps what it is sent."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Post)
        self.bodies: list[bytes] = []

    @property
    def spans(self) -> list[Span]:
        requests = [ExportTraceServiceRequest.FromString(body) for body in self.bodies]
        return [
            span for request in requests for part in request.resource_spans for scope in part.scope_spans for span in scope.spans
        ]


class _Post(BaseHTTPRequestHandler):
    server: Collector

    def do_POST(self) -> None:
        """Takes one export."""
        assert self.path == "/v1/traces"
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *args: object) -> None:
        """Keeps still."""


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def server(tmp_path: Path, collector: Collector) -> Iterator[Server]:
    url = f"sqlite:///{tmp_path}/todo.db"
    migrate(url, tmp_path)
    endpoint = {"OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{collector.server_port}"}
    with running_server(url, tmp_path / "data", **endpoint) as running:
        yield running


async def test_a_request_and_an_event_are_traced_down_to_the_database_and_hold_nobodys_words(
    server: Server, collector: Collector
) -> None:
    async with httpx.AsyncClient(base_url=server.url) as client:
        known = {"email": f"{WORDS}@example.com", "password": PASSWORD}
        (await client.post("/api/auth/register", json={**known, "name": WORDS})).raise_for_status()
        token = (await client.post("/api/auth/login", json=known)).json()["access_token"]
        me = {"Authorization": f"Bearer {token}"}
        (await client.post("/api/tasks", json={"title": WORDS}, headers=me)).raise_for_status()
        (await client.get("/api/tasks", params={"q": WORDS}, headers=me)).raise_for_status()
        assert (await client.get("/api/tasks", params={"filter": f"{WORDS} &"}, headers=me)).status_code == 422
        entered = await client.post(f"{routes.FORMS}/sign-in", data=known, headers={"Origin": server.url})
    async with remote_page(server, entered.cookies["session"]) as page:
        await page.post(TaskList.add, form={"title": f"{WORDS} two", "key": "1"})
        await page.until(f"{WORDS} two")
    server.stop()
    named = {span.span_id: span.name for span in collector.spans}
    below = {(named.get(span.parent_span_id, ""), span.name) for span in collector.spans}
    assert ("POST /api/tasks", "database write") in below
    assert ("GET /api/tasks", "database read") in below
    assert any(event.endswith(".add") and work == "database write" for event, work in below)
    assert WORDS.encode() not in b"".join(collector.bodies)
