"""Compares two texts section by section, as somebody who must approve a change wants to read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from bot.desk.knowledge import words
from knowledge.model import Document

_CLAUSE = re.compile(r"[^，。；！？,;!?\n]*[，。；！？,;!?\n]?")


class Mark(StrEnum):
    """What became of a section or of words in it."""

    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Words:
    """A run of words; never CHANGED."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class SectionChange:
    """A section before and after: its words in the order of reading."""

    mark: Mark
    heading: str
    words: tuple[Words, ...]


def restated(before: Document | None, after: Document | None) -> list[tuple[str, str, str]]:
    """Return what is stated otherwise of two texts: label, before and after; nothing where one is missing."""
    if before is None or after is None:
        return []
    old, new = words.facts(before), words.facts(after)
    return [(label, old[label], new[label]) for label in new if old[label] != new[label]]


def compared(before: Document | None, after: Document | None) -> list[SectionChange]:
    """Return every section of either text; a missing text has none."""
    old, new = _sections(before), _sections(after)
    changes: list[SectionChange] = []
    for _, first, last, start, end in SequenceMatcher(None, list(old), list(new), autojunk=False).get_opcodes():
        headings = list(new)[start:end]
        gone = [heading for heading in list(old)[first:last] if heading not in new]
        changes += [SectionChange(Mark.REMOVED, heading, (Words(Mark.REMOVED, old[heading]),)) for heading in gone]
        changes += [_change(heading, old.get(heading), new[heading]) for heading in headings]
    return changes


def _sections(document: Document | None) -> dict[str, str]:
    """Return the text under each heading; what has none stands under the empty one."""
    sections: dict[str, list[str]] = {}
    for block in sorted(document.blocks, key=lambda block: block.start) if document else ():
        heading = " › ".join((*block.path, *((block.article,) if block.article else ())))
        sections.setdefault(heading, []).append(document.text[block.start : block.end].strip() if document else "")
    return {heading: "\n".join(texts) for heading, texts in sections.items()}


def _change(heading: str, before: str | None, after: str) -> SectionChange:
    if before is None:
        return SectionChange(Mark.ADDED, heading, (Words(Mark.ADDED, after),))
    if before == after:
        return SectionChange(Mark.SAME, heading, (Words(Mark.SAME, after),))
    return SectionChange(Mark.CHANGED, heading, tuple(_words(before, after)))


def _words(before: str, after: str) -> Iterator[Words]:
    """Yield clauses: character by character, a changed sentence cannot be read."""
    old, new = _CLAUSE.findall(before), _CLAUSE.findall(after)
    for kind, first, last, start, end in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Words(Mark.SAME, "".join(new[start:end]))
            continue
        if last > first:
            yield Words(Mark.REMOVED, "".join(old[first:last]))
        if end > start:
            yield Words(Mark.ADDED, "".join(new[start:end]))
