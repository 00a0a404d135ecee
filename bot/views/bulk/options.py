"""What all posts of a batch share: account, privacy, interactions, disclosure, caption."""

from collections.abc import Iterable, Sequence

from bot.callbacks import BatchVerb, MenuTap, MenuVerb
from bot.language import _
from bot.views import templates
from bot.views.bulk.batch import back, tap
from bot.views.declarations import BRANDED_NOT_PRIVATE, DISCLOSURE_NEEDED, label_prompt
from bot.views.options import INTERACTION_LABELS, interaction_words
from bot.views.post_words import privacy_words
from bot.views.screen import Rows, Screen, button, in_rows, number_of_posts
from core import tiktok
from core.accounts.accounts import ConnectedAccount
from core.bulk.view import BatchView
from core.posts.templates import CaptionTemplate


def ask_caption(batch: BatchView, found: Sequence[CaptionTemplate], *, problem: str = "") -> Screen:
    """Asks for one caption for all, typed or from a template."""
    lines = [
        problem
        or _("<b>Send me a caption for {posts}</b>, or tap a template.").format(
            posts=number_of_posts(len(batch.posts))
        ),
        _("Up to {longest} characters; most emoji count as two. /cancel leaves it.").format(
            longest=tiktok.TITLE_MAX_UTF16
        ),
        templates.placeholders(),
        _("It takes the place of every caption there is; hashtags from a template are added."),
    ]
    choices = [
        button(templates.named(each), tap(batch, BatchVerb.TEMPLATE, each.id))
        for each in found[: templates.OFFERED]
    ]
    return Screen(
        text="\n".join(lines),
        rows=[
            *in_rows(choices),
            [button(_("No caption"), tap(batch, BatchVerb.NO_CAPTION)), back(batch)],
        ],
    )


def choose_account(
    batch: BatchView, accounts: Sequence[ConnectedAccount], *, only_missing: bool = False
) -> Screen:
    """Which of the creator's accounts they all go to; with `only_missing` those that have none."""
    if not accounts:
        return Screen(
            text=_("No TikTok account is connected yet. Send /connect, then come back with /bulk."),
            rows=[[button(_("Connect TikTok"), MenuTap(MenuVerb.CONNECT))], [back(batch)]],
        )
    missing = len(batch.without_account)
    if only_missing and missing < len(batch.posts):
        verb, text = (
            BatchVerb.GIVE_ACCOUNT,
            _("<b>Which account for {posts} without one?</b>\nThe others keep theirs.").format(
                posts=number_of_posts(missing)
            ),
        )
    else:
        verb, text = (
            BatchVerb.SET_ACCOUNT,
            _(
                "<b>Which account do they all go to?</b>\n"
                "With another one, who can see them is chosen anew."
            ),
        )
    chosen = set(batch.account_ids)
    choices = [
        [
            button(
                ("● " if {account.id} == chosen else "") + f"{account.nickname} · {account.name}",
                tap(batch, verb, account.id),
            )
        ]
        for account in accounts
    ]
    return Screen(text=text, rows=[*choices, [back(batch)]])


def privacy(batch: BatchView, options: Iterable[str], *, audited: bool) -> Screen:
    """What TikTok offers; nothing is preselected."""
    branded = any(post.branded_content for post in batch.posts)
    every = list(options)
    offered = [
        option for option in every if not (branded and option == tiktok.PrivacyLevel.SELF_ONLY)
    ]
    shared = batch.shared("privacy")
    choices = [
        button(
            ("● " if option == shared else "") + privacy_words(option),
            tap(batch, BatchVerb.SET_PRIVACY, option),
        )
        for option in offered
    ]
    lines = [_("<b>Who can see these posts?</b>"), _("Your choice counts for every post here.")]
    if len(offered) < len(every):
        lines += ["", _(BRANDED_NOT_PRIVATE)]
    if not audited:
        lines += [
            "",
            _(
                "ClipCue has not been through TikTok's audit here: TikTok takes posts only while "
                "the account itself is private, and only with “Only me”."
            ),
        ]
    return Screen(text="\n".join(lines), rows=[*in_rows(choices), [back(batch)]])


def interactions(batch: BatchView, off: Sequence[str]) -> Screen:
    """Comment, Duet, Stitch for all; `off` are those that an account does not allow."""
    rows = [
        [
            button(
                f"{'🔒' if name in off else _box(batch, name)} {_(label)}",
                tap(batch, BatchVerb.TOGGLE, name),
            )
        ]
        for name, label in INTERACTION_LABELS.items()
    ]
    lines = [_("<b>What may others do with these posts?</b>")]
    if off:
        told = _("Turned off in this account's TikTok settings: {interactions}.")
        lines += ["", told.format(interactions=interaction_words(off))]
    return Screen(text="\n".join(lines), rows=[*rows, [back(batch)]])


def disclosure(batch: BatchView) -> Screen:
    """Whether the videos promote something, and what; off by default."""

    def switch(name: str, label: str) -> Rows:
        return [[button(f"{_box(batch, name)} {label}", tap(batch, BatchVerb.TOGGLE, name))]]

    rows = [*switch("discloses", _("Disclose video content"))]
    lines = [
        f"<b>{_('Disclose video content')}</b>",
        _(
            "Turn on to disclose that this video promotes goods or services in exchange for "
            "something of value."
        ),
    ]
    if batch.shared("discloses"):
        rows += switch("your_brand", _("Your brand"))
        rows += switch("branded_content", _("Branded content"))
        prompts = {label_prompt(post) or _(DISCLOSURE_NEEDED) for post in batch.posts}
        lines += ["", *sorted(prompts)]
    if batch.shared("privacy") == tiktok.PrivacyLevel.SELF_ONLY:
        lines += ["", _(BRANDED_NOT_PRIVATE)]
    lines += [
        "",
        f"<b>{_('AI-generated')}</b>",
        _(
            "Turn on if AI made what is seen or heard here, or changed it so that it looks real. "
            "TikTok then labels the post."
        ),
    ]
    rows += switch("ai_generated", _("AI-generated"))
    return Screen(text="\n".join(lines), rows=[*rows, [back(batch)]])


def not_together() -> str:
    """Branded content and "Only me" were to meet (HTML)."""
    return f"⚠️ <b>{_(BRANDED_NOT_PRIVATE)}</b>"


def _box(batch: BatchView, name: str) -> str:
    if batch.differ(name):
        return "◪"
    return "☑️" if batch.shared(name) else "◻️"
