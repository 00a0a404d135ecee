"""Messages that belong to no single thing: welcome, help, and answers to what cannot be used."""

from datetime import timedelta
from html import escape

from bot.callbacks import MenuTap, MenuVerb
from bot.language import N_, _, number
from bot.views.screen import Screen, beginning, button, megabytes, minutes_seconds
from core import tiktok

COMMANDS = {
    "start": N_("What ClipCue does, and the first steps"),
    "connect": N_("Connect a TikTok account"),
    "accounts": N_("Your TikTok accounts"),
    "posts": N_("What is planned, and what went out"),
    "calendar": N_("Your posts, month by month"),
    "upload": N_("Send clips that are too big for Telegram"),
    "bulk": N_("Plan many clips at once"),
    "templates": N_("Captions and hashtags you use again"),
    "stats": N_("How your posts did, and your best hours"),
    "settings": N_("Time zone, language, notices, quiet hours, late posts"),
    "mydata": N_("Take your data with you, or delete it"),
    "help": N_("How it works"),
    "cancel": N_("Leave what I am asking for"),
}


COMMAND_SHOWN = 33
"""Characters of a command that nobody knows; Telegram's own have up to 32 and the slash."""


def commands() -> dict[str, str]:
    """What each command does."""
    return {name: _(what) for name, what in COMMANDS.items()}


def welcome(first_name: str, *, connected: bool) -> Screen:
    """The first message."""
    lines = [
        _("👋 Hi {name}! I get your clips onto TikTok at the right moment.").format(
            name=escape(first_name)
        ),
        "",
        _("1. Connect your TikTok account"),
        _("2. Send me a clip, or photos for a carousel"),
        _("3. Set caption, time and who can see it, and tap <b>Schedule</b>"),
        "",
        _("I tell you the moment it is live, or what is in its way."),
    ]
    rows = [] if connected else [[button(_("Connect TikTok"), MenuTap(MenuVerb.CONNECT))]]
    return Screen(text="\n".join(lines), rows=rows)


def help_() -> Screen:
    """How to do what."""
    lines = [
        _(
            "<b>Send a clip</b> at any time: as video, or as file for full quality. Words you put "
            "below it become the caption; “tomorrow 18:00 New recipe #food” sets the time too."
        ),
        "",
        _(
            "<b>Send photos</b>, as an album or one after another: up to {most} become one post, "
            "whose order and cover you choose."
        ).format(most=number(tiktok.PHOTOS_MAX)),
        "",
        _("<b>Nothing goes out</b> before you have agreed to it on the last screen."),
        "",
        *_command_list(),
    ]
    return Screen(text="\n".join(lines))


def _command_list() -> list[str]:
    return [f"/{name} · {what}" for name, what in commands().items()]


def not_a_clip() -> Screen:
    return Screen(
        text=_(
            "I can post <b>clips and photos</b>. Send me a video, or photos, also as file for full "
            "quality."
        )
    )


def round_clip() -> Screen:
    """A video message, which Telegram makes round and small."""
    return Screen(
        text=_(
            "That is a round video message; Telegram has made it small. Send me the clip itself, "
            "as <b>video</b> or as file."
        )
    )


def nothing_expected() -> Screen:
    """A text that answers no question."""
    return Screen(
        text=_(
            "I was not waiting for a text. Send me a clip or photos to make a post of them, or see "
            "/posts and /help."
        )
    )


def unknown_command(command: str) -> Screen:
    lines = [
        _("I do not know {command}. This is what I do:").format(
            command=beginning(command, COMMAND_SHOWN)
        ),
        "",
        *_command_list(),
    ]
    return Screen(text="\n".join(lines))


def link_sent() -> Screen:
    """A clip is wanted, not where it is."""
    return Screen(
        text=_(
            "I cannot get clips from a link: download it and send me the <b>file</b> itself. Only "
            "post what is yours to post."
        )
    )


def left() -> Screen:
    """The open question is closed."""
    return Screen(text=_("All right, left it."))


def nothing_to_leave() -> Screen:
    return Screen(text=_("There is nothing to cancel. /posts shows your posts."))


def old_button() -> Screen:
    return Screen(
        text=_("That button is from an older version of me. /posts shows how things stand.")
    )


def not_there() -> Screen:
    return Screen(text=_("I cannot find that any more. /posts shows how things stand."))


def fault() -> Screen:
    """A fault of ours."""
    return Screen(
        text=_(
            "Something went wrong on my side. Nothing is lost; please try that once more in a "
            "moment."
        )
    )


def given_up() -> Screen:
    return Screen(
        text=_(
            "I tried that several times and could not do it. Please send it once more; if it "
            "happens again, tell the operator."
        )
    )


def too_many() -> Screen:
    return Screen(
        text=_(
            "That is more at once than I can take, so I left out the latest. I go on with what "
            "came before; please send the rest again in a minute."
        )
    )


def slowed() -> Screen:
    """For one who sends faster than anybody can."""
    return Screen(
        text=_(
            "You are faster than I am! I take what you send a little more slowly now; nothing of "
            "it is lost."
        )
    )


def tiktok_away() -> Screen:
    return Screen(
        text=_("TikTok does not answer right now. Nothing is lost; please try again in a minute.")
    )


def stranger() -> Screen:
    """For those the operator has not let in."""
    return Screen(text=_("This is a private ClipCue: its operator has not let you in."))


def only_in_private(username: str) -> Screen:
    """For groups."""
    return Screen(
        text=_(
            "Thank you, but I work in private chats only, where drafts and accounts are yours "
            "alone: write to me at @{bot}. I leave this group now."
        ).format(bot=username)
    )


def receiving(done: int = 0, size: int | None = None) -> Screen:
    """Progress of a download."""
    getting = _("⬇️ Getting your clip …")
    if not done:
        return Screen(text=getting)
    far = f"{min(99, done * 100 // size)} %" if size else megabytes(done)
    return Screen(text=f"{getting} {far}")


def fetching(so_far: timedelta) -> Screen:
    """A server of the operator's own fetches it, and does not tell how far it is."""
    return Screen(
        text=_(
            "⬇️ Getting your clip … My server fetches it from Telegram. Large ones take minutes "
            "({time} so far)."
        ).format(time=minutes_seconds(so_far))
    )


def checking() -> Screen:
    return Screen(text=_("🔎 Checking your clip …"))


def download_failed() -> Screen:
    return Screen(text=_("Telegram did not hand over the clip. Please send it once more."))


def not_shared() -> Screen:
    """The server that fetched it keeps it where it cannot be taken from."""
    return Screen(
        text=_(
            "<b>I cannot get at that clip:</b> the server that fetched it keeps it where I may not "
            "look. Please tell the operator, and keep the clip on your phone. Over /upload it gets "
            "here all the same."
        )
    )


def disk_fault() -> Screen:
    return Screen(
        text=_(
            "I could not store the clip: my disk refuses it. Please tell the operator, and keep "
            "the clip on your phone."
        )
    )


def not_read() -> Screen:
    """The clip was not looked through in time."""
    return Screen(
        text=_(
            "<b>I could not read that file in time.</b> Please send it once more in a minute. If "
            "that does not help, export it again (MP4 with H.264 works best)."
        )
    )


def unreadable() -> Screen:
    """It is no video, or broken."""
    return Screen(
        text=_(
            "<b>I cannot read that file as a video.</b> It may be damaged or cut off. Export "
            "it once more (MP4 with H.264 works best) and send it again."
        )
    )
