"""The change feed: every change is recorded once, in its own transaction, and nothing gets around it."""

import uuid
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlmodel import Session, select

from todo_app import change_feed, live
from todo_app.change_feed import FeedSession, from_json, recorded_number, to_json
from todo_app.db import Database
from todo_app.errors import Conflict, NotFound
from todo_app.models import Change, ChangeItem, Task, User
from todo_app.schemas.tasks import ChangesQuery, ChangeView, TaskFields, TaskPatch
from todo_app.services import changes, tasks
from todo_app.services.actor import Actor


def feed(db: Database, actor: Actor) -> list[ChangeView]:
    return db.read_now(changes.list_changes, actor, ChangesQuery()).items


def add(db: Database, actor: Actor, title: str = "One", **fields: Any) -> uuid.UUID:
    return db.write_now(tasks.create_task, actor, TaskFields(title=title, **fields)).id


def test_one_transaction_is_one_change_however_much_it_does(db: Database, ana: Actor) -> None:
    def much(session: Session) -> list[uuid.UUID]:
        first = tasks.create_task(session, ana, TaskFields(title="First"))
        second = tasks.create_task(session, ana, TaskFields(title="Second"))
        tasks.update_task(session, ana, first.id, TaskPatch(title="First again"))
        tasks.update_task(session, ana, first.id, TaskPatch(title="And again", priority=1))
        tasks.delete_task(session, ana, second.id)
        return [first.id, second.id]

    ids = db.write_now(much)
    (change,) = feed(db, ana)
    assert [item.entity_id for item in change.items] == ids
    assert all(item.before is None for item in change.items)
    first, second = (item.after or {} for item in change.items)
    assert (first["title"], first["priority"]) == ("And again", 1)
    assert second["deleted_at"]
    db.write_now(changes.undo, ana)
    assert db.read_now(lambda session: list(session.exec(select(Task)))) == []


def test_several_edits_in_one_transaction_keep_the_first_before_and_the_last_after(db: Database, ana: Actor) -> None:
    task_id = add(db, ana)

    def edits(session: Session) -> None:
        tasks.update_task(session, ana, task_id, TaskPatch(title="Two", priority=1))
        tasks.update_task(session, ana, task_id, TaskPatch(title="Three", notes="new"))

    db.write_now(edits)
    item = feed(db, ana)[-1].items[0]
    assert item.before == {"title": "One", "priority": 4, "notes": ""}
    assert item.after == {"title": "Three", "priority": 1, "notes": "new"}


def test_what_is_made_and_gone_in_one_transaction_is_no_change(db: Database, ana: Actor) -> None:
    def make_and_drop(session: Session) -> None:
        view = tasks.create_task(session, ana, TaskFields(title="Short-lived"))
        session.delete(tasks.find(session, ana, view.id))
        session.flush()

    db.write_now(make_and_drop)
    assert db.read_now(lambda session: list(session.exec(select(Change)))) == []
    assert db.read_now(lambda session: list(session.exec(select(ChangeItem)))) == []


