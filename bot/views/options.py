"""The screens that open from the card: privacy, interactions, disclosure, account."""

from collections.abc import Iterable, Sequence

from bot.callbacks import MenuVerb, PostVerb
from bot.language import N_, _
from bot.views import mending
from bot.views.card import off_schedule
from bot.views.declarations import BRANDED_NOT_PRIVATE, DISCLOSURE_NEEDED, label_prompt
from bot.views.post_buttons import back, buttons, can_go_to_inbox, chosen_for, tap
from bot.views.post_words import about, privacy_words
from bot.views.screen import MOST_CHOICES, Rows, Screen, button, handle, in_rows
from core import tiktok
from core.accounts.accounts import ConnectedAccount
from core.posts.view import INTERACTIONS, PostView
from core.states import PostStatus

CHANGEABLE = frozenset({PostStatus.SCHEDULED, PostStatus.HELD, PostStatus.FAILED})
"""States in which a post that was agreed to can be changed."""

ONLY_ME_INSTEAD = N_("For “Only me”, turn off “Branded content” in <b>Disclosure</b> first.")
BRANDED_INSTEAD = N_(
    "This post is for “Only me”: choose who else can see it in <b>Privacy</b> first."
)


def change(post: PostView) -> Screen:
    """What can be changed of a post that was agreed to."""
    verbs: list[PostVerb | MenuVerb] = [*chosen_for(post)]
    if post.is_for_inbox:
        verbs.append(PostVerb.DIRECT)
    elif can_go_to_inbox(post):
        verbs.append(PostVerb.INBOX)
    if post.status is PostStatus.SCHEDULED:
        promise = _(
            "Nothing has changed yet: it goes out as planned. When you change more than its time, "
            "it waits until you agree again."
        )
    else:
        promise = _("It waits until you agree again.")
        verbs += mending.by_mode((PostVerb.SCHEDULE, PostVerb.POST_NOW), post.mode)
    return Screen(
        text="\n".join([_("<b>What do you want to change?</b>"), promise, "", *about(post)]),
        rows=[*buttons(post.id, post.version, verbs), [back(post)]],
    )


def privacy(post: PostView, options: Sequence[str], *, audited: bool) -> Screen:
    """What TikTok offers this account; nothing is preselected."""
    offered = [option for option in options if not _barred(post, option)]
    choices = [
        button(
            ("● " if option == post.privacy else "") + privacy_words(option),
            tap(post, PostVerb.SET_PRIVACY, option),
        )
        for option in offered
    ]
    lines = [_("<b>Who can see this post?</b>")]
    way_out: Rows = []
    if len(offered) < len(options):
        lines += ["", _(BRANDED_NOT_PRIVATE), _(ONLY_ME_INSTEAD)]
        way_out = buttons(post.id, post.version, [PostVerb.DISCLOSURE])
    if not audited:
        lines += [
            "",
            _(
                "ClipCue has not been through TikTok's audit here: TikTok takes posts only while "
                "the account itself is private, and only with “Only me”."
            ),
        ]
    return Screen(
        text="\n".join(lines),
        rows=[*in_rows(choices), *way_out, [back(post)]],
    )


def not_private(post: PostView) -> Screen:
    """“Only me” was chosen for branded content."""
    return Screen(
        text=f"⚠️ <b>{_(BRANDED_NOT_PRIVATE)}</b>\n{_(ONLY_ME_INSTEAD)}",
        rows=[*buttons(post.id, post.version, [PostVerb.DISCLOSURE]), [back(post)]],
    )


def not_branded(post: PostView) -> Screen:
    """Branded content was to be disclosed of a post for “Only me”."""
    return Screen(
        text=f"⚠️ <b>{_(BRANDED_NOT_PRIVATE)}</b>\n{_(BRANDED_INSTEAD)}",
        rows=[*buttons(post.id, post.version, [PostVerb.PRIVACY]), [back(post)]],
    )


def interactions(post: PostView, creator: tiktok.CreatorInfo, *, asked: str = "") -> Screen:
    """Comment, Duet, Stitch: off until turned on, and out of reach where the account forbids.

    `asked` is one out of reach that was tapped: why it is.
    """
    offered = interactions_of(post)
    off = [name for name in turned_off(creator) if name in offered]
    rows = [
        [button(_interaction(post, name, locked=name in off), tap(post, PostVerb.TOGGLE, name))]
        for name in offered
    ]
    lines = [_("<b>What may others do with this post?</b>")]
    if asked in off:
        lines += ["", _why_off(asked, creator)]
    elif off:
        told = _("Turned off in this account's TikTok settings: {interactions}.")
        lines += ["", told.format(interactions=interaction_words(off))]
    rows.append([back(post)])
    return Screen(text="\n".join([*lines, *_aside(off_schedule(post))]), rows=rows)


def interactions_of(post: PostView) -> Sequence[str]:
    """What others may be allowed to do with it: photos can only be commented on."""
    return INTERACTIONS[:1] if post.photos else INTERACTIONS


