"""Strict stand-ins of Telegram and TikTok, for tests and for trying the bot without accounts."""
