"""Connecting and seeing TikTok accounts."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from math import ceil

from bot.callbacks import AccountTap, AccountVerb, MenuTap, MenuVerb
from bot.views.screen import Rows, Screen, account_name, button, handle, link, number_of_posts
from core.accounts import ConnectedAccount
from core.notifications import Notice
from core.reconnecting import Resumed
from core.states import AccountStatus

STATUS = {
    AccountStatus.CONNECTED: "✅ connected",
    AccountStatus.RECONNECT: "⚠️ has to be connected again",
    AccountStatus.DISCONNECTED: "disconnected",
}


def connect(url: str) -> Screen:
    """The way to TikTok's consent page."""
    return Screen(
        text="<b>Connect your TikTok account</b>\n"
        "TikTok asks you on its own page what ClipCue may do; your password stays there.\n\n"
        "The link is for you alone, works once and for 10 minutes. Do not pass it on.",
        rows=[[link("Connect TikTok", url)]],
    )


def accounts(connected: Sequence[ConnectedAccount]) -> Screen:
    """All accounts, each with its buttons."""
    another = [button("Connect another", MenuTap(MenuVerb.CONNECT))]
    if not connected:
        return Screen(
            text="<b>No TikTok account is connected yet.</b>",
            rows=[[button("Connect TikTok", MenuTap(MenuVerb.CONNECT))]],
        )
    lines = ["<b>Your TikTok accounts</b>"]
    rows = []
    for account in connected:
        name = account_name(account.nickname, account.name)
        lines.append(f"{name}: {STATUS[account.status]}")
        rows.append([button(f"Details · {account.name}", _tap(account, AccountVerb.DETAILS))])
    return Screen(text="\n".join(lines), rows=[*rows, another])


def details(account: ConnectedAccount) -> Screen:
    """One account."""
    lines = [
        f"<b>{account_name(account.nickname, account.name)}</b>",
        STATUS[account.status],
        f"TikTok's permission lasts until {_day(account.refresh_expires_at)}.",
    ]
    if account.status is AccountStatus.RECONNECT:
        lines[-1] = "Posts of this account wait until you connect it again."
    return Screen(
        text="\n".join(lines),
        rows=[
            [
                button("Reconnect", _tap(account, AccountVerb.RECONNECT)),
                button("Disconnect", _tap(account, AccountVerb.DISCONNECT)),
            ],
            [button("‹ Accounts", MenuTap(MenuVerb.ACCOUNTS))],
        ],
    )


def disconnect_sure(account: ConnectedAccount) -> Screen:
    """Asks once more."""
    return Screen(
        text=f"<b>Disconnect</b> {handle(account.name)}<b>?</b>\n"
        "ClipCue gives back TikTok's permission and deletes its keys to the account. Posts "
        "scheduled for it will wait for you instead of going out.",
        rows=[
            [
                button("Disconnect", _tap(account, AccountVerb.DISCONNECT_SURE)),
                button("‹ Keep it", _tap(account, AccountVerb.DETAILS)),
            ]
        ],
    )


def disconnected(account: ConnectedAccount, *, confirmed: bool) -> Screen:
    """Done; says so when TikTok could not be asked."""
    text = f"Disconnected {handle(account.name)}."
    if not confirmed:
        text += (
            " ClipCue has deleted its keys, but TikTok could not be told: in the TikTok app, "
            "Settings › Security › Manage app permissions removes ClipCue there too."
        )
    return Screen(text=text, rows=[[button("Connect another", MenuTap(MenuVerb.CONNECT))]])


def not_connected(account: ConnectedAccount) -> Screen:
    """A button of an account that was let go already."""
    return Screen(
        text=f"{handle(account.name)} is not connected any more.",
        rows=[[button("‹ Accounts", MenuTap(MenuVerb.ACCOUNTS))]],
    )


def lost(owed: Notice) -> Screen:
    """An account can be posted to no more, and so many posts wait for it."""
    name, posts = handle(owed.payload["account"]), int(owed.payload["posts"])
    if owed.payload["by_creator"]:
        lines = [
            f"✋ <b>On hold:</b> {number_of_posts(posts)} for {name}",
            "",
            "You disconnected the account. Connect it again to go on.",
        ]
    else:
        lines = [
            f"⚠️ <b>Disconnected:</b> {name}",
            "",
            "TikTok no longer lets ClipCue post to this account. Connect it again to go on.",
            *([f"On hold until then: {number_of_posts(posts)}."] if posts else []),
        ]
    return Screen(text="\n".join(lines), rows=[[button("Reconnect", MenuTap(MenuVerb.CONNECT))]])


def permission_ends(owed: Notice) -> Screen:
    """TikTok's permission runs out soon; connecting again renews it."""
    ends_at = datetime.fromisoformat(owed.payload["ends_at"])
    return Screen(
        text=f"⏰ <b>TikTok's permission ends soon:</b> {handle(owed.payload['account'])}\n\n"
        f"It lasts until {_day(ends_at)}. Connect the account again before that, and your posts "
        "go out without a break.",
        rows=[[button("Reconnect", MenuTap(MenuVerb.CONNECT))]],
    )


def resume(account_id: int, waiting: int) -> Rows:
    """The button that takes up what waited for the account, if anything did."""
    if not waiting:
        return []
    return [
        [button(f"▶️ Resume {number_of_posts(waiting)}", AccountTap(account_id, AccountVerb.RESUME))]
    ]


def resumed(account: ConnectedAccount, done: Resumed) -> Screen:
    """What became of the posts that waited."""
    lines = [f"▶️ <b>Posts for</b> {handle(account.name)}"]
    if done.on_schedule:
        lines.append(
            f"{number_of_posts(done.on_schedule)} back on schedule, at the time you chose."
        )
    if done.at_once:
        lines.append(f"{number_of_posts(done.at_once)} overdue: on the way now.")
    if done.late:
        lines.append(
            f"{number_of_posts(done.late)} overdue for too long: in /posts you say what happens."
        )
    if len(lines) == 1:
        lines.append("Nothing is waiting for this account any more.")
    return Screen(text="\n".join(lines), rows=[[button("Posts", MenuTap(MenuVerb.POSTS))]])


def wait(left: timedelta) -> Screen:
    """TikTok may be asked only so often."""
    seconds = max(1, ceil(left.total_seconds()))
    return Screen(
        text="That was quick! TikTok answers only so many questions a minute: please tap that "
        f"again in {seconds} s. Your posts are not affected."
    )


def _day(instant: datetime) -> str:
    stamp, shown = int(instant.timestamp()), instant.astimezone(UTC)
    return f'<tg-time unix="{stamp}" format="D">{shown:%d %b %Y}</tg-time>'


def _tap(account: ConnectedAccount, verb: AccountVerb) -> AccountTap:
    return AccountTap(account.id, verb)
