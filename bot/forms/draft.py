"""A form being filled in: pure moves over what the worker has said so far."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from bot.forms.values import (
    read_employer,
    read_name,
    read_people,
    read_phone,
    read_place,
    read_since,
    read_yes_no,
    told_name,
    told_since,
    without_slip,
)
from knowledge.forms import Form, Kind, Question
from knowledge.regions import Regions

LONGEST = 4000  # characters of one value


class Step(StrEnum):
    """Where the filling stands."""

    CONSENT = "consent"  # asked whether, and by name or not
    ASKING = "asking"
    CHECKING = "checking"  # the summary is shown and waits for a yes
    CHOOSING = "choosing"  # which value to change
    JOINING = "joining"  # asked whether to be dealt with together with others


@dataclass(frozen=True, slots=True)
class Entry:
    """What was said to one question."""

    question: str  # id
    value: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A form, how far it has come, and what it holds."""

    id: str  # in the actions of its buttons, so that a tap on an older form's is known for one
    form: str
    step: Step = Step.CONSENT
    asked: str | None = None  # the question that waits for its reply
    entries: tuple[Entry, ...] = ()
    skipped: tuple[str, ...] = ()
    trail: tuple[str, ...] = ()  # the questions asked so far, for the way back
    anonymous: bool = False
    together: bool | None = None  # with others at the same employer; None while that is not asked
    misses: int = 0  # replies in a row that could not be read
    touched: datetime | None = None  # when the worker last came to it, aware

    def value(self, question: str) -> str | None:
        """Return what was said to the question."""
        return next((entry.value for entry in self.entries if entry.question == question), None)

    @property
    def values(self) -> Mapping[str, str]:
        """Return all that was said, by question."""
        return {entry.question: entry.value for entry in self.entries}


# What somebody who stays unnamed is not asked.
_NAMING = frozenset({Kind.NAME, Kind.PHONE})


def asked_of(form: Form, draft: Draft) -> tuple[Question, ...]:
    """Return the questions of the form that are put to this worker."""
    return tuple(question for question in form.questions if not (draft.anonymous and question.kind in _NAMING))


def missing(form: Form, draft: Draft) -> tuple[Question, ...]:
    """Return what is still to be asked, in the form's order."""
    known = {*draft.values, *draft.skipped}
    return tuple(question for question in asked_of(form, draft) if question.id not in known)


def put(draft: Draft, question: str, value: str) -> Draft:
    """Keep a value, in the place of what was said before."""
    others = tuple(entry for entry in draft.entries if entry.question != question)
    skipped = tuple(id for id in draft.skipped if id != question)
    return replace(draft, entries=(*others, Entry(question, value[:LONGEST])), skipped=skipped, misses=0)


def skip(draft: Draft, question: str) -> Draft:
    """Leave a question out; what was said to it goes as well."""
    entries = tuple(entry for entry in draft.entries if entry.question != question)
    return replace(draft, entries=entries, skipped=(*draft.skipped, question), misses=0)


def unnamed(form: Form, draft: Draft) -> Draft:
    """Go on without a name; name and telephone that were said go as well."""
    naming = {question.id for question in form.questions if question.kind in _NAMING}
    entries = tuple(entry for entry in draft.entries if entry.question not in naming)
    return replace(draft, anonymous=True, entries=entries)


def finish(form: Form, draft: Draft) -> Draft:
    """Leave out all that may be left out, and go on."""
    for question in missing(form, draft):
        if not question.required:
            draft = skip(draft, question.id)
    return advance(form, draft)


def advance(form: Form, draft: Draft) -> Draft:
    """Go on to what is missing next, or to the check."""
    rest = missing(form, draft)
    if not rest:
        return replace(draft, step=Step.CHECKING, asked=None)
    return ask(draft, rest[0].id)


def ask(draft: Draft, question: str) -> Draft:
    """Ask one question, again if need be: what was said stays until something else is said."""
    return replace(
        draft, step=Step.ASKING, asked=question, trail=(*_without(draft.trail, question), question), misses=0
    )


def back(draft: Draft) -> Draft:
    """Ask the question before the present one again; the first stays."""
    earlier = _without(draft.trail, draft.asked) if draft.step is Step.ASKING else draft.trail
    return replace(ask(draft, earlier[-1]), trail=earlier) if earlier else draft


def read(question: Question, text: str, regions: Regions, today: date) -> str | None:
    """Return the value that a reply to the question gives, None where it gives none."""
    text = without_slip(text.strip())
    match question.kind:
        case Kind.SINCE:
            since = read_since(text, today)
            return text if since and len(text) <= 30 else since.said if since else None
        case Kind.PEOPLE:
            return read_people(text, asked=True)
        case Kind.PLACE:
            return text if read_place(text, regions) and len(text) <= 40 else read_place(text, regions)
        case Kind.PHONE:
            return read_phone(text)
        case Kind.NAME:
            return read_name(text)
        case Kind.YES_NO:
            return read_yes_no(text)
        case Kind.TEXT:
            return text or None


def understand(form: Form, draft: Draft, text: str, regions: Regions, today: date, *, anywhere: bool = True) -> Draft:
    """Keep what a story tells by the way of questions not yet answered, so that they are not asked.

    Without `anywhere` a place outside all regions is left aside: a child's university is not where its parents work.
    """
    since = told_since(text, today)
    told = {
        Kind.SINCE: since.said if since else None,
        Kind.PEOPLE: read_people(text),
        Kind.PLACE: read_place(text, regions) if anywhere or not regions.elsewhere(text) else None,
        Kind.PHONE: read_phone(text),
        Kind.NAME: told_name(text),
    }
    known = draft.values
    for question in asked_of(form, draft):
        value = read_employer(text) if question.id == "employer" else told.get(question.kind)
        if value is not None and question.id not in known:
            draft = put(draft, question.id, value)
    return draft


def _without(ids: tuple[str, ...], id: str | None) -> tuple[str, ...]:
    return tuple(other for other in ids if other != id)
