"""The page where an admin keeps the replies that stand ready: adds, changes, retires them, and sees them filled in."""

import secrets
from dataclasses import replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query
from fastapi.responses import RedirectResponse, Response

from bot.audit import Act, Entry
from bot.cases.model import Move
from bot.desk import texts
from bot.desk.cases import canned_words, words
from bot.desk.cases.canned import LONGEST, LONGEST_TITLE, MOVES, VARIABLES, checked, filled, offered
from bot.desk.cases.moving import Unfit
from bot.desk.cases.ports import ReadyReply
from bot.desk.cases.room import CaseRoom
from bot.desk.doors import PREFIX, Door, Visit
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission

Keeper = Annotated[Visit, Depends(Door(Permission.KEEP_CANNED))]
Union = Annotated[str, Query(max_length=64)]
Id = Annotated[str, Path(pattern=r"^[0-9a-z]{1,32}$")]
NEW = "new"  # in the place of an id


def replies(rooms: Rooms, room: CaseRoom) -> APIRouter:
    """Return the routes; an admin keeps the replies of the own unions and those below."""
    router = APIRouter(prefix="/directory/canned")

    def own(visit: Visit, named: str) -> str:
        within = room.unions(visit.staff)
        if named and named not in within:
            raise texts.not_found()
        if not within:
            raise texts.forbidden()
        return named or next((each for each in visit.staff.unions if each in within), within[0])

    async def kept(union: str) -> dict[str, tuple[str, ReadyReply]]:
        chain = room.chain(union)
        return offered(await room.replies.of(chain), chain)

    async def record(visit: Visit, union: str, reply: ReadyReply, detail: str) -> Response:
        await room.replies.put(union, reply, Entry(visit.staff.actor, Act.CANNED_CHANGED, f"canned/{reply.id}", detail))
        return RedirectResponse(f"{PREFIX}/directory/canned?{urlencode({'union': union, 'done': detail})}", 303)

    @router.get("")
    async def page(visit: Keeper, union: Union = "") -> Response:
        chosen = own(visit, union)
        found = await kept(chosen)
        return rooms.page.show(
            "cases/replies.html",
            visit,
            union=chosen,
            unions=room.unions(visit.staff),
            groups=[
                (words.MOVES[move], [(canned_words.kept_by(whose), whose == chosen, reply) for whose, reply in of_move])
                for move in MOVES
                if (of_move := [pair for pair in found.values() if pair[1].move is move])
            ],
            done=canned_words.CANNED_DONE.get(visit.request.query_params.get("done", ""), ""),
        )

    @router.get("/{id}")
    async def form(visit: Keeper, id: Id, union: Union = "") -> Response:
        chosen = own(visit, union)
        if id == NEW:
            return show(visit, chosen, ReadyReply(NEW, MOVES[0], "", ""))
        return show(visit, chosen, (await known(chosen, id))[1])

    @router.post("/{id}")
    async def save(visit: Keeper, id: Id) -> Response:
        """Show what was written filled in, or keep it if that is what was asked."""
        chosen = own(visit, visit.field("union"))
        if id != NEW:
            await known(chosen, id)
        wanted = visit.field("move")
        typed = ReadyReply(
            id,
            Move(wanted) if wanted in MOVES else MOVES[0],
            visit.field("title"),
            visit.field("text")[: 2 * LONGEST],
        )
        try:
            move, title, text = checked(wanted, typed.title, typed.text)
        except Unfit as error:
            return show(visit, chosen, typed, 422, str(error))
        reply = ReadyReply(id, move, title, text)
        if visit.field("step") != "save":
            return show(visit, chosen, reply, sample=filled(text, canned_words.SAMPLE))
        return await record(visit, chosen, replace(reply, id=secrets.token_hex(16) if id == NEW else id), "changed")

    @router.post("/{id}/{step}")
    async def turn(visit: Keeper, id: Id, step: Annotated[str, Path(pattern="^(retire|restore)$")]) -> Response:
        """Take a reply out of use in this union and those below, or bring it back."""
        chosen = own(visit, visit.field("union"))
        _, reply = await known(chosen, id)
        retired = step == "retire"
        return await record(visit, chosen, replace(reply, retired=retired), "retired" if retired else "restored")

    async def known(union: str, id: str) -> tuple[str, ReadyReply]:
        found = (await kept(union)).get(id)
        if found is None:
            raise texts.not_found()
        return found

    def show(
        visit: Visit, union: str, reply: ReadyReply, status: int = 200, problem: str = "", sample: str = ""
    ) -> Response:
        return rooms.page.show(
            "cases/reply.html",
            visit,
            status,
            union=union,
            reply=reply,
            problem=problem,
            sample=sample,
            moves=[(move.value, words.MOVES[move]) for move in MOVES],
            variables=[f"{{{each}}}" for each in VARIABLES],
            longest=LONGEST,
            longest_title=LONGEST_TITLE,
        )

    return router
