"""Finds the sentences that answer: windows of whole clauses, scored by what they share with the question."""

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.model import DocumentKind, ScoredPassage

WINDOW = 90  # characters of a window; a shorter sentence is a window of its own
SINGLE = 0.35  # what a single character counts beside a pair of them, which says much more
FIGURE = 1.3  # a window with a figure answers "how many" better
RANK = 0.45  # how much of a window's score the rank of its passage decides
ECHO = 0.6  # windows that share more than this of their words say the same

_SENTENCE = re.compile(r"[^。！？；!?;\n]+[。！？；!?;]*[”’」』）)]*")
_CLAUSE = re.compile(r"[^，,、：:]+[，,、：:]*")
_HOW_MANY = re.compile(r"几|多少|好多|多久|多长|多大|多高|百分之|比例|什么时候|哪天|何时|好久|啥时")
_FIGURE = re.compile(r"\d|[一二三四五六七八九十百千万两半][个名人次场年月日天元倍成户家条项座万亿周小]|百分之|第[一二三四五六七八九十]")


@dataclass(frozen=True, slots=True)
class Window:
    """A run of clauses at `[start, end)` of its document, of the passage at `rank` (0 is best)."""

    rank: int
    start: int
    end: int
    text: str
    score: float
    coverage: float  # share of the question's weight that the window holds, 0 to 1


class Extractor:
    """Ranks the windows of the passages that were found."""

    def __init__(self, terms: Callable[[str], list[str]], weight: Callable[[str], float]) -> None:
        """Take the words of a text and the weight (idf) that a word has in the index."""
        self._terms = terms
        self._weight = weight

    def windows(self, question: str, found: Sequence[ScoredPassage]) -> list[Window]:
        """Return distinct windows, the best answer first."""
        asked = {term: self._weigh(term) for term in set(self._terms(question))}
        total = sum(asked.values())
        if not found or not total:
            return []
        figure_wanted = bool(_HOW_MANY.search(question))
        best = found[0].score or 1.0
        windows = []
        for rank, candidate in enumerate(found):
            passage = candidate.passage
            around = set(self._terms(" ".join((passage.title, *passage.path))))
            prior = 1 - RANK + RANK * candidate.score / best
            for start, end in cut(passage.text):
                text = passage.text[start:end]
                words = set(self._terms(text))
                shared = sum(weight for term, weight in asked.items() if term in words)
                context = sum(weight for term, weight in asked.items() if term in around and term not in words)
                score = (shared + 0.3 * context) * prior / (1 + 0.15 * math.log1p(len(text) / 40))
                if figure_wanted and _FIGURE.search(text):
                    score *= FIGURE
                if passage.kind is DocumentKind.GUIDE and start == 0:
                    score *= 1.1  # a guide says the thing first
                windows.append(Window(rank, passage.start + start, passage.start + end, text, score, shared / total))
        windows.sort(key=lambda window: (-window.score, window.rank, window.start))
        return list(self._distinct(windows))

    def _weigh(self, term: str) -> float:
        return self._weight(term) * (1.0 if len(term) > 1 else SINGLE)

    def _distinct(self, windows: list[Window]) -> Iterator[Window]:
        kept: list[set[str]] = []
        for window in windows:
            words = set(self._terms(window.text))
            if words and all(len(words & other) <= ECHO * min(len(words), len(other)) for other in kept):
                kept.append(words)
                yield window


def sentences(text: str) -> list[tuple[int, int]]:
    """Return the spans of the sentences, closing quotation marks with the sentence that they close."""
    return [(m.start(), m.end()) for m in _SENTENCE.finditer(text) if m.group().strip()]


def cut(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of windows: each sentence, or each run of a long sentence's clauses."""
    for start, end in sentences(text):
        if end - start <= WINDOW:
            yield start, end
            continue
        clauses = [(start + m.start(), start + m.end()) for m in _CLAUSE.finditer(text[start:end])]
        for i, (first, _) in enumerate(clauses):
            last = i
            while last + 1 < len(clauses) and clauses[last + 1][1] - first <= WINDOW:
                last += 1
            yield first, clauses[last][1]
            if last + 1 == len(clauses):
                break
