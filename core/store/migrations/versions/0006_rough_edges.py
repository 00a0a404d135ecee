"""What a question is about, the time words a caption began with, posts by when they went out."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Columns are added in place: to copy a table anew would delete what cascades from it.
    op.add_column("chat_state", sa.Column("subject_id", sa.Integer()))
    op.add_column("posts", sa.Column("time_words", sa.Text()))
    op.create_index(
        "ix_posts_owner_status_published", "posts", ["owner_id", "status", "published_at"]
    )
    # A post whose batch is closed belongs to none.
    op.execute(
        "UPDATE posts SET batch_id = NULL WHERE batch_id IN "
        "(SELECT id FROM batches WHERE closed_at IS NOT NULL)"
    )
