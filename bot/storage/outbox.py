"""The outbox: replies on their way to a messenger, or shelved for a page that reads them itself."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from bot.dialogue.ports import Delivery, OutboxReply
from bot.messages import Channel, Incoming
from bot.storage.database import Database
from bot.storage.haste import Haste
from bot.storage.seal import Seal, SealError
from bot.storage.sealed import Address, Parcel, Sealed, address
from bot.storage.shipments import Shipments
from bot.storage.tables import Status, inbox, outbox

SHELVED = frozenset({Channel.WEB, Channel.CLI})  # these read their replies themselves
_ADDING = outbox.insert()  # put together once, for each reply comes by
_POLL = 5.0  # seconds; only for replies that another process has stored


class SqlOutbox(Shipments[Delivery]):
    """Implements `Outbox` for pages and `Deliveries` for the drainer."""

    def __init__(self, database: Database, seal: Seal, now: Callable[[], datetime], haste: Haste) -> None:
        super().__init__(database, outbox, now)
        self._seal = seal
        self._haste = haste
        self._parcels = Sealed(seal, outbox, Parcel)
        self._messages = Sealed(seal, inbox, Incoming)
        self._listeners: defaultdict[Address, set[asyncio.Event]] = defaultdict(set)

    # --- for the worker's transaction ---

    def store(
        self, connection: Connection, to: Address, parcels: Sequence[Parcel], letter_id: int | None = None
    ) -> None:
        """Add the parcels within the caller's transaction; `announce` them once it is committed.

        `letter_id` is of the message that they answer; news of a case answers none.
        """
        now = self._now()
        rows = [
            {
                "inbox_id": letter_id,
                "channel": to.channel,
                "chat": to.chat,
                "status": Status.SHELVED if to.channel in SHELVED else Status.WAITING,
                "payload": self._parcels.close(parcel, to),
                "due_at": now,
                "created_at": now,
            }
            for parcel in parcels
        ]
        if rows:
            connection.execute(_ADDING, rows)

    def announce(self, to: Address) -> None:
        """Wake the drainer and the pages that wait for this chat."""
        self.ready.set()
        for listener in self._listeners.get(to, ()):
            listener.set()

    def announce_all(self) -> None:
        """Wake the drainer and all pages: news of a case goes to chats that the caller does not know."""
        self.ready.set()
        for listeners in self._listeners.values():
            for listener in listeners:
                listener.set()

    # --- for pages ---

    async def after(self, channel: Channel, chat: str, after: int = 0) -> list[OutboxReply]:
        """Return the chat's replies with ids above `after`, in order."""
        at = address(self._seal, channel, chat)
        query = (
            select(outbox.c.id, outbox.c.payload, outbox.c.created_at, inbox.c.payload.label("message"))
            .outerjoin(inbox, inbox.c.id == outbox.c.inbox_id)  # what staff have said answers no message
            .where(outbox.c.channel == at.channel, outbox.c.chat == at.chat, outbox.c.id > after)
            .where(outbox.c.payload.is_not(None))
            .order_by(outbox.c.id)
        )
        rows = await self._database.read(query)
        return [self._reply(row, at) for row in rows]

    async def wait(self, channel: Channel, chat: str, after: int, timeout: float) -> list[OutboxReply]:  # noqa: ASYNC109
        """Return them as soon as there is one, or [] after `timeout` seconds."""
        at = address(self._seal, channel, chat)
        listener = asyncio.Event()
        self._listeners[at].add(listener)
        deadline = asyncio.get_running_loop().time() + timeout
        try:
            while True:
                listener.clear()
                replies = await self.after(channel, chat, after)
                left = deadline - asyncio.get_running_loop().time()
                if replies or left <= 0:
                    return replies
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(left, _POLL)):
                        await listener.wait()
        finally:
            self._listeners[at].discard(listener)
            if not self._listeners[at]:
                del self._listeners[at]

    # --- for the drainer ---

    async def due(self, limit: int, busy: Collection[str], channels: Collection[str]) -> Sequence[Delivery]:
        """Return the oldest unsent reply of each chat whose time has come and whose lane is not in `busy`."""
        found: list[Delivery] = []
        rows = await self._heads.read(self._now(), limit + len(busy), self._haste.chats(), channels=list(channels))
        for row in rows:
            at = Address(Channel(row.channel), row.chat)
            if at.lane in busy or len(found) == limit:
                continue
            try:
                parcel = self._parcels.open(row.payload, at)
            except SealError as error:
                await self._end(row.id, Status.FAILED, error=type(error).__name__)
                continue
            found.append(
                Delivery(row.id, at.lane, at.channel, parcel.chat, parcel.reply, parcel.key, row.attempts, row.failures)
            )
        return found

    def _reply(self, row: Any, at: Address) -> OutboxReply:
        parcel = self._parcels.open(row.payload, at)
        if row.message is None:
            return OutboxReply(row.id, parcel.reply, parcel.key, "", row.created_at)
        asked = self._messages.open(row.message, at)
        files = tuple(attachment.name or attachment.kind for attachment in asked.attachments)
        return OutboxReply(row.id, parcel.reply, parcel.key, asked.text, row.created_at, asked.action, files)
