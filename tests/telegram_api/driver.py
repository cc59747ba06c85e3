"""People at their phones: a test reads as the conversation that it is."""

import asyncio
import contextlib
import itertools
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from tests.telegram_api.markup import spoken_entities
from tests.telegram_api.updates import Update
from tests.telegram_api.world import Chat, Message

if TYPE_CHECKING:
    from tests.telegram_api.server import TelegramApi

PATIENCE = 10.0  # seconds until a person gives up waiting
_query_ids = itertools.count(40_001)


class Sight:
    """Wakes those who wait for something to be seen, each time that a call comes in or was answered."""

    def __init__(self) -> None:
        self._waiting: set[asyncio.Event] = set()

    @contextlib.contextmanager
    def of_change(self) -> Iterator[None]:
        self._wake()
        try:
            yield
        finally:
            self._wake()

    def _wake(self) -> None:
        for event in self._waiting:
            event.set()

    async def until(self, seen: Callable[[], Any], patience: float = PATIENCE) -> None:
        """Wait until `seen()` is true; raise TimeoutError when patience, in seconds, ends."""
        event = asyncio.Event()
        self._waiting.add(event)
        try:
            async with asyncio.timeout(patience):
                while not seen():
                    await event.wait()
                    event.clear()
        finally:
            self._waiting.discard(event)


class Person:
    """Somebody in a chat with the bot."""

    def __init__(self, api: "TelegramApi", chat: Chat, account: dict[str, Any]) -> None:
        self.chat = chat
        self._api = api
        self._account = account
        self._read = 0

    @property
    def heard(self) -> list[Message]:
        """All that the bot has written in this chat, oldest first."""
        return self._api.world.said_by_bot(self.chat)

    def within(self, group: Chat) -> "Person":
        """Return the same person at another chat."""
        return Person(self._api, group, self._account)

    async def says(self, text: str, reply_to: Message | None = None) -> Update:
        """Send words; return the update that the bot gets."""
        return await self._sends(text=text, entities=spoken_entities(text), reply_to=reply_to)

    async def edits(self, update: Update, text: str) -> Update:
        """Change words that were sent before."""
        message = self._api.world.messages[self.chat.id, update["message"]["message_id"]]
        message.text, message.entities, message.edits = text, spoken_entities(text), message.edits + 1
        return await self._api.updates.push("edited_message", message.as_json())

    async def shares_location(self, latitude: float, longitude: float) -> Update:
        return await self._sends(media={"location": {"latitude": latitude, "longitude": longitude}})

    async def sends_photo(self, content: bytes, caption: str = "", reply_to: Message | None = None) -> Update:
        sizes = [self._file(content[: len(content) // 2], ".jpg"), self._file(content, ".jpg")]
        photo = [size | {"width": edge, "height": edge} for size, edge in zip(sizes, (90, 1280), strict=True)]
        return await self._sends(text=caption, media={"photo": photo}, reply_to=reply_to)

    async def sends_document(self, name: str, content: bytes, mime: str) -> Update:
        document = self._file(content, ".bin") | {"file_name": name, "mime_type": mime}
        return await self._sends(media={"document": document})

    async def sends_voice(self, content: bytes, seconds: int) -> Update:
        return await self._sends(media={"voice": self._file(content, ".oga") | {"duration": seconds}})

    async def sends_sticker(self, emoji: str) -> Update:
        shape = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return await self._sends(media={"sticker": self._file(b"RIFF", ".webp") | shape | {"emoji": emoji}})

    async def joins(self) -> Update:
        """Enter the group, which the group sees as a service message."""
        return await self._sends(media={"new_chat_members": [self._account]})

    async def taps(self, label: str, on: Message | None = None) -> "Tap":
        """Tap the newest button with this label, or the one under a message."""
        for message in reversed(self.heard) if on is None else (on,):
            for button in (button for row in message.keyboard for button in row):
                if button["text"] == label and "callback_data" in button:
                    return await self._tap(message, button["callback_data"])
        raise AssertionError(f"no button {label!r}; there are {[message.labels for message in self.heard]}")

    async def forges(self, data: str, on: Message) -> "Tap":
        """Send what no button under the message says, as a changed app can."""
        return await self._tap(on, data)

    async def receives(self, patience: float = PATIENCE) -> Message:
        """Wait for the bot's next message in this chat."""
        try:
            await self._api.sight.until(lambda: len(self.heard) > self._read, patience)
        except TimeoutError:
            raise AssertionError(f"nothing came after {[m.text[:80] for m in self.heard]}") from None
        self._read += 1
        return self.heard[self._read - 1]

    async def asks(self, text: str) -> Message:
        """Say something and wait for the next message."""
        await self.says(text)
        return await self.receives()

    def blocks(self) -> None:
        """Block the bot."""
        self.chat.blocked = True

    def unblocks(self) -> None:
        """Let the bot write again."""
        self.chat.blocked = False

    async def _sends(self, **details: Any) -> Update:
        message = self._api.world.write(self.chat, self._account, **details)
        return await self._api.updates.push("message", message.as_json())

    def _file(self, content: bytes, suffix: str) -> dict[str, Any]:
        file = self._api.world.keep(content, suffix)
        return {"file_id": file.id, "file_unique_id": file.id, "file_size": len(content)}

    async def _tap(self, message: Message, data: str) -> "Tap":
        query = str(next(_query_ids))
        self._api.methods.open_taps.add(query)
        update = await self._api.updates.push(
            "callback_query",
            {
                "id": query,
                "from": self._account,
                "chat_instance": str(self.chat.id),
                "data": data,
                "message": message.as_json(),
            },
        )
        return Tap(self._api, query, update)


class Tap:
    """A tapped button, whose clock turns until the bot answers the query."""

    def __init__(self, api: "TelegramApi", query: str, update: Update) -> None:
        self.query = query
        self.update = update
        self._api = api

    def expires(self) -> None:
        """Let the query grow too old to be answered."""
        self._api.methods.open_taps.discard(self.query)

    async def toast(self) -> str:
        """Wait until the query is answered; return the words shown over the chat, "" for none."""
        toasts = self._api.methods.toasts
        await self._api.sight.until(lambda: self.query in toasts)
        return toasts[self.query]
