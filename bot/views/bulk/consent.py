"""The last screen before a batch is scheduled, and what is still in its way."""

from collections.abc import Iterable, Sequence
from html import escape

from bot.callbacks import BatchVerb
from bot.language import N_, _, ngettext, number
from bot.views.bulk.batch import about, back, openers, pages, plan_lines, some, tap
from bot.views.consent import need
from bot.views.declarations import declaration, declaration_words, label_prompt
from bot.views.screen import Screen, button, handle, number_of_posts
from core import tiktok
from core.bulk.problems import Barred, Clash, RowProblem
from core.bulk.view import BatchView
from core.posts.view import Missing, PostView
from core.queue.plans import POSTS_PER_DAY

WRONG: dict[Missing | Clash | Barred, str] = {
    Missing.ACCOUNT: N_("choose a connected account"),
    Missing.PRIVACY: N_("choose who can see them"),
    Missing.TIME: N_("plan when they go out"),
    Missing.PAST: N_("the time has gone by: plan anew"),
    Clash.SAME_TIME: N_("another post of this bulk goes out at the same time"),
    Clash.TAKEN: N_("another post of the account goes out at that time"),
    Barred.NOT_OFFERED: N_("TikTok does not offer the privacy that was chosen: choose again"),
    Barred.CLIP_TOO_LONG: N_("the clip is longer than the account may post"),
    Barred.TURNED_OFF: N_("the account has turned that interaction off"),
}
NUMBERED = 20
"""So many posts are named by their numbers, the rest is counted."""


def almost(batch: BatchView, problems: Sequence[RowProblem]) -> Screen:
    """What is in the way, and of which posts; nothing to agree to yet."""
    places = {post.id: place for place, post in enumerate(batch.in_order, start=1)}
    by_kind: dict[Missing | Clash | Barred, list[int]] = {}
    for each in problems:
        by_kind.setdefault(each.what, []).append(places[each.post_id])
    lines = [_("<b>Almost there.</b> Before these can go out:")]
    lines += [f"• {_words(what)} ({_numbers(found)})" for what, found in by_kind.items()]
    steps = {step: None for what in by_kind if (step := _STEPS.get(what)) is not None}
    labels = {
        BatchVerb.ACCOUNT: _("👤 Account"),
        BatchVerb.PRIVACY: _("👁 Privacy"),
        BatchVerb.TIMES: _("🕒 Times"),
        BatchVerb.CAPTION: _("💬 Caption"),
        BatchVerb.INTERACTIONS: _("🤝 Interactions"),
        BatchVerb.DISCLOSURE: _("🏷 Disclosure"),
    }
    rows = [[button(labels[step], tap(batch, step))] for step in steps]
    return Screen(text="\n".join(lines), rows=[*rows, [back(batch)]])


_STEPS = {
    Missing.ACCOUNT: BatchVerb.ACCOUNT,
    Missing.PRIVACY: BatchVerb.PRIVACY,
    Missing.TIME: BatchVerb.TIMES,
    Missing.PAST: BatchVerb.TIMES,
    Missing.DISCLOSURE: BatchVerb.DISCLOSURE,
    Missing.BRANDED_PRIVATE: BatchVerb.PRIVACY,
    Missing.CAPTION_TOO_LONG: BatchVerb.CAPTION,
    Clash.SAME_TIME: BatchVerb.TIMES,
    Clash.TAKEN: BatchVerb.TIMES,
    Clash.OVER_CAP: BatchVerb.TIMES,
    Barred.NOT_OFFERED: BatchVerb.PRIVACY,
    Barred.TURNED_OFF: BatchVerb.INTERACTIONS,
}


def confirm(batch: BatchView, creators: Iterable[tiktok.CreatorInfo], *, page: int = 0) -> Screen:
    """The last look: whose accounts, every post page by page, the declaration and the button."""
    names = some(
        [f"<b>{escape(each.nickname)}</b> ({handle('@' + each.username)})" for each in creators]
    )
    posting = _("Posting {posts} to {account}")
    lines = [
        posting.format(posts=number_of_posts(len(batch.posts)), account=names),
        *about(batch)[1:],
        "",
        *plan_lines(batch, page),
        "",
        *_prompts(batch),
        _("<i>After posting it may take a few minutes until TikTok shows it.</i>"),
        "",
        declaration(agreed_for(batch)),  # directly above the buttons
    ]
    return Screen(
        text="\n".join(lines),
        rows=[
            *openers(batch, page),
            *pages(batch, BatchVerb.SCHEDULE, page),
            [button(_("✅ Agree and schedule all"), tap(batch, BatchVerb.AGREE))],
            [back(batch)],
        ],
    )


def agreed_words(batch: BatchView) -> str:
    """The declaration as it is kept with each post."""
    return declaration_words(agreed_for(batch))


def agreed_for(batch: BatchView) -> PostView:
    """The post whose declaration covers all: a branded one has the wider words, a draft few."""
    posts = [post for post in batch.posts if not post.is_for_inbox] or batch.posts
    return next((post for post in posts if post.branded_content), posts[0])


def _prompts(batch: BatchView) -> list[str]:
    """How TikTok will label which posts."""
    places: dict[str, list[int]] = {}
    for place, post in enumerate(batch.in_order, start=1):
        if prompt := label_prompt(post):
            places.setdefault(prompt, []).append(place)
    every = len(batch.posts)
    return [
        prompt if len(found) == every else f"{prompt} ({_numbers(found)})"
        for prompt, found in places.items()
    ]


def _words(what: Missing | Clash | Barred) -> str:
    if isinstance(what, Missing) and what not in WRONG:
        return need(what)
    if what is Clash.OVER_CAP:
        return ngettext(
            "TikTok takes about {count} post of an account in 24 hours: spread them out more",
            "TikTok takes about {count} posts of an account in 24 hours: spread them out more",
            POSTS_PER_DAY,
        ).format(count=number(POSTS_PER_DAY))
    return _(WRONG[what])


def _numbers(places: Sequence[int]) -> str:
    """Which posts: "1–12, 14"; many of them are counted."""
    runs: list[list[int]] = []
    for place in places:
        if runs and place == runs[-1][1] + 1:
            runs[-1][1] = place
        else:
            runs.append([place, place])
    if len(runs) > NUMBERED:
        return number_of_posts(len(places))
    return ", ".join(
        number(start) if start == end else f"{number(start)}–{number(end)}" for start, end in runs
    )
