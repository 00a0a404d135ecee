"""Captions with placeholders in a batch: filled anew whenever a time or an account changes.

Posts are numbered in the order that they go out.

A batch keeps, for each post whose caption came from a text with placeholders, that text and what it
was filled to last. A caption that is something else by now was written by hand and is left alone.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.posts.templates import fill, has_placeholders
from core.posts.view import PostView
from core.times import UTC_ZONE, at_instant

Kept = Mapping[str, Sequence[str]]
"""By the id of a post: the text with placeholders, and what it was filled to."""


def text_of(kept: Kept, post: PostView) -> str:
    """The text that a post's caption was made of: with its placeholders, if it has any."""
    text, filled = kept.get(str(post.id), ("", None))
    return text if filled == post.caption else post.caption


def refilled(
    kept: Kept,
    posts: Sequence[PostView],
    texts: Mapping[int, str],
    *,
    now: datetime,
    language: str | None,
) -> tuple[dict[str, Any], dict[int, str]]:
    """What to keep from now on, and the captions that posts get by their ids.

    `posts` are in the order that they are numbered in, `texts` are new texts for some of them.
    """
    keep: dict[str, Any] = {}
    captions: dict[int, str] = {}
    for number, post in enumerate(posts, start=1):
        text = texts.get(post.id, text_of(kept, post))
        if not has_placeholders(text) or (post.id not in texts and text == post.caption):
            filled = text
        else:
            moment = post.moment or at_instant(now, UTC_ZONE)
            account = post.account.name if post.account else ""
            filled = fill(
                text, day=moment.wall.date(), number=number, account=account, language=language
            )
            keep[str(post.id)] = [text, filled]
        if filled != post.caption:
            captions[post.id] = filled
    return keep, captions
