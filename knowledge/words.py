"""Turn text into terms: the characters and character pairs of Chinese runs, whole Latin words, whole numbers.

Pairs of characters need no dictionary, so a dialect word, a company's name or a scanning slip is found as well as a
legal term. A term is a 64-bit code rather than a string, which lets numpy take a whole corpus apart at once.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.model import Passage

Codes = NDArray[np.uint64]
Rows = NDArray[np.int32]

Weights = NDArray[np.float32]

MEANT = 0.3  # what a term counts that the question does not say but means

_LATIN = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_CHINESE = (0x3400, 0x9FFF)  # with extension A; rarer characters stand outside the basic plane
_RUN = re.compile(f"[{chr(_CHINESE[0])}-{chr(_CHINESE[1])}]+")
_BREAK = 0x0A
_PAIR_BITS = 21  # of a code point, so that characters and pairs never collide
_PAIR_SHIFT = np.uint64(_PAIR_BITS)
_WORD_BIT = 1 << 63


def normalize(text: str) -> str:
    """Return the text with full-width forms narrowed, letters folded and line breaks as spaces."""
    return unicodedata.normalize("NFKC", text).casefold().replace("\n", " ")


def occurrences(texts: Sequence[str]) -> tuple[Codes, Rows]:
    """Return every term of every text, and beside it the position of its text in `texts`; in no particular order."""
    joined = "\n".join(map(normalize, texts))
    points = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    row = np.cumsum(points == _BREAK, dtype=np.int32)
    chinese = (points >= _CHINESE[0]) & (points <= _CHINESE[1])
    pair = chinese[:-1] & chinese[1:]
    words = [(_word_code(match[0]), match.start()) for match in _LATIN.finditer(joined)]
    word_codes = np.array([code for code, _ in words], np.uint64)
    word_starts = np.array([start for _, start in words], np.intp)
    codes = np.concatenate(
        [
            points[chinese].astype(np.uint64),
            points[:-1][pair].astype(np.uint64) << _PAIR_SHIFT | points[1:][pair],
            word_codes,
        ]
    )
    return codes, np.concatenate([row[chinese], row[:-1][pair], row[word_starts]])


def indexed_text(passage: Passage) -> str:
    """Return what of a passage is indexed, by words and by meaning: what it belongs to, and its text.

    The chapters of an act are left out, for they fit a question no better than their articles do: on the laws they cost
    four of a hundred questions. Of a guide's or report's headings the nearest names the subject, the outer ones do not.
    """
    above = (passage.law,) if passage.law else (passage.title, *passage.path[-1:])
    return "\n".join((" ".join(above), passage.text))


def question_terms(question: str) -> Codes:
    """Return the terms of a question, each once: what is said twice is not meant twice."""
    return np.array(sorted(_terms(question)), np.uint64)


def asked_terms(question: str, meant: Sequence[str]) -> tuple[Codes, Weights]:
    """Return the sorted terms of a question and of what it means, and what each counts: 1 if it is said, or `MEANT`."""
    counts = counted_terms(question, meant)
    codes = sorted(counts)
    return np.array(codes, np.uint64), np.array([counts[code] for code in codes], np.float32)


def counted_terms(question: str, meant: Sequence[str]) -> dict[int, float]:
    """Return what `asked_terms` does, in no particular order and without numpy."""
    counts = dict.fromkeys(_terms(question), 1.0)
    for word in meant:
        for code in _meant_terms(word):
            counts.setdefault(code, MEANT)
    return counts


def is_character(codes: Codes) -> NDArray[np.bool_]:
    """Tell which terms are single Chinese characters."""
    return codes < np.uint64(1 << _PAIR_BITS)


def _terms(text: str) -> set[int]:
    """Return a short text's terms as `occurrences` codes them, each once: numpy is slower where there are so few."""
    plain = normalize(text)
    terms = set(map(_word_code, _LATIN.findall(plain)))
    for run in _RUN.findall(plain):
        points = list(map(ord, run))
        terms.update(points)
        terms.update(before << _PAIR_BITS | after for before, after in pairwise(points))
    return terms


@lru_cache(maxsize=4096)  # the words that a lexicon means are few
def _meant_terms(word: str) -> frozenset[int]:
    return frozenset(_terms(word))


@lru_cache(maxsize=65536)
def _word_code(word: str) -> int:
    return int.from_bytes(blake2b(word.encode(), digest_size=8).digest()) | _WORD_BIT
