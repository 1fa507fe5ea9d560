"""Projects and their sections."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKeyConstraint, Index, event
from sqlmodel import Field

from todo_app import lengths
from todo_app.models.base import BytewiseText, TrackedRow, UtcDateTime, fold


class Project(TrackedRow, table=True):
    """A place for tasks; it may lie in another one. `position` orders it among its siblings (see services/positions.py)."""

    __tablename__ = "projects"
    __table_args__ = (
        # Checked at the commit: an undo puts rows back in whatever order they were recorded.
        ForeignKeyConstraint(["parent_id"], ["projects.id"], deferrable=True, initially="DEFERRED"),
        Index("ix_projects_owner", "owner_id", "position"),
        Index("ix_projects_parent", "parent_id"),
    )
    untracked: ClassVar[frozenset[str]] = TrackedRow.untracked | {"name_key"}

    name: str = Field(max_length=lengths.NAME)
    description: str = ""
    color: str = "grey"
    view: str = "list"
    parent_id: uuid.UUID | None = None
    position: str = Field(sa_type=BytewiseText)
    archived_at: datetime | None = Field(default=None, sa_type=UtcDateTime)

    name_key: str = Field(default="", sa_type=BytewiseText)


class Section(TrackedRow, table=True):
    """A part of a project."""

    __tablename__ = "sections"
    __table_args__ = (
        ForeignKeyConstraint(["project_id"], ["projects.id"], deferrable=True, initially="DEFERRED"),
        Index("ix_sections_project", "project_id", "position"),
        Index("ix_sections_owner", "owner_id"),
    )
    untracked: ClassVar[frozenset[str]] = TrackedRow.untracked | {"name_key"}

    name: str = Field(max_length=lengths.NAME)
    project_id: uuid.UUID
    position: str = Field(sa_type=BytewiseText)

    name_key: str = Field(default="", sa_type=BytewiseText)


@event.listens_for(Project, "before_insert")
@event.listens_for(Project, "before_update")
@event.listens_for(Section, "before_insert")
@event.listens_for(Section, "before_update")
def _fold_name(_mapper: Any, _connection: Any, row: Project | Section) -> None:
    """Keeps the searched column true, whoever writes the row, undo included."""
    row.name_key = fold(row.name)
