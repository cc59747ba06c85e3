"""What the pages of the knowledge ask for: a job that indexes, a reader that understands, an answer from any index."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Protocol

from bot.answers.model import Answer
from knowledge.errors import NiangjiaError
from knowledge.model import Document, Passage


class JobState(StrEnum):
    """How far a job has come."""

    RUNNING = "running"
    BUILT = "built"  # a new generation lies ready
    UNCHANGED = "unchanged"  # the serving one is made of the same files already
    SHRUNK = "shrunk"  # files lost so much that nobody can have meant it
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"  # its process is gone and has not said why


@dataclass(frozen=True, slots=True)
class Job:
    """One reindexing: what is under way, or what became of it."""

    id: str
    by: str  # staff id
    pid: int
    started: datetime
    state: JobState = JobState.RUNNING
    phase: str = ""  # read, keyword, embed, chroma, judge; "" before the first
    done: int = 0
    total: int | None = None  # None where nobody can tell
    ended: datetime | None = None
    generation: str | None = None  # what was built, or what serves unchanged
    reason: str = ""  # why it failed, in English
    failures: Mapping[str, str] = field(default_factory=dict)  # file → reason, in English
    warnings: tuple[str, ...] = ()


class BusyError(NiangjiaError):
    """Say that somebody else is writing into the index."""


class Indexing(Protocol):
    """Builds new generations beside the bot, one at a time, and says which one serves."""

    async def start(self, by: str, *, allow_shrink: bool = False) -> None:
        """Begin a job; raise BusyError while another is under way."""
        ...

    async def last(self) -> Job | None:
        """Return the job that is under way, or else the last one; None before the first."""
        ...

    async def cancel(self) -> bool:
        """Stop the job that is under way, and tell whether there was one."""
        ...

    async def serve(self, generation: str) -> None:
        """Let a generation serve; raise BusyError while an index is written, GenerationError where it is not there."""
        ...

    async def discard(self) -> str | None:
        """Throw away the generation that lies ready and return its id; raise BusyError while an index is written."""
        ...


class UnreadableError(NiangjiaError):
    """Say why a file cannot be taken, as the end of a sentence that begins with its name."""


@dataclass(frozen=True, slots=True)
class Stated:
    """What somebody says of a text, whatever its head said."""

    title: str
    regions: tuple[str, ...]
    effective: date | None
    expires: date | None
    report: bool | None = None  # it tells what was done once, rather than what holds; None leaves open what it is


@dataclass(frozen=True, slots=True)
class Understood:
    """What is made of a text: `text` is Markdown with front matter, from which all the rest follows."""

    text: str
    document: Document
    passages: tuple[Passage, ...]


class Reader(Protocol):
    """Reads what people bring, which is hostile until proven otherwise."""

    async def convert(self, name: str, content: bytes) -> str:
        """Return a file's words as Markdown with front matter; raise UnreadableError."""
        ...

    async def understand(self, source: str, text: str, stated: Stated | None = None) -> Understood:
        """Return what an index would make of a Markdown text of which this is stated; raise UnreadableError."""
        ...


@dataclass(frozen=True, slots=True)
class Gap:
    """A question that was not helped; what names a person was taken out of it."""

    id: int
    refused: bool  # the index did not hold it; otherwise it was answered, and the answer did not help
    region: str | None
    question: str
    at: datetime


class Gaps(Protocol):
    """What workers missed."""

    async def latest(self, limit: int) -> Sequence[Gap]:
        """Return the newest questions that were not helped, newest first."""
        ...


class Trial(Protocol):
    """Answers from any generation, whatever serves."""

    async def ask(self, question: str, *, generation: str | None, region: str | None, as_of: date | None) -> Answer:
        """Answer as a worker would be answered, by the serving generation if None; GenerationError if it is damaged."""
        ...
