"""Lists of tasks: which, in which order, and how many."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, UnaryExpression, and_, bindparam, case, func, or_
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from todo_app.models import Section, Task, TaskLabel
from todo_app.schemas.tasks import Sort, Status, TaskPage, TaskQuery, TaskView, TrashQuery
from todo_app.services import filtering, searching, subtasks
from todo_app.services.actor import Actor

_SORT_COLUMNS: Mapping[str, Any] = {
    "created": Task.created_at,
    "updated": Task.updated_at,
    "title": Task.title_key,
    "due": Task.due_date,
    "priority": Task.priority,
    "completed": Task.completed_at,
    "position": Task.position,
    "day": Task.day_position,
}

# Of those, the ones that every task has.
_NEVER_MISSING = ("created", "updated", "title", "priority", "position")

# What of a task goes out: a list reads these columns, and makes no object of the table's.
_NAMES = [name for name in TaskView.model_fields if name in Task.model_fields]
_COLUMNS = [getattr(Task, name) for name in _NAMES]
_PLACES = ("project_id", "section_id", "parent_id", "label_id")


def _view(values: Mapping[str, Any], progress: tuple[int, int] = (0, 0)) -> TaskView:
    done, total = progress
    return TaskView.model_validate({**values, "subtasks_completed": done, "subtasks": total})


def _views(session: Session, owner_id: uuid.UUID, rows: Sequence[Mapping[str, Any]]) -> list[TaskView]:
    progress = subtasks.progress(session, owner_id, [row["id"] for row in rows])
    return [_view(row, progress.get(row["id"], (0, 0))) for row in rows]


def view_of(task: Task) -> TaskView:
    """A row as it goes out, without its subtasks being counted."""
    return _view(task.model_dump())


def views_of(session: Session, owner_id: uuid.UUID, tasks: Sequence[Task]) -> list[TaskView]:
    """Rows of one person as they go out. One query."""
    return _views(session, owner_id, [task.model_dump() for task in tasks])


def conditions(actor: Actor, query: TaskQuery) -> list[ColumnElement[bool]]:
    """What a task must fulfil to be on the list, with `values_of(actor, query)`; raises `Invalid` if the filter can't be read."""
    return [*_plain_conditions(query.status, _asked_places(query)), *_said(actor, query)]


def values_of(actor: Actor, query: TaskQuery) -> dict[str, Any]:
    """The values of the parameters in `conditions`."""
    return {"owner": actor.user_id, **{name: getattr(query, name) for name in _PLACES}}


# The places that a query names, and whether it wants tasks that have none there.
_Asked = frozenset[tuple[str, bool]]


def _asked_places(query: TaskQuery) -> _Asked:
    return frozenset((name, getattr(query, name) is None) for name in _PLACES if name in query.model_fields_set)


def _plain_conditions(status: Status, asked: _Asked) -> Iterable[ColumnElement[bool]]:
    yield col(Task.owner_id) == bindparam("owner")
    yield col(Task.deleted_at).is_(None)
    if status != "all":
        yield col(Task.completed).is_(status == "completed")
    if status == "completed":
        yield col(Task.completed_at).is_not(None)  # they all have one: for the index of those that do
    for name, is_none in sorted(asked):
        if name == "label_id":
            if not is_none:
                yield col(Task.id).in_(select(TaskLabel.task_id).where(TaskLabel.label_id == bindparam("label_id")))
        else:
            column = col(getattr(Task, name))
            yield column.is_(None) if is_none else column == bindparam(name)


def _said(actor: Actor, query: TaskQuery) -> list[ColumnElement[bool]]:
    """What the words of a query ask for: its filter, and what is searched."""
    filtered = [filtering.condition(actor, query.filter)] if query.filter else []
    return [*filtered, *searching.words(query.q)]


