"""Notices to staff: what the desk shows, and what is on its way to those who are called."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select, update

from bot.notices.model import Address, Dispatch, Kind, Medium, Notice, Undelivered
from bot.notices.ports import Addressee, Addressing
from bot.storage.database import Database
from bot.storage.messengers import SqlMessengers
from bot.storage.notice_tables import notices
from bot.storage.seal import Seal
from bot.storage.sealed import Sealed
from bot.storage.shipments import Shipments
from bot.storage.tables import Status
from knowledge.errors import NiangjiaError

SUPERSEDED = "superseded"  # error of a call that a later one, or somebody's answer, made idle
_AMENDED = 8  # messages about one case that are put right at most
_WRITTEN = frozenset({Medium.TELEGRAM})  # messages that can be put right


@dataclass(frozen=True, slots=True)
class _Parcel:
    notice: Notice
    address: Address
    amends: str | None = None


@dataclass(frozen=True, slots=True)
class _Place:
    """An address as the table knows it."""

    medium: str
    chat: str  # digest

    @property
    def lane(self) -> str:
        return f"{self.medium}:{self.chat}"


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice as the desk shows it."""

    id: int  # rises with time
    notice: Notice
    at: datetime


class SqlNotices(Shipments[Dispatch]):
    """Implements `Deliveries` of dispatches for the drainer; the case book stores through it, the desk reads it."""

    def __init__(
        self,
        database: Database,
        seal: Seal,
        now: Callable[[], datetime],
        addressing: Addressing | None = None,
        messengers: SqlMessengers | None = None,
    ) -> None:
        """Without `addressing` nobody is called: the desk alone shows what there is.

        With `messengers` handlers who linked an account are told of their cases in private.
        """
        super().__init__(database, notices, now)
        self._seal = seal
        self._addressing = addressing
        self._messengers = messengers
        self._parcels = Sealed(seal, notices, _Parcel)

    # --- for the case book's transaction ---

    def store(self, connection: Connection, notice: Notice, handler: str | None = None) -> None:
        """Add the desk's row and one for everybody who is to be told, within the caller's transaction.

        `handler` is the digest of who handles the case, who is told in private, though not at night.

        A repeated call takes the place of the ones before that still wait, and the desk has it already. `announce` it
        once it is committed.
        """
        now = self._now()
        if notice.kind is Kind.EMERGENCY and notice.case is not None:
            self.hush(connection, notice.case)
        told = [] if notice.call > 1 else [Addressee(Address(Medium.DESK, notice.union), now)]
        called = self._addressing.addressees(notice, now) if self._addressing is not None else ()
        told += called
        if handler is not None and self._messengers is not None and notice.kind is not Kind.EMERGENCY:
            private = self._messengers.address(connection, handler)
            opens = min((each.due for each in called), default=now)
            if private is not None and private not in {each.address.target for each in called}:
                told.append(Addressee(Address(Medium.TELEGRAM, private), opens))
        rows = [self._row(_Parcel(notice, each.address), each.due, now) for each in told]
        if rows:
            connection.execute(notices.insert(), rows)

    def taken(self, connection: Connection, case: str, by: str, *, emergency: bool) -> None:
        """Tell those who were called to a case who has it now, "" for nobody, within the caller's transaction.

        Messages that can be put right are, and what waits will say it; of an emergency the others are told once.
        """
        kinds = notices.c.kind == Kind.EMERGENCY if emergency else notices.c.kind.not_in((Kind.EMERGENCY, Kind.TAKEN))
        called = (kinds, notices.c.case_number == case, notices.c.payload.is_not(None))
        # What waits first: what is recorded as sent meanwhile is among what was.
        waiting = select(notices).where(*called, notices.c.status == Status.WAITING).with_for_update()
        for row, parcel in self._opened(connection, waiting):
            payload = self._parcels.close(replace(parcel, notice=replace(parcel.notice, by=by)), _place(row))
            connection.execute(update(notices).where(notices.c.id == row.id).values(payload=payload))
        if emergency:
            self.hush(connection, case)
        kept = or_(notices.c.error.is_(None), notices.c.error != SUPERSEDED)
        carried = select(notices).where(*called, notices.c.status == Status.DONE, kept).order_by(notices.c.id.desc())
        rows, told = list[dict[str, object]](), set[str]()
        for row, parcel in self._opened(connection, carried.limit(_AMENDED)):
            after = _after(parcel, row.remote_id, by)
            if after is None or (after.amends is None and row.chat in told):
                continue
            told.add(row.chat)
            rows.append(self._row(after, self._now(), self._now()))
        if rows:
            connection.execute(notices.insert(), rows)

    def hush(self, connection: Connection, case: str) -> None:
        """Take back calls to an emergency that still wait, within the caller's transaction."""
        waiting = update(notices).where(
            notices.c.case_number == case, notices.c.kind == Kind.EMERGENCY, notices.c.status == Status.WAITING
        )
        connection.execute(waiting.values(status=Status.DONE, error=SUPERSEDED, finished_at=self._now()))

    def announce(self) -> None:
        """Wake the drainer."""
        self.ready.set()

    # --- for the desk ---

    async def shown(self, unions: Collection[str], after: int = 0, limit: int = 50) -> list[ShownNotice]:
        """Return these unions' notices with ids above `after`, newest first."""
        query = (
            select(notices)
            .where(notices.c.status == Status.SHELVED, notices.c.payload.is_not(None))
            .where(notices.c.organization.in_(unions), notices.c.id > after)
            .order_by(notices.c.id.desc())
            .limit(limit)
        )
        rows = await self._database.read(query)
        return [
            ShownNotice(row.id, self._parcels.open(row.payload, _place(row)).notice, row.created_at) for row in rows
        ]

    async def undelivered(self, unions: Collection[str], since: datetime, limit: int = 20) -> list[Undelivered]:
        """Return these unions' notices that were given up after `since`, newest first."""
        query = (
            select(notices)
            .where(notices.c.status == Status.FAILED, notices.c.payload.is_not(None))
            .where(notices.c.organization.in_(unions), notices.c.finished_at > since)
            .order_by(notices.c.id.desc())
            .limit(limit)
        )
        found = []
        for row in await self._database.read(query):
            with suppress(NiangjiaError):  # given up because it does not open
                parcel = self._parcels.open(row.payload, _place(row))
                found.append(Undelivered(parcel.notice, parcel.address, row.finished_at))
        return found

    # --- for the drainer ---

    async def due(self, limit: int, busy: Collection[str], channels: Collection[str]) -> Sequence[Dispatch]:
        """Return the oldest unsent notice of each lane whose time has come and whose lane is not in `busy`."""
        found: list[Dispatch] = []
        for row in await self._heads.read(self._now(), limit + len(busy), channels=list(channels)):
            place = _place(row)
            if place.lane in busy or len(found) == limit:
                continue
            try:
                parcel = self._parcels.open(row.payload, place)
            except NiangjiaError as error:  # the key is another one, or it holds what no notice may hold any more
                await self._end(row.id, Status.FAILED, error=type(error).__name__)
                continue
            found.append(
                Dispatch(row.id, place.lane, parcel.notice, parcel.address, parcel.amends, row.attempts, row.failures)
            )
        return found

    async def sent(self, item: Dispatch, /, remote_id: str | None) -> None:
        """Record that it was taken; if somebody took the case while it was under way, put it right."""

        def work(connection: Connection) -> None:
            connection.execute(self._tried, self._settled(item.id, Status.DONE, remote_id=remote_id))
            still = select(notices).where(notices.c.id == item.id, notices.c.payload.is_not(None))
            for _, parcel in self._opened(connection, still):
                after = _after(parcel, remote_id, parcel.notice.by)
                if after is not None and parcel.notice.by != item.notice.by:
                    connection.execute(notices.insert(), self._row(after, self._now(), self._now()))

        await self._database.write(work)
        self.announce()

    def _opened(self, connection: Connection, query: Select[Any]) -> Iterator[tuple[Any, _Parcel]]:
        """Yield rows with what they hold, but for those of another key: they hold nobody up."""
        for row in connection.execute(query).all():
            with suppress(NiangjiaError):
                yield row, self._parcels.open(row.payload, _place(row))

    def _row(self, parcel: _Parcel, due: datetime, now: datetime) -> dict[str, object]:
        notice, address = parcel.notice, parcel.address
        kind = Kind.TAKEN if parcel.amends else notice.kind
        # These have a lane of their own, so that nothing that waits for the morning holds them back.
        lane = kind if kind in (Kind.EMERGENCY, Kind.TAKEN) else ""
        place = _Place(address.medium, self._seal.digest("notice", address.medium, address.target, lane))
        return {
            "channel": place.medium,
            "chat": place.chat,
            "status": Status.SHELVED if address.medium is Medium.DESK else Status.WAITING,
            "kind": kind,
            "organization": notice.union,
            "case_number": notice.case,
            "payload": self._parcels.close(parcel, place),
            "due_at": due,
            "created_at": now,
        }


def _place(row: Any) -> _Place:
    return _Place(row.channel, row.chat)


def _after(parcel: _Parcel, remote_id: str | None, by: str) -> _Parcel | None:
    """Return what puts a message right; where that cannot be, what follows a call to an emergency."""
    if parcel.address.medium in _WRITTEN and remote_id is not None:
        return _Parcel(replace(parcel.notice, by=by), parcel.address, remote_id)
    if parcel.notice.kind is not Kind.EMERGENCY:
        return None
    return _Parcel(replace(parcel.notice, kind=Kind.TAKEN, call=1, due=None, by=by), parcel.address)
