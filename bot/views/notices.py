"""What the outbox tells: each kind of notice as a message."""

from collections.abc import Iterable
from datetime import datetime
from html import escape

from bot.callbacks import AccountTap, AccountVerb, MenuTap, MenuVerb, PostVerb
from bot.language import N_, _
from bot.views import accounts, inbox, mending, uploading, zone
from bot.views.post_buttons import buttons, open_on_tiktok
from bot.views.screen import (
    Rows,
    Screen,
    account_name,
    beginning,
    button,
    called,
    clock,
    handle,
    number_of_posts,
    quoted,
)
from core import verdicts
from core.notifications import Notice, NoticeKind
from core.states import PostMode
from core.times import at_instant
from core.verdicts import Mend


def notice(owed: Notice) -> Screen:
    """The message that tells this notice; raises whatever a payload of other fields leads to."""
    if owed.kind is None:
        return plain(owed)
    return {
        NoticeKind.CONNECTED: _connected,
        NoticeKind.DRAFT_READY: _draft_ready,
        NoticeKind.ACCOUNT_LOST: accounts.lost,
        NoticeKind.PERMISSION_ENDS: accounts.permission_ends,
        NoticeKind.PUBLISHED: _published,
        NoticeKind.DELIVERED: inbox.delivered,
        NoticeKind.FAILED: _failed,
        NoticeKind.HELD: _held,
        NoticeKind.UNCONFIRMED: _unconfirmed,
        NoticeKind.WAITING: _waiting,
        NoticeKind.ZONE_FROM_BROWSER: zone.from_browser,
        NoticeKind.RESTORED: _restored,
        NoticeKind.UPLOADED: uploading.uploaded_plainly,
        NoticeKind.UPLOAD_REFUSED: uploading.upload_refused,
        NoticeKind.UPLOAD_UNFIT: uploading.upload_unfit,
    }[owed.kind](owed)


_PLAINLY = {
    NoticeKind.CONNECTED: N_(
        "🔗 <b>A TikTok account was connected.</b> If it was not yours, disconnect it in /accounts."
    ),
    NoticeKind.DRAFT_READY: N_("📝 <b>A draft of yours has its account now.</b> See /posts."),
    NoticeKind.ACCOUNT_LOST: N_(
        "⚠️ <b>A TikTok account has to be connected again.</b> See /accounts."
    ),
    NoticeKind.PERMISSION_ENDS: N_(
        "⏰ <b>TikTok's permission for an account ends soon.</b> Connect it again: see /accounts."
    ),
    NoticeKind.PUBLISHED: N_("✅ <b>Published:</b> a post of yours is live. See /posts."),
    NoticeKind.DELIVERED: N_("📥 <b>In your TikTok inbox:</b> a draft of yours. See /posts."),
    NoticeKind.FAILED: N_("❌ <b>Not published:</b> a post of yours failed. See /posts."),
    NoticeKind.HELD: N_("✋ <b>Not published yet:</b> a post of yours needs you. See /posts."),
    NoticeKind.UNCONFIRMED: N_(
        "❓ <b>Not confirmed:</b> TikTok has not said whether a post of yours is live. See /posts."
    ),
    NoticeKind.WAITING: N_(
        "⏳ <b>A post of yours has to wait</b> until TikTok allows it. See /posts."
    ),
    NoticeKind.ZONE_FROM_BROWSER: N_("🌍 <b>Your browser told its time zone.</b> See /settings."),
    NoticeKind.RESTORED: N_(
        "♻️ <b>ClipCue was brought back from a backup.</b> Look through your posts: see /posts."
    ),
    NoticeKind.UPLOADED: N_("⬆️ <b>A clip of yours came over the upload page.</b> See /posts."),
    NoticeKind.UPLOAD_REFUSED: N_(
        "⬆️ <b>A clip of the upload page cannot become a post.</b> See /upload."
    ),
    NoticeKind.UPLOAD_UNFIT: N_(
        "⬆️ <b>TikTok would not take a clip of the upload page as it is.</b> Send it once more."
    ),
}


def plain(owed: Notice) -> Screen:
    """What the notice is about, in words that need nothing of its payload."""
    text = _PLAINLY.get(owed.kind) if owed.kind else None
    lines = [
        _(text)
        if text
        else _("ℹ️ <b>There is news</b> of your posts or accounts: see /posts and /accounts.")
    ]
    caption = owed.payload.get("caption")
    if isinstance(caption, str) and caption.strip():
        lines.append(quoted(beginning(caption)))
    return Screen(text="\n".join(lines))


def _connected(owed: Notice) -> Screen:
    account_id = int(owed.payload["account_id"])
    name = account_name(owed.payload["nickname"], owed.payload["name"])
    return Screen(
        text=_(
            "🔗 <b>Connected:</b> {account}\n\n"
            "Send me a clip or photos and I will make a post of them.\n"
            "<i>Not your account? Someone else may have opened your link. Undo it here.</i>"
        ).format(account=name),
        rows=[
            *accounts.resume(account_id, int(owed.payload.get("waiting") or 0)),
            [button(_("Not mine, undo"), AccountTap(account_id, AccountVerb.DISCONNECT))],
        ],
    )


