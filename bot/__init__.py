"""The conversation: everything that knows Telegram, and the web pages a phone opens."""
