"""A copy of a task, to be done anew: with all that lies in it, and right below it."""

import uuid
from datetime import datetime, timedelta

from sqlmodel import Session, col

from todo_app.models import Task
from todo_app.models.base import utc_now
from todo_app.schemas.tasks import TaskView
from todo_app.services import subtasks, tasks
from todo_app.services.actor import Actor
from todo_app.services.positions import at_top
from todo_app.services.rows import position_after, take_turns
from todo_app.services.task_lists import views_of

_COPIED = (
    "title", "notes", "priority", "label_ids", "start_date", "due_date", "due_time", "time_zone", "rrule", "rrule_start",
    "from_completion", "project_id", "section_id", "parent_id", "position",
)  # fmt: skip


def duplicate_task(session: Session, actor: Actor, task_id: uuid.UUID) -> TaskView:
    """Adds a copy of a task behind it, and of its subtasks, none of them completed. Raises `NotFound`."""
    take_turns(session, actor)  # two copies at once would get the same place
    task = tasks.find(session, actor, task_id)
    below = [child for child in subtasks.below(session, actor.user_id, [task.id]) if child.deleted_at is None]
    now = utc_now()
    copies = {row.id: _copy(row, now - timedelta(microseconds=n)) for n, row in enumerate((task, *below))}
    ids: dict[uuid.UUID | None, uuid.UUID] = {old: copy.id for old, copy in copies.items()}
    for copy in copies.values():
        copy.parent_id = ids.get(copy.parent_id, copy.parent_id)
    copy = copies[task.id]
    everywhere = [col(Task.owner_id) == actor.user_id, col(Task.deleted_at).is_(None)]
    beside = [*everywhere, col(Task.project_id) == task.project_id, col(Task.parent_id) == task.parent_id]
    copy.position = position_after(session, Task, beside, task)
    copy.day_position = position_after(session, Task, everywhere, task, "day_position")
    session.add_all(copies.values())
    tasks.reopen_above(session, copy)
    session.flush()
    return views_of(session, actor.user_id, [copy])[0]


def _copy(task: Task, moment: datetime) -> Task:
    values = {name: getattr(task, name) for name in _COPIED}
    return Task(owner_id=task.owner_id, created_at=moment, updated_at=moment, day_position=at_top(moment), **values)
