"""The one place where changes to a person's rows are recorded.

SQLAlchemy tells a session's listeners what it is about to write. This module keeps what each tracked row was and became, and just
before the commit writes one `Change` with its items, in the same transaction. No service has to remember to do it, and none can
forget: an UPDATE or DELETE statement that would go around the session is refused.
"""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache, partial
from typing import Any, cast

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python
from sqlalchemy import Table, bindparam, event, insert, inspect, update
from sqlalchemy.orm import ORMExecuteState, SessionTransaction, UOWTransaction
from sqlmodel import Session, col

from todo_app import live
from todo_app.metrics import CHANGES
from todo_app.models import Change, ChangeItem, Label, Project, SavedFilter, Section, Task, User
from todo_app.models.base import TrackedRow, utc_now

Values = dict[str, Any]
TRACKED: dict[str, type[TrackedRow]] = {str(model.__tablename__): model for model in (Task, Project, Section, Label, SavedFilter)}
_TABLES = {inspect(model).local_table for model in TRACKED.values()}


# What every change writes, put together once.
_NEXT_NUMBER = (
    update(User).where(col(User.id) == bindparam("owner")).values(last_change=User.last_change + 1).returning(col(User.last_change))
)
_ADD_CHANGE = insert(Change)
_ADD_ITEMS = insert(ChangeItem)


class FeedSession(Session):
    """A SQLModel session whose commits are recorded in the change feed."""


def to_json(values: Values) -> Values:
    """Column values as they are kept in the feed."""
    return dict(to_jsonable_python(values))


def from_json(model: type[TrackedRow], values: Values) -> Values:
    """The reverse of `to_json`."""
    return {name: _adapter(model, name).validate_python(value) for name, value in values.items()}


@lru_cache
def _adapter(model: type[TrackedRow], name: str) -> TypeAdapter[Any]:
    return TypeAdapter(cast("Any", model.model_fields[name].annotation))


def record_as(session: Session, kind: str, reverts: int | None = None) -> None:
    """Says what the change of this transaction is, where it is not the plain "do"."""
    session.info["change"] = {"kind": kind, "reverts": reverts}


def record_purge(session: Session, row: TrackedRow) -> None:
    """Records that a row is gone for good: the item keeps no content, so nothing can bring it back."""
    record_as(session, "purge")
    session.info.setdefault("purged", set()).add(row.id)
    _pending(session).setdefault(row.owner_id, {})[str(row.__tablename__), row.id] = (None, None)


# What a session has changed so far: owner -> (table, id) -> (before, after), in the order of the first change.
_Pending = dict[uuid.UUID, dict[tuple[str, uuid.UUID], tuple[Values | None, Values | None]]]


def _pending(session: Session) -> _Pending:
    pending: _Pending = session.info.setdefault("pending_changes", {})
    return pending


def _note(session: Session, row: TrackedRow, before: Values | None, after: Values | None) -> None:
    """Adds one row's change; a second change of the same row in one transaction continues the first."""
    items = _pending(session).setdefault(row.owner_id, {})
    key = (str(row.__tablename__), row.id)
    if key in items:
        first, last = items[key]
        before = {**(before or {}), **first} if first is not None else None
        after = {**(last or {}), **after} if after is not None else None
    if before is None and after is None:  # made and gone within one transaction
        del items[key]
    else:
        items[key] = (before, after)


def _changed(row: TrackedRow) -> tuple[Values, Values]:
    """The columns of a dirty row that differ from what was loaded: (before, after)."""
    before, after = {}, {}
    for name in row.tracked_values():
        history = inspect(row).attrs[name].history
        if history.has_changes() and history.deleted and history.deleted[0] != getattr(row, name):
            before[name], after[name] = history.deleted[0], getattr(row, name)
    return before, after


@event.listens_for(FeedSession, "before_flush")
def _collect(session: Session, _context: UOWTransaction, _instances: Any) -> None:
    for row in session.new:
        if isinstance(row, TrackedRow):
            _note(session, row, None, to_json(row.tracked_values()))
    for row in session.dirty:
        if isinstance(row, TrackedRow):
            before, after = _changed(row)
            if after:
                row.version += 1
                row.updated_at = _after(row.updated_at)
                _note(session, row, to_json(before), to_json(after))
    for row in session.deleted:
        if isinstance(row, TrackedRow) and row.id not in session.info.get("purged", ()):
            _note(session, row, to_json(row.tracked_values()), None)


def _after(earlier: datetime) -> datetime:
    """Now, or just after `earlier` should the clock have been set back: every change moves `updated_at` on."""
    return max(utc_now(), earlier + timedelta(microseconds=1))


@event.listens_for(FeedSession, "before_commit")
def _record(session: Session) -> None:
    session.flush()
    how = session.info.pop("change", {})
    session.info.pop("purged", None)
    for owner_id, items in session.info.pop("pending_changes", {}).items():
        if not items:
            continue
        connection = session.connection()
        # Counting in the owner's own row makes their changes commit one after the other, in the order of the numbers.
        number: int = connection.execute(_NEXT_NUMBER, {"owner": owner_id}).scalar_one()
        change = {"kind": "do", "reverts": None, **how}
        connection.execute(_ADD_CHANGE, {"owner_id": owner_id, "id": number, "at": utc_now(), "undone": False, **change})
        connection.execute(
            _ADD_ITEMS,
            [
                {
                    "owner_id": owner_id,
                    "change_id": number,
                    "position": position,
                    "entity": entity,
                    "entity_id": entity_id,
                    "before": before,
                    "after": after,
                }
                for position, ((entity, entity_id), (before, after)) in enumerate(items.items())
            ],
        )
        session.info["recorded"] = number
        notify_after_commit(session, live.Notice(owner_id, number))
        call_after_commit(session, CHANGES.inc)


def recorded_number(session: Session) -> int | None:
    """The number of the change that this session's transaction has recorded, once committed."""
    number: int | None = session.info.get("recorded")
    return number


def call_after_commit(session: Session, call: Callable[[], None]) -> None:
    """Calls `call` once this transaction is committed, and not at all if it is rolled back."""
    session.info.setdefault("calls", []).append(call)


def notify_after_commit(session: Session, notice: live.Notice) -> None:
    """Publishes `notice` once this transaction is committed."""
    call_after_commit(session, partial(live.publish, notice))


@event.listens_for(FeedSession, "after_commit")
def _call(session: Session) -> None:
    for call in session.info.pop("calls", []):
        call()


@event.listens_for(FeedSession, "after_rollback")
@event.listens_for(FeedSession, "after_soft_rollback")
def _forget(session: Session, _previous: SessionTransaction | None = None) -> None:
    for key in ("pending_changes", "change", "calls", "purged", "recorded"):
        session.info.pop(key, None)


@event.listens_for(FeedSession, "do_orm_execute")
def _refuse_untracked_writes(state: ORMExecuteState) -> None:
    if not (state.is_update or state.is_delete):
        return
    table = getattr(state.statement, "table", None)
    if isinstance(table, Table) and table in _TABLES:
        raise RuntimeError(f"Change rows of {table.name} through the session, so that the change feed sees it.")
