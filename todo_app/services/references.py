"""Which rows name which others, and whether what they name is there: the database itself would tell only at the commit."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import and_, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from todo_app.models import Label, Project, Section, Task
from todo_app.models.base import TrackedRow

_NAMED: Mapping[type[TrackedRow], Mapping[str, type[TrackedRow]]] = {
    Task: {"project_id": Project, "section_id": Section, "parent_id": Task},
    Project: {"parent_id": Project},
    Section: {"project_id": Project},
}
# SQLite takes some 32,000 values in a statement.
_BATCH = 1000

Ids = Collection[uuid.UUID]


def load(session: Session, owner_id: uuid.UUID, model: type[TrackedRow], ids: Ids) -> dict[uuid.UUID, TrackedRow]:
    """The rows of one person by id, held until this transaction has ended."""
    own = select(model).where(model.owner_id == owner_id).order_by(col(model.id)).with_for_update()
    return {row.id: row for batch in _batches(ids) for row in session.exec(own.where(col(model.id).in_(batch)))}


def _batches(ids: Ids) -> Iterator[Sequence[uuid.UUID]]:
    ordered = sorted(ids)
    return (ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH))


def without_gone_labels(session: Session, task: Task) -> list[str]:
    """The labels of a task that there still are."""
    gone = _missing(session, task.owner_id, Label, {uuid.UUID(label_id) for label_id in task.label_ids})
    return [label_id for label_id in task.label_ids if uuid.UUID(label_id) not in gone]


def are_whole(session: Session, owner_id: uuid.UUID, touched: Mapping[type[TrackedRow], set[uuid.UUID]]) -> bool:
    """Whether these rows, be they there or deleted, leave nothing that names a missing row, or is elsewhere than what it is part
    of. The number of queries does not depend on theirs."""
    wanted: dict[type[TrackedRow], set[uuid.UUID]] = defaultdict(set)
    for model, ids in touched.items():
        rows = load(session, owner_id, model, ids)
        if _is_named(session, owner_id, model, ids - rows.keys()):
            return False
        for row in rows.values():
            for name, named in _NAMED.get(model, {}).items():
                wanted[named] |= {getattr(row, name)} - {None}
            if isinstance(row, Task):
                wanted[Label] |= {uuid.UUID(label_id) for label_id in row.label_ids}
    if any(_missing(session, owner_id, model, ids) for model, ids in wanted.items()):
        return False
    trees = (Task, Project)
    return _are_with_parents(session, touched.get(Task, ())) and not any(
        _lie_in_themselves(session, model, touched.get(model, ())) for model in trees
    )


def _missing(session: Session, owner_id: uuid.UUID, model: type[TrackedRow], ids: Ids) -> set[uuid.UUID]:
    """Those of the ids that are not there; the others are kept from being deleted until this transaction has ended."""
    own = select(model.id).where(model.owner_id == owner_id).with_for_update(read=True, key_share=True)
    return set(ids) - {found for batch in _batches(ids) for found in session.exec(own.where(col(model.id).in_(batch)))}


def _is_named(session: Session, owner_id: uuid.UUID, model: type[TrackedRow], ids: Ids) -> bool:
    """Whether any row names one of these."""
    columns = [(namer, getattr(namer, name)) for namer, names in _NAMED.items() for name, named in names.items() if named is model]
    return any(
        session.exec(select(namer.id).where(namer.owner_id == owner_id, col(column).in_(batch)).limit(1)).first()
        for batch in _batches(ids)
        for namer, column in columns
    )


def _are_with_parents(session: Session, ids: Ids) -> bool:
    """Whether these tasks, and the subtasks of these, are where their parents are, and none is left out of Trash."""
    child, parent = aliased(Task), aliased(Task)
    strays: Any = (
        select(child.id)
        .join(parent, col(parent.id) == child.parent_id)
        .where(
            or_(
                col(child.project_id).is_distinct_from(parent.project_id),
                col(child.section_id).is_distinct_from(parent.section_id),
                and_(col(child.deleted_at).is_(None), col(parent.deleted_at).is_not(None)),
            )
        )
        .limit(1)
    )
    either = (col(child.id), col(parent.id))
    return not any(session.exec(strays.where(column.in_(batch))).first() for batch in _batches(ids) for column in either)


def _lie_in_themselves(session: Session, model: Any, ids: Ids) -> bool:
    """Whether any of these rows lies in itself, however deep."""
    for batch in _batches(ids):
        begin: Any = select(col(model.id).label("start"), col(model.parent_id).label("above"))
        line = begin.where(col(model.id).in_(batch), col(model.parent_id).is_not(None)).cte("line", recursive=True)
        step = aliased(model)
        # UNION and not UNION ALL: it ends even in a circle.
        line = line.union(select(line.c.start, step.parent_id).where(step.id == line.c.above, col(step.parent_id).is_not(None)))
        if session.exec(select(line.c.start).where(line.c.start == line.c.above).limit(1)).first():
            return True
    return False
