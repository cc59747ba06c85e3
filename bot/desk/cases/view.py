"""A case as it is drawn: all that its page shows, and what its forms let choose from."""

from collections.abc import Mapping

from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.cases.deadlines import Clock, clocks
from bot.cases.lifecycle import STATE_NAMES
from bot.cases.model import Case, Claimant, Move, undone
from bot.cases.ports import Similar
from bot.desk.cases import letters, words
from bot.desk.cases.acting import claimable, moves, undoable
from bot.desk.cases.canned import canned, offered
from bot.desk.cases.moving import ASIDE, WORDS, Choices, forms
from bot.desk.cases.outcomes import outcome, turn
from bot.desk.cases.pictures import SHOWN
from bot.desk.cases.ports import ReadyReply
from bot.desk.cases.room import CaseRoom
from bot.desk.cases.uploading import ACCEPTED
from bot.desk.doors import Visit
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission, Staff
from bot.texts import contacts
from bot.texts.cases import route_for_staff

BESIDE = 5  # similar cases that are named


class CaseView:
    """Draws the page of a case; whoever is shown one is in the audit."""

    def __init__(self, rooms: Rooms, room: CaseRoom) -> None:
        self._rooms = rooms
        self._room = room

    async def choices(self, case: Case) -> Choices:
        """Return what the forms of a case let choose from."""
        usual = [self._room.categories[category].bodies for category in case.categories]
        bodies = self._room.organizations.sent_to
        first = dict.fromkeys(id for ids in usual for id in ids)
        ordered = [bodies[id] for id in (*first, *(id for id in bodies if id not in first))]
        unions = [(each.name, each.title) for each in self._room.organizations.active.values()]
        people = await self._room.cases.claimants(case.id)
        unreached = [each.number for each in people if not (each.reached or each.left)]
        return Choices(
            unions,
            self._room.organizations,
            ordered,
            await self._colleagues(case.organization),
            [number for number in unreached if number not in case.settled_by],
        )

    async def show(
        self,
        visit: Visit,
        case: Case,
        status: int = 200,
        *,
        problem: str = "",
        shown: bool = False,
        sent: Move | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        """Return the page of a case, names and telephones as they are if `shown`.

        `typed` is what was filled into the form of the move that was `sent` and not made.
        """
        await self.read(visit, case)
        staff, room = visit.staff, self._room
        possible = moves(case, staff)
        steps = forms(case, possible, await self.choices(case), typed or {}, sent)
        known, now = await self._names(), room.now()
        parent = await room.cases.case(case.parent) if case.parent else None
        taken_back, claimants = undoable(case, staff, now), await self.people(case, shown)
        bodies = room.organizations.bodies
        return self._rooms.page.show(
            "cases/case.html",
            visit,
            status,
            case=case,
            state=words.state(case),
            route=route_for_staff(case.route),
            turn=turn(case, [form.move for form in steps]),
            facts=_facts(case),
            department=_department(room, case),
            bodies=[
                (bodies[id], contacts.reached(room.organizations.office(bodies[id], case.organization)))
                for id in room.categories[case.categories[0]].bodies
            ],
            clocks=self._clocks(case),
            events=[
                (event, words.who(event), words.what(event, case), words.lines(event, known, room.organizations))
                for event in reversed(case.events)
            ],
            undone=undone(case.events),
            undoable=taken_back,
            undoing=words.undo(taken_back) if taken_back else "",
            states=STATE_NAMES,
            claimants=claimants,
            shown=shown,
            channels=words.CHANNELS,
            files=await room.cases.evidence(case.id),
            mimes=words.MIMES,
            shown_mimes=SHOWN,
            accepted=ACCEPTED,
            may_attach=Move.ATTACH in possible,
            may_join=Move.JOIN in possible,
            size=words.size,
            similar=await self._similar(staff, case),
            parent=parent if parent and room.sees(staff, parent.organization) else None,
            merged=[each for each in await room.cases.merged(case.id) if room.sees(staff, each.organization)],
            handler=known.get(case.handler, "") if case.handler else "",
            may_claim=claimable(case, staff),
            steps=[form for form in steps if form.move not in WORDS | ASIDE],
            talk=[form for form in steps if form.move in WORDS],
            aside=[form for form in steps if form.move in ASIDE],
            canned=canned(case, room.organizations.title(case.organization), staff, await self._replies(case)),
            letters=letters.TITLES,
            others=await self.looking(staff, case),
            problem=problem,
            done=outcome(visit.request.query_params.get("done", ""), [each for each, _ in claimants]),
        )

    async def bare(self, visit: Visit, case: Case) -> Response:
        """Return how a case stands and who did what when, without anything that was said or whom it concerns."""
        known, room = await self._names(), self._room
        return self._rooms.page.show(
            "cases/bare.html",
            visit,
            case=case,
            state=words.state(case),
            department=_department(room, case),
            clocks=self._clocks(case),
            events=[(event, words.who(event), words.what(event, case)) for event in reversed(case.events)],
            undone=undone(case.events),
            states=STATE_NAMES,
            files=len(await room.cases.evidence(case.id)),
            handler=known.get(case.handler, "") if case.handler else "",
        )

    def _clocks(self, case: Case) -> list[tuple[str, Clock, str, str, bool, str]]:
        """Return each clock with its name, what is left, who owes it, whether it is late, and from when it counts."""
        now = self._room.now()
        return [
            (
                words.CLOCKS[clock.kind],
                clock,
                words.due(clock.due_at, now),
                words.owner(clock, case, self._room.organizations.title(case.organization)),
                clock.due_at < now,
                words.since(clock, case),
            )
            for clock in clocks(case, self._room.times)
        ]

    async def people(self, case: Case, shown: bool) -> list[tuple[Claimant, tuple[str, str]]]:
        """Return the claimants with names and telephones, masked or as they are."""
        found = await self._room.cases.claimants(case.id)
        return [
            (each, (each.name, each.telephone) if shown else words.masked(each.name, each.telephone)) for each in found
        ]

    async def looking(self, staff: Staff, case: Case) -> list[str]:
        """Note that the person looks at the case, and return the names of the others who do."""
        known = await self._names()
        return [known[id] for id in self._room.watching.look(case.id, staff.id, self._room.now()) if id in known]

    async def read(self, visit: Visit, case: Case, act: Act = Act.CASE_READ) -> None:
        """Record that somebody looks at what is sealed, before it is shown."""
        await self._rooms.audit.record(Entry(visit.staff.actor, act, f"case/{case.id}"))

    async def _colleagues(self, organization: str) -> list[Staff]:
        """Return who can handle a case of the union, by name."""
        everybody = await self._rooms.accounts.everybody()
        able = (each for each in everybody if each.may(Permission.WORK_CASES) and not each.disabled)
        return sorted((each for each in able if self._room.sees(each, organization)), key=lambda each: each.name)

    async def _replies(self, case: Case) -> list[ReadyReply]:
        """Return the replies that the union of the case has at hand."""
        chain = self._room.chain(case.organization)
        found = offered(await self._room.replies.of(chain), chain)
        return [reply for _, reply in found.values() if not reply.retired]

    async def _names(self) -> dict[str, str]:
        return {each.id: each.name for each in await self._rooms.accounts.everybody()}

    async def _similar(self, staff: Staff, case: Case) -> list[Similar]:
        found = await self._room.cases.similar(case.facts.employer, case.categories[0]) if case.facts.employer else []
        seen = [each for each in found if each.id != case.id and self._room.sees(staff, each.organization)]
        return seen[-BESIDE:]


def _facts(case: Case) -> list[tuple[str, str]]:
    facts = case.facts
    found = [
        ("申请", facts.service),
        ("单位", facts.employer),
        ("地方", facts.place),
        ("从什么时候", facts.since),
        ("多少人", f"{facts.people} 人" if facts.people else ""),
        ("希望", facts.wish),
        *facts.answers,
    ]
    return [(label, value) for label, value in found if value]


def _department(room: CaseRoom, case: Case) -> str:
    organization = room.organizations.organizations.get(case.organization)
    known = organization is not None and case.department in room.organizations.departments
    return room.organizations.department(organization, case.department) if known and organization else ""
