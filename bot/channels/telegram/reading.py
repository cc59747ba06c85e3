"""Updates → `Incoming`, each read once: whoever floods is told so, and then not heard for a while."""

import time
from dataclasses import replace
from typing import assert_never

import structlog
from aiogram.types import User

from bot.channels.telegram.floods import Floods, Passage
from bot.channels.telegram.incoming import message_incoming, tap_incoming
from bot.channels.telegram.updates import Message, Tap, Update
from bot.dialogue.actions import Action
from bot.messages import Incoming

log = structlog.get_logger(__name__)


class Reader:
    """Reads updates in the order in which they come."""

    def __init__(self, floods: Floods) -> None:
        self._floods = floods

    def read(self, update: Update, me: User) -> Incoming | None:
        """Return what an update brings; None for what is not said to the bot, or is of a flood and of no danger."""
        if update.message is not None:
            return self._said(update.message, update.update_id, me)
        if update.edited_message is not None and update.edited_message.text:  # other edits are places that move
            return self._said(update.edited_message, update.update_id, me)
        if update.callback_query is not None:
            return self._tapped(update.callback_query, update.update_id, me)
        return None

    def _said(self, message: Message, update_id: int, me: User) -> Incoming | None:
        incoming = message_incoming(message, update_id, me)
        if incoming is None:
            return None
        person = message.from_user.id if message.from_user else 0
        sent = message.edit_date or message.date
        return _passed(incoming, self._floods.passage(message.chat.id, person, sent, incoming.text))

    def _tapped(self, tap: Tap, update_id: int, me: User) -> Incoming | None:
        incoming = tap_incoming(tap, update_id, me)
        passage = self._floods.passage(tap.message.chat.id if tap.message else 0, tap.from_user.id, time.time())
        return _passed(incoming, passage) if incoming is not None else None


def _passed(incoming: Incoming, passage: Passage) -> Incoming | None:
    match passage:
        case Passage.FREE:
            return incoming
        case Passage.TOLD:  # it stands in the inbox for the first update too many: its sender is told in its order
            log.warning("telegram.flood", channel=incoming.channel)
            return replace(incoming, text="", action=Action.TOO_FAST, attachments=())
        case Passage.CLOSED:
            return None
        case _:
            assert_never(passage)
