"""Reading the change feed, and undoing and redoing what it holds."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from todo_app.change_feed import TRACKED, Values, from_json, record_as, to_json
from todo_app.errors import Conflict, NotFound
from todo_app.models import Change, ChangeItem, Label, TaskLabel
from todo_app.models.base import TrackedRow
from todo_app.schemas.tasks import ChangeItemView, ChangeList, ChangesQuery, ChangeView
from todo_app.services.actor import Actor
from todo_app.services.references import are_whole, load
from todo_app.services.rows import take_turns

HISTORY_LENGTH = 100
CHANGED = "This has been changed since, so it can't be undone. Its history shows what it was."
GONE = "Something it belongs with has been moved or deleted since, so it can't be undone. Its history shows what it was."
TAKEN = "There is another one of this name now, so it can't be undone."


def as_columns(model: type[TrackedRow], values: Values) -> Values:
    """Recorded values as a row's attributes."""
    return from_json(model, values)


def _views(changes: Iterable[Change], items: Iterable[ChangeItem]) -> list[ChangeView]:
    by_change: dict[int, list[ChangeItemView]] = defaultdict(list)
    for item in items:
        by_change[item.change_id].append(ChangeItemView.model_validate(item))
    return [ChangeView(**change.model_dump(exclude={"owner_id"}), items=by_change[change.id]) for change in changes]


def list_changes(session: Session, actor: Actor, query: ChangesQuery) -> ChangeList:
    """The actor's changes after `query.after`, oldest first. Two queries."""
    changes = session.exec(
        select(Change)
        .where(Change.owner_id == actor.user_id, Change.id > query.after)
        .order_by(col(Change.id))
        .limit(query.limit + 1)
    ).all()
    page = changes[: query.limit]
    if not page:
        return ChangeList(items=[], more=False)
    items = session.exec(
        select(ChangeItem)
        .where(
            ChangeItem.owner_id == actor.user_id,
            ChangeItem.change_id >= page[0].id,
            ChangeItem.change_id <= page[-1].id,
        )
        .order_by(col(ChangeItem.change_id), col(ChangeItem.position))
    )
    return ChangeList(items=_views(page, items), more=len(changes) > len(page))


def history_of(session: Session, actor: Actor, entity_id: uuid.UUID) -> ChangeList:
    """The latest changes of one row, newest first, and only that row's part in each. The caller checks that it exists."""
    found = session.exec(
        select(Change, ChangeItem)
        .join(
            ChangeItem,
            (col(ChangeItem.owner_id) == Change.owner_id) & (col(ChangeItem.change_id) == Change.id),
        )
        .where(ChangeItem.owner_id == actor.user_id, ChangeItem.entity_id == entity_id)
        .order_by(col(ChangeItem.change_id).desc())
        .limit(HISTORY_LENGTH + 1)
    ).all()
    page = found[:HISTORY_LENGTH]
    return ChangeList(items=_views([change for change, _ in page], [item for _, item in page]), more=len(found) > len(page))


def erase_history(session: Session, owner_id: uuid.UUID, entity_id: uuid.UUID) -> None:
    """Takes one row's words out of the feed, and the changes that held nothing else."""
    of_owner = select(ChangeItem.change_id).where(ChangeItem.owner_id == owner_id)
    of_row, of_others = of_owner.where(ChangeItem.entity_id == entity_id), of_owner.where(ChangeItem.entity_id != entity_id)
    session.connection().execute(
        delete(Change).where(col(Change.owner_id) == owner_id, col(Change.id).in_(of_row), col(Change.id).not_in(of_others))
    )
    session.connection().execute(
        delete(ChangeItem).where(col(ChangeItem.owner_id) == owner_id, col(ChangeItem.entity_id) == entity_id)
    )


