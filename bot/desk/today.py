"""The first page: what waits for somebody today, as far as there is anything."""

from collections.abc import Callable, Iterator
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
from bot.desk.staff import Permission

FEW_CODES = 3
Here = Annotated[Visit, Depends(Door(Permission.TODAY))]


@dataclass(frozen=True, slots=True)
class Todo:
    """Something to see to, and the page where that is done."""

    text: str
    path: str


def today(rooms: Rooms, now: Callable[[], datetime]) -> APIRouter:
    """Return the routes."""
    router = APIRouter()

    @router.get("/")
    async def page(visit: Here) -> Response:
        staff, moment = visit.staff, now().astimezone(CHINA)
        waiting = 0
        if staff.may(Permission.MANAGE_STAFF):
            visible = await rooms.accounts.visible(staff)
            waiting = sum(not each.joined and not each.disabled for each in visible)
        unions = set(rooms.organizations.organizations)
        todos = _todos(visit.whole, await rooms.logins.codes_left(staff), waiting, unions)
        return rooms.page.show(
            "today.html", visit, greeting=texts.greeting(moment.time()), day=texts.day(moment.date()), todos=list(todos)
        )

    return router


def _todos(session: Session, codes: int, waiting: int, unions: set[str]) -> Iterator[Todo]:
    staff = session.staff
    if not staff.second_factor and not session.strong:
        yield Todo(texts.TODO_FACTOR, "/account/factor")
    elif staff.second_factor and codes < FEW_CODES:
        yield Todo(texts.todo_codes(codes), "/account")
    if not unions.intersection(staff.unions):
        yield Todo(texts.TODO_NO_UNION, "/account")
    if waiting:
        yield Todo(texts.todo_waiting(waiting), "/staff")
