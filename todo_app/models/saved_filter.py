"""Filters that a person keeps."""

from sqlalchemy import Index
from sqlmodel import Field

from todo_app import lengths
from todo_app.models.base import BytewiseText, TrackedRow


class SavedFilter(TrackedRow, table=True):
    """A query of the filter language (docs/filters.md) under a name."""

    __tablename__ = "saved_filters"
    __table_args__ = (Index("ix_saved_filters_owner", "owner_id", "position"),)

    name: str = Field(max_length=lengths.NAME)
    query: str
    color: str = "grey"
    position: str = Field(sa_type=BytewiseText)
