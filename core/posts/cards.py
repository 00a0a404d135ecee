"""The card of a post: which message of the chat it is, and which version of the post it shows.

A post changes its state without its creator's doing, and then its card is outdated until somebody
draws it anew. Which cards are is kept here, so that no crash leaves one behind.
"""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import ColumnElement, select, update

from core.clock import Clock
from core.posts.view import PostView, views_of
from core.preferences import reads
from core.states import PostStatus
from core.store.database import Database
from core.store.models import CARD_IS_OUTDATED, Account, Clip, Post, User


@dataclass(frozen=True, kw_only=True)
class Card:
    """A post and the message that is its card; `is_current` says that it shows the post as it is.

    A card is current for any progress that is not in the post itself, such as bytes on their way.
    `language` is the tag of what the creator reads, where that is known.
    """

    post: PostView
    chat_id: int
    message_id: int
    is_current: bool
    language: str | None


class Cards:
    def __init__(self, *, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def outdated(self, limit: int, *, without: Collection[int] = ()) -> list[int]:
        """Posts, beside those in `without`, whose card shows an earlier version of them.

        Those that cannot be drawn are not among them.
        """
        async with self._database.reading() as session:
            found = await session.scalars(
                select(Post.id)
                .join(User, User.id == Post.owner_id)
                .where(CARD_IS_OUTDATED, Post.id.not_in(without), *_CAN_BE_DRAWN)
                .order_by(Post.id)
                .limit(limit)
            )
            return list(found)

    async def of(self, post_id: int, *, draft: bool = False) -> Card | None:
        """The card as it is now, with `draft` that of a draft; None where none can be drawn."""
        async with self._database.reading() as session:
            found = (
                await session.execute(
                    select(Post, Clip, Account, User)
                    .join(User, User.id == Post.owner_id)
                    .outerjoin(Clip, Clip.id == Post.clip_id)
                    .outerjoin(Account, Account.id == Post.account_id)
                    .where(Post.id == post_id, *(_IS_DRAFT if draft else _CAN_BE_DRAWN))
                )
            ).one_or_none()
            if found is None:
                return None
            post, clip, account, user = found
            if post.card_message_id is None:
                return None
            (view,) = await views_of(session, [(post, clip, account)], now=self._clock())
            return Card(
                post=view,
                chat_id=user.chat_id,
                message_id=post.card_message_id,
                is_current=post.card_version == post.version,
                language=reads(user),
            )

    async def draft_of(self, post_id: int) -> PostView | None:
        """A draft that has no card yet, to be drawn as one; None where it is none any more."""
        async with self._database.reading() as session:
            found = (
                await session.execute(
                    select(Post, Clip, Account)
                    .outerjoin(Clip, Clip.id == Post.clip_id)
                    .outerjoin(Account, Account.id == Post.account_id)
                    .where(Post.id == post_id, Post.status == PostStatus.DRAFT)
                )
            ).one_or_none()
            if found is None:
                return None
            return (await views_of(session, [found], now=self._clock()))[0]

    async def drawn(self, post: PostView, message_id: int) -> None:
        """This message shows the post, as it is in `post`, and from now on is its card."""
        await self._set(post, card_message_id=message_id, card_version=post.version)

    async def gone(self, post: PostView) -> None:
        """The creator has deleted the message: the post has no card until they open it again."""
        await self._set(post, card_message_id=None, card_version=None)

    async def _set(self, post: PostView, **values: int | None) -> None:
        async with self._database.transaction() as change:
            await change.execute(update(Post).where(Post.id == post.id).values(**values))


_CAN_BE_DRAWN: tuple[ColumnElement[bool], ...] = (
    Post.status != PostStatus.DRAFT,  # that is for its creator alone, who is at work on it
    User.reachable.is_(True),
)
_IS_DRAFT: tuple[ColumnElement[bool], ...] = (
    Post.status == PostStatus.DRAFT,
    User.reachable.is_(True),
)
