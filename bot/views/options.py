"""The screens that open from the card: caption, privacy, interactions, disclosure, account."""

from collections.abc import Sequence

from bot.callbacks import PostVerb
from bot.views.card import PRIVACY, about, back, buttons, off_schedule, tap
from bot.views.declarations import BRANDED_NOT_PRIVATE, DISCLOSURE_NEEDED, label_prompt
from bot.views.screen import Rows, Screen, button, in_rows
from core import tiktok
from core.accounts import ConnectedAccount
from core.posts import PostView
from core.states import PostStatus

CHANGEABLE = frozenset({PostStatus.SCHEDULED, PostStatus.HELD, PostStatus.FAILED})
"""States in which a post that was agreed to can be changed."""

ONLY_ME_INSTEAD = "For “Only me”, turn off “Branded content” in <b>Disclosure</b> first."
BRANDED_INSTEAD = "This post is for “Only me”: choose who else can see it in <b>Privacy</b> first."


def change(post: PostView) -> Screen:
    """What can be changed of a post that was agreed to."""
    verbs = list(_CHANGES)
    if post.status is PostStatus.SCHEDULED:
        promise = (
            "Nothing has changed yet: it goes out as planned. When you change more than its time, "
            "it waits until you agree again."
        )
    else:
        promise = "It waits until you agree again."
        verbs += [PostVerb.SCHEDULE, PostVerb.POST_NOW]
    return Screen(
        text="\n".join(["<b>What do you want to change?</b>", promise, "", *about(post)]),
        rows=[*buttons(post.id, post.version, verbs), [back(post)]],
    )


_CHANGES = (
    PostVerb.CAPTION,
    PostVerb.WHEN,
    PostVerb.PRIVACY,
    PostVerb.INTERACTIONS,
    PostVerb.DISCLOSURE,
    PostVerb.ACCOUNT,
    PostVerb.PREVIEW,
)


def privacy(post: PostView, options: Sequence[str], *, audited: bool) -> Screen:
    """What TikTok offers this account; nothing is preselected."""
    offered = [option for option in options if not _barred(post, option)]
    choices = [
        button(
            ("● " if option == post.privacy else "") + PRIVACY.get(option, option),  # type: ignore[call-overload]  # an unknown option is shown as it is
            tap(post, PostVerb.SET_PRIVACY, option),
        )
        for option in offered
    ]
    lines = ["<b>Who can see this post?</b>"]
    way_out: Rows = []
    if len(offered) < len(options):
        lines += ["", BRANDED_NOT_PRIVATE, ONLY_ME_INSTEAD]
        way_out = buttons(post.id, post.version, [PostVerb.DISCLOSURE])
    if not audited:
        lines += [
            "",
            "ClipCue has not been through TikTok's audit here: TikTok takes posts only while the "
            "account itself is private, and only with “Only me”.",
        ]
    return Screen(
        text="\n".join(lines),
        rows=[*in_rows(choices), *way_out, [back(post)]],
    )


def not_private(post: PostView) -> Screen:
    """“Only me” was chosen for branded content."""
    return Screen(
        text=f"⚠️ <b>{BRANDED_NOT_PRIVATE}</b>\n{ONLY_ME_INSTEAD}",
        rows=[*buttons(post.id, post.version, [PostVerb.DISCLOSURE]), [back(post)]],
    )


def not_branded(post: PostView) -> Screen:
    """Branded content was to be disclosed of a post for “Only me”."""
    return Screen(
        text=f"⚠️ <b>{BRANDED_NOT_PRIVATE}</b>\n{BRANDED_INSTEAD}",
        rows=[*buttons(post.id, post.version, [PostVerb.PRIVACY]), [back(post)]],
    )


def interactions(post: PostView, creator: tiktok.CreatorInfo) -> Screen:
    """Comment, Duet, Stitch: off until turned on, and out of reach where the account forbids."""
    off = turned_off(creator)
    rows = [
        [
            button(
                f"{'☑️' if getattr(post, name) else '◻️'} {label}",
                tap(post, PostVerb.TOGGLE, name),
            )
        ]
        for name, label in _INTERACTIONS.items()
        if name not in off
    ]
    unavailable = [_INTERACTIONS[name] for name in off]
    lines = ["<b>What may others do with this post?</b>"]
    if unavailable:
        lines += ["", f"Turned off in this account's TikTok settings: {', '.join(unavailable)}."]
    rows.append([back(post)])
    return Screen(text="\n".join([*lines, *_aside(off_schedule(post))]), rows=rows)


_INTERACTIONS = {"allow_comment": "Comment", "allow_duet": "Duet", "allow_stitch": "Stitch"}


def turned_off(creator: tiktok.CreatorInfo) -> list[str]:
    """The interactions that the account's own settings do not allow."""
    disabled = (creator.comment_disabled, creator.duet_disabled, creator.stitch_disabled)
    return [name for name, off in zip(_INTERACTIONS, disabled, strict=True) if off]


def disclosure(post: PostView) -> Screen:
    """Whether the video promotes something, and what; off by default."""
    mark = {True: "☑️", False: "◻️"}
    rows = [
        [
            button(
                f"{mark[post.discloses]} Disclose video content",
                tap(post, PostVerb.TOGGLE, "discloses"),
            )
        ]
    ]
    lines = [
        "<b>Disclose video content</b>",
        "Turn on to disclose that this video promotes goods or services in exchange for something "
        "of value.",
    ]
    if post.discloses:
        rows += [
            [
                button(
                    f"{mark[post.your_brand]} Your brand", tap(post, PostVerb.TOGGLE, "your_brand")
                ),
                button(
                    f"{mark[post.branded_content]} Branded content",
                    tap(post, PostVerb.TOGGLE, "branded_content"),
                ),
            ]
        ]
        lines += ["", label_prompt(post) or DISCLOSURE_NEEDED]
        if post.privacy == tiktok.PrivacyLevel.SELF_ONLY:
            lines += [BRANDED_NOT_PRIVATE, BRANDED_INSTEAD]
            rows += [list(row) for row in buttons(post.id, post.version, [PostVerb.PRIVACY])]
    rows.append([back(post)])
    return Screen(text="\n".join([*lines, *_aside(off_schedule(post))]), rows=rows)


def choose_account(post: PostView, accounts: Sequence[ConnectedAccount]) -> Screen:
    """Which of the creator's accounts it goes to."""
    if not accounts:
        return Screen(
            text="No TikTok account is connected yet. Send /connect, then come back to this post.",
            rows=[[back(post)]],
        )
    chosen = post.account.id if post.account else None
    choices = [
        [
            button(
                ("● " if account.id == chosen else "") + f"{account.nickname} · {account.name}",
                tap(post, PostVerb.SET_ACCOUNT, str(account.id)),
            )
        ]
        for account in accounts
    ]
    return Screen(
        text="<b>Which account does it go to?</b>",
        rows=[*choices, [back(post)]],
    )


def ask_caption(post: PostView, *, problem: str = "") -> Screen:
    """Asks for the caption as the next message."""
    lines = [
        problem or "<b>Send me the caption</b> as a message, with its #hashtags and @mentions.",
        f"Up to {tiktok.TITLE_MAX_UTF16} characters; most emoji count as two. /cancel leaves it.",
    ]
    rows = [[back(post)]]
    if post.caption:
        rows.insert(0, [button("No caption", tap(post, PostVerb.NO_CAPTION))])
    return Screen(text="\n".join(lines), rows=rows)


def _aside(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []


def _barred(post: PostView, option: str) -> bool:
    return post.branded_content and option == tiktok.PrivacyLevel.SELF_ONLY
