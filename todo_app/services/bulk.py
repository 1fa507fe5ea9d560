"""One change to many tasks: one transaction, one undo."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlmodel import Session, col, select

from todo_app.errors import Invalid, NotFound
from todo_app.models import Task
from todo_app.schemas.tasks import MOST_LABELS, BulkRequest, BulkResult
from todo_app.services import placing, subtasks, tasks
from todo_app.services.actor import Actor
from todo_app.services.subtasks import Below


def act(session: Session, actor: Actor, request: BulkRequest) -> BulkResult:
    """Does to each of the tasks what is asked for. Raises `NotFound` if one is not there, and then none is changed."""
    rows, below = _rows(session, actor, request)
    versions = {row.id: row.version for row in rows}
    if request.patch is not None:
        _patch(session, actor, rows, request.patch.given(), below)
    _label(session, actor, rows, request)
    if request.delete:
        tasks.discard(session, actor, rows)
    session.flush()
    return BulkResult(changed=sum(row.version != versions[row.id] for row in rows))


def _rows(session: Session, actor: Actor, request: BulkRequest) -> tuple[list[Task], Below]:
    """The tasks, each before those that lie in it, and how to find those."""
    ids = set(request.ids)
    own = select(Task).where(Task.owner_id == actor.user_id, col(Task.id).in_(ids), col(Task.deleted_at).is_(None))
    # Locked in one order, so that two of these wait for each other and don't stand in each other's way.
    rows = session.exec(own.order_by(col(Task.id)).with_for_update()).all()
    if len(rows) != len(ids):
        raise NotFound(tasks.NO_SUCH_TASK)
    family = subtasks.below(session, actor.user_id, ids)
    parents = {row.id: row.parent_id for row in (*rows, *family)}
    return sorted(rows, key=lambda row: _depth(parents, row.id)), subtasks.among(family)


def _depth(parents: Mapping[uuid.UUID, uuid.UUID | None], task_id: uuid.UUID) -> int:
    """How many of the tasks at hand lie above this one."""
    depth, above = 0, parents[task_id]
    while above is not None and above in parents:
        depth, above = depth + 1, parents[above]
    return depth


def _patch(session: Session, actor: Actor, rows: Sequence[Task], values: Mapping[str, Any], below: Below) -> None:
    others = {name: value for name, value in values.items() if name != "completed"}
    if others:
        # Parents first: their subtasks go with them and stay theirs.
        for row in rows:
            tasks.apply(session, actor, row, tasks.without_time(row, others), below)
    if "completed" in values:
        # Subtasks first: those of a recurring task begin anew with it.
        for row in reversed(rows):
            tasks.apply(session, actor, row, {"completed": values["completed"]}, below)


def _label(session: Session, actor: Actor, rows: Sequence[Task], request: BulkRequest) -> None:
    added, removed = [str(each) for each in request.add_label_ids], {str(each) for each in request.remove_label_ids}
    if added:
        placing.check_labels(session, actor, added, "add_label_ids")
    for row in rows:
        kept = [label_id for label_id in dict.fromkeys([*row.label_ids, *added]) if label_id not in removed]
        if len(kept) > MOST_LABELS:
            raise Invalid.field("add_label_ids", f"A task can have at most {MOST_LABELS} labels.")
        if kept != row.label_ids:
            row.label_ids = kept