def test_what_is_rolled_back_leaves_no_trace_and_tells_nobody(db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    notices: list[live.Notice] = []
    monkeypatch.setattr(live, "_listeners", [notices.append])

    def fail(session: Session) -> None:
        tasks.create_task(session, ana, TaskFields(title="Half done"))
        raise KeyError

    with pytest.raises(KeyError):
        db.write_now(fail)
    assert (feed(db, ana), notices) == ([], [])
    add(db, ana)
    assert [change.id for change in feed(db, ana)] == [1]


def test_what_was_rolled_back_is_forgotten_by_what_comes_after_it(db: Database, ana: Actor) -> None:
    called: list[str] = []
    kept = add(db, ana, "Kept")
    with FeedSession(db.engine) as session:
        change_feed.record_as(session, "undo", 1)
        change_feed.record_purge(session, tasks.find(session, ana, kept))
        change_feed.call_after_commit(session, lambda: called.append("told"))
        tasks.create_task(session, ana, TaskFields(title="Half done"))
        session.rollback()
        session.delete(tasks.find(session, ana, kept))
        session.commit()
        assert recorded_number(session) == 2
        tasks.create_task(session, ana, TaskFields(title="Half done again"))
        session.rollback()
        assert recorded_number(session) is None
    assert called == []
    change = feed(db, ana)[-1]
    assert (change.kind, change.reverts) == ("do", None)
    assert [(item.entity_id, (item.before or {})["title"]) for item in change.items] == [(kept, "Kept")]


def test_what_is_deleted_for_good_is_recorded_without_its_content(db: Database, ana: Actor) -> None:
    task_id = add(db, ana, "Secret")
    db.write_now(tasks.delete_task, ana, task_id)
    db.write_now(tasks.purge_task, ana, task_id)
    change = feed(db, ana)[-1]
    assert change.kind == "purge"
    assert [(item.entity, item.entity_id, item.before, item.after) for item in change.items] == [("tasks", task_id, None, None)]


def test_rows_that_are_nobody_s_content_may_be_changed_by_a_statement(db: Database, ana: Actor) -> None:
    db.write_now(lambda session: session.execute(update(User).values(name="Ana Maria")))
    assert db.read_now(lambda session: session.exec(select(User.name)).one()) == "Ana Maria"


def test_pages_are_told_after_the_commit(db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[live.Notice, list[int]]] = []

    def note(notice: live.Notice) -> None:
        seen.append((notice, [change.id for change in feed(db, ana)]))

    monkeypatch.setattr(live, "_listeners", [])
    live.listen(note)
    live.listen(note)  # listening twice hears once
    add(db, ana)
    assert seen == [(live.Notice(ana.user_id, 1), [1])]


def test_the_number_of_the_change_is_known_after_it(db: Database, ana: Actor) -> None:
    import asyncio

    view, number = asyncio.run(db.change(tasks.create_task, ana, TaskFields(title="One")))
    assert number == 1
    assert asyncio.run(db.change(tasks.update_task, ana, view.id, TaskPatch(title="One")))[1] is None


def test_numbers_count_per_person(db: Database, ana: Actor, bob: Actor) -> None:
    add(db, ana)
    add(db, bob)
    add(db, ana)
    assert ([change.id for change in feed(db, ana)], [change.id for change in feed(db, bob)]) == ([1, 2], [1])
    users = db.read_now(lambda session: {user.id: user.last_change for user in session.exec(select(User))})
    assert users == {ana.user_id: 2, bob.user_id: 1}


@pytest.mark.parametrize("statement", [update(Task).values(title="x"), delete(Task)], ids=["update", "delete"])
def test_a_statement_around_the_session_is_refused(db: Database, ana: Actor, statement: Any) -> None:
    add(db, ana)
    with pytest.raises(RuntimeError, match="change feed"):
        db.write_now(lambda session: session.execute(statement))
    assert db.read_now(lambda session: session.exec(select(Task.title)).one()) == "One"


def test_a_column_recorded_in_the_feed_comes_back_the_same(db: Database, ana: Actor) -> None:
    fields = {"due_date": "2026-03-29", "due_time": "02:30", "time_zone": "Europe/Berlin", "completed": True}
    task_id = add(db, ana, notes="🌱\n\\u0000", **fields)
    row = db.read_now(tasks.find, ana, task_id)
    values = row.tracked_values()
    assert from_json(Task, to_json(values)) == values
    db.write_now(changes.undo, ana)
    db.write_now(changes.redo, ana)
    assert db.read_now(tasks.find, ana, task_id).tracked_values() == values


def test_updated_at_moves_on_though_the_clock_went_back(db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    from datetime import timedelta

    from todo_app.models.base import utc_now

    task_id = add(db, ana)
    before = db.read_now(tasks.get_task, ana, task_id)
    monkeypatch.setattr(change_feed, "utc_now", lambda: utc_now() - timedelta(hours=1))
    after = db.write_now(tasks.toggle_task, ana, task_id)
    assert after.updated_at > before.updated_at


def test_the_searched_columns_follow_an_undo(db: Database, ana: Actor) -> None:
    task_id = add(db, ana, "Café")
    db.write_now(tasks.update_task, ana, task_id, TaskPatch(title="Tea"))
    db.write_now(changes.undo, ana)
    assert db.read_now(tasks.find, ana, task_id).title_key == "cafe"


def test_undo_takes_back_many_rows_or_none(db: Database, ana: Actor) -> None:
    first, second = add(db, ana, "First"), add(db, ana, "Second")

    def bulk(session: Session) -> None:
        for task_id in (first, second):
            tasks.toggle_task(session, ana, task_id)

    db.write_now(bulk)
    db.write_now(tasks.toggle_task, ana, second)
    with pytest.raises(Conflict):
        db.write_now(changes.undo, ana, 3)
    assert db.read_now(tasks.get_task, ana, first).completed
    db.write_now(changes.undo, ana)
    db.write_now(changes.undo, ana)
    assert not db.read_now(tasks.get_task, ana, first).completed
    assert not db.read_now(tasks.get_task, ana, second).completed


def test_undo_of_a_task_that_was_deleted_for_good_is_not_offered(db: Database, ana: Actor) -> None:
    first, second = add(db, ana, "First"), add(db, ana, "Second")

    def bulk(session: Session) -> None:
        for task_id in (first, second):
            tasks.delete_task(session, ana, task_id)

    db.write_now(bulk)
    db.write_now(tasks.purge_task, ana, first)
    undone = db.write_now(changes.undo, ana)
    assert [item.entity_id for item in undone.items] == [second]
    assert db.read_now(tasks.get_task, ana, second).title == "Second"
    with pytest.raises(NotFound):
        db.read_now(tasks.history, ana, first)


def test_a_change_made_again_conflicts_with_what_came_between(db: Database, ana: Actor) -> None:
    """Bob-like interference: the row is edited between the undo and the redo by a change that the feed calls an undo too."""
    task_id = add(db, ana)
    db.write_now(tasks.update_task, ana, task_id, TaskPatch(title="Two"))
    db.write_now(tasks.update_task, ana, task_id, TaskPatch(priority=1))
    db.write_now(changes.undo, ana, 2)
    db.write_now(changes.undo, ana, 3)
    assert db.write_now(changes.redo, ana).id == 3
    assert db.write_now(changes.redo, ana).id == 2
    view = db.read_now(tasks.get_task, ana, task_id)
    assert (view.title, view.priority) == ("Two", 1)


def test_history_has_an_end(db: Database, ana: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "HISTORY_LENGTH", 3)
    task_id = add(db, ana)
    assert not db.read_now(tasks.history, ana, task_id).more
    for _ in range(4):
        db.write_now(tasks.toggle_task, ana, task_id)
    history = db.read_now(tasks.history, ana, task_id)
    assert ([change.id for change in history.items], history.more) == ([5, 4, 3], True)


def test_writing_through_a_plain_session_would_not_be_recorded_which_is_why_db_uses_its_own(db: Database, ana: Actor) -> None:
    db.write_now(lambda session: isinstance(session, FeedSession) or pytest.fail("db must open a FeedSession"))
    assert db.read_now(lambda session: list(session.exec(select(Change)))) == []
