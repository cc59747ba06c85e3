"""The routes of a case: its page, its moves, its files, and what stands beside it."""

from collections.abc import Mapping
from functools import reduce
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from bot.answers.model import AnswerStatus
from bot.audit import Act
from bot.cases.changes import Append
from bot.cases.lifecycle import Refusal
from bot.cases.model import Case, Content, Move
from bot.cases.ports import CaseError, Conflict
from bot.desk import texts
from bot.desk.cases import letters, words
from bot.desk.cases.acting import acted, claimed, moves
from bot.desk.cases.moving import FORMS, HARMLESS, Unfit, content
from bot.desk.cases.outcomes import key
from bot.desk.cases.room import CaseNumber, CaseRoom
from bot.desk.cases.view import CaseView
from bot.desk.doors import Door, Visit
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission, Staff
from knowledge.vocabulary import Category

ASKED = 400  # characters of a story that are asked of the index
Clerk = Annotated[Visit, Depends(Door(Permission.WORK_CASES))]
Reader = Annotated[Visit, Depends(Door(Permission.SEE_CASES))]
Seen = Annotated[int, Query(ge=0, le=1_000_000)]
Others = Annotated[str, Query(max_length=400)]


def casepage(rooms: Rooms, room: CaseRoom) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/cases/{number}")
    view = CaseView(rooms, room)

    @router.get("")
    async def page(visit: Reader, number: CaseNumber) -> Response:
        case = await room.case(visit.staff, number)
        if not visit.staff.may(Permission.WORK_CASES):
            return await view.bare(visit, case)
        return await view.show(visit, case)

    @router.get("/news")
    async def news(visit: Clerk, number: CaseNumber, since: Seen = 0, seen: Seen = 0, others: Others = "") -> Response:
        """Tell whether something is new `since` the page was opened, and who else looks; nothing if it was `seen`."""
        case = await room.case(visit.staff, number)
        here = "、".join(await view.looking(visit.staff, case))
        if case.seen == seen and here == others:
            return Response(status_code=204)
        return rooms.page.show("cases/news.html", visit, case=case, since=since, others=here)

    @router.get("/suggestion")
    async def suggestion(visit: Clerk, number: CaseNumber) -> Response:
        """Show what the knowledge says of the matter, and a reply that could be made of it."""
        case = await room.case(visit.staff, number)
        for question in _questions(case):
            answer = await room.answering.answer(question, region=case.region, history=())
            if answer.status is AnswerStatus.ANSWERED:
                break
        cited: dict[str, list[str]] = {}
        for citation in answer.citations:
            cited.setdefault(letters.cited(citation), []).append(citation.quote)
        return rooms.page.show("cases/suggestion.html", visit, answer=answer, cited=cited, part=visit.by_script)

    @router.post("/claimants")
    async def claimants(visit: Clerk, number: CaseNumber) -> Response:
        """Show names and telephones, once that is in the audit."""
        case = await room.case(visit.staff, number)
        await view.read(visit, case, Act.CASE_PERSON_SHOWN)
        if not visit.by_script:
            return await view.show(visit, case, shown=True)
        found = await view.people(case, shown=True)
        return rooms.page.show(
            "cases/claimants.html",
            visit,
            case=case,
            claimants=found,
            shown=True,
            channels=words.CHANNELS,
            may_join=Move.JOIN in moves(case, visit.staff),
        )

    @router.post("/claim")
    async def claim(visit: Clerk, number: CaseNumber) -> Response:
        """Take a case into one's own hands, with all steps that lie before the work."""
        case = await room.case(visit.staff, number)
        if visit.field("seen") != str(case.seen):
            taken = case.handler not in ("", visit.staff.id)
            return await view.show(visit, case, 409, problem=words.TAKEN if taken else words.QUICKER)
        return await store(visit, case, Move.ASSIGN, claimed(case, visit.staff, room.now()), {})

    @router.post("/moves/{move}")
    async def act(visit: Clerk, number: CaseNumber, move: Move) -> Response:
        if move not in FORMS:
            raise texts.not_found()
        return await make(visit, number, move, {name: visit.field(name) for name in FORMS[move]})

    @router.post("/undo")
    async def undo(visit: Clerk, number: CaseNumber) -> Response:
        """Take back what the person did last, which the form names by its number."""
        case = await room.case(visit.staff, number)
        event = visit.field("event")
        said = Content(undone=int(event) if event.isascii() and event.isdigit() and len(event) < 7 else None)
        return await store(visit, case, Move.UNDO, acted(case, Move.UNDO, visit.staff, room.now(), said), {})

    async def make(visit: Visit, number: str, move: Move, filled: Mapping[str, str]) -> Response:
        case = await room.case(visit.staff, number)
        if move not in HARMLESS and visit.field("seen") != str(case.seen):
            return await view.show(visit, case, 409, problem=words.QUICKER, sent=move, typed=filled)
        try:
            said = content(
                move, case, filled, await view.choices(case), await named(visit.staff, filled.get("parent", ""))
            )
        except Unfit as error:
            return await view.show(visit, case, 422, problem=str(error), sent=move, typed=filled)
        return await store(visit, case, move, acted(case, move, visit.staff, room.now(), said), filled)

    async def store(
        visit: Visit,
        case: Case,
        move: Move,
        change: Append | Refusal,
        filled: Mapping[str, str],
    ) -> Response:
        """Store what comes of a move if it is allowed, and lead to where its result is seen and told."""
        try:
            if isinstance(change, Refusal):
                raise Unfit(change.reason)
            await room.cases.apply([change], room.now())
        except Unfit as error:
            return await view.show(visit, case, 422, problem=str(error), sent=move, typed=filled)
        except Conflict:
            case = await room.case(visit.staff, case.number)
            return await view.show(visit, case, 409, problem=words.QUICKER, sent=move, typed=filled)
        except CaseError:
            problem = words.BAD_PARENT if move is Move.MERGE else words.NOT_YOURS_ANY_MORE
            return await view.show(visit, case, 422, problem=problem, sent=move, typed=filled)
        if not room.sees(visit.staff, reduce(Case.then, change.events, case).organization):
            return done("/cases", "away")
        return done(f"/cases/{case.number}", key(move, change))

    async def named(staff: Staff, number: str) -> Case | None:
        found = await room.cases.by_number(number.strip().upper()) if number else None
        return found if found and room.sees(staff, found.organization) else None

    @router.get("/letters/{kind}")
    async def letter(visit: Clerk, number: CaseNumber, kind: letters.Letter) -> Response:
        case = await room.case(visit.staff, number)
        await view.read(visit, case)
        union = room.organizations.title(case.organization)
        text = letters.draft(kind, case, union, visit.staff.name, room.now())
        return rooms.page.show("cases/letter.html", visit, case=case, kind=kind, title=letters.TITLES[kind], text=text)

    @router.post("/letters/{kind}")
    async def docx(visit: Clerk, number: CaseNumber, kind: letters.Letter) -> Response:
        case = await room.case(visit.staff, number)
        return Response(
            letters.docx(letters.TITLES[kind], visit.field("text")[: letters.LONGEST]),
            media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            headers={"Content-Disposition": f'attachment; filename="{case.number}-{kind}.docx"'},
        )

    return router


def _questions(case: Case) -> tuple[str, ...]:
    """Return what the index is asked of a case: the matter, wish and story; then, for stories wander, no story."""
    matter = case.facts.service or ("" if case.categories[0] is Category.OTHER else case.categories[0].value)
    parts = [part for part in (matter, case.facts.wish, case.facts.story) if part]
    return tuple("，".join(some)[:ASKED] for some in (parts, parts[:-1] or parts))
