"""Telegram's updates → `Incoming`."""

import re

from aiogram.types import User

from bot.channels.telegram.updates import Chat, Message, Tap
from bot.messages import Attachment, Channel, Incoming

PRIVATE = "private"
LONGEST = 200  # characters of a message of ours that one replies to
COMMAND = re.compile(r"/\w+(?:@(\w+))?")


def message_incoming(message: Message, update_id: int, me: User) -> Incoming | None:
    """Return what a person said to the bot; None for what is said to others, and for Telegram's own notices."""
    words = message.text or message.caption or (message.sticker.emoji if message.sticker else None) or ""
    attachments = _attachments(message)
    if not (words or attachments or message.sticker or message.contact):
        return None
    if message.chat.type != PRIVATE and not _addressed(message, words, me):
        return None
    return Incoming(
        channel=Channel.TELEGRAM,
        chat=str(message.chat.id),
        key=str(update_id),
        alone_at=_alone_at(message.chat, me),
        text=re.sub(rf"@{me.username}\b", "", _whole(words), flags=re.IGNORECASE).strip(),
        attachments=attachments,
        sender=str(message.from_user.id) if message.from_user else "",
        answers=_actions(message.reply_to_message) if _to_us(message, me) else (),
        answered=_words(message.reply_to_message) if _to_us(message, me) else "",
        edited=message.edit_date is not None,
    )


def tap_incoming(tap: Tap, update_id: int, me: User) -> Incoming | None:
    """Return a tap on one of our buttons; None where Telegram does not say in which chat, or what was tapped."""
    if tap.message is None or not tap.data:
        return None
    return Incoming(
        channel=Channel.TELEGRAM,
        chat=str(tap.message.chat.id),
        key=str(update_id),
        alone_at=_alone_at(tap.message.chat, me),
        action=tap.data,
        sender=str(tap.from_user.id),
    )


def _alone_at(chat: Chat, me: User) -> str:
    """Return the address of the bot's private chat for what comes from a group, "" for what comes from there."""
    return "" if chat.type == PRIVATE else f"https://t.me/{me.username}?start"


def _whole(words: str) -> str:
    """Return `words` without halves of signs, which JSON can hold and nothing can store."""
    return words.encode(errors="replace").decode()


def _addressed(message: Message, words: str, me: User) -> bool:
    """Tell whether words in a group are meant for the bot: a command, its name, or an answer to it."""
    if command := COMMAND.match(words):
        return command[1] is None or command[1].lower() == (me.username or "").lower()
    if re.search(rf"@{me.username}\b", words, re.IGNORECASE):
        return True
    return _to_us(message, me)


def _to_us(message: Message, me: User) -> bool:
    answered = message.reply_to_message
    return answered is not None and answered.from_user is not None and answered.from_user.id == me.id


def _actions(message: Message | None) -> tuple[str, ...]:
    """Return the actions of the buttons under a message."""
    markup = message.reply_markup if message else None
    keys = (key for row in markup.inline_keyboard for key in row) if markup else ()
    return tuple(key.callback_data for key in keys if key.callback_data)


def _words(message: Message | None) -> str:
    """Return what a message without buttons says."""
    return (message.text or "")[:LONGEST] if message and message.reply_markup is None else ""


def _attachments(message: Message) -> tuple[Attachment, ...]:
    found: list[Attachment] = []
    if message.photo:
        largest = message.photo[-1]
        found.append(Attachment("photo", largest.file_id, mime="image/jpeg", size=largest.file_size))
    if file := message.document:
        found.append(Attachment("document", file.file_id, file.file_name, file.mime_type, file.file_size))
    if sound := message.voice or message.audio:
        found.append(Attachment("voice", sound.file_id, mime=sound.mime_type, size=sound.file_size))
    if film := message.video:
        found.append(Attachment("video", film.file_id, film.file_name, film.mime_type, film.file_size))
    if note := message.video_note:
        found.append(Attachment("video", note.file_id, size=note.file_size))
    if place := message.location:
        found.append(Attachment("location", f"{place.latitude},{place.longitude}"))
    return tuple(found)
