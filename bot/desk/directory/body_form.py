"""A body outside the unions as it is filled in at the desk, or as a row of a table; pure."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from bot.audit import Act
from bot.desk.directory import words
from bot.desk.directory.parameters import Unfit
from bot.desk.directory.scope import keeps_all
from bot.desk.directory.tables import NAME, Change, Kind, Standing
from bot.desk.directory.union_form import line, read_contact, read_source
from bot.desk.staff import Staff
from knowledge.categories import Categories
from knowledge.model import content_id
from knowledge.organizations import NO_CONTACT, Body, Organizations, OwnEntries, load_organizations

FIELDS = ("union", "name", "takes", "hotline", "bring", "limit", "telephone", "address", "hours", "source", "seen")
COLUMNS = {
    NAME: "name",
    "办什么事": "takes",
    "热线": "hotline",
    "要带什么": "bring",
    "期限": "limit",
    "依据": "source",
}
NEW = Body("new", "", "")  # as the form of one that is to be added shows it
_LETTERS = str.maketrans("0123456789", "ghijklmnop")
_COMPARED = ("name", "takes", "hotline", "bring", "limit")


def filled(body: Body) -> dict[str, str]:
    """Return the form that shows a body."""
    told = {
        "name": body.name,
        "takes": body.takes,
        "hotline": body.hotline or "",
        "bring": "\n".join(body.bring),
        "limit": body.limit,
        "source": body.source,
    }
    return {**dict.fromkeys(FIELDS, ""), **told}


def read_words(body: Body, form: Mapping[str, str], staff: Staff, unions: Organizations, today: date) -> Body:
    """Return the body as the form says what it takes, `NEW` with an id of its own; raise Unfit in Chinese."""
    if not keeps_all(staff, unions):
        raise Unfit(words.NOT_ALL)
    name, takes, limit = (line(form[each]) for each in ("name", "takes", "limit"))
    if not name or not takes:
        raise Unfit(words.NO_BODY_TEXT)
    if any(each.name == name and each.id != body.id for each in unions.bodies.values()):
        raise Unfit(words.BODY_TAKEN.format(name))
    if form["hotline"] and form["hotline"] not in unions.hotlines:
        raise Unfit(words.BAD_HOTLINE)
    bring = tuple(filter(None, (line(each) for each in re.split(r"[\r\n、]+", form["bring"]))))
    source = read_source(form)
    then = replace(body, name=name, takes=takes, hotline=form["hotline"] or None, bring=bring, limit=limit)
    if then == body:
        raise Unfit(words.NOTHING_CHANGED)
    id = _new_id(name, unions) if body == NEW else body.id
    return replace(then, id=id, source=source, confirmed=today)


def read_office(body: Body, form: Mapping[str, str], within: frozenset[str], today: date) -> Body:
    """Return the body as the form says where a union's workers find it; raise Unfit in Chinese."""
    union = form["union"]
    if union not in within:
        raise Unfit(words.NOT_YOUR_UNION)
    contact, before = read_contact(form, today), body.offices.get(union, NO_CONTACT)
    if contact != NO_CONTACT:
        contact = replace(contact, source=read_source(form))
    if contact == before:
        raise Unfit(words.NOTHING_CHANGED)
    return replace(body, offices={**body.offices, union: contact})


def retired(
    body: Body, form: Mapping[str, str], staff: Staff, unions: Organizations, categories: Categories, today: date
) -> Body:
    """Return the body as one to which nobody is sent any more; raise Unfit in Chinese."""
    if not keeps_all(staff, unions):
        raise Unfit(words.NOT_ALL)
    if body.id in load_organizations().bodies:
        raise Unfit(words.BODY_SHIPPED)
    if used := [rule.category.value for rule in categories.rules.values() if body.id in rule.bodies]:
        raise Unfit(words.BODY_USED.format("、".join(used)))
    return replace(body, retired=today, source=read_source(form), confirmed=today)


def restored(body: Body, form: Mapping[str, str], staff: Staff, unions: Organizations, today: date) -> Body:
    """Return a body that was retired as one to which somebody can be sent again; raise Unfit in Chinese."""
    if not keeps_all(staff, unions):
        raise Unfit(words.NOT_ALL)
    return replace(body, retired=None, source=read_source(form), confirmed=today)


def entered(own: OwnEntries, body: Body, then: Body) -> OwnEntries:
    """Return a home's entries with the body as it is to be; its offices leave the rest as it ships."""
    changed = {union: office for union, office in then.offices.items() if body.offices.get(union) != office}
    if changed:
        return replace(own, offices={**own.offices, body.id: {**own.offices.get(body.id, {}), **changed}})
    bare = replace(then, offices={})
    return replace(own, bodies=(*(each for each in own.bodies if each.id != body.id), bare))


def changes(body: Body, then: Body, unions: Organizations) -> list[tuple[str, str, str]]:
    """Return what is otherwise than before: what it is, as it was, as it will be."""
    before, after = dict(words.body_lines(body, unions)), dict(words.body_lines(then, unions))
    labels = [label for label in {**before, **after} if before.get(label) != after.get(label)]
    return [(label, before.get(label, ""), after.get(label, "")) for label in labels]


def _new_id(name: str, unions: Organizations) -> str:
    """Return an id in small letters, the same for as long as no other body is added; none is ever taken away."""
    return "own-" + content_id(name, str(len(unions.bodies)))[:12].translate(_LETTERS)


def _rows(unions: Organizations) -> list[list[str]]:
    return [[_cell(filled(each)[field]) for field in COLUMNS.values()] for each in unions.sent_to.values()]


def _cell(text: str) -> str:
    return text.replace("\n", "、")


def _read_row(fields: Mapping[str, str], standing: Standing) -> tuple[OwnEntries, Change] | None:
    body = next((each for each in standing.unions.bodies.values() if each.name == fields["name"]), NEW)
    if all(_cell(filled(body)[field]) == fields[field] for field in _COMPARED):
        return None
    then = read_words(body, fields, standing.staff, standing.unions, standing.today)
    lines = changes(body, then, standing.unions)
    return entered(standing.own, body, then), Change(then.name, body == NEW, lines)


BODIES = Kind("bodies", "单位", Act.BODY_CHANGED, COLUMNS, _rows, _read_row)
