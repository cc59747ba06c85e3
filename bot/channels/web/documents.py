"""A document as it is shown: the part around a quote, the quote marked, with the headings that it stands under."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain
from typing import Protocol
from urllib.parse import quote as percent
from urllib.parse import urlencode

from knowledge.model import Block, BlockKind, Citation, Document, content_id

WINDOW = 30_000  # characters on one page: about 30 kB on the line
MAX_RECORD = 2**53  # no record has a larger number
LEAD = 6_000  # characters of context before a quote


class Documents(Protocol):
    """Where the documents of the serving index are looked up."""

    def document(self, source: str, record: int | str | None = None) -> Document | None:
        """Return the document with this source name, or a record in it; both are keys, never a path on disk."""
        ...


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a line; the first marked one is where the page opens."""

    text: str
    marked: bool = False
    first: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A block with the headings that are new with it: (level from 2, words)."""

    kind: str
    headings: tuple[tuple[int, str], ...] = ()
    lines: tuple[tuple[Piece, ...], ...] = ()
    rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()  # of a table: rows of cells
    quoted: bool = False
    rests_on: str | None = None  # the articles behind a guide's section


@dataclass(frozen=True, slots=True)
class DocumentView:
    """One page of a document."""

    title: str
    facts: tuple[str, ...]
    parts: tuple[Part, ...]
    quoted: bool
    moved: bool  # the words at the span are no longer those that were quoted
    before: str | None  # address of the page before
    after: str | None


@dataclass(frozen=True, slots=True)
class Place:
    """What a document's address asks for: a quote's span, the quote's fingerprint, and where the page begins."""

    start: int | None = None
    end: int | None = None
    print: str | None = None
    at: int | None = None
    record: int | str | None = None  # of a file of records, each of which is a document


def fingerprint(quote: str) -> str:
    """Return 8 hexadecimal digits by which a changed quote is noticed."""
    return content_id(quote)[:8]


def quote_url(citation: Citation, reply: int) -> str:
    """Return the address of the quote in its document; `reply` leads back."""
    place = Place(citation.start, citation.end, fingerprint(citation.quote), record=citation.record)
    return f"{page_url(citation.source, place, reply)}#quote"


def record_of(asked: str | None) -> int | str | None:
    """Read a record's id as `page_url` writes it; None where it is nothing of the kind."""
    try:
        record = json.loads(asked or "null")
    except ValueError:
        return None
    if isinstance(record, int) and not isinstance(record, bool):
        return record if abs(record) <= MAX_RECORD else None
    return record if isinstance(record, str) else None


def page_url(source: str, place: Place, reply: int | None) -> str:
    """Return the address of a page of the document."""
    record = None if place.record is None else json.dumps(place.record, ensure_ascii=False)  # 12 is not "12"
    asked = {
        "start": place.start,
        "end": place.end,
        "print": place.print,
        "at": place.at,
        "record": record,
        "reply": reply,
    }
    query = urlencode({name: value for name, value in asked.items() if value is not None})
    return f"/documents/{percent(source)}" + (f"?{query}" if query else "")


def view_document(document: Document, place: Place, reply: int | None = None) -> DocumentView:
    """Return the page of `document` that `place` asks for."""
    start, end = place.start or 0, place.end or 0
    there = 0 <= start < end <= len(document.text)
    moved = there and place.print is not None and fingerprint(document.text[start:end]) != place.print
    quoted = there and not moved
    span = (start, end) if quoted else (0, 0)
    at = max(0, start - LEAD) if place.at is None else place.at
    first = min(max(0, at), max(0, len(document.text) - 1))
    last = max(first + WINDOW, end if quoted and place.at is None else 0)

    def turned(to: int) -> str:
        return page_url(document.source, replace(place, at=to), reply)

    return DocumentView(
        title=document.title,
        facts=_facts(document),
        parts=tuple(_parts(document, span, first, last)),
        quoted=quoted and first < end and start < last,
        moved=moved or (place.end is not None and not there),
        before=turned(max(0, first - WINDOW)) if first else None,
        after=turned(last) if last < len(document.text) else None,
    )


def text_date(issued: date | None, law: str | None) -> str | None:
    """Say of when a text is: of an act there are several, so its date names one of them."""
    return _chinese(issued) + ("文本" if law else "") if issued else None


