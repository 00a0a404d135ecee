"""Hashtags of a creator: those they use most, and taking them into a caption and out of it."""

import re
from collections import Counter

from sqlalchemy import select

from core import tiktok
from core.states import PostStatus
from core.store.database import Database
from core.store.models import Post

LOOKED_AT = 200
"""So many of a creator's latest posts tell which hashtags are theirs."""


class Hashtags:
    def __init__(self, *, database: Database) -> None:
        self._database = database

    async def most_used(self, owner_id: int, *, limit: int) -> list[str]:
        """The hashtags that most of the creator's latest posts have, without the sign.

        Capitals make no difference: each is written as it was last. Among equals the one that was
        used last comes first.
        """
        async with self._database.reading() as session:
            captions = await session.scalars(
                select(Post.caption)
                .where(
                    Post.owner_id == owner_id,
                    Post.caption.contains("#"),
                    Post.status != PostStatus.CANCELLED,
                )
                .order_by(Post.id.desc())
                .limit(LOOKED_AT)
            )
        found: Counter[str] = Counter()
        written: dict[str, str] = {}
        for caption in captions:
            for tag in {tag.casefold(): tag for tag in tiktok.hashtags(caption)}.values():
                found[tag.casefold()] += 1
                written.setdefault(tag.casefold(), tag)
        return [written[tag] for tag, _ in found.most_common(limit)]


def toggled(caption: str, hashtag: str) -> str:
    """The caption without this hashtag, or with it at its end where it had none such."""
    there = re.compile(rf"\s?(?<!\S)#{re.escape(hashtag)}(?!\S)", re.IGNORECASE)
    without, found = there.subn("", caption)
    return without.strip() if found else f"{caption} #{hashtag}".strip()


def consists_of_hashtags(caption: str) -> bool:
    """Whether there is nothing in a caption but hashtags."""
    words = caption.split()
    return bool(words) and len(tiktok.hashtags(caption)) == len(words)


def keeping_hashtags(before: str, typed: str) -> str:
    """The caption that was typed; hashtags that were chosen before it, and nothing else, stay."""
    typed = typed.strip()
    if not consists_of_hashtags(before):
        return typed
    there = {tag.casefold() for tag in tiktok.hashtags(typed)}
    kept = [f"#{tag}" for tag in tiktok.hashtags(before) if tag.casefold() not in there]
    return " ".join([typed, *kept]).strip()
