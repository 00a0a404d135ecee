"""What a creator hears when something goes wrong, and what the operator sees."""

from collections.abc import Coroutine
from typing import Any

import structlog
from telegram.error import TelegramError

from bot.callbacks import BadTap
from bot.conversation import Conversation
from bot.telegram_errors import Trouble, trouble
from bot.views import faults as views
from bot.views import words
from core import tiktok
from core.errors import AccountUnusable, NotFound

log = structlog.get_logger()


async def answered(talk: Conversation, handling: Coroutine[Any, Any, None]) -> None:
    """Run a handler; whatever happens, the creator gets an answer and the process goes on."""
    try:
        await explained(talk, handling)
    except TelegramError as error:
        # Nothing can be said here and now; what is owed is in the outbox.
        kind = trouble(error)
        if kind is Trouble.REFUSED:
            raise
        log.warning("telegram_said_no", trouble=kind)


async def explained(talk: Conversation, handling: Coroutine[Any, Any, None]) -> None:
    """Run it and explain what goes wrong; raises only what Telegram says."""
    try:
        await handling
    except TelegramError:
        raise
    except NotFound:
        await talk.say(words.not_there())
    except BadTap:
        await talk.say(words.old_button())
    except AccountUnusable:
        await talk.say(views.reconnect())
    except tiktok.TikTokError as error:
        log.warning("tiktok_said_no", code=error.code, log_id=error.log_id)
        await talk.say(views.tiktok_said_no(error))
    except Exception:
        log.exception("handler_fault", user=talk.creator.id)
        await talk.say(words.fault())


async def log_unexpected(update: object, error: BaseException | None) -> None:
    """The last net, below every handler."""
    log.error("update_fault", update=type(update).__name__, exc_info=error)
