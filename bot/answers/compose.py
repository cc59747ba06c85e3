"""Puts the chosen windows into words: what was asked for first, then the rest in reading order."""

import re
from collections.abc import Sequence
from itertools import groupby

from bot.answers.extract import Window
from knowledge.model import Citation, DocumentKind, Passage, ScoredPassage
from knowledge.sentences import sentences

SOURCES = 3  # passages that one answer is drawn from
ENOUGH = 0.5  # a further window is told if it scores this much of the best one's
LENGTH = 320  # characters of an answer, about
GUIDE_LENGTH = 420  # a guide is written to be read, so more of its section is told
QUOTE = 120  # characters that a quote grows to, sentence by sentence

_MARKS = re.compile(r"\*\*|__|`|^#+\s*|^\s*>\s?|<!--.*?-->", re.MULTILINE)
_BULLET = re.compile(r"^\s*[-*+]\s+", re.MULTILINE)


def choose(windows: Sequence[Window]) -> list[Window]:
    """Return the windows that the answer tells, best first, from at most `SOURCES` passages."""
    chosen: list[Window] = []
    length = 0
    for window in windows:
        if window.score < ENOUGH * windows[0].score or length + len(window.text) > LENGTH:
            break
        if len({w.rank for w in chosen} | {window.rank}) <= SOURCES:
            chosen.append(window)
            length += len(window.text)
    return chosen or list(windows[:1])


def compose(chosen: Sequence[Window], found: Sequence[ScoredPassage]) -> str:
    """Return the answer's text: the best window, then the others passage by passage."""
    lead = chosen[0]
    paragraphs = [_introduced(found[lead.rank].passage, _told(lead, found))]
    rest = sorted(chosen[1:], key=lambda window: (window.rank != lead.rank, window.rank, window.start))
    for rank, windows in groupby(rest, key=lambda window: window.rank):
        text = "".join(_plain(window.text) for window in windows if not _holds(paragraphs[0], window))
        if text:
            paragraphs.append(text if rank == lead.rank else _introduced(found[rank].passage, text))
    return "\n\n".join(paragraphs)


def cite(window: Window, passage: Passage) -> Citation:
    """Return the citation of a window: its sentence, with the next ones until the quote says enough."""
    spans = sentences(passage.text)
    inside = [
        i for i, (s, e) in enumerate(spans) if s < window.end - passage.start and e > window.start - passage.start
    ]
    first, last = inside[0], inside[-1]
    while spans[last][1] - spans[first][0] < QUOTE and last + 1 < len(spans):
        last += 1
    while spans[last][1] - spans[first][0] < QUOTE and first > 0:
        first -= 1
    start, end = passage.start + spans[first][0], passage.start + spans[last][1]
    return Citation(
        source=passage.source,
        title=passage.title,
        quote=passage.text[spans[first][0] : spans[last][1]],
        start=start,
        end=end,
        path=passage.path,
        law=passage.law,
        article=passage.article,
        statutes=passage.statutes,
        issued=passage.issued,
        record=passage.record,
    )


def _told(window: Window, found: Sequence[ScoredPassage]) -> str:
    passage = found[window.rank].passage
    if passage.kind is not DocumentKind.GUIDE:
        return _plain(window.text)
    after = passage.text[window.end - passage.start :]
    before = passage.text[: window.start - passage.start]
    return _plain(
        window.text + after[: max(0, GUIDE_LENGTH - len(window.text))] if len(after) >= len(before) else window.text
    )


def _introduced(passage: Passage, text: str) -> str:
    if passage.law and passage.article:
        return f"《{passage.law}》{passage.article}：{text}"
    return text


def _holds(text: str, window: Window) -> bool:
    return _plain(window.text) in text


def _plain(markdown: str) -> str:
    return _BULLET.sub("· ", _MARKS.sub("", markdown)).strip()