def undo(session: Session, actor: Actor, change_id: int | None = None) -> ChangeView:
    """Takes back one change, the last one unless said, and returns it.

    Raises `NotFound` if there is nothing to undo, and `Conflict` if what it changed has been changed again since.
    """
    take_turns(session, actor)
    undoable = select(Change).where(Change.owner_id == actor.user_id, Change.kind == "do", col(Change.undone).is_(False))
    if change_id is not None:
        undoable = undoable.where(Change.id == change_id)
    change = session.exec(undoable.order_by(col(Change.id).desc()).limit(1)).first()
    if change is None:
        raise NotFound("There is nothing to undo.")
    items = _items(session, change)
    _put_all(session, actor, items, back=True)
    change.undone = True
    record_as(session, "undo", change.id)
    return _views([change], items)[0]


def redo(session: Session, actor: Actor) -> ChangeView:
    """Does the last undone change again and returns it.

    Raises `NotFound` if nothing was undone since the last other change, and `Conflict` if it can't be done to what is there now.
    """
    take_turns(session, actor)
    last_undo = session.exec(
        select(Change)
        .where(Change.owner_id == actor.user_id, Change.kind == "undo", _target_is_undone())
        .order_by(col(Change.id).desc())
        .limit(1)
    ).first()
    last_do = session.exec(
        select(Change.id).where(Change.owner_id == actor.user_id, Change.kind == "do").order_by(col(Change.id).desc()).limit(1)
    ).first()
    if last_undo is None or (last_do is not None and last_do > last_undo.id):
        raise NotFound("There is nothing to redo.")
    change = session.exec(select(Change).where(Change.owner_id == actor.user_id, Change.id == last_undo.reverts)).one()
    items = _items(session, change)
    _put_all(session, actor, items, back=False)
    change.undone = False
    record_as(session, "redo", change.id)
    return _views([change], items)[0]


def _put_all(session: Session, actor: Actor, items: Sequence[ChangeItem], *, back: bool) -> None:
    """Brings every row of a change to what it was before it (`back`) or after it; raises `Conflict` if that can't be."""
    touched: dict[type[TrackedRow], set[uuid.UUID]] = defaultdict(set)
    for item in items:
        touched[TRACKED[item.entity]].add(item.entity_id)
    rows = {row_id: row for model, ids in touched.items() for row_id, row in load(session, actor.user_id, model, ids).items()}
    try:
        for item in reversed(items) if back else items:
            now, then = (item.after, item.before) if back else (item.before, item.after)
            _put(session, item, rows.get(item.entity_id), now, then)
        session.flush()
    except IntegrityError as error:  # a name was taken meanwhile
        raise Conflict(TAKEN) from error
    if not are_whole(session, actor.user_id, touched):
        raise Conflict(GONE)


def _is_labelling(session: Session, label: Label) -> bool:
    return session.exec(select(TaskLabel.task_id).where(TaskLabel.label_id == label.id)).first() is not None


def _target_is_undone() -> Any:
    target = Change.__table__.alias("target")  # type: ignore[attr-defined]
    return (
        select(target.c.id)
        .where(target.c.owner_id == Change.owner_id, target.c.id == Change.reverts, target.c.undone.is_(True))
        .exists()
    )


def _items(session: Session, change: Change) -> list[ChangeItem]:
    return list(
        session.exec(
            select(ChangeItem)
            .where(ChangeItem.owner_id == change.owner_id, ChangeItem.change_id == change.id)
            .order_by(col(ChangeItem.position))
        )
    )


def _put(session: Session, item: ChangeItem, row: TrackedRow | None, now: Values | None, then: Values | None) -> None:
    """Brings one row from the recorded values `now` to the recorded values `then`; None means that it does not exist."""
    current = to_json(row.tracked_values()) if row else None
    if (now is None) != (current is None) or any(current[name] != value for name, value in (now or {}).items() if current):
        raise Conflict(CHANGED)
    model = TRACKED[item.entity]
    if then is None:
        # The index that would tell goes with the row, so this can't wait for `are_whole`.
        if isinstance(row, Label) and _is_labelling(session, row):
            raise Conflict(GONE)
        session.delete(row)
    elif row is None:
        session.add(model(**from_json(model, then)))
    else:
        for name, value in from_json(model, then).items():
            setattr(row, name, value)
