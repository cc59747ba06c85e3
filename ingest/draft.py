"""A document in the making: text is appended piece by piece, and blocks remember where it stands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from knowledge.model import Block, BlockKind, Document, DocumentKind, Statute


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What a reader finds between two line breaks; `level` is 1 to 6 for a heading and 0 for body text."""

    text: str
    level: int = 0
    kind: BlockKind = BlockKind.TEXT


@dataclass(slots=True)
class _Open:
    """The block that grows."""

    key: tuple[BlockKind, str | None, str | None]  # kind, article, run-in heading
    start: int


@dataclass(slots=True)
class Draft:
    """Collects text and blocks; body text that follows under one heading grows one block until `close` is called."""

    pieces: list[str] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0
    path: list[tuple[int, str]] = field(default_factory=list)  # open headings: level and words
    statutes: tuple[Statute, ...] = ()  # what the open section rests on
    _open: _Open | None = None

    def heading(self, text: str, level: int, *, shown: str | None = None) -> None:
        """Open a section; `shown` is how the heading is written in the path where that differs from the text."""
        self.close()
        self.statutes = ()
        self.path = [entry for entry in self.path if entry[0] < level]
        self.path.append((level, shown or text.strip()))
        self._append(text)

    def add(
        self,
        text: str,
        kind: BlockKind = BlockKind.TEXT,
        *,
        article: str | None = None,
        under: str | None = None,
        gap: str = "\n\n",
    ) -> None:
        """Append body text; it joins the open block of the same kind, article and run-in heading `under`."""
        key = (kind, article, under)
        if self._open is not None and self._open.key != key:
            self.close()
        start = self._append(text, gap)
        if self._open is None:
            self._open = _Open(key, start)

    def unlisted(self, text: str) -> None:
        """Append text that belongs to no block, such as a document's title."""
        self.close()
        self._append(text)

    def close(self) -> None:
        """End the open block."""
        if self._open is None:
            return
        kind, article, under = self._open.key
        path = (*(words for _, words in self.path), *((under,) if under else ()))
        self.blocks.append(Block(self._open.start, self.length, path, kind, article, self.statutes))
        self._open = None

    def build(self, source: str, title: str, kind: DocumentKind, **rest: Any) -> Document:
        """Return the document; `rest` is handed to `Document` as it is."""
        self.close()
        return Document(source, title, "".join(self.pieces), tuple(self.blocks), kind, **rest)

    def _append(self, text: str, gap: str = "\n\n") -> int:
        text = text.strip("\n")
        if self.pieces:
            self.pieces.append(gap)
            self.length += len(gap)
        start = self.length
        self.pieces.append(text)
        self.length += len(text)
        return start


def fill(draft: Draft, paragraphs: Sequence[Paragraph]) -> None:
    """Append paragraphs under their own headings; table rows are blocks of their own."""
    for paragraph in paragraphs:
        if paragraph.level:
            draft.heading(paragraph.text, paragraph.level)
        else:
            if paragraph.kind is BlockKind.TABLE:
                draft.close()
            draft.add(paragraph.text, paragraph.kind)
