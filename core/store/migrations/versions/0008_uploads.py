"""Clips that come in pieces over the upload page, and the links that open it."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    instant = sa.DateTime(timezone=True)
    op.create_table(
        "upload_links",
        sa.Column("link_hash", sa.LargeBinary(32), primary_key=True),
        sa.Column(
            "user_id",
            sa.BigInteger(),
            sa.ForeignKey("users.id", name="fk_upload_links_user_id_users"),
            nullable=False,
        ),
        sa.Column("expires_at", instant, nullable=False),
        sa.Column("key_hash", sa.LargeBinary(32)),
        sa.UniqueConstraint("key_hash", name="uq_upload_links_key_hash"),
    )
    op.create_index("ix_upload_links_user_id", "upload_links", ["user_id"])
    op.create_table(
        "uploads",
        sa.Column("id", sa.String(32), primary_key=True),
        sa.Column(
            "owner_id",
            sa.BigInteger(),
            sa.ForeignKey("users.id", name="fk_uploads_owner_id_users"),
            nullable=False,
        ),
        sa.Column("file_name", sa.String(255), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("received", sa.BigInteger(), nullable=False),
        sa.Column("modified_ms", sa.BigInteger()),
        sa.Column("sample", sa.String(64)),
        sa.Column("state", sa.String(32), nullable=False),
        sa.Column(
            "clip_id",
            sa.Integer(),
            sa.ForeignKey("clips.id", name="fk_uploads_clip_id_clips", ondelete="SET NULL"),
        ),
        sa.Column("refusal", sa.JSON()),
        sa.Column("created_at", instant, nullable=False),
        sa.Column("expires_at", instant, nullable=False),
    )
    op.create_index("ix_uploads_owner_id", "uploads", ["owner_id"])
    op.create_index("ix_uploads_state", "uploads", ["state", "expires_at"])
