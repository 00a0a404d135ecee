"""Find the posts that are claimed, without looking through all that wait for their time."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_posts_claimed",
        "posts",
        ["status", "wake_at", "account_id"],
        unique=False,
        sqlite_where=sa.text("claim_owner IS NOT NULL"),
        postgresql_where=sa.text("claim_owner IS NOT NULL"),
    )
