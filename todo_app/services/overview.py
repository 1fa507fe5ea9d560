"""What the sidebar shows: where the tasks are, and how many are open there."""

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence

from sqlalchemy import and_, bindparam, func
from sqlmodel import Session, col, select

from todo_app.models import Label, Project, Task, TaskLabel
from todo_app.schemas.organise import NavLabel, NavProject, SidebarView
from todo_app.services import saved_filters
from todo_app.services.actor import Actor
from todo_app.services.projects import in_order, view_of

# Asked whenever anything has changed, and so put together once.
_OPEN = and_(col(Task.owner_id) == bindparam("owner"), col(Task.deleted_at).is_(None), col(Task.completed).is_(False))
_PER_PROJECT = select(Task.project_id, func.count()).where(_OPEN, col(Task.parent_id).is_(None)).group_by(col(Task.project_id))
_DUE = select(func.count()).select_from(Task).where(_OPEN, col(Task.due_date) <= bindparam("today"))
_PER_DAY = (
    select(col(Task.due_date), func.count())
    .where(_OPEN, col(Task.due_date) >= bindparam("since"), col(Task.due_date) < bindparam("before"))
    .group_by(col(Task.due_date))
)
_PER_LABEL = (
    select(TaskLabel.label_id, func.count().label("open"))
    .join(Task, col(Task.id) == TaskLabel.task_id)
    .where(_OPEN)
    .group_by(col(TaskLabel.label_id))
    .subquery()
)
_LABELS = (
    select(Label, func.coalesce(_PER_LABEL.c.open, 0))
    .join(_PER_LABEL, _PER_LABEL.c.label_id == Label.id, isouter=True)
    .where(Label.owner_id == bindparam("owner"))
    .order_by(col(Label.position), col(Label.id))
)


def sidebar(session: Session, actor: Actor) -> SidebarView:
    """The lists of the actor and their open tasks, with today as on the actor's clock. Five queries."""
    own = {"owner": actor.user_id}
    per_project = dict(session.exec(_PER_PROJECT, params=own).all())
    every_project = in_order(session, actor)
    return SidebarView(
        inbox=per_project.get(None, 0),
        today=session.exec(_DUE, params={**own, "today": actor.today}).one(),
        projects=_projects(every_project, per_project),
        archived=[view_of(row) for row in every_project if row.archived_at is not None],
        labels=[
            NavLabel.model_validate({**label.model_dump(), "open": count}) for label, count in session.exec(_LABELS, params=own)
        ],
        filters=saved_filters.list_filters(session, actor).items,
    )


def open_by_day(session: Session, actor: Actor, since: dt.date, before: dt.date) -> dict[dt.date, int]:
    """How many open tasks are due on each of these days. One query."""
    per_day = dict(session.exec(_PER_DAY, params={"owner": actor.user_id, "since": since, "before": before}).all())
    days = [since + dt.timedelta(days=number) for number in range((before - since).days)]
    return {day: per_day.get(day, 0) for day in days}


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
