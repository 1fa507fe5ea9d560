"""Mail waits in the database: sent once, outside of any transaction, and tried again when the server would not have it."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from tests.mailing import send_all, waiting
from tests.people import ANA
from tests.servers import MailServer
from todo_app.db import Database
from todo_app.errors import Unavailable
from todo_app.models import OutgoingMail, User
from todo_app.models.base import utc_now
from todo_app.services import housekeeping, mail, outbox, postman
from todo_app.services.actor import Actor


def put(db: Database, actor: Actor, times: int = 1) -> None:
    for _ in range(times):
        db.write_now(outbox.put, "password_changed", ANA, actor.user_id)


def due_in(db: Database) -> list[float]:
    """In how many minutes each mail is due."""
    rows = db.read_now(lambda session: session.exec(select(OutgoingMail)).all())
    return [round((row.due_at - utc_now()).total_seconds() / 60) for row in rows]


def time_passes(db: Database, **duration: int) -> None:
    def move(session: Session) -> None:
        for row in session.exec(select(OutgoingMail)).all():
            row.due_at -= timedelta(**duration)

    db.write_now(move)


def test_a_site_without_a_mail_server_puts_nothing_down(db: Database, ana: Actor) -> None:
    put(db, ana)
    assert waiting(db) == []


def test_what_was_put_down_is_sent_and_forgotten(db: Database, ana: Actor, mail_server: MailServer) -> None:
    put(db, ana)
    assert waiting(db) == [("password_changed", ANA)]
    send_all(db)
    assert [came["To"] for came in mail_server.mails] == [ANA]
    assert waiting(db) == []


def test_what_is_rolled_back_is_not_mailed_about(db: Database, ana: Actor, mail_server: MailServer) -> None:
    def fail(session: Session) -> None:
        outbox.put(session, "password_changed", ANA, ana.user_id)
        raise Unavailable("away")

    with pytest.raises(Unavailable):
        db.write_now(fail)
    assert waiting(db) == []


def test_a_mail_is_sent_in_no_transaction(
    db: Database, ana: Actor, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_use: list[int] = []

    def deliver(*_: Any) -> None:
        in_use.append(db.engine.pool.checkedout())  # type: ignore[attr-defined]

    monkeypatch.setattr(mail, "deliver", deliver)
    put(db, ana)
    send_all(db)
    assert in_use == [0]


def test_of_many_processes_one_sends_each_mail(db: Database, ana: Actor, mail_server: MailServer) -> None:
    put(db, ana, times=12)

    async def send() -> None:
        while await postman.send_next(db):
            pass

    async def all_at_once() -> None:
        await asyncio.gather(*(send() for _ in range(4)))

    asyncio.run(all_at_once())
    assert len(mail_server.mails) == 12
    assert len({came["Message-ID"] for came in mail_server.mails}) == 12


def test_a_mail_taken_by_a_process_that_died_is_sent_by_another_later(db: Database, ana: Actor, mail_server: MailServer) -> None:
    put(db, ana)
    db.write_now(outbox.take)  # and then it is killed
    send_all(db)
    assert mail_server.mails == []
    time_passes(db, minutes=5)
    send_all(db)
    assert len(mail_server.mails) == 1


def test_a_server_that_is_away_is_asked_again_ever_later_and_then_given_up(
    db: Database, ana: Actor, mail_server: MailServer, capsys: pytest.CaptureFixture[str]
) -> None:
    put(db, ana)
    mail_server.answer = "451 Not now"
    pauses = []
    for _ in range(5):
        send_all(db)
        pauses += due_in(db)
        time_passes(db, days=1)
    assert pauses == [1, 4, 16, 64]
    assert waiting(db) == []
    log = capsys.readouterr().out
    assert log.count("it is tried again") == 4
    assert log.count("it is given up") == 1
    assert "451" in log
    assert ANA not in log


def test_a_mail_that_failed_is_sent_when_the_server_is_back(db: Database, ana: Actor, mail_server: MailServer) -> None:
    put(db, ana)
    mail_server.answer = "451 Not now"
    send_all(db)
    mail_server.answer = "250 OK"
    send_all(db)
    assert mail_server.mails == []
    time_passes(db, minutes=1)
    send_all(db)
    assert len(mail_server.mails) == 1


def test_a_mailbox_that_is_not_there_is_not_tried_twice(db: Database, ana: Actor, mail_server: MailServer) -> None:
    db.write_now(outbox.put, "password_changed", "nobody@example.com", ana.user_id)
    send_all(db)
    assert waiting(db) == []


def test_a_mail_of_a_person_who_is_gone_goes_with_them(db: Database, ana: Actor, mail_server: MailServer) -> None:
    put(db, ana)
    db.write_now(lambda session: session.delete(session.get_one(User, ana.user_id)))
    assert waiting(db) == []


def test_the_postman_goes_on_without_a_database_and_stops_when_told(
    db: Database, ana: Actor, mail_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postman, "SECONDS_BETWEEN_LOOKS", 0)
    put(db, ana, times=2)
    stop, looks = asyncio.Event(), 0
    real = postman.send_next

    async def away_at_first(db: Database) -> bool:
        nonlocal looks
        looks += 1
        if looks == 1:
            raise Unavailable("away")
        sent = await real(db)
        if not sent:
            stop.set()
        return sent

    monkeypatch.setattr(postman, "send_next", away_at_first)
    asyncio.run(postman.deliver_until(stop, db))
    assert (looks, len(mail_server.mails)) == (4, 2)


def test_mail_that_nobody_has_sent_for_a_day_goes(db: Database, ana: Actor, mail_server: MailServer) -> None:
    put(db, ana)
    time_passes(db, hours=23)
    db.write_now(housekeeping.tidy)
    assert waiting(db) != []
    time_passes(db, hours=2)
    db.write_now(housekeeping.tidy)
    assert waiting(db) == []
