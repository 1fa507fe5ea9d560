"""Sessions: how long they last, how they end."""

import asyncio
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest
from sqlmodel import select
from structlog.testing import capture_logs

from tests.people import ANA, CLIENT, PASSWORD, security_lines, user_row
from todo_app import live
from todo_app.db import Database
from todo_app.errors import NotFound, NotSignedIn, StorageFull
from todo_app.models import SessionToken, SignIn
from todo_app.models.base import utc_now
from todo_app.schemas.accounts import Credentials, PasswordChange
from todo_app.services import accounts, entry, sessions, two_step
from todo_app.services.actor import Actor
from todo_app.services.limits import limits
from todo_app.services.sessions import NewSession
from todo_app.services.tickets import Ticket


def begin(db: Database, actor: Actor, kind: sessions.Kind) -> NewSession:
    return db.write_now(sessions.begin, actor.user_id, kind, "a test")


def age(db: Database, session_id: uuid.UUID, **fields: Any) -> None:
    """Sets a session's times."""

    def change(session: Any) -> None:
        sign_in = session.get(SignIn, session_id)
        for name, value in fields.items():
            setattr(sign_in, name, value)

    db.write_now(change)


def holds(db: Database, new: NewSession, kind: str) -> bool:
    try:
        if kind == "browser":
            db.read_now(sessions.by_digest, sessions.digest_of(new.token))
        else:
            db.read_now(sessions.by_id, new.session_id, new.user_id)
    except NotSignedIn:
        return False
    return True


@pytest.mark.parametrize("kind", ["browser", "api"])
def test_a_session_lasts_while_it_is_used_and_thirty_days_at_most(db: Database, ana: Actor, kind: Any) -> None:
    new = begin(db, ana, kind)
    assert holds(db, new, kind)
    second, now = timedelta(seconds=5), utc_now()
    age(db, new.session_id, last_used_at=now - timedelta(days=14) + second)
    assert holds(db, new, kind)
    age(db, new.session_id, last_used_at=now - timedelta(days=14) - second)
    assert not holds(db, new, kind)
    age(db, new.session_id, last_used_at=now, expires_at=now - second)
    assert not holds(db, new, kind)


def test_thirty_days_from_the_start(db: Database, ana: Actor) -> None:
    new = begin(db, ana, "browser")
    sign_in = db.read_now(lambda session: session.get_one(SignIn, new.session_id))
    assert timedelta(days=29, hours=23) < sign_in.expires_at - utc_now() <= timedelta(days=30)


def test_only_digests_are_stored(db: Database, ana: Actor) -> None:
    new = begin(db, ana, "browser")
    digests = db.read_now(lambda session: list(session.exec(select(SessionToken.digest))))
    assert sessions.digest_of(new.token) in digests
    assert new.token not in digests
    assert len(new.token) >= 43


def test_each_kind_of_session_opens_its_own_door_only(db: Database, ana: Actor) -> None:
    browser, api = begin(db, ana, "browser"), begin(db, ana, "api")
    assert not holds(db, browser, "api")
    assert not holds(db, api, "browser")
    assert db.write_now(sessions.rotate, browser.token) is None
    assert holds(db, browser, "browser")  # and asking does not end it


def test_a_session_is_no_use_to_another_person(db: Database, ana: Actor, bob: Actor) -> None:
    new = begin(db, ana, "api")
    with pytest.raises(NotSignedIn):
        db.read_now(sessions.by_id, new.session_id, bob.user_id)


def test_use_is_noted_every_few_minutes(db: Database, ana: Actor) -> None:
    new = begin(db, ana, "api")
    visitor = db.read_now(sessions.by_id, new.session_id, ana.user_id)
    assert not sessions.use_is_due(visitor)
    age(db, new.session_id, last_used_at=utc_now() - timedelta(minutes=6))
    visitor = db.read_now(sessions.by_id, new.session_id, ana.user_id)
    assert sessions.use_is_due(visitor)
    db.write_now(sessions.note_use, visitor.actor)
    visitor = db.read_now(sessions.by_id, new.session_id, ana.user_id)
    assert not sessions.use_is_due(visitor)


