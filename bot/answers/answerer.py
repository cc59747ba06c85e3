"""Answers from the index alone: the sentences that answer, each proved by its source, or an honest no."""

import asyncio
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from bot.answers.answerable import Signals, is_asked, probability
from bot.answers.compose import choose, cite, compose, in_order
from bot.answers.extract import Window, lifted, windows
from bot.answers.followup import EARLIER, asks_how, leans, matters, may_lean, subjects, supposes
from bot.answers.model import Answer, AnswerStatus
from bot.answers.outside import is_outside
from bot.answers.own import NEAR, is_rule, led, nearness
from bot.answers.refusal import refusal
from bot.answers.scope import Scope, load_weights
from bot.answers.verify import stands
from knowledge.embedder import Embedder
from knowledge.generation import Generation
from knowledge.model import Citation, DocumentKind, Passage, ScoredPassage
from knowledge.regions import Regions
from knowledge.reranker import Reranker
from knowledge.searcher import Provider, Searcher, regions_asked
from knowledge.words import Codes, Weights

SEARCHED = 20  # passages that are looked for at least, so that what is shown of them changes no answer
CANDIDATES = 8  # passages that the answer may be drawn from
ANSWERABLE = 0.4  # below this probability the answer is no
OUTSIDE = 0.05  # the probability at most for what is beyond doubt no matter of work
NEW_FACT = 0.7  # what a turn that brings in a new fact says by itself, beside all turns together
COMMON = 0.6  # what it says that a passage is found for the last turn and for those before it, each by itself
DEEP = 60  # passages looked for by each
THERE = 0.6  # how much of the answer's probability is enough where the place that was named before answers a question
ALIKE = 0.15  # cosine, by the built-in encoder, from which a short question is of the matter of those before it
AKIN = 10  # passages found for each, of which one in common tells so too
DOUBTFUL = -1.0  # log odds (see `Scope.topic`) below which a place named before makes a question no union's
OFF_TOPIC = -2.0  # and below which a message, such as thanks, leans on no earlier question


class Answerer:
    """Turns a question into an answer, with no language model."""

    def __init__(
        self, generation: Provider, embedder: Embedder, regions: Regions, reranker: Reranker | None = None
    ) -> None:
        """`generation` lends the one that serves now, for one question, such as `LiveGeneration.use`."""
        self._generation = generation
        self._embedder = embedder
        self._regions = regions
        self._reranker = reranker
        self._scope = Scope(load_weights(), regions)

    def over(self, generation: Provider) -> "Answerer":
        """Return what answers in the same way from the generation that is lent there."""
        return Answerer(generation, self._embedder, self._regions, self._reranker)

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
        sure = bool(history) and leans(question)
        topic = self._scope.topic(question)
        earlier = history[-EARLIER:] if sure or topic > OFF_TOPIC else ()
        with self._generation() as generation:
            leaning = bool(earlier) and (
                sure or (may_lean(question) and self._akin(question, " ".join(earlier), generation))
            )
            turns = (*earlier, question) if leaning else (question,)
            draft = self._draft(turns, generation, region, as_of, limit)
            if earlier and topic > DOUBTFUL and not leaning and not draft.answers:
                with_turns = self._draft((*earlier, question), generation, region, as_of, limit)
                draft = with_turns if with_turns.answers and with_turns.concerns(question) else draft
            if not leaning and topic > DOUBTFUL and (there := self._there(question, earlier)):
                local = self._draft((there,), generation, region, as_of, limit)
                enough = draft.confidence * (1.0 if asks_how(question) else THERE)
                if local.answers and local.lead.regions and local.concerns(question) and local.confidence >= enough:
                    draft = local
        elapsed = (time.perf_counter() - started) * 1000
        if is_outside(question):
            draft = replace(draft, confidence=min(draft.confidence, OUTSIDE))
        if draft.answers:
            text = compose(draft.told, draft.found)
            return Answer(AnswerStatus.ANSWERED, text, draft.confidence, draft.citations, draft.found[:limit], elapsed)
        return Answer(AnswerStatus.REFUSED, refusal(question), draft.confidence, (), draft.found[:limit], elapsed)

    def _there(self, question: str, earlier: Sequence[str]) -> str | None:
        """Return the question with the region that was named last before it; None if it names a place itself."""
        for turn in (question, *reversed(earlier)):
            if places := self._regions.places(turn):
                return f"{places[-1]}{question}" if turn is not question else None
            if self._regions.elsewhere(turn):
                return None
        return None

    def _akin(self, question: str, earlier: str, generation: Generation) -> bool:
        """Tell whether a question is of the matter of what was asked earlier: alike, or answered by the same texts."""
        if float(self._embedder.embed_query(question) @ self._embedder.embed_query(earlier)) >= ALIKE:
            return True
        searcher = Searcher(lambda: nullcontext(generation), self._embedder, self._regions)
        matters = [
            {one.passage.source if one.passage.kind is DocumentKind.GUIDE else one.passage.id for one in found}
            for found in (searcher.search(asked, limit=AKIN) for asked in (question, earlier))
        ]
        return not matters[0].isdisjoint(matters[1])

    def _draft(
        self, turns: Sequence[str], generation: Generation, region: str | None, as_of: date | None, limit: int
    ) -> "_Draft":
        question = " ".join(turns)
        # 那随州呢 after a question about 十堰 asks about 随州 only.
        named = next((asked for turn in reversed(turns) if (asked := regions_asked(turn, self._regions))), ())
        elsewhere = () if named else self._regions.elsewhere(question)
        searcher = Searcher(lambda: nullcontext(generation), self._embedder, self._regions, reranker=self._reranker)
        search = partial(searcher.search, region=region, as_of=as_of, limit=max(limit, SEARCHED))
        found = tuple(search(question))
        if len(turns) > 1:
            found = _raised(found, _by_turns(turns, search))
        reading = partial(self._reading, question, named=named, elsewhere=elsewhere, rarity=generation.keyword.rarity)
        read = reading(found)
        rules = [
            one for one in found[:SEARCHED] if is_rule(one.passage) and self._concerns(one.passage, named, elsewhere)
        ]
        if (region or named) and rules and nearness(rules, found) >= NEAR:
            alone = reading(rules)
            if alone.windows and alone.confidence >= ANSWERABLE:
                read = reading(led(alone.found[alone.windows[0].rank], read.found)).led(alone.confidence)
        found, chosen = read.found, choose(read.windows, read.found)
        citations = {window.rank: cite(window, found[window.rank].passage) for window in reversed(chosen)}
        proved = {
            rank: citation
            for rank, citation in citations.items()
            if stands(citation, generation.document(citation.source, citation.record))
        }
        told = tuple(window for window in chosen if window.rank in proved)
        cited = tuple(proved[rank] for rank in dict.fromkeys(window.rank for window in in_order(told)))
        return _Draft(found, told, cited, read.confidence)

    def _reading(
        self,
        question: str,
        found: Sequence[ScoredPassage],
        *,
        named: Sequence[str],
        elsewhere: Sequence[str],
        rarity: Callable[[Codes], Weights],
    ) -> "_Reading":
        found, read = lifted(found, windows(question, found[:CANDIDATES], rarity))
        ranked = [window for window in read if self._concerns(found[window.rank].passage, named, elsewhere)]
        signals = Signals.of(question, found, ranked, self._scope, self._regions)
        return _Reading(found, ranked, probability(signals, is_asked(found, ranked)))

    def _concerns(self, passage: Passage, named: Sequence[str], elsewhere: Sequence[str]) -> bool:
        """Tell whether a passage may answer who asks about these regions, or about these places outside all regions."""
        if not passage.regions:
            return True
        if named:
            return any(self._regions.admits(region, passage.regions) for region in named)
        return set(elsewhere) <= set(self._regions.elsewhere(passage.text))


