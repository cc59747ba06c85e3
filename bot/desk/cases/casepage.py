"""The page of a case, its moves, its files, and what stands beside it."""

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.cases.deadlines import clocks
from bot.cases.evidence import ending
from bot.cases.lifecycle import STATE_NAMES, Refusal
from bot.cases.model import Case, Claimant, Move
from bot.cases.ports import CaseError, Conflict, Similar
from bot.desk import texts
from bot.desk.cases import letters, words
from bot.desk.cases.acting import acted, moves
from bot.desk.cases.canned import canned
from bot.desk.cases.moving import ASIDE, FORMS, HARMLESS, WORDS, Choices, Unfit, content, forms
from bot.desk.cases.room import CaseRoom
from bot.desk.doors import Door, Visit
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission, Staff
from knowledge.categories import load_categories

BESIDE = 5  # similar cases that are named
ASKED = 400  # characters of a story that are asked of the index
Clerk = Annotated[Visit, Depends(Door(Permission.WORK_CASES))]
Number = Annotated[str, Path(pattern=r"^[A-Z]{2,6}-\d{4}-\d{6}$")]
Id = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Seen = Annotated[int, Query(ge=0, le=1_000_000)]
Others = Annotated[str, Query(max_length=400)]


def casepage(rooms: Rooms, room: CaseRoom) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/cases/{number}")

    async def colleagues(organization: str) -> list[Staff]:
        """Return who can handle a case of the union, by name."""
        everybody = await rooms.accounts.everybody()
        able = (each for each in everybody if each.may(Permission.WORK_CASES) and not each.disabled)
        return sorted((each for each in able if room.sees(each, organization)), key=lambda each: each.name)

    async def choices(case: Case) -> Choices:
        usual = [load_categories()[category].bodies for category in case.categories]
        bodies = room.organizations.bodies
        first = dict.fromkeys(id for ids in usual for id in ids)
        ordered = [bodies[id] for id in (*first, *(id for id in bodies if id not in first))]
        unions = list(room.organizations.organizations)
        return Choices(unions, room.organizations, ordered, await colleagues(case.organization))

    async def names() -> dict[str, str]:
        return {each.id: each.name for each in await rooms.accounts.everybody()}

    async def similar(staff: Staff, case: Case) -> list[Similar]:
        found = await room.cases.similar(case.facts.employer, case.categories[0]) if case.facts.employer else []
        seen = [each for each in found if each.id != case.id and room.sees(staff, each.organization)]
        return seen[-BESIDE:]

    async def show(
        visit: Visit,
        case: Case,
        status: int = 200,
        *,
        problem: str = "",
        shown: bool = False,
        sent: Move | None = None,
        typed: Mapping[str, str] | None = None,
    ) -> Response:
        staff = visit.staff
        possible = moves(case, staff)
        offered = forms(case, possible, await choices(case), typed or {}, sent)
        known, now = await names(), room.now()
        parent = await room.cases.case(case.parent) if case.parent else None
        bodies = room.organizations.bodies
        return rooms.page.show(
            "cases/case.html",
            visit,
            status,
            case=case,
            state=words.state(case),
            facts=_facts(case),
            department=_department(room, case),
            bodies=[bodies[id] for id in load_categories()[case.categories[0]].bodies],
            clocks=[
                (
                    words.CLOCKS[clock.kind],
                    clock,
                    words.due(clock.due_at, now),
                    words.owner(clock, case),
                    clock.due_at < now,
                    words.since(clock, case),
                )
                for clock in clocks(case, room.times)
            ],
            events=[
                (event, words.who(event), words.what(event), words.lines(event, known, room.organizations))
                for event in reversed(case.events)
            ],
            states=STATE_NAMES,
            claimants=await people(case, shown),
            shown=shown,
            channels=words.CHANNELS,
            files=await room.cases.evidence(case.id),
            mimes=words.MIMES,
            size=words.size,
            similar=await similar(staff, case),
            parent=parent if parent and room.sees(staff, parent.organization) else None,
            merged=[each for each in await room.cases.merged(case.id) if room.sees(staff, each.organization)],
            handler=known.get(case.handler, "") if case.handler else "",
            mine=case.handler == staff.id,
            may_claim=Move.ASSIGN in possible and case.handler != staff.id,
            steps=[form for form in offered if form.move not in WORDS | ASIDE],
            talk=[form for form in offered if form.move in WORDS],
            aside=[form for form in offered if form.move in ASIDE],
            canned=canned(case, staff),
            letters=letters.TITLES,
            others=await looking(staff, case),
            problem=problem,
            done=words.said(visit.request.query_params.get("done", "")),
        )

    async def people(case: Case, shown: bool) -> list[tuple[Claimant, tuple[str, str]]]:
        """Return the claimants with names and telephones, masked or as they are."""
        found = await room.cases.claimants(case.id)
        return [(each, (each.name, each.telephone) if shown else words.masked(each)) for each in found]

    async def looking(staff: Staff, case: Case) -> list[str]:
        """Note that the person looks at the case, and return the names of the others who do."""
        known = await names()
        return [known[id] for id in room.watching.look(case.id, staff.id, room.now()) if id in known]

    async def read(visit: Visit, case: Case, act: Act = Act.CASE_READ) -> None:
        await rooms.audit.record(Entry(visit.staff.actor, act, f"case/{case.id}"))

    @router.get("")
    async def page(visit: Clerk, number: Number) -> Response:
        case = await room.case(visit.staff, number)
        await read(visit, case)
        return await show(visit, case)

    @router.get("/news")
    async def news(visit: Clerk, number: Number, seen: Seen = 0, others: Others = "") -> Response:
        """Tell whether something is new, and who else looks; nothing if that is as the page knows it."""
        case = await room.case(visit.staff, number)
        here = "、".join(await looking(visit.staff, case))
        if case.seen == seen and here == others:
            return Response(status_code=204)
        return rooms.page.show("cases/news.html", visit, case=case, seen=seen, others=here)

    @router.get("/suggestion")
    async def suggestion(visit: Clerk, number: Number) -> Response:
        """Show what the knowledge says of the matter, and a reply that could be made of it."""
        case = await room.case(visit.staff, number)
        question = f"{case.facts.wish} {case.facts.story}".strip()[:ASKED]
        answer = await room.answering.answer(question, region=case.region, history=())
        cited = [letters.cited(each) for each in answer.citations]
        return rooms.page.show("cases/suggestion.html", visit, answer=answer, cited=cited, part=visit.by_script)

    @router.post("/claimants")
    async def claimants(visit: Clerk, number: Number) -> Response:
        """Show names and telephones, once that is in the audit."""
        case = await room.case(visit.staff, number)
        await read(visit, case, Act.CASE_PERSON_SHOWN)
        if not visit.by_script:
            return await show(visit, case, shown=True)
        found = await people(case, shown=True)
        return rooms.page.show(
            "cases/claimants.html", visit, case=case, claimants=found, shown=True, channels=words.CHANNELS
        )

    @router.get("/files/{file_id}")
    async def file(visit: Clerk, number: Number, file_id: Id) -> Response:
        """Hand out a file as a download, whatever it is: nothing that somebody sent is opened on our pages."""
        case = await room.case(visit.staff, number)
        files = await room.cases.evidence(case.id)
        place = next((place for place, each in enumerate(files, 1) if each.id == file_id), None)
        if place is None:
            raise words.not_found()
        kept = files[place - 1].kept
        await read(visit, case, Act.CASE_FILE_READ)
        name = f"{case.number}-{place}{ending(kept.mime)}"
        return Response(
            await room.evidence.read(kept),
            media_type="application/octet-stream",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    @router.post("/claim")
    async def claim(visit: Clerk, number: Number) -> Response:
        return await make(visit, number, Move.ASSIGN, {"staff": visit.staff.id})

    @router.post("/moves/{move}")
    async def act(visit: Clerk, number: Number, move: Move) -> Response:
        if move not in FORMS:
            raise texts.not_found()
        return await make(visit, number, move, {name: visit.field(name) for name in FORMS[move]})

    async def make(visit: Visit, number: str, move: Move, filled: Mapping[str, str]) -> Response:
        case = await room.case(visit.staff, number)
        if move not in HARMLESS and visit.field("seen") != str(case.seen):
            return await show(visit, case, 409, problem=words.QUICKER, sent=move, typed=filled)
        try:
            said = content(move, case, filled, await choices(case), await named(visit.staff, filled.get("parent", "")))
            change = acted(case, move, visit.staff, room.now(), said)
            if isinstance(change, Refusal):
                raise Unfit(change.reason)
            await room.cases.apply([change], room.now())
        except Unfit as error:
            return await show(visit, case, 422, problem=str(error), sent=move, typed=filled)
        except Conflict:
            case = await room.case(visit.staff, number)
            return await show(visit, case, 409, problem=words.QUICKER, sent=move, typed=filled)
        except CaseError:
            problem = words.BAD_PARENT if move is Move.MERGE else words.NOT_YOURS_ANY_MORE
            return await show(visit, case, 422, problem=problem, sent=move, typed=filled)
        if said.organization and not room.sees(visit.staff, said.organization):
            return done("/cases", "away")
        return done(f"/cases/{number}", move)

    async def named(staff: Staff, number: str) -> Case | None:
        found = await room.cases.by_number(number.strip().upper()) if number else None
        return found if found and room.sees(staff, found.organization) else None

    @router.get("/letters/{kind}")
    async def letter(visit: Clerk, number: Number, kind: letters.Letter) -> Response:
        case = await room.case(visit.staff, number)
        await read(visit, case)
        text = letters.draft(kind, case, visit.staff.name, room.now())
        return rooms.page.show("cases/letter.html", visit, case=case, kind=kind, title=letters.TITLES[kind], text=text)

    @router.post("/letters/{kind}")
    async def docx(visit: Clerk, number: Number, kind: letters.Letter) -> Response:
        case = await room.case(visit.staff, number)
        return Response(
            letters.docx(letters.TITLES[kind], visit.field("text")[: letters.LONGEST]),
            media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            headers={"Content-Disposition": f'attachment; filename="{case.number}-{kind}.docx"'},
        )

    return router


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
