"""The tables. Rows never leave the transaction that read them; domain modules hand out values.

Indexes are partial on PostgreSQL as well: the migrations say so. Said here too, each process would
load that dialect, two megabytes, whatever its database is.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from core.states import AccountStatus, Expecting, PostMode, PostStatus, UploadState
from core.store.types import Instant, words

NEVER_REUSE_IDS = {"sqlite_autoincrement": True}
"""An old button, or a sealed value, must not fit a newer row that got a deleted one's id."""

CARD_IS_OUTDATED = text("card_version < version AND status <> 'draft'")
"""Said of posts, in the words of the index that finds them."""


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: Instant}  # noqa: RUF012 - SQLAlchemy reads it from the class


class User(Base):
    """A creator, known by the id the messenger gives them."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    locale: Mapped[str | None] = mapped_column(String(35))
    zone: Mapped[str | None] = mapped_column(String(64))
    reachable: Mapped[bool] = mapped_column(default=True)
    late_tolerance_minutes: Mapped[int | None]
    """How late a post may go out by itself after an outage; empty: what the operator set."""
    language: Mapped[str | None] = mapped_column(String(8))
    """What the creator chose; empty: the language of their Telegram (`locale`)."""
    tells_only_failures: Mapped[bool] = mapped_column(default=False, server_default=false())
    quiet_from: Mapped[int | None]
    quiet_until: Mapped[int | None]
    """Quiet hours in minutes after midnight of the creator's zone; they may pass midnight."""
    default_account_id: Mapped[int | None]
    """The account that new drafts go to; the guidelines allow no other default."""
    keep_files_days: Mapped[int | None]
    """How long files are kept after their last post; empty: `core.retention.KEPT`."""
    created_at: Mapped[datetime]


