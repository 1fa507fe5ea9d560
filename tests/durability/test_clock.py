"""The clock is set back and forth, by a day or a year, while people are at work. Nothing breaks, and nothing lasts for ever."""

import random
import time
from datetime import datetime, timedelta, tzinfo
from typing import Any

import pyotp
import pytest

from tests.api.conftest import Api
from tests.durability.conftest import THOROUGH
from tests.people import ANA, PASSWORD, user_row
from todo_app.db import Database
from todo_app.models import base
from todo_app.services import housekeeping, mail_links

JUMPS = 40 if THOROUGH else 12
DAY, YEAR = timedelta(days=1), timedelta(days=365)
WRONG = [-YEAR, -DAY, DAY, YEAR]


class Clock:
    """The machine's clock, for everything in this process that asks what time it is."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.ahead = timedelta()
        clock, real_time = self, time.time

        class Shifted(datetime):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> "Shifted":
                return super().now(tz) + clock.ahead

        patch.setattr(base, "datetime", Shifted)
        patch.setattr("jwt.api_jwt.datetime", Shifted)
        patch.setattr(time, "time", lambda: real_time() + self.ahead.total_seconds())

    def set(self, ahead: timedelta) -> None:
        """Sets it so much ahead of the right time."""
        self.ahead = ahead


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def live_a_little(ana: Api, number: int) -> list[Any]:
    """What people do in a minute; all the answers."""
    made = ana.post("/api/tasks", json={"title": f"Task {number}"}, headers={"Idempotency-Key": f"key-{number}"})
    task = f"/api/tasks/{made.json()['id']}"
    daily = ana.post("/api/quick-add", json={"text": f"Water the plants {number} every day"})
    return [
        made,
        ana.post("/api/tasks", json={"title": f"Task {number}"}, headers={"Idempotency-Key": f"key-{number}"}),
        ana.patch(task, json={"title": f"Changed {number}"}),
        ana.patch(task, json={"completed": True}),
        daily,
        ana.patch(f"/api/tasks/{daily.json()['items'][0]['id']}", json={"completed": True}),
        ana.post("/api/undo"),
        ana.post("/api/redo"),
        ana.delete(task),
        ana.get("/api/tasks", params={"filter": "today | overdue"}),
        ana.get("/api/me/export"),
    ]


def test_whatever_the_clock_does_nothing_fails_and_the_feed_keeps_its_order(
    api: Api, db: Database, clock: Clock, chance: random.Random
) -> None:
    ana = api.sign_up(ANA, "Ana")
    kept = ana.add("Changed again and again")
    path, changed_at = f"/api/tasks/{kept['id']}", kept["updated_at"]
    for number in range(JUMPS):
        clock.set(chance.choice([*WRONG, timedelta()]))
        db.write_now(housekeeping.tidy)
        if ana.get("/api/me").status_code == 401:
            ana = api.sign_in(ANA)
        assert {answer.status_code for answer in live_a_little(ana, number)} == {200, 201, 204}
        changed = ana.patch(path, json={"title": f"Changed {number}"}).json()
        assert changed["updated_at"] > changed_at
        changed_at = changed["updated_at"]
    told = [change["id"] for change in ana.get("/api/changes", params={"limit": 500}).json()["items"]]
    assert told == sorted(set(told))
    assert told[-1] == user_row(db, ANA).last_change


@pytest.mark.parametrize("wrong", [DAY, YEAR])
def test_a_session_from_the_future_ends_thirty_days_after_the_clock_is_right_again(
    api: Api, db: Database, clock: Clock, wrong: timedelta
) -> None:
    api.sign_up(ANA, "Ana")
    clock.set(wrong)
    signed_in = api.post("/api/auth/login", json={"email": ANA, "password": PASSWORD}).json()
    clock.set(timedelta())
    db.write_now(housekeeping.tidy)
    assert api.as_(signed_in["access_token"]).get("/api/me").status_code == 401  # it is of no time that has been
    token = signed_in["refresh_token"]
    for days in (13, 26):
        clock.set(timedelta(days=days))
        refreshed = api.post("/api/auth/refresh", json={"refresh_token": token})
        assert refreshed.status_code == 200
        token = refreshed.json()["refresh_token"]
    clock.set(timedelta(days=30, seconds=5))
    assert api.post("/api/auth/refresh", json={"refresh_token": token}).status_code == 401


def test_a_session_from_the_future_ends_for_idleness_too(api: Api, db: Database, clock: Clock) -> None:
    api.sign_up(ANA, "Ana")
    clock.set(YEAR)
    signed_in = api.post("/api/auth/login", json={"email": ANA, "password": PASSWORD}).json()
    clock.set(timedelta())
    db.write_now(housekeeping.tidy)
    clock.set(timedelta(days=14, seconds=5))
    assert api.post("/api/auth/refresh", json={"refresh_token": signed_in["refresh_token"]}).status_code == 401


@pytest.mark.parametrize("wrong", WRONG)
def test_no_limit_waits_for_the_clock_to_come_there_again(api: Api, clock: Clock, wrong: timedelta) -> None:
    api.sign_up(ANA, "Ana")
    clock.set(wrong)
    guess = {"email": ANA, "password": "not this one"}
    assert [api.post("/api/auth/login", json=guess).status_code for _ in range(11)] == [401] * 10 + [429]
    clock.set(timedelta())
    api.sign_in(ANA)
    assert [api.post("/api/auth/login", json=guess).status_code for _ in range(11)] == [401] * 10 + [429]  # and it is not off
    clock.set(timedelta(minutes=15, seconds=5))
    api.sign_in(ANA)


def test_a_code_that_was_used_is_not_good_again_when_the_clock_is_set_back(api: Api, clock: Clock) -> None:
    now = int(time.time()) // 30 * 30 + 15  # in the middle of a code's time
    right = timedelta(seconds=now - time.time())
    clock.set(right)
    ana = api.sign_up(ANA, "Ana")
    phone = pyotp.TOTP(ana.post("/api/me/two-step", json={"password": PASSWORD}).json()["secret"])

    def sign_in(code: str) -> int:
        return api.post("/api/auth/login", json={"email": ANA, "password": PASSWORD, "code": code}).status_code

    before, code, after = (phone.at(now + seconds) for seconds in (-30, 0, 30))
    assert ana.post("/api/me/two-step/confirm", json={"code": before}).status_code == 200
    assert sign_in(code) == 200
    for wrong in (-DAY, timedelta(seconds=-20), DAY, timedelta()):
        clock.set(right + wrong)
        assert sign_in(code) == 401
    assert sign_in(after) == 200


@pytest.mark.parametrize("wrong", [-YEAR, -DAY, DAY])
def test_a_request_sent_again_after_the_clock_was_set_is_done_once(api: Api, clock: Clock, wrong: timedelta) -> None:
    """But where the clock has gone on past the day that answers are kept for."""
    ana = api.sign_up(ANA, "Ana")
    request: dict[str, Any] = {"json": {"title": "Once"}, "headers": {"Idempotency-Key": "once"}}
    made = ana.post("/api/tasks", **request)
    clock.set(wrong)
    again = api.sign_in(ANA).post("/api/tasks", **request)
    assert again.json() == made.json()


def test_a_link_that_was_mailed_in_the_future_is_good_for_an_hour(api: Api, db: Database, clock: Clock) -> None:
    api.sign_up(ANA, "Ana")
    clock.set(YEAR)
    token = db.write_now(mail_links.make, "reset", user_row(db, ANA).id, ANA)
    clock.set(timedelta())
    db.write_now(housekeeping.tidy)
    clock.set(timedelta(hours=1, seconds=5))
    reset = api.post("/api/auth/reset/confirm", json={"token": token, "new_password": "five red foxes"})
    assert reset.status_code == 401
