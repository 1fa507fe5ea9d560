"""What time makes superfluous goes; everything else stays."""

import uuid
from datetime import timedelta

from sqlmodel import Session, select

from todo_app.db import Database
from todo_app.models import SignIn, Task
from todo_app.models.base import utc_now
from todo_app.schemas.tasks import ChangesQuery, TaskFields, TrashQuery
from todo_app.services import changes, housekeeping, sessions, task_lists, tasks
from todo_app.services.actor import Actor


def delete(db: Database, actor: Actor, title: str, days_ago: float) -> uuid.UUID:
    task_id = db.write_now(tasks.create_task, actor, TaskFields(title=title)).id
    db.write_now(tasks.delete_task, actor, task_id)

    def age(session: Session) -> None:
        row = session.get_one(Task, task_id)
        row.deleted_at = utc_now() - timedelta(days=days_ago)

    db.write_now(age)
    return task_id


def trash(db: Database, actor: Actor) -> set[str]:
    return {task.title for task in db.read_now(task_lists.list_trash, actor, TrashQuery()).items}


def tidy_up(db: Database) -> None:
    """As the app does it each hour."""
    while db.write_now(housekeeping.tidy):
        pass


def test_trash_is_kept_for_thirty_days(db: Database, ana: Actor, bob: Actor) -> None:
    db.write_now(tasks.create_task, ana, TaskFields(title="In use"))
    delete(db, ana, "Just in time", 29.9)
    delete(db, ana, "Too old", 30.1)
    delete(db, ana, "Much too old", 400)
    delete(db, bob, "Bob's", 31)
    tidy_up(db)
    assert (trash(db, ana), trash(db, bob)) == ({"Just in time"}, set())
    assert "oo old" not in db.read_now(changes.list_changes, ana, ChangesQuery()).model_dump_json()
    assert "In use" in db.read_now(changes.list_changes, ana, ChangesQuery()).model_dump_json()


def test_one_run_takes_a_batch(db: Database, ana: Actor) -> None:
    housekeeping_batch, housekeeping.BATCH = housekeeping.BATCH, 2
    try:
        for n in range(3):
            delete(db, ana, str(n), 31)
        assert db.write_now(housekeeping.tidy)
        assert len(trash(db, ana)) == 1
        kinds = [change.kind for change in db.read_now(changes.list_changes, ana, ChangesQuery()).items]
        assert kinds.count("purge") == 1
        tidy_up(db)
        assert trash(db, ana) == set()
    finally:
        housekeeping.BATCH = housekeeping_batch


def test_ended_sessions_go(db: Database, ana: Actor) -> None:
    def begin(**fields: object) -> uuid.UUID:
        new = db.write_now(sessions.begin, ana.user_id, "browser", "")

        def age(session: Session) -> None:
            row = session.get_one(SignIn, new.session_id)
            for name, value in fields.items():
                setattr(row, name, value)

        db.write_now(age)
        return new.session_id

    now = utc_now()
    fresh = begin(last_used_at=now - timedelta(days=13))
    begin(last_used_at=now - timedelta(days=15))
    begin(expires_at=now - timedelta(seconds=1))
    db.write_now(housekeeping.tidy)
    assert db.read_now(lambda session: set(session.exec(select(SignIn.id)))) == {ana.session_id, fresh}
