"""What a case leaves in chats: news on their way, and what was said there; it goes when the case goes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, delete, select, update

from bot.cases.changes import Append, Change, EraseCase
from bot.cases.model import Move, State
from bot.messages import Channel
from bot.storage.case_tables import case_readers, cases, claimants
from bot.storage.seal import Seal, SealError
from bot.storage.sealed import Address, Memory, Parcel, Sealed
from bot.storage.tables import Status, conversations, feedback, inbox, outbox


@dataclass(frozen=True, slots=True)
class Chats:
    """Where a change takes somebody's words away: the chats, those that had news of the same cases, and these cases."""

    own: tuple[Address, ...] = ()
    told: tuple[Address, ...] = ()
    cases: frozenset[str] = frozenset()


class Traces:
    """Wipes chats within the caller's transaction, as `/forget` does, but for what other cases have said there."""

    def __init__(self, seal: Seal) -> None:
        self._parcels = Sealed(seal, outbox, Parcel)
        self._memories = Sealed(seal, conversations, Memory)

    def of(self, connection: Connection, change: Change, letter: int | None) -> Chats:
        """Return whose words go with the change; to be asked before it, for it destroys the addresses.

        `letter` is the message that brings it about: its chat may be another than the one that the case was brought in.
        So may those that were told of it for its receipt.
        """
        match change:
            case EraseCase(case=case):
                mine, readers = claimants.c.case_id == case, case_readers.c.case_id == case
            case Append(case=case) if leaving := [e.content.claimant for e in change.events if e.move is Move.LEAVE]:
                mine = (claimants.c.case_id == case) & claimants.c.number.in_(leaving)
                readers = (case_readers.c.case_id == case) & case_readers.c.claimant.in_(leaving)
            case _:
                return Chats()
        parent = connection.execute(select(cases.c.parent).where(cases.c.id == case)).scalar_one_or_none()
        own = _addresses(connection, _of_claimants(mine))
        own |= _addresses(connection, select(case_readers.c.channel, case_readers.c.chat).where(readers))
        if letter is not None:
            own |= _addresses(connection, select(inbox.c.channel, inbox.c.chat).where(inbox.c.id == letter))
        merged = (cases.c.parent == case) & (cases.c.state == State.MERGED)
        told = _addresses(connection, _of_claimants(merged)) if isinstance(change, EraseCase) else set()
        return Chats(tuple(own), tuple(told - own), frozenset({case, *([parent] if parent else ())}))

    def wipe(self, connection: Connection, chats: Chats, letter: int | None) -> None:
        """Take away the words, but for the replies to `letter`, which say that it is done."""
        for at in (*chats.own, *chats.told):
            self._wipe_news(connection, at, chats.cases)
        for at in chats.own:
            connection.execute(delete(feedback).where(*_at(feedback, at)))
            said = update(inbox).where(*_at(inbox, at), inbox.c.status != Status.WAITING)
            connection.execute(said.values(payload=None))
            # News answer no message: those of other cases stay.
            replies = outbox.c.inbox_id.is_not(None) if letter is None else outbox.c.inbox_id != letter
            _blank(connection, (*_at(outbox, at), replies))
            self._wipe_memory(connection, at, chats.cases)

    def _wipe_news(self, connection: Connection, at: Address, of: frozenset[str]) -> None:
        news = select(outbox).where(*_at(outbox, at), outbox.c.inbox_id.is_(None), outbox.c.payload.is_not(None))
        ids = [row.id for row in connection.execute(news).all() if self._is_of(row, at, of)]
        if ids:
            _blank(connection, (outbox.c.id.in_(ids),))

    def _is_of(self, row: Any, at: Address, of: frozenset[str]) -> bool:
        try:
            return news_of(self._parcels.open(row.payload, at)) in of
        except SealError:  # nobody can read it
            return False

    def _wipe_memory(self, connection: Connection, at: Address, of: frozenset[str]) -> None:
        mine = _at(conversations, at)
        sealed = connection.execute(select(conversations.c.memory).where(*mine)).scalar_one_or_none()
        if sealed is None:
            return
        try:
            left = replace(self._memories.open(sealed, at), exchanges=())
            if left.focus in of:
                left = replace(left, focus=None, correcting=None)
            if left.held is not None and left.held.case in of:
                left = replace(left, held=None)
            memory = self._memories.close(left, at)
        except SealError:
            memory = None
        connection.execute(update(conversations).where(*mine).values(memory=memory))


def news_key(case: str, about: str) -> str:
    """Return the key of a parcel that brings news of a case."""
    return f"case:{case}:{about}"


def news_of(parcel: Parcel) -> str:
    """Return the case that a parcel brings news of, or nothing."""
    kind, _, rest = parcel.key.partition(":")
    return rest.partition(":")[0] if kind == "case" else ""


def _at(table: Any, at: Address) -> Sequence[ColumnElement[bool]]:
    return table.c.channel == at.channel, table.c.chat == at.chat


def _of_claimants(which: ColumnElement[bool]) -> Select[Any]:
    own = select(claimants.c.channel, claimants.c.chat).join(cases, cases.c.id == claimants.c.case_id)
    return own.where(which, claimants.c.chat.is_not(None))


def _addresses(connection: Connection, query: Select[Any]) -> set[Address]:
    return {Address(Channel(row.channel), row.chat) for row in connection.execute(query).all()}


def _blank(connection: Connection, which: Sequence[ColumnElement[bool]]) -> None:
    """Blank replies and news; those that still wait go out no more."""
    waiting = update(outbox).where(*which, outbox.c.status == Status.WAITING)
    connection.execute(waiting.values(status=Status.FAILED, error="forgotten"))
    connection.execute(update(outbox).where(*which).values(payload=None))
