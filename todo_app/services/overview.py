"""What the sidebar shows: where the tasks are, and how many are open there."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func
from sqlmodel import Session, col, select

from todo_app.models import Label, Project, Task, TaskLabel
from todo_app.schemas.organise import NavLabel, NavProject, SidebarView
from todo_app.services import saved_filters
from todo_app.services.actor import Actor
from todo_app.services.projects import in_order, view_of


def sidebar(session: Session, actor: Actor) -> SidebarView:
    """The lists of the actor and their open tasks, with today as on the actor's clock. Five queries."""
    per_project = _count_per(session, actor, Task.project_id, col(Task.parent_id).is_(None))
    every_project = in_order(session, actor)
    return SidebarView(
        inbox=per_project.get(None, 0),
        today=_count(session, actor, col(Task.due_date) <= actor.today),
        projects=_projects(every_project, per_project),
        archived=[view_of(row) for row in every_project if row.archived_at is not None],
        labels=_labels(session, actor),
        filters=saved_filters.list_filters(session, actor).items,
    )


def open_by_day(session: Session, actor: Actor, since: dt.date, before: dt.date) -> dict[dt.date, int]:
    """How many open tasks are due on each of these days. One query."""
    per_day = _count_per(session, actor, Task.due_date, and_(col(Task.due_date) >= since, col(Task.due_date) < before))
    days = [since + dt.timedelta(days=number) for number in range((before - since).days)]
    return {day: per_day.get(day, 0) for day in days}


def _open(actor: Actor) -> ColumnElement[bool]:
    return and_(col(Task.owner_id) == actor.user_id, col(Task.deleted_at).is_(None), col(Task.completed).is_(False))


def _count(session: Session, actor: Actor, condition: ColumnElement[bool]) -> int:
    return session.exec(select(func.count()).select_from(Task).where(_open(actor), condition)).one()


def _count_per(session: Session, actor: Actor, column: Any, condition: ColumnElement[bool]) -> Mapping[Any, int]:
    return dict(session.exec(select(column, func.count()).where(_open(actor), condition).group_by(column)).all())


def _projects(rows: Sequence[Project], per_project: Mapping[uuid.UUID | None, int]) -> list[NavProject]:
    """Those that are not archived, nor in one that is; parents come before their children."""
    depths: dict[uuid.UUID, int] = {}
    shown: list[NavProject] = []
    for row in rows:
        if row.archived_at is not None or (row.parent_id is not None and row.parent_id not in depths):
            continue
        depths[row.id] = depths[row.parent_id] + 1 if row.parent_id else 0
        values = {**row.model_dump(), "depth": depths[row.id], "open": per_project.get(row.id, 0)}
        shown.append(NavProject.model_validate(values))
    return shown


def _labels(session: Session, actor: Actor) -> list[NavLabel]:
    counted = (
        select(TaskLabel.label_id, func.count().label("open"))
        .join(Task, col(Task.id) == TaskLabel.task_id)
        .where(_open(actor))
        .group_by(col(TaskLabel.label_id))
        .subquery()
    )
    rows = session.exec(
        select(Label, func.coalesce(counted.c.open, 0))
        .join(counted, counted.c.label_id == Label.id, isouter=True)
        .where(Label.owner_id == actor.user_id)
        .order_by(col(Label.position), col(Label.id))
    )
    return [NavLabel.model_validate({**label.model_dump(), "open": count}) for label, count in rows]
