"""What was completed last, what today, and what is due on a day, done or not, is found by an index."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261125_days"
down_revision: str | None = "20261123_organise"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

INDEXES = {f"ix_tasks_owner_{column}": column for column in ("completed_at", "last_completed_at", "due_date")}


def upgrade() -> None:
    for name, column in INDEXES.items():
        is_set = sa.text(f"{column} IS NOT NULL")
        op.create_index(name, "tasks", ["owner_id", column], sqlite_where=is_set, postgresql_where=is_set)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, "tasks")
