"""Indexes for what is counted at every change: open tasks by project, and subtasks."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261127_counting"
down_revision: str | None = "20261126_mail"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    is_open = "deleted_at IS NULL AND completed IS {} AND parent_id IS NULL"
    op.create_index(
        "ix_tasks_owner_open",
        "tasks",
        ["owner_id", "project_id"],
        sqlite_where=sa.text(is_open.format("0")),
        postgresql_where=sa.text(is_open.format("false")),
    )
    has_parent = sa.text("parent_id IS NOT NULL")
    columns = ["owner_id", "parent_id", "deleted_at", "completed"]
    op.create_index("ix_tasks_owner_parent_id", "tasks", columns, sqlite_where=has_parent, postgresql_where=has_parent)


def downgrade() -> None:
    op.drop_index("ix_tasks_owner_parent_id", table_name="tasks")
    op.drop_index("ix_tasks_owner_open", table_name="tasks")
