"""A batch on one screen: what its posts share, the plan page by page, and what can be set."""

from collections.abc import Collection, Sequence
from html import escape

from telegram import InlineKeyboardButton

from bot.callbacks import BatchTap, BatchVerb, MenuTap, MenuVerb
from bot.language import _, near_moment_words, ngettext, number
from bot.views.options import interaction_words
from bot.views.post_words import privacy_words
from bot.views.queue import week_lines
from bot.views.screen import (
    Rows,
    Screen,
    account_name,
    beginning,
    button,
    clock,
    handle,
    in_rows,
    number_of_posts,
)
from core.bulk.view import BatchView
from core.posts.view import INTERACTIONS, PostView
from core.queue.plans import EveryHours, PostingSlots, Weekly

LISTED = 10
"""Posts on one screen."""
NAMED, REPORTED = 3, 20
"""Accounts that are named in a line, and in the report."""


def tap(batch: BatchView, verb: BatchVerb, argument: object = "") -> BatchTap:
    return BatchTap(batch.id, batch.stamp, verb, str(argument))


def back(batch: BatchView) -> InlineKeyboardButton:
    """The button that leads back to the batch."""
    return button(_("‹ Back"), tap(batch, BatchVerb.SHOW, 0))


def batch(
    batch: BatchView,
    *,
    page: int = 0,
    note: str = "",
    coming: int = 0,
    wrong: Collection[int] = (),
) -> Screen:
    """The batch as it stands.

    `note` leads (HTML), `coming` clips are on their way, `wrong` are posts that cannot be scheduled
    as they are.
    """
    lines = [note, ""] if note else []
    lines.append(_("<b>📦 Bulk · {posts}</b>").format(posts=number_of_posts(len(batch.posts))))
    if coming:
        told = ngettext("⬇️ {count} clip on its way …", "⬇️ {count} clips on their way …", coming)
        lines.append(told.format(count=number(coming)))
    elif batch.collects:
        lines.append(_("Send me clips, one by one or several at once: they join this bulk."))
    else:
        lines.append(_("It takes in no more clips; /bulk lets it go on."))
    if not batch.posts:
        more = _("A .csv file with captions and times can follow: see the example.")
        return Screen(text="\n".join([*lines, more]), rows=[_sheet(batch), _ends(batch)[:1]])
    lines += ["", *about(batch), "", *plan_lines(batch, page, wrong=wrong)]
    return Screen(
        text="\n".join(lines),
        rows=[
            *openers(batch, page),
            *pages(batch, BatchVerb.SHOW, page),
            *in_rows([button(label, tap(batch, verb)) for verb, label in _choices()]),
            _sheet(batch),
            [button(_("🗓 Schedule all"), tap(batch, BatchVerb.SCHEDULE, 0))],
            _ends(batch),
        ],
    )


def _choices() -> Sequence[tuple[BatchVerb, str]]:
    return (
        (BatchVerb.CAPTION, _("💬 Caption")),
        (BatchVerb.TIMES, _("🕒 Times")),
        (BatchVerb.PRIVACY, _("👁 Privacy")),
        (BatchVerb.INTERACTIONS, _("🤝 Interactions")),
        (BatchVerb.DISCLOSURE, _("🏷 Disclosure")),
        (BatchVerb.ACCOUNT, _("👤 Account")),
    )


def _sheet(batch: BatchView) -> Sequence[InlineKeyboardButton]:
    return [button(_("📄 Example .csv"), tap(batch, BatchVerb.EXAMPLE))]


def _ends(batch: BatchView) -> list[InlineKeyboardButton]:
    return [
        button(_("Leave"), tap(batch, BatchVerb.LEAVE)),
        button(_("🗑 Discard all"), tap(batch, BatchVerb.DISCARD)),
    ]


def about(batch: BatchView) -> list[str]:
    """What the posts share, line by line (HTML)."""
    accounts = {post.account.id: post.account for post in batch.posts if post.account}
    names = [account_name(each.nickname, each.name) for each in accounts.values()]
    if any(post.account is None for post in batch.posts):
        names.insert(0, _("<i>no account chosen yet</i>"))
    lines = [f"👤 {some(names)}"]
    if batch.differ("privacy"):
        lines.append(f"👁 {_('<i>differs</i>')}")
    else:
        chosen = batch.shared("privacy")
        lines.append(f"👁 {privacy_words(chosen) if chosen else _('<i>not chosen yet</i>')}")
    lines.append(f"🤝 {_interactions(batch)}")
    lines += [f"🏷 {words}" for words in _disclosed(batch)]
    lines.append(f"🕒 {spread_words(batch)}")
    return lines


def some(names: Sequence[str]) -> str:
    """The first few names, and how many more there are (HTML)."""
    shown = ", ".join(names[:NAMED])
    if len(names) <= NAMED:
        return shown
    more = len(names) - NAMED
    told = ngettext("{names} and {count} more", "{names} and {count} more", more)
    return told.format(names=shown, count=number(more))


def spread_words(batch: BatchView) -> str:
    """How the times are spread (HTML)."""
    match batch.spread:
        case EveryHours(hours=hours):
            told = ngettext("every hour", "every {count} hours", hours)
            words = told.format(count=number(hours))
        case Weekly(times=times):
            words = "; ".join(week_lines(times))
        case PostingSlots():
            words = _("the account's posting slots")
        case _ if all(post.moment for post in batch.posts):
            return _("each at its own time")
        case _:
            return _("<i>no plan yet</i>")
    return words


