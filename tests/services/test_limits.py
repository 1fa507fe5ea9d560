"""Limits: counted by account and by address, in one place for all workers, never off."""

import asyncio
import contextlib
import socket
import time
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
import redis
from redis.exceptions import ConnectionError as RedisConnectionError

from tests.people import security_lines
from tests.servers import SECRET, running_redis
from todo_app.config import Settings
from todo_app.errors import NotFound, NotSignedIn, TooMany, WrongCode, WrongPassword
from todo_app.services import limits as module
from todo_app.services.limits import Limits


def make(tmp_path: Path, **values: object) -> Limits:
    return Limits(Settings(data_dir=tmp_path, auth_secret=SECRET, **values))


def fail(limits: Limits, account: str, address: str, error: type[Exception] | None = NotSignedIn) -> None:
    """One try to sign in that ends with `error`, or well; raises `TooMany` if it isn't let in."""

    async def attempt() -> None:
        async with limits.login(account, address):
            if error is not None:
                raise error("no")

    try:
        asyncio.run(attempt())
    except TooMany:
        raise
    except Exception as raised:
        if error is None or not isinstance(raised, error):
            raise


def fail_code(limits: Limits, user_id: uuid.UUID) -> None:
    """One wrong code; raises `TooMany` if it isn't let in."""

    async def attempt() -> None:
        async with limits.code(user_id, "192.0.2.1"):
            raise WrongCode

    with contextlib.suppress(WrongCode):
        asyncio.run(attempt())


def refusals(limits: Limits, tries: int, account: str, address: str) -> int:
    """How many of these failing tries are not even let in."""
    refused = 0
    for _ in range(tries):
        try:
            fail(limits, account, address)
        except TooMany:
            refused += 1
    return refused


def test_an_account_is_closed_after_ten_failures_from_anywhere(tmp_path: Path) -> None:
    limits = make(tmp_path)
    assert sum(refusals(limits, 1, "ana@example.com", f"192.0.2.{n}") for n in range(12)) == 2
    assert refusals(limits, 1, "bob@example.com", "192.0.2.1") == 0
    with pytest.raises(TooMany) as caught:
        fail(limits, "ana@example.com", "192.0.2.99")
    assert 0 < caught.value.retry_after <= 15 * 60


def test_an_address_is_closed_after_sixty_failures_at_any_account(tmp_path: Path) -> None:
    limits = make(tmp_path)
    assert sum(refusals(limits, 1, f"{n}@example.com", "192.0.2.1") for n in range(62)) == 2
    assert refusals(limits, 1, "ana@example.com", "192.0.2.2") == 0


def test_the_numbers_are_settings(tmp_path: Path) -> None:
    limits = make(tmp_path, login_failures_per_account=2, login_failures_per_address=3, registrations_per_address=1)
    assert refusals(limits, 3, "ana@example.com", "192.0.2.1") == 1
    assert refusals(limits, 2, "bob@example.com", "192.0.2.1") == 1
    limits.note_registration("192.0.2.1")
    with pytest.raises(TooMany):
        limits.note_registration("192.0.2.1")
    limits.note_registration("192.0.2.2")


