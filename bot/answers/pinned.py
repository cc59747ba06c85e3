"""Answers to exact questions that somebody has fixed: a passage of a document, in its own words.

A pin holds as long as its words stand in the document and the document is in force; then, and not before, the
question is answered like any other again.
"""

import asyncio
import re
import secrets
import threading
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

import orjson
import structlog

from bot.answers.model import Answer, AnswerStatus
from knowledge.calendar import today_in_china
from knowledge.errors import NiangjiaError
from knowledge.files import put
from knowledge.generation import Generation
from knowledge.model import Citation, Document
from knowledge.regions import Regions
from knowledge.searcher import Provider

FILE = "pins.json"
_SIGNS = re.compile(r"[\W_]+")

log = structlog.get_logger(__name__)


class PinError(NiangjiaError):
    """Say that the file of the pins cannot be read."""


@dataclass(frozen=True, slots=True)
class Pin:
    """A question, and the words that answer it."""

    id: str  # 8 hexadecimal digits
    question: str
    source: str
    record: int | str | None
    path: tuple[str, ...]  # headings that the words stand under
    article: str | None
    regions: tuple[str, ...]  # of the passage, which a heading may narrow
    quote: str
    by: str  # staff id
    at: datetime
    used: int = 0

    def citation(self, document: Document | None, region: str | None, regions: Regions, day: date) -> Citation | None:
        """Return where the words stand in the document, None if they do not, or if it does not hold there and then."""
        start = document.text.find(self.quote) if document else -1
        if document is None or start < 0 or not document.validity.holds(day):
            return None
        if not regions.admits(region, self.regions or document.regions):
            return None
        return Citation(
            source=self.source,
            title=document.title,
            quote=self.quote,
            start=start,
            end=start + len(self.quote),
            path=self.path,
            law=document.law,
            article=self.article,
            issued=document.issued,
            record=self.record,
        )


def plain(question: str) -> str:
    """Return what makes two questions the same: their letters, whatever the signs and spaces between them."""
    return _SIGNS.sub("", unicodedata.normalize("NFKC", question)).lower()


class PinBook:
    """Keeps the pins of one home in a small file; safe to share between threads."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._pins: dict[str, Pin] | None = None  # by `plain` question, once they are read

    def all(self) -> list[Pin]:
        """Return the pins, the newest first; raise PinError where the file cannot be read."""
        with self._lock:
            return sorted(self._read().values(), key=lambda pin: pin.at, reverse=True)

    def of(self, question: str) -> Pin | None:
        """Return the pin of exactly this question, if there is one."""
        with self._lock:
            return self._read().get(plain(question))

    def add(self, question: str, citation: Citation, regions: tuple[str, ...], *, by: str, at: datetime) -> Pin:
        """Fix the answer to a question in these regions, in place of another if there is one."""
        pin = Pin(
            secrets.token_hex(4),
            question,
            citation.source,
            citation.record,
            citation.path,
            citation.article,
            regions,
            citation.quote,
            by,
            at,
        )
        with self._lock:
            self._store({**self._read(), plain(question): pin})
        return pin

    def remove(self, pin_id: str) -> bool:
        """Let a question be answered like any other again, and tell whether there was such a pin."""
        with self._lock:
            left = {question: pin for question, pin in self._read().items() if pin.id != pin_id}
            there = len(left) < len(self._read())
            if there:
                self._store(left)
            return there

    def count(self, pin: Pin) -> None:
        """Count one use."""
        with self._lock:
            pins = self._read()
            known = pins.get(plain(pin.question))
            if known is not None and known.id == pin.id:
                self._store({**pins, plain(pin.question): replace(known, used=known.used + 1)}, lasting=False)

    def _read(self) -> dict[str, Pin]:
        if self._pins is None:
            try:
                rows = orjson.loads(self._file.read_bytes())
                pins = [_pin(row) for row in rows]
            except FileNotFoundError:
                pins = []
            except (OSError, ValueError, KeyError, TypeError) as error:
                raise PinError(f"{self._file} cannot be read ({error}); mend it or take it away.") from error
            self._pins = {plain(pin.question): pin for pin in pins}
        return self._pins

    def _store(self, pins: dict[str, Pin], *, lasting: bool = True) -> None:
        put(self._file, orjson.dumps(list(pins.values())), lasting=lasting)
        self._pins = pins


def _pin(row: dict[str, Any]) -> Pin:
    at = datetime.fromisoformat(row["at"])
    return Pin(**{**row, "path": tuple(row["path"]), "regions": tuple(row["regions"]), "at": at})


class Answering(Protocol):
    """Answers questions from the index."""

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        """Answer `question`; `history` holds the earlier turns, oldest first."""
        ...


class PinnedAnswerer:
    """Answers what is pinned by its pin, and leaves the rest to another."""

    def __init__(self, answering: Answering, pins: PinBook, generation: Provider, regions: Regions) -> None:
        self._answering = answering
        self._pins = pins
        self._generation = generation
        self._regions = regions

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        """Answer `question`; `history` holds the earlier turns, oldest first."""
        found = await asyncio.to_thread(self._pinned, question, region)
        return found or await self._answering.answer(question, region=region, history=history)

    def _pinned(self, question: str, region: str | None) -> Answer | None:
        try:
            pin = self._pins.of(question)
        except PinError as error:  # a broken file must not keep anybody from an answer
            log.error("pins.unreadable", error=str(error))
            return None
        if pin is None:
            return None
        with self._generation() as generation:
            citation = cited(pin, generation, region, self._regions, today_in_china())
        if citation is None:
            return None
        with suppress(OSError):  # a full disk: the answer matters, not the count
            self._pins.count(pin)
        return Answer(AnswerStatus.ANSWERED, pin.quote, 1.0, (citation,))


def cited(pin: Pin, generation: Generation, region: str | None, regions: Regions, day: date) -> Citation | None:
    """Return the pin's citation in a generation, None where it does not hold."""
    return pin.citation(generation.document(pin.source, pin.record), region, regions, day)