class Account(Base):
    """A TikTok account that a creator connected."""

    __tablename__ = "accounts"
    __table_args__ = (UniqueConstraint("owner_id", "open_id"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    open_id: Mapped[str] = mapped_column(String(128))
    username: Mapped[str | None] = mapped_column(String(64))
    nickname: Mapped[str] = mapped_column(String(128))
    scopes: Mapped[str] = mapped_column(String(512))
    status: Mapped[AccountStatus] = mapped_column(words(AccountStatus))
    access_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    access_expires_at: Mapped[datetime]
    refresh_token: Mapped[bytes | None] = mapped_column(LargeBinary)
    refresh_expires_at: Mapped[datetime]
    tokens_version: Mapped[int] = mapped_column(default=0)
    connected_at: Mapped[datetime]
    renewing_until: Mapped[datetime | None]
    """While a process renews the tokens: until when the others leave that to it."""
    synced_at: Mapped[datetime | None]
    reminded_at: Mapped[datetime | None]
    """When the creator was last told that TikTok's permission ends soon."""


class OAuthRequest(Base):
    """A connection begun in a chat; only the hash of its state is kept."""

    __tablename__ = "oauth_requests"

    state_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    chat_id: Mapped[int] = mapped_column(BigInteger)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Clip(Base):
    """A video file a creator sent, as it lies in the clip store."""

    __tablename__ = "clips"
    __table_args__ = (Index("ix_clips_owner_sha256", "owner_id", "sha256"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    storage_key: Mapped[str] = mapped_column(String(64), index=True)
    """Names the file; other rows of the owner may name the same one."""
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    content_type: Mapped[str] = mapped_column(String(32))
    duration: Mapped[float]
    width: Mapped[int]
    height: Mapped[int]
    fps: Mapped[float]
    video_codec: Mapped[str] = mapped_column(String(32))
    file_id: Mapped[str | None] = mapped_column(String(256))
    kind: Mapped[str] = mapped_column(String(16))
    created_at: Mapped[datetime]
    file_name: Mapped[str | None] = mapped_column(String(255))
    """What the creator's phone calls it."""
    file_gone_at: Mapped[datetime | None]
    """When retention deleted the file; the row stays, for the history of its posts."""
    unfit: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """What TikTok has against it (`core.fitting`); empty once it can be posted."""
    original_key: Mapped[str | None] = mapped_column(String(64))
    """Of a clip made to fit: the file its creator sent, kept until TikTok has a post of it."""
    original_size: Mapped[int | None] = mapped_column(BigInteger)
    """Its bytes; unknown of what was made to fit before this column was."""


class Post(Base):
    """One clip, or some photos, on their way to one account."""

    __tablename__ = "posts"
    __table_args__ = (
        Index("ix_posts_wake", "wake_at", sqlite_where=text("wake_at IS NOT NULL")),
        Index("ix_posts_owner_status_due", "owner_id", "status", "due_at"),
        Index("ix_posts_owner_status_published", "owner_id", "status", "published_at"),
        Index("ix_posts_claimed", "status", "wake_at", "account_id",
              sqlite_where=text("claim_owner IS NOT NULL")),
        Index("ix_posts_account", "account_id"),
        Index("ix_posts_clip", "clip_id"),
        Index("ix_posts_batch", "batch_id"),
        Index("ix_posts_card", "id", sqlite_where=CARD_IS_OUTDATED),
        NEVER_REUSE_IDS,
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id"))
    clip_id: Mapped[int | None] = mapped_column(ForeignKey("clips.id"))
    """Empty for a post of photos."""
    batch_id: Mapped[int | None]
    """The open batch it is planned with."""
    status: Mapped[PostStatus] = mapped_column(words(PostStatus))
    version: Mapped[int] = mapped_column(default=1)
    """Goes up with each change a creator could see: buttons of older cards are outdated."""

    mode: Mapped[PostMode] = mapped_column(
        words(PostMode), default=PostMode.DIRECT_POST, server_default=PostMode.DIRECT_POST.value
    )
    caption: Mapped[str] = mapped_column(Text, default="")
    """Of photos: what TikTok calls their description."""
    title: Mapped[str] = mapped_column(Text, default="", server_default=text("''"))
    """Of photos; a clip has none."""
    time_words: Mapped[str | None] = mapped_column(Text)
    """What led the caption and was taken as its time, until either of them changes."""
    privacy: Mapped[str | None] = mapped_column(String(32))
    allow_comment: Mapped[bool] = mapped_column(default=False)
    allow_duet: Mapped[bool] = mapped_column(default=False)
    allow_stitch: Mapped[bool] = mapped_column(default=False)
    discloses: Mapped[bool] = mapped_column(default=False)
    your_brand: Mapped[bool] = mapped_column(default=False)
    branded_content: Mapped[bool] = mapped_column(default=False)
    ai_generated: Mapped[bool] = mapped_column(default=False, server_default=false())
    cover_ms: Mapped[int | None]
    """The frame TikTok shows as cover, in milliseconds from the start; empty: the first."""
    cover_photo_id: Mapped[int | None]
    """The photo TikTok shows as cover; empty: the first."""
    auto_add_music: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether TikTok lays music under photos."""

    wall_time: Mapped[str | None] = mapped_column(String(16))
    """What the creator said, "2026-12-25T20:00"; with `zone` and `due_at` it is one moment."""
    zone: Mapped[str | None] = mapped_column(String(64))
    due_at: Mapped[datetime | None]
    consent: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """What was agreed to, when, and in which words."""

    wake_at: Mapped[datetime | None]
    """When somebody must next look at this post: its due time, the next try, the next question
    to TikTok, or the end of the lease of the worker that holds it."""
    claim_owner: Mapped[str | None] = mapped_column(String(36))
    attempt: Mapped[int] = mapped_column(default=0)
    """Goes up with each claim: a worker whose number is no longer current cannot write."""
    tries: Mapped[int] = mapped_column(default=0)
    """Tries that ended in a passing error since the creator last agreed."""

    publish_id: Mapped[str | None] = mapped_column(String(64))
    upload_url: Mapped[bytes | None] = mapped_column(LargeBinary)
    initialised_at: Mapped[datetime | None]
    bytes_acknowledged: Mapped[int] = mapped_column(BigInteger, default=0)
    sent_at: Mapped[datetime | None]
    """When all bytes were in and TikTok began its work."""

    failure_code: Mapped[str | None] = mapped_column(String(64))
    delivered_at: Mapped[datetime | None]
    """When TikTok put the draft into the creator's inbox."""
    published_at: Mapped[datetime | None]
    tiktok_post_id: Mapped[str | None] = mapped_column(String(32))
    views: Mapped[int | None] = mapped_column(BigInteger)
    likes: Mapped[int | None] = mapped_column(BigInteger)
    comments: Mapped[int | None] = mapped_column(BigInteger)
    shares: Mapped[int | None] = mapped_column(BigInteger)
    counted_at: Mapped[datetime | None]
    """When TikTok last told those four numbers."""
    card_message_id: Mapped[int | None] = mapped_column(BigInteger)
    card_version: Mapped[int | None]
    """Which version of the post that message shows."""
    created_at: Mapped[datetime]


class Photo(Base):
    """A photo of a post, made to TikTok's size, as it lies in the clip store."""

    __tablename__ = "photos"
    __table_args__ = (
        UniqueConstraint("owner_id", "message_id"),
        Index("ix_photos_owner_sha256", "owner_id", "sha256"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    """Its place in the post, from 0."""
    storage_key: Mapped[str] = mapped_column(String(64), index=True)
    sha256: Mapped[str] = mapped_column(String(64))
    size: Mapped[int] = mapped_column(BigInteger)
    width: Mapped[int]
    height: Mapped[int]
    content_type: Mapped[str] = mapped_column(String(32))
    file_id: Mapped[str | None] = mapped_column(String(256))
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    """The message it came in, which an update that comes again is known by; a copy has none."""
    media_group_id: Mapped[str | None] = mapped_column(String(64))
    """The album it came in."""
    fetched_at: Mapped[datetime | None]
    """When somebody first asked for it, since TikTok was last told where it lies."""
    created_at: Mapped[datetime]
    file_gone_at: Mapped[datetime | None]
    """When retention deleted the file."""


class Batch(Base):
    """Clips a creator plans together."""

    __tablename__ = "batches"

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    plan: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """How times are spread and what all its posts share, as far as chosen."""
    version: Mapped[int] = mapped_column(default=1)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    """When it was confirmed or left."""


class Slot(Base):
    """A time of the week that an account posts at, by the clock of the creator's zone."""

    __tablename__ = "slots"
    __table_args__ = (UniqueConstraint("account_id", "weekday", "minute"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    weekday: Mapped[int]
    """Monday is 0."""
    minute: Mapped[int]
    """After midnight."""


class Template(Base):
    """A caption kept for later, with placeholders and hashtags."""

    __tablename__ = "templates"
    __table_args__ = (UniqueConstraint("owner_id", "name"), NEVER_REUSE_IDS)

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    name: Mapped[str] = mapped_column(String(64))
    caption: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime]


class PostEvent(Base):
    """One line of a post's history; only ever added."""

    __tablename__ = "post_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime]
    status: Mapped[PostStatus] = mapped_column(words(PostStatus))
    note: Mapped[str] = mapped_column(String(200), default="")


class Notification(Base):
    """A message owed to a creator; written with what it tells, delivered by the outbox."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index("ix_notifications_pending", "next_attempt_at",
              sqlite_where=text("next_attempt_at IS NOT NULL")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(96), unique=True)
    """Names what is told: telling it again is the same row."""
    payload: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime | None]
    """When to (re)try; empty once delivered or given up with a reason in `outcome`."""
    attempts: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(String(64))
    message_id: Mapped[int | None] = mapped_column(BigInteger)


class ChatState(Base):
    """What the bot has asked a chat for, until when."""

    __tablename__ = "chat_state"

    chat_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    expecting: Mapped[Expecting] = mapped_column(words(Expecting))
    post_id: Mapped[int | None] = mapped_column(ForeignKey("posts.id", ondelete="CASCADE"))
    subject_id: Mapped[int | None]
    """What else it is about, of the kind that `expecting` says: an account, a template."""
    expires_at: Mapped[datetime]


class TikTokCall(Base):
    """A call made with an account's token: TikTok counts them by the minute, and so do we."""

    __tablename__ = "tiktok_calls"
    __table_args__ = (Index("ix_tiktok_calls_window", "account_id", "call", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"))
    call: Mapped[str] = mapped_column(String(16))
    at: Mapped[datetime]


class TelegramUpdate(Base):
    """An update as Telegram sent it, kept from before it is confirmed until it is worked off."""

    __tablename__ = "telegram_updates"
    __table_args__ = (
        Index("ix_telegram_updates_open", "update_id", sqlite_where=text("done_at IS NULL")),
    )  # fmt: skip

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    data: Mapped[dict[str, Any]] = mapped_column(JSON)
    received_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    done_at: Mapped[datetime | None]


class UploadLink(Base):
    """A link to the upload page; only hashes are kept of it and of the key that opening it gave."""

    __tablename__ = "upload_links"

    link_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    expires_at: Mapped[datetime]
    """Until when it can be opened; once it is open, until when its key is good."""
    key_hash: Mapped[bytes | None] = mapped_column(LargeBinary(32), unique=True)
    """Of the key of the one page that has opened it."""


class Upload(Base):
    """A clip that comes in pieces, over the upload page."""

    __tablename__ = "uploads"
    __table_args__ = (Index("ix_uploads_state", "state", "expires_at"),)

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    file_name: Mapped[str] = mapped_column(String(255))
    size: Mapped[int] = mapped_column(BigInteger)
    received: Mapped[int] = mapped_column(BigInteger, default=0)
    """Bytes that are here for certain: the file may hold more, which does not count."""
    modified_ms: Mapped[int | None] = mapped_column(BigInteger)
    sample: Mapped[str | None] = mapped_column(String(64))
    """What the page knows the file again by: when it was changed, and a hash of both its ends."""
    state: Mapped[UploadState] = mapped_column(words(UploadState))
    clip_id: Mapped[int | None] = mapped_column(ForeignKey("clips.id", ondelete="SET NULL"))
    """What it has become."""
    refusal: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    """Why it has become nothing."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    """While it comes in: when it is given up. After that: when it is forgotten."""
