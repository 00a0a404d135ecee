"""What TikTok refuses, in the creator's words, with the button that goes on from there."""

from bot.callbacks import MenuTap, MenuVerb
from bot.language import _
from bot.views import mending
from bot.views.screen import Screen, button
from bot.views.words import tiktok_away
from core import tiktok, verdicts


def reconnect() -> Screen:
    """The account has to be connected again."""
    return Screen(
        text=mending.says("account_disconnected"),
        rows=[[button(_("Reconnect"), MenuTap(MenuVerb.CONNECT))]],
    )


def tiktok_said_no(error: tiktok.TikTokError) -> Screen:
    """A call was refused, or not answered."""
    verdict = verdicts.of_error(error)
    if verdict.action is verdicts.Action.RETRY:
        return tiktok_away()
    if verdict.action is verdicts.Action.RECONNECT:
        return reconnect()
    return Screen(text=mending.says(verdicts.code_of(error)))
