"""The last screen before consent, and what is said after each decision about a post."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape

from bot.callbacks import PostVerb
from bot.views.card import about, back, buttons, card, tap
from bot.views.declarations import (
    BRANDED_NOT_PRIVATE,
    DISCLOSURE_NEEDED,
    declaration,
    label_prompt,
)
from bot.views.screen import Screen, button, clock, handle, minutes_seconds
from core import tiktok
from core.posts import Missing, PostView
from core.states import PostStatus

OUTDATED = "ℹ️ That button was out of date; this is how things stand now."
TOO_LATE = "ℹ️ That is not possible any more; this is how things stand now."
SCHEDULED = "✅ <b>Scheduled.</b> I will tell you when it is live."
ON_ITS_WAY = "🚀 <b>On its way.</b> I will tell you when it is live."
TRYING_AGAIN = "🔁 Trying again now. I will tell you how it goes."
IT_IS_LIVE = "✅ Thank you. I have noted that it is live."
IT_IS_NOT_LIVE = "❌ Thank you. I have noted that it is not on TikTok."
DISCARDED = Screen(text="🗑 Discarded. Send me a clip whenever you like.")

NEEDS = {
    Missing.ACCOUNT: "choose a connected account (tap <b>Account</b>, or send /connect)",
    Missing.PRIVACY: "choose who can see it (tap <b>Privacy</b>)",
    Missing.TIME: "choose when it goes out (tap <b>When</b>), or tap <b>Post now</b>",
    Missing.PAST: "the time has gone by: choose another (tap <b>When</b>)",
    Missing.CAPTION_TOO_LONG: f"shorten the caption to {tiktok.TITLE_MAX_UTF16} characters",
    Missing.DISCLOSURE: DISCLOSURE_NEEDED,
    Missing.BRANDED_PRIVATE: BRANDED_NOT_PRIVATE,
}

STEPS = {
    Missing.ACCOUNT: PostVerb.ACCOUNT,
    Missing.PRIVACY: PostVerb.PRIVACY,
    Missing.TIME: PostVerb.WHEN,
    Missing.PAST: PostVerb.WHEN,
    Missing.CAPTION_TOO_LONG: PostVerb.CAPTION,
    Missing.DISCLOSURE: PostVerb.DISCLOSURE,
    Missing.BRANDED_PRIVATE: PostVerb.PRIVACY,
}
"""The button that leads to what is missing; only a draft can be changed."""


def not_possible(post: PostView, *, outdated: bool) -> str:
    """Why a tap did nothing, for the card as it stands now."""
    if post.status in {PostStatus.PUBLISHING, PostStatus.PROCESSING}:
        return "ℹ️ It is being published right now, so that is not possible any more."
    return OUTDATED if outdated else TOO_LATE


def draft_ready(post: PostView, now: datetime) -> Screen:
    """The card of a draft that has got its account, with the step that comes next."""
    needed = post.missing(now)
    step = NEEDS[needed[0]] if needed else "tap <b>Schedule</b> or <b>Post now</b>"
    return card(post, note=f"👤 <b>Your draft has its account.</b> Next: {step}.")


def confirm(
    post: PostView, needed: Iterable[Missing], *, creator: tiktok.CreatorInfo | None, at_once: bool
) -> Screen:
    """The last look before consent; with something missing it says what, and confirms nothing."""
    needed = tuple(needed)
    if needed:
        reasons = [f"• {NEEDS[missing]}" for missing in needed]
        text = "\n".join(["<b>Almost there.</b> Before this can go out:", *reasons])
        steps = dict.fromkeys(STEPS[missing] for missing in needed) if _is_draft(post) else ()
        return Screen(text=text, rows=[*buttons(post.id, post.version, steps), [back(post)]])
    when = "as soon as you agree" if at_once or post.moment is None else clock(post.moment)
    verb, label = (
        (PostVerb.AGREE_NOW, "✅ Agree and post")
        if at_once
        else (PostVerb.AGREE, "✅ Agree and schedule")
    )
    lines = [
        f"Posting to {_account(post, creator)}, {when}",
        *about(post, with_time=False, with_account=False),
        "",
        declaration(post),
        "<i>After posting it may take a few minutes until TikTok shows it.</i>",
    ]
    if prompt := label_prompt(post):
        lines.insert(-2, prompt)
    return Screen(text="\n".join(lines), rows=[[button(label, tap(post, verb))], [back(post)]])


def too_long(post: PostView, longest: timedelta) -> Screen:
    """The account may not post clips of this length."""
    return Screen(
        text=f"<b>This clip is too long for that account.</b> It lasts "
        f"{minutes_seconds(post.clip.duration)}; TikTok lets this account post "
        f"{minutes_seconds(longest)} at most. Trim it and send it again, or choose another "
        "account.",
        rows=[[back(post)]],
    )


def discard_sure(post: PostView) -> Screen:
    """Asks once more before a draft is lost."""
    return Screen(
        text="Discard this draft? The clip is deleted here; your phone keeps its own.",
        rows=[[button("🗑 Discard", tap(post, PostVerb.DISCARD_SURE)), back(post)]],
    )


def cancel_sure(post: PostView) -> Screen:
    """Asks once more before a post is called off."""
    return Screen(
        text="Cancel this post? It will not go out.",
        rows=[[button("🚫 Cancel post", tap(post, PostVerb.CANCEL_SURE)), back(post)]],
    )


def _is_draft(post: PostView) -> bool:
    return post.status is PostStatus.DRAFT


def _account(post: PostView, creator: tiktok.CreatorInfo | None) -> str:
    if creator is not None:
        return f"<b>{escape(creator.nickname)}</b> ({handle('@' + creator.username)})"
    return f"<b>{escape(post.account.nickname)}</b>" if post.account else "TikTok"
