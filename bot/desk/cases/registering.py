"""Registering a case for somebody who calls 12351 or comes: the same forms, the same triage, and a printed receipt."""

import re
import secrets
from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from bot.cases import receipt
from bot.cases.changes import NewClaimant, OpenCase
from bot.cases.lifecycle import opened
from bot.cases.model import Content, Evidence
from bot.cases.ports import Conflict
from bot.desk.cases import words
from bot.desk.cases.acting import actors
from bot.desk.cases.moving import Unfit
from bot.desk.cases.ports import Begun, Paper, Referred
from bot.desk.cases.room import CaseRoom
from bot.desk.cases.told import LONGEST, Told, chosen_in, content_of, form_of, told_in
from bot.desk.cases.uploading import ACCEPTED, kept, papers_form
from bot.desk.doors import Door, Visit
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission
from bot.messages import Channel
from bot.texts.cases import route_for_staff
from knowledge.forms import load_forms
from knowledge.organizations import regions_with
from knowledge.vocabulary import Category, Urgency

_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
Clerk = Annotated[Visit, Depends(Door(Permission.WORK_CASES))]
Bringer = Annotated[Visit, Depends(Door(Permission.WORK_CASES, form=papers_form))]
Name = Annotated[str, Query(max_length=64)]


def registering(rooms: Rooms, room: CaseRoom) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/cases/new")
    regions = regions_with(room.organizations)

    def read(fields: dict[str, str]) -> Told:
        return told_in(fields, regions, room.now().astimezone(CHINA).date())

    @router.get("")
    async def page(visit: Clerk, form: Name = "", draft: Name = "") -> Response:
        """Show an empty form, or one that was begun."""
        begun = await room.drafts.find(visit.staff.id, draft) if draft else None
        if begun is None:
            waiting = [(each, read(dict(each.fields))) for each in await room.drafts.of(visit.staff.id)]
            empty = Told(form_of(form), words.CALLED, False, {})
            return _show(rooms, room, visit, empty, secrets.token_hex(16), waiting=waiting)
        if (there := await room.cases.case(begun.id)) is not None:
            await room.drafts.drop(visit.staff.id, begun.id)
            return done(f"/cases/{there.number}", "registered")
        written = read(dict(begun.fields))
        return _show(rooms, room, visit, written, begun.id, papers=begun.papers, agreed=True)

    @router.post("")
    async def register(visit: Bringer) -> Response:
        """Check what was told and say where it would go; then, if that was looked at, register it.

        What was told is kept on the way, so that nothing is lost if the call breaks off.
        """
        fields = {name: visit.field(name) for name in visit.fields}
        written, id, step = read(fields), visit.field("id"), visit.field("step")
        if not _ID.fullmatch(id):
            return _show(rooms, room, visit, written, secrets.token_hex(16), 422, words.AGAIN)
        if (there := await room.cases.case(id)) is not None:
            return done(f"/cases/{there.number}", "registered")
        if step == "drop":
            await room.drafts.drop(visit.staff.id, id)
            return done("/cases", "dropped")
        begun = await room.drafts.find(visit.staff.id, id)
        papers = (
            [each for each in begun.papers if each.kept.file not in visit.fields.get("without", ())] if begun else []
        )
        if visit.field("was") not in ("", written.form.id):
            return _show(rooms, room, visit, written, id, papers=papers)
        if visit.field("agreed") != "on":
            return _show(rooms, room, visit, written, id, 422, words.NO_CONSENT, papers=papers)
        try:
            papers += await kept(visit, room.evidence)
        except Unfit as error:
            return _show(rooms, room, visit, written, id, 422, str(error), papers=papers)
        told_so_far = tuple((name, value[:LONGEST]) for name, value in fields.items() if name in written.kept)
        await room.drafts.save(visit.staff.id, Begun(id, room.now(), written.form.id, told_so_far, tuple(papers)))
        if step == "later":
            return done("/cases", "draft")
        if written.missing:
            return _show(rooms, room, visit, written, id, 422, words.missing(written.missing), papers=papers)
        choice = chosen_in(fields, room)
        referred = _refer(room, visit, written, choice.category)
        content = content_of(written, choice, referred, room, visit.staff.name)
        if step == "register" and content.organization:
            return await _store(rooms, room, visit, written, id, content, papers)
        return await _propose(rooms, room, visit, written, id, content, referred, papers)

    return router


