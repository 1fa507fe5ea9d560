"""Projects, sections, labels, saved filters; subtasks, recurrence and order by hand for tasks."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "20261123_organise"
down_revision: str | None = "20261122_first_tables"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

JSON_DOCUMENT = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
BYTEWISE_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

TASK_REFERENCES = {"project_id": "projects", "section_id": "sections", "parent_id": "tasks"}
TASK_INDEXES = {
    "ix_tasks_owner_due": ["owner_id", "deleted_at", "completed", "due_date"],
    "ix_tasks_owner_project": ["owner_id", "project_id", "parent_id", "deleted_at", "position"],
    "ix_tasks_project": ["project_id"],
    "ix_tasks_section": ["section_id"],
    "ix_tasks_parent": ["parent_id", "position"],
}


def tracked_columns() -> list[sa.Column]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    ]


def new_task_columns() -> list[sa.Column]:
    return [
        sa.Column("start_date", sa.Date(), nullable=True),
        sa.Column("rrule", sa.String(), nullable=True),
        sa.Column("rrule_start", sa.Date(), nullable=True),
        sa.Column("from_completion", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("last_completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("project_id", sa.Uuid(), nullable=True),
        sa.Column("section_id", sa.Uuid(), nullable=True),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("label_ids", JSON_DOCUMENT, nullable=False, server_default="[]"),
        sa.Column("position", BYTEWISE_TEXT, nullable=False, server_default=""),
        sa.Column("day_position", BYTEWISE_TEXT, nullable=False, server_default=""),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
    ]


def upgrade() -> None:
    op.add_column("users", sa.Column("language", sa.String(), nullable=False, server_default="en"))
    op.add_column("users", sa.Column("date_order", sa.String(), nullable=False, server_default="dmy"))
    op.add_column("users", sa.Column("shortcuts", sa.Boolean(), nullable=False, server_default=sa.true()))

    op.create_table(
        "projects",
        *tracked_columns(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("description", sa.String(), nullable=False),
        sa.Column("color", sa.String(), nullable=False),
        sa.Column("view", sa.String(), nullable=False),
        sa.Column("parent_id", sa.Uuid(), nullable=True),
        sa.Column("position", BYTEWISE_TEXT, nullable=False),
        sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name_key", BYTEWISE_TEXT, nullable=False),
        sa.ForeignKeyConstraint(["parent_id"], ["projects.id"], deferrable=True, initially="DEFERRED"),
    )
    op.create_index("ix_projects_owner", "projects", ["owner_id", "position"])
    op.create_index("ix_projects_parent", "projects", ["parent_id"])
    op.create_table(
        "sections",
        *tracked_columns(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("project_id", sa.Uuid(), nullable=False),
        sa.Column("position", BYTEWISE_TEXT, nullable=False),
        sa.Column("name_key", BYTEWISE_TEXT, nullable=False),
        sa.ForeignKeyConstraint(["project_id"], ["projects.id"], deferrable=True, initially="DEFERRED"),
    )
    op.create_index("ix_sections_owner", "sections", ["owner_id"])
    op.create_index("ix_sections_project", "sections", ["project_id", "position"])
    op.create_table(
        "labels",
        *tracked_columns(),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("color", sa.String(), nullable=False),
        sa.Column("position", BYTEWISE_TEXT, nullable=False),
        sa.Column("name_key", BYTEWISE_TEXT, nullable=False),
        sa.UniqueConstraint("owner_id", "name_key"),
    )
    op.create_table(
        "saved_filters",
        *tracked_columns(),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("color", sa.String(), nullable=False),
        sa.Column("position", BYTEWISE_TEXT, nullable=False),
    )
    op.create_index("ix_saved_filters_owner", "saved_filters", ["owner_id", "position"])

    with op.batch_alter_table("tasks") as tasks:
        for column in new_task_columns():
            tasks.add_column(column)
        for column_name, table in TASK_REFERENCES.items():
            name = f"fk_tasks_{column_name.removesuffix('_id')}"
            tasks.create_foreign_key(name, table, [column_name], ["id"], deferrable=True, initially="DEFERRED")
    for index, columns in TASK_INDEXES.items():
        op.create_index(index, "tasks", columns)
    _put_in_order()
    _tell_moments()

    op.create_table(
        "task_labels",
        sa.Column("task_id", sa.Uuid(), nullable=False),
        sa.Column("label_id", sa.Uuid(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["task_id"], ["tasks.id"], ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["label_id"], ["labels.id"], ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
        sa.PrimaryKeyConstraint("task_id", "label_id"),
    )
    op.create_index("ix_task_labels_label", "task_labels", ["label_id", "task_id"])
    op.create_index("ix_task_labels_owner", "task_labels", ["owner_id"])


def _put_in_order() -> None:
    """The newest first, as the lists were until now; the keys are those of services/positions.py."""
    tasks = sa.table(
        "tasks", sa.column("id", sa.Uuid()), sa.column("created_at", sa.DateTime(timezone=True)), sa.column("position"),
        sa.column("day_position"),
    )  # fmt: skip
    connection = op.get_bind()
    rows = connection.execute(sa.select(tasks.c.id, tasks.c.created_at))
    placed = [{"task": row.id, "place": _place(row.created_at)} for row in rows]
    if placed:
        place = sa.bindparam("place")
        statement = tasks.update().where(tasks.c.id == sa.bindparam("task")).values(position=place, day_position=place)
        connection.execute(statement, placed)


def _tell_moments() -> None:
    """When exactly a task with a due time is due."""
    tasks = sa.table(
        "tasks", sa.column("id", sa.Uuid()), sa.column("due_date", sa.Date()), sa.column("due_time", sa.Time()),
        sa.column("time_zone"), sa.column("due_at", sa.DateTime(timezone=True)),
    )  # fmt: skip
    connection = op.get_bind()
    timed = (tasks.c.due_date.is_not(None), tasks.c.due_time.is_not(None), tasks.c.time_zone.is_not(None))
    rows = connection.execute(sa.select(tasks.c.id, tasks.c.due_date, tasks.c.due_time, tasks.c.time_zone).where(*timed))
    moments = [
        {"task": row.id, "moment": datetime.combine(row.due_date, row.due_time, ZoneInfo(row.time_zone)).astimezone(UTC)}
        for row in rows
        if 1 < row.due_date.year < 9999
    ]
    if moments:
        statement = tasks.update().where(tasks.c.id == sa.bindparam("task")).values(due_at=sa.bindparam("moment"))
        connection.execute(statement, moments)


def _place(created_at: datetime) -> str:
    aware = created_at.replace(tzinfo=UTC) if created_at.tzinfo is None else created_at
    return f"M{_number(len(DIGITS) ** 10 - 1 - int(aware.timestamp() * 1_000_000))}V"


def _number(value: int) -> str:
    digits = ""
    for _ in range(10):
        value, digit = divmod(value, len(DIGITS))
        digits = DIGITS[digit] + digits
    return digits


def downgrade() -> None:
    op.drop_table("task_labels")
    for index in TASK_INDEXES:
        op.drop_index(index, "tasks")
    with op.batch_alter_table("tasks") as tasks:
        for column_name in TASK_REFERENCES:
            tasks.drop_constraint(f"fk_tasks_{column_name.removesuffix('_id')}", type_="foreignkey")
        for column in new_task_columns():
            tasks.drop_column(column.name)
    op.drop_table("saved_filters")
    op.drop_table("labels")
    op.drop_table("sections")
    op.drop_table("projects")
    for column_name in ("shortcuts", "date_order", "language"):
        op.drop_column("users", column_name)
