"""Where Chinese sentences begin and end, as spans of the text they stand in."""

import re

Span = tuple[int, int]

_END = re.compile(r"[。！？!?]+[”’」』）)】]*|…{2,}[”’」』]+|\n+")
_OPENING, _CLOSING = "“「", "”」"


def sentences(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the spans of the sentences in `text[start:end]`, white space at their ends left out.

    A quotation that is closed in its own paragraph stays in one sentence with what introduces it.
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    begin = start
    for match in _END.finditer(text, start, end):
        if "\n" not in match.group() and _inside_quotation(text, begin, match.end(), end):
            continue
        spans.append((begin, match.end()))
        begin = match.end()
    spans.append((begin, end))
    return [trimmed for span in spans if (trimmed := trim(text, *span))]


def trim(text: str, start: int, end: int) -> Span | None:
    """Return the span without white space at its ends; None if nothing is left."""
    piece = text[start:end]
    left = start + len(piece) - len(piece.lstrip())
    right = left + len(piece.strip())
    return (left, right) if left < right else None


def _inside_quotation(text: str, begin: int, here: int, end: int) -> bool:
    """Tell whether `here` lies within quotation marks that open after `begin` and close before the line ends."""
    opened, closed = (sum(text.count(mark, begin, here) for mark in marks) for marks in (_OPENING, _CLOSING))
    if opened <= closed:
        return False
    line_end = text.find("\n", here, end)
    return "”" in text[here : line_end if line_end >= 0 else end]