def test_a_database_that_can_not_note_the_use_keeps_nobody_out(db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    age(db, ana.session_id, last_used_at=utc_now() - timedelta(minutes=6))
    visitor = db.read_now(sessions.by_id, ana.session_id, ana.user_id)

    async def full(*_args: Any) -> None:
        raise StorageFull("No room.")

    monkeypatch.setattr(db, "write", full)
    with capture_logs() as lines:
        asyncio.run(sessions.keep_alive(db, visitor))
    assert {"event": "use_not_noted", "log_level": "warning", "reason": "Insufficient storage"} in lines


def test_what_becomes_of_a_session_is_written_in_the_security_log(db: Database, ana: Actor) -> None:
    with security_lines() as lines:
        new = begin(db, ana, "api")
        db.write_now(sessions.rotate, new.token)
        db.write_now(sessions.end, ana, new.session_id)
        db.write_now(sessions.end_all, ana.user_id)
    one = str(new.session_id)
    assert {line["user"] for line in lines} == {str(ana.user_id)}
    assert [(line["event"], line["session"], line.get("kind")) for line in lines] == [
        ("session_created", one, "api"),
        ("session_renewed", one, None),
        ("session_expired", one, None),
        ("session_expired", "all", None),
    ]


def test_what_a_browser_calls_itself_is_kept_up_to_200_characters(db: Database, ana: Actor) -> None:
    db.write_now(sessions.begin, ana.user_id, "browser", "x" * 1000)
    assert db.read_now(sessions.list_sessions, ana).items[0].user_agent == "x" * 200


def test_noting_the_use_of_a_session_that_has_just_ended_does_nothing(db: Database, ana: Actor) -> None:
    db.write_now(sessions.end_current, ana)
    db.write_now(sessions.note_use, ana)


def test_refreshing_keeps_the_session_and_uses_the_token_up(db: Database, ana: Actor) -> None:
    new = begin(db, ana, "api")
    rotated = db.write_now(sessions.rotate, new.token)
    assert rotated is not None
    assert rotated[0].session_id == new.session_id
    assert rotated[1].email == ANA
    assert db.write_now(sessions.rotate, rotated[0].token) is not None


def test_a_refresh_token_used_twice_ends_the_family(db: Database, ana: Actor) -> None:
    new, other = begin(db, ana, "api"), begin(db, ana, "api")
    rotated = db.write_now(sessions.rotate, new.token)
    assert rotated is not None
    assert db.write_now(sessions.rotate, new.token) is None
    assert not holds(db, rotated[0], "api")
    assert db.write_now(sessions.rotate, rotated[0].token) is None
    assert holds(db, other, "api")


def test_of_two_refreshes_at_once_one_wins_and_the_family_ends(db: Database, ana: Actor) -> None:
    new = begin(db, ana, "api")

    async def both() -> list[Any]:
        return await asyncio.gather(*(db.write(sessions.rotate, new.token) for _ in range(2)))

    assert sorted(result is None for result in asyncio.run(both())) == [False, True]
    assert not holds(db, new, "api")


def test_an_idle_session_can_not_be_refreshed(db: Database, ana: Actor) -> None:
    new = begin(db, ana, "api")
    age(db, new.session_id, last_used_at=utc_now() - timedelta(days=15))
    assert db.write_now(sessions.rotate, new.token) is None


def test_ending_one_session_leaves_the_others_and_tells_the_pages(
    db: Database, ana: Actor, bob: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    notices: list[live.Notice] = []
    monkeypatch.setattr(live, "_listeners", [notices.append])
    new, other = begin(db, ana, "browser"), begin(db, ana, "browser")
    with pytest.raises(NotFound, match=r"^There is no such session\.$"):
        db.write_now(sessions.end, bob, new.session_id)
    assert notices == []
    db.write_now(sessions.end, ana, new.session_id)
    assert (holds(db, new, "browser"), holds(db, other, "browser")) == (False, True)
    assert notices == [live.Notice(ana.user_id)]
    db.write_now(sessions.end_all, ana.user_id)
    assert not holds(db, other, "browser")
    assert db.read_now(sessions.list_sessions, bob).items[0].current


def test_the_list_of_sessions_leaves_out_what_has_ended(db: Database, ana: Actor) -> None:
    old, new = begin(db, ana, "api"), begin(db, ana, "browser")
    age(db, old.session_id, last_used_at=utc_now() - timedelta(days=15))
    listed = db.read_now(sessions.list_sessions, ana).items
    assert [(item.id, item.current) for item in listed] == [(new.session_id, False), (ana.session_id, True)]


def test_a_sign_in_that_the_password_change_overtook_fails(db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    """The old password is found right, then the new one is set, and only then would the session begin."""

    async def main() -> None:
        real = accounts.passwords.matches

        async def overtaken(password: str, stored: str | None) -> bool:
            found = await real(password, stored)
            monkeypatch.setattr(accounts.passwords, "matches", real)
            change = PasswordChange(current_password=PASSWORD, new_password="four green frogs")
            await accounts.change_password(db, limits(), ana, change, CLIENT)
            return found

        monkeypatch.setattr(accounts.passwords, "matches", overtaken)
        await accounts.sign_in(db, limits(), Credentials(email=ANA, password=PASSWORD), CLIENT, "browser")

    with pytest.raises(NotSignedIn):
        asyncio.run(main())
    assert db.read_now(lambda session: list(session.exec(select(SignIn)))) == []
    assert user_row(db, ANA).id == ana.user_id


def test_whoever_is_gone_or_signed_out_meanwhile_begins_no_session(db: Database, ana: Actor) -> None:
    nobody = replace(ana, user_id=uuid.uuid4())
    ticket = Ticket(uuid.uuid4(), nobody.user_id, "", utc_now())
    with pytest.raises(NotSignedIn):
        db.write_now(entry.begin_with_passkey, nobody.user_id, ticket, "a test")
    with pytest.raises(NotSignedIn):
        db.write_now(two_step._hold, nobody.user_id)
    db.write_now(sessions.end_all, ana.user_id)
    with pytest.raises(NotSignedIn):
        db.write_now(entry.begin_anew, ana, "a test")
    assert db.read_now(lambda session: list(session.exec(select(SignIn)))) == []


def test_what_is_written_in_a_held_session_is_done_before_it_ends(db: Database, ana: Actor) -> None:
    """Signing out waits for a write that began before it: none is committed after the sign-out was answered."""
    held, order = Event(), list[str]()

    def write(session: Any) -> None:
        sessions.by_id(session, ana.session_id, ana.user_id, hold=True)
        held.set()
        time.sleep(0.3)  # long enough for a sign-out that doesn't wait to get in
        order.append("written")

    def end() -> None:
        held.wait(5)
        db.write_now(sessions.end_current, ana)
        order.append("ended")

    with ThreadPoolExecutor(2) as threads:
        waiting = threads.submit(end)
        threads.submit(db.write_now, write).result()
        waiting.result()
    assert order == ["written", "ended"]
