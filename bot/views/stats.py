"""A creator's statistics: in words, and as what the picture of them is drawn from."""

from collections.abc import Sequence
from datetime import time, timedelta
from typing import Any

from bot.callbacks import ALL_ACCOUNTS, AccountTap, AccountVerb, StatsTap
from bot.language import (
    _,
    clock_words,
    date_words,
    near_day_words,
    near_moment_words,
    ngettext,
    number,
    short_number,
    weekday_words,
)
from bot.views.screen import Rows, Screen, button, handle, in_rows, number_of_posts
from core.accounts.accounts import ConnectedAccount
from core.statistics.best_hours import BLOCK_HOURS, BLOCKS, ENOUGH_POSTS, Block
from core.statistics.insights import DAYS_AHEAD, Insights
from core.times import at_instant

MOST_FILTERS = 24
"""Accounts that have a button."""
MOST_UNCOUNTED = 3
"""Accounts without TikTok's numbers that are named."""


def stats(
    insights: Insights,
    accounts: Sequence[ConnectedAccount],
    *,
    chosen: ConnectedAccount | None,
    asks_for_counts: bool,
) -> Screen:
    """All in words; `chosen` is the account it is about, if not all.

    `asks_for_counts` is whether connecting again can bring what TikTok counts.
    """
    lines = [
        f"📊 <b>{_('Statistics')}</b> · {handle(chosen.name) if chosen else _('all accounts')}",
        "",
        *_totals(insights),
        *_ahead(insights),
        "",
        *_audience(insights, asks_for_counts=asks_for_counts),
        _best_hours(insights),
    ]
    if insights.looked_at < insights.published:
        lines.append(
            _("Computed from your latest {posts}.").format(
                posts=number_of_posts(insights.looked_at)
            )
        )
    reconnects = _reconnects(insights) if asks_for_counts else []
    return Screen(text="\n".join(lines), rows=[*_filters(accounts, chosen), *reconnects])


def picture_of(
    insights: Insights, *, chosen: ConnectedAccount | None, asks_for_counts: bool
) -> dict[str, Any]:
    """What `bot.pictures.stats` draws."""
    labels = [date_words(week.monday) for week in insights.weeks]
    return {
        "title": chosen.name if chosen else _("All accounts"),
        "weeks": {
            "title": _("Posts of each week"),
            "labels": labels,
            "values": [week.posts for week in insights.weeks],
            "words": [number(week.posts) for week in insights.weeks],
        },
        "outcome": {
            "title": _("How posts ended"),
            "parts": [
                [f"{_('Published')}: {number(insights.published)}", insights.published, "good"],
                [f"{_('Not published')}: {number(insights.failed)}", insights.failed, "bad"],
                [f"{_('Waiting')}: {number(insights.waiting)}", insights.waiting, "waiting"],
            ],
            "empty": _("Nothing has gone out yet."),
        },
        "views": {
            "title": _("Views of each week's posts, by now"),
            "labels": labels,
            "values": [week.views for week in insights.weeks],
            "words": [_short(week.views) for week in insights.weeks],
            "empty": _no_views(insights, asks_for_counts=asks_for_counts),
        },
        "hours": _heat(insights),
    }


def caption(chosen: ConnectedAccount | None) -> Screen:
    """Below the picture."""
    whose = handle(chosen.name) if chosen else _("all accounts")
    return Screen(text=_("Statistics of {accounts}").format(accounts=whose))


def no_picture() -> Screen:
    """The picture could not be drawn."""
    return Screen(text=_("I could not draw the picture this time. The numbers above are complete."))


def _totals(insights: Insights) -> list[str]:
    counts = [
        f"✅ {_('Published')}: <b>{number(insights.published)}</b>",
        f"❌ {_('Not published')}: <b>{number(insights.failed)}</b>",
        f"⏰ {_('Scheduled')}: <b>{number(insights.scheduled)}</b>",
    ]
    if insights.waiting:
        counts.append(f"⚠️ {_('Waiting')}: <b>{number(insights.waiting)}</b>")
    lines = [" · ".join(counts)]
    if insights.success_rate is not None:
        rate = number(insights.success_rate * 100, digits=1)
        lines.append("🎯 " + _("Success rate: <b>{rate} %</b>").format(rate=rate))
    if late := insights.lateness:
        lines.append(
            "⏱ "
            + _("Live after its time: half within <b>{median}</b>, 95 of 100 within {p95}").format(
                median=_span(late.median), p95=_span(late.p95)
            )
        )
    days = ngettext("{count} day in a row", "{count} days in a row", insights.streak)
    streak = days.format(count=number(insights.streak))
    lines.append("🔥 " + _("With a post: <b>{days}</b>").format(days=streak))
    return lines


