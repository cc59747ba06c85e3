"""The nouns of the index: what is read, what is found, and what is cited.

Spans are half-open character offsets `[start, end)` into `Document.text`, so a quote can always be shown in its place.
"""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import blake2b


class DocumentKind(StrEnum):
    """What shape a document has, which decides how it is split and cited."""

    GUIDE = "guide"  # ours or a union's: Markdown, HTML, office files
    STATUTE = "statute"  # acts, regulations, interpretations: one passage per article
    REPORT = "report"  # newspaper reports and speeches: sentences under headings
    CASE = "case"  # decided cases
    TABLE = "table"  # spreadsheets: one row is one fact
    RECORD = "record"  # JSONL records, each with an id of its own


CONCLUSION = "先说结论"  # heading of the section in which a guide answers in two sentences


class BlockKind(StrEnum):
    """What a run of text is within its document."""

    TEXT = "text"
    CAPTION = "caption"  # a picture's words, a byline: kept apart from the sentences around it
    TABLE = "table"
    ARTICLE = "article"


def content_id(*parts: str) -> str:
    """Return a 128-bit hexadecimal id that depends on nothing but the parts."""
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class Statute:
    """An article of an act, such as 劳动合同法 第八十五条; `article` is None for the act as a whole."""

    law: str
    article: str | None = None


@dataclass(frozen=True, slots=True)
class Validity:
    """When a text is in force: from `effective` on, until the day before `expires`; None is open."""

    effective: date | None = None
    expires: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether the text is in force on `day`."""
        return (self.effective is None or self.effective <= day) and (self.expires is None or day < self.expires)


@dataclass(frozen=True, slots=True)
class Block:
    """A run of a document's text under one heading path."""

    start: int
    end: int
    path: tuple[str, ...] = ()
    kind: BlockKind = BlockKind.TEXT
    article: str | None = None  # 第…条 in Chinese numerals
    statutes: tuple[Statute, ...] = ()  # what a guide's section rests on
    questions: tuple[str, ...] = ()  # what a worker would ask that this block answers


@dataclass(frozen=True, slots=True)
class Document:
    """A text as it was read: page breaks mended, nothing else changed."""

    source: str  # path below the parent of the ingested folder, such as "laws/法律/劳动法(2018-12-29).md"
    title: str
    text: str
    blocks: tuple[Block, ...]
    kind: DocumentKind
    law: str | None = None  # the act's short name, 中华人民共和国 left out
    issued: date | None = None  # revision date of the text, from file name or heading
    validity: Validity = Validity()
    regions: tuple[str, ...] = ()  # ids of knowledge/directory/regions.yaml; () holds everywhere
    categories: tuple[str, ...] = ()
    statutes: tuple[Statute, ...] = ()
    record: int | str | None = None  # a JSONL record's own id
    warnings: tuple[str, ...] = ()  # such as "articles 12–14 are missing"


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document that can be found, quoted and cited: under 800 characters of text."""

    source: str
    title: str
    text: str  # verbatim: document.text[start:end]
    start: int
    end: int
    kind: DocumentKind
    path: tuple[str, ...] = ()
    block: BlockKind = BlockKind.TEXT
    law: str | None = None
    article: str | None = None
    issued: date | None = None
    validity: Validity = Validity()
    regions: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    statutes: tuple[Statute, ...] = ()
    record: int | str | None = None
    questions: tuple[str, ...] = ()
    id: str = field(init=False)  # of source, place and words: the same text in the same place keeps its id

    def __post_init__(self) -> None:
        object.__setattr__(
            self, "id", content_id(self.source, str(self.record), "/".join(self.path), str(self.start), self.text)
        )


@dataclass(frozen=True, slots=True)
class Scores:
    """Why a passage came: its rank (0 is best) in each list that held it."""

    keyword: int | None = None
    dense: int | None = None
    question: int | None = None
    rerank: int | None = None
    cosine: float | None = None  # of question and passage, where the dense list held it
    bm25: float | None = None
    asked: float | None = None  # how near its nearest question of the bank comes to the question, 0 to about 1


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage with its fused score, higher is better, comparable within one answer only."""

    passage: Passage
    score: float
    scores: Scores = Scores()


@dataclass(frozen=True, slots=True)
class Citation:
    """A verbatim quote and the way back to it: `quote` equals the document's text at `[start, end)`."""

    source: str
    title: str
    quote: str
    start: int
    end: int
    path: tuple[str, ...] = ()
    law: str | None = None
    article: str | None = None
    statutes: tuple[Statute, ...] = ()
    issued: date | None = None
    record: int | str | None = None