def _order(status: Status, sort: Sort, asked: _Asked) -> list[UnaryExpression[Any]]:
    """What is not set comes last in either direction; the newest first among equals."""
    descending = sort.startswith("-")
    field = sort.removeprefix("-")
    in_project = ("project_id", False) in asked
    columns: list[Any] = [col(_SORT_COLUMNS[field])]
    if field == "due":
        columns.append(col(Task.due_time))
    if field == "day":
        columns.insert(0, case((col(Task.due_date) < bindparam("today"), 0), else_=1))
    if field == "position" and in_project:
        section = select(Section.position).where(Section.id == Task.section_id).scalar_subquery()
        columns.insert(0, func.coalesce(section, ""))
    if field in _NEVER_MISSING and not in_project:
        # The same in every row, which PostgreSQL does not see. Named before the others, as in the indexes, they let it read the
        # rows in their order, and no more than it gives.
        empty = [getattr(Task, name) for name in ("project_id", "parent_id") if (name, True) in asked]
        columns = [*empty, col(Task.deleted_at), *columns]
    order = [column.desc() if descending else column.asc() for column in columns]
    is_whole = (field, status) == ("completed", "completed")  # there none is missing, and the index has them in this order
    if field not in _NEVER_MISSING and not is_whole:
        order = [column.nulls_last() for column in order]
    newest_first: list[UnaryExpression[Any]] = [col(Task.created_at).desc(), col(Task.id).desc()]
    return order + (newest_first[1:] if field == "created" and descending else newest_first)


@lru_cache
def _lists(status: Status, sort: Sort, asked: _Asked) -> tuple[Select[Any], Select[Any]]:
    """How to read a page and how to count what there is, before any words; put together once for each kind of list."""
    wanted = list(_plain_conditions(status, asked))
    page = select_columns(*_COLUMNS).where(*wanted).order_by(*_order(status, sort, asked))
    page = page.offset(bindparam("offset")).limit(bindparam("limit"))
    return page, select_columns(func.count()).select_from(Task).where(*wanted)


def list_tasks(session: Session, actor: Actor, query: TaskQuery) -> TaskPage:
    """The page of the actor's tasks that `query` asks for, and how many match in all. Three queries, or two if all fit on it."""
    page, count = _lists(query.status, query.sort, _asked_places(query))
    if said := _said(actor, query):
        page, count = page.where(*said), count.where(*said)
    values = {**values_of(actor, query), "today": actor.today, "offset": query.offset, "limit": query.limit}
    connection = session.connection()
    rows = [dict(zip(_NAMES, row, strict=True)) for row in connection.execute(page, values)]
    total = query.offset + len(rows)
    if len(rows) == query.limit or (query.offset and not rows):
        total = connection.execute(count, values).scalar_one()
    return TaskPage(items=_views(session, actor.user_id, rows), total=total)


def list_trash(session: Session, actor: Actor, query: TrashQuery) -> TaskPage:
    """What is in Trash, the last deleted first. Two queries."""
    wanted = [col(Task.owner_id) == actor.user_id, col(Task.deleted_at).is_not(None)]
    total = session.exec(select(func.count()).select_from(Task).where(*wanted)).one()
    newest_first = (col(Task.deleted_at).desc(), col(Task.id).desc())
    rows = session.exec(select(Task).where(*wanted).order_by(*newest_first).offset(query.offset).limit(query.limit))
    return TaskPage(items=[view_of(row) for row in rows], total=total)


def has_all(session: Session, actor: Actor, query: TaskQuery, ids: Sequence[str]) -> bool:
    """Whether all of these tasks are on the list, on whatever part of it. One query."""
    among = col(Task.id).in_([uuid.UUID(task_id) for task_id in ids])
    wanted = select(func.count()).select_from(Task).where(*conditions(actor, query), among)
    return session.exec(wanted, params=values_of(actor, query)).one() == len(ids)


def projects_of(session: Session, actor: Actor, ids: Sequence[str]) -> list[uuid.UUID | None]:
    """The projects that these tasks are in, each once; None for the inbox. One query."""
    among = col(Task.id).in_([uuid.UUID(task_id) for task_id in ids])
    return list(session.exec(select(Task.project_id).where(col(Task.owner_id) == actor.user_id, among).distinct()))


def completed_today(session: Session, actor: Actor) -> int:
    """How many tasks the actor has completed since midnight on their clock, occurrences of recurring ones too."""
    midnight = datetime.combine(actor.today, time(), actor.zone)
    done_since = or_(col(Task.completed_at) >= midnight, col(Task.last_completed_at) >= midnight)
    own = and_(col(Task.owner_id) == actor.user_id, col(Task.deleted_at).is_(None))
    return session.exec(select(func.count()).select_from(Task).where(own, done_since)).one()
