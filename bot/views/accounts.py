"""Connecting and seeing TikTok accounts."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil

from bot.callbacks import AccountTap, AccountVerb, MenuTap, MenuVerb, QueueTap, QueueVerb
from bot.language import N_, _, day_words, ngettext, number
from bot.views.screen import (
    Rows,
    Screen,
    account_name,
    button,
    clock,
    handle,
    link,
    number_of_posts,
)
from core.accounts.accounts import ConnectedAccount
from core.accounts.workloads import Workload
from core.notifications import Notice
from core.posts.reconnecting import Resumed
from core.states import AccountStatus
from core.times import at_instant

LISTED = 20
"""Accounts on one screen."""

STATUS = {
    AccountStatus.CONNECTED: N_("✅ connected"),
    AccountStatus.RECONNECT: N_("⚠️ has to be connected again"),
    AccountStatus.DISCONNECTED: N_("disconnected"),
}


def connect(url: str) -> Screen:
    """The way to TikTok's consent page."""
    return Screen(
        text=_(
            "<b>Connect your TikTok account</b>\n"
            "TikTok asks you on its own page what ClipCue may do; your password stays there.\n\n"
            "The link is for you alone, works once and for 10 minutes. Do not pass it on."
        ),
        rows=[[link(_("Connect TikTok"), url)]],
    )


def accounts(
    connected: Sequence[ConnectedAccount], work: Mapping[int, Workload], *, page: int = 0
) -> Screen:
    """The state of each account at a glance, and the way to its details."""
    if not connected:
        return Screen(
            text=_("<b>No TikTok account is connected yet.</b>"),
            rows=[[button(_("Connect TikTok"), MenuTap(MenuVerb.CONNECT))]],
        )
    lines = [f"<b>{_('Your TikTok accounts')}</b>"]
    rows = []
    last = (len(connected) - 1) // LISTED
    page = min(page, last)
    for account in connected[page * LISTED : (page + 1) * LISTED]:
        name = account_name(account.nickname, account.name)
        at_a_glance = (_(STATUS[account.status]), *_short(work.get(account.id, Workload())))
        lines.append(f"{name}: {' · '.join(at_a_glance)}")
        rows.append(
            [button(f"{_('Details')} · {account.name}", _tap(account, AccountVerb.DETAILS))]
        )
    turns = [
        button(label, MenuTap(MenuVerb.ACCOUNTS, str(to)))
        for label, to in (("‹", page - 1), ("›", page + 1))
        if 0 <= to <= last
    ]
    another = [button(_("Connect another"), MenuTap(MenuVerb.CONNECT))]
    return Screen(text="\n".join(lines), rows=[*rows, *([turns] if turns else []), another])


def _short(work: Workload) -> list[str]:
    """What there is to know of its posts, in a few words."""
    waiting = work.planned + work.under_way
    found = []
    if waiting:
        found.append(
            ngettext("{count} post planned", "{count} posts planned", waiting).format(
                count=number(waiting)
            )
        )
    if work.stuck:
        found.append(
            ngettext("{count} post needs a look", "{count} posts need a look", work.stuck).format(
                count=number(work.stuck)
            )
        )
    return found


def details(account: ConnectedAccount, work: Workload, *, zone: str) -> Screen:
    """One account: how it stands with TikTok, and its posts."""
    lines = [
        f"<b>{account_name(account.nickname, account.name)}</b>",
        _(STATUS[account.status]),
        _("Connected since {day}.").format(day=_day(account.connected_at)),
        _("TikTok's permission lasts until {day}.").format(day=_day(account.refresh_expires_at)),
    ]
    if account.status is AccountStatus.RECONNECT:
        lines[-1] = _("Posts of this account wait until you connect it again.")
    lines += ["", *_posts_of(work, zone)]
    return Screen(
        text="\n".join(lines),
        rows=[
            [
                button(_("Reconnect"), _tap(account, AccountVerb.RECONNECT)),
                button(_("Disconnect"), _tap(account, AccountVerb.DISCONNECT)),
            ],
            [button(_("🎯 Posting slots"), QueueTap(account.id, QueueVerb.SHOW))],
            [button(_("‹ Accounts"), MenuTap(MenuVerb.ACCOUNTS))],
        ],
    )


def _posts_of(work: Workload, zone: str) -> list[str]:
    counted = (
        ("📝", work.drafts, ngettext("{count} draft", "{count} drafts", work.drafts)),
        (
            "🗓",
            work.planned,
            ngettext("{count} post planned", "{count} posts planned", work.planned),
        ),
        (
            "⬆️",
            work.under_way,
            ngettext("{count} post on its way", "{count} posts on their way", work.under_way),
        ),
        (
            "✋",
            work.stuck,
            ngettext("{count} post needs a look", "{count} posts need a look", work.stuck),
        ),
        (
            "📥",
            work.in_inbox,
            ngettext(
                "{count} draft in its TikTok inbox",
                "{count} drafts in its TikTok inbox",
                work.in_inbox,
            ),
        ),
        (
            "✅",
            work.published,
            ngettext("{count} post published", "{count} posts published", work.published),
        ),
    )
    lines = [
        f"{icon} {words.format(count=number(count))}" for icon, count, words in counted if count
    ]
    if work.next_due is not None:
        due = clock(at_instant(work.next_due, zone))
        lines.append(_("The next goes out {time}.").format(time=due))
    return lines or [_("No posts yet.")]


