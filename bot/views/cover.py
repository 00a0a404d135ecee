"""The cover of a post: frames of its clip, to tap one by its number."""

from collections.abc import Sequence

from bot.callbacks import PostVerb
from bot.language import _
from bot.views.post_buttons import tap
from bot.views.screen import Screen, button, in_rows
from core.posts.view import PostView


def choose(post: PostView, times_ms: Sequence[int]) -> Screen:
    """What stands below the picture of the frames; `times_ms` is where in the clip each is."""
    chosen = post.cover_ms or 0
    numbers = [
        button(f"{'● ' if at == chosen else ''}{number}", tap(post, PostVerb.SET_COVER, str(at)))
        for number, at in enumerate(times_ms, start=1)
    ]
    return Screen(
        text=_(
            "<b>Which picture is the cover?</b> Tap its number. TikTok shows it for the post "
            "before it plays; without a choice that is the first one."
        ),
        rows=[*in_rows(numbers, 3), [button(_("‹ Back"), tap(post, PostVerb.KEEP_COVER))]],
    )


def no_frames() -> str:
    """Why there is nothing to choose from (HTML)."""
    return _("🖼 I could not take pictures out of this clip in time. Its cover stays as it is.")