def _draft_ready(owed: Notice) -> Screen:
    """Where the draft itself cannot be shown: its message was deleted, or it has gone on."""
    goes = _("📝 <b>Goes to</b> {account}<b>:</b> {caption}. See /posts.")
    return Screen(text=goes.format(account=_account(owed), caption=called(owed.payload)))


def _published(owed: Notice) -> Screen:
    lines = [
        _("✅ <b>Published</b> on {account}").format(account=_account(owed)),
        called(owed.payload),
    ]
    if _mode(owed) == PostMode.MEDIA_UPLOAD:
        lines.append(_("You posted it from your TikTok inbox."))
    elif late := int(owed.payload.get("late_minutes") or 0):
        out = _("It went out {minutes} min late: ClipCue or TikTok was not available before.")
        lines.append(out.format(minutes=late))
    url = owed.payload.get("link")
    if url:
        lines += ["", escape(url)]
    lines.append(_("<i>It may take a few minutes until it shows.</i>"))
    return Screen(text="\n".join(lines), rows=open_on_tiktok(url))


def _failed(owed: Notice) -> Screen:
    if _mode(owed) == PostMode.MEDIA_UPLOAD:
        return _with_reason(owed, _("❌ <b>Not sent</b> to the inbox of {account}"))
    return _with_reason(owed, _("❌ <b>Not published</b> on {account}"))


def _held(owed: Notice) -> Screen:
    if _mode(owed) == PostMode.MEDIA_UPLOAD:
        return _with_reason(owed, _("✋ <b>Not sent yet</b> to the inbox of {account}"))
    return _with_reason(owed, _("✋ <b>Not published yet</b> on {account}"))


def _waiting(owed: Notice) -> Screen:
    lines = [
        _("⏳ <b>Has to wait</b>: {account}").format(account=_account(owed)),
        called(owed.payload),
        "",
        *mending.why(owed.payload["code"])[:1],
        _("It goes out by itself as soon as TikTok allows it."),
    ]
    return Screen(text="\n".join(lines), rows=_buttons(owed, [PostVerb.CANCEL]))


def _unconfirmed(owed: Notice) -> Screen:
    code = owed.payload.get("code") or verdicts.NO_VERDICT
    lines = [
        _("❓ <b>Not confirmed</b>: {account}").format(account=_account(owed)),
        called(owed.payload),
        "",
        *mending.why(code, mode=_mode(owed)),
    ]
    if code == verdicts.NO_VERDICT:
        lines.append(
            _(
                "I keep asking TikTok and will tell you what it says. Please do not post it again "
                "yet."
            )
        )
    rows = _buttons(owed, mending.mends(code, mode=_mode(owed)))
    return Screen(text="\n".join(lines), rows=rows)


def _restored(owed: Notice) -> Screen:
    """Everything is as it was when a backup was made; what happened since is forgotten."""
    made = at_instant(datetime.fromisoformat(owed.payload["made_at"]), owed.payload["zone"])
    lines = [
        _("♻️ <b>ClipCue was brought back from a backup</b>"),
        _("It is as it was at {time}. What you changed since then is not in it.").format(
            time=clock(made)
        ),
    ]
    if held := int(owed.payload["held"]):
        lines += [
            "",
            _(
                "✋ <b>May have gone out since, and wait for you:</b> {posts}. Look in the TikTok "
                "app before you let them go out."
            ).format(posts=number_of_posts(held)),
        ]
    if scheduled := int(owed.payload["scheduled"]):
        lines += [
            "",
            _(
                "🗓 <b>Go out as they were planned then:</b> {posts}. If you have moved or "
                "cancelled one since, do so again; if one is out already, cancel it."
            ).format(posts=number_of_posts(scheduled)),
        ]
    return Screen(text="\n".join(lines), rows=[[button(_("Posts"), MenuTap(MenuVerb.POSTS))]])


def _with_reason(owed: Notice, title: str) -> Screen:
    code, mode = owed.payload.get("code") or "", _mode(owed)
    upload_open = bool(owed.payload.get("upload_open"))
    lines = [
        title.format(account=_account(owed)),
        called(owed.payload),
        "",
        *mending.why(code, mode=mode, upload_open=upload_open),
    ]
    if verdicts.of_code(code).mend is Mend.LATE and owed.payload.get("due"):
        due = at_instant(datetime.fromisoformat(owed.payload["due"]), owed.payload["zone"] or "UTC")
        lines.append(_("It was due {time}.").format(time=clock(due)))
    if owed.payload.get("gave_up"):
        lines.append(_("I have tried again and again, and stopped."))
    verbs = mending.mends(code, mode=mode, upload_open=upload_open)
    return Screen(text="\n".join(lines), rows=_buttons(owed, verbs))


def _buttons(owed: Notice, verbs: Iterable[PostVerb | MenuVerb]) -> Rows:
    return buttons(int(owed.payload["post_id"]), int(owed.payload["version"]), verbs)


def _mode(owed: Notice) -> str:
    """Whether it was to be posted, or to become a draft."""
    return owed.payload.get("mode") or PostMode.DIRECT_POST


def _account(owed: Notice) -> str:
    return handle(owed.payload["account"])