def disconnect_sure(account: ConnectedAccount, work: Workload) -> Screen:
    """Asks once more, and says what becomes of the account's posts."""
    lines = [
        _("<b>Disconnect</b> {account}<b>?</b>").format(account=handle(account.name)),
        _("ClipCue gives back TikTok's permission and deletes its keys to the account."),
    ]
    if work.planned:
        lines.append(
            ngettext(
                "{count} post is scheduled for it: instead of going out it waits, until you "
                "connect the account again and take it up with one tap.",
                "{count} posts are scheduled for it: instead of going out they wait, until you "
                "connect the account again and take them up with one tap.",
                work.planned,
            ).format(count=number(work.planned))
        )
    else:
        lines.append(_("Nothing is scheduled for it."))
    if work.under_way:
        lines.append(_("What is on its way to TikTok now may still go out."))
    lines.append(_("What is on TikTok already stays there."))
    return Screen(
        text="\n".join(lines),
        rows=[
            [
                button(_("Disconnect"), _tap(account, AccountVerb.DISCONNECT_SURE)),
                button(_("‹ Keep it"), _tap(account, AccountVerb.DETAILS)),
            ]
        ],
    )


def disconnected(account: ConnectedAccount, *, confirmed: bool) -> Screen:
    """Done; says so when TikTok could not be asked."""
    text = _("Disconnected {account}.").format(account=handle(account.name))
    if not confirmed:
        keys = _(
            "ClipCue has deleted its keys, but TikTok could not be told: in the TikTok app, "
            "Settings › Security › Manage app permissions removes ClipCue there too."
        )
        text = f"{text} {keys}"
    return Screen(text=text, rows=[[button(_("Connect another"), MenuTap(MenuVerb.CONNECT))]])


def not_connected(account: ConnectedAccount) -> Screen:
    """A button of an account that was let go already."""
    return Screen(
        text=_("{account} is not connected any more.").format(account=handle(account.name)),
        rows=[[button(_("‹ Accounts"), MenuTap(MenuVerb.ACCOUNTS))]],
    )


def lost(owed: Notice) -> Screen:
    """An account can be posted to no more, and so many posts wait for it."""
    name, posts = handle(owed.payload["account"]), int(owed.payload["posts"])
    waiting = number_of_posts(posts)
    if owed.payload["by_creator"]:
        lines = [
            ngettext(
                "✋ <b>On hold:</b> {count} post for {account}",
                "✋ <b>On hold:</b> {count} posts for {account}",
                posts,
            ).format(count=number(posts), account=name),
            "",
            _("You disconnected the account. Connect it again to go on."),
        ]
    else:
        lines = [
            _("⚠️ <b>Disconnected:</b> {account}").format(account=name),
            "",
            _("TikTok no longer lets ClipCue post to this account. Connect it again to go on."),
            *([_("On hold until then: {posts}.").format(posts=waiting)] if posts else []),
        ]
    return Screen(text="\n".join(lines), rows=[[button(_("Reconnect"), MenuTap(MenuVerb.CONNECT))]])


def permission_ends(owed: Notice) -> Screen:
    """TikTok's permission runs out soon; connecting again renews it."""
    ends_at = datetime.fromisoformat(owed.payload["ends_at"])
    return Screen(
        text=_(
            "⏰ <b>TikTok's permission ends soon:</b> {account}\n\n"
            "It lasts until {day}. Connect the account again before that, and your posts go out "
            "without a break."
        ).format(account=handle(owed.payload["account"]), day=_day(ends_at)),
        rows=[[button(_("Reconnect"), MenuTap(MenuVerb.CONNECT))]],
    )


def resume(account_id: int, waiting: int) -> Rows:
    """The button that takes up what waited for the account, if anything did."""
    if not waiting:
        return []
    label = ngettext("▶️ Resume {count} post", "▶️ Resume {count} posts", waiting)
    tap = AccountTap(account_id, AccountVerb.RESUME)
    return [[button(label.format(count=number(waiting)), tap)]]


def resumed(account: ConnectedAccount, done: Resumed) -> Screen:
    """What became of the posts that waited."""
    lines = [_("▶️ <b>Posts for</b> {account}").format(account=handle(account.name))]
    told = (
        (
            done.on_schedule,
            ngettext(
                "{count} post back on schedule, at the time you chose.",
                "{count} posts back on schedule, at the time you chose.",
                done.on_schedule,
            ),
        ),
        (
            done.at_once,
            ngettext(
                "{count} post overdue: on the way now.",
                "{count} posts overdue: on the way now.",
                done.at_once,
            ),
        ),
        (
            done.late,
            ngettext(
                "{count} post overdue for too long: in /posts you say what happens.",
                "{count} posts overdue for too long: in /posts you say what happens.",
                done.late,
            ),
        ),
    )
    lines += [words.format(count=number(count)) for count, words in told if count]
    if len(lines) == 1:
        lines.append(_("Nothing is waiting for this account any more."))
    return Screen(text="\n".join(lines), rows=[[button(_("Posts"), MenuTap(MenuVerb.POSTS))]])


def wait(left: timedelta) -> Screen:
    """TikTok may be asked only so often."""
    seconds = max(1, ceil(left.total_seconds()))
    return Screen(
        text=_(
            "That was quick! TikTok answers only so many questions a minute: please tap that "
            "again in {seconds} s. Your posts are not affected."
        ).format(seconds=seconds)
    )


def _day(instant: datetime) -> str:
    stamp, shown = int(instant.timestamp()), instant.astimezone(UTC)
    return f'<tg-time unix="{stamp}" format="D">{day_words(shown.date())}</tg-time>'


def _tap(account: ConnectedAccount, verb: AccountVerb) -> AccountTap:
    return AccountTap(account.id, verb)
