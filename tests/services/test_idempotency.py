"""One request is done once."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from todo_app.db import Database
from todo_app.errors import Invalid, NotFound
from todo_app.models import IdempotencyKey
from todo_app.services import housekeeping, idempotency
from todo_app.services.actor import Actor
from todo_app.services.idempotency import Answer


def test_the_work_runs_once_and_its_answer_stays(db: Database, ana: Actor) -> None:
    runs: list[int] = []

    def work(_session: Session) -> Answer:
        runs.append(1)
        return {"run": len(runs)}

    for _ in range(3):
        assert db.write_now(idempotency.once, ana, "key", "print", work) == {"run": 1}
    with pytest.raises(Invalid):
        db.write_now(idempotency.once, ana, "key", "another print", work)
    assert len(runs) == 1


def test_nobody_s_words_are_kept_of_a_request(db: Database, ana: Actor) -> None:
    db.write_now(idempotency.once, ana, "key", "Buy milk", lambda _session: {"done": True})
    row = db.read_now(lambda session: session.exec(select(IdempotencyKey)).one())
    assert "milk" not in row.model_dump_json()


def test_a_failure_is_not_kept(db: Database, ana: Actor) -> None:
    def fail(_session: Session) -> Answer:
        raise NotFound("nothing")

    with pytest.raises(NotFound):
        db.write_now(idempotency.once, ana, "key", "print", fail)
    assert db.write_now(idempotency.once, ana, "key", "other print", lambda _session: {}) == {}


def test_keys_are_forgotten_after_a_day(db: Database, ana: Actor) -> None:
    def age(session: Session, hours: float) -> None:
        row = session.exec(select(IdempotencyKey)).one()
        row.created_at -= timedelta(hours=hours)

    db.write_now(idempotency.once, ana, "key", "print", lambda _session: {"n": 1})
    db.write_now(age, 23.9)
    db.write_now(housekeeping.tidy)
    assert db.write_now(idempotency.once, ana, "key", "print", lambda _session: {"n": 2}) == {"n": 1}
    db.write_now(age, 0.2)
    db.write_now(housekeeping.tidy)
    assert db.write_now(idempotency.once, ana, "key", "print", lambda _session: {"n": 2}) == {"n": 2}
