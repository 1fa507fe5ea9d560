"""The change feed's tables, and the answers kept for repeated requests."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import Field, SQLModel

from todo_app.models.base import JsonDocument, UtcDateTime, utc_now


class Change(SQLModel, table=True):
    """One committed transaction of one person: what undo takes back as a whole.

    `id` counts per owner without gaps and in the order of commits, so a reader that has seen n asks for what came after n.
    """

    __tablename__ = "changes"

    owner_id: uuid.UUID = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    id: int = Field(primary_key=True)
    at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    kind: str = "do"  # "do", "undo", "redo", or "purge": deleted for good, which can't be undone
    reverts: int | None = None  # for undo and redo: the change they take back or bring back
    undone: bool = False


class ChangeItem(SQLModel, table=True):
    """One row's part in a change: its columns before and after. `before` None: it was made; `after` None: it went."""

    __tablename__ = "change_items"
    __table_args__ = (
        ForeignKeyConstraint(["owner_id", "change_id"], ["changes.owner_id", "changes.id"], ondelete="CASCADE"),
        Index("ix_change_items_entity", "owner_id", "entity_id", "change_id"),
    )

    owner_id: uuid.UUID = Field(primary_key=True)
    change_id: int = Field(primary_key=True)
    position: int = Field(primary_key=True)
    entity: str  # the table's name
    entity_id: uuid.UUID
    before: dict[str, Any] | None = Field(default=None, sa_type=JsonDocument)
    after: dict[str, Any] | None = Field(default=None, sa_type=JsonDocument)


class IdempotencyKey(SQLModel, table=True):
    """The answer given to a request with an Idempotency-Key, so that the same request again gets the same answer."""

    __tablename__ = "idempotency_keys"

    owner_id: uuid.UUID = Field(foreign_key="users.id", ondelete="CASCADE", primary_key=True)
    key: str = Field(primary_key=True, max_length=255)
    fingerprint: str  # SHA-256 of what tells the request from others
    answer: dict[str, Any] | None = Field(default=None, sa_type=JsonDocument)
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime, index=True)
