"""The last screen before consent, and what is said after each decision about a post."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape

from bot.callbacks import MenuVerb, PostVerb
from bot.language import N_, _
from bot.views import inbox
from bot.views.card import card, too_long
from bot.views.declarations import (
    BRANDED_NOT_PRIVATE,
    DISCLOSURE_NEEDED,
    declaration,
    label_prompt,
)
from bot.views.options import interaction_words, turned_off
from bot.views.post_buttons import LABELS, back, buttons, tap, to_bulk
from bot.views.post_words import about
from bot.views.screen import Screen, button, clock, handle
from core import tiktok
from core.posts.view import Missing, PostView
from core.states import PostStatus

OUTDATED = N_("ℹ️ That button was out of date; this is how things stand now.")
TOO_LATE = N_("ℹ️ That is not possible any more; this is how things stand now.")
SCHEDULED = N_("✅ <b>Scheduled.</b> I will tell you when it is live.")
ON_ITS_WAY = N_(
    "🚀 <b>On its way.</b> TikTok may take a few minutes to process it. I will tell you when it is "
    "live."
)
TRYING_AGAIN = N_("🔁 Trying again now. I will tell you how it goes.")
IT_IS_LIVE = N_("✅ Thank you. I have noted that it is live.")
IT_IS_NOT_LIVE = N_("❌ Thank you. I have noted that it is not on TikTok.")

NEEDS = {
    Missing.ACCOUNT: N_("choose a connected account (tap <b>Account</b>, or send /connect)"),
    Missing.PRIVACY: N_("choose who can see it (tap <b>Privacy</b>)"),
    Missing.TIME: N_("choose when it goes out (tap <b>When</b>), or tap <b>Post now</b>"),
    Missing.PAST: N_("the time has gone by: choose another (tap <b>When</b>)"),
    Missing.CAPTION_TOO_LONG: N_("shorten the caption to {longest} characters"),
    Missing.TITLE_TOO_LONG: N_("shorten the title to {longest_title} characters"),
    Missing.DISCLOSURE: DISCLOSURE_NEEDED,
    Missing.BRANDED_PRIVATE: BRANDED_NOT_PRIVATE,
    Missing.INBOX_SCOPE: N_(
        "let ClipCue put drafts into the account's inbox: connect it again (tap <b>Reconnect</b>) "
        "and leave that switched on at TikTok"
    ),
    Missing.TOO_LONG_FOR_INBOX: N_("TikTok takes drafts of up to 10 minutes; this clip is longer"),
}
_TIME_OF_DRAFT = N_("choose when it is sent (tap <b>When</b>), or tap <b>Send now</b>")

STEPS: dict[Missing, PostVerb | MenuVerb] = {
    Missing.ACCOUNT: PostVerb.ACCOUNT,
    Missing.PRIVACY: PostVerb.PRIVACY,
    Missing.TIME: PostVerb.WHEN,
    Missing.PAST: PostVerb.WHEN,
    Missing.CAPTION_TOO_LONG: PostVerb.CAPTION,
    Missing.TITLE_TOO_LONG: PostVerb.TITLE,
    Missing.DISCLOSURE: PostVerb.DISCLOSURE,
    Missing.BRANDED_PRIVATE: PostVerb.PRIVACY,
    Missing.INBOX_SCOPE: MenuVerb.CONNECT,
    Missing.TOO_LONG_FOR_INBOX: PostVerb.DIRECT,
}
"""The button that leads to what is missing; only a draft can be changed."""


def discarded(post: PostView) -> Screen:
    """The draft is gone."""
    text = _("🗑 Discarded. Send me a clip or photos whenever you like.")
    return Screen(text=text, rows=to_bulk(post))


def not_possible(post: PostView, *, outdated: bool) -> str:
    """Why a tap did nothing, for the card as it stands now."""
    if post.status in {PostStatus.PUBLISHING, PostStatus.PROCESSING}:
        return _("ℹ️ It is being published right now, so that is not possible any more.")
    return _(OUTDATED) if outdated else _(TOO_LATE)


def need(
    missing: Missing, *, longest: int = tiktok.TITLE_MAX_UTF16, for_inbox: bool = False
) -> str:
    """What is still to be done before a post can go out (HTML); `longest` is for its caption."""
    if for_inbox and missing is Missing.TIME:
        return _(_TIME_OF_DRAFT)
    title = tiktok.PHOTO_TITLE_MAX_UTF16
    return _(NEEDS[missing]).format(longest=longest, longest_title=title)


def _needs(post: PostView, missing: Missing) -> str:
    return need(missing, longest=post.longest_caption, for_inbox=post.is_for_inbox)


def draft_ready(post: PostView, now: datetime) -> Screen:
    """The card of a draft that has got its account, with the step that comes next."""
    needed = post.missing(now)
    step = _("tap <b>Schedule</b> or <b>Post now</b>")
    if needed:
        step = _needs(post, needed[0])
    note = _("👤 <b>Your draft has its account.</b> Next: {step}.").format(step=step)
    return card(post, note=note)


def confirm(
    post: PostView,
    needed: Iterable[Missing],
    *,
    creator: tiktok.CreatorInfo | None,
    at_once: bool,
    pending: int = 0,
) -> Screen:
    """The last look before consent; with something missing it says what, and confirms nothing.

    `pending` are the drafts that wait in the account's inbox, where the post goes there.
    """
    needed = tuple(needed)
    if needed:
        reasons = [f"• {_needs(post, missing)}" for missing in needed]
        text = "\n".join([_("<b>Almost there.</b> Before this can go out:"), *reasons])
        steps = _steps(post, needed) if _is_draft(post) else ()
        return Screen(text=text, rows=[*buttons(post.id, post.version, steps), [back(post)]])
    if post.is_for_inbox:
        return inbox.confirm(post, at_once=at_once, pending=pending)
    when = _("as soon as you agree") if at_once or post.moment is None else clock(post.moment)
    verb, label = (
        (PostVerb.AGREE_NOW, _("✅ Agree and post"))
        if at_once
        else (PostVerb.AGREE, _("✅ Agree and schedule"))
    )
    lines = [
        _("Posting to {account}, {when}").format(account=_account(post, creator), when=when),
        *about(post, with_time=False, with_account=False),
        *_stays_off(post, creator),
        "",
        label_prompt(post),
        _("<i>TikTok may take a few minutes to process it before it shows on your profile.</i>"),
        "",
        declaration(post),  # directly above the button that agrees to it
    ]
    look = [button(_(LABELS[PostVerb.PREVIEW]), tap(post, PostVerb.PREVIEW)), back(post)]
    return Screen(
        text="\n".join(line for line in lines if line is not None),
        rows=[[button(label, tap(post, verb))], look],
    )


def _steps(post: PostView, needed: Iterable[Missing]) -> Iterable[PostVerb | MenuVerb]:
    """The buttons that lead to what is missing, each once."""
    found = dict.fromkeys(STEPS[missing] for missing in needed)
    if post.photos:  # whose words are called otherwise
        return [PostVerb.DESCRIPTION if verb is PostVerb.CAPTION else verb for verb in found]
    return found


def _stays_off(post: PostView, creator: tiktok.CreatorInfo | None) -> list[str]:
    """Names what was turned on here and has been turned off at TikTok since."""
    names = [name for name in turned_off(creator) if getattr(post, name)] if creator else []
    if not names:
        return []
    told = _("🔒 Stays off, as in this account's TikTok settings: {interactions}.")
    return [told.format(interactions=interaction_words(names))]


def clip_too_long(post: PostView, longest: timedelta) -> Screen:
    """The account may not post clips longer than this."""
    return Screen(text=too_long(post, longest), rows=[[back(post)]])


def discard_sure(post: PostView) -> Screen:
    """Asks once more before a draft is lost."""
    return Screen(
        text=_("Discard this draft? The photos are deleted here; your phone keeps its own.")
        if post.photos
        else _("Discard this draft? The clip is deleted here; your phone keeps its own."),
        rows=[[button(_("🗑 Discard"), tap(post, PostVerb.DISCARD_SURE)), back(post)]],
    )


def cancel_sure(post: PostView) -> Screen:
    """Asks once more before a post is called off."""
    return Screen(
        text=_("Cancel this post? It will not go out."),
        rows=[[button(_("🚫 Cancel post"), tap(post, PostVerb.CANCEL_SURE)), back(post)]],
    )


def _is_draft(post: PostView) -> bool:
    return post.status is PostStatus.DRAFT


def _account(post: PostView, creator: tiktok.CreatorInfo | None) -> str:
    if creator is not None:
        return f"<b>{escape(creator.nickname)}</b> ({handle('@' + creator.username)})"
    return f"<b>{escape(post.account.nickname)}</b>" if post.account else "TikTok"
