"""Puts the rule that a worker's own union has written before the law and our guides, where it answers.

Our guides are found by many written questions and a union's rule by its words alone, so their scores do not compare;
how near each comes to the question by meaning and by words does.
"""

from collections.abc import Sequence
from dataclasses import replace

from knowledge.model import DocumentKind, Passage, ScoredPassage

NEAR = 0.65  # of the nearness of the best passage, by meaning and by words at the mean: from here on a rule may lead

_SHIPPED = "documents/"  # what the sources of our own guides begin with
_TOLD = (DocumentKind.REPORT, DocumentKind.CASE)  # they tell what was done once, and lay down nothing


def is_shipped(passage: Passage) -> bool:
    """Tell whether a passage is of a guide that we ship."""
    return passage.source.startswith(_SHIPPED)


def is_rule(passage: Passage) -> bool:
    """Tell whether a passage is of what some union has laid down itself."""
    return bool(passage.regions) and not is_shipped(passage) and passage.kind not in _TOLD


def nearness(rules: Sequence[ScoredPassage], found: Sequence[ScoredPassage]) -> float:
    """Return how near the nearest of the rules comes to the question, of the nearest that was found; 1 at the most."""
    shares = [_most(name, rules) / best if (best := _most(name, found)) > 0 else 0.0 for name in ("cosine", "bm25")]
    return sum(shares) / len(shares)


def led(lead: ScoredPassage, found: Sequence[ScoredPassage]) -> tuple[ScoredPassage, ...]:
    """Return what was found with `lead`, which is of it, before the rest; each place keeps its score."""
    order = [lead, *(one for one in found if one.passage.id != lead.passage.id)]
    return tuple(replace(one, score=place.score) for one, place in zip(order, found, strict=True))


def _most(name: str, found: Sequence[ScoredPassage]) -> float:
    return max((getattr(one.scores, name) or 0.0 for one in found), default=0.0)
