"""Tells what a guide says, whose sections open with their point and then list: no item without what leads in to it."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.answers.extract import LEAD, Window
from knowledge.model import Passage
from knowledge.sentences import sentences

SECTION = 360  # characters that are told of the section which answers

_LINE = re.compile(r"^[^\S\n]*(?:(?P<bullet>[-*+·])|(?P<number>\d+)[.、．])?[^\S\n]*(?P<text>\S.*)$", re.MULTILINE)
_CASE = re.compile(r"[^，。；：]{1,20}：")  # 已经领养老金：…
_LEANS = re.compile(
    "它|他|她|这|那|此|因此|所以|但|不过|而且|另外|其中|否则|不然|也|又|还|例子|“[+]"
)  # on what stands before


class Line(NamedTuple):
    """A line of a section, an item of a list or none."""

    text: str
    start: int  # of `text`, in the passage
    bullet: bool = False
    number: str = ""

    def __str__(self) -> str:
        if self.number:
            return f"{self.number}. {self.text}"
        return f"· {self.text}" if self.bullet else self.text


def section(window: Window, passage: Passage) -> str:
    """Return the section as far as there is room, the line that answers early.

    An item, or what stands behind a list, comes behind what leads in to it; a step in its place among the steps; and
    what is said of one case among several behind what is said of all.
    """
    lines = _lines(passage)
    at = _at(lines, window, passage)
    line = lines[at]
    listed = line.bullet or _is_item(lines[at - 1])  # what stands behind a list belongs to it
    before = _lead_in(lines, at) if listed else lines[0] if _CASE.match(line.text) else None
    if at > 1 and not line.number:
        first = [before, line] if before else [line]
        lines = [*first, *(other for other in lines if other not in first)]
    room = SECTION - len(line.text)
    told: list[str] = []
    for one in lines:
        room -= 0 if one is line else len(one.text)
        if one is line or room >= 0:
            told.append(str(one))
    return "\n".join(told)


def beside(window: Window, passage: Passage) -> str:
    """Return what a further section adds: the window's sentence, or its item, with what it needs to be understood."""
    lines = _lines(passage)
    at = _at(lines, window, passage)
    line = lines[at]
    here = max(window.start - passage.start, line.start)  # a window of an item begins with its mark
    spans = sentences(passage.text, line.start, line.start + len(line.text))
    place = max(i for i, (start, _) in enumerate(spans) if start <= here)
    start, end = spans[place]
    if end - start > LEAD:
        start, end = here, window.end - passage.start
    elif place and _LEANS.match(passage.text, start):
        start = spans[place - 1][0]
    lead_in = _lead_in(lines, at) if _is_item(line) else None
    if lead_in is None:
        return passage.text[start:end]
    first, last = sentences(lead_in.text)[-1]
    item = line.text if len(line.text) <= LEAD else passage.text[start:end]
    return f"{lead_in.text[first:last]}\n· {item}"  # a step, too, for it stands alone


def _lines(passage: Passage) -> list[Line]:
    return [
        Line(one["text"].rstrip(), one.start("text"), bool(one["bullet"]), one["number"] or "")
        for one in _LINE.finditer(passage.text)
    ]


def _at(lines: Sequence[Line], window: Window, passage: Passage) -> int:
    """Return which line the window stands in."""
    end = window.end - passage.start
    return max(i for i, line in enumerate(lines) if line.start < end)


def _lead_in(lines: Sequence[Line], at: int) -> Line | None:
    """Return the line before the list that the item at `at` is of; None if nothing stands there."""
    return next((line for line in reversed(lines[:at]) if not _is_item(line)), None)


def _is_item(line: Line) -> bool:
    return line.bullet or bool(line.number)
