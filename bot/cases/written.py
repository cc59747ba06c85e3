"""What is written in a case, and may be looked for there; pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.cases.model import Case, Claimant, Facts, Move

_FACTS = ("story", "employer", "place", "wish")


@dataclass(frozen=True, slots=True)
class Written:
    """All texts of a case, each with where it stands."""

    told: tuple[tuple[str, str], ...] = ()  # the name of the field of its facts, or an application's label
    said: tuple[tuple[Move, str], ...] = ()  # what was done
    people: tuple[tuple[str, str], ...] = ()  # name and telephone of each claimant, as far as staff may see them

    @classmethod
    def of(cls, case: Case, claimants: Sequence[Claimant]) -> "Written":
        """Return what is written in the case and known of these claimants."""
        known = ((each.name, each.telephone) for each in claimants if each.name or each.telephone)
        return cls(tuple(_told(case.facts)), tuple(_said(case)), tuple(known))


def _told(facts: Facts) -> Iterator[tuple[str, str]]:
    for where, text in (*((name, getattr(facts, name)) for name in _FACTS), *facts.answers):
        if text:
            yield where, text


def _said(case: Case) -> Iterator[tuple[Move, str]]:
    for event in case.events:
        for text in (event.content.text, event.content.reason):
            if text:
                yield event.move, text
