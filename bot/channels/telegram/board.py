"""What is posted for staff, in their group or in private, and put right later."""

from aiogram import Bot
from aiogram.exceptions import TelegramBadRequest, TelegramMigrateToChat

from bot.channels.telegram.calls import EditText, SendText
from bot.channels.telegram.rendering import keyboard
from bot.channels.telegram.sender import translated
from bot.delivery import RetryLater
from bot.messages import Reply


class TelegramBoard:
    """Implements `Writer`: short messages that answer nobody, in plain text."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._moved: dict[str, str] = {}  # a group's old id → the id that it has as a supergroup

    def where(self, chat: str) -> str:
        """Return the id that a chat has by now."""
        return self._moved.get(chat, chat)

    async def post(self, chat: str, reply: Reply) -> str:
        """Write a message and return its id; a group that moved is to be asked for again, for buttons name it."""
        with translated():
            try:
                message = await self._bot(SendText(chat_id=chat, text=reply.text, reply_markup=keyboard(reply.buttons)))
            except TelegramMigrateToChat as error:
                self._moved[chat] = str(error.migrate_to_chat_id)
                raise RetryLater("the group has become a supergroup", 0.0) from error
        return str(message.message_id)

    async def edit(self, chat: str, message: str, reply: Reply) -> None:
        """Put a message of ours right, with its buttons."""
        with translated():
            try:
                buttons = keyboard(reply.buttons)
                await self._bot(EditText(chat_id=chat, message_id=int(message), text=reply.text, reply_markup=buttons))
            except TelegramBadRequest as error:
                if "message is not modified" not in error.message:  # it was done before
                    raise