def interaction_words(names: Iterable[str]) -> str:
    """Interactions by their labels: "Comment, Duet"."""
    return ", ".join(_(INTERACTION_LABELS[name]) for name in names)


def _interaction(post: PostView, name: str, *, locked: bool) -> str:
    label = _(INTERACTION_LABELS[name])
    if locked:
        return "🔒 " + _("{interaction} · not available").format(interaction=label)
    return f"{'☑️' if getattr(post, name) else '◻️'} {label}"


def _why_off(name: str, creator: tiktok.CreatorInfo) -> str:
    private = tiktok.PrivacyLevel.FOLLOWER_OF_CREATOR in creator.privacy_level_options
    if private and name != "allow_comment":
        reason = _(
            "🔒 <b>{interaction} is not available.</b> {account} is a private account, and TikTok "
            "allows nobody to duet or stitch its posts."
        )
    else:
        reason = _(
            "🔒 <b>{interaction} is not available.</b> {account} has it turned off in TikTok's "
            "own settings (Settings and privacy › Privacy). Allow it there first."
        )
    return reason.format(
        interaction=_(INTERACTION_LABELS[name]), account=handle("@" + creator.username)
    )


INTERACTION_LABELS = {
    "allow_comment": N_("Comment"),
    "allow_duet": N_("Duet"),
    "allow_stitch": N_("Stitch"),
}


def turned_off(creator: tiktok.CreatorInfo) -> list[str]:
    """The interactions that the account's own settings do not allow."""
    disabled = (creator.comment_disabled, creator.duet_disabled, creator.stitch_disabled)
    return [name for name, off in zip(INTERACTION_LABELS, disabled, strict=True) if off]


def disclosure(post: PostView) -> Screen:
    """Whether the post promotes something, and what; off by default."""
    mark = {True: "☑️", False: "◻️"}
    what, promotes = _disclosing(post)
    rows = [
        [
            button(
                f"{mark[post.discloses]} {what}",
                tap(post, PostVerb.TOGGLE, "discloses"),
            )
        ]
    ]
    lines = [
        f"<b>{what}</b>",
        promotes,
    ]
    if post.discloses:
        rows += [
            [
                button(
                    f"{mark[post.your_brand]} {_('Your brand')}",
                    tap(post, PostVerb.TOGGLE, "your_brand"),
                )
            ],
            [
                button(
                    f"{mark[post.branded_content]} {_('Branded content')}",
                    tap(post, PostVerb.TOGGLE, "branded_content"),
                )
            ],
        ]
        lines += ["", label_prompt(post) or _(DISCLOSURE_NEEDED)]
        if post.privacy == tiktok.PrivacyLevel.SELF_ONLY:
            lines += [_(BRANDED_NOT_PRIVATE), _(BRANDED_INSTEAD)]
            rows += [list(row) for row in buttons(post.id, post.version, [PostVerb.PRIVACY])]
    lines += [
        "",
        f"<b>{_('AI-generated')}</b>",
        _(
            "Turn on if AI made what is seen or heard here, or changed it so that it looks real. "
            "TikTok then labels the post."
        ),
    ]
    rows += [
        [
            button(
                f"{mark[post.ai_generated]} {_('AI-generated')}",
                tap(post, PostVerb.TOGGLE, "ai_generated"),
            )
        ],
        [back(post)],
    ]
    return Screen(text="\n".join([*lines, *_aside(off_schedule(post))]), rows=rows)


def _disclosing(post: PostView) -> tuple[str, str]:
    """What the switch is called, and what it is for."""
    if post.photos:
        return _("Disclose post content"), _(
            "Turn on to disclose that this post promotes goods or services in exchange for "
            "something of value."
        )
    return _("Disclose video content"), _(
        "Turn on to disclose that this video promotes goods or services in exchange for "
        "something of value."
    )


def choose_account(post: PostView, accounts: Sequence[ConnectedAccount]) -> Screen:
    """Which of the creator's accounts it goes to."""
    if not accounts:
        return Screen(
            text=_(
                "No TikTok account is connected yet. Send /connect, then come back to this post."
            ),
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
        for account in accounts[:MOST_CHOICES]
    ]
    if chosen is not None and len(accounts) > 1:
        choices.append([button(_("👥 Also post to…"), tap(post, PostVerb.ALSO))])
    return Screen(
        text=_("<b>Which account does it go to?</b>"),
        rows=[*choices, [back(post)]],
    )


def cannot_post(code: str) -> str:
    """TikTok takes no posts from this account now, and why (HTML)."""
    return "\n".join(
        [
            _("⛔️ <b>TikTok takes no posts from this account right now.</b>"),
            *mending.why(code),
            _("Please try again later. Nothing is lost: what you have set stays."),
        ]
    )


def _aside(lines: list[str]) -> list[str]:
    return ["", *lines] if lines else []


def _barred(post: PostView, option: str) -> bool:
    return post.branded_content and option == tiktok.PrivacyLevel.SELF_ONLY
