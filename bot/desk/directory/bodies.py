"""The pages of bodies outside the unions: what they take, and where the workers of a union's area find them."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from hashlib import blake2b
from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from bot.audit import Act, Entry
from bot.desk import texts
from bot.desk.directory import words
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.parameters import Unfit
from bot.desk.directory.scope import keeps_all
from bot.desk.directory.union_form import LONGEST, line, read_contact, read_source
from bot.desk.doors import Door, Visit
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission, reach
from knowledge.organizations import NO_CONTACT, Body, Organizations, OwnEntries

WORDS, OFFICE = "words", "office"
FIELDS = ("union", "name", "takes", "hotline", "bring", "limit", "telephone", "address", "hours", "source", "seen")
Keep = Annotated[Visit, Depends(Door(Permission.KEEP_DIRECTORY))]
Id = Annotated[str, Path(pattern=r"^[a-z-]{1,32}$")]


def bodies(rooms: Rooms, ledger: Ledger, now: Callable[[], datetime]) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/directory/bodies")
    organizations = rooms.organizations

    def known(id: str) -> Body:
        if id not in organizations.bodies:
            raise texts.not_found()
        return organizations.bodies[id]

    def form(visit: Visit, body: Body, typed: Mapping[str, str], status: int = 200, problem: str = "") -> Response:
        within = reach(visit.staff.unions, organizations)
        return rooms.page.show(
            "directory/body.html",
            visit,
            status,
            body=body,
            typed=typed,
            unions=[each for each in organizations.active.values() if each.name in within],
            mine=within,
            reached=words.reached,
            hotlines=organizations.hotlines,
            keeps=keeps_all(visit.staff, organizations),
            longest=LONGEST,
            problem=problem,
        )

    def after(visit: Visit, body: Body, typed: Mapping[str, str]) -> Body:
        """Return the body as the form has it; raise Unfit."""
        today = now().astimezone(CHINA).date()
        if visit.field("act") == OFFICE:
            return _with_office(body, typed, reach(visit.staff.unions, organizations), today)
        if not keeps_all(visit.staff, organizations):
            raise Unfit(words.NOT_ALL)
        return _with_words(body, typed, organizations, today)

    @router.get("/{id}")
    async def one(visit: Keep, id: Id) -> Response:
        body = known(id)
        return form(visit, body, _filled(body))

    @router.post("/{id}/check")
    async def check(visit: Keep, id: Id) -> Response:
        body, typed = known(id), _sent(visit)
        try:
            then = after(visit, body, typed)
        except Unfit as error:
            return form(visit, body, typed, 422, str(error))
        now_lines = dict(words.body_lines(body, organizations))
        then_lines = dict(words.body_lines(then, organizations))
        labels = [label for label in {**now_lines, **then_lines} if now_lines.get(label) != then_lines.get(label)]
        return rooms.page.show(
            "directory/body_check.html",
            visit,
            body=then,
            act=visit.field("act"),
            changes=[(label, now_lines.get(label, ""), then_lines.get(label, "")) for label in labels],
            typed=typed,
            draft=_digest(await asyncio.to_thread(ledger.own)),
        )

    @router.post("/{id}/save")
    async def save(visit: Keep, id: Id) -> Response:
        body, typed = known(id), _sent(visit)
        try:
            then, own = after(visit, body, typed), await asyncio.to_thread(ledger.own)
            if _digest(own) != visit.field("draft"):
                raise Unfit(words.CHANGED_MEANWHILE)
            about = f"changed {typed['union']}" if visit.field("act") == OFFICE else "changed"
            await rooms.audit.record(Entry(visit.staff.actor, Act.BODY_CHANGED, f"body/{id}", about))
            if not await asyncio.to_thread(ledger.enter_own, own, _entered(own, body, then)):
                raise Unfit(words.CHANGED_MEANWHILE)
        except Unfit as error:
            return form(visit, body, typed, 422, str(error))
        return done("/directory/unions", "union")

    return router


def _filled(body: Body) -> dict[str, str]:
    told = {
        "name": body.name,
        "takes": body.takes,
        "hotline": body.hotline or "",
        "bring": "\n".join(body.bring),
        "limit": body.limit,
        "source": body.source,
    }
    return {**dict.fromkeys(FIELDS, ""), **told}


def _sent(visit: Visit) -> dict[str, str]:
    return {name: visit.field(name)[:1000] for name in FIELDS}


def _with_words(body: Body, typed: Mapping[str, str], organizations: Organizations, today: date) -> Body:
    name, takes, limit = (line(typed[each]) for each in ("name", "takes", "limit"))
    if not name or not takes:
        raise Unfit(words.NO_BODY_TEXT)
    if typed["hotline"] and typed["hotline"] not in organizations.hotlines:
        raise Unfit(words.BAD_HOTLINE)
    bring = tuple(filter(None, (line(each) for each in re.split(r"[\r\n]+", typed["bring"]))))
    source = read_source(typed)
    then = replace(body, name=name, takes=takes, hotline=typed["hotline"] or None, bring=bring, limit=limit)
    if then == body:
        raise Unfit(words.NOTHING_CHANGED)
    return replace(then, source=source, confirmed=today)


def _with_office(body: Body, typed: Mapping[str, str], within: frozenset[str], today: date) -> Body:
    union = typed["union"]
    if union not in within:
        raise Unfit(words.NOT_YOUR_UNION)
    contact, before = read_contact(typed, today), body.offices.get(union, NO_CONTACT)
    if contact != NO_CONTACT:
        contact = replace(contact, source=read_source(typed))
    if contact == before:
        raise Unfit(words.NOTHING_CHANGED)
    return replace(body, offices={**body.offices, union: contact})


def _entered(own: OwnEntries, body: Body, then: Body) -> OwnEntries:
    """Return a home's entries with the body as it is to be; its offices leave the rest as it ships."""
    changed = {union: office for union, office in then.offices.items() if body.offices.get(union) != office}
    if changed:
        return replace(own, offices={**own.offices, body.id: {**own.offices.get(body.id, {}), **changed}})
    bare = replace(then, offices={})
    return replace(own, bodies=(*(each for each in own.bodies if each.id != body.id), bare))


def _digest(own: OwnEntries) -> str:
    return blake2b(repr(own).encode(), digest_size=16).hexdigest()
