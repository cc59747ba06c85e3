"""Finds the sentences that answer: windows of whole clauses, scored by what they share with the question."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from bot.answers.sought import counted
from knowledge.lexicon import load_lexicon
from knowledge.model import DocumentKind, Passage, ScoredPassage
from knowledge.sentences import Span, sentences
from knowledge.words import Codes, Rows, is_character, occurrences

WINDOW = 70  # characters of a window; a shorter sentence is a window of its own
LEAD = 160  # characters of a sentence, or part of one, that is told whole
SINGLE = 0.35  # what a single character counts beside a pair of them, which says much more
CONTEXT = 0.3  # what a word counts that stands in the passage's title or headings only
FIGURE = 1.4  # a window that tells the kind of thing that is asked for, such as an amount, answers better
COUNT = 1.4  # a window that counts what is asked for, such as people or rounds, the more
RANK = 0.45  # how much of a window's score its passage's score decides
LENGTH = 0.15  # how much a long window is held against it
ECHO = 0.6  # windows that share more than this of their words say the same
KEPT = 20  # windows worth looking at
LIFTED = 5  # passages among which reports change places by their best sentences
SENTENCE = 0.5  # what the best sentence says in that

Weights = NDArray[np.float32]

_CLAUSE = re.compile(r"[^，,：:；;]+[，,：:；;]*")
_COMMA = re.compile(r"[，,](?!\d)")
_PART = re.compile(r"[^；;]+[；;]*|[；;]+")
_ITEM = re.compile(
    r"(?:“[^”]*”|《[^》]*》|[（(][^）)]*[）)]|[^、])+、*"
)  # of a clause that lists too much for one window
_NUMERAL = r"[\d一二三四五六七八九十百千万亿两半余多]\s*"
# What is asked for, and how the answer to it looks.
_KINDS = tuple(
    (re.compile(asked), re.compile(told))
    for asked, told in (
        (
            r"(多少|好多|几多|几|花了多|补)(百|千|万)?(钱|块|元|资金)|工资|补助|补贴|津贴|赔",
            _NUMERAL + r"(元|块|%|％|倍)|百分之|工资",
        ),
        (r"(多少|好多|几多|几)个?(人|名|职工|会员)|哪些人", _NUMERAL + r"(人|名|户)"),
        (
            r"什么时候|哪天|几号|几月|何时|啥时|好久|几时|多久|多长时间|几天|几年|几个月|多少天",
            _NUMERAL + r"(年|个?月|日|天|周|小时)",
        ),
        (r"几|多少|好多|多大|多高|百分之|比例", _NUMERAL + r"\S"),
    )
)


@dataclass(frozen=True, slots=True)
class Window:
    """A run of clauses at `[start, end)` of its document, of the passage at `rank` (0 is best)."""

    rank: int
    start: int
    end: int
    text: str
    score: float
    covered: float  # share of what counts in the question that it holds, or the headings above it; 0 to 1
    counts: bool = False  # whether it tells a number of what the question asks to be counted


def windows(question: str, found: Sequence[ScoredPassage], rarity: Callable[[Codes], Weights]) -> list[Window]:
    """Return distinct windows of the passages, the best answer first; `rarity` weighs the question's terms (idf)."""
    asked, counts = load_lexicon().terms(question)
    looks, numbers = [told for kind, told in _KINDS if kind.search(question)], counted(question)
    spans = [
        (rank, start, _with_figure(one.passage.text, start, end, looks))
        for rank, one in enumerate(found)
        for start, end in cut(one.passage.text)
    ]
    if not spans or not len(asked):
        return []
    weights = rarity(asked) * counts * np.where(is_character(asked), SINGLE, 1.0)
    texts = [found[rank].passage.text[start:end] for rank, start, end in spans]
    terms = occurrences(texts)
    within = _held(terms, len(texts), asked)
    around = _held(occurrences([" ".join((one.passage.title, *one.passage.path)) for one in found]), len(found), asked)
    ranks = np.array([rank for rank, _, _ in spans])
    shared = within @ weights
    context = (around[ranks] & ~within) @ weights
    covered = (shared + context) / weights.sum()
    prior = 1 - RANK + RANK * np.array([one.score for one in found])[ranks] / (found[0].score or 1.0)
    lengths = np.array([end - start for _, start, end in spans])
    scores = (shared + CONTEXT * context) * prior / (1 + LENGTH * np.log1p(lengths / 40))
    for told in looks:
        scores *= np.where([bool(told.search(text)) for text in texts], FIGURE, 1.0)
    for number in numbers:
        scores *= np.where([bool(number.search(text)) for text in texts], COUNT, 1.0)
    order = [place for place in np.argsort(-scores, kind="stable").tolist() if scores[place] > 0]
    kept = list(_distinct(order, terms, len(texts)))
    if not any(ranks[place] == 0 for place in kept):  # what was found first is heard, however much others echo it
        nearest = [place for place in order if ranks[place] == 0][:1]
        # Found by the questions that it answers, a rule may share no word with this one.
        kept += nearest or ([0] if kept and ranks[0] == 0 and found[0].passage.questions else [])
    return [
        Window(
            rank,
            found[rank].passage.start + start,
            found[rank].passage.start + end,
            texts[place],
            float(scores[place]),
            float(covered[place]),
            any(number.search(texts[place]) for number in numbers),
        )
        for place in kept
        for rank, start, end in [spans[place]]
    ]


