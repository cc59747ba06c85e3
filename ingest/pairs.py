"""Make pairs of texts that mean the same: a question and what answers it, a clause and the rest of its article.

Nobody has labelled the statutes, but an article is about one thing: whoever knows which words of law stand together can
tell from one clause which other clauses it came with.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from knowledge.model import DocumentKind, Passage
from knowledge.words import indexed_text

Ids = NDArray[np.int32]
Pair = tuple[Ids, Ids]  # token ids of what is asked, and of what should be found
Rivals = Mapping[str, NDArray[np.int64]]  # by question, the places of examples that look like answers and are none

_SAME = 0.5  # share of a batch in groups of one act: its articles are told apart hardest
_GROUP = 16  # passages of one act in such a group
_HEAD_IN_PASSAGE = 0.7
_HEAD_IN_QUERY = 0.15
_CLAUSE_IN_BOTH = 0.1  # equal words must count too
_DROPPED = 0.2  # of a query's tokens, on average, and from 0 to twice that
_SHORTEST = 4  # tokens of a query
_PART = 6  # clauses beyond which a passage is sometimes only a part of its rest
_PART_SHARE = 0.3

_NOWHERE = np.empty(0, np.int64)

_GAP = re.compile(r"[^\w]+")


@dataclass(frozen=True, slots=True)
class Example:
    """A passage as token ids: what it belongs to, its clauses, and the questions `asked` that it answers."""

    passage: Passage
    head: Ids
    clauses: tuple[Ids, ...]
    asked: tuple[str, ...]
    questions: tuple[Ids, ...]  # one for each of `asked`

    @property
    def whole(self) -> Ids:
        """Return the passage as it is indexed."""
        return np.concatenate((self.head, *self.clauses))


def texts_of(passages: Iterable[Passage]) -> Iterator[str]:
    """Yield all that is known of the passages, in words."""
    for passage in passages:
        yield indexed_text(passage)
        yield from passage.questions


def examples_of(passages: Sequence[Passage], tokenizer: Tokenizer) -> list[Example]:
    """Return the passages as token ids, one for each text; those without any clause are left out."""
    unique = {indexed_text(passage): passage for passage in passages}
    parts: list[tuple[Passage, str, list[str], list[str]]] = []
    for text, passage in unique.items():
        head, _, body = text.partition("\n")
        # The heading of a guide's section says what it answers.
        asked = [head, *passage.questions] if passage.kind is DocumentKind.GUIDE else [*passage.questions]
        if clauses := [clause for clause in _GAP.split(body) if clause]:
            parts.append((passage, head, clauses, asked))
    flat = list(chain.from_iterable([head, *clauses, *asked] for _, head, clauses, asked in parts))
    tokens = (np.array(encoding.ids, np.int32) for encoding in tokenizer.encode_batch(flat, add_special_tokens=False))
    return [
        Example(
            passage,
            next(tokens),
            tuple([next(tokens) for _ in clauses]),
            tuple(asked),
            tuple([next(tokens) for _ in asked]),
        )
        for passage, _, clauses, asked in parts
    ]


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs to learn from in one step, and further passages that answer none of their queries except by chance."""

    pairs: list[Pair]
    rivals: list[Ids]


class PairSampler:
    """Draw batches without end, the same for the same seed."""

    def __init__(
        self,
        examples: Sequence[Example],
        batch: int,
        question_share: float,
        seed: int,
        rivals: Rivals | None = None,
        rivals_each: int = 0,
    ) -> None:
        """`rivals_each` of a question's `rivals`, whose places are those of `examples`, come with it."""
        self._examples = examples
        self._rivals = rivals or {}
        self._rivals_each = rivals_each
        self._rng = np.random.default_rng(seed)
        self._cut = [example for example in examples if len(example.clauses) > 1]
        self._asked = [
            (words, question, example)
            for example in examples
            for words, question in zip(example.asked, example.questions, strict=True)
            if len(question)
        ]
        groups = defaultdict(list)
        for example in self._cut:
            groups[example.passage.law or example.passage.source].append(example)
        self._groups = [group for group in groups.values() if len(group) >= _GROUP // 2]
        sizes = np.array([len(group) for group in self._groups], float)
        self._weights = sizes / sizes.sum() if len(sizes) else sizes
        self._questions = min(int(batch * question_share), len(self._asked))
        self._clauses = batch - self._questions

    def batch(self) -> Batch:
        """Return pairs, in none of which the found passage answers another's query except by chance."""
        chosen: dict[int, Pair] = {}
        rivals: dict[int, Example] = {}
        for index in self._rng.choice(len(self._asked), self._questions, replace=False) if self._questions else ():
            words, question, example = self._asked[index]
            chosen.setdefault(id(example), (question, example.whole))
            rivals |= {id(rival): rival for rival in self._drawn_rivals(words)}
        for example in self._articles():
            if id(example) not in chosen:
                chosen[id(example)] = self._cut_in_two(example)
        return Batch(list(chosen.values()), [rival.whole for key, rival in rivals.items() if key not in chosen])

    def every(self) -> list[Pair]:
        """Return each passage once, cut in two."""
        return [self._cut_in_two(example) for example in self._cut]

    def _drawn_rivals(self, question: str) -> list[Example]:
        places = self._rng.permutation(self._rivals.get(question, _NOWHERE))[: self._rivals_each]
        return [self._examples[place] for place in places.tolist()]

    def _articles(self) -> Iterator[Example]:
        related = int(self._clauses * _SAME / _GROUP) if self._groups else 0
        for index in self._rng.choice(len(self._groups), related, p=self._weights) if related else ():
            group = self._groups[index]
            yield from (group[place] for place in self._rng.choice(len(group), min(_GROUP, len(group)), replace=False))
        others = min(self._clauses - related * _GROUP, len(self._cut))
        yield from (self._cut[place] for place in self._rng.choice(len(self._cut), others, replace=False))

    def _cut_in_two(self, example: Example) -> Pair:
        """Return one to three clauses in a row, some tokens missing, and the others."""
        rng, clauses = self._rng, example.clauses
        length = min(len(clauses) - 1, int(rng.integers(1, 4)))
        start = int(rng.integers(len(clauses) - length + 1))
        end = start + length
        query = np.concatenate(clauses[start:end])
        if len(query) > _SHORTEST:
            kept = rng.random(len(query)) >= _DROPPED * 2 * rng.random()
            query = query[kept] if kept.sum() >= _SHORTEST else query
        if rng.random() < _HEAD_IN_QUERY:
            query = np.concatenate((example.head, query))
        rest = clauses if rng.random() < _CLAUSE_IN_BOTH else clauses[:start] + clauses[end:]
        if len(rest) > _PART and rng.random() < _PART_SHARE:
            size = int(rng.integers(_PART // 2, len(rest)))
            first = int(rng.integers(len(rest) - size + 1))
            rest = rest[first : first + size]
        head = (example.head,) if rng.random() < _HEAD_IN_PASSAGE else ()
        return query, np.concatenate((*head, *rest))
