"""What holds in every database, whatever was done to it."""

import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlmodel import col, select

from todo_app.change_feed import TRACKED, to_json
from todo_app.db import Database
from todo_app.models import Change, ChangeItem, User


def assert_sound(file: Path) -> None:
    """SQLite itself finds nothing wrong."""
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def assert_feed_tells_the_rows(db: Database) -> None:
    """Everybody's feed has every number once, and each row is what its changes, one after the other, made of it.

    Not for databases in which something was deleted for good: that takes its words out of the feed.
    """
    users = db.read_now(lambda session: session.exec(select(User)).all())
    changes = db.read_now(lambda session: session.exec(select(Change).order_by(col(Change.id))).all())
    items = db.read_now(
        lambda session: session.exec(select(ChangeItem).order_by(col(ChangeItem.change_id), col(ChangeItem.position))).all()
    )
    told: dict[tuple[str, str], dict[str, Any] | None] = {}
    steps: dict[tuple[str, str], int] = defaultdict(int)
    for user in users:
        numbers = [change.id for change in changes if change.owner_id == user.id]
        assert numbers == list(range(1, user.last_change + 1))
        assert {item.change_id for item in items if item.owner_id == user.id} == set(numbers)
    for item in items:
        key = item.entity, str(item.entity_id)
        told[key] = None if item.after is None else {**(told.get(key) or {}), **item.after}
        steps[key] = steps[key] + 1 if item.before is not None else 1
    stored = {
        (name, str(row.id)): row
        for name, model in TRACKED.items()
        for row in db.read_now(lambda session, model=model: session.exec(select(model)).all())
    }
    assert {key: to_json(row.tracked_values()) for key, row in stored.items()} == {k: v for k, v in told.items() if v is not None}
    assert {key: row.version for key, row in stored.items()} == {key: steps[key] for key in stored}