def _with_figure(text: str, start: int, end: int, looks: Sequence[re.Pattern[str]]) -> int:
    """Return where `text[start:end]` ends together with a figure asked for that stands later in its sentence only."""
    last = next(last for _, last in _parts(text) if last >= end)
    for look in looks:
        if last - start <= LEAD and not look.search(text, start, end) and (figure := look.search(text, end, last)):
            stop = _COMMA.search(text, figure.end(), last)
            end = stop.end() if stop else last
    return end


def lifted(found: Sequence[ScoredPassage], windows: Sequence[Window]) -> tuple[tuple[ScoredPassage, ...], list[Window]]:
    """Return what was found, reports in the order of their best sentences too, and the windows of the new ranks.

    A report's passage tells of ten things, so one sentence says more than the whole. Only the first `LIFTED` passages
    change places; each place keeps its score.
    """
    best: dict[int, float] = {}
    for window in windows:
        best.setdefault(window.rank, window.score / windows[0].score)
    places = [place for place, one in enumerate(found[:LIFTED]) if one.passage.kind is DocumentKind.REPORT]
    order = sorted(places, key=lambda place: -found[place].score - SENTENCE * best.get(place, 0.0))
    new = dict(zip(order, places, strict=True))  # old place → new place
    moved = list(found)
    for old, place in new.items():
        moved[place] = replace(found[old], score=found[place].score)
    return tuple(moved), [replace(window, rank=new.get(window.rank, window.rank)) for window in windows]


def grown(window: Window, passage: Passage) -> Span:
    """Return what leads: the sentence or part of one that the window is of, if it is no longer than `LEAD`.

    Else the window and what follows it there, up to a comma, for a figure stands behind what it counts.
    """
    start, end = window.start - passage.start, window.end - passage.start
    first, last = next((first, last) for first, last in _parts(passage.text) if last > start)
    if last - first > LEAD:
        first, last = start, max((stop.end() for stop in _COMMA.finditer(passage.text, end, start + LEAD)), default=end)
    return first + passage.start, last + passage.start


@lru_cache(maxsize=2048)
def cut(text: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of windows: each sentence, or each run of a long sentence's clauses."""
    return tuple(_cut(text))


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of sentences, a long one part by part as semicolons part it."""
    for start, end in sentences(text):
        if end - start <= WINDOW:
            yield start, end
        else:
            yield from (part.span() for part in _PART.finditer(text, start, end))


def _cut(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _parts(text):
        if end - start <= WINDOW:
            yield start, end
            continue
        clauses = list(_clauses(text, start, end))
        for i, (first, _) in enumerate(clauses):
            last = i
            while last + 1 < len(clauses) and clauses[last + 1][1] - first <= WINDOW:
                last += 1
            yield first, clauses[last][1]
            if last + 1 == len(clauses):
                break


def _clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for clause in _CLAUSE.finditer(text, start, end):
        if clause.end() - clause.start() <= WINDOW:
            yield clause.span()
        else:
            yield from (item.span() for item in _ITEM.finditer(text, *clause.span()))


def _held(terms: tuple[Codes, Rows], texts: int, asked: Codes) -> NDArray[np.bool_]:
    """Return which of the sorted terms `asked` each text holds, [texts, asked]; `terms` are those of the texts."""
    codes, rows = terms
    columns = np.minimum(np.searchsorted(asked, codes), len(asked) - 1)
    known = asked[columns] == codes
    held = np.zeros((texts, len(asked)), bool)
    held[rows[known], columns[known]] = True
    return held


def _distinct(order: Iterable[int], terms: tuple[Codes, Rows], texts: int) -> Iterator[int]:
    """Yield the places of texts that do not say what one before has said, `KEPT` at most."""
    codes, rows = terms
    by_row = np.argsort(rows, kind="stable")
    codes, bounds = codes[by_row], np.cumsum(np.bincount(rows, minlength=texts))
    kept: list[set[int]] = []
    for place in order:
        words = set(codes[bounds[place - 1] if place else 0 : bounds[place]].tolist())
        if all(len(words & other) <= ECHO * min(len(words), len(other)) for other in kept):
            kept.append(words)
            yield place
            if len(kept) == KEPT:
                return
