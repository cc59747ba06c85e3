"""Answers from the index alone: the sentences that answer, each proved by its source, or an honest no."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date

from bot.answers.answerable import Signals, is_general, probability
from bot.answers.compose import choose, cite, compose
from bot.answers.extract import Window, windows
from bot.answers.followup import joined, leans
from bot.answers.model import Answer, AnswerStatus
from bot.answers.refusal import refusal
from bot.answers.scope import Scope, load_weights
from bot.answers.verify import stands
from knowledge.embedder import Embedder
from knowledge.generation import Generation
from knowledge.model import Citation, ScoredPassage
from knowledge.regions import Regions
from knowledge.searcher import Provider, Searcher

CANDIDATES = 8  # passages that the answer may be drawn from
ANSWERABLE = 0.5  # below this probability the answer is no


class Answerer:
    """Turns a question into an answer, with no language model."""

    def __init__(self, generation: Provider, embedder: Embedder, regions: Regions) -> None:
        """`generation` lends the one that serves now, for one question, such as `LiveGeneration.use`."""
        self._generation = generation
        self._embedder = embedder
        self._regions = regions
        self._scope = Scope(load_weights(), regions)

    def answer(
        self,
        question: str,
        *,
        region: str | None = None,
        history: Sequence[str] = (),
        as_of: date | None = None,
        limit: int = 20,
    ) -> Answer:
        """Return the answer to `question`; `history` holds the worker's earlier turns, oldest first."""
        started = time.perf_counter()
        with self._generation() as generation:
            leaning = bool(history) and leans(question)
            asked = joined(question, history) if leaning else question
            draft = self._draft(asked, generation, region, as_of, limit)
            if history and not leaning and not draft.answers:
                with_turns = self._draft(joined(question, history), generation, region, as_of, limit)
                draft = with_turns if with_turns.answers else draft
        elapsed = (time.perf_counter() - started) * 1000
        if draft.answers:
            text = compose(draft.told, draft.found)
            return Answer(AnswerStatus.ANSWERED, text, draft.confidence, draft.citations, draft.found, elapsed)
        return Answer(AnswerStatus.REFUSED, refusal(question), draft.confidence, (), draft.found, elapsed)

    def _draft(
        self, question: str, generation: Generation, region: str | None, as_of: date | None, limit: int
    ) -> "_Draft":
        searcher = Searcher(lambda: nullcontext(generation), self._embedder, self._regions)
        found = tuple(searcher.search(question, region=region, as_of=as_of, limit=limit))
        ranked = windows(question, found[:CANDIDATES], generation.keyword.rarity)
        signals = Signals.of(question, found, ranked, self._scope, self._regions)
        confidence = probability(signals, is_general(found, ranked))
        chosen = choose(ranked, found)
        citations = {window.rank: cite(window, found[window.rank].passage) for window in reversed(chosen)}
        proved = {
            rank: citation
            for rank, citation in citations.items()
            if stands(citation, generation.document(citation.source, citation.record))
        }
        told = tuple(window for window in chosen if window.rank in proved)
        cited = tuple(proved[rank] for rank in dict.fromkeys(window.rank for window in told))
        return _Draft(found, told, cited, confidence)


@dataclass(frozen=True, slots=True)
class _Draft:
    """What was found for one reading of a question."""

    found: tuple[ScoredPassage, ...]
    told: tuple[Window, ...]  # best first, each of a passage whose quote was proved
    citations: tuple[Citation, ...]
    confidence: float

    @property
    def answers(self) -> bool:
        return bool(self.told) and self.confidence >= ANSWERABLE


class ConcurrentAnswerer:
    """Answers beside the event loop, a few questions at a time."""

    def __init__(self, answerer: Answerer, width: int = 4) -> None:
        self._answerer = answerer
        self._slots = asyncio.Semaphore(width)

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        """Answer `question`, see `Answerer.answer`."""
        async with self._slots:
            return await asyncio.to_thread(self._answerer.answer, question, region=region, history=history)
