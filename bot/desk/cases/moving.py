"""The forms of moves: what each asks for, and what was filled in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.cases.model import Case, Content, Move
from bot.desk.cases import words
from bot.desk.page import CHINA
from bot.desk.staff import Staff
from knowledge.errors import NiangjiaError
from knowledge.organizations import Body, Organizations
from knowledge.vocabulary import Category, Urgency

LONGEST = 3_000  # characters of one field


class Unfit(NiangjiaError):  # noqa: N818 - named by what it says
    """Say in Chinese why a form was not taken."""


class Kind(StrEnum):
    """How a field is filled in."""

    TEXT = "text"
    LINE = "line"
    DATE = "date"
    UNION = "union"
    DEPARTMENT = "department"
    BODY = "body"
    STAFF = "staff"
    CASE = "case"
    CATEGORY = "category"
    URGENCY = "urgency"
    CLAIMANT = "claimant"


_KINDS = {
    "text": Kind.TEXT,
    "reason": Kind.TEXT,
    "basis": Kind.TEXT,
    "contact": Kind.LINE,
    "organization": Kind.UNION,
    "department": Kind.DEPARTMENT,
    "body": Kind.BODY,
    "until": Kind.DATE,
    "parent": Kind.CASE,
    "staff": Kind.STAFF,
    "category": Kind.CATEGORY,
    "urgency": Kind.URGENCY,
    "claimant": Kind.CLAIMANT,
}
_PASSED_ON = ("organization", "department", "reason")
# What each move asks for; the moves of the desk are these, as they are offered: what is done most often first.
FORMS: Mapping[Move, tuple[str, ...]] = {
    Move.ACKNOWLEDGE: (),
    Move.TRIAGE: (),
    Move.ACCEPT: (),
    Move.DISPATCH: _PASSED_ON,
    Move.ANSWER: ("text",),
    Move.START: (),
    Move.RESUME: (),
    Move.ASK_WORKER: ("text",),
    Move.WAIT_EMPLOYER: ("reason",),
    Move.RESOLVE: ("text",),
    Move.CONFIRM: ("claimant",),
    Move.FOLLOW_UP: (),
    Move.CLOSE_UNREACHED: ("reason",),
    Move.REOPEN: (),
    Move.ASK_REOPEN: ("text",),
    Move.DECLINE: ("reason",),
    Move.GO_LEGAL: ("body", "until"),
    Move.REFER: ("body", "reason", "contact"),
    Move.NOT_SUPPORT: ("reason", "basis"),
    Move.MERGE: ("parent",),
    Move.UNMERGE: (),
    Move.RETURN: ("reason",),
    Move.SAY: ("text",),
    Move.INTERIM: ("text",),
    Move.NOTE: ("text",),
    Move.ASSIGN: ("staff",),
    Move.REGRADE: ("category", "urgency"),
    Move.TRANSFER: _PASSED_ON,
    Move.ALARM: (),
}
WORDS = frozenset({Move.SAY, Move.INTERIM, Move.NOTE})  # what is said and noted at any time
ASIDE = frozenset({Move.ASSIGN, Move.REGRADE, Move.TRANSFER, Move.ALARM})
HARMLESS = frozenset({Move.NOTE})  # right whatever happened meanwhile


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a move's form, with what it holds at first."""

    name: str
    label: str
    kind: Kind
    value: str
    options: tuple[tuple[str, str], ...] = ()  # values and words


@dataclass(frozen=True, slots=True)
class Form:
    """A move that can be made now."""

    move: Move
    label: str
    hint: str
    fields: tuple[Field, ...]
    open: bool = False  # it was sent and is shown again


@dataclass(frozen=True, slots=True)
class Choices:
    """What can be chosen from."""

    unions: Sequence[tuple[str, str]]  # by which a union is known, and called
    organizations: Organizations
    bodies: Sequence[Body]  # the usual ones for the case first
    colleagues: Sequence[Staff]
    unreached: Sequence[int]  # numbers of the claimants who can only be asked by telephone, and were not yet


def forms(
    case: Case, moves: Sequence[Move], choices: Choices, typed: Mapping[str, str], sent: Move | None = None
) -> list[Form]:
    """Return the forms of the moves, the one that was `sent` with what was `typed`."""
    return [
        Form(
            move,
            words.MOVES[move],
            words.HINTS.get(move, ""),
            tuple(_field(name, case, choices, typed.get(name, "") if move is sent else None) for name in names),
            open=move is sent,
        )
        for move, names in FORMS.items()
        if move in moves and _offered(move, case, moves, choices)
    ]


