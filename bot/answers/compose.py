"""Puts the chosen windows into words: what was asked for first, then the rest in reading order."""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby

from bot import texts
from bot.answers.extract import Window, grown
from bot.answers.guide import beside, section
from bot.answers.own import is_shipped
from knowledge.model import Citation, DocumentKind, Passage, ScoredPassage, Statute
from knowledge.sentences import Span, sentences

SOURCES = 3  # passages that one answer is drawn from
NEAR = 0.65  # a rule or guide has its say if it was found this much as well as the best
NEAR_REPORT = 0.5  # reports name one thing in many words, so what was found below the best may hold the figure
ENOUGH = 0.3  # a further window is told if it scores this much of the best one's
LENGTH = 320  # characters of an answer, about
QUOTE = 120  # characters that a quote grows to, sentence by sentence
RESTS = (3, 2)  # articles that a guide's citation names: of the passage found first, and of another

_YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
_LAST_NUMBER = re.compile(r"(?:\s*\n\s*(?:\d+[.、．]|[-*+·])\s*)+$")  # of a list whose next item is not quoted
_NUMBER = re.compile(r"^\s*(?:\d+[.、．]|[-*+·])\s*")


def choose(windows: Sequence[Window], found: Sequence[ScoredPassage]) -> list[Window]:
    """Return the windows that the answer tells, best first, from at most `SOURCES` passages.

    The best window leads, or that of the passage found first if it is a rule or a guide; but what a union has written
    itself goes before what we ship, where it says what is asked. Then every passage that was found nearly as well has
    its say, and what room is left goes to the next best windows. A guide is written to be read: one window opens each
    of its sections.
    """
    if not windows:
        return []
    # Of rules and guides the passage found first leads; a report's figure stands wherever its words do.
    general = found[0].passage.kind in (DocumentKind.GUIDE, DocumentKind.STATUTE)
    first = next((window for window in windows if window.rank == 0), windows[0])
    own = is_shipped(found[first.rank].passage) and _is_a_unions(found[windows[0].rank].passage)
    lead = first if general and not own else windows[0]
    chosen = [lead]
    if not lead.counts:
        chosen += [window for window in windows if window.rank == lead.rank and window.counts][:1]
    near = NEAR if general else NEAR_REPORT
    for rank, one in enumerate(found[:SOURCES]):
        if len({w.rank for w in chosen} | {rank}) <= SOURCES and one.score >= near * found[0].score:
            chosen += [w for w in windows if w.rank == rank and w.rank != lead.rank][:1]
    for window in windows:
        ranks = {one.rank for one in chosen}
        guide = found[window.rank].passage.kind is DocumentKind.GUIDE
        if window in chosen or (window.rank in ranks and guide) or len(ranks | {window.rank}) > SOURCES:
            continue
        if window.score < ENOUGH * windows[0].score or sum(len(one.text) for one in chosen) + len(window.text) > LENGTH:
            break
        chosen.append(window)
    return chosen


def in_order(chosen: Sequence[Window]) -> list[Window]:
    """Return the chosen windows as they are told: the one that leads, then the others passage by passage."""
    if not chosen:
        return []
    lead = chosen[0]
    return [lead, *sorted(chosen[1:], key=lambda window: (window.rank != lead.rank, window.rank, window.start))]


def compose(chosen: Sequence[Window], found: Sequence[ScoredPassage]) -> str:
    """Return the answer's text, a paragraph for what leads and for each passage; what is of a year says of which."""
    lead, *rest = in_order(chosen)
    passage = found[lead.rank].passage
    start, end = grown(lead, passage)
    opening = section(lead, passage) if passage.kind is DocumentKind.GUIDE else _plain(_text(passage, start, end))
    paragraphs = [(passage, _introduced(passage, opening))]
    for rank, windows in groupby(rest, key=lambda window: window.rank):
        one = found[rank].passage
        if one.kind is DocumentKind.GUIDE:
            window = next(windows)
            if window.text.strip() not in paragraphs[0][1]:
                paragraphs.append((one, beside(window, one)))
            continue
        spans = _joined((window.start, window.end) for window in windows)
        if rank == lead.rank:
            spans = [left for span in spans for left in _beyond(span, (start, end))]
        text = "".join(told for span in spans if (told := _plain(_text(one, *span))) not in paragraphs[0][1])
        if text:
            paragraphs.append((one, text if rank == lead.rank else _introduced(one, text)))
    dated = {one.source: _year(one) for one, _ in paragraphs if one.kind is DocumentKind.REPORT}
    whole = "".join(text for _, text in paragraphs)
    told_last: list[str] = []
    for one, text in reversed(paragraphs):
        year = dated.pop(one.source, None)  # once a report, after the last of it
        told_last.append(_ended(text) + (texts.as_of_year(year) if year and year not in whole else ""))
    return "\n\n".join(reversed(told_last))


def cite(window: Window, passage: Passage) -> Citation:
    """Return the citation of a window: its sentence, with the next ones until the quote says enough."""
    spans = sentences(passage.text)
    inside = [
        i
        for i, (start, end) in enumerate(spans)
        if start < window.end - passage.start and end > window.start - passage.start
    ]
    first, last = inside[0], inside[-1]
    while spans[last][1] - spans[first][0] < QUOTE and last + 1 < len(spans):
        last += 1
    while spans[last][1] - spans[first][0] < QUOTE and first > 0:
        first -= 1
    start = spans[first][0]
    quoted = _LAST_NUMBER.sub("", passage.text[start : spans[last][1]])
    end = max(start + len(quoted), window.end - passage.start)
    quote = passage.text[start:end]
    return Citation(
        source=passage.source,
        title=passage.title,
        quote=quote,
        start=passage.start + start,
        end=passage.start + end,
        path=passage.path,
        law=passage.law,
        article=passage.article,
        statutes=_statutes(quote, passage.statutes)[: RESTS[window.rank > 0]],
        issued=passage.issued,
        record=passage.record,
    )


def _statutes(quote: str, statutes: Sequence[Statute]) -> tuple[Statute, ...]:
    """Return the articles with those that the quote itself names first."""
    return tuple(sorted(statutes, key=lambda statute: (statute.article or statute.law) not in quote))


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans that are in order, those that touch or overlap as one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _beyond(span: Span, told: Span) -> list[Span]:
    """Return what of a span is not told yet."""
    before, behind = (span[0], min(span[1], told[0])), (max(span[0], told[1]), span[1])
    return [part for part in (before, behind) if part[0] < part[1]]


def _text(passage: Passage, start: int, end: int) -> str:
    return passage.text[start - passage.start : end - passage.start]


def _is_a_unions(passage: Passage) -> bool:
    return not is_shipped(passage) and passage.kind not in (DocumentKind.STATUTE, DocumentKind.CASE)


def _year(passage: Passage) -> str | None:
    """Return the year that a report tells of: when it was given, else the last that its title or file names."""
    if passage.issued:
        return str(passage.issued.year)
    return next(reversed(_YEAR.findall(f"{passage.source} {passage.title}")), None)


def _introduced(passage: Passage, text: str) -> str:
    if not (passage.law and passage.article):
        return text
    return f"《{passage.law}》{passage.article}：{text.removeprefix(passage.article).lstrip()}"


def _ended(text: str) -> str:
    """Return the paragraph, with a mark where it stops amid a sentence."""
    whole = text.rstrip("，,、：:；;")
    return text if whole == text else f"{whole}……"


def _plain(text: str) -> str:
    return _NUMBER.sub("", text.strip())
