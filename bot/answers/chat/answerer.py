"""Answers with a chat model where it proves what it says, and without it in every other case."""

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from itertools import groupby

import structlog

from bot import texts
from bot.answers.answerer import SEARCHED, ConcurrentAnswerer
from bot.answers.chat.composer import compose, rewrite
from bot.answers.chat.ports import ChatError, Completing
from bot.answers.chat.proof import Proved
from bot.answers.compose import cite
from bot.answers.extract import Window
from bot.answers.model import Answer, AnswerStatus
from bot.answers.refusal import refusal
from bot.answers.verify import stands
from bot.redaction import redact
from knowledge.model import Citation, Passage
from knowledge.searcher import Provider

log = structlog.get_logger(__name__)

WHOLE = 12.0  # seconds for all that the model does for one answer
GIVEN = 6  # passages that it is given at most
_CANDIDATES = 8  # passages that these are taken from


class ChatAnswerer:
    """Asks the extractive answerer first: what it refuses is refused, what it answers the model may word."""

    def __init__(
        self, answerer: ConcurrentAnswerer, model: Completing, generation: Provider, whole: float = WHOLE
    ) -> None:
        """`generation` lends the index that serves, which holds the documents that are quoted."""
        self._answerer = answerer
        self._model = model
        self._generation = generation
        self._whole = whole

    async def answer(
        self,
        question: str,
        *,
        region: str | None,
        history: Sequence[str],
        as_of: date | None = None,
        limit: int = SEARCHED,
    ) -> Answer:
        """Answer `question`, see `Answerer.answer`; whatever the model does, an answer comes."""
        started = time.perf_counter()
        until = asyncio.get_running_loop().time() + self._whole
        alone, reachable = await self._alone(question, history, until) if history else (None, True)
        turns = (alone,) if alone else (*history, question)
        found = await self._answerer.answer(
            turns[-1], region=region, history=turns[:-1], as_of=as_of, limit=max(limit, SEARCHED)
        )
        if reachable and found.status is AnswerStatus.ANSWERED:
            found = await self._worded(found, turns, until) or found
        elapsed = (time.perf_counter() - started) * 1000
        return replace(found, passages=found.passages[:limit], elapsed_ms=elapsed)

    async def _alone(self, question: str, history: Sequence[str], until: float) -> tuple[str | None, bool]:
        """Return the question as it stands alone, if the model told it, and whether the model can be reached."""
        asked = redact(question)
        try:
            async with asyncio.timeout_at(until):
                alone = await rewrite(self._model, asked, [redact(turn) for turn in history])
        except (ChatError, TimeoutError):
            return None, False
        return question if alone == asked else alone, True

    async def _worded(self, found: Answer, turns: Sequence[str], until: float) -> Answer | None:
        """Return the answer in the model's words, proved; a refusal where it finds none; None where it fails."""
        passages = _given(found)
        *earlier, question = map(redact, turns)
        try:
            async with asyncio.timeout_at(until):
                claims = await compose(self._model, question, earlier, passages)
        except (ChatError, TimeoutError) as error:
            log.info("chat.not_used", reason=str(error) or "no time is left")
            return None
        if not claims:
            return replace(found, status=AnswerStatus.REFUSED, text=refusal(question), citations=())
        ranks = list(dict.fromkeys(claim.passage for claim in claims))
        citations = tuple(_cited(rank, claims, passages[rank]) for rank in ranks)
        if not self._stand(citations):
            return None
        paragraphs = [
            ("".join(_sentence(claim.text) for claim in run), ranks.index(rank) + 1)
            for rank, run in groupby(claims, key=lambda claim: claim.passage)
        ]
        return replace(found, text=texts.composed(paragraphs), citations=citations)

    def _stand(self, citations: Iterable[Citation]) -> bool:
        with self._generation() as generation:
            return all(stands(one, generation.document(one.source, one.record)) for one in citations)


def _given(found: Answer) -> list[Passage]:
    """Return what the model may draw from: what the extractive answer cites, then what was found besides.

    What holds in another place than the cited passages is kept from it.
    """
    passages = [one.passage for one in found.passages]
    cited = [passage for passage in passages if any(_holds(passage, citation) for citation in found.citations)]
    places = {region for passage in cited for region in passage.regions}
    others = (one for one in passages[:_CANDIDATES] if one not in cited and places.issuperset(one.regions))
    return [*cited, *others][:GIVEN]


def _holds(passage: Passage, citation: Citation) -> bool:
    same = (passage.source, passage.record) == (citation.source, citation.record)
    return same and passage.start <= citation.start and citation.end <= passage.end


def _cited(rank: int, claims: Sequence[Proved], passage: Passage) -> Citation:
    """Return one citation for all that the claims quote of a passage."""
    quoted = [claim for claim in claims if claim.passage == rank]
    start, end = min(one.start for one in quoted), max(one.end for one in quoted)
    span = passage.start + start, passage.start + end
    return cite(Window(rank, *span, passage.text[start:end], score=1, covered=1), passage)


def _sentence(text: str) -> str:
    return text if text.endswith(("。", "！", "？", "；")) else f"{text}。"
