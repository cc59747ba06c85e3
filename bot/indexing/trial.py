"""Answers a question from any generation, as a worker would be answered from it."""

import asyncio
from collections.abc import Callable
from datetime import date
from functools import partial

from bot.answers.model import Answer
from knowledge.live import LiveGeneration
from knowledge.searcher import Provider

SEARCHED = 20  # passages that are shown at most


class GenerationTrial:
    """Implements `Trial`."""

    def __init__(self, live: LiveGeneration, respond: Callable[[Provider], Callable[..., Answer]]) -> None:
        """`respond` returns what answers, as `Respondent.answer` does, from a generation that is lent to it."""
        self._live = live
        self._respond = respond

    async def ask(self, question: str, *, generation: str | None, region: str | None, as_of: date | None) -> Answer:
        """Answer as a worker would be answered, by the serving generation if None; raise GenerationError if damaged."""
        answer = self._respond(partial(self._live.lend, generation))
        return await asyncio.to_thread(answer, question, region=region, history=(), as_of=as_of, limit=SEARCHED)