def _offered(move: Move, case: Case, moves: Sequence[Move], choices: Choices) -> bool:
    """Tell whether there is a use for a move that is allowed."""
    match move:
        case Move.CONFIRM:
            return bool(choices.unreached)
        case Move.ASK_REOPEN:  # by whom it can neither be opened nor taken out of another case
            return not (case.asked or {Move.REOPEN, Move.UNMERGE} & set(moves))
        case _:
            return True


def content(move: Move, case: Case, filled: Mapping[str, str], choices: Choices, parent: Case | None) -> Content:
    """Return what a form says; raise Unfit where a choice is none of those given."""
    names = FORMS[move]
    said = {name: filled.get(name, "").strip()[:LONGEST] for name in names}
    chosen = {
        field.name: {value for value, _ in field.options}
        for field in (_field(name, case, choices, None) for name in names)
        if field.options
    }
    for name, problem in (("organization", words.NO_UNION), ("department", words.NO_UNION), ("body", words.NO_BODY)):
        if name in names and said[name] not in chosen[name]:
            raise Unfit(problem)
    if "staff" in names and said["staff"] not in {each.id for each in choices.colleagues}:
        raise Unfit(words.NO_STAFF)
    if "claimant" in names and said["claimant"] not in chosen.get("claimant", ()):
        raise Unfit(words.NOT_TO_CONFIRM)
    if "parent" in names and (parent is None or parent.id == case.id):
        raise Unfit(words.BAD_PARENT)
    category, urgency = said.get("category", ""), said.get("urgency", "")
    return Content(
        text=said.get("text", ""),
        reason=said.get("reason", ""),
        basis=said.get("basis", ""),
        contact=said.get("contact", ""),
        organization=said.get("organization", ""),
        department=said.get("department", ""),
        body=said.get("body", ""),
        until=_day(said["until"], case) if "until" in names else None,
        parent=parent.id if parent and "parent" in names else "",
        staff=said.get("staff", ""),
        claimant=int(said["claimant"]) if "claimant" in names else None,
        categories=(Category(category),) if category in set(Category) else (),
        urgency=Urgency(urgency) if urgency in set(Urgency) and urgency != Urgency.EMERGENCY else None,
    )


def _field(name: str, case: Case, choices: Choices, typed: str | None) -> Field:
    kind = _KINDS[name]
    first = {
        "organization": case.organization,
        "department": case.department,
        "category": case.categories[0].value,
        "urgency": case.urgency.value,
        "staff": case.handler,
        "claimant": str(choices.unreached[0]) if choices.unreached else "",
    }.get(name, "")
    return Field(name, words.FIELDS[name], kind, first if typed is None else typed, _options(kind, choices))


def _options(kind: Kind, choices: Choices) -> tuple[tuple[str, str], ...]:
    match kind:
        case Kind.UNION:
            return tuple(choices.unions)
        case Kind.DEPARTMENT:
            return tuple((each.id, each.name) for each in choices.organizations.departments.values())
        case Kind.BODY:
            return tuple((each.id, f"{each.name} {each.hotline or ''}".rstrip()) for each in choices.bodies)
        case Kind.STAFF:
            title = choices.organizations.title
            return tuple(
                (each.id, f"{each.name}（{'、'.join(map(title, each.unions))}）") for each in choices.colleagues
            )
        case Kind.CLAIMANT:
            return tuple((str(each), words.claimant(each)) for each in choices.unreached)
        case Kind.CATEGORY:
            return tuple((each.value, each.value) for each in Category)
        case Kind.URGENCY:
            return tuple((each.value, each.value) for each in Urgency if each is not Urgency.EMERGENCY)
        case _:
            return ()


def _day(written: str, case: Case) -> datetime:
    """Return the end of a day in China; it lies after the last event."""
    try:
        day = date.fromisoformat(written)
    except ValueError as error:
        raise Unfit(words.BAD_DAY) from error
    end = (datetime.combine(day, time(), CHINA) + timedelta(days=1)).astimezone(UTC)
    if end <= case.events[-1].at or day.year > 9000:
        raise Unfit(words.BAD_DAY)
    return end
