"""What the outbox tells: each kind of notice as a message."""

from html import escape

from bot.callbacks import AccountTap, AccountVerb, MenuTap, MenuVerb, PostTap, PostVerb
from bot.views.card import LABELS
from bot.views.screen import Rows, Screen, account_name, beginning, button, handle, in_rows, link
from core import verdicts
from core.notifications import Notice, NoticeKind
from core.verdicts import Mend


def notice(owed: Notice) -> Screen:
    """The message that tells this notice."""
    if owed.kind is NoticeKind.CONNECTED:
        return _connected(owed)
    return {
        NoticeKind.PUBLISHED: _published,
        NoticeKind.FAILED: _failed,
        NoticeKind.HELD: _held,
        NoticeKind.UNCONFIRMED: _unconfirmed,
        NoticeKind.WAITING: _waiting,
    }[owed.kind](owed)


def _connected(owed: Notice) -> Screen:
    account_id = int(owed.payload["account_id"])
    name = account_name(owed.payload["nickname"], owed.payload["name"])
    return Screen(
        text=f"🔗 <b>Connected:</b> {name}\n\n"
        "Send me a clip and I will make a post of it.\n"
        "<i>Not your account? Someone else may have opened your link. Undo it here.</i>",
        rows=[[button("Not mine, undo", AccountTap(account_id, AccountVerb.DISCONNECT_SURE))]],
    )


def _published(owed: Notice) -> Screen:
    lines = [f"✅ <b>Published</b> on {_account(owed)}", _caption(owed)]
    if late := int(owed.payload.get("late_minutes") or 0):
        lines.append(f"It went out {late} min late: ClipCue or TikTok was not available before.")
    url = owed.payload.get("link")
    if url:
        lines += ["", escape(url)]
    lines.append("<i>It may take a few minutes until everyone can see it.</i>")
    return Screen(text="\n".join(lines), rows=[[link("Open on TikTok", url)]] if url else ())


def _failed(owed: Notice) -> Screen:
    return _with_reason(owed, f"❌ <b>Not published</b> on {_account(owed)}")


def _held(owed: Notice) -> Screen:
    return _with_reason(owed, f"✋ <b>Not published yet</b> on {_account(owed)}")


def _waiting(owed: Notice) -> Screen:
    lines = [
        f"⏳ <b>Has to wait</b>: {_account(owed)}",
        _caption(owed),
        "",
        escape(verdicts.of_code(owed.payload["code"]).says),
        "It goes out by itself as soon as TikTok allows it.",
    ]
    return Screen(text="\n".join(lines), rows=_post_buttons(owed, [PostVerb.CANCEL]))


def _unconfirmed(owed: Notice) -> Screen:
    lines = [
        f"❓ <b>Not confirmed</b>: {_account(owed)}",
        _caption(owed),
        "",
        escape(verdicts.of_code("no_verdict").says),
        "I keep asking TikTok and will tell you what it says. Please do not post it again yet.",
    ]
    return Screen(text="\n".join(lines))


def _with_reason(owed: Notice, title: str) -> Screen:
    code = owed.payload.get("code") or ""
    verdict = verdicts.of_code(code)
    lines = [title, _caption(owed), "", escape(verdict.says)]
    if not verdicts.is_ours(code):
        lines.append(f"<i>TikTok's code: {escape(code) or 'none'}</i>")
    return Screen(text="\n".join(lines), rows=_mending(owed, verdict.mend))


def _mending(owed: Notice, mend: Mend) -> Rows:
    match mend:
        case Mend.RECONNECT:
            return [
                [button("Reconnect", MenuTap(MenuVerb.CONNECT))],
                *_post_buttons(owed, [PostVerb.RETRY]),
            ]
        case Mend.EDIT:
            return _post_buttons(owed, [PostVerb.EDIT])
        case Mend.RETRY:
            return _post_buttons(owed, [PostVerb.RETRY])
        case Mend.LATE:
            return _post_buttons(owed, [PostVerb.POST_NOW, PostVerb.MOVE, PostVerb.CANCEL])
        case Mend.NONE:
            return ()


def _post_buttons(owed: Notice, verbs: list[PostVerb]) -> Rows:
    post_id, version = int(owed.payload["post_id"]), int(owed.payload["version"])
    return in_rows([button(LABELS[verb], PostTap(post_id, version, verb)) for verb in verbs])


def _account(owed: Notice) -> str:
    return handle(owed.payload["account"])


def _caption(owed: Notice) -> str:
    caption = beginning(owed.payload.get("caption") or "")
    return f"“{caption}”" if caption else "<i>no caption</i>"
