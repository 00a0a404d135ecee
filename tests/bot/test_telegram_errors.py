"""What each of Telegram's refusals means."""

import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.telegram_errors import Trouble, trouble

TABLE: list[tuple[TelegramError, Trouble]] = [
    (
        BadRequest(
            "Message is not modified: specified new message content and reply markup are exactly "
            "the same as a current content and reply markup of the message"
        ),
        Trouble.UNCHANGED,
    ),
    (
        BadRequest("Query is too old and response timeout expired or query id is invalid"),
        Trouble.QUERY_EXPIRED,
    ),
    (BadRequest("QUERY_ID_INVALID"), Trouble.QUERY_EXPIRED),
    (BadRequest("Message to edit not found"), Trouble.MESSAGE_GONE),
    (BadRequest("message to delete not found"), Trouble.MESSAGE_GONE),
    (BadRequest("Message can't be edited"), Trouble.MESSAGE_GONE),
    (BadRequest("Message can't be deleted for everyone"), Trouble.MESSAGE_GONE),
    (BadRequest("Message to be replied not found"), Trouble.MESSAGE_GONE),
    (BadRequest("Chat not found"), Trouble.UNREACHABLE),
    (BadRequest("File is too big"), Trouble.FILE_TOO_BIG),
    (BadRequest("Can't parse entities: unsupported start tag"), Trouble.REFUSED),
    (BadRequest("Button_data_invalid"), Trouble.REFUSED),
    (Forbidden("Forbidden: bot was blocked by the user"), Trouble.UNREACHABLE),
    (Forbidden("Forbidden: user is deactivated"), Trouble.UNREACHABLE),
    (RetryAfter(7), Trouble.SLOW_DOWN),
    (TimedOut(), Trouble.PASSING),
    (NetworkError("Bad Gateway"), Trouble.PASSING),
    (NetworkError("httpx.ConnectError: no route"), Trouble.PASSING),
    (InvalidToken("Unauthorized"), Trouble.REFUSED),
    (EndPointNotFound("Not Found"), Trouble.REFUSED),
    (Conflict("terminated by other getUpdates request"), Trouble.REFUSED),
    (ChatMigrated(-100123), Trouble.REFUSED),
    (TelegramError("something new"), Trouble.REFUSED),
]


@pytest.mark.parametrize(("error", "meaning"), TABLE, ids=[str(error)[:40] for error, _ in TABLE])
def test_each_refusal_has_its_meaning(error: TelegramError, meaning: Trouble) -> None:
    assert trouble(error) is meaning


def test_every_meaning_is_in_the_table() -> None:
    assert {meaning for _, meaning in TABLE} == set(Trouble)
