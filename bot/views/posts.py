"""Lists of posts."""

from collections.abc import Sequence

from bot.callbacks import MenuTap, MenuVerb, PostTap, PostVerb
from bot.views.card import STATUS
from bot.views.screen import Rows, Screen, beginning, button, in_rows
from bot.views.when import time_of
from core.lists import Page
from core.posts import PostView

LISTED = 8
"""Posts on one screen."""


NEEDS_YOU = "⚠️ <b>Needs you</b>"


def upcoming(page: Page) -> Screen:
    """Open posts, each with a button that opens it; those that need the creator are marked."""
    past_posts = [button("Past posts", MenuTap(MenuVerb.PAST))]
    if not page.posts:
        return Screen(
            text="<b>Nothing is planned.</b>\nSend me a clip and I will make a post of it.",
            rows=[past_posts],
        )
    return Screen(
        text="\n\n".join(["<b>Coming up</b>", *_lines(page.posts)]),
        rows=[
            *_openers(page.posts),
            *_beside(page, MenuVerb.POSTS, before="‹ Sooner", after="Later ›"),
            past_posts,
        ],
    )


def past(page: Page) -> Screen:
    """Posts whose story is over."""
    back = [button("‹ Coming up", MenuTap(MenuVerb.POSTS))]
    if not page.posts:
        return Screen(text="<b>No past posts yet.</b>", rows=[back])
    return Screen(
        text="\n\n".join(["<b>Past posts</b>", *_lines(page.posts)]),
        rows=[
            *_openers(page.posts),
            *_beside(page, MenuVerb.PAST, before="‹ Newer", after="Older ›"),
            back,
        ],
    )


def _beside(page: Page, verb: MenuVerb, *, before: str, after: str) -> Rows:
    """The buttons to the pages beside this one."""
    found = [
        button(label, MenuTap(verb, name))
        for label, name in ((before, page.before), (after, page.after))
        if name is not None
    ]
    return [found] if found else []


def _lines(posts: Sequence[PostView]) -> list[str]:
    return [
        f"{number}. {f'{NEEDS_YOU} · ' if post.needs_creator else ''}{STATUS[post.status]}"
        + (f" · {time_of(post)}" if post.moment or post.at_once else "")
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
