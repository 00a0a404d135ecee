"""Clips that are too big for Telegram: the way to the upload page, its words, and its outcomes."""

import re
from html import unescape
from typing import Any

from telegram import InlineKeyboardButton, WebAppInfo

from bot.language import N_, _
from bot.views import fitting, words
from bot.views.card import card
from bot.views.screen import Screen, beginning, link, megabytes, quoted
from core.fitting import from_json
from core.media.limits import LARGEST_FILE
from core.notifications import Notice
from core.posts.view import PostView
from core.uploads.room import DiskNearlyFull, NoRoom, QuotaReached
from core.uploads.uploads import CHANGED, MOST_COMING, NOT_READ, TooManyUploads

_PAGE = {
    "title": N_("Upload clips"),
    "lead": N_("Full quality, up to 4 GB each: your clip arrives as it is."),
    "choose": N_("Choose clips"),
    "drop": N_("or drop them here"),
    "back": N_("Back to the chat"),
    "opening": N_("One moment…"),
    "needs_script": N_("This page needs JavaScript."),
    "link_unknown": N_("This link is not known here. Send /upload in the chat for a new one."),
    "link_used": N_(
        "This link was opened before, in another place. It works once: send /upload in the chat "
        "for a new one."
    ),
    "link_old": N_("This link is too old. Send /upload in the chat for a new one."),
    "key_over": N_("This page has been open for a day. Send /upload in the chat to go on."),
    "offline": N_("No connection. It goes on by itself as soon as there is one."),
    "waiting": N_("Waits for its turn"),
    "sending": N_("{done} of {total} MB · {left}"),
    "seconds_left": N_("{count} s left"),
    "minutes_left": N_("{count} min left"),
    "hours_left": N_("{count} h left"),
    "time_unknown": N_("reckoning the time"),
    "paused": N_("Paused at {done} of {total} MB"),
    "retrying": N_("Connection lost. Trying again…"),
    "unfinished": N_(
        "Not finished: {done} of {total} MB are here. Choose the same clip again, and it goes on."
    ),
    "received": N_("All here. Making its card…"),
    "done": N_("It is here: go on in the chat."),
    "pause": N_("Pause"),
    "resume": N_("Resume"),
    "remove": N_("Remove"),
    "about": N_("{action}: {name}"),
    "progress": N_("Progress of {name}"),
    "not_video": N_("This is no video: its first bytes say so, whatever its name is."),
    "empty": N_("This file is empty."),
    "too_large": N_("TikTok takes clips of up to 4 GB; this one has {size} MB."),
    "over_quota": N_(
        "There is no room for it: you have {free} MB left. Clips of posts that ended make room "
        "when /settings says; discard drafts you do not need."
    ),
    "no_length": N_("It has no length: there is nothing to play."),
    "twice": N_("This clip is in the list already."),
    "trouble": N_("That did not work. Try again in a minute."),
    "gone": N_("This upload was ended. Choose the clip again to begin anew."),
}


def page_words() -> dict[str, str]:
    """Everything the page says, by the names its script knows."""
    return {name: _(text) for name, text in _PAGE.items()}


def page_button(url: str) -> InlineKeyboardButton:
    """Opens the page: within Telegram where that can be, which wants https."""
    label = _("⬆️ Open the upload page")
    if url.startswith("https:"):
        return InlineKeyboardButton(label, web_app=WebAppInfo(url))
    return link(label, url)


def invitation(url: str) -> Screen:
    """`/upload`"""
    text = _(
        "<b>Clips of up to 4 GB, in full quality.</b>\n\n"
        "Choose them on the page; their cards appear here. A lost connection or a closed phone "
        "does no harm: send /upload again, and it goes on where it was.\n\n"
        "<i>The link is yours alone: it works once, and for an hour.</i>"
    )
    return Screen(text=text, rows=[[page_button(url)]])


def too_big(limit: int, url: str) -> Screen:
    """Telegram's own servers hand bots only small files."""
    text = _(
        "<b>That clip is too big for Telegram to hand over.</b> Its limit for bots is {limit} "
        "MB.\n\n"
        "Send it over the upload page instead: up to 4 GB, in full quality. <i>The link works "
        "once, and for an hour; /upload makes a new one.</i>"
    )
    return Screen(text=text.format(limit=limit >> 20), rows=[[page_button(url)]])


def no_room(error: NoRoom) -> Screen:
    """There is no room for a clip (HTML)."""
    if isinstance(error, QuotaReached):
        text = _(
            "<b>Your clips take {used} of the {quota} that you have here</b>, and this one does "
            "not fit any more. Clips of posts that ended make room when /settings says; discard "
            "drafts you do not need, or take an upload back (/upload)."
        ).format(used=megabytes(error.used), quota=megabytes(error.quota))
        return Screen(text=text)
    return Screen(
        text=_(
            "<b>My disk is nearly full</b>, so I take no clips at the moment. Please keep the "
            "clip, tell the operator, and try again later."
        )
    )


def not_begun(error: Exception) -> str:
    """Why an upload does not begin, as the page shows it."""
    match error:
        case QuotaReached() | DiskNearlyFull():
            return plain(no_room(error).text)
        case TooManyUploads():
            return _("There are {count} uploads under way already: end some first.").format(
                count=MOST_COMING
            )
    return _("TikTok takes clips of up to 4 GB; this one has {size} MB.").format(
        size=f"> {LARGEST_FILE // 1_000_000}"
    )


def uploaded(post: PostView) -> Screen:
    """The card of a clip that came over the upload page."""
    note = _("⬆️ <b>Your clip is here, in full quality:</b> {name}").format(
        name=beginning(post.file_name)
    )
    return card(post, note=note)


def uploaded_plainly(owed: Notice) -> Screen:
    """Where its draft cannot be shown: it has gone on, or was discarded."""
    name = beginning(str(owed.payload.get("file_name", "")))
    return Screen(
        text=_("⬆️ <b>Your clip came over the upload page:</b> {name}. See /posts.").format(
            name=quoted(name)
        )
    )


def too_big_to_send() -> Screen:
    """Instead of the whole clip, for a preview."""
    return Screen(
        text=_(
            "This clip is too big for Telegram, so I cannot send it back to you: these are "
            "pictures of it, and TikTok gets it as you uploaded it."
        )
    )


def as_tiktok_gets_it() -> Screen:
    """Below a clip that is sent back, for a preview."""
    return Screen(text=_("This is your clip as TikTok gets it."))


def upload_unfit(owed: Notice) -> Screen:
    """A clip of the upload page that TikTok would not take as it is."""
    name = quoted(beginning(str(owed.payload["file_name"])))
    return fitting.offer(from_json(owed.payload["unfit"]), note=f"⬆️ {name}")


def upload_refused(owed: Notice) -> Screen:
    """A clip of the upload page that cannot become a post."""
    name = beginning(str(owed.payload["file_name"]))
    return Screen(text=f"⬆️ {quoted(name)}\n{_refusal(owed.payload['refusal'])}")


def refusal_on_page(refusal: dict[str, Any]) -> str:
    """The same reason without marks, line by line."""
    return plain(_refusal(refusal))


def _refusal(refusal: dict[str, Any]) -> str:
    code = refusal.get("code")
    if code == NOT_READ:
        return words.not_read().text
    if code == CHANGED:
        return _(
            "<b>The file changed while it was sent</b>, so what came is neither the old nor the "
            "new one. Send it once more."
        )
    return words.unreadable().text


def plain(html: str) -> str:
    """A text of Telegram's HTML without its marks."""
    return unescape(re.sub(r"<[^>]+>", "", html))
