"""The tree of tasks: what lies below a task, what it lies in, and how far along its subtasks are."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Integer, Select, bindparam, cast, func
from sqlalchemy import select as select_columns
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from todo_app.models import Task

Progress = Mapping[uuid.UUID, tuple[int, int]]
# What lies below a task.
Below = Callable[[Task], list[Task]]


def _below() -> Select[Any]:
    parents = col(Task.parent_id).in_(bindparam("parents", expanding=True))
    tree = select_columns(col(Task.id)).where(col(Task.owner_id) == bindparam("owner"), parents).cte("tree", recursive=True)
    child = aliased(Task)
    # UNION and not UNION ALL: it ends even if the tree were none.
    tree = tree.union(select_columns(col(child.id)).where(col(child.parent_id) == tree.c.id))
    return select_columns(tree.c.id)


# Asked at every tick of a box, and so put together once.
_BELOW = _below()
_PROGRESS = (
    select_columns(col(Task.parent_id), func.sum(cast(Task.completed, Integer)), func.count())
    .where(
        col(Task.owner_id) == bindparam("owner"),
        col(Task.parent_id).in_(bindparam("parents", expanding=True)),
        col(Task.deleted_at).is_(None),
    )
    .group_by(col(Task.parent_id))
)


def below(session: Session, owner_id: uuid.UUID, ids: Iterable[uuid.UUID]) -> list[Task]:
    """Every task below the given ones, whatever its depth, in Trash or not. One query, and another if there are any."""
    found = session.connection().execute(_BELOW, {"owner": owner_id, "parents": list(ids)}).scalars().all()
    if not found:
        return []
    return list(session.exec(select(Task).where(Task.owner_id == owner_id, col(Task.id).in_(found)).with_for_update()))


def among(rows: Iterable[Task]) -> Below:
    """`below` for one task, from rows at hand that are all there are: for many tasks, without a query for each."""
    children: dict[uuid.UUID | None, list[Task]] = defaultdict(list)
    for row in rows:
        children[row.parent_id].append(row)

    def find(task: Task) -> list[Task]:
        found = list(children[task.id])
        for child in found:
            found += children[child.id]
        return found

    return find


def above(session: Session, task: Task, *, lock: bool = True) -> list[Task]:
    """The tasks that this one lies in, the nearest first. One query, or none for a task that is no subtask.

    `lock`: nobody else may change them until this transaction has ended.
    """
    if task.parent_id is None:
        return []
    chain = select(Task.id, Task.parent_id).where(Task.owner_id == task.owner_id, Task.id == task.parent_id)
    tree = chain.cte("tree", recursive=True)
    parent = aliased(Task)
    tree = tree.union(select(parent.id, parent.parent_id).where(col(parent.id) == tree.c.parent_id))
    rows = select(Task).where(col(Task.id).in_(select(tree.c.id)))
    found = {row.id: row for row in session.exec(rows.with_for_update() if lock else rows)}
    line: list[Task] = []
    next_id: uuid.UUID | None = task.parent_id
    while next_id in found:
        line.append(found.pop(next_id))
        next_id = line[-1].parent_id
    return line


def progress(session: Session, owner_id: uuid.UUID, ids: Iterable[uuid.UUID]) -> Progress:
    """For each task that has subtasks: how many of them are completed, and how many there are. One query."""
    wanted = list(ids)
    if not wanted:
        return {}
    found = session.connection().execute(_PROGRESS, {"owner": owner_id, "parents": wanted})
    return {parent: (int(done), total) for parent, done, total in found if parent is not None}
