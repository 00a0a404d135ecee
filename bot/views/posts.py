"""Lists of posts."""

from collections.abc import Sequence

from bot.callbacks import MenuTap, MenuVerb, PostTap, PostVerb
from bot.views.card import STATUS
from bot.views.screen import Rows, Screen, beginning, button, clock, in_rows
from core.posts import PostView

LISTED = 8
"""Posts on one screen, the next due first."""


def upcoming(posts: Sequence[PostView]) -> Screen:
    """Open posts, each with a button that opens it."""
    if not posts:
        return Screen(
            text="<b>Nothing is planned.</b>\nSend me a clip and I will make a post of it.",
            rows=[[button("Past posts", MenuTap(MenuVerb.PAST))]],
        )
    return Screen(
        text="\n\n".join(["<b>Coming up</b>", *_lines(posts)]),
        rows=[*_openers(posts), [button("Past posts", MenuTap(MenuVerb.PAST))]],
    )


def past(posts: Sequence[PostView]) -> Screen:
    """Posts whose story is over."""
    back = [button("‹ Coming up", MenuTap(MenuVerb.POSTS))]
    if not posts:
        return Screen(text="<b>No past posts yet.</b>", rows=[back])
    return Screen(
        text="\n\n".join(["<b>Past posts</b>", *_lines(posts)]), rows=[*_openers(posts), back]
    )


def _lines(posts: Sequence[PostView]) -> list[str]:
    return [
        f"{number}. {STATUS[post.status]}"
        + (f" · {clock(post.moment)}" if post.moment else "")
        + f"\n{beginning(post.caption) or '<i>no caption</i>'}"
        for number, post in enumerate(posts, start=1)
    ]


def _openers(posts: Sequence[PostView]) -> Rows:
    return in_rows(
        [
            button(str(number), PostTap(post.id, post.version, PostVerb.SHOW))
            for number, post in enumerate(posts, start=1)
        ],
        width=4,
    )