@pytest.mark.parametrize(
    ("name", "limit", "seconds", "use"),
    [
        ("login_failures_per_account", "login-account", 15 * 60, lambda limits: fail(limits, "ana@example.com", "192.0.2.1")),
        ("login_failures_per_address", "login-address", 15 * 60, lambda limits: fail(limits, str(uuid.uuid4()), "192.0.2.1")),
        ("code_failures_per_account", "code-account", 15 * 60, lambda limits: fail_code(limits, uuid.UUID(int=1))),
        ("registrations_per_address", "registration", 3600, lambda limits: limits.note_registration("192.0.2.1")),
        ("mails_per_recipient", "mail-recipient", 3600, lambda limits: limits.note_mail("ana@example.com", "192.0.2.1")),
        ("mails_per_address", "mail-address", 3600, lambda limits: limits.note_mail(str(uuid.uuid4()), "192.0.2.1")),
        ("events_per_user_per_minute", "events", 60, lambda limits: limits.note_event("ana")),
    ],
)
def test_who_waits_as_long_as_they_are_told_is_let_in_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, limit: str, seconds: int, use: Callable[[Limits], None]
) -> None:
    now = [time.time()]
    for clock in ("time", "monotonic"):  # both go on: were it one alone, the clock would have been set
        monkeypatch.setattr(time, clock, lambda: now[0])
    limits = make(tmp_path, **{name: 1})
    use(limits)
    now[0] += 10
    with security_lines() as lines:
        for _ in range(2):
            with pytest.raises(TooMany, match=r"(try again|later|moment)\.$") as caught:
                use(limits)
    assert caught.value.retry_after == seconds - 10
    assert [(line["event"], line["limit"]) for line in lines] == [("excess_rate_limit_exceeded", limit)]  # once a minute
    now[0] += seconds - 11
    with pytest.raises(TooMany):
        use(limits)
    now[0] += 1.5
    use(limits)


def test_what_goes_well_or_fails_for_another_reason_does_not_count(tmp_path: Path) -> None:
    limits = make(tmp_path, login_failures_per_account=2)
    for error in (None, NotFound, None, NotFound):
        fail(limits, "ana@example.com", "192.0.2.1", error)
    fail(limits, "ana@example.com", "192.0.2.1", WrongPassword)
    assert refusals(limits, 2, "ana@example.com", "192.0.2.1") == 1


def test_tries_sent_together_are_not_let_in_together(tmp_path: Path) -> None:
    limits = make(tmp_path, login_failures_per_account=3)
    inside, most = 0, 0

    async def attempt(right: bool) -> None:
        nonlocal inside, most
        async with limits.login("ana@example.com", "192.0.2.1"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0)
            inside -= 1
            if not right:
                raise NotSignedIn("no")

    async def together(*rights: bool) -> list[object]:
        return list(await asyncio.gather(*(attempt(right) for right in rights), return_exceptions=True))

    assert asyncio.run(together(*[True] * 9)) == [None] * 9
    assert most == 3
    results = asyncio.run(together(*[False] * 9))
    assert [type(result) for result in results].count(NotSignedIn) == 3
    assert [type(result) for result in results].count(TooMany) == 6
    assert not limits._under_way


def test_one_who_gives_up_waiting_holds_nobody_up(tmp_path: Path) -> None:
    limits = make(tmp_path, login_failures_per_account=1)

    async def main() -> None:
        async with limits.login("ana@example.com", "192.0.2.1"):
            waiting = asyncio.create_task(enter())
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.gather(waiting, return_exceptions=True)
        await asyncio.wait_for(enter(), 1)

    async def enter() -> None:
        async with limits.login("ana@example.com", "192.0.2.1"):
            pass

    asyncio.run(main())


def test_an_ipv6_line_is_one_address(tmp_path: Path) -> None:
    limits = make(tmp_path, login_failures_per_address=2)
    assert sum(refusals(limits, 1, f"{n}@example.com", f"2001:db8:1:2::{n:x}") for n in range(4)) == 2
    assert refusals(limits, 1, "x@example.com", "2001:db8:1:3::1") == 0
    assert (
        sum(refusals(limits, 1, f"{n}@example.org", address) for n, address in enumerate(["::ffff:192.0.2.9", "192.0.2.9"] * 2))
        == 2
    )


def test_any_text_can_be_an_account_or_an_address(tmp_path: Path, redis_url: str) -> None:
    for limits in (make(tmp_path), make(tmp_path, redis_url=redis_url)):
        for text in ("\ud800", "\x00", "", "x" * 1024, "unknown"):
            fail(limits, text, text)


