"""The handlers of updates; aiogram hands them what they name."""

import time
from dataclasses import replace

import structlog
from aiogram import Bot, F, Router
from aiogram.types import CallbackQuery, Message, Update

from bot.channels.telegram.floods import Floods, Passage
from bot.channels.telegram.incoming import message_incoming, tap_incoming
from bot.channels.telegram.taps import OpenTaps
from bot.dialogue.actions import Action
from bot.dialogue.ports import Inbox
from bot.messages import Incoming

log = structlog.get_logger(__name__)


def build_router() -> Router:
    """Return a router of its own for each dispatcher, for a router has one parent."""
    router = Router(name="niangjia")
    router.message.register(on_message)
    router.edited_message.register(on_message, F.text)  # a question put right; other edits are places that move
    router.callback_query.register(on_tap)
    return router


async def on_message(message: Message, event_update: Update, bot: Bot, inbox: Inbox, floods: Floods) -> None:
    """Store what a person said; of a flood nothing but what speaks of danger."""
    incoming = message_incoming(message, event_update.update_id, await bot.me())
    if incoming is None:
        return
    person = message.from_user.id if message.from_user else 0
    sent = message.edit_date or message.date.timestamp()
    passage = floods.passage(message.chat.id, person, float(sent), incoming.text)
    if passage is not Passage.CLOSED:
        await inbox.accept(incoming if passage is Passage.FREE else _too_fast(incoming))


async def on_tap(
    tap: CallbackQuery, event_update: Update, bot: Bot, inbox: Inbox, taps: OpenTaps, floods: Floods
) -> None:
    """Store a tap, and let the button know."""
    incoming = tap_incoming(tap, event_update.update_id, await bot.me())
    passage = floods.passage(tap.message.chat.id if tap.message else 0, tap.from_user.id, time.time())
    if incoming is not None and passage is Passage.TOLD:
        incoming = _too_fast(incoming)
    new = incoming is not None and passage is not Passage.CLOSED and await inbox.accept(incoming)
    taps.open(str(event_update.update_id), tap.id, wait=new)


def _too_fast(incoming: Incoming) -> Incoming:
    """Return what stands in the inbox for the first update too many, so that its sender is told in its order."""
    log.warning("telegram.flood", channel=incoming.channel)
    return replace(incoming, text="", action=Action.TOO_FAST, attachments=())
