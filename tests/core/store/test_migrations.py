"""Tables with rows in them, brought up to date."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, select, text
from sqlalchemy.ext.asyncio import create_async_engine

from core.states import PostMode
from core.store.database import MIGRATIONS, Database
from core.store.models import ChatState, Clip, Post, PostEvent, Upload

ROWS = (
    "INSERT INTO users (id, chat_id, reachable, created_at) VALUES (1, 1, true, CURRENT_TIMESTAMP)",
    "INSERT INTO clips (id, owner_id, storage_key, sha256, size, content_type, duration, width,"
    " height, fps, video_codec, kind, created_at) VALUES (5, 1, 'key', '', 1, '', 1, 1, 1, 1, '',"
    " 'video', CURRENT_TIMESTAMP)",
    *(
        "INSERT INTO posts (id, owner_id, clip_id, status, version, caption, allow_comment,"
        " allow_duet, allow_stitch, discloses, your_brand, branded_content, attempt, tries,"
        " bytes_acknowledged, created_at) VALUES (:id, 1, 5, 'draft', 1, 'Soup', true,"
        " false, false, false, false, false, 0, 0, 0, CURRENT_TIMESTAMP)".replace(":id", post_id)
        for post_id in ("7", "9")
    ),
    "INSERT INTO post_events (id, post_id, at, status, note)"
    " VALUES (3, 7, CURRENT_TIMESTAMP, 'draft', '')",
    "INSERT INTO chat_state (chat_id, expecting, post_id, expires_at)"
    " VALUES (1, 'caption', 7, CURRENT_TIMESTAMP)",
    "INSERT INTO uploads (id, owner_id, file_name, size, received, state, clip_id, created_at,"
    " expires_at) VALUES ('up', 1, 'soup.mp4', 1, 1, 'done', 5, CURRENT_TIMESTAMP,"
    " CURRENT_TIMESTAMP)",
    "DELETE FROM posts WHERE id = 9",
)


def _as_of(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)


async def test_what_hangs_on_a_post_or_a_clip_outlives_a_table_made_anew(empty_url: str) -> None:
    engine = create_async_engine(empty_url, poolclass=NullPool)
    async with engine.begin() as connection:
        await connection.run_sync(_as_of, "0008")
        for row in ROWS:
            await connection.execute(text(row))
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT setval('posts_id_seq', 9)"))
    database = Database(empty_url)
    await database.migrate()
    async with database.reading() as session:
        post = (await session.scalars(select(Post))).one()
        assert (post.id, post.clip_id, post.caption) == (7, 5, "Soup")
        assert (post.mode, post.title, post.auto_add_music) == (PostMode.DIRECT_POST, "", False)
        assert (await session.scalars(select(PostEvent.post_id))).all() == [7]
        assert (await session.scalars(select(ChatState.post_id))).all() == [7]
        assert (await session.scalars(select(Upload.clip_id))).all() == [5]
        assert (await session.scalars(select(Clip.storage_key))).all() == ["key"]
    async with database.transaction() as change:
        newer = Post(owner_id=1, status="draft", created_at=post.created_at)
        change.add(newer)
        await change.flush()
        assert newer.id == 10, "no button of a deleted post may fit a newer one"
    await database.close()


async def test_foreign_keys_are_in_force_again_after_a_migration(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/it.db")
    await database.migrate()
    async with database.transaction() as change:
        connection = await change.connection()
        assert (await connection.exec_driver_sql("PRAGMA foreign_keys")).scalar() == 1
    await database.close()
