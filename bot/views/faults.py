"""What TikTok refuses, in the creator's words, with the button that goes on from there."""

from html import escape

from bot.callbacks import MenuTap, MenuVerb
from bot.views.screen import Screen, button
from bot.views.words import TIKTOK_AWAY
from core import tiktok, verdicts


def reconnect() -> Screen:
    """The account has to be connected again."""
    says = verdicts.of_code("account_disconnected").says
    return Screen(text=escape(says), rows=[[button("Reconnect", MenuTap(MenuVerb.CONNECT))]])


def tiktok_said_no(error: tiktok.TikTokError) -> Screen:
    """A call was refused, or not answered."""
    verdict = verdicts.of_error(error)
    if verdict.action is verdicts.Action.RETRY:
        return TIKTOK_AWAY
    if verdict.action is verdicts.Action.RECONNECT:
        return reconnect()
    return Screen(text=escape(verdict.says))
