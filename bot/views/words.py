"""Messages that belong to no single thing: welcome, help, and answers to what cannot be used."""

from collections.abc import Sequence
from html import escape

from bot.callbacks import MenuTap, MenuVerb
from bot.views.screen import Screen, button, megabytes
from core.media.limits import Problem, ProblemCode

COMMANDS = {
    "start": "What ClipCue does, and the first steps",
    "connect": "Connect a TikTok account",
    "accounts": "Your TikTok accounts",
    "posts": "What is planned, and what went out",
    "settings": "Your time zone, and how late a post may go out",
    "help": "How it works",
    "cancel": "Leave what I am asking for",
}


def welcome(first_name: str, *, connected: bool) -> Screen:
    """The first message."""
    lines = [
        f"👋 Hi {escape(first_name)}! I get your clips onto TikTok at the right moment.",
        "",
        "1. Connect your TikTok account",
        "2. Send me a clip, as video or as file",
        "3. Set caption, time and who can see it, and tap <b>Schedule</b>",
        "",
        "I tell you the moment it is live, or what is in its way.",
    ]
    rows = [] if connected else [[button("Connect TikTok", MenuTap(MenuVerb.CONNECT))]]
    return Screen(text="\n".join(lines), rows=rows)


def help_() -> Screen:
    """How to do what."""
    lines = [
        "<b>Send a clip</b> at any time: as video, or as file for full quality. Words you put "
        "below it become the caption; “tomorrow 18:00 New recipe #food” sets the time too.",
        "",
        "<b>Nothing goes out</b> before you have agreed to it on the last screen.",
        "",
        *(f"/{name} · {what}" for name, what in COMMANDS.items()),
    ]
    return Screen(text="\n".join(lines))


NOT_A_CLIP = Screen(
    text="I can post <b>video clips</b>. Send me one as video, or as file for full quality."
)
NOTHING_EXPECTED = Screen(
    text="I was not waiting for a text. Send me a clip to make a post of it, or see /posts and "
    "/help."
)
LEFT = Screen(text="All right, left it.")
NOTHING_TO_LEAVE = Screen(text="There is nothing to cancel. /posts shows your posts.")
OLD_BUTTON = Screen(
    text="That button is from an older version of me. /posts shows how things stand."
)
NOT_THERE = Screen(text="I cannot find that any more. /posts shows how things stand.")
FAULT = Screen(
    text="Something went wrong on my side. Nothing is lost; please try that once more in a moment."
)
GIVEN_UP = Screen(
    text="I tried that several times and could not do it. Please send it once more; if it happens "
    "again, tell the operator."
)
TOO_MANY = Screen(
    text="That is more at once than I can take, so I left out the latest. I go on with what came "
    "before; please send the rest again in a minute."
)
TIKTOK_AWAY = Screen(
    text="TikTok does not answer right now. Nothing is lost; please try again in a minute."
)
STRANGER = Screen(text="This is a private ClipCue: its operator has not let you in.")
RECEIVING = Screen(text="⬇️ Getting your clip …")
CHECKING = Screen(text="🔎 Checking your clip …")
DOWNLOAD_FAILED = Screen(text="Telegram did not hand over the clip. Please send it once more.")
DISK_FAULT = Screen(
    text="I could not store the clip: my disk refuses it. Please tell the operator, and keep the "
    "clip on your phone."
)
NOT_READ = Screen(
    text="<b>I could not read that file in time.</b> Please send it once more in a minute. If that "
    "does not help, export it again (MP4 with H.264 works best)."
)


def receiving(done: int, size: int | None) -> Screen:
    """Progress of a download."""
    if not size:
        return Screen(text=f"⬇️ Getting your clip … {megabytes(done)}")
    return Screen(text=f"⬇️ Getting your clip … {min(99, done * 100 // size)} %")


def too_big(limit: int) -> Screen:
    """Telegram's own servers hand bots only small files."""
    return Screen(
        text=f"<b>That clip is too big for Telegram to hand over.</b> Its limit for bots is "
        f"{limit >> 20} MB.\n\n"
        "What helps: send it as <b>video</b> instead of as file (Telegram then makes it smaller), "
        "or trim it, or export it in 1080p. Operators can lift the limit with a Bot API server of "
        "their own."
    )


def refused(problems: Sequence[Problem]) -> Screen:
    """Why a clip cannot become a post: every reason at once."""
    if not problems:
        return Screen(
            text="<b>I cannot read that file as a video.</b> It may be damaged or cut off. Export "
            "it once more (MP4 with H.264 works best) and send it again."
        )
    reasons = [f"• {_reason(problem)}" for problem in problems]
    return Screen(
        text="\n".join(["<b>TikTok would not take this clip:</b>", *reasons,
                        "", "Change it and send it again. MP4 with H.264 works best."])
    )  # fmt: skip


def _reason(problem: Problem) -> str:
    measured, limit = problem.measured, problem.limit
    match problem.code:
        case ProblemCode.CONTAINER:
            return f"it is a {escape(str(measured))} file; TikTok takes MP4, MOV and WebM"
        case ProblemCode.VIDEO_CODEC:
            return f"its codec is {escape(str(measured))}; TikTok takes H.264, H.265, VP8 and VP9"
        case ProblemCode.FPS_TOO_LOW:
            return f"it has {measured:.3g} frames a second; TikTok wants {limit} at least"
        case ProblemCode.FPS_TOO_HIGH:
            return f"it has {measured:.3g} frames a second; TikTok takes {limit} at most"
        case ProblemCode.PICTURE_TOO_SMALL:
            return f"its shorter side has {measured} pixels; TikTok wants {limit} at least"
        case ProblemCode.PICTURE_TOO_LARGE:
            return f"its longer side has {measured} pixels; TikTok takes {limit} at most"
        case ProblemCode.NO_DURATION:
            return "it has no length: there is nothing to play"
        case ProblemCode.FILE_TOO_LARGE:
            return "it is larger than 4 GB"