def plan_lines(batch: BatchView, page: int, *, wrong: Collection[int] = ()) -> list[str]:
    """A page of the posts, in the order that they go out (HTML)."""
    several = len(batch.account_ids) > 1
    return [
        f"{'⚠️ ' if post.id in wrong else ''}{place}. {_time(post)} · {_what(post, several=several)}"
        for place, post in _page(batch, page)
    ]


def openers(batch: BatchView, page: int) -> Rows:
    """A button for each post of the page, which opens its card."""
    return in_rows(
        [
            button(str(place), tap(batch, BatchVerb.ROW, post.id))
            for place, post in _page(batch, page)
        ],
        width=5,
    )


def pages(batch: BatchView, verb: BatchVerb, page: int) -> Rows:
    """The buttons to the pages beside this one, if there are any."""
    last = (len(batch.posts) - 1) // LISTED
    if last < 1:
        return []
    before, after = (page - 1) % (last + 1), (page + 1) % (last + 1)
    return [
        [
            button("‹", tap(batch, verb, before)),
            button(f"{page + 1}/{last + 1}", MenuTap(MenuVerb.NOTHING)),
            button("›", tap(batch, verb, after)),
        ]
    ]


def _page(batch: BatchView, page: int) -> list[tuple[int, PostView]]:
    start = page * LISTED
    return list(enumerate(batch.in_order, start=1))[start : start + LISTED]


def _time(post: PostView) -> str:
    return near_moment_words(post.moment.wall) if post.moment else _("<i>no time yet</i>")


def _what(post: PostView, *, several: bool) -> str:
    what = beginning(post.caption, 40) or f"<i>{beginning(post.file_name, 40)}</i>"
    what = f"📥 {what}" if post.is_for_inbox else what
    return f"{what} · {handle(post.account.name)}" if several and post.account else what


def _interactions(batch: BatchView) -> str:
    if any(batch.differ(name) for name in INTERACTIONS):
        return _("<i>differs</i>")
    on = [name for name in INTERACTIONS if batch.shared(name)]
    return interaction_words(on) or _("no comments, duets or stitches")


def _disclosed(batch: BatchView) -> list[str]:
    labels = {
        "your_brand": _("Your brand"),
        "branded_content": _("Branded content"),
        "ai_generated": _("AI-generated"),
    }
    found = []
    for name, label in labels.items():
        count = sum(getattr(post, name) for post in batch.posts)
        if count == len(batch.posts):
            found.append(label)
        elif count:
            found.append(_("{label} ({count} of {all})").format(
                label=label, count=number(count), all=number(len(batch.posts))
            ))  # fmt: skip
    return [", ".join(found)] if found else []


def scheduled(posts: Sequence[PostView]) -> Screen:
    """The report: everything is on the schedule."""
    moments = [post.moment for post in posts if post.moment]
    names = {
        post.account.id: account_name(post.account.nickname, post.account.name)
        for post in posts
        if post.account
    }
    lines = [_("✅ <b>Scheduled: {posts}.</b>").format(posts=number_of_posts(len(posts)))]
    if moments:
        lines.append(_("First: {time}").format(time=clock(moments[0])))
        lines.append(_("Last: {time}").format(time=clock(moments[-1])))
    for account_id, name in list(names.items())[:REPORTED]:
        count = sum(post.account is not None and post.account.id == account_id for post in posts)
        lines.append(f"👤 {name}: {number_of_posts(count)}")
    lines += ["", _("I will tell you as each goes live.")]
    return Screen(text="\n".join(lines), rows=[[button(_("Posts"), MenuTap(MenuVerb.POSTS))]])


def closed() -> Screen:
    """The batch of a button is done with."""
    return Screen(text=_("That bulk is closed. /bulk begins another, /posts shows your posts."))


def left(count: int) -> Screen:
    """The batch is closed; its posts are drafts like others."""
    if not count:
        return Screen(text=_("All right, left it."))
    told = _("All right: {posts} stay as drafts in /posts, each for itself.")
    return Screen(text=told.format(posts=number_of_posts(count)))


def discard_sure(batch: BatchView) -> Screen:
    """Asks once more before all drafts are lost."""
    return Screen(
        text=_("Discard {posts}? The clips are deleted here; your phone keeps its own.").format(
            posts=number_of_posts(len(batch.posts))
        ),
        rows=[
            [button(_("🗑 Discard all"), tap(batch, BatchVerb.DISCARD_SURE)), back(batch)],
        ],
    )


def discarded() -> Screen:
    """They are gone."""
    return Screen(text=_("🗑 Discarded. Send me a clip whenever you like."))


def full(most: int) -> str:
    """Why a clip stands alone (HTML)."""
    told = _("A bulk has room for {most} posts: this clip got a card of its own.")
    return told.format(most=number(most))


def outdated() -> str:
    """Why a tap did nothing (HTML)."""
    return _("ℹ️ That button was out of date; this is how things stand now.")


def about_clip(name: str) -> str:
    """Which of several clips a message is about (HTML)."""
    return f"📄 <b>{escape(name)}</b>"
