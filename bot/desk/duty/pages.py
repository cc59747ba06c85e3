"""The pages of the duty roster."""

import asyncio
from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi import Path as InPath
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.delivery import RetryLater, Undeliverable
from bot.desk import texts
from bot.desk.doors import Door, Visit
from bot.desk.duty import words
from bot.desk.duty.entries import Board, Entries, key_of
from bot.desk.duty.form import LONGEST, Form, entry, form_of, sent
from bot.desk.duty.week import week
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission
from bot.notices.duty_file import RosterError, write_roster
from bot.notices.editing import EntryError, with_entry, without_entry
from bot.notices.roster import Roster
from bot.notices.trial import NotCarriedError, send_trial
from bot.pages.limits import Rate, TokenBuckets

LOOK_BACK = timedelta(days=7)  # to what was not delivered
TRIALS = Rate(5, 1 / 60)  # of one person at the desk
See = Annotated[Visit, Depends(Door(Permission.SEE_DUTY))]
Keep = Annotated[Visit, Depends(Door(Permission.KEEP_DUTY))]
Key = Annotated[str, InPath(pattern=r"^[0-9a-f]{8}$")]


def duty_pages(rooms: Rooms, board: Board) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/duty")
    entries = Entries(board, rooms.organizations)
    changing = asyncio.Lock()
    trials = TokenBuckets(TRIALS)

    async def keep(visit: Visit, key: str = "") -> Response:
        """Take in the form for a new entry, or in place of one."""
        address, secret = visit.field("address").strip(), visit.field("secret").strip()
        async with changing:
            known, before = await entries.found(visit.staff, key) if key else (await entries.roster(), None)
            form = sent(visit.fields, before.name if before else None)
            try:
                filled = entry(form, address, secret, before, entries.unions(visit.staff))
                changed = with_entry(known, filled, rooms.organizations.active, before.name if before else None)
            except EntryError as error:
                return _form(rooms, entries, visit, known, form, key, words.PROBLEMS[error.field])
            about = " ".join(("changed" if before else "added", *form.unions))[:200]
            await rooms.audit.record(Entry(visit.staff.actor, Act.DUTY_CHANGED, f"duty/{key_of(form.name)}", about))
            await asyncio.to_thread(write_roster, board.file, changed)
        return done(f"/duty/{key_of(form.name)}", "kept")

    @router.get("")
    async def page(visit: See) -> Response:
        return await _overview(rooms, board, entries, visit)

    @router.get("/now")
    async def at_work(visit: See) -> Response:
        """Tell for the first page who of one's own unions is on duty."""
        mine, moment = entries.in_order(visit.staff.unions), board.now()
        weeks = [week(each, board.duty.roster, board.duty, board.is_working, moment) for each in mine]
        lost = await board.undelivered(entries.unions(visit.staff), moment - LOOK_BACK)
        return rooms.page.show("duty/now.html", visit, weeks=weeks, lost=len(lost))

    @router.get("/new")
    async def new(visit: Keep) -> Response:
        try:
            return _form(rooms, entries, visit, await entries.roster(), Form(unions=visit.staff.unions[:1]))
        except RosterError:
            return await _overview(rooms, board, entries, visit, 422)

    @router.post("/new")
    async def add(visit: Keep) -> Response:
        try:
            return await keep(visit)
        except RosterError:
            return await _overview(rooms, board, entries, visit, 422)

    @router.get("/{key}")
    async def one(visit: Keep, key: Key) -> Response:
        known, person = await entries.found(visit.staff, key)
        return _form(rooms, entries, visit, known, form_of(person), key)

    @router.post("/{key}/change")
    async def change(visit: Keep, key: Key) -> Response:
        return await keep(visit, key)

    @router.post("/{key}/remove")
    async def remove(visit: Keep, key: Key) -> Response:
        async with changing:
            known, person = await entries.found(visit.staff, key)
            about = " ".join(("removed", *person.unions))[:200]
            await rooms.audit.record(Entry(visit.staff.actor, Act.DUTY_CHANGED, f"duty/{key}", about))
            await asyncio.to_thread(write_roster, board.file, without_entry(known, person.name))
        return done("/duty", "removed")

    @router.post("/{key}/try")
    async def try_(visit: Keep, key: Key) -> Response:
        known, person = await entries.found(visit.staff, key)
        trials.take(visit.staff.id)
        await rooms.audit.record(Entry(visit.staff.actor, Act.DUTY_TRIED, f"duty/{key}"))
        try:
            await send_trial(person, board.notifiers)
        except NotCarriedError:
            problem = words.NOT_CARRIED
        except Undeliverable:
            problem = words.REFUSED
        except RetryLater:
            problem = words.LATER
        else:
            return done(f"/duty/{key}", "tried")
        return _form(rooms, entries, visit, known, form_of(person), key, problem)

    return router


async def _overview(rooms: Rooms, board: Board, entries: Entries, visit: Visit, status: int = 200) -> Response:
    """Show who is on duty this week, and what did not arrive; of a file with a fault what it last said."""
    seen, wrong, known = entries.unions(visit.staff), "", board.duty.roster
    try:
        known = await entries.roster()
    except RosterError as error:
        wrong = str(error)
    people = [each for each in known.people if seen & set(each.unions)]
    listed = {union for each in people for union in each.unions} & seen | set(visit.staff.unions) & seen
    keeps = visit.staff.may(Permission.KEEP_DUTY) and not wrong
    lost = await board.undelivered(seen, board.now() - LOOK_BACK)
    return rooms.page.show(
        "duty/board.html",
        visit,
        status,
        weeks=[week(each, known, board.duty, board.is_working, board.now()) for each in entries.in_order(listed)],
        people=[(each, key_of(each.name), keeps and set(each.unions) <= seen) for each in people],
        keeps=keeps,
        wrong=wrong,
        lost=[(each, words.lost(each)) for each in lost],
        media=words.MEDIA,
        days=words.DAYS,
        day=texts.day,
        done=words.DONE.get(visit.request.query_params.get("done", ""), ""),
    )


def _form(
    rooms: Rooms, entries: Entries, visit: Visit, known: Roster, form: Form, key: str = "", problem: str = ""
) -> Response:
    """Show an entry as it stands in the form; `problem` says why it was not taken."""
    unions = entries.unions(visit.staff)
    return rooms.page.show(
        "duty/entry.html",
        visit,
        422 if problem else 200,
        form=form,
        key=key,
        unions=[rooms.organizations.organizations[name] for name in entries.in_order(unions)],
        deputies=[each.name for each in known.people if unions & set(each.unions) and each.name != form.name],
        media=words.MEDIA,
        days=words.DAYS,
        hint=words.ADDRESS_HINTS,
        longest=LONGEST,
        problem=problem,
        done=words.DONE.get(visit.request.query_params.get("done", ""), ""),
    )
