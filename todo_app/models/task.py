"""Tasks."""

import datetime as dt
import uuid
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKeyConstraint, Index, delete, event, insert, inspect, text
from sqlmodel import Field, col

from todo_app import lengths
from todo_app.models.base import BytewiseText, JsonDocument, TrackedRow, UtcDateTime, fold
from todo_app.models.label import TaskLabel
from todo_app.recurrence.clock import moment

# Those all of whose moments have a year of four digits in every zone.
_YEARS = range(2, 9999)


def _where_set(column: str, *more: str) -> Index:
    """An index over the rows of a person that have a value in a column."""
    is_set = text(f"{column} IS NOT NULL")
    return Index(f"ix_tasks_owner_{column}", "owner_id", column, *more, sqlite_where=is_set, postgresql_where=is_set)


# What the sidebar counts. As SQLAlchemy writes it for each of them: an index is used where a query says the very same.
_IS_OPEN = "deleted_at IS NULL AND completed IS {} AND parent_id IS NULL"


class Task(TrackedRow, table=True):
    """Something to do. `deleted_at` set means: in Trash; no project: in the inbox; a parent: it is that one's subtask."""

    __tablename__ = "tasks"
    __table_args__ = (
        # Checked at the commit: an undo puts rows back in whatever order they were recorded.
        ForeignKeyConstraint(["project_id"], ["projects.id"], name="fk_tasks_project", deferrable=True, initially="DEFERRED"),
        ForeignKeyConstraint(["section_id"], ["sections.id"], name="fk_tasks_section", deferrable=True, initially="DEFERRED"),
        ForeignKeyConstraint(["parent_id"], ["tasks.id"], name="fk_tasks_parent", deferrable=True, initially="DEFERRED"),
        Index("ix_tasks_owner_created", "owner_id", "deleted_at", "created_at"),
        Index("ix_tasks_owner_completed", "owner_id", "deleted_at", "completed", "created_at"),
        # What was completed last, what since midnight, and what is due on a day, done or not.
        _where_set("completed_at"),
        _where_set("last_completed_at"),
        _where_set("due_date"),
        Index("ix_tasks_owner_due", "owner_id", "deleted_at", "completed", "due_date"),
        Index("ix_tasks_owner_project", "owner_id", "project_id", "parent_id", "deleted_at", "position"),
        Index(
            "ix_tasks_owner_open",
            "owner_id",
            "project_id",
            sqlite_where=text(_IS_OPEN.format("0")),
            postgresql_where=text(_IS_OPEN.format("false")),
        ),
        # How many subtasks there are and how many are done, without a look at the rows.
        _where_set("parent_id", "deleted_at", "completed"),
        Index("ix_tasks_project", "project_id"),
        Index("ix_tasks_section", "section_id"),
        Index("ix_tasks_parent", "parent_id", "position"),
    )
    untracked: ClassVar[frozenset[str]] = TrackedRow.untracked | {"title_key", "search_text", "due_at"}

    title: str = Field(max_length=lengths.TITLE)
    notes: str = ""
    completed: bool = Field(default=False, index=True)
    completed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    priority: int = 4
    start_date: dt.date | None = None
    due_date: dt.date | None = None
    due_time: dt.time | None = None
    # The zone a due time was meant in; None as long as there is no due time.
    time_zone: str | None = None
    # RFC 5545 without `RRULE:` and DTSTART, which is `rrule_start`; see todo_app/recurrence.
    rrule: str | None = None
    rrule_start: dt.date | None = None
    from_completion: bool = False
    # When an occurrence of a recurring task was completed last.
    last_completed_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)
    project_id: uuid.UUID | None = None
    section_id: uuid.UUID | None = None
    parent_id: uuid.UUID | None = None
    # As text, in the order they were put on. `task_labels` is the index over it.
    label_ids: list[str] = Field(default_factory=list, sa_type=JsonDocument)
    # The order by hand in its project, section or parent, and in the lists by day; see services/positions.py.
    position: str = Field(default="", sa_type=BytewiseText)
    day_position: str = Field(default="", sa_type=BytewiseText)
    deleted_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)

    title_key: str = Field(default="", sa_type=BytewiseText)
    search_text: str = Field(default="", sa_type=BytewiseText)
    # The moment of a due time, whatever its zone; None without one, and at the ends of the calendar.
    due_at: dt.datetime | None = Field(default=None, sa_type=UtcDateTime)


@event.listens_for(Task, "before_insert")
@event.listens_for(Task, "before_update")
def _derive(_mapper: Any, _connection: Any, task: Task) -> None:
    """Keeps the columns that follow from others true, whoever writes the row, undo included."""
    task.title_key = fold(task.title)
    task.search_text = f"{task.title_key}\n{fold(task.notes)}"
    task.due_at = None
    if task.due_date and task.due_time is not None and task.time_zone and task.due_date.year in _YEARS:
        task.due_at = moment(task.due_date, task.due_time, ZoneInfo(task.time_zone))


@event.listens_for(Task, "after_insert")
@event.listens_for(Task, "after_update")
def _index_labels(_mapper: Any, connection: Any, task: Task) -> None:
    """Keeps `task_labels` true, whoever writes the row, undo included."""
    history = inspect(task).attrs.label_ids.history
    if not history.has_changes():
        return
    if history.deleted and history.deleted[0]:
        connection.execute(delete(TaskLabel).where(col(TaskLabel.task_id) == task.id))
    if task.label_ids:
        rows = [{"task_id": task.id, "label_id": uuid.UUID(label), "owner_id": task.owner_id} for label in task.label_ids]
        connection.execute(insert(TaskLabel), rows)
