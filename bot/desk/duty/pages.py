"""The pages of the duty roster."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as InPath
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.delivery import RetryLater, Undeliverable
from bot.desk import texts
from bot.desk.doors import Door, Visit
from bot.desk.duty import words
from bot.desk.duty.form import LONGEST, Form, entry, form_of, sent
from bot.desk.duty.week import week
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission, Staff, reach
from bot.notices.duty import Duty, IsWorking
from bot.notices.duty_file import RosterError, read_roster, write_roster
from bot.notices.editing import EntryError, with_entry, without_entry
from bot.notices.model import Undelivered
from bot.notices.ports import Notifier
from bot.notices.roster import Person, Roster
from bot.notices.trial import NotCarriedError, send_trial
from bot.pages.limits import Rate, TokenBuckets

LOOK_BACK = timedelta(days=7)  # to what was not delivered
TRIALS = Rate(5, 1 / 60)  # of one person at the desk
See = Annotated[Visit, Depends(Door(Permission.SEE_DUTY))]
Keep = Annotated[Visit, Depends(Door(Permission.KEEP_DUTY))]
Key = Annotated[str, InPath(pattern=r"^[0-9a-f]{8}$")]


@dataclass(frozen=True, slots=True)
class Board:
    """What the pages of the roster have at hand."""

    file: Path
    duty: Duty
    is_working: IsWorking
    notifiers: Mapping[str, Notifier]
    now: Callable[[], datetime]
    undelivered: Callable[[Collection[str], datetime], Awaitable[Sequence[Undelivered]]]  # to unions, since when


def key_of(name: str) -> str:
    """Return what stands for a name in addresses and in the audit."""
    return blake2b(name.encode(), digest_size=4).hexdigest()


def duty_pages(rooms: Rooms, board: Board) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/duty")
    changing = asyncio.Lock()
    trials = TokenBuckets(TRIALS)

    def theirs(staff: Staff) -> frozenset[str]:
        """Return the unions whose entries they see, and keep if their role does: their own and those below."""
        return reach(staff.unions, rooms.organizations) & frozenset(rooms.organizations.organizations)

    async def roster() -> Roster:
        return await asyncio.to_thread(read_roster, board.file)

    async def found(visit: Visit, key: str) -> tuple[Roster, Person]:
        try:
            known = await roster()
        except RosterError as error:
            raise texts.not_found() from error
        person = next((each for each in known.people if key_of(each.name) == key), None)
        if person is None:
            raise texts.not_found()
        if not set(person.unions) <= theirs(visit.staff):
            raise texts.forbidden()
        return known, person

    async def overview(visit: Visit, status: int = 200) -> Response:
        seen, wrong, known = theirs(visit.staff), "", board.duty.roster
        try:
            known = await roster()
        except RosterError as error:
            wrong = str(error)
        people = [each for each in known.people if seen & set(each.unions)]
        listed = {union for each in people for union in each.unions} & seen | set(visit.staff.unions) & seen
        weeks = [week(each, known, board.duty, board.is_working, board.now()) for each in listed_in_order(listed)]
        keeps = visit.staff.may(Permission.KEEP_DUTY) and not wrong
        lost = await board.undelivered(seen, board.now() - LOOK_BACK)
        return rooms.page.show(
            "duty/board.html",
            visit,
            status,
            weeks=weeks,
            people=[(each, key_of(each.name), keeps and set(each.unions) <= seen) for each in people],
            keeps=keeps,
            wrong=wrong,
            lost=[(each, words.lost(each)) for each in lost],
            media=words.MEDIA,
            days=words.DAYS,
            day=texts.day,
            done=words.DONE.get(visit.request.query_params.get("done", ""), ""),
        )

    def listed_in_order(unions: set[str] | frozenset[str]) -> list[str]:
        return [name for name in rooms.organizations.active if name in unions]

    def show(visit: Visit, known: Roster, form: Form, key: str = "", status: int = 200, problem: str = "") -> Response:
        unions = theirs(visit.staff)
        return rooms.page.show(
            "duty/entry.html",
            visit,
            status,
            form=form,
            key=key,
            unions=[rooms.organizations.organizations[name] for name in listed_in_order(unions)],
            deputies=[each.name for each in known.people if unions & set(each.unions) and each.name != form.name],
            media=words.MEDIA,
            days=words.DAYS,
            hint=words.ADDRESS_HINTS,
            longest=LONGEST,
            problem=problem,
            done=words.DONE.get(visit.request.query_params.get("done", ""), ""),
        )

    async def keep(visit: Visit, key: str = "") -> Response:
        """Take in the form for a new entry, or in place of one."""
        address, secret = visit.field("address").strip(), visit.field("secret").strip()
        async with changing:
            known, before = await found(visit, key) if key else (await roster(), None)
            form = sent(visit.fields, before.name if before else None)
            try:
                filled = entry(form, address, secret, before, theirs(visit.staff))
                changed = with_entry(known, filled, rooms.organizations.active, before.name if before else None)
            except EntryError as error:
                return show(visit, known, form, key, 422, words.PROBLEMS[error.field])
            about = " ".join(("changed" if before else "added", *form.unions))[:200]
            await rooms.audit.record(Entry(visit.staff.actor, Act.DUTY_CHANGED, f"duty/{key_of(form.name)}", about))
            await asyncio.to_thread(write_roster, board.file, changed)
        return done(f"/duty/{key_of(form.name)}", "kept")

    @router.get("")
    async def page(visit: See) -> Response:
        return await overview(visit)

    @router.get("/new")
    async def new(visit: Keep) -> Response:
        try:
            return show(visit, await roster(), Form(unions=visit.staff.unions[:1]))
        except RosterError:
            return await overview(visit, 422)

    @router.post("/new")
    async def add(visit: Keep) -> Response:
        try:
            return await keep(visit)
        except RosterError:
            return await overview(visit, 422)

    @router.get("/{key}")
    async def one(visit: Keep, key: Key) -> Response:
        known, person = await found(visit, key)
        return show(visit, known, form_of(person), key)

    @router.post("/{key}/change")
    async def change(visit: Keep, key: Key) -> Response:
        return await keep(visit, key)

    @router.post("/{key}/remove")
    async def remove(visit: Keep, key: Key) -> Response:
        async with changing:
            known, person = await found(visit, key)
            about = " ".join(("removed", *person.unions))[:200]
            await rooms.audit.record(Entry(visit.staff.actor, Act.DUTY_CHANGED, f"duty/{key}", about))
            await asyncio.to_thread(write_roster, board.file, without_entry(known, person.name))
        return done("/duty", "removed")

    @router.post("/{key}/try")
    async def try_(visit: Keep, key: Key) -> Response:
        known, person = await found(visit, key)
        trials.take(visit.staff.id)
        await rooms.audit.record(Entry(visit.staff.actor, Act.DUTY_TRIED, f"duty/{key}"))
        try:
            await send_trial(person, board.notifiers)
        except NotCarriedError:
            return show(visit, known, form_of(person), key, 422, words.NOT_CARRIED)
        except Undeliverable:
            return show(visit, known, form_of(person), key, 422, words.REFUSED)
        except RetryLater:
            return show(visit, known, form_of(person), key, 422, words.LATER)
        return done(f"/duty/{key}", "tried")

    return router
