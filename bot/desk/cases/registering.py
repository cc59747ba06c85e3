"""Registering a case for somebody who calls 12351 or comes: the same forms, the same triage, and a printed receipt."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from bot.cases import receipt
from bot.cases.changes import NewClaimant, OpenCase
from bot.cases.lifecycle import opened
from bot.cases.model import CaseKind, Content, Evidence
from bot.cases.ports import Conflict
from bot.desk.cases import words
from bot.desk.cases.acting import actors
from bot.desk.cases.moving import Unfit
from bot.desk.cases.ports import Begun, Paper, Referred
from bot.desk.cases.room import CaseRoom
from bot.desk.cases.uploading import ACCEPTED, kept, papers_form
from bot.desk.doors import Door, Visit
from bot.desk.page import CHINA
from bot.desk.rooms import Rooms, done
from bot.desk.staff import Permission
from bot.forms.draft import Draft, asked_of, read
from bot.forms.facts import facts
from bot.forms.values import number_of_people
from bot.messages import Channel
from bot.triage.model import People
from knowledge.forms import GRIEVANCE, Form, load_forms
from knowledge.organizations import regions_with
from knowledge.vocabulary import Category, Urgency

LONGEST = 3_000  # characters of one field
_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
Clerk = Annotated[Visit, Depends(Door(Permission.WORK_CASES))]
Bringer = Annotated[Visit, Depends(Door(Permission.WORK_CASES, form=papers_form))]
Name = Annotated[str, Query(max_length=64)]


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody told, as it was written down."""

    form: Form
    way: str  # of words.WAYS
    anonymous: bool
    values: Mapping[str, str]  # by question, read as the bot reads a reply

    @property
    def missing(self) -> list[str]:
        """Return the labels of what must be told and is not."""
        asked = asked_of(self.form, Draft("", self.form.id, anonymous=self.anonymous))
        return [question.label for question in asked if question.required and question.id not in self.values]

    @property
    def people(self) -> People | None:
        """Return how many it concerns."""
        said = self.values.get("people")
        return number_of_people(said) if said else None


