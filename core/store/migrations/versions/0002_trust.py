"""Renewal leases, budgets of calls, updates kept until worked off, retention."""

import sqlalchemy as sa
from alembic import op

from core.store.types import Instant

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "telegram_updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_telegram_updates")),
    )
    with op.batch_alter_table("telegram_updates", schema=None) as batch_op:
        batch_op.create_index(
            "ix_telegram_updates_open",
            ["update_id"],
            unique=False,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    op.create_table(
        "tiktok_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("call", sa.String(length=16), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_tiktok_calls_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tiktok_calls")),
    )
    with op.batch_alter_table("tiktok_calls", schema=None) as batch_op:
        batch_op.create_index("ix_tiktok_calls_window", ["account_id", "call", "at"], unique=False)

    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("renewing_until", Instant(), nullable=True))
        batch_op.add_column(sa.Column("synced_at", Instant(), nullable=True))
        batch_op.add_column(sa.Column("reminded_at", Instant(), nullable=True))

    with op.batch_alter_table("clips", schema=None) as batch_op:
        batch_op.add_column(sa.Column("file_gone_at", Instant(), nullable=True))

    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late_tolerance_minutes", sa.Integer(), nullable=True))
