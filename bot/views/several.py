"""One clip for several accounts: which other one gets it too."""

from collections.abc import Sequence

from bot.callbacks import PostTap, PostVerb
from bot.language import _
from bot.views.screen import MOST_CHOICES, Rows, Screen, button, handle, in_rows
from core.accounts.accounts import ConnectedAccount
from core.posts.view import PostView


def choose(post: PostView, others: Sequence[ConnectedAccount]) -> Screen:
    """Offers other accounts for the same clip."""
    choices = [
        button(
            f"{each.nickname} · {each.name}",
            PostTap(post.id, post.version, PostVerb.SET_ALSO, str(each.id)),
        )
        for each in others[:MOST_CHOICES]
    ]
    back = button(_("‹ Back"), PostTap(post.id, post.version, PostVerb.ACCOUNT))
    if not choices:
        return Screen(text=_("No other account of yours is connected."), rows=[[back]])
    return Screen(
        text=_(
            "<b>Which account gets it too?</b>\n"
            "I make a draft of its own for it, with the same caption and time. Who can see it "
            "there, and what they may do with it, you choose on that draft, or for both together."
        ),
        rows=[*in_rows(choices, 1), [back]],
    )


def together(post: PostView, other: PostView) -> Rows:
    """The button that plans both drafts as one."""
    tap = PostTap(post.id, post.version, PostVerb.TOGETHER, str(other.id))
    return [[button(_("📦 Plan both together"), tap)]]


def card_note(account: ConnectedAccount) -> str:
    """Leads the card of the other account's draft (HTML)."""
    return _("👥 <b>The same post for</b> {account}: choose who can see it there.").format(
        account=handle(account.name)
    )
