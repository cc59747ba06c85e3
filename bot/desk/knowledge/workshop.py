"""What the pages of the knowledge have at hand."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends
from fastapi.responses import RedirectResponse

from bot.answers.pinned import PinBook
from bot.desk.doors import PREFIX, Door, Visit
from bot.desk.knowledge.catalogue import Catalogue
from bot.desk.knowledge.gap_book import GapBook
from bot.desk.knowledge.golden import GoldenSet
from bot.desk.knowledge.ports import Gaps, Indexing, Reader, Trial
from bot.desk.knowledge.shelf import Paper, Shelf
from bot.desk.rooms import Rooms
from bot.desk.staff import Permission
from knowledge.embedder import Embedder

Keeper = Annotated[Visit, Depends(Door(Permission.KEEP_KNOWLEDGE))]  # whom all these pages open to
GAPS = 600  # newest questions that are looked at


@dataclass(frozen=True, slots=True)
class Workshop:
    """The services behind the pages."""

    catalogue: Catalogue
    indexing: Indexing
    reader: Reader
    trial: Trial
    shelf: Shelf
    gaps: Gaps
    gap_book: GapBook
    golden: GoldenSet
    pins: PinBook
    encoder: Embedder  # by which questions are alike: the built-in one, whatever the index is made with

    async def papers(self) -> list[Paper]:
        """Return the papers, the last written first."""
        return await asyncio.to_thread(self.shelf.papers)

    async def question(self, gap: int | None) -> str:
        """Return what was asked and not answered, "" if that is not there any more."""
        asked = (one.question for one in await self.gaps.latest(GAPS) if one.id == gap) if gap else iter(())
        return next(asked, "")

    async def regions_of(self, title: str) -> list[tuple[str, ...]]:
        """Return where each document of this title holds, those that are not indexed yet included."""
        current = self.catalogue.current()
        outlines = await self.catalogue.outlines(current) if current else {}
        found = [outline.regions for outline in outlines.values() if outline.title == title]
        return found + [place for paper in await self.papers() if paper.title == title for place in paper.places]


def led(path: str, done: str) -> RedirectResponse:
    """Lead to a page of the knowledge that says what was done, by its key in `words.DONE`."""
    return RedirectResponse(f"{PREFIX}/knowledge{path}?done={done}", 303)


async def names(rooms: Rooms) -> Mapping[str, str]:
    """Return the names of staff by their ids."""
    return {staff.id: staff.name for staff in await rooms.accounts.everybody()}


def record_of(asked: str) -> int | str | None:
    """Read a record's id as JSON; None where it is nothing of the kind."""
    try:
        record = json.loads(asked or "null")
    except ValueError:
        return None
    known = isinstance(record, str) or (type(record) is int and abs(record) < 2**63)  # what SQLite can compare
    return record if known else None
