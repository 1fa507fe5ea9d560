"""What day it is for whom."""

import uuid
from datetime import UTC, date, datetime

import pytest

from todo_app.services import actor
from todo_app.services.actor import Actor


@pytest.mark.parametrize(
    ("time_zone", "today"),
    [("UTC", date(2026, 1, 31)), ("Asia/Tokyo", date(2026, 2, 1)), ("America/New_York", date(2026, 1, 31))],
)
def test_today_is_the_day_on_the_person_s_clock(monkeypatch: pytest.MonkeyPatch, time_zone: str, today: date) -> None:
    monkeypatch.setattr(actor, "utc_now", lambda: datetime(2026, 1, 31, 23, 30, tzinfo=UTC))
    assert Actor(uuid.uuid4(), uuid.uuid4(), time_zone).today == today
