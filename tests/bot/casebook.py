"""Cases in memory, for what is tested without a database."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.cases.changes import Append, Change, EraseCase, NewClaimant, OpenCase, Reach
from bot.cases.model import Case, Claimant, Evidence, KeptFile, Move, fold
from bot.cases.ports import CaseBook, Conflict, EvidenceRefused, Fault, Mine, Queue, QueuePage, Similar
from bot.messages import Attachment, Channel, Incoming
from knowledge.vocabulary import Category


class Cases(CaseBook):
    """Keeps what changes make of cases."""

    def __init__(self) -> None:
        self.cases: dict[str, Case] = {}
        self._claimants: dict[str, list[NewClaimant]] = {}
        self._evidence: dict[str, list[Evidence]] = {}

    @property
    def only(self) -> Case:
        (case,) = self.cases.values()
        return case

    async def apply(self, changes: Sequence[Change], now: datetime) -> None:
        for change in changes:
            match change:
                case OpenCase(events, claimants, evidence):
                    id = events[0].case
                    self.cases[id] = fold(events, f"HB-2026-{len(self.cases) + 1:06}")
                    self._claimants[id] = list(claimants)
                    self._evidence[id] = list(evidence)
                case Append(id, seen, events, claimants, evidence):
                    if self.cases[id].seen != seen:
                        raise Conflict("changed meanwhile")
                    for event in events:
                        self.cases[id] = self.cases[id].then(event)
                    there = {one.number for one in claimants}
                    self._claimants[id] = [one for one in self._claimants[id] if one.number not in there] + [*claimants]
                    self._evidence[id] += evidence
                case EraseCase(id):
                    del self.cases[id], self._claimants[id], self._evidence[id]
                case Reach(id, number, anonymous, name, telephone):
                    self._claimants[id] = [
                        replace(one, anonymous=anonymous, name=name, telephone=telephone)
                        if one.number == number
                        else one
                        for one in self._claimants[id]
                    ]

    async def case(self, id: str) -> Case | None:
        return self.cases.get(id)

    async def by_number(self, number: str) -> Case | None:
        return next((case for case in self.cases.values() if case.number == number), None)

    async def by_receipt(self, receipt: str, channel: Channel, chat: str) -> Mine | None:
        for id, claimants in self._claimants.items():
            for one in claimants:
                if one.receipt == receipt:
                    return Mine(self.cases[id], self._seen(id, one))
        return None

    async def of_chat(self, channel: Channel, chat: str) -> Sequence[Mine]:
        mine = [
            Mine(self.cases[id], self._seen(id, one))
            for id, claimants in self._claimants.items()
            for one in claimants
            if (one.channel, one.chat) == (channel, chat) and not self._seen(id, one).left
        ]
        return mine[::-1]

    async def queue(self, query: Queue) -> QueuePage:
        raise NotImplementedError

    async def claimants(self, case: str) -> Sequence[Claimant]:
        return [self._seen(case, one) for one in self._claimants[case]]

    async def evidence(self, case: str) -> Sequence[Evidence]:
        return self._evidence[case]

    async def ringing(self, now: datetime, limit: int) -> Sequence[str]:
        return ()

    async def late(self, before: datetime) -> int:
        return 0

    async def reckon(self, id: str) -> None:
        raise NotImplementedError

    async def next_alarm(self) -> datetime | None:
        return None

    async def merged(self, case: str) -> Sequence[Case]:
        return ()

    async def similar(self, employer: str, category: Category, within: timedelta = timedelta(days=90)) -> list[Similar]:
        return [
            Similar(case.id, case.number, case.opened_at, len(self._claimants[case.id]), case.organization)
            for case in self.cases.values()
            if case.is_open and case.facts.employer == employer and case.categories[0] is category
        ]

    def _seen(self, id: str, one: NewClaimant) -> Claimant:
        left = any(e.move is Move.LEAVE and e.content.claimant == one.number for e in self.cases[id].events)
        return Claimant(one.number, one.channel, one.anonymous, one.consent_at, one.name, one.telephone, left)


class Shelf:
    """Keeps files whose kind it knows."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    async def keep(self, incoming: Incoming, attachment: Attachment) -> KeptFile:
        if attachment.mime == "application/x-msdownload":
            raise EvidenceRefused(Fault.TYPE)
        self.kept.append(attachment.reference)
        return KeptFile(attachment.reference, "6b" * 32, "0" * 64, 1, attachment.mime or "image/jpeg")
