"""Clips that TikTok would not take: what is wrong, and the original of one made to fit."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added in place: to copy a table anew would delete what cascades from it.
    op.add_column("clips", sa.Column("unfit", sa.JSON()))
    op.add_column("clips", sa.Column("original_key", sa.String(64)))
