"""A desk with the pages of the knowledge, over a small index that is really built, switched and asked."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter

from bot.answers.answerer import Answerer
from bot.answers.model import Answer
from bot.answers.pinned import FILE as PINS
from bot.answers.pinned import PinBook
from bot.desk.knowledge.catalogue import Catalogue
from bot.desk.knowledge.gap_book import FILE, GapBook
from bot.desk.knowledge.golden import GoldenSet
from bot.desk.knowledge.pages import knowledge_pages
from bot.desk.knowledge.ports import Job, JobState
from bot.desk.knowledge.shelf import FOLDER, Shelf
from bot.desk.knowledge.workshop import Workshop
from bot.desk.rooms import Rooms
from bot.indexing.reader import FileReader
from bot.indexing.reindexer import Reindexer
from bot.indexing.trial import GenerationTrial
from bot.storage.storage import Storage
from ingest.judge import GOLDEN
from knowledge.embedder import Embedder
from knowledge.generation import Generations
from knowledge.live import LiveGeneration
from knowledge.regions import load_regions
from knowledge.searcher import Provider
from tests.bot.desk.office import Office, open_office
from tests.bot.fakes import Clock
from tests.library import CARE, STATION, index, write

GOLDEN_ROWS = """{"document": "高温津贴", "question": "高温津贴怎么领"}
{"document": "取暖补贴", "question": "取暖补贴怎么领"}
"""
HEATING = """---
title: 取暖补贴
regions: [十堰]
expires: 2027-01-15
---

## 怎么领

冬天在室外干活的，用人单位按月发取暖补贴，跟工资一起发。
"""


@dataclass
class Workplace:
    """The running desk, and what lies on its disk."""

    office: Office
    home: Path
    library: Path
    live: LiveGeneration
    reindexer: Reindexer
    shelf: Shelf
    pins: PinBook

    @property
    def generations(self) -> Generations:
        """Return the generations of the home."""
        return Generations(self.home)

    def golden(self) -> list[str]:
        """Return the ids of the home's golden questions."""
        return [question.id for question in GoldenSet(self.home / GOLDEN).questions()]

    def changes(self) -> None:
        """Change one document, take one away, and put one beside."""
        (self.library / "guides/驿站.md").unlink(missing_ok=True)
        write(self.library, {"guides/高温.md": CARE.replace("按月", "按天"), "guides/取暖.md": HEATING})

    def returns(self) -> None:
        """Undo what `changes` did."""
        (self.library / "guides/取暖.md").unlink(missing_ok=True)
        write(self.library, {"guides/高温.md": CARE, "guides/驿站.md": STATION})

    async def ended(self) -> Job:
        """Wait for the end of the job that is under way, and return it."""
        async with asyncio.timeout(120):
            while (job := await self.reindexer.last()) is None or job.state is JobState.RUNNING:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        return job


@asynccontextmanager
async def open_workplace(folder: Path, encoder: Embedder) -> AsyncIterator[Workplace]:
    """Run a desk over a home in `folder`."""
    home, library = folder / "home", write(folder / "lib")
    index(home, library, encoder)
    (home / GOLDEN).write_text(GOLDEN_ROWS, "utf8")
    live = LiveGeneration(Generations(home), encoder)

    def respond(lend: Provider) -> Callable[..., Answer]:
        answerer = Answerer(lend, encoder, load_regions())
        return answerer.answer

    reindexer = Reindexer(home, None, live.refresh)
    shelf, pins = Shelf(home / FOLDER), PinBook(home / FOLDER / PINS)
    clock = Clock()

    def pages(rooms: Rooms, storage: Storage) -> Sequence[APIRouter]:
        shop = Workshop(
            Catalogue(Generations(home)),
            reindexer,
            FileReader(),
            GenerationTrial(live, respond),
            shelf,
            storage.gaps,
            GapBook(home / FOLDER / FILE),
            GoldenSet(home / GOLDEN),
            pins,
            encoder,
        )
        return knowledge_pages(rooms, shop, clock)

    try:
        async with open_office(folder, more=pages) as office:
            yield Workplace(office, home, library, live, reindexer, shelf, pins)
    finally:
        await reindexer.close()
        live.close()
