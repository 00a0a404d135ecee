"""A strict stand-in of Telegram: the Bot API server, and the people who chat with the bot.

    world = Telegram(now=lambda: datetime.now(UTC))
    ana = world.person(42, first_name="Ana")
    await ana.send("/start")
    card = await ana.see("Welcome")
    await ana.tap("Connect TikTok")

`world.app` is what a bot talks to instead of https://api.telegram.org.
"""

from sandbox.telegram.errors import ApiError
from sandbox.telegram.person import Person
from sandbox.telegram.telegram import Telegram
from sandbox.telegram.transcript import Button, ChatMessage

__all__ = ["ApiError", "Button", "ChatMessage", "Person", "Telegram"]
