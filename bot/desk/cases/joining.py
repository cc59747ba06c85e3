"""Adding somebody to a case that is there already: a claimant more, with a receipt of their own."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from bot.cases import receipt
from bot.cases.changes import NewClaimant
from bot.cases.lifecycle import Refusal
from bot.cases.model import Content, Move
from bot.cases.ports import CaseError
from bot.desk.cases import words
from bot.desk.cases.acting import acted
from bot.desk.cases.moving import Unfit
from bot.desk.cases.room import CaseNumber, CaseRoom
from bot.desk.doors import Door, Visit
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission
from bot.forms.values import read_name, read_phone
from bot.messages import Channel

LONGEST = 60  # characters of a name or a telephone
Clerk = Annotated[Visit, Depends(Door(Permission.WORK_CASES))]


def joining(rooms: Rooms, room: CaseRoom) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/cases/{number}/join")

    @router.get("")
    async def page(visit: Clerk, number: CaseNumber) -> Response:
        return await show(visit, number)

    @router.post("")
    async def join(visit: Clerk, number: CaseNumber) -> Response:
        """Add a claimant, and print the receipt, which is shown this once."""
        case = await room.case(visit.staff, number)
        if visit.field("seen") != str(case.seen):
            return await show(visit, number, 409, words.JOIN_AGAIN)
        anonymous = visit.field("anonymous") == "on"
        name, telephone = (visit.field(field).strip()[:LONGEST] for field in ("name", "phone"))
        person = max((each.number for each in await room.cases.claimants(case.id)), default=0) + 1
        digits, now = receipt.new(), room.now()
        try:
            if visit.field("agreed") != "on":
                raise Unfit(words.NO_CONSENT)
            change = acted(case, Move.JOIN, visit.staff, now, Content(claimant=person))
            if isinstance(change, Refusal):
                raise Unfit(change.reason)
            new = NewClaimant(
                person,
                Channel.WEB,
                "",
                digits,
                now,
                anonymous=anonymous,
                name="" if anonymous else read_name(name) or name,
                telephone="" if anonymous else read_phone(telephone) or telephone,
            )
            await room.cases.apply([replace(change, claimants=(new,))], now)
        except Unfit as error:
            return await show(visit, number, 422, str(error))
        except CaseError:
            return await show(visit, number, 409, words.JOIN_AGAIN)
        return rooms.page.show(
            "cases/receipt.html", visit, case=case, digits=receipt.shown(digits), seen=True, person=person, papers=0
        )

    async def show(visit: Visit, number: str, status: int = 200, problem: str = "") -> Response:
        case = await room.case(visit.staff, number)
        return rooms.page.show(
            "cases/join.html",
            visit,
            status,
            case=case,
            problem=problem,
            name=visit.field("name")[:LONGEST],
            phone=visit.field("phone")[:LONGEST],
            anonymous=visit.field("anonymous") == "on",
            agreed=visit.field("agreed") == "on",
            retention=words.CONSENT,
        )

    return router
