"""Which update goes where."""

from collections.abc import Callable, Coroutine
from typing import Any

from telegram import Message, Update
from telegram.ext import (
    BaseHandler,
    CallbackContext,
    CallbackQueryHandler,
    ChatMemberHandler,
    CommandHandler,
    MessageHandler,
    filters,
)

from bot.arrivals import Arrivals, BotApplication
from bot.conversation import Conversation
from bot.handlers import (
    accounts,
    calendar,
    clips,
    faults,
    mydata,
    photos,
    posts,
    settings,
    start,
    stats,
    taps,
    templates,
    texts,
    uploading,
)
from bot.handlers.bulk import batch as bulk
from bot.language import language_of, speak
from bot.services import Services

PRIVATE = filters.ChatType.PRIVATE
CLIP = filters.VIDEO | filters.ANIMATION | filters.Document.ALL

Context = CallbackContext[Any, Any, Any, Any]
Callback = Callable[[Update, Context], Coroutine[Any, Any, None]]
OnMessage = Callable[[Conversation, Services, Message], Coroutine[Any, Any, None]]


def register(application: BotApplication, services: Services, arrivals: Arrivals) -> None:
    """Add every handler; the first that fits an update takes it."""

    def on_message(handle: OnMessage) -> Callback:
        async def callback(update: Update, context: Context) -> None:
            message = update.effective_message
            talk = await _meet(update, context, services, arrivals)
            if talk and message:
                await faults.answered(talk, handle(talk, services, message))

        return callback

    buttons = taps.Taps(services)

    async def on_tap(update: Update, context: Context) -> None:
        if update.callback_query is None:
            return
        await taps.acknowledge(update.callback_query)
        if talk := await _meet(update, context, services, arrivals):
            await faults.answered(talk, buttons.tapped(talk, update.callback_query.data or ""))

    async def on_membership(update: Update, context: Context) -> None:
        await start.membership_changed(context.bot, services, update)

    async def on_group(update: Update, context: Context) -> None:
        if update.effective_chat and update.effective_user:
            speak(language_of(update.effective_user.language_code))
            await start.decline(context.bot, update.effective_chat)

    async def on_error(update: object, context: Context) -> None:
        await faults.log_unexpected(update, context.error)

    commands: dict[str, OnMessage] = {
        "start": start.start,
        "help": start.help_,
        "cancel": start.cancel,
        "connect": accounts.connect,
        "accounts": accounts.show,
        "posts": posts.show,
        "calendar": calendar.show,
        "upload": uploading.show,
        "bulk": bulk.show,
        "templates": templates.show,
        "stats": stats.show,
        "settings": settings.show,
        "mydata": mydata.show,
    }
    handlers: list[BaseHandler[Update, Context, Any]] = [
        *(
            CommandHandler(name, on_message(handle), filters=PRIVATE)
            for name, handle in commands.items()
        ),
        MessageHandler(PRIVATE & filters.PHOTO, on_message(photos.received)),
        MessageHandler(PRIVATE & CLIP, on_message(clips.received)),
        MessageHandler(PRIVATE & filters.TEXT, on_message(texts.received)),
        MessageHandler(PRIVATE & filters.LOCATION, on_message(settings.located)),
        MessageHandler(PRIVATE & ~filters.StatusUpdate.ALL, on_message(clips.not_a_clip)),
        MessageHandler(filters.ChatType.GROUPS & ~filters.StatusUpdate.ALL, on_group),
        CallbackQueryHandler(on_tap),
        ChatMemberHandler(on_membership, ChatMemberHandler.MY_CHAT_MEMBER),
    ]
    application.add_handlers(handlers)
    application.add_error_handler(on_error)


async def _meet(
    update: Update, context: Context, services: Services, arrivals: Arrivals
) -> Conversation | None:
    """The conversation this update belongs to; None for strangers and for other chats."""
    user, chat = update.effective_user, update.effective_chat
    if user is None or chat is None or chat.type != chat.PRIVATE:
        return None
    speak(language_of(user.language_code))
    if not start.allowed(services, user.id):
        await start.turn_away(context.bot, chat.id)
        return None
    creator = await services.users.meet(user.id, chat_id=chat.id, locale=user.language_code)
    speak(language_of(creator.reads))
    query = update.callback_query
    return Conversation(
        bot=context.bot,
        creator=creator,
        arrival=arrivals.at(update.update_id),
        tapped_message_id=query.message.message_id if query and query.message else None,
    )
