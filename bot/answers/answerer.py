"""Answers from the index alone: the sentences that answer, each proved by its source, or an honest no."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date

from bot.answers.answerable import Signals, probability
from bot.answers.compose import choose, cite, compose
from bot.answers.extract import windows
from bot.answers.model import Answer, AnswerStatus
from bot.answers.refusal import refusal
from bot.answers.verify import stands
from knowledge.embedder import Embedder
from knowledge.regions import Regions
from knowledge.searcher import Provider, Searcher

CANDIDATES = 8  # passages that the answer may be drawn from
EARLIER = 2  # turns that a question is read together with
ANSWERABLE = 0.5  # below this probability the answer is no


class Answerer:
    """Turns a question into an answer, with no language model."""

    def __init__(self, generation: Provider, embedder: Embedder, regions: Regions) -> None:
        """`generation` lends the one that serves now, for one question, such as `LiveGeneration.use`."""
        self._generation = generation
        self._embedder = embedder
        self._regions = regions

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
        asked = " ".join((*history[-EARLIER:], question))
        with self._generation() as generation:
            searcher = Searcher(lambda: nullcontext(generation), self._embedder, self._regions)
            found = searcher.search(asked, region=region, as_of=as_of, limit=limit)
            ranked = windows(asked, found[:CANDIDATES], generation.keyword.rarity)
            confidence = probability(Signals.of(asked, found, ranked, self._regions))
            chosen = choose(ranked)
            cited = {window.rank: cite(window, found[window.rank].passage) for window in reversed(chosen)}
            proved = {
                rank: citation
                for rank, citation in cited.items()
                if stands(citation, generation.document(citation.source, citation.record))
            }
        told = [window for window in chosen if window.rank in proved]
        citations = tuple(proved[rank] for rank in dict.fromkeys(window.rank for window in told))
        if told and confidence >= ANSWERABLE:
            status, text = AnswerStatus.ANSWERED, compose(told, found)
        else:
            status, text, citations = AnswerStatus.REFUSED, refusal(question), ()
        return Answer(status, text, confidence, citations, tuple(found), (time.perf_counter() - started) * 1000)


class ConcurrentAnswerer:
    """Answers beside the event loop, a few questions at a time."""

    def __init__(self, answerer: Answerer, width: int = 4) -> None:
        self._answerer = answerer
        self._slots = asyncio.Semaphore(width)

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        """Answer `question`, see `Answerer.answer`."""
        async with self._slots:
            return await asyncio.to_thread(self._answerer.answer, question, region=region, history=history)