def test_mail_is_limited_per_recipient_and_per_address(tmp_path: Path) -> None:
    limits = make(tmp_path, mails_per_recipient=2, mails_per_address=3)
    for number in range(2):
        limits.note_mail("ana@example.com", f"192.0.2.{number}")
    with pytest.raises(TooMany) as caught:
        limits.note_mail("ana@example.com", "192.0.2.9")
    assert 0 < caught.value.retry_after <= 3600
    for number in range(2):
        limits.note_mail(f"{number}@example.com", "192.0.2.9")
    with pytest.raises(TooMany):
        limits.note_mail("bob@example.com", "192.0.2.9")


def test_with_redis_mail_is_counted_in_one_place_and_forgiving_reaches_all(tmp_path: Path, redis_url: str) -> None:
    account = f"{uuid.uuid4()}@example.com"
    one, other = (make(tmp_path, redis_url=redis_url, mails_per_recipient=1, login_failures_per_account=1) for _ in range(2))
    one.note_mail(account, "192.0.2.50")
    with pytest.raises(TooMany):
        other.note_mail(account, "192.0.2.51")
    assert refusals(one, 2, account, "192.0.2.52") == 1
    other.forgive(account)
    assert refusals(one, 1, account, "192.0.2.52") == 0


def test_events_of_a_page_are_limited_per_person(tmp_path: Path) -> None:
    limits = make(tmp_path, events_per_user_per_minute=2)
    limits.note_event("ana")
    limits.note_event("ana")
    with pytest.raises(TooMany):
        limits.note_event("ana")
    limits.note_event("bob")


def test_events_of_a_page_wait_for_no_redis(tmp_path: Path) -> None:
    limits = make(tmp_path, redis_url="redis://127.0.0.1:1", events_per_user_per_minute=1)
    limits.note_event("ana")
    with pytest.raises(TooMany):
        limits.note_event("ana")
    assert limits._counting._paused_until > 0  # it was asked whether to log the refusal, and for nothing else


def test_with_redis_all_workers_count_in_one_place_and_no_email_is_kept_there(tmp_path: Path, redis_url: str) -> None:
    account = f"{uuid.uuid4()}@example.com"
    workers = [make(tmp_path, redis_url=redis_url) for _ in range(2)]
    assert sum(refusals(workers[n % 2], 1, account, f"192.0.2.{n}") for n in range(12)) == 2
    with redis.from_url(redis_url) as client:
        keys = b" ".join(client.keys())
    assert keys
    assert account.encode() not in keys


def test_without_redis_limits_stay_on_and_it_is_asked_again_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with running_redis() as url:
        limits = make(tmp_path, redis_url=url, login_failures_per_account=3)
        assert refusals(limits, 1, "ana@example.com", "192.0.2.1") == 0
        calls = 0

        def away(*_args: object, **_options: object) -> None:
            nonlocal calls
            calls += 1
            raise RedisConnectionError("gone")

        shared = limits._counting._shared
        assert shared is not None
        monkeypatch.setattr(shared, "hit", away)
        monkeypatch.setattr(shared, "get_window_stats", away)
        assert refusals(limits, 5, "ana@example.com", "192.0.2.1") == 2
        assert calls == 1  # it is left in peace for a while
        monkeypatch.undo()
        monkeypatch.setattr(limits._counting, "_paused_until", 0.0)
        assert refusals(limits, 5, "ana@example.com", "192.0.2.1") == 3


def test_a_redis_that_hangs_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "REDIS_TIMEOUT_SECONDS", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        limits = make(tmp_path, redis_url=f"redis://127.0.0.1:{silent.getsockname()[1]}", login_failures_per_account=2)
        began = time.monotonic()
        assert refusals(limits, 3, "ana@example.com", "192.0.2.1") == 1
        assert time.monotonic() - began < 2


def test_redis_may_be_a_unix_socket(tmp_path: Path) -> None:
    limits = make(tmp_path, redis_url=f"unix://{tmp_path}/none.sock", login_failures_per_account=1)
    assert refusals(limits, 2, "ana@example.com", "192.0.2.1") == 1
