"""What only posts of photos have: the sheet with its numbers, the title, what the card says."""

from collections.abc import Sequence
from html import escape

from telegram import InlineKeyboardButton

from bot.callbacks import PostVerb
from bot.language import _, ngettext, number
from bot.views.card import off_schedule
from bot.views.post_buttons import back, tap
from bot.views.post_words import cover_number
from bot.views.screen import Rows, Screen, button, in_rows, number_of_photos
from core import tiktok
from core.posts.view import PostView

FEW = 9
"""Up to so many are drawn three side by side, more of them five: `core.media.images.sheet`."""


def sheet(post: PostView, *, chosen: int | None = None, note: str = "") -> Screen:
    """What stands below the picture of all photos; `chosen` is the number of one."""
    lines = [note, ""] if note else []
    if chosen is None:
        lines.append(f"<b>📸 {number_of_photos(len(post.photos))}</b>")
        lines.append(_cover_words(post))
        lines.append(_("Tap a number to move that photo, make it the cover or take it out."))
        actions: Rows = []
    else:
        told = _("<b>Photo {number} of {count}</b>")
        lines.append(told.format(number=number(chosen), count=number(len(post.photos))))
        lines.append(_cover_words(post))
        actions = _actions(post, chosen)
    if aside := off_schedule(post, on_sheet=True):
        lines += ["", *aside]
    numbers = [
        button(
            f"● {at}" if at == chosen else str(at),
            tap(post, PostVerb.PHOTO, str(at)),
        )
        for at in range(1, len(post.photos) + 1)
    ]
    done = button(_("✅ Done"), tap(post, PostVerb.PHOTOS_DONE))
    return Screen(text="\n".join(lines), rows=[*_as_drawn(numbers), *actions, [done]])


def places(post: PostView, chosen: int) -> Screen:
    """Asks for the place that a photo moves to."""
    numbers = [
        button(str(at), tap(post, PostVerb.MOVE_PHOTO, f"{chosen}>{at}"))
        for at in range(1, len(post.photos) + 1)
    ]
    text = _("<b>Which place does photo {number} move to?</b> Tap it.")
    return Screen(
        text=text.format(number=number(chosen)),
        rows=[
            *_as_drawn(numbers),
            [button(_("‹ Back"), tap(post, PostVerb.PHOTO, str(chosen)))],
        ],
    )


def _as_drawn(numbers: Sequence[InlineKeyboardButton]) -> Rows:
    """As many side by side as the picture has: a number is where its photo is."""
    return in_rows(numbers, 3 if len(numbers) <= FEW else 5)


def taken_out(chosen: int) -> str:
    """Leads the sheet after a photo was taken out (HTML)."""
    told = _("🗑 Photo {number} is out. Send it again if you want it back.")
    return told.format(number=number(chosen))


def no_sheet() -> str:
    """Why the photos cannot be shown (HTML)."""
    return _("📸 I could not draw your photos in time. They stay as they are; try again.")


def _cover_words(post: PostView) -> str:
    return _("Photo {number} is the cover.").format(number=number(cover_number(post)))


def _actions(post: PostView, chosen: int) -> Rows:
    """What can be done with one photo."""
    last = len(post.photos)
    moves: list[InlineKeyboardButton] = []
    if chosen > 1:
        moves.append(_move(post, _("⏮ First"), chosen, 1))
        moves.append(_move(post, _("‹ Earlier"), chosen, chosen - 1))
    if chosen < last:
        moves.append(_move(post, _("Later ›"), chosen, chosen + 1))
    others = []
    if last > 1:
        others.append(button(_("🔢 To place …"), tap(post, PostVerb.PHOTO_PLACES, str(chosen))))
    if chosen != cover_number(post):
        others.append(button(_("🖼 Make cover"), tap(post, PostVerb.COVER_PHOTO, str(chosen))))
    if last > 1:
        others.append(button(_("🗑 Remove"), tap(post, PostVerb.REMOVE_PHOTO, str(chosen))))
    return [*([moves] if moves else []), *in_rows(others)]


def _move(post: PostView, label: str, chosen: int, to: int) -> InlineKeyboardButton:
    return button(label, tap(post, PostVerb.MOVE_PHOTO, f"{chosen}>{to}"))


def ask_title(post: PostView, *, problem: str = "") -> Screen:
    """Asks for the title as the next message."""
    lines = [
        problem or _("<b>Send me the title</b> as a message: it stands above the description."),
        _("Up to {longest} characters; most emoji count as two. /cancel leaves it.").format(
            longest=tiktok.PHOTO_TITLE_MAX_UTF16
        ),
    ]
    rows = [[back(post)]]
    if post.title:
        lines += ["", escape(post.title), "", _("What you send takes its place.")]
        rows.insert(0, [button(_("No title"), tap(post, PostVerb.NO_TITLE))])
    if aside := off_schedule(post):
        lines += ["", *aside]
    return Screen(text="\n".join(lines), rows=rows)


def title_too_long(over: int) -> str:
    """Why a title is asked for again (HTML)."""
    return ngettext(
        "<b>That title is {count} character too long.</b> Send me a shorter one.",
        "<b>That title is {count} characters too long.</b> Send me a shorter one.",
        over,
    ).format(count=number(over))
