"""Who is there and what was said: people, groups, messages, files."""

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from tests.telegram_api.errors import ApiError, BadRequestError


@dataclass
class Chat:
    """A private chat, whose id is its person's, or a group."""

    id: int
    type: str  # private, group, supergroup
    name: str
    blocked: bool = False  # the person blocked the bot, or the group put it out
    started: bool = True  # a bot cannot write first
    migrated_to: int | None = None

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "type": self.type, ("first_name" if self.type == "private" else "title"): self.name}


@dataclass
class Message:
    """One message as the chat shows it."""

    id: int
    chat: Chat
    sender: dict[str, Any]
    text: str = ""
    entities: list[dict[str, Any]] = field(default_factory=list)
    keyboard: list[list[dict[str, Any]]] = field(default_factory=list)
    media: dict[str, Any] = field(default_factory=dict)  # as in the API: photo, document, voice, location …
    reply_to: "Message | None" = None
    edits: int = 0
    silent: bool = False
    asks: bool = False  # a field opens for a reply, of those who are named if it is selective
    date: int = field(default_factory=lambda: int(time.time()))

    @property
    def labels(self) -> list[str]:
        """The buttons' labels, row after row."""
        return [button["text"] for row in self.keyboard for button in row]

    def entity_texts(self, kind: str) -> list[str]:
        """Return the words that an entity of this kind covers."""
        raw = self.text.encode("utf-16-le")
        return [
            raw[entity["offset"] * 2 : (entity["offset"] + entity["length"]) * 2].decode("utf-16-le")
            for entity in self.entities
            if entity["type"] == kind
        ]

    def as_json(self, reply: bool = True) -> dict[str, Any]:
        body: dict[str, Any] = {
            "message_id": self.id,
            "date": self.date,
            "chat": self.chat.as_json(),
            "from": self.sender,
            **self.media,
        }
        name = "caption" if self.media else "text"
        if self.text:
            body[name] = self.text
        if self.entities:
            body[f"{'caption_' if self.media else ''}entities"] = self.entities
        if self.keyboard:
            body["reply_markup"] = {"inline_keyboard": self.keyboard}
        if self.reply_to and reply:
            body["reply_to_message"] = self.reply_to.as_json(reply=False)
        if self.edits:
            body["edit_date"] = int(time.time())
        return body


@dataclass(frozen=True)
class File:
    """A file that somebody sent."""

    id: str
    content: bytes
    path: str


class World:
    """Everything that Telegram's servers would hold."""

    def __init__(self, bot: dict[str, Any]) -> None:
        self.bot = bot
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.files: dict[str, File] = {}
        self._message_ids = itertools.count(1)
        self._file_ids = itertools.count(1)

    def write(self, chat: Chat, sender: dict[str, Any], text: str = "", **details: Any) -> Message:
        """Put a message into a chat."""
        message = Message(next(self._message_ids), chat, sender, text, **details)
        self.messages[chat.id, message.id] = message
        return message

    def said_by_bot(self, chat: Chat) -> list[Message]:
        """Return what the bot wrote in a chat, oldest first."""
        return [message for message in self.messages.values() if message.chat is chat and message.sender is self.bot]

    def keep(self, content: bytes, suffix: str) -> File:
        """Store a file under an id of its own."""
        number = next(self._file_ids)
        file = File(f"AgAD-{number}", content, f"files/file_{number}{suffix}")
        self.files[file.id] = file
        return file

    def chat_for_bot(self, chat_id: int | str) -> Chat:
        """Return the chat that the bot may write to; raise what Telegram raises where it may not."""
        chat = self.chats.get(int(chat_id)) if str(chat_id).lstrip("-").isdigit() else None
        if chat is None or not chat.started:
            raise BadRequestError("chat not found")
        if chat.migrated_to is not None:
            raise BadRequestError("group chat was upgraded to a supergroup chat", migrate_to_chat_id=chat.migrated_to)
        if chat.blocked:
            gone = "bot was blocked by the user" if chat.type == "private" else "bot was kicked from the group chat"
            raise ApiError(403, f"Forbidden: {gone}")
        return chat
