"""Questions that say the same in the same words: all characters in another order, or nearly all pairs in common."""

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

LIKENESS = 0.8  # share of common character pairs (Dice) above which two questions are one

_WORDLESS = re.compile(r"[\W_]+")
_LEAST = LIKENESS / (2 - LIKENESS)  # share of a question's pairs that a question as like must share


def near_duplicates(questions: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places of each question that repeats an earlier one, and of the earlier one it is most like.

    Questions that are like enough share one of their rarest pairs, so an index of these alone finds all candidates.
    """
    plain = [plain_characters(question) for question in questions]
    pairs = [frozenset(text[at : at + 2] for at in range(len(text) - 1)) for text in plain]
    frequency = Counter(pair for own in pairs for pair in own)
    by_pair: dict[str, list[int]] = defaultdict(list)
    by_characters: dict[str, int] = {}
    for place, own in enumerate(pairs):
        rarest = sorted(own, key=lambda pair: (frequency[pair], pair))[: len(own) - math.ceil(_LEAST * len(own)) + 1]
        candidates = {other for pair in rarest for other in by_pair[pair]}
        likeness, like = max(((_dice(own, pairs[other]), -other) for other in candidates), default=(0.0, 0))
        first = by_characters.setdefault("".join(sorted(plain[place])), place)
        if first != place:
            yield place, first
        elif likeness > LIKENESS:
            yield place, -like
        for pair in rarest:
            by_pair[pair].append(place)


def plain_characters(question: str) -> str:
    """Return the question without marks and spaces, in one form and case."""
    return _WORDLESS.sub("", unicodedata.normalize("NFKC", question).lower())


def _dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other))
