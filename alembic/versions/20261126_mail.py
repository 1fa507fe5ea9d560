"""Mail that waits to be sent, links in mail, and whether an email address is confirmed."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "20261126_mail"
down_revision: str | None = "20261125_second_step"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.add_column("users", sa.Column("email_standing", sa.String(), nullable=False, server_default="signup"))
    op.add_column("users", sa.Column("new_email", sa.String(254), nullable=True))
    op.create_table(
        "outgoing_mail",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outgoing_mail_due_at", "outgoing_mail", ["due_at"])
    op.create_index("ix_outgoing_mail_user_id", "outgoing_mail", ["user_id"])
    op.create_table(
        "mail_links",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("digest"),
    )
    op.create_index("ix_mail_links_user_id", "mail_links", ["user_id"])


def downgrade() -> None:
    op.drop_table("mail_links")
    op.drop_table("outgoing_mail")
    op.drop_column("users", "new_email")
    op.drop_column("users", "email_standing")
