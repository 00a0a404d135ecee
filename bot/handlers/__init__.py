"""The conversation: one module a subject, wired to Telegram's updates in `register`."""

from bot.handlers.register import register

__all__ = ["register"]
