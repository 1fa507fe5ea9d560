"""`created`, `updated` and `completed` go by the days of the person's clock, whatever it does."""

import datetime as dt
from dataclasses import replace
from typing import Any
from zoneinfo import ZoneInfo

from tests.people import insert_untracked
from todo_app.db import Database
from todo_app.models import Task
from todo_app.schemas.tasks import TaskQuery
from todo_app.services import task_lists
from todo_app.services.actor import Actor

# Zones with days on which their clocks change, at midnight in some, and a day on which they don't.
DAYS = {
    "Etc/GMT+12": ["2026-03-29"],
    "Pacific/Niue": ["2026-03-29"],
    "America/St_Johns": ["2026-03-08", "2026-11-01"],
    "America/Havana": ["2026-03-08", "2026-11-01"],
    "America/Santiago": ["2026-04-04", "2026-09-06"],
    "UTC": ["2026-03-29"],
    "Europe/Berlin": ["2026-03-29", "2026-10-25"],
    "Asia/Beirut": ["2026-03-29", "2026-10-24"],
    "Africa/Cairo": ["2026-04-24", "2026-10-29"],
    "Asia/Kathmandu": ["2026-03-29"],
    "Australia/Lord_Howe": ["2026-04-05", "2026-10-04"],
    "Pacific/Chatham": ["2026-04-05", "2026-09-27"],
    "Pacific/Kiritimati": ["2026-03-29"],
    "Pacific/Apia": ["2011-12-29", "2011-12-30", "2011-12-31"],  # it had no 30th
}
QUARTER, MOMENT, DAY = dt.timedelta(minutes=15), dt.timedelta(microseconds=1), dt.timedelta(days=1)


def moments_around(day: dt.date, zone: ZoneInfo) -> list[dt.datetime]:
    """The first and the last moments of the day and of its neighbours on the zone's clock, among quarters of an hour of UTC."""
    begin = dt.datetime.combine(day, dt.time(), dt.UTC) - 2 * DAY
    grid = [begin + n * QUARTER - before for n in range(5 * 96) for before in (MOMENT, 0 * MOMENT)]
    return [
        moment
        for before, moment, after in zip(grid, grid[1:], grid[2:], strict=False)
        if len({each.astimezone(zone).date() for each in (before, moment, after)}) > 1
    ]


def insert(session: Any, owner: Actor, moments: list[dt.datetime]) -> None:
    rows = [
        Task(owner_id=owner.user_id, title=str(n), created_at=at, updated_at=at, completed=True, completed_at=at)
        for n, at in enumerate(moments)
    ]
    insert_untracked(session.connection(), rows)


def found(db: Database, actor: Actor, text: str) -> list[dt.datetime]:
    page = db.read_now(task_lists.list_tasks, actor, TaskQuery(filter=text, sort="created", limit=500))
    assert page.total == len(page.items)
    return [task.created_at for task in page.items]


def test_a_day_begins_and_ends_with_the_person_s(db: Database, ana: Actor) -> None:
    moments = sorted(
        {
            moment
            for zone, texts in DAYS.items()
            for text in texts
            for moment in moments_around(dt.date.fromisoformat(text), ZoneInfo(zone))
        }
    )
    db.write_now(insert, ana, moments)
    for zone, texts in DAYS.items():
        there = replace(ana, time_zone=zone)
        local = [moment.astimezone(ZoneInfo(zone)).date() for moment in moments]
        for day in map(dt.date.fromisoformat, texts):
            expected = [moment for moment, its_day in zip(moments, local, strict=True) if its_day == day]
            for field in ("created", "updated", "completed"):
                assert found(db, there, f"{field}: {day}") == expected, zone
            before, after = f"created < {day}", f"created > {day}"
            totals = [db.read_now(task_lists.list_tasks, there, TaskQuery(filter=text)).total for text in (before, after)]
            earlier = sum(its_day < day for its_day in local)
            assert totals == [earlier, len(moments) - earlier - len(expected)], zone
            assert found(db, there, f"!{before} & !{after}") == expected, zone


def test_some_of_these_days_are_longer_and_some_shorter() -> None:
    """Else the zones would have changed their minds, and the test above would try less than it says."""
    lengths = set()
    for zone, days in DAYS.items():
        for text in days:
            day = dt.date.fromisoformat(text)
            begin, end = (dt.datetime.combine(each, dt.time(), ZoneInfo(zone)).timestamp() for each in (day, day + DAY))
            lengths.add((end - begin) / 3600)
    assert {0, 23, 23.5, 24, 24.5, 25} <= lengths