def _ahead(insights: Insights) -> list[str]:
    planned = [(day, count) for day, count in insights.ahead if count]
    heading = "📅 " + ngettext("Next {count} day", "Next {count} days", DAYS_AHEAD).format(
        count=number(DAYS_AHEAD)
    )
    if not planned:
        return [f"{heading}: {_('nothing planned')}"]
    days = [f"{near_day_words(day)}: {number_of_posts(count)}" for day, count in planned]
    return [heading, *(f"  {day}" for day in days)]


def _audience(insights: Insights, *, asks_for_counts: bool) -> list[str]:
    lines = []
    if seen := insights.audience:
        lines += [
            f"👁 <b>{number(seen.views)}</b> · ❤️ {number(seen.likes)} · "
            f"💬 {number(seen.comments)} · ↪️ {number(seen.shares)}",
            _("{posts} counted by TikTok, last on {time}").format(
                posts=number_of_posts(seen.posts),
                time=near_moment_words(at_instant(seen.counted_at, insights.zone).wall),
            ),
        ]
    elif not insights.uncounted:
        lines.append(f"👁 {_no_views(insights, asks_for_counts=asks_for_counts)}")
    if insights.uncounted:
        lines.append(f"👁 {_no_views(insights, asks_for_counts=asks_for_counts, named=True)}")
    return lines


def _no_views(insights: Insights, *, asks_for_counts: bool, named: bool = False) -> str:
    """Why there are no views; with `named` as HTML, with the accounts that it is about."""
    if not insights.uncounted:
        return _("TikTok has counted no views yet.")
    if not asks_for_counts:
        return _("TikTok does not tell this ClipCue how often posts are seen.")
    if not named:
        return _("Reconnect your account to see its views.")
    names = ", ".join(handle(account.name) for account in insights.uncounted[:MOST_UNCOUNTED])
    more = " …" if len(insights.uncounted) > MOST_UNCOUNTED else ""
    return _(
        "No views of {accounts}: reconnect, and leave TikTok's switch for your public videos on."
    ).format(accounts=names + more)


def _best_hours(insights: Insights) -> str:
    hours = insights.hours
    if not hours.known:
        return "🕐 " + _too_little(hours.posts)
    if not hours.recommended:
        return "🕐 " + _("Best hours: none stands out in the views of your {posts}.").format(
            posts=number_of_posts(hours.posts)
        )
    best = ", ".join(_block(block) for block in hours.recommended)
    return "🕐 " + _("Best hours: <b>{hours}</b>, by the views of your {posts}").format(
        hours=best,
        posts=number_of_posts(hours.posts),
    )


def _too_little(posts: int) -> str:
    return _(
        "Best hours: too little data, {posts} of {enough} posts with views that have settled."
    ).format(posts=number(posts), enough=number(ENOUGH_POSTS))


def _block(block: Block) -> str:
    until = (block.hour + BLOCK_HOURS) % 24
    times = number(block.times_typical, digits=1)
    return (
        f"{weekday_words(block.weekday)} {clock_words(time(block.hour))}"
        f"–{clock_words(time(until))} (×{times})"
    )


def _heat(insights: Insights) -> dict[str, Any]:
    blocks = insights.hours.blocks
    rows = [blocks[start : start + BLOCKS] for start in range(0, len(blocks), BLOCKS)]
    return {
        "title": _("Views by day and hour; ×1 is your usual"),
        "rows": [weekday_words(weekday) for weekday in range(7)],
        "columns": [clock_words(time(hour)) for hour in range(0, 24, BLOCK_HOURS)],
        "values": [[block.times_typical for block in row] for row in rows],
        "words": [
            [f"×{number(block.times_typical, digits=1)}" if block.posts else "" for block in row]
            for row in rows
        ],
        "empty": _too_little(insights.hours.posts),
    }


def _short(views: int | None) -> str:
    return "" if views is None else short_number(views)


def _span(length: timedelta) -> str:
    seconds = round(length.total_seconds())
    for most, unit, words in (
        (90, 1, _("{count} s")),
        (90 * 60, 60, _("{count} min")),
        (48 * 3600, 3600, _("{count} h")),
    ):
        if seconds < most:
            return words.format(count=number(seconds / unit))
    days = round(seconds / 86400)
    return ngettext("{count} day", "{count} days", days).format(count=number(days))


def _filters(accounts: Sequence[ConnectedAccount], chosen: ConnectedAccount | None) -> Rows:
    if len(accounts) < 2:
        return []
    buttons = [button(_mark(_("All accounts"), chosen is None), StatsTap(ALL_ACCOUNTS))]
    for account in accounts[:MOST_FILTERS]:
        here = chosen is not None and account.id == chosen.id
        buttons.append(button(_mark(account.name, here), StatsTap(account.id)))
    return in_rows(buttons)


def _mark(label: str, chosen: bool) -> str:
    return f"● {label}" if chosen else label


def _reconnects(insights: Insights) -> Rows:
    return [
        [
            button(
                _("Reconnect {account}").format(account=account.name),
                AccountTap(account.id, AccountVerb.RECONNECT),
            )
        ]
        for account in insights.uncounted[:MOST_UNCOUNTED]
    ]