def registering(rooms: Rooms, room: CaseRoom) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/cases/new")
    regions = regions_with(room.organizations)

    def told(fields: Mapping[str, str]) -> Told:
        form = _form(fields.get("form", ""))
        anonymous = fields.get("anonymous") == "on"
        today = room.now().astimezone(CHINA).date()
        values = {}
        for question in asked_of(form, Draft("", form.id, anonymous=anonymous)):
            text = fields.get(question.id, "").strip()[:LONGEST]
            if text:
                values[question.id] = read(question, text, regions, today) or text
        way = fields.get("way", "")
        return Told(form, way if way in words.WAYS else words.CALLED, anonymous, values)

    def refer(visit: Visit, told: Told, category: Category | None) -> Referred:
        own = room.organizations.organizations.get(visit.staff.unions[0])
        story = " ".join(told.values[id] for id in ("story", "wish") if id in told.values)
        return room.referring.refer(
            story or told.form.title,
            place=told.values.get("place", ""),
            region=own.region if own else None,
            category=category or told.form.category,
            people=told.people,
        )

    def show(
        visit: Visit,
        told: Told,
        id: str,
        status: int = 200,
        problem: str = "",
        *,
        papers: Sequence[Paper] = (),
        **more: object,
    ) -> Response:
        values: dict[str, object] = {
            "told": told,
            "id": id,
            "papers": papers,
            "accepted": ACCEPTED,
            "size": words.size,
            "waiting": (),
            "problem": problem,
            "forms": list(load_forms().forms.values()),
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

    @router.get("")
    async def page(visit: Clerk, form: Name = "", draft: Name = "") -> Response:
        """Show an empty form, or one that was begun."""
        begun = await room.drafts.find(visit.staff.id, draft) if draft else None
        if begun is None:
            waiting = [(each, told(dict(each.fields))) for each in await room.drafts.of(visit.staff.id)]
            empty = Told(_form(form), words.CALLED, False, {})
            return show(visit, empty, secrets.token_hex(16), waiting=waiting)
        if (there := await room.cases.case(begun.id)) is not None:
            await room.drafts.drop(visit.staff.id, begun.id)
            return done(f"/cases/{there.number}", "registered")
        return show(visit, told(dict(begun.fields)), begun.id, papers=begun.papers, agreed=True)

    @router.post("")
    async def register(visit: Bringer) -> Response:
        """Check what was told and say where it would go; then, if that was looked at, register it.

        What was told is kept on the way, so that nothing is lost if the call breaks off.
        """
        fields = {name: visit.field(name) for name in visit.fields}
        written, id, step = told(fields), visit.field("id"), visit.field("step")
        if not _ID.fullmatch(id):
            return show(visit, written, secrets.token_hex(16), 422, words.AGAIN)
        if (there := await room.cases.case(id)) is not None:
            return done(f"/cases/{there.number}", "registered")
        if step == "drop":
            await room.drafts.drop(visit.staff.id, id)
            return done("/cases", "dropped")
        begun = await room.drafts.find(visit.staff.id, id)
        papers = (
            [each for each in begun.papers if each.kept.file not in visit.fields.get("without", ())] if begun else []
        )
        if visit.field("agreed") != "on":
            return show(visit, written, id, 422, words.NO_CONSENT, papers=papers)
        try:
            papers += await kept(visit, room.evidence)
        except Unfit as error:
            return show(visit, written, id, 422, str(error), papers=papers)
        told_so_far = tuple((name, value[:LONGEST]) for name, value in fields.items() if name in _kept(written.form))
        await room.drafts.save(visit.staff.id, Begun(id, room.now(), written.form.id, told_so_far, tuple(papers)))
        if step == "later":
            return done("/cases", "draft")
        if written.missing:
            return show(visit, written, id, 422, words.missing(written.missing), papers=papers)
        chosen = visit.field("category")
        category = Category(chosen) if chosen in set(Category) else None
        referred = refer(visit, written, category)
        category = category or referred.categories[0]
        urgency = visit.field("urgency")
        union = visit.field("organization")
        found = union if union in room.organizations.active else referred.organization
        if step != "register" or not found:
            employer = written.values.get("employer", "")
            similar = await room.cases.similar(employer, category) if employer else []
            return show(
                visit,
                written,
                id,
                problem=words.elsewhere(referred.elsewhere) if not found else "",
                papers=papers,
                checked=referred,
                similar=[each for each in similar if room.sees(visit.staff, each.organization)][-5:],
            )
        content = Content(
            kind=_kind(written.form, urgency),
            facts=facts(written.form, written.values, (words.WAY, written.way)),
            categories=(category, *(each for each in referred.categories if each is not category)),
            urgency=Urgency(urgency) if urgency in set(Urgency) else referred.urgency,
            region=referred.region or room.organizations.organizations[found].region,
            organization=found,
            department=referred.department if found == referred.organization else room.categories[category].department,
            reason=referred.reason if found == referred.organization else words.chosen(visit.staff.name),
        )
        digits, now = receipt.new(), room.now()
        person = NewClaimant(
            1,
            Channel.WEB,
            "",
            digits,
            now,
            anonymous=written.anonymous,
            name=written.values.get("name", ""),
            telephone=written.values.get("phone", ""),
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

    return router


def _kept(form: Form) -> frozenset[str]:
    """Return the fields of a form that are kept while it is not registered."""
    return frozenset({"form", "way", "anonymous", *(question.id for question in form.questions)})


def _form(id: str) -> Form:
    known = load_forms()
    return known[id] if id in known else known[GRIEVANCE]


def _kind(form: Form, urgency: str) -> CaseKind:
    if urgency == Urgency.EMERGENCY:
        return CaseKind.EMERGENCY
    return CaseKind.APPLICATION if form.service else CaseKind.GRIEVANCE
