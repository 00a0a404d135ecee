"""Connecting and seeing TikTok accounts."""

from collections.abc import Sequence

from bot.callbacks import AccountTap, AccountVerb, MenuTap, MenuVerb
from bot.views.screen import Screen, account_name, button, handle, link
from core.accounts import ConnectedAccount
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
    until = f'<tg-time unix="{int(account.refresh_expires_at.timestamp())}" format="D">' \
            f"{account.refresh_expires_at:%d %b %Y}</tg-time>"  # fmt: skip
    lines = [
        f"<b>{account_name(account.nickname, account.name)}</b>",
        STATUS[account.status],
        f"TikTok's permission lasts until {until}.",
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


def _tap(account: ConnectedAccount, verb: AccountVerb) -> AccountTap:
    return AccountTap(account.id, verb)
