"""The caption question: what is written so far, and the creator's own hashtags as buttons."""

from collections.abc import Sequence

from telegram import InlineKeyboardButton

from bot.callbacks import PostTap, PostVerb
from bot.language import _, ngettext, number
from bot.views.card import off_schedule
from bot.views.post_buttons import back, tap
from bot.views.post_words import caption
from bot.views.screen import Screen, button, in_rows
from bot.views.templates import for_post
from core import tiktok
from core.posts.hashtags import consists_of_hashtags
from core.posts.templates import CaptionTemplate
from core.posts.view import PostView


def ask(
    post: PostView,
    hashtags: Sequence[str],
    templates: Sequence[CaptionTemplate] = (),
    *,
    problem: str = "",
) -> Screen:
    """Asks for the caption as the next message; `hashtags` and `templates` may be tapped."""
    asked = (
        _("<b>Send me the description</b> as a message, with its #hashtags and @mentions.")
        if post.photos
        else _("<b>Send me the caption</b> as a message, with its #hashtags and @mentions.")
    )
    lines = [
        problem or asked,
        _("Up to {longest} characters; most emoji count as two. /cancel leaves it.").format(
            longest=post.longest_caption
        ),
    ]
    if post.caption:
        lines += ["", *caption(post)]
        if consists_of_hashtags(post.caption):
            lines += ["", _("These hashtags stay below what you send.")]
        else:
            lines += ["", _("What you send takes its place.")]
    choices = [_hashtag(post, each) for each in hashtags if _tap(post, each).fits]
    if choices:
        lines += ["", _("Tap your own hashtags to add them or take them away.")]
    rows = [*in_rows(choices, 3), *for_post(post, templates), [back(post)]]
    if post.caption:
        rows.insert(-1, [_none(post)])
    if aside := off_schedule(post):
        lines += ["", *aside]
    return Screen(text="\n".join(lines), rows=rows)


def _none(post: PostView) -> InlineKeyboardButton:
    label = _("No description") if post.photos else _("No caption")
    return button(label, tap(post, PostVerb.NO_CAPTION))


def too_long(over: int, *, of_photos: bool = False) -> str:
    """Why a caption is asked for again (HTML)."""
    if of_photos:
        told = ngettext(
            "<b>That description is {count} character too long.</b> Send me a shorter one.",
            "<b>That description is {count} characters too long.</b> Send me a shorter one.",
            over,
        )
        return told.format(count=number(over))
    return ngettext(
        "<b>That caption is {count} character too long.</b> Send me a shorter one.",
        "<b>That caption is {count} characters too long.</b> Send me a shorter one.",
        over,
    ).format(count=number(over))


def _hashtag(post: PostView, hashtag: str) -> InlineKeyboardButton:
    used = {each.casefold() for each in tiktok.hashtags(post.caption)}
    mark = "☑️ " if hashtag.casefold() in used else ""
    return button(f"{mark}#{hashtag}", _tap(post, hashtag))


def _tap(post: PostView, hashtag: str) -> PostTap:
    return tap(post, PostVerb.HASHTAG, hashtag)
