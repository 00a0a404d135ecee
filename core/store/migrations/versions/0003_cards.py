"""Which version of a post its card shows."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("card_version", sa.Integer(), nullable=True))
        batch_op.create_index(
            "ix_posts_card",
            ["id"],
            unique=False,
            sqlite_where=sa.text("card_version < version AND status <> 'draft'"),
            postgresql_where=sa.text("card_version < version AND status <> 'draft'"),
        )
    # What has been on a screen for long stays as it is; from now on cards are kept up to date.
    op.execute("UPDATE posts SET card_version = version WHERE card_message_id IS NOT NULL")
