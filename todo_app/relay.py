"""Carries notices between the processes of one deployment, by Redis's publish and subscribe.

What travels is whose feed has moved, never content, and Redis keeps none of it. What could not be sent waits here, one entry a
person; what could not be heard is made good by a look at the database, which whoever listens is told to take (`on_return`).
"""

import asyncio
import contextlib
import uuid
from collections.abc import Callable

import structlog
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from todo_app.live import Listener, Notice
from todo_app.metrics import REDIS_IS_UP

CHANNEL = "todo_app:notices"
# Each process hears itself this often; a few times nothing, and Redis or the way to it is gone, whatever its socket says.
BEAT_SECONDS = 2.0
SILENCE_SECONDS = 5.0
SECONDS_BEFORE_TRYING_AGAIN = 0.5


class Relay:
    """One process's part: it passes on what happened here, and tells `on_notice` what happened elsewhere."""

    def __init__(self, redis_url: str, on_notice: Listener, on_return: Callable[[], None]) -> None:
        self._on_notice = on_notice
        self._on_return = on_return
        # A failed command is not tried again in there: it is here that Redis counts as away.
        self._redis = Redis.from_url(redis_url, retry=Retry(NoBackoff(), 0), socket_timeout=SILENCE_SECONDS)
        self._loop = asyncio.get_running_loop()
        self._own_name = uuid.uuid4().hex
        self._new: set[str] = set()
        self._has_new = asyncio.Event()
        self._unsent: set[str] = set()
        # Whether notices arrive here.
        self._set_up(True)

    def send(self, notice: Notice) -> None:
        """Passes a notice of this process on to the others; from any thread, and without waiting."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._add, notice.owner_id.hex)

    def _add(self, owner_id: str) -> None:
        self._new.add(owner_id)
        self._has_new.set()

    async def run(self) -> None:
        """Relays until it is cancelled, however often Redis comes and goes."""
        try:
            while True:
                try:
                    async with asyncio.TaskGroup() as both:
                        both.create_task(self._hear())
                        both.create_task(self._speak())
                except* (RedisError, OSError) as errors:
                    self._note_absence(errors.exceptions[0])
                await asyncio.sleep(SECONDS_BEFORE_TRYING_AGAIN)
        finally:
            await self._redis.aclose()

    def _set_up(self, is_up: bool) -> None:
        self.is_up = is_up
        REDIS_IS_UP.set(is_up)

    def _note_absence(self, error: BaseException) -> None:
        if self.is_up:
            self._set_up(False)
            structlog.get_logger().warning("redis_away", reason=type(error).__name__, effect="pages look for changes themselves")

    async def _hear(self) -> None:
        async with self._redis.pubsub() as channel:
            await channel.subscribe(CHANNEL)
            while message := await channel.get_message(timeout=SILENCE_SECONDS):
                if message["type"] == "message":
                    self._take(message["data"].decode())
                else:  # subscribed: from now on nothing is missed
                    self._set_up(True)
                    self._on_return()
        raise TimeoutError

    def _take(self, text: str) -> None:
        name, *owner_ids = text.split()
        if name != self._own_name:
            for owner_id in owner_ids:
                self._on_notice(Notice(uuid.UUID(owner_id)))

    async def _speak(self) -> None:
        """Sends what is new, many as one; and a beat, with nothing in it, where nothing is."""
        while True:
            self._has_new.clear()
            self._unsent |= self._new
            self._new.clear()
            await self._redis.publish(CHANNEL, " ".join((self._own_name, *self._unsent)))
            self._unsent.clear()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._has_new.wait(), BEAT_SECONDS)
