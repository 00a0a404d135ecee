"""What each of Telegram's refusals means: one table, asked wherever a call can fail.

Telegram tells by text where one class stands for several things; texts are compared without regard
to case, since python-telegram-bot capitalises them.
"""

from datetime import timedelta
from enum import StrEnum

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TelegramError


class Trouble(StrEnum):
    """What the program makes of a failed call."""

    UNCHANGED = "unchanged"
    """An edit that changes nothing: it is as it should be."""
    QUERY_EXPIRED = "query_expired"
    """A tap answered too late: the spinner is gone anyway."""
    MESSAGE_GONE = "message_gone"
    """The message to edit or delete is not there, or not ours to edit: send a new one."""
    UNREACHABLE = "unreachable"
    """The creator blocked the bot or left Telegram: keep what they are owed."""
    FILE_TOO_BIG = "file_too_big"
    SLOW_DOWN = "slow_down"
    PASSING = "passing"
    """The network, or a fault of Telegram: try again."""
    REFUSED = "refused"
    """A fault of ours: trying again would not help."""


MAY_PASS = frozenset({Trouble.PASSING, Trouble.SLOW_DOWN})
"""The same call may be taken a little later."""

_BAD_REQUESTS: tuple[tuple[str, Trouble], ...] = (
    ("message is not modified", Trouble.UNCHANGED),
    ("query is too old", Trouble.QUERY_EXPIRED),
    ("query_id_invalid", Trouble.QUERY_EXPIRED),
    ("message to edit not found", Trouble.MESSAGE_GONE),
    ("message to delete not found", Trouble.MESSAGE_GONE),
    ("message can't be edited", Trouble.MESSAGE_GONE),
    ("message can't be deleted", Trouble.MESSAGE_GONE),
    ("message to be replied not found", Trouble.MESSAGE_GONE),
    ("chat not found", Trouble.UNREACHABLE),
    ("file is too big", Trouble.FILE_TOO_BIG),
)


def trouble(error: TelegramError) -> Trouble:
    """The meaning of an error that python-telegram-bot raised."""
    if isinstance(error, RetryAfter):
        return Trouble.SLOW_DOWN
    if isinstance(error, Forbidden):
        return Trouble.UNREACHABLE
    if isinstance(error, BadRequest):  # a NetworkError by class, but nothing that passes
        text = error.message.lower()
        return next((kind for words, kind in _BAD_REQUESTS if words in text), Trouble.REFUSED)
    if isinstance(error, NetworkError):
        return Trouble.PASSING
    return Trouble.REFUSED


def asked_pause(error: RetryAfter) -> timedelta:
    """How long Telegram asks to be left alone."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
