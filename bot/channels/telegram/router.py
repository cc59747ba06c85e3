"""The handlers of updates; aiogram hands them what they name."""

from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message, Update

from bot.channels.telegram.incoming import message_incoming, tap_incoming
from bot.channels.telegram.taps import OpenTaps
from bot.dialogue.ports import Inbox


def build_router() -> Router:
    """Return a router of its own for each dispatcher, for a router has one parent."""
    router = Router(name="niangjia")
    router.message.register(on_message)
    router.edited_message.register(on_message, F.text)  # a question put right; other edits are places that move
    router.callback_query.register(on_tap)
    return router


async def on_message(message: Message, event_update: Update, bot: Bot, inbox: Inbox) -> None:
    """Store what a person said."""
    incoming = message_incoming(message, event_update.update_id, await bot.me())
    if incoming is not None:
        await inbox.accept(incoming)


async def on_tap(tap: CallbackQuery, event_update: Update, bot: Bot, inbox: Inbox, taps: OpenTaps) -> None:
    """Store a tap, and let the button know."""
    incoming = tap_incoming(tap, event_update.update_id, await bot.me())
    new = incoming is not None and await inbox.accept(incoming)
    taps.open(str(event_update.update_id), tap.id, wait=new)
