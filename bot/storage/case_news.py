"""What follows from changes of cases for others, within the same transaction: news, notices and counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, distinct, func, select

from bot.cases.changes import CallStaff, NoticeKind
from bot.cases.deadlines import Times
from bot.cases.duplicates import WATCHED, crossed
from bot.cases.model import Case, Event, Move, Party, State
from bot.cases.telling import letter, told
from bot.messages import Channel, Reply
from bot.notices.model import LONGEST_NAME, Kind, Notice
from bot.notices.words import SOMEBODY
from bot.storage.case_rows import URGENCIES, cipher_of, person_of
from bot.storage.case_tables import cases, claimants
from bot.storage.notices import SqlNotices
from bot.storage.outbox import SqlOutbox
from bot.storage.seal import Seal
from bot.storage.sealed import Address, Parcel
from bot.storage.staff_tables import staff
from bot.storage.traces import news_key
from knowledge.organizations import Organization, Organizations
from knowledge.regions import Regions
from knowledge.vocabulary import Category

# Made once, for each new case asks for them: making them takes longer than asking.
_CALLED = select(cases.c.number, cases.c.urgency, cases.c.category, cases.c.handler).where(
    cases.c.id == bindparam("case")
)
_WORKERS = (
    select(func.count(distinct(claimants.c.channel + claimants.c.chat)))
    .join(cases, cases.c.id == claimants.c.case_id)
    .where(cases.c.employer == bindparam("employer"), claimants.c.joined_at > bindparam("since"))
)


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What cases are judged by: time limits, unions and regions."""

    times: Times
    organizations: Organizations
    regions: Regions


class CaseNews:
    """Tells claimants and calls staff."""

    def __init__(self, seal: Seal, outbox: SqlOutbox, notices: SqlNotices, organizations: Organizations) -> None:
        self._seal = seal
        self._outbox = outbox
        self._notices = notices
        self._organizations = organizations

    def announce(self) -> None:
        """Wake whoever sends it, once the transaction is committed."""
        self._notices.announce()
        self._outbox.announce_all()

    def spread(self, connection: Connection, case: Case, events: Sequence[Event]) -> None:
        """Tell the claimants, but for the one who acted."""
        news = told(case, events, self._organizations)
        if not news:
            return
        workers = (each.actor for each in events if each.actor.party is Party.WORKER)  # what follows is the system's
        acted = next((int(each.id) for each in workers if each.id), None)
        for row in connection.execute(_recipients(case.id)).all():
            if row.case_id == case.id and row.number == acted:
                continue
            category = Category(row.category)
            letters = [(letter(each, row.case_id, category, row.opened_at), str(each.event)) for each in news]
            self._post(connection, row, case.id, letters)

    def tell(
        self, connection: Connection, case: str, replies: Sequence[tuple[Reply, str]], *, only: int | None
    ) -> None:
        """Send replies, each with a word that makes its key, to one claimant of the case or to all."""
        for row in connection.execute(_recipients(case)).all():
            if only is None or (row.case_id == case and row.number == only):
                self._post(connection, row, case, replies)

    def _post(self, connection: Connection, row: Any, case: str, replies: Sequence[tuple[Reply, str]]) -> None:
        cipher = cipher_of(self._seal, row.case_id, row.key)
        if cipher is None:
            return
        to = Address(Channel(row.channel), row.chat)
        chat = person_of(row, cipher).chat
        self._outbox.store(connection, to, [Parcel(chat, news_key(case, key), reply) for reply, key in replies])

    def taken(self, connection: Connection, case: Case, event: Event) -> None:
        """Tell those who were called that somebody has taken the emergency, or who handles the case by now."""
        undone = case.events[event.content.undone - 1 : event.number] if event.content.undone else ()
        if event.move is Move.ACKNOWLEDGE:
            self._notices.hush(connection, case.number)
            by = event.actor.name or event.actor.id  # by a link of the roster it is the name of an entry there
            self._notices.taken(connection, case.number, by[:LONGEST_NAME] or SOMEBODY, emergency=True)
        elif Move.ASSIGN in (event.move, *(each.move for each in undone)):
            name = connection.execute(select(staff.c.name).where(staff.c.id == case.handler)).scalar_one_or_none()
            by = name or (SOMEBODY if case.handler else "")
            self._notices.taken(connection, case.number, by, emergency=False)

    def call(self, connection: Connection, call: CallStaff) -> None:
        """Call a union's staff to a case."""
        row = connection.execute(_CALLED, {"case": call.case}).one()
        union = self._known(call.organization)
        notice = Notice(
            Kind(call.kind),
            union.name,
            URGENCIES[row.urgency],
            row.number,
            Category(row.category),
            call.due_at,
            call.call,
            call.level,
            call.count,
            claimed=row.handler is not None,
            called=union.called,
        )
        self._notices.store(connection, notice, row.handler)

    def _known(self, union: str) -> Organization:
        """Return the union, or the highest one if it is not in the directory any more: nobody's case is silent."""
        known = self._organizations.organizations
        return known.get(union) or next(each for each in known.values() if each.parent is None)

    def workers_at(self, connection: Connection, employer: str | None, now: datetime) -> int:
        """Count the accounts that brought something about the employer of late."""
        if employer is None:
            return 0
        values = {"employer": employer, "since": now - WATCHED}
        count: int = connection.execute(_WORKERS, values).scalar_one()
        return count

    def warn(self, connection: Connection, case: Case, employer: str | None, before: int, now: datetime) -> None:
        """Tell the supervisor a count where several workers come from one employer within days."""
        count = crossed(before, self.workers_at(connection, employer, now))
        if count is not None:
            self.call(connection, CallStaff(NoticeKind.SEVERAL, case.id, case.organization, count=count))


def _recipients(case: str) -> Select[Any]:
    """Select who can be written to of a case and of those merged into it, with what their own case says of itself."""
    own = cases.c.id == case
    merged = (cases.c.parent == case) & (cases.c.state == State.MERGED)
    return (
        select(claimants, cases.c.key, cases.c.category, cases.c.opened_at)
        .join(cases, cases.c.id == claimants.c.case_id)
        .where(own | merged, claimants.c.chat.is_not(None), claimants.c.payload.is_not(None))
    )