def _facts(document: Document) -> tuple[str, ...]:
    validity = document.validity
    begins, ends = ("起施行", "起失效") if document.law else ("起适用", "起不再适用")
    facts = (
        text_date(document.issued, document.law),
        validity.effective and _chinese(validity.effective) + begins,
        validity.expires and _chinese(validity.expires) + ends,
        document.regions and f"适用：{'、'.join(document.regions)}",
    )
    return tuple(fact for fact in facts if fact)


def _chinese(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _parts(document: Document, span: tuple[int, int], first: int, last: int) -> Iterator[Part]:
    """Yield what stands between `first` and `last`, line by line; what a heading says already is not said twice."""
    path: tuple[str, ...] = ()
    marked = False
    for blocks in _runs(document):
        if blocks[-1].end <= first or blocks[0].start >= last:
            continue
        head = blocks[0]
        said = {_bare(words) for words in (document.title, *path, *head.path)}
        lines = []
        for start, end in chain.from_iterable(_lines(document.text, block) for block in blocks):
            over = start < span[1] and span[0] < end
            bare = _bare(document.text[start:end])
            if end <= first or start >= last or not bare or (bare in said and not over):
                continue
            lines.append(_pieces(document.text, start, end, span, first=not marked))
            marked = marked or over
        if not lines:
            continue
        headings = tuple(_headings(path, head.path, document.title))
        path = head.path or path
        quoted = any(piece.marked for line in lines for piece in line)
        rows: tuple[tuple[tuple[Piece, ...], ...], ...] = ()
        if head.kind is BlockKind.TABLE:
            rows, lines = tuple(map(_cells, lines)), []
        rests_on = "、".join(f"《{statute.law}》{statute.article or ''}" for statute in head.statutes)
        yield Part(head.kind, headings, tuple(lines), rows, quoted, rests_on or None)


def _runs(document: Document) -> Iterator[list[Block]]:
    """Yield the blocks in order and what stands between them as captions; the rows of one table come together."""
    run: list[Block] = []
    for block in _filled(document):
        if run and not (block.kind is BlockKind.TABLE is run[0].kind and block.path == run[0].path):
            yield run
            run = []
        run.append(block)
    if run:
        yield run


def _filled(document: Document) -> Iterator[Block]:
    at = 0
    for block in sorted(document.blocks, key=lambda block: block.start):
        if document.text[at : block.start].strip():
            yield Block(at, block.start, block.path, BlockKind.CAPTION)
        if block.end > at:
            yield block
        at = max(at, block.end)
    if document.text[at:].strip():
        yield Block(at, len(document.text), kind=BlockKind.CAPTION if document.blocks else BlockKind.TEXT)


def _lines(text: str, block: Block) -> Iterator[tuple[int, int]]:
    at = block.start
    for line in text[block.start : block.end].split("\n"):
        yield at, at + len(line)
        at += len(line) + 1


def _pieces(text: str, start: int, end: int, span: tuple[int, int], *, first: bool) -> tuple[Piece, ...]:
    left, right = max(start, min(end, span[0])), max(start, min(end, span[1]))
    pieces = (Piece(text[start:left]), Piece(text[left:right], True, first), Piece(text[right:end]))
    return tuple(piece for piece in pieces if piece.text)


def _cells(line: tuple[Piece, ...]) -> tuple[tuple[Piece, ...], ...]:
    """Split a row, written with bars or tabs, into its cells."""
    cells: list[list[Piece]] = [[]]
    for piece in line:
        for number, text in enumerate(re.split(r"[|\t]", piece.text)):
            if number:
                cells.append([])
            if text.strip():
                first = piece.first and not any(other.first for cell in cells for other in cell)
                cells[-1].append(Piece(text.strip(), piece.marked, first))
    barred = line[0].text.lstrip().startswith("|")
    return tuple(tuple(cell) for cell in (cells[1:-1] if barred and not cells[-1] else cells))


def _headings(before: tuple[str, ...], path: tuple[str, ...], title: str) -> Iterator[tuple[int, str]]:
    same = next((at for at, (old, new) in enumerate(zip(before, path, strict=False)) if old != new), None)
    for depth in range(min(len(before), len(path)) if same is None else same, len(path)):
        if path[depth] != title:
            yield min(4, depth + 2), path[depth]


def _bare(words: str) -> str:
    return re.sub(r"[\s#]", "", words)
