"""Whose matter something is, how soon, and what may be promised."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.cases.routing import Directory, route
from bot.texts import contacts
from bot.texts import intake as texts
from bot.triage.homes import without_homes
from bot.triage.model import People, Triage
from knowledge.calendar import ZONE
from knowledge.categories import Limit
from knowledge.organizations import Body
from knowledge.regions import Regions
from knowledge.vocabulary import Category, Urgency


class Triaging(Protocol):
    """Reads what a message asks for."""

    def triage(self, text: str) -> Triage:
        """Return how `text` is to be read."""
        ...


class Watch(Protocol):
    """Knows who of a union's staff answers when."""

    def on_duty(self, union: str, at: datetime) -> Sequence[object]:
        """Return who is on duty for the union, at the union itself or above it; empty if nobody is."""
        ...

    def opens(self, union: str, at: datetime) -> datetime | None:
        """Return when somebody will be, `at` if somebody is; None where no roster tells."""
        ...


@dataclass(frozen=True, slots=True)
class Referral:
    """Where a matter is brought, and why."""

    categories: tuple[Category, ...]
    urgency: Urgency
    region: str | None
    organization: str  # "" if another city has it
    department: str
    reason: str
    bodies: tuple[Body, ...] = ()  # outside the union
    elsewhere: str = ""  # the place whose unions have it


class Referrer:
    """Brings a matter to its union."""

    def __init__(self, triaging: Triaging, directory: Directory, regions: Regions, watch: Watch) -> None:
        self._triaging = triaging
        self._directory = directory
        self._regions = regions
        self._watch = watch

    def reading(self, story: str, people: People | None = None) -> Triage:
        """Return how the story is to be read; `people` make a story of one a matter of many."""
        crowd = (
            f"我们有{people}个人。" if isinstance(people, int) and people > 1 else f"我们有{people}。" if people else ""
        )
        return self._triaging.triage(f"{story}\n{crowd}".strip())

    def refer(
        self,
        story: str,
        *,
        place: str = "",
        region: str | None = None,
        category: Category | None = None,
        people: People | None = None,
        anywhere: bool = False,
        read: Triage | None = None,
    ) -> Referral:
        """Return whose matter the story is.

        What the worker said of the place counts before what the story names, and this before the union chosen; a
        `category` that is known, as of an application, is not guessed; `people` make a story of one a matter of many.
        `read` is the story's reading where there is a better one than our own.
        With `anywhere` the province takes what lies outside all regions, for an emergency is not sent on.
        """
        read = read or self.reading(story, people)
        categories = (category,) if category else read.categories
        told = (place, without_homes(story, self._regions))
        where = next((text for text in told if self._names_a_place(text)), "")
        named = self._regions.mentioned(where)
        elsewhere = () if anywhere else self._regions.elsewhere(where)
        known = named[0] if named else None if elsewhere else region
        found = route(
            categories,
            known,
            self._regions.places(where),
            self._directory,
            conflict=Category.UNION_COMPLAINT in categories,
            elsewhere=elsewhere,
        )
        return Referral(
            categories,
            read.urgency,
            known,
            found.organization or "",
            found.department,
            found.reason,
            found.bodies,
            "、".join(found.elsewhere),
        )

    def promise(self, referral: Referral, now: datetime) -> str:
        """Say when a person looks at it, and nothing that nobody keeps."""
        opens = self._watch.opens(referral.organization, now)
        if opens is None:
            return texts.NO_ROSTER
        if opens > now:  # before then nobody keeps a promise in minutes
            return texts.opens(opens.astimezone(ZONE))
        return texts.within(_said(self._directory.categories.clocks[referral.urgency].triage))

    def hours(self, region: str | None, now: datetime) -> str:
        """Say when somebody reads what a worker of the region leaves; "" where somebody does now."""
        union = self.refer("", region=region, category=Category.OTHER, anywhere=True).organization
        opens = self._watch.opens(union, now)
        if opens is None:
            return texts.NO_READER
        return "" if opens <= now else texts.opens(opens.astimezone(ZONE))

    def title(self, union: str) -> str:
        """Return what people call the union."""
        return self._directory.organizations.title(union)

    def introduced(self, union: str) -> str:
        """Return what people call the union, and how it is reached."""
        return contacts.union(union, self._directory.organizations)

    def _names_a_place(self, text: str) -> bool:
        return bool(self._regions.mentioned(text) or self._regions.elsewhere(text))


def _said(limit: Limit) -> str:
    return f"{limit.amount} {texts.LIMITS[limit.unit.value]}"
