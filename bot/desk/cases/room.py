"""What the pages of cases have at hand, and whose cases somebody may see."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from fastapi import Path

from bot.cases.deadlines import Times
from bot.cases.model import Case
from bot.cases.ports import EvidenceRoom
from bot.desk.cases import figure_words, words
from bot.desk.cases.ports import Answering, DeskCases, Drafts, Figures, ReadyReplies, Referring, Views
from bot.desk.cases.watching import Watching
from bot.desk.staff import Staff, reach
from knowledge.categories import Categories, load_categories
from knowledge.organizations import Organizations

CaseNumber = Annotated[str, Path(pattern=r"^[A-Z]{2,6}-\d{4}-\d{6}$")]  # such as JZ-2026-000123, in an address


@dataclass(frozen=True, slots=True)
class CaseRoom:
    """The cases, and what is needed to work on them."""

    cases: DeskCases
    evidence: EvidenceRoom
    figures: Figures
    views: Views
    replies: ReadyReplies
    drafts: Drafts
    answering: Answering
    referring: Referring
    times: Times
    organizations: Organizations
    now: Callable[[], datetime]
    categories: Categories = field(default_factory=load_categories)
    watching: Watching = field(default_factory=Watching)

    def unions(self, staff: Staff) -> list[str]:
        """Return the unions whose cases the person sees, in the order of the directory."""
        within = reach(staff.unions, self.organizations)
        return [name for name in self.organizations.organizations if name in within]

    def scope(self, staff: Staff, union: str = "") -> tuple[str, ...] | None:
        """Return the unions whose cases the person sees, or those of `union` and below; None is all there are."""
        within = reach(staff.unions, self.organizations)
        everything = within >= set(self.organizations.organizations)
        if not union:
            return None if everything else tuple(sorted(within))
        return tuple(sorted(within & reach((union,), self.organizations)))

    def about(self, staff: Staff, union: str = "") -> str:
        """Name the unions whose cases the person sees, or `union` and those below: what is printed says whose it is."""
        title = self.organizations.title
        if union:
            return title(union)
        return figure_words.EVERYBODY if self.scope(staff) is None else figure_words.own(list(map(title, staff.unions)))

    def chain(self, union: str) -> list[str]:
        """Return a union and those above it, itself first; of one that is not in the directory only its own name."""
        known = self.organizations.organizations.get(union)
        return [each.name for each in self.organizations.chain(known)] if known else [union]

    def sees(self, staff: Staff, organization: str) -> bool:
        """Tell whether the person sees the cases of a union."""
        scope = self.scope(staff)
        return scope is None or organization in scope

    async def case(self, staff: Staff, number: str) -> Case:
        """Return the case with this number; raise the same refusal where there is none and where it is another's."""
        case = await self.cases.by_number(number)
        if case is None or not self.sees(staff, case.organization):
            raise words.not_found()
        return case
