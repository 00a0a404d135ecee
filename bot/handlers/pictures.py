"""Pictures that take a second: a word at once, then the picture under its caption."""

from typing import Any

import structlog
from telegram.constants import ChatAction

from bot.conversation import Conversation
from bot.handlers import faults
from bot.pictures import NoPicture
from bot.services import Services
from bot.views.screen import Screen

log = structlog.get_logger()


def follow(
    talk: Conversation,
    services: Services,
    kind: str,
    data: dict[str, Any],
    *,
    below: Screen,
    otherwise: Screen,
) -> None:
    """Send the picture with `below` under it, once drawn; say `otherwise` where that fails."""

    async def draw() -> None:
        async with talk.doing(ChatAction.UPLOAD_PHOTO):
            try:
                picture = await services.pictures.draw(kind, data)
            except NoPicture as error:
                log.error("no_picture", error=str(error))  # noqa: TRY400 - the child's trace is not here
                await talk.say(otherwise)
                return
            await talk.send_picture(picture, below)

    talk.arrival.afterwards(lambda: faults.explained(talk, draw()))
