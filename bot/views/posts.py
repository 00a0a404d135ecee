"""Lists of posts: by what they wait for, narrowed, and a day of the calendar."""

from collections.abc import Sequence
from datetime import date, timedelta
from html import escape
from typing import Any

from telegram import InlineKeyboardButton

from bot.callbacks import CalendarTap, CalendarVerb, ListTap, ListVerb, PostVerb
from bot.language import N_, _, day_words, heading, month_words, near_day_words, number
from bot.views.post_buttons import buttons
from bot.views.post_words import STATUS, named
from bot.views.screen import Rows, Screen, button, clock, handle, in_rows, quoted, wall
from bot.views.when import delivered_at, time_of
from core.accounts.accounts import ConnectedAccount
from core.lists.lists import COUNTED_UP_TO, Page, is_latest_first
from core.lists.places import SEARCHED_AT_ONCE
from core.lists.selection import FIRST_DAY, LAST_DAY, Selection, Tab
from core.posts.undoing import UNDO_WITHIN
from core.posts.view import PostView
from core.states import PostStatus
from core.times import at_instant

LISTED = 8
"""Posts on one screen."""

TABS = {
    Tab.PLANNED: N_("Planned"),
    Tab.NEEDS_YOU: N_("Needs you"),
    Tab.DRAFTS: N_("Drafts"),
    Tab.PUBLISHED: N_("Published"),
    Tab.NOT_PUBLISHED: N_("Not published"),
    Tab.ALL: N_("All"),
}
EMPTY = {
    Tab.PLANNED: N_(
        "<b>Nothing is planned.</b>\nSend me a clip or photos and I will make a post of them."
    ),
    Tab.NEEDS_YOU: N_("<b>Nothing needs you.</b>"),
    Tab.DRAFTS: N_("<b>No drafts.</b>\nSend me a clip or photos and I will make one of them."),
    Tab.PUBLISHED: N_("<b>Nothing is published yet.</b>"),
    Tab.NOT_PUBLISHED: N_("<b>Nothing failed, and nothing was cancelled.</b>"),
    Tab.ALL: N_("<b>No posts yet.</b>\nSend me a clip or photos and I will make one of them."),
    Tab.DATED: N_("<b>No posts on this day.</b>"),
}
CANCELLED = N_("For {minutes} minutes, <b>Undo</b> brings it back.")
TOO_LATE_TO_UNDO = N_(
    "ℹ️ The {minutes} minutes for <b>Undo</b> are over. <b>Duplicate</b> makes a draft of it that "
    "you can schedule anew."
)
UNDONE = N_("↩️ <b>Back on the schedule</b>, as you agreed to it.")
UNDONE_BUT_HELD = N_("↩️ <b>It is not cancelled any more</b>, but it waits for you.")
COPIED = N_("📄 <b>A copy of your post.</b> Choose anew who can see it, and when.")
NEEDS_YOU = N_("⚠️ <b>Needs you</b>")


def listing(page: Page, accounts: Sequence[ConnectedAccount]) -> Screen:
    """A page of a list, each post with a button that opens it; of the calendar, that of a day."""
    selection = page.selection
    if selection.tab is Tab.DATED and selection.first is not None:
        return _day_list(page, selection.first, several=len(accounts) > 1)
    heading = f"<b>{_(TABS[selection.tab])}</b>"
    if selection.is_narrowed:
        heading += " · " + " · ".join(_narrowed_to(selection, accounts))
    return Screen(
        text="\n\n".join([heading, *_lines(page, several=len(accounts) > 1)]),
        rows=[
            *_openers(page),
            *_beside(page),
            *in_rows([_tab(tab, page) for tab in TABS]),
            *_tools(selection),
        ],
    )


def _day_list(page: Page, day: date, *, several: bool) -> Screen:
    """The posts of a day of the calendar, with the days beside it."""
    month = CalendarTap(CalendarVerb.MONTH, f"{day:%Y-%m}")
    before, after = day - timedelta(days=1), day + timedelta(days=1)
    beside = []
    if before >= FIRST_DAY:
        beside.append(button(f"‹ {near_day_words(before)}", list_tap(of_day(before))))
    if after <= LAST_DAY:
        beside.append(button(f"{near_day_words(after)} ›", list_tap(of_day(after))))
    return Screen(
        text="\n\n".join(
            [
                f"📅 <b>{heading(near_day_words(day))}</b> · {day_words(day)}",
                *_lines(page, several=several),
            ]
        ),
        rows=[
            *_openers(page),
            *_beside(page),
            beside,
            [button(f"📅 {month_words(day)}", month)],
        ],
    )


def of_day(day: date) -> Selection:
    """What the calendar counts of a day."""
    return Selection(tab=Tab.DATED, first=day, last=day)


def list_tap(selection: Selection, verb: ListVerb = ListVerb.PAGE, at: str = "") -> ListTap:
    """A tap that does this to the list of a selection."""
    return ListTap(verb, at, selection.name)


def back_to_list(selection: Selection, at: str) -> Rows:
    """Below a card that was opened from a list: the way back to where it stands there."""
    return [[button(_("‹ Back to the list"), list_tap(selection, at=at))]]


