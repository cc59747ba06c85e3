"""The first page: what waits for somebody today, as far as there is anything."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import Response

from bot.desk import texts
from bot.desk.doors import Door, Visit
from bot.desk.page import CHINA
from bot.desk.ports import Session
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission, Staff

FEW_CODES = 3
WAITING = "/knowledge/papers/waiting"  # the drafts that wait for somebody's word
AT_WORK = "/duty/now"  # who is on duty
Here = Annotated[Visit, Depends(Door(Permission.TODAY))]


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to see to, and the page where that is done."""

    text: str
    path: str


def today(rooms: Rooms, now: Callable[[], datetime], paths: Collection[str]) -> APIRouter:
    """Return the routes; `paths` are those of the further pages, of which `WAITING` and `AT_WORK` may be some."""
    router = APIRouter()

    @router.get("/")
    async def page(visit: Here) -> Response:
        staff, moment = visit.staff, now().astimezone(CHINA)
        unions = set(rooms.organizations.organizations)
        todos = list(_todos(visit.whole, await rooms.logins.codes_left(staff), unions))
        if staff.may(Permission.MANAGE_STAFF):
            todos += _first_steps(await rooms.accounts.visible(staff))
        return rooms.page.show(
            "today.html",
            visit,
            greeting=texts.greeting(moment.time()),
            day=texts.day(moment.date()),
            todos=todos,
            waiting=WAITING if WAITING in paths and staff.may(Permission.KEEP_KNOWLEDGE) else "",
            at_work=AT_WORK if AT_WORK in paths and staff.may(Permission.KEEP_DUTY) else "",
        )

    return router


def _todos(session: Session, codes: int, unions: set[str]) -> Iterator[Todo]:
    staff = session.staff
    if not staff.second_factor and not session.strong:
        yield Todo(texts.TODO_FACTOR, "/account/factor")
    elif staff.second_factor and codes < FEW_CODES:
        yield Todo(texts.todo_codes(codes), "/account")
    if not unions.intersection(staff.unions):
        yield Todo(texts.TODO_NO_UNION, "/account")


def _first_steps(visible: Sequence[Staff]) -> Iterator[Todo]:
    """Yield what an admin has to see to before workers are helped: until somebody is there who works on cases."""
    here = [each for each in visible if not each.disabled]
    if waiting := sum(not each.joined for each in here):
        yield Todo(texts.todo_waiting(waiting), "/staff")
    if any(each.joined and each.may(Permission.WORK_CASES) for each in here):
        return
    if not any(each.may(Permission.WORK_CASES) for each in here):
        yield Todo(texts.TODO_NOBODY, "/staff/invite")
    yield Todo(texts.TODO_DUTY, "/duty")
    yield Todo(texts.TODO_PARAMETERS, "/directory")
