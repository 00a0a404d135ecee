"""A clip that TikTok would not take as it is: what is wrong, making it fit, and how far that is."""

from collections.abc import Sequence
from datetime import timedelta
from html import escape

from telegram import InlineKeyboardButton

from bot.callbacks import FitTap, FitVerb
from bot.language import _, ngettext, number
from bot.views.screen import Screen, button, minutes_seconds
from core.clips import StoredClip
from core.fitting import Unfit
from core.media.limits import Problem, ProblemCode

LONG = timedelta(minutes=10)
"""What most accounts may post."""


def offer(unfit: Unfit, *, note: str = "") -> Screen:
    """What is wrong with a clip, every reason at once, and what can be done; `note` leads."""
    if unfit.is_doubtful:
        head = _("<b>TikTok may refuse this clip:</b>")
        means = _(
            "<b>Make it fit</b> writes it anew with what TikTok takes for certain. Your original "
            "stays here until it is published."
        )
    else:
        head = _("<b>TikTok would not take this clip:</b>")
        means = _(
            "I can change that: tap <b>Make it fit</b>. Your original stays here until it is "
            "published."
        )
    lines = [*([note, ""] if note else []), head, *reasons(unfit.problems), "", means]
    if unfit.duration > LONG:
        too_long = _(
            "It lasts {length}. Most accounts may post 10 minutes at most, and making it fit does "
            "not make it shorter: cut it if yours is one of them."
        )
        lines += ["", too_long.format(length=minutes_seconds(unfit.duration))]
    rows = [[_button(_("🛠 Make it fit"), unfit.clip_id, FitVerb.FIT)]]
    if unfit.is_doubtful:
        rows.append([_button(_("Take it as it is"), unfit.clip_id, FitVerb.AS_IT_IS)])
    rows.append([_button(_("🗑 Discard"), unfit.clip_id, FitVerb.DISCARD)])
    return Screen(text="\n".join(lines), rows=rows)


def waits(clip_id: int, before: int) -> Screen:
    """Others are at it."""
    text = ngettext(
        "🛠 Your clip waits to be made to fit; {count} is before it.",
        "🛠 Your clip waits to be made to fit; {count} are before it.",
        before,
    ).format(count=number(before))
    return Screen(text=text, rows=_stop(clip_id))


def works(clip_id: int, share: float) -> Screen:
    """How far it is."""
    text = _("🛠 Making your clip fit …")
    if share:
        text = f"{text} {min(99, int(share * 100))} %"
    return Screen(text=text, rows=_stop(clip_id))


def fits(clip: StoredClip) -> str:
    """What leads the card of a clip that was made to fit (HTML)."""
    size = f"{clip.width}×{clip.height}"
    return _("✅ Your clip fits now: {size}, MP4 with H.264.").format(size=size)


def not_made(problems: Sequence[Problem] = ()) -> str:
    """It could not be done (HTML)."""
    told = _("<b>I could not make it fit.</b> Its file may be damaged, or stranger than I know.")
    if problems:
        told = "\n".join([_("<b>I could not make it fit.</b> It still is so:"), *reasons(problems)])
    return told


def not_in_time() -> str:
    return _(
        "<b>Making it fit took too long.</b> Cut it, or export it in 1080p, and send it again."
    )


def called_off() -> str:
    return _("All right, I left it as it is.")


def discarded() -> Screen:
    return Screen(text=_("🗑 Discarded. Send me a clip whenever you like."))


def reasons(problems: Sequence[Problem]) -> list[str]:
    return [f"• {_reason(problem)}" for problem in problems]


def _stop(clip_id: int) -> list[list[InlineKeyboardButton]]:
    return [[_button(_("Stop"), clip_id, FitVerb.CALL_OFF)]]


def _button(label: str, clip_id: int, verb: FitVerb) -> InlineKeyboardButton:
    return button(label, FitTap(clip_id, verb))


def _reason(problem: Problem) -> str:
    measured, limit = problem.measured, problem.limit
    match problem.code:
        case ProblemCode.CONTAINER:
            return _("it is a {container} file; TikTok takes MP4, MOV and WebM").format(
                container=escape(str(measured))
            )
        case ProblemCode.VIDEO_CODEC:
            return _("its codec is {codec}; TikTok takes H.264, H.265, VP8 and VP9").format(
                codec=escape(str(measured))
            )
        case ProblemCode.FPS_TOO_LOW:
            return _("it has {fps} frames a second; TikTok wants {limit} at least").format(
                fps=number(float(measured), digits=1), limit=limit
            )
        case ProblemCode.FPS_TOO_HIGH:
            return _("it has {fps} frames a second; TikTok takes {limit} at most").format(
                fps=number(float(measured), digits=1), limit=limit
            )
        case ProblemCode.PICTURE_TOO_SMALL:
            return _("its shorter side has {pixels} pixels; TikTok wants {limit} at least").format(
                pixels=measured, limit=limit
            )
        case ProblemCode.PICTURE_TOO_LARGE:
            return _("its longer side has {pixels} pixels; TikTok takes {limit} at most").format(
                pixels=measured, limit=limit
            )
        case ProblemCode.NO_DURATION:
            return _("it has no length: there is nothing to play")
        case ProblemCode.FILE_TOO_LARGE:
            return _("it is larger than 4 GB")
        case ProblemCode.UNEVEN_FPS:
            return _(
                "its frames come unevenly, {range} a second; TikTok wants {limit} throughout"
            ).format(range=measured, limit=limit)
        case ProblemCode.PIXEL_FORMAT:
            return _(
                "its colours are stored in an unusual way ({format}), as in HDR or in cutting "
                "programs"
            ).format(format=escape(str(measured)))
