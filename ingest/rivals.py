"""Find what shares a question's words and does not answer it: the wrong answers that teach most (hard negatives).

The other passages of a batch are mostly of other matters, which a model soon tells apart. What a search by words puts
beside the right article is what the search by meaning is needed for.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence, Set
from itertools import islice

import numpy as np

from ingest.pairs import Example, Rivals
from knowledge.keyword import KeywordIndex, best
from knowledge.lexicon import load_lexicon
from knowledge.model import Statute
from knowledge.words import asked_terms, indexed_text

_KEPT = 15  # rivals of a question
_SKIPPED = 5  # the best found: nobody has said whether they answer too, and some do
_LOOKED_AT = 60  # passages found
_ALIKE = 0.5  # share of the pieces of either text that both hold, from which they say the same


def rivals_of(examples: Sequence[Example]) -> Rivals:
    """Return by question the places of examples that its words find and that do not answer it."""
    lexicon = load_lexicon()
    index = KeywordIndex.build([indexed_text(example.passage) for example in examples])
    answers: defaultdict[str, list[int]] = defaultdict(list)
    for place, example in enumerate(examples):
        for question in example.asked:
            answers[question].append(place)
    found = {}
    for question, right in answers.items():
        rows = best(index.scores(*asked_terms(question, lexicon.meanings(question))), _LOOKED_AT).rows
        wrong = _wrong(examples, right, rows.tolist())
        found[question] = np.array(list(islice(wrong, _SKIPPED, _SKIPPED + _KEPT)), np.int64)
    return found


def _wrong(examples: Sequence[Example], right: Sequence[int], rows: Sequence[int]) -> Iterator[int]:
    """Yield the rows that neither rest on an article that answers nor say what an answer says, in their order."""
    articles = {article for place in right for article in _articles(examples[place])}
    said = [_pieces(examples[place]) for place in right]
    for row in rows:
        if row not in right and articles.isdisjoint(_articles(examples[row])) and not _repeats(examples[row], said):
            yield row


def _articles(example: Example) -> Set[Statute]:
    """Return the article that the passage is, and those that it rests on: the versions of an act share its name."""
    passage = example.passage
    own = [Statute(passage.law, passage.article)] if passage.law and passage.article else []
    return {*own, *(statute for statute in passage.statutes if statute.article)}


def _pieces(example: Example) -> Set[int]:
    return set(np.concatenate(example.clauses).tolist())


def _repeats(example: Example, said: Sequence[Set[int]]) -> bool:
    pieces = _pieces(example)
    return any(len(pieces & own) >= _ALIKE * len(pieces | own) for own in said)
