"""The echo bot of python-telegram-bot's documentation: `python -m benchmarks.echo API_URL TOKEN`.

It keeps nothing: what it has taken in and not answered is lost with it.
"""

import sys
from typing import Any

from telegram import Update
from telegram.ext import Application, CallbackContext, MessageHandler, filters

Context = CallbackContext[Any, Any, Any, Any]


async def _echo(update: Update, _context: Context) -> None:
    if update.message and update.message.text:
        await update.message.reply_text(update.message.text)


def main(api_url: str, token: str) -> None:
    application = Application.builder().token(token).base_url(f"{api_url}/bot").build()
    application.add_handler(MessageHandler(filters.TEXT, _echo))
    application.run_polling()


if __name__ == "__main__":
    main(*sys.argv[1:])