def ask_words(selection: Selection) -> Screen:
    """Asks what to search for."""
    return Screen(
        text=_(
            "<b>What should I look for?</b>\nSend me words of the caption, such as “recipe”. I "
            "search all your posts."
        ),
        rows=[[button(_("‹ Back"), list_tap(selection, ListVerb.LEAVE))]],
    )


def cancelled(post: PostView) -> dict[str, Any]:
    """What the card of a post shows beside it when its creator has just cancelled it."""
    return {
        "note": _(CANCELLED).format(minutes=_undo_minutes()),
        "below": buttons(post.id, post.version, [PostVerb.UNDO]),
    }


def too_late_to_undo() -> str:
    """Why a post stays cancelled (HTML)."""
    return _(TOO_LATE_TO_UNDO).format(minutes=_undo_minutes())


def _undo_minutes() -> str:
    return number(UNDO_WITHIN / timedelta(minutes=1))


def _lines(page: Page, *, several: bool) -> list[str]:
    posts = [post for post, _place in page.posts]
    tab = page.selection.tab
    lines = [_line(at, post, tab, several=several) for at, post in enumerate(posts, start=1)]
    if not page.is_whole:
        looked = _("I looked through {count} captions; there are more to look through.")
        lines.append(looked.format(count=number(SEARCHED_AT_ONCE)))
    elif not lines:
        narrowed = page.selection.is_narrowed and tab is not Tab.DATED
        lines.append(_("<b>No post fits.</b>") if narrowed else _(EMPTY[tab]))
    return lines


def _line(at: int, post: PostView, tab: Tab, *, several: bool) -> str:
    parts = [_(STATUS[post.status])]
    says_so = post.status is PostStatus.HELD  # its name does
    if post.status is PostStatus.DELIVERED:
        says_so = tab is Tab.NEEDS_YOU
    if post.needs_creator and not says_so:
        parts.insert(0, _(NEEDS_YOU))
    if post.status is PostStatus.DELIVERED and (since := delivered_at(post)) is not None:
        parts.append(_("since {time}").format(time=clock(since)))
    elif post.moment or post.at_once:
        parts.append(time_of(post))
    if several and post.account:
        parts.append(handle(post.account.name))
    return f"{at}. {' · '.join(parts)}\n{named(post)}"


def _openers(page: Page) -> Rows:
    return in_rows(
        [
            button(str(at), list_tap(page.selection, ListVerb.OPEN, at=place.name("=")))
            for at, (_post, place) in enumerate(page.posts, start=1)
        ],
        width=4,
    )


def _beside(page: Page) -> Rows:
    """The buttons to the pages beside this one."""
    selection = page.selection
    if is_latest_first(selection):
        labels = (_("‹ Later"), _("Earlier ›"))
    else:
        labels = (_("‹ Sooner"), _("Later ›"))
    found = [
        button(label, list_tap(selection, at=at))
        for label, at in zip(labels, (page.before, page.after), strict=True)
        if at is not None
    ]
    return [found] if found else []


def _tab(tab: Tab, page: Page) -> InlineKeyboardButton:
    words, count = _(TABS[tab]), page.counts.get(tab, 0)
    if count:
        words += f" {many(count)}"
    if tab is Tab.NEEDS_YOU and count:
        words = f"⚠️ {words}"
    if tab is page.selection.tab:
        words = f"● {words}"
    return button(words, list_tap(page.selection.in_tab(tab)))


def many(count: int) -> str:
    """A count that stops somewhere: "99+"."""
    most = COUNTED_UP_TO - 1
    return number(count) if count <= most else f"{number(most)}+"


def _tools(selection: Selection) -> Rows:
    turn = _("⇅ Soonest first") if is_latest_first(selection) else _("⇅ Latest first")
    return [
        [
            button(_("🔎 Search"), list_tap(selection, ListVerb.SEARCH)),
            button(_("🎚 Filter"), list_tap(selection, ListVerb.NARROW)),
        ],
        [button(turn, list_tap(selection.turn()))],
    ]


def _narrowed_to(selection: Selection, accounts: Sequence[ConnectedAccount]) -> list[str]:
    """What the list is narrowed to (HTML)."""
    found = [handle(account.name) for account in accounts if account.id == selection.account_id]
    if days := days_of(selection):
        found.append(days)
    if selection.words:
        found.append(quoted(escape(selection.words)))
    return found


def days_of(selection: Selection) -> str:
    """The days it is narrowed to; nothing where it is not."""
    first, last = selection.first, selection.last
    if first is None or last is None:
        return ""
    return day_words(first) if first == last else f"{day_words(first)} – {day_words(last)}"


def sent_before(post: PostView, *, zone: str) -> str:
    """The same clip has come again, which may well be meant; this is what it became (HTML)."""
    if post.published_at is not None:
        when = day_words(at_instant(post.published_at, zone).wall)
        return _("♻️ You have sent this clip before: it was published on {when}.").format(when=when)
    if post.status is PostStatus.SCHEDULED and post.moment is not None:
        return _("♻️ You have sent this clip before: it is scheduled for {when}.").format(
            when=wall(post.moment)
        )
    if post.status is PostStatus.DELIVERED and post.needs_creator:
        return _("♻️ You have sent this clip before: it is in your TikTok inbox as a draft.")
    return _("♻️ You have sent this clip before: see /posts.")
