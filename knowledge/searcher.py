"""Find the passages that answer a question: by words, by meaning, and by the questions they are known to answer."""

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from knowledge.calendar import today_in_china
from knowledge.embedder import Embedder
from knowledge.filters import Filters, Rows, Standing
from knowledge.fusion import Vector, Voice, fuse
from knowledge.generation import Generation
from knowledge.keyword import Hits, best
from knowledge.lexicon import Lexicon, load_lexicon
from knowledge.model import ScoredPassage, Scores
from knowledge.regions import Regions
from knowledge.reranker import RERANKED, Reranker, reranked
from knowledge.salience import Salience, load_salience
from knowledge.words import asked_terms, question_terms

DEPTH = 200  # rows taken from each list before they are merged
# The rule goes before its application, and what a guide concludes before how it goes on.
STANDING = {Standing.LEAD: 1.1, Standing.PLAIN: 1.0, Standing.CASE: 0.75, Standing.FRAME: 0.6}
COMPANY = 50  # candidates that say which act that is
BROAD = 60  # passages of an act that gains nothing yet: most acts are shorter, a code has a thousand

_STANDINGS = np.array([STANDING[standing] for standing in sorted(Standing)], np.float32)

_DENIED = re.compile(r"(?:不是|不在|不属于|除了|别管)[^，。；？！,.;?!\s]*")  # 不是十堰的 names no place to look in


@dataclass(frozen=True, slots=True)
class Balance:
    """How much each voice counts; 0 silences it, as `benchmarks/ablation.py` does in turn."""

    keyword: float = 0.6
    dense: float = 0.4
    question: float = 0.3  # on top of the words that the questions give their passages
    region: float = 0.15  # for a passage of the region that the question names, and against one of another region
    company: float = 0.05  # for a passage of the act that most of the best candidates are of
    breadth: float = 0.02  # for each e-fold that its act is longer than BROAD: a code governs more of life than a rule


Provider = Callable[[], AbstractContextManager[Generation]]
_EVEN = Balance()


class Searcher:
    """Search the serving generation; `HybridRetriever` shows the same to LangChain."""

    def __init__(
        self,
        generation: Provider,
        embedder: Embedder,
        regions: Regions,
        today: Callable[[], date] = today_in_china,
        lexicon: Lexicon | None = None,
        salience: Salience | None = None,
        balance: Balance = _EVEN,
        reranker: Reranker | None = None,
    ) -> None:
        """`generation` lends one for a search, such as `LiveGeneration.use`; lexicon and salience are ours if None."""
        self._generation = generation
        self._embedder = embedder
        self._regions = regions
        self._today = today
        self._lexicon = load_lexicon() if lexicon is None else lexicon
        self._salience = load_salience() if salience is None else salience
        self._balance = balance
        self._reranker = reranker

    def search(
        self, query: str, *, region: str | None = None, as_of: date | None = None, limit: int = 20
    ) -> list[ScoredPassage]:
        """Return the best passages, best first: in force on `as_of` (today if None), and admitted in `region`."""
        depth = max(DEPTH, limit)
        query = self._lexicon.corrected(query)
        said = question_terms(query)
        # The words of the law help here only: the bank's questions are in workers' words, and vectors know both.
        asked, counts = asked_terms(query, self._lexicon.meanings(query))
        vector = self._embedder.embed_query(query)
        with self._generation() as generation:
            admitted = generation.admitted(as_of or self._today(), region, self._regions.admits)
            counts = counts * self._salience.factors(asked, generation.keyword.rarity(asked))
            by_words = generation.keyword.scores(asked, counts, admitted)
            by_questions = generation.questions.scores(said, np.ones(len(said), np.float32), admitted)
            keyword, questions = best(by_words, depth), best(by_questions, depth)
            dense = generation.dense(vector, depth, admitted)
            # Each candidate gets its score of every kind: that a list ends before it says little.
            rows = np.unique(np.concatenate([keyword.rows, questions.rows, dense.rows]))
            cosines = generation.cosines(vector, rows)
            # The bank's nearest question may still be far away, so it is held against the question itself.
            full = generation.questions.full_score(said)
            fused = fuse(
                [
                    Voice(by_words[rows], self._balance.keyword, _first(keyword)),
                    Voice(by_questions[rows], self._balance.question, full),
                    Voice(cosines, self._balance.dense, _first(dense)),
                ]
            )
            scores = self._weighed(query, rows, fused, generation.filters)
            order = np.lexsort((rows, -scores))[: max(limit, RERANKED) if self._reranker else limit]
            passages = generation.passages(rows[order].tolist())
        keyword_rank, question_rank, dense_rank = (_ranks(hits) for hits in (keyword, questions, dense))
        found = [
            ScoredPassage(
                passage,
                float(scores[place]),
                Scores(
                    keyword=keyword_rank.get(row),
                    dense=dense_rank.get(row),
                    question=question_rank.get(row),
                    cosine=float(cosines[place]),
                    bm25=float(by_words[row]),
                    asked=float(by_questions[row]) / full if full > 0 else None,
                ),
            )
            for passage, place, row in zip(passages, order.tolist(), rows[order].tolist(), strict=True)
        ]
        return reranked(self._reranker, query, found)[:limit] if self._reranker else found

    def _weighed(self, query: str, rows: Rows, fused: Vector, filters: Filters) -> Vector:
        """Return the scores by what the rows are, the region that the question names, and the company they keep."""
        scores = fused * _STANDINGS[filters.standings(rows)]
        if named := regions_asked(query, self._regions):
            weight = self._balance.region

            def near(regions: tuple[str, ...]) -> float:
                if not regions:
                    return 0.0
                return weight if any(self._regions.admits(one, regions) for one in named) else -weight

            scores += filters.nearness(rows, near)
        scores += self._balance.breadth * np.log(np.maximum(filters.extents(rows), BROAD) / BROAD, dtype=np.float32)
        return scores + self._balance.company * _company(scores, filters.works(rows))


def regions_asked(query: str, regions: Regions) -> tuple[str, ...]:
    """Return the ids of the regions that `query` asks about: those that it names and does not rule out."""
    return regions.mentioned(_DENIED.sub("", query))


def _company(scores: Vector, works: NDArray[np.int32]) -> Vector:
    """Return 0 to 1 by how much of the best candidates is of each one's act or document: what is asked is of few."""
    if not len(scores):
        return scores
    kinds, own = np.unique(works, return_inverse=True)
    best = np.argsort(-scores)[:COMPANY]
    share = np.bincount(own[best], scores[best] - scores[best].min(), len(kinds)).astype(np.float32)
    company: Vector = share[own] / max(float(share.max()), 1e-9)
    return company


def _first(hits: Hits) -> float:
    return float(hits.scores[0]) if len(hits.scores) else 0.0


def _ranks(hits: Hits) -> dict[int, int]:
    return {row: rank for rank, row in enumerate(hits.rows.tolist())}
