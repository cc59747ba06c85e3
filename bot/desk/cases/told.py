"""What somebody told who called or came, read as the bot reads a reply, and what a case says of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.cases.model import CaseKind, Content
from bot.desk.cases import words
from bot.desk.cases.ports import Referred
from bot.desk.cases.room import CaseRoom
from bot.forms.draft import Draft, asked_of, read
from bot.forms.facts import facts
from bot.forms.values import number_of_people
from bot.triage.model import People
from knowledge.forms import GRIEVANCE, Form, load_forms
from knowledge.regions import Regions
from knowledge.vocabulary import Category, Urgency

LONGEST = 3_000  # characters of one field


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

    @property
    def kept(self) -> frozenset[str]:
        """Return the fields that are kept while it is not registered."""
        return frozenset({"form", "way", "anonymous", *(question.id for question in self.form.questions)})


@dataclass(frozen=True, slots=True)
class Choice:
    """What the clerk chose instead of what is proposed, as far as it is anything."""

    category: Category | None
    urgency: Urgency | None
    organization: str  # a union that is there, or ""


def form_of(id: str) -> Form:
    """Return the form with this id, that of a grievance if there is none."""
    known = load_forms()
    return known[id] if id in known else known[GRIEVANCE]


def told_in(fields: Mapping[str, str], regions: Regions, today: date) -> Told:
    """Return what the fields of a form tell."""
    form = form_of(fields.get("form", ""))
    anonymous = fields.get("anonymous") == "on"
    values = {}
    for question in asked_of(form, Draft("", form.id, anonymous=anonymous)):
        text = fields.get(question.id, "").strip()[:LONGEST]
        if text:
            values[question.id] = read(question, text, regions, today) or text
    way = fields.get("way", "")
    return Told(form, way if way in words.WAYS else words.CALLED, anonymous, values)


def chosen_in(fields: Mapping[str, str], room: CaseRoom) -> Choice:
    """Return what the fields of a form choose."""
    category, urgency, union = (fields.get(name, "") for name in ("category", "urgency", "organization"))
    return Choice(
        Category(category) if category in set(Category) else None,
        Urgency(urgency) if urgency in set(Urgency) else None,
        union if union in room.organizations.active else "",
    )


def content_of(told: Told, choice: Choice, referred: Referred, room: CaseRoom, clerk: str) -> Content:
    """Return what the case says at its beginning; its `organization` is "" while nobody knows who takes it."""
    category = choice.category or referred.categories[0]
    union = choice.organization or referred.organization
    proposed = union == referred.organization
    own = room.organizations.organizations.get(union)
    return Content(
        kind=_kind(told.form, choice.urgency),
        facts=facts(told.form, told.values, (words.WAY, told.way)),
        categories=(category, *(each for each in referred.categories if each is not category)),
        urgency=choice.urgency or referred.urgency,
        region=referred.region or (own.region if own else None),
        organization=union,
        department=referred.department if proposed else room.categories[category].department,
        reason=referred.reason if proposed else words.chosen(clerk),
    )


def _kind(form: Form, urgency: Urgency | None) -> CaseKind:
    if urgency is Urgency.EMERGENCY:
        return CaseKind.EMERGENCY
    return CaseKind.APPLICATION if form.service else CaseKind.GRIEVANCE
