"""Batches, slots and templates; cover, label, numbers and the creator's own choices."""

import sqlalchemy as sa
from alembic import op

from core.store.types import Instant

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("closed_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_batches_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(op.f("ix_batches_owner_id"), "batches", ["owner_id"])
    op.create_table(
        "templates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("owner_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name=op.f("fk_templates_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_templates")),
        sa.UniqueConstraint("owner_id", "name", name=op.f("uq_templates_owner_id_name")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "slots",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("minute", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["accounts.id"],
            name=op.f("fk_slots_account_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slots")),
        sa.UniqueConstraint(
            "account_id", "weekday", "minute", name=op.f("uq_slots_account_id_weekday_minute")
        ),
    )
    # Columns are added in place: to copy a table anew would delete what cascades from it.
    for table, column in (
        ("clips", sa.Column("file_name", sa.String(length=255))),
        ("posts", sa.Column("batch_id", sa.Integer())),
        ("posts", sa.Column("ai_generated", sa.Boolean(), nullable=False, server_default=_NO)),
        ("posts", sa.Column("cover_ms", sa.Integer())),
        ("posts", sa.Column("views", sa.BigInteger())),
        ("posts", sa.Column("likes", sa.BigInteger())),
        ("posts", sa.Column("comments", sa.BigInteger())),
        ("posts", sa.Column("shares", sa.BigInteger())),
        ("posts", sa.Column("counted_at", Instant())),
        ("users", sa.Column("language", sa.String(length=8))),
        (
            "users",
            sa.Column("tells_only_failures", sa.Boolean(), nullable=False, server_default=_NO),
        ),
        ("users", sa.Column("quiet_from", sa.Integer())),
        ("users", sa.Column("quiet_until", sa.Integer())),
        ("users", sa.Column("default_account_id", sa.Integer())),
    ):
        op.add_column(table, column)
    op.create_index("ix_posts_batch", "posts", ["batch_id"])


_NO = sa.false()
