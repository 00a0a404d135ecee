"""Posts of photos, drafts for TikTok's inbox, files that several rows name."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    _open_posts()
    _share_files()
    _add_photos()
    op.add_column("users", sa.Column("keep_files_days", sa.Integer()))


def _open_posts() -> None:
    """A post needs no clip. SQLite makes the table anew for it; ids of deleted posts stay used."""
    on_sqlite = op.get_context().dialect.name == "sqlite"
    last = "SELECT seq FROM sqlite_sequence WHERE name = 'posts'"
    highest = op.get_bind().scalar(sa.text(last)) if on_sqlite else None
    with op.batch_alter_table("posts", table_kwargs={"sqlite_autoincrement": True}) as posts:
        posts.alter_column("clip_id", existing_type=sa.Integer(), nullable=True)
        posts.add_column(
            sa.Column("mode", sa.String(32), server_default="direct_post", nullable=False)
        )
        posts.add_column(
            sa.Column("title", sa.Text(), server_default=sa.text("''"), nullable=False)
        )
        posts.add_column(sa.Column("cover_photo_id", sa.Integer()))
        posts.add_column(
            sa.Column("auto_add_music", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        posts.add_column(sa.Column("delivered_at", INSTANT))
    if highest is not None:
        op.get_bind().execute(sa.text("DELETE FROM sqlite_sequence WHERE name = 'posts'"))
        op.get_bind().execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES ('posts', :seq)"),
            {"seq": highest},
        )


def _share_files() -> None:
    with op.batch_alter_table("clips") as clips:
        clips.drop_constraint("uq_clips_storage_key", type_="unique")
        clips.drop_index("ix_clips_owner_id")
        clips.create_index("ix_clips_storage_key", ["storage_key"])
        clips.create_index("ix_clips_owner_sha256", ["owner_id", "sha256"])


def _add_photos() -> None:
    op.create_table(
        "photos",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column(
            "owner_id",
            sa.BigInteger(),
            sa.ForeignKey("users.id", name="fk_photos_owner_id_users"),
            nullable=False,
        ),
        sa.Column(
            "post_id",
            sa.Integer(),
            sa.ForeignKey("posts.id", name="fk_photos_post_id_posts", ondelete="CASCADE"),
            nullable=False,
        ),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("storage_key", sa.String(64), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("content_type", sa.String(32), nullable=False),
        sa.Column("file_id", sa.String(256)),
        sa.Column("message_id", sa.BigInteger()),
        sa.Column("media_group_id", sa.String(64)),
        sa.Column("fetched_at", INSTANT),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("file_gone_at", INSTANT),
        sa.UniqueConstraint("owner_id", "message_id", name="uq_photos_owner_id_message_id"),
    )
    op.create_index("ix_photos_post_id", "photos", ["post_id"])
    op.create_index("ix_photos_storage_key", "photos", ["storage_key"])
    op.create_index("ix_photos_owner_sha256", "photos", ["owner_id", "sha256"])
