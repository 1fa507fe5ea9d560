"""Two-step sign-in and passkeys."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261125_second_step"
down_revision: str | None = "20261125_days"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def owner() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "authenticators",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("sealed_secret", sa.String(), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        owner(),
        sa.PrimaryKeyConstraint("user_id"),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        owner(),
        sa.PrimaryKeyConstraint("user_id", "digest"),
    )
    op.create_table(
        "passkeys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("credential_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        owner(),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("credential_id"),
    )
    op.create_index("ix_passkeys_user_id", "passkeys", ["user_id"])
    op.create_table(
        "spent_tickets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        owner(),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_spent_tickets_user_id", "spent_tickets", ["user_id"])
    op.create_index("ix_spent_tickets_expires_at", "spent_tickets", ["expires_at"])
    op.add_column("sessions", sa.Column("method", sa.String(), nullable=False, server_default="password"))


def downgrade() -> None:
    op.drop_column("sessions", "method")
    for table in ("spent_tickets", "passkeys", "recovery_codes", "authenticators"):
        op.drop_table(table)
