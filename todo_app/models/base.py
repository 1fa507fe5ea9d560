"""Column types and base classes that every table shares."""

import unicodedata
import uuid
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, Dialect, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel
from uuid_utils.compat import uuid7


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): random enough to be unguessable, and in order of creation, which keeps indexes compact."""
    return uuid7()


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """Stores an aware datetime in UTC and gives an aware UTC one back; SQLite alone would drop the offset."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a time zone can't be stored")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


# Compared byte by byte on both databases: a locale's collation would make the same list differ between them.
BytewiseText = Text().with_variant(Text(collation="C"), "postgresql")
JsonDocument = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


def fold(text: str) -> str:
    """Text as it is compared and searched: no case, no accents (`Café` and `CAFE` are one)."""
    # Taken apart first, too: some signs have capital letters in them (`™`).
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return "".join(c for c in decomposed if not unicodedata.combining(c))


class TrackedRow(SQLModel):
    """A row whose every change is recorded in the change feed (see `todo_app/change_feed.py`).

    `owner_id` says whose feed it is. `updated_at` and `version` move by themselves with each change.
    """

    # Columns computed from others, or kept by the feed itself: a change of these alone is no change.
    untracked: ClassVar[frozenset[str]] = frozenset({"updated_at", "version"})

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    owner_id: uuid.UUID = Field(foreign_key="users.id", ondelete="CASCADE")
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    updated_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    version: int = Field(default=1)

    def tracked_values(self) -> dict[str, Any]:
        """Every recorded column and its value, as Python objects."""
        return {name: getattr(self, name) for name in type(self).model_fields if name not in self.untracked}
