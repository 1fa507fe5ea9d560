"""Clients that are slow on purpose, or want all there is. Whatever they do, somebody else is served, and it costs only so much."""

import json
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.people import ANA, PASSWORD
from tests.serving import Server, running_server
from tests.ui.pages import HYDRATE
from todo_app.api.body import MAX_BODY, SECONDS_FOR_A_BODY
from todo_app.commands.serve import SECONDS_FOR_HEADERS, allow_open_files

pytestmark = pytest.mark.slow

A_CROWD = 1200  # more than the connections that the server takes at once by its own default
PATIENCE_SECONDS = 30
MEGABYTE = 2**20
FILES_OF_THE_DATABASE = 50  # its pool of connections may have grown meanwhile

REQUEST_LINE = b"POST /api/auth/login HTTP/1.1\r\n"
WITH_A_BODY = REQUEST_LINE + b"Host: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"


@dataclass
class Ana:
    """Somebody who does nothing out of the ordinary."""

    server: Server
    access_token: str

    def is_served(self) -> bool:
        """Reads and writes, as if nobody else were there."""
        headers = {"Authorization": f"Bearer {self.access_token}"}
        with httpx.Client(base_url=self.server.url, headers=headers, timeout=PATIENCE_SECONDS) as client:
            made = client.post("/api/tasks", json={"title": "Water the plants", "notes": "x" * 20_000})
            return made.status_code == 201 and client.get("/api/tasks").status_code == 200


@pytest.fixture(scope="module")
def ana(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ana]:
    directory = tmp_path_factory.mktemp("clients")
    (directory / "todo.db").write_bytes(sqlite_template.read_bytes())
    allow_open_files()
    with running_server(f"sqlite:///{directory}/todo.db", directory / "served") as server:
        account = {"email": ANA, "password": PASSWORD, "name": "Ana"}
        httpx.post(f"{server.url}/api/auth/register", json=account, timeout=PATIENCE_SECONDS).raise_for_status()
        signed_in = httpx.post(f"{server.url}/api/auth/login", json={"email": ANA, "password": PASSWORD}, timeout=PATIENCE_SECONDS)
        yield Ana(server, signed_in.raise_for_status().json()["access_token"])


class Client:
    """A connection, and whether the server has ended it. `drop` is what it goes on to send, every now and then."""

    def __init__(self, server: Server, first: bytes, drop: bytes = b"", buffer: int | None = None) -> None:
        self._socket = socket.socket()
        if buffer:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer)
        self._socket.connect(("127.0.0.1", server.port))
        self._drop = drop
        self.answer = b""
        self.send(first)
        self._socket.setblocking(False)

    def send(self, what: bytes) -> int:
        """How much of it was taken."""
        try:
            return self._socket.send(what)
        except BlockingIOError:
            return 0

    def is_ended(self) -> bool:
        """Sends another drop, and looks what came."""
        try:
            self.send(self._drop)
            while came := self._socket.recv(65_536):
                self.answer += came
        except BlockingIOError:
            return False
        except OSError:  # it was ended before the drop came
            return True
        return True

    def close(self) -> None:
        self._socket.close()


@contextmanager
def all_at_once(clients: list[Client]) -> Iterator[None]:
    """They are gone when the block ends."""
    try:
        yield
    finally:
        for client in clients:
            client.close()


def wait_until_ended(clients: list[Client], seconds: float, ana: Ana) -> None:
    """Ana is served all the while."""
    deadline = time.monotonic() + seconds + PATIENCE_SECONDS
    while clients:
        assert time.monotonic() < deadline, f"{len(clients)} are still there"
        assert ana.is_served()
        clients = [client for client in clients if not client.is_ended()]
        time.sleep(0.5)


def test_who_sends_nothing_or_too_slowly_is_given_half_a_minute_and_nobody_waits_for_them(ana: Ana) -> None:
    silent = [Client(ana.server, b"") for _ in range(50)]
    slow_headers = [Client(ana.server, REQUEST_LINE, drop=b"x") for _ in range(50)]
    finished = [Client(ana.server, b"GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n") for _ in range(50)]
    stopped = [Client(ana.server, WITH_A_BODY % 1000 + b"{") for _ in range(50)]
    slow_bodies = [Client(ana.server, WITH_A_BODY % 1000 + b"{", drop=b" ") for _ in range(50)]
    with all_at_once(everybody := [*silent, *slow_headers, *finished, *stopped, *slow_bodies]):
        wait_until_ended(everybody, max(SECONDS_FOR_HEADERS, SECONDS_FOR_A_BODY), ana)
    for client in [*stopped, *slow_bodies]:
        head, _, body = client.answer.partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 ")
        assert b"content-type: application/problem+json" in head
        assert json.loads(body)["status"] == 408
    assert {client.answer for client in [*silent, *slow_headers]} == {b""}


