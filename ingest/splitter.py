"""Cut documents into passages: short enough to be found and cited, long enough to be understood."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby, pairwise

from ingest.statutes import ITEM
from knowledge.model import Block, BlockKind, Document, DocumentKind, Passage
from knowledge.regions import load_regions
from knowledge.sentences import Span, sentences, trim

SPLITTER_VERSION = "4"

LIMIT = 790  # characters; a passage of 800 or more is no find for anybody
_SECTION_SIZE = 600  # what a guide's or statute's part may grow to when the whole does not fit
_REPORT_SIZE = 160  # what parts of a long paragraph come to, about: a fact and its context are found best so
_REPORT_WHOLE = 220  # a paragraph up to here stays one passage
_SHORT = 60  # a paragraph below this joins its neighbour under the same heading

_CLAUSE = re.compile(r"[；;]+")
_PHRASE = re.compile(r"[，,、：:]+|\s+")
_PARAGRAPH = re.compile(rf"\n\s*(?!\s|{ITEM.pattern})")  # 款: a new line that is no item of a list
_LINE = re.compile(r"\n\s*")
_DEFINITION = re.compile(r"[^“。]{0,12}“[^”]{1,30}”[^。：:]{0,16}[：:]")


def split(document: Document) -> list[Passage]:
    """Return the passages in the order of the text: each is `document.text[start:end]`, and together all blocks."""
    return [_passage(document, block, span) for block, span in _spans(document)]


def _passage(document: Document, block: Block, span: Span) -> Passage:
    start, end = span
    return Passage(
        source=document.source,
        title=document.title,
        text=document.text[start:end],
        start=start,
        end=end,
        kind=document.kind,
        path=block.path,
        block=block.kind,
        law=document.law,
        article=block.article,
        issued=document.issued,
        validity=document.validity,
        regions=document.regions or _regions(document.kind, block),
        categories=document.categories,
        statutes=block.statutes,
        record=document.record,
        questions=block.questions,
    )


def _regions(kind: DocumentKind, block: Block) -> tuple[str, ...]:
    """Return the regions that a guide's heading names: 荆州市总工会：金秋助学 holds for 荆州 alone."""
    return load_regions().mentioned(block.path[-1]) if kind is DocumentKind.GUIDE and block.path else ()


def _spans(document: Document) -> Iterator[tuple[Block, Span]]:
    text = document.text
    if document.kind is DocumentKind.REPORT:
        for (_, kind), group in groupby(document.blocks, key=lambda block: (block.path, block.kind)):
            blocks = list(group)
            spans = [(block.start, block.end) for block in blocks]
            if kind is BlockKind.TEXT:
                spans = _of_report(text, spans)
            yield from ((blocks[0], part) for span in spans for part in _fitting(text, span, _SECTION_SIZE))
    else:
        for block in document.blocks:
            span = (block.start, block.end)
            parts = _joined(text, _cut(text, span, _LINE)) if document.kind is DocumentKind.CASE else [span]
            yield from ((block, piece) for part in parts for piece in _fitting(text, part, _SECTION_SIZE))


def _of_report(text: str, paragraphs: list[Span]) -> list[Span]:
    """Cut long paragraphs between sentences, and join short ones to their neighbours."""
    return [part for span in _joined(text, paragraphs) for part in _evenly(text, span)]


def _joined(text: str, paragraphs: list[Span]) -> list[Span]:
    """Join paragraphs of a few words to a neighbour; a definition stands alone however short it is."""
    spans: list[Span] = []
    for start, end in paragraphs:
        if spans and not _DEFINITION.match(text, start, end):
            left, right = spans[-1]
            if min(right - left, end - start) < _SHORT and end - left <= _REPORT_WHOLE:
                spans[-1] = (left, end)
                continue
        spans.append((start, end))
    return spans


def _evenly(text: str, span: Span) -> list[Span]:
    start, end = span
    if end - start <= _REPORT_WHOLE:
        return [span]
    units = [
        piece
        for sentence in sentences(text, start, end)
        for piece in ([sentence] if sentence[1] - sentence[0] <= _REPORT_WHOLE else _cut(text, sentence, _CLAUSE))
    ]
    return _packed(units, (end - start) / max(2, round((end - start) / _REPORT_SIZE)))


def _fitting(text: str, span: Span, size: int) -> list[Span]:
    """Return the span itself, or parts of about `size`, cut at the largest joints that make all of them fit."""
    if span[1] - span[0] <= LIMIT:
        trimmed = trim(text, *span)
        return [trimmed] if trimmed else []
    for joint in (_PARAGRAPH, _LINE, sentences, _CLAUSE, _PHRASE):
        units = joint(text, *span) if callable(joint) else _cut(text, span, joint)
        if len(units) > 1:
            whole = [part for unit in units for part in _fitting(text, unit, size)]
            return _packed(whole, size)
    start, end = span
    return [(at, min(at + size, end)) for at in range(start, end, size)]


def _cut(text: str, span: Span, joint: re.Pattern[str]) -> list[Span]:
    """Return what lies between the joints, each joint with what precedes it."""
    start, end = span
    edges = [start, *(match.end() for match in joint.finditer(text, start, end)), end]
    return [part for left, right in pairwise(edges) if (part := trim(text, left, right))]


def _packed(units: Iterable[Span], size: float) -> list[Span]:
    """Join neighbouring units while that brings a part nearer to `size` and keeps it within the limit."""
    parts: list[Span] = []
    for start, end in units:
        if parts:
            left, right = parts[-1]
            if end - left <= LIMIT and abs(end - left - size) <= abs(right - left - size):
                parts[-1] = (left, end)
                continue
        parts.append((start, end))
    return parts
