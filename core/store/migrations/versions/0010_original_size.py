"""How large a clip was before it was made to fit: it counts in its creator's share."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("clips", sa.Column("original_size", sa.BigInteger()))