@dataclass(frozen=True)
class Cost:
    """What a process holds now."""

    memory: int
    threads: int
    files: int


def cost_of(server: Server) -> Cost:
    """What the server's worker holds."""
    [worker] = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    process = Path(f"/proc/{worker}")
    status = dict(line.split(":\t", 1) for line in (process / "status").read_text().splitlines())
    return Cost(int(status["VmRSS"].split()[0]) * 1024, int(status["Threads"]), len(list((process / "fd").iterdir())))


def wait_until_let_go(server: Server, before: Cost) -> None:
    """Returns once no connection more is held than before."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while cost_of(server).files > before.files + FILES_OF_THE_DATABASE:
        assert time.monotonic() < deadline, f"{cost_of(server)}, and before {before}"
        time.sleep(0.2)


def test_a_crowd_of_idle_connections_keeps_nobody_out_and_costs_little(ana: Ana) -> None:
    assert ana.is_served()
    before = cost_of(ana.server)
    with all_at_once([Client(ana.server, b"") for _ in range(A_CROWD)]):
        assert ana.is_served()
        crowded = cost_of(ana.server)
    assert crowded.memory - before.memory < 100 * MEGABYTE
    assert crowded.threads <= before.threads + 10
    wait_until_let_go(ana.server, before)


def test_a_crowd_of_half_sent_bodies_fills_no_memory(ana: Ana) -> None:
    """Each could have a megabyte held for it; only some may at a time."""
    assert ana.is_served()
    before = cost_of(ana.server)
    crowd = [Client(ana.server, WITH_A_BODY % MAX_BODY) for _ in range(300)]
    with all_at_once(crowd):
        left = dict.fromkeys(crowd, MAX_BODY - 1)
        for _ in range(20):
            for client in crowd:
                left[client] -= client.send(b" " * min(left[client], 65_536))
            assert ana.is_served()
        assert cost_of(ana.server).memory - before.memory < 250 * MEGABYTE
    wait_until_let_go(ana.server, before)


def test_answers_that_nobody_reads_keep_nobody_waiting(ana: Ana) -> None:
    for _ in range(50):
        assert ana.is_served()
    before = cost_of(ana.server)
    export = f"GET /api/me/export HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {ana.access_token}\r\n\r\n".encode()
    with all_at_once([Client(ana.server, export, buffer=4096) for _ in range(100)]):
        for _ in range(20):
            assert ana.is_served()
        assert cost_of(ana.server).threads <= before.threads + 40
    wait_until_let_go(ana.server, before)


def frame(text: str) -> bytes:
    """A websocket's message as a client sends it (RFC 6455), masked with zeros."""
    content = text.encode()
    length = bytes([0x80 | len(content)]) if len(content) < 126 else bytes([0x80 | 126]) + len(content).to_bytes(2)
    return b"\x81" + length + bytes(4) + content


def test_a_page_that_floods_and_reads_nothing_keeps_nobody_waiting(ana: Ana) -> None:
    before = cost_of(ana.server)
    headers = (
        f"Host: localhost\r\nOrigin: {ana.server.url}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    )
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    flood = Client(ana.server, f"GET /_event/?token=t&EIO=4&transport=websocket HTTP/1.1\r\n{headers}{key}".encode(), buffer=4096)
    with all_at_once([flood]):
        assert ana.is_served()  # so the socket is open by now
        event = {"name": HYDRATE, "payload": {"vars": {}}, "router_data": {"pathname": "/login", "query": {}, "asPath": "/login"}}
        waves = frame("40/_event,") + frame("42/_event," + json.dumps(["event", event])) * 20_000
        for _ in range(10):
            waves = waves[flood.send(waves) :]
            assert ana.is_served()
        assert cost_of(ana.server).memory - before.memory < 200 * MEGABYTE
        assert cost_of(ana.server).threads <= before.threads + 10
    wait_until_let_go(ana.server, before)