def _by_turns(turns: Sequence[str], search: Callable[..., Sequence[ScoredPassage]]) -> dict[str, float]:
    """Return by passage what a search for the last turn alone says of what is found for all turns together."""
    last = _scores(search(turns[-1], limit=DEEP))
    if supposes(turns[-1]):
        return {id: NEW_FACT * score for id, score in last.items()}
    before = _scores(search(" ".join(turns[:-1]), limit=DEEP))
    return {id: COMMON * math.sqrt(score * before[id]) for id, score in last.items() if id in before}


def _scores(found: Sequence[ScoredPassage]) -> dict[str, float]:
    return {one.passage.id: max(one.score, 0.0) for one in found}


def _raised(found: Sequence[ScoredPassage], more: Mapping[str, float]) -> tuple[ScoredPassage, ...]:
    added = [replace(one, score=one.score + more.get(one.passage.id, 0.0)) for one in found]
    return tuple(sorted(added, key=lambda one: -one.score))


@dataclass(frozen=True, slots=True)
class _Reading:
    """What the passages found say to a question."""

    found: tuple[ScoredPassage, ...]
    windows: list[Window]  # best first
    confidence: float

    def led(self, confidence: float) -> "_Reading":
        """Return it with the windows of the first passage, which answers with this probability alone, before others."""
        ordered = sorted(self.windows, key=lambda window: window.rank != 0)
        return _Reading(self.found, ordered, max(confidence, self.confidence))


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

    @property
    def lead(self) -> Passage:
        """Return the passage of the best window; there must be one."""
        return self.found[self.told[0].rank].passage

    def concerns(self, question: str) -> bool:
        """Tell whether the passage that leads speaks of what the question names, if it names anything."""
        lead = self.lead
        words = " ".join((lead.title, *lead.path, lead.text, *lead.questions))
        named = subjects(question) or matters(question)
        return not named or any(each in words for each in named)


class ConcurrentAnswerer:
    """Answers beside the event loop, a few questions at a time."""

    def __init__(self, answerer: Answerer, width: int = 4) -> None:
        self._answerer = answerer
        self._slots = asyncio.Semaphore(width)

    async def answer(
        self,
        question: str,
        *,
        region: str | None,
        history: Sequence[str],
        as_of: date | None = None,
        limit: int = SEARCHED,
    ) -> Answer:
        """Answer `question`, see `Answerer.answer`."""
        async with self._slots:
            return await asyncio.to_thread(
                self._answerer.answer, question, region=region, history=history, as_of=as_of, limit=limit
            )
