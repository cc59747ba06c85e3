"""The inbox: what came in, and the one transaction in which it is answered."""

import asyncio
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Connection, bindparam, delete, func, select, update

from bot.dialogue.ports import Conversation, Feedback, Letter, Turn
from bot.messages import Channel, Incoming
from bot.storage.case_writer import CaseWriter
from bot.storage.database import Database
from bot.storage.haste import Haste
from bot.storage.heads import Heads, heads
from bot.storage.outbox import SqlOutbox
from bot.storage.seal import Seal, SealError
from bot.storage.sealed import Address, Memory, Parcel, Sealed, address
from bot.storage.tables import Status, conversations, feedback, inbox, outbox

log = structlog.get_logger(__name__)

# What each message needs is put together once, for that takes longer than doing it.
_HEADS = (
    heads(inbox)
    .outerjoin(conversations, (conversations.c.channel == inbox.c.channel) & (conversations.c.chat == inbox.c.chat))
    .add_columns(conversations.c.region, conversations.c.memory, conversations.c.updated_at)
)
_ENDING = update(inbox).where(inbox.c.id == bindparam("row"), inbox.c.status == Status.WAITING)


class SqlInbox:
    """Implements `Inbox` for channels and `Letters` for the worker."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        replies: SqlOutbox,
        cases: CaseWriter,
        now: Callable[[], datetime],
        context: timedelta,
        haste: Haste,
        in_danger: Callable[[str], bool],
    ) -> None:
        """`in_danger` tells, at a glance, whether somebody who writes this may be."""
        self.arrived = asyncio.Event()
        self._database = database
        self._seal = seal
        self._replies = replies
        self._cases = cases
        self._now = now
        self._haste = haste
        self._in_danger = in_danger
        self._context = context  # how long a silent chat's exchanges stay in its context
        self._heads = Heads(database, inbox, _HEADS)
        self._messages = Sealed(seal, inbox, Incoming)
        self._memories = Sealed(seal, conversations, Memory)
        self._questions = Sealed(seal, feedback, str)
        self._adding = database.insert(inbox).on_conflict_do_nothing(index_elements=["channel", "key"])
        remembering = database.insert(conversations)
        self._remembering = remembering.on_conflict_do_update(
            index_elements=["channel", "chat"],
            set_={name: remembering.excluded[name] for name in ("region", "memory", "updated_at")},
            where=conversations.c.memory.is_not_distinct_from(bindparam("seen")),
        )

    async def accept(self, incoming: Incoming) -> bool:
        """Store the message for the worker; return False if this (channel, key) was known already."""
        (new,) = await self.accept_all([incoming])
        return new

    async def accept_all(self, messages: Sequence[Incoming]) -> list[bool]:
        """Store the messages in their order, all or none; tell of each whether it was new."""
        if not messages:
            return []
        now = self._now()
        rows = [self._row(incoming, now) for incoming in messages]

        def store(connection: Connection) -> list[bool]:  # one by one, for their ids must rise
            return [
                connection.execute(self._adding, row, execution_options={"preserve_rowcount": True}).rowcount == 1
                for row in rows
            ]

        new = await self._database.write(store)
        for incoming in messages:
            if self._in_danger(incoming.text):
                self._haste.add(self._address(incoming))
        if any(new):
            self.arrived.set()
        return new

    async def due(self, limit: int, busy: Collection[str]) -> Sequence[Letter]:
        """Return the oldest waiting message of each chat that is due and not in `busy`, those in danger first."""
        rows = await self._heads.read(self._now(), limit + len(busy), self._haste.chats())
        found: list[Letter] = []
        for row in rows:
            at = Address(Channel(row.channel), row.chat)
            if at.lane in busy or len(found) == limit:
                continue
            try:
                incoming = self._messages.open(row.payload, at)
            except SealError as error:  # its sender is sealed with it, so nobody can be told
                log.error("message.unreadable", inbox_id=row.id)
                await self._database.execute(_ENDING, self._end(row.id, type(error).__name__))
            else:
                conversation = self._conversation(row, at, incoming)
                found.append(Letter(row.id, at.lane, incoming, conversation, row.attempts, row.memory))
        return found

    async def finish(self, letter: Letter, turn: Turn, *, error: str | None = None) -> None:
        """Store the turn and mark the message done, or failed with `error`, all or nothing."""
        at = self._address(letter.incoming)

        def store(connection: Connection) -> None:
            if connection.execute(_ENDING, self._end(letter.id, error)).rowcount == 0:
                return  # answered already, by another process
            if turn.forget:
                self._forget(connection, at, letter.id)
            else:
                self._remember(connection, at, turn.conversation, letter.seen)
            for entry in turn.feedback:
                self._note(connection, at, entry)
            incoming = letter.incoming
            parcels = [Parcel(incoming.chat, incoming.key, reply) for reply in turn.replies]
            self._replies.store(connection, at, parcels, letter.id)
            self._cases.store(connection, turn.changes, self._now(), letter.id)

        await self._database.write(store)
        self._replies.announce(at)
        if turn.changes:
            self._cases.announce()

    async def postpone(self, letter: Letter, seconds: float, error: str) -> None:
        """Count a failed attempt and try again after `seconds`."""
        later = update(inbox).where(inbox.c.id == letter.id)
        values = {
            "attempts": inbox.c.attempts + 1,
            "due_at": self._now() + timedelta(seconds=seconds),
            "error": error[:200],
        }
        await self._database.execute(later.values(values))

    async def counts(self) -> dict[Status, int]:
        """Return how many messages are in each state."""
        rows = await self._database.read(select(inbox.c.status, func.count()).group_by(inbox.c.status))
        return {Status(status): count for status, count in rows}

    def _conversation(self, row: Any, at: Address, incoming: Incoming) -> Conversation:
        """Return what is remembered of the message's chat."""
        new = Conversation(incoming.channel, incoming.chat)
        if row.updated_at is None:
            return new
        memory = Memory()
        if row.memory is not None:
            try:
                memory = self._memories.open(row.memory, at)
            except SealError:  # a context is a help, not a record: go on without
                log.warning("conversation.unreadable", inbox_id=row.id)
        if row.updated_at <= self._now() - self._context:  # a form waits, but nobody leans on what was said long ago
            memory = Memory(draft=memory.draft, files=memory.files)
        return replace(new, region=row.region, **memory.remembered)

    def _address(self, incoming: Incoming) -> Address:
        return address(self._seal, incoming.channel, incoming.chat)

    def _row(self, incoming: Incoming, now: datetime) -> dict[str, Any]:
        at = self._address(incoming)
        return {
            "channel": at.channel,
            "chat": at.chat,
            "key": self._seal.digest("key", incoming.channel, incoming.key),
            "status": Status.WAITING,
            "payload": self._messages.close(incoming, at),
            "due_at": now,
            "created_at": now,
        }

    def _end(self, row_id: int, error: str | None) -> dict[str, Any]:
        values = {"row": row_id, "status": Status.DONE, "finished_at": self._now()}
        return values if error is None else {**values, "status": Status.FAILED, "error": error[:200]}

    def _remember(self, connection: Connection, at: Address, conversation: Conversation, seen: bytes | None) -> None:
        memory = Memory.of(conversation)
        values = {
            "channel": at.channel,
            "chat": at.chat,
            "region": conversation.region,
            "memory": self._memories.close(memory, at),
            "updated_at": self._now(),
        }
        counted = {"preserve_rowcount": True}
        stored = connection.execute(self._remembering, {**values, "seen": seen}, execution_options=counted)
        if stored.rowcount == 0:  # wiped while this was answered: what was said before must not come back
            values["memory"] = self._memories.close(replace(memory, exchanges=()), at)
            mine = (conversations.c.channel == at.channel, conversations.c.chat == at.chat)
            connection.execute(update(conversations).where(*mine).values(values))

    def _note(self, connection: Connection, at: Address, entry: Feedback) -> None:
        insert = self._database.insert(feedback).values(
            channel=at.channel,
            chat=at.chat,
            exchange=entry.exchange,
            verdict=entry.verdict,
            region=entry.region,
            question=self._questions.close(entry.question, at),
            created_at=self._now(),
        )
        connection.execute(insert.on_conflict_do_nothing(index_elements=["channel", "chat", "exchange"]))

    def _forget(self, connection: Connection, at: Address, letter_id: int) -> None:
        """Delete what messages up to this one left behind; replies that still wait go out no more."""
        for table in (conversations, feedback):
            connection.execute(delete(table).where(table.c.channel == at.channel, table.c.chat == at.chat))
        mine = (inbox.c.channel == at.channel, inbox.c.chat == at.chat, inbox.c.id <= letter_id)
        connection.execute(update(inbox).where(*mine).values(payload=None))
        theirs = (outbox.c.channel == at.channel, outbox.c.chat == at.chat)
        connection.execute(
            update(outbox)
            .where(*theirs, outbox.c.status == Status.WAITING)
            .values(status=Status.FAILED, error="forgotten")
        )
        connection.execute(update(outbox).where(*theirs).values(payload=None))
