"""A creator's data: what is kept, taking it along, deleting it."""

from collections.abc import Sequence

from bot.callbacks import DataTap, DataVerb
from bot.language import _, ngettext, number
from bot.views.screen import Screen, button, handle, megabytes, number_of_photos, number_of_posts
from core.users.personal_data import Erased, Kept

MOST_NAMES = 5
"""Accounts that are named in one text."""


def my_data(kept: Kept) -> Screen:
    """What is kept, and what can be done with it."""
    return Screen(
        text=_(
            "<b>Your data</b>\n"
            "I keep your settings, your TikTok accounts (their keys sealed), {posts} with history, "
            "{clips}, {photos}, and nothing else.\n\n"
            "<b>Export</b> sends you all of it as a zip of JSON files, without the keys; the "
            "clips and photos themselves are in this chat. <b>Delete everything</b> asks once more."
        ).format(**_counted(kept)),
        rows=[
            [
                button(_("Export"), DataTap(DataVerb.EXPORT)),
                button(_("Delete everything"), DataTap(DataVerb.ERASE)),
            ]
        ],
    )


def exported() -> Screen:
    """Below the file."""
    return Screen(
        text=_("Everything I keep about you: a JSON file for each kind of thing. Times are in UTC.")
    )


def too_large(size: int, creator_id: int) -> Screen:
    """Telegram takes no file that large; the operator can hand it out."""
    return Screen(
        text=_(
            "<b>Your data is {size}, more than Telegram lets me send.</b> Ask the operator of this "
            "ClipCue for it: they can write it to a file with <code>export</code> and your number, "
            "<code>{number}</code>."
        ).format(size=megabytes(size), number=creator_id)
    )


def erase_sure(kept: Kept) -> Screen:
    """The one confirmation, with what it means for what is under way."""
    lines = [
        f"<b>{_('Delete everything?')}</b>",
        _("This cannot be undone:"),
        "• "
        + _(
            "{posts} with their history, {clips}, {photos}, templates, plans and settings are "
            "deleted"
        ).format(**_counted(kept)),
    ]
    if kept.scheduled:
        lines.append(
            "• "
            + ngettext(
                "{count} scheduled post does not go out",
                "{count} scheduled posts do not go out",
                kept.scheduled,
            ).format(count=number(kept.scheduled))
        )
    if kept.accounts:
        lines.append(
            "• " + _("my permission to post is given back: {accounts}").format(
                accounts=_names(kept.accounts)
            )
        )  # fmt: skip
    if kept.at_tiktok:
        lines.append(f"• {_at_tiktok(kept.at_tiktok)}")
    lines += ["", _("What is on TikTok stays there. This chat is yours to delete.")]
    return Screen(
        text="\n".join(lines),
        rows=[
            [button(_("🗑 Yes, delete everything"), DataTap(DataVerb.ERASE_SURE))],
            [button(_("‹ Back"), DataTap(DataVerb.SHOW))],
        ],
    )


def being_published(posts: int) -> Screen:
    """Nothing is deleted while bytes are on their way."""
    return Screen(
        text=ngettext(
            "<b>{count} post is on its way to TikTok at this moment.</b> Nothing is deleted yet: "
            "wait until it has ended, then try again.",
            "<b>{count} posts are on their way to TikTok at this moment.</b> Nothing is deleted "
            "yet: wait until they have ended, then try again.",
            posts,
        ).format(count=number(posts)),
        rows=[
            [button(_("Try again"), DataTap(DataVerb.ERASE))],
            [button(_("‹ Back"), DataTap(DataVerb.SHOW))],
        ],
    )


def erased(done: Erased) -> Screen:
    """The last word."""
    lines = [_("<b>Everything is deleted.</b> I know nothing about you any more.")]
    if done.not_given_back:
        lines.append(
            _(
                "TikTok did not confirm that my permission has ended for {accounts}. My keys are "
                "gone; to be sure, remove ClipCue in TikTok's settings, under the apps that have "
                "access."
            ).format(accounts=_names(done.not_given_back))
        )
    if done.kept.at_tiktok:
        lines.append(_at_tiktok(done.kept.at_tiktok))
    lines.append(_("Thank you for having tried me. /start begins anew."))
    return Screen(text="\n\n".join(lines))


def _at_tiktok(posts: int) -> str:
    return ngettext(
        "{count} post is already at TikTok, which may still publish it",
        "{count} posts are already at TikTok, which may still publish them",
        posts,
    ).format(count=number(posts))


def _counted(kept: Kept) -> dict[str, str]:
    clips = ngettext("{count} clip", "{count} clips", kept.clips)
    return {
        "posts": number_of_posts(kept.posts),
        "clips": clips.format(count=number(kept.clips)),
        "photos": number_of_photos(kept.photos),
    }


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(handle(name) for name in names[:MOST_NAMES])
    return shown + (" …" if len(names) > MOST_NAMES else "")
