"""What the subjects of the audit are called, as far as that is nobody's story."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

CASE, DOCUMENT = "case/", "document/"  # what their subjects begin with


class CaseNumbers(Protocol):
    """Knows cases by id and by number, and nothing else of them."""

    async def of(self, ids: Sequence[str]) -> Mapping[str, str]:
        """Return the numbers of cases by their ids, without ids of none."""
        ...

    async def id(self, number: str) -> str | None:
        """Return the id of the case with this number."""
        ...


@dataclass(frozen=True, slots=True)
class Subjects:
    """Names cases by their numbers and documents by their titles; `title` takes a document's id."""

    cases: CaseNumbers
    title: Callable[[str], str | None]

    async def called(self, subjects: Collection[str]) -> dict[str, str]:
        """Return what the subjects are called, without those of which nothing is known."""
        ids = [each.removeprefix(CASE) for each in subjects if each.startswith(CASE)]
        numbers = {f"{CASE}{id}": number for id, number in (await self.cases.of(ids)).items()} if ids else {}
        titles = {each: self.title(each.removeprefix(DOCUMENT)) for each in subjects if each.startswith(DOCUMENT)}
        return numbers | {subject: f"《{title}》" for subject, title in titles.items() if title}

    async def meant(self, written: str) -> str:
        """Return the subject of a case whose number somebody writes, or else what is written."""
        id = await self.cases.id(written.upper())
        return f"{CASE}{id}" if id else written
