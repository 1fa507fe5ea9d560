"""Labels, and which task has which."""

import uuid
from typing import Any, ClassVar

from sqlalchemy import ForeignKeyConstraint, Index, UniqueConstraint, event
from sqlmodel import Field, SQLModel

from todo_app import lengths
from todo_app.models.base import BytewiseText, TrackedRow, fold


class Label(TrackedRow, table=True):
    """A word to find tasks by; a person has each one once, whatever its case."""

    __tablename__ = "labels"
    __table_args__ = (UniqueConstraint("owner_id", "name_key"),)
    untracked: ClassVar[frozenset[str]] = TrackedRow.untracked | {"name_key"}

    name: str = Field(max_length=lengths.LABEL)
    color: str = "grey"
    position: str = Field(sa_type=BytewiseText)

    name_key: str = Field(default="", sa_type=BytewiseText)


@event.listens_for(Label, "before_insert")
@event.listens_for(Label, "before_update")
def _fold_name(_mapper: Any, _connection: Any, label: Label) -> None:
    label.name_key = fold(label.name)


class TaskLabel(SQLModel, table=True):
    """An index over `Task.label_ids`, for queries by label. It is kept by the tasks themselves (models/task.py)."""

    __tablename__ = "task_labels"
    __table_args__ = (
        ForeignKeyConstraint(["task_id"], ["tasks.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["label_id"], ["labels.id"], ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        Index("ix_task_labels_label", "label_id", "task_id"),
        Index("ix_task_labels_owner", "owner_id"),
    )

    task_id: uuid.UUID = Field(primary_key=True)
    label_id: uuid.UUID = Field(primary_key=True)
    owner_id: uuid.UUID = Field(foreign_key="users.id", ondelete="CASCADE")
