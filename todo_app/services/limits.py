"""How often something may be tried, counted in this process or, with Redis, in one place for all of them.

What open pages send is counted in each process alone: it is the process that must not drown, and no event waits for Redis.
"""

import asyncio
import hashlib
import ipaddress
import math
import time
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import lru_cache
from typing import NoReturn, TypeVar

import structlog
from limits import RateLimitItem, RateLimitItemPerHour, RateLimitItemPerMinute, WindowStats
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import MovingWindowRateLimiter
from redis.exceptions import RedisError

from todo_app.config import Settings, get_settings
from todo_app.errors import NotSignedIn, TooMany, WrongCode, WrongPassword
from todo_app.security_log import SecurityEvent, record

R = TypeVar("R")

# Without an answer in this time Redis counts as gone, and this process counts alone for a while before it asks again.
REDIS_TIMEOUT_SECONDS = 0.5
REDIS_PAUSE_SECONDS = 5.0
# From here on it counts as set, not as kept right.
CLOCK_JUMP_SECONDS = 60.0


def _storage(redis_url: str) -> RedisStorage:
    url = redis_url.replace("unix://", "redis+unix://", 1) if redis_url.startswith("unix://") else redis_url
    return RedisStorage(url, socket_timeout=REDIS_TIMEOUT_SECONDS, socket_connect_timeout=REDIS_TIMEOUT_SECONDS)


def _clock() -> float:
    """The clock by the one that nobody can set: it changes when the clock is set, and not with time."""
    return time.time() - time.monotonic()


class _Counting:
    """Moving windows in Redis, and in this process while Redis is away: a limit is never off.

    Nor is it for ever: in this process what was counted goes when the clock is set, in Redis each window after its own time.
    """

    def __init__(self, redis_url: str | None) -> None:
        self._own = MovingWindowRateLimiter(MemoryStorage())
        self._shared = MovingWindowRateLimiter(_storage(redis_url)) if redis_url else None
        self._paused_until = 0.0
        self._set = _clock()

    def ask(self, question: Callable[[MovingWindowRateLimiter], R]) -> R:
        if self._shared is None or time.monotonic() < self._paused_until:
            return question(self._counted_here())
        try:
            return question(self._shared)
        except RedisError as error:
            structlog.get_logger().warning("redis_away", reason=type(error).__name__, effect="limits are counted in this process")
            self._paused_until = time.monotonic() + REDIS_PAUSE_SECONDS
            return question(self._counted_here())

    def _counted_here(self) -> MovingWindowRateLimiter:
        if abs(_clock() - self._set) > CLOCK_JUMP_SECONDS:
            self._own, self._set = MovingWindowRateLimiter(MemoryStorage()), _clock()
        return self._own