def _refer(room: CaseRoom, visit: Visit, told: Told, category: Category | None) -> Referred:
    own = room.organizations.organizations.get(visit.staff.unions[0])
    story = " ".join(told.values[id] for id in ("story", "wish") if id in told.values)
    return room.referring.refer(
        story or told.form.title,
        place=told.values.get("place", ""),
        region=own.region if own else None,
        category=category or told.form.category,
        people=told.people,
    )


def _show(
    rooms: Rooms,
    room: CaseRoom,
    visit: Visit,
    told: Told,
    id: str,
    status: int = 200,
    problem: str = "",
    *,
    papers: Sequence[Paper] = (),
    **more: object,
) -> Response:
    """Show the form as it is filled in; `more` are values of its page."""
    known = load_forms().forms.values()
    asked = {question.id for form in known for question in form.questions}
    own = {question.id for question in told.form.questions}
    values: dict[str, object] = {
        "told": told,
        # what was told for another form, should that one be the right one after all
        "others": {name: visit.field(name)[:LONGEST] for name in sorted(asked - own) if visit.field(name)},
        "id": id,
        "papers": papers,
        "accepted": ACCEPTED,
        "size": words.size,
        "waiting": (),
        "problem": problem,
        "forms": list(known),
        "ways": words.WAYS,
        "retention": words.CONSENT,
        "agreed": visit.field("agreed") == "on",
        "checked": None,
        "unions": list(room.organizations.active),
        "categories": [each.value for each in Category],
        "urgencies": [each.value for each in Urgency],
        "similar": [],
    }
    return rooms.page.show("cases/new.html", visit, status, **{**values, **more})


async def _propose(
    rooms: Rooms,
    room: CaseRoom,
    visit: Visit,
    told: Told,
    id: str,
    content: Content,
    referred: Referred,
    papers: Sequence[Paper],
) -> Response:
    """Show where it would go, and what else is open at the same employer."""
    employer = told.values.get("employer", "")
    similar = await room.cases.similar(employer, content.categories[0]) if employer else []
    return _show(
        rooms,
        room,
        visit,
        told,
        id,
        problem="" if content.organization else words.elsewhere(referred.elsewhere),
        papers=papers,
        checked=referred,
        reason=route_for_staff(referred.reason),
        similar=[each for each in similar if room.sees(visit.staff, each.organization)][-5:],
    )


async def _store(
    rooms: Rooms, room: CaseRoom, visit: Visit, told: Told, id: str, content: Content, papers: Sequence[Paper]
) -> Response:
    """Register the case, and show its receipt, which nobody sees again."""
    digits, now = receipt.new(), room.now()
    person = NewClaimant(
        1,
        Channel.WEB,
        "",
        digits,
        now,
        anonymous=told.anonymous,
        name=told.values.get("name", ""),
        telephone=told.values.get("phone", ""),
    )
    actor = next(actors(visit.staff))
    evidence = tuple(Evidence(secrets.token_hex(16), each.kept, each.name, 1, now) for each in papers)
    try:
        await room.cases.apply([OpenCase(opened(id, content, actor, now), (person,), evidence)], now)
    except Conflict:  # pressed twice, and the other press was quicker
        there = await room.cases.case(id)
        return done(f"/cases/{there.number}" if there else "/cases", "registered")
    await room.drafts.drop(visit.staff.id, id)
    case = await room.cases.case(id)
    return rooms.page.show(
        "cases/receipt.html",
        visit,
        case=case,
        digits=receipt.shown(digits),
        seen=case is not None and room.sees(visit.staff, case.organization),
        person=1,
        papers=len(papers),
    )
