"""The page that asks a question of any generation and shows why each passage came."""

import asyncio
import json
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from bot.answers.answerer import ANSWERABLE
from bot.answers.model import Answer
from bot.desk.knowledge import words
from bot.desk.knowledge.scope import Scope, scope_of
from bot.desk.knowledge.workshop import Keeper, Workshop
from bot.desk.rooms import Rooms
from knowledge.generation import GenerationError
from knowledge.model import ScoredPassage

LONGEST = 500  # characters of a question
LISTED = 10  # passages


@dataclass(frozen=True, slots=True)
class Why:
    """A passage and why it came; ranks begin with 1."""

    title: str
    place: str
    text: str
    source: str
    record: str  # as JSON, and so are the headings
    path: str
    article: str
    regions: tuple[str, ...]
    start: int
    end: int
    validity: str
    quotes: tuple[str, ...]  # what the answer takes from it
    ranks: tuple[tuple[str, int], ...]
    score: int  # percent of the best passage's
    mine: bool  # whether who asks may fix it as an answer


def trying(rooms: Rooms, shop: Workshop) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/knowledge/try")

    @router.get("")
    async def ask(
        visit: Keeper,
        q: Annotated[str, Query(max_length=LONGEST)] = "",
        region: Annotated[str, Query(max_length=40)] = "",
        generation: Annotated[str, Query(max_length=40)] = "",
        day: Annotated[str, Query(max_length=10)] = "",
        gap: Annotated[int | None, Query(ge=1)] = None,
    ) -> Response:
        manifests = await shop.catalogue.manifests()
        if generation and generation not in {manifest.id for manifest in manifests}:
            raise words.no_generation()
        question, regions = " ".join(q.split()) or await shop.question(gap), rooms.organizations.known.active
        answer: Answer | None = None
        scope = scope_of(visit.staff, rooms.organizations)
        if question:
            try:
                answer = await shop.trial.ask(
                    question,
                    generation=generation or None,
                    region=region if region in regions else None,
                    as_of=_day(day),
                )
            except GenerationError as error:
                raise words.broken_generation() from error
        return rooms.page.show(
            "knowledge/try.html",
            visit,
            question=question,
            region=region,
            chosen=generation,
            day=day,
            manifests=manifests,
            current=shop.catalogue.current(),
            waiting=shop.catalogue.waiting(),
            regions=regions,
            answer=answer,
            pinned=await asyncio.to_thread(shop.pins.of, question),
            may_pin=not generation or generation == shop.catalogue.current(),
            status=words.STATUSES.get(answer.status, "") if answer else "",
            chance=round(100 * answer.confidence) if answer else 0,
            least=round(100 * ANSWERABLE),
            passages=[_why(found, answer, scope) for found in answer.passages[:LISTED]] if answer else [],
        )

    return router


def _why(found: ScoredPassage, answer: Answer, scope: Scope) -> Why:
    passage, scores = found.passage, found.scores
    ranks = (
        (words.BY_WORDS, scores.keyword),
        (words.BY_MEANING, scores.dense),
        (words.BY_QUESTIONS, scores.question),
        (words.BY_RERANK, scores.rerank),
    )
    best = answer.passages[0].score or 1.0
    return Why(
        title=passage.title,
        place=" › ".join((*passage.path, *((passage.article,) if passage.article else ()))),
        text=passage.text,
        source=passage.source,
        record=json.dumps(passage.record),
        path=json.dumps(passage.path),
        article=passage.article or "",
        regions=passage.regions,
        start=passage.start,
        end=passage.end,
        validity=words.validity(passage.validity),
        quotes=tuple(
            citation.quote
            for citation in answer.citations
            if (citation.source, citation.record) == (passage.source, passage.record)
            and passage.start <= citation.start < passage.end
        ),
        ranks=tuple((name, rank + 1) for name, rank in ranks if rank is not None),
        score=max(0, round(100 * found.score / best)),
        mine=scope.holds(passage.regions),
    )


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None