def network(address: str) -> str:
    """What one person can't easily leave: an IPv6 line has a whole /64 of addresses to try from."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


def _key(text: str) -> str:
    """Whatever was sent as an email, as a key of one length that Redis takes; and no emails in Redis."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class Limits:
    """The limits of one deployment. Counting is by account and by address, so that neither can be worn down from the other side."""

    def __init__(self, settings: Settings) -> None:
        self._counting, self._counting_here = _Counting(settings.redis_url), _Counting(None)
        self._per_account = RateLimitItemPerMinute(settings.login_failures_per_account, 15, "login-account")
        self._per_address = RateLimitItemPerMinute(settings.login_failures_per_address, 15, "login-address")
        self._codes_per_account = RateLimitItemPerMinute(settings.code_failures_per_account, 15, "code-account")
        self._registrations = RateLimitItemPerHour(settings.registrations_per_address, 1, "registration")
        self._per_recipient = RateLimitItemPerHour(settings.mails_per_recipient, 1, "mail-recipient")
        self._mails = RateLimitItemPerHour(settings.mails_per_address, 1, "mail-address")
        self._events = RateLimitItemPerMinute(settings.events_per_user_per_minute, 1, "events")
        # A flood is worth a line a minute in the log, not one for each of its waves.
        self._notes = RateLimitItemPerMinute(1, 1, "notes")
        self._under_way: Counter[tuple[RateLimitItem, str]] = Counter()
        self._waiting: list[asyncio.Future[None]] = []

    def login(self, email_key: str, address: str) -> AbstractAsyncContextManager[None]:
        """Around the check of a password. Raises `TooMany` if this account or this address has failed too often lately; counts a
        `NotSignedIn` or `WrongPassword` from inside as a failure.
        """
        return self._attempt([(self._per_account, _key(email_key))], address, (NotSignedIn, WrongPassword))

    def code(self, user_id: uuid.UUID, address: str) -> AbstractAsyncContextManager[None]:
        """The same around the check of a second step's code; counts a `WrongCode`. No transaction takes the count back."""
        return self._attempt([(self._codes_per_account, str(user_id))], address, (WrongCode,))

    def passkey(self, address: str) -> AbstractAsyncContextManager[None]:
        """The same around the check of a passkey, whose owner is not known before; counts a `NotSignedIn`."""
        return self._attempt([], address, (NotSignedIn,))

    @asynccontextmanager
    async def _attempt(
        self, counters: list[tuple[RateLimitItem, str]], address: str, failures: tuple[type[Exception], ...]
    ) -> AsyncIterator[None]:
        """Not more checks run at once than may still fail, the others wait: else a hundred guesses sent together would all be let
        in before the first has failed.
        """
        counters = [*counters, (self._per_address, _key(network(address)))]
        while not all(self._has_room(limit, key) for limit, key in counters):
            turn = asyncio.get_running_loop().create_future()
            self._waiting.append(turn)
            await turn
        self._under_way.update(counters)
        try:
            yield
        except failures:
            for limit, key in counters:
                self._hit(limit, key)
            raise
        finally:
            self._under_way.subtract(counters)
            self._under_way += Counter()  # forgets what has come down to nothing
            self._wake()

    def _has_room(self, limit: RateLimitItem, key: str) -> bool:
        """Whether one more may be tried now, even if all that are under way fail; raises `TooMany` if none may."""
        window = self._window(limit, key)
        if window.remaining <= 0:
            self._refuse(limit, key, "Too many failed attempts. Please wait a little, then try again.")
        return window.remaining > self._under_way[limit, key]

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for turn in waiting:
            if not turn.done():  # its request may have been given up
                turn.set_result(None)

    def note_registration(self, address: str) -> None:
        """Counts one attempt to register; raises `TooMany` past the limit."""
        key = _key(network(address))
        if not self._hit(self._registrations, key):
            self._refuse(self._registrations, key, "Too many accounts were made from here. Please try again later.")

    def note_mail(self, recipient_key: str, address: str) -> None:
        """Counts a mail that somebody at `address` asks for; raises `TooMany` past a limit, also if there is no such recipient."""
        for limit, key in ((self._mails, _key(network(address))), (self._per_recipient, _key(recipient_key))):
            if not self._hit(limit, key):
                self._refuse(limit, key, "That was a lot of mail. Please look for the last one, or try again later.")

    def forgive(self, email_key: str) -> None:
        """Forgets an account's failed logins: its owner has another password now, and should not have to wait with it."""
        self._counting.ask(lambda counter: counter.clear(self._per_account, _key(email_key)))

    def note_event(self, user: str) -> None:
        """Counts one event of a page; raises `TooMany` past the limit."""
        if not self._hit(self._events, user):
            self._refuse(self._events, user, "That was a lot at once. Please wait a moment.")

    def _counting_of(self, limit: RateLimitItem) -> _Counting:
        return self._counting_here if limit is self._events else self._counting

    def _hit(self, limit: RateLimitItem, key: str) -> bool:
        return self._counting_of(limit).ask(lambda counter: counter.hit(limit, key))

    def _window(self, limit: RateLimitItem, key: str) -> WindowStats:
        return self._counting_of(limit).ask(lambda counter: counter.get_window_stats(limit, key))

    def _refuse(self, limit: RateLimitItem, key: str, message: str) -> NoReturn:
        window = self._window(limit, key)
        if self._hit(self._notes, f"{limit.namespace}/{key}"):
            record(SecurityEvent.RATE_LIMIT_EXCEEDED, limit=limit.namespace)
        raise TooMany(message, _seconds_until(window.reset_time))


def _seconds_until(moment: float) -> int:
    return max(1, math.ceil(moment - time.time()))


@lru_cache(maxsize=1)
def limits() -> Limits:
    """The limits of this process, by the settings."""
    return Limits(get_settings())
