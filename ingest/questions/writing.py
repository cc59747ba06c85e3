"""Have a chat model write the questions that passages answer; a person approves them before they are indexed."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ingest.check.contacts import personal
from ingest.check.duplicates import near_duplicates
from ingest.questions.sheet import EXCERPT
from ingest.questions.store import OwnQuestion, OwnQuestions, QuestionsError, Standing
from knowledge.bank import of_text, place_of
from knowledge.errors import NiangjiaError
from knowledge.model import Passage

MOST = 5  # questions of one passage
SHORTEST_PASSAGE = 20  # characters, below which there is nothing to ask for

_LENGTH = range(4, 61)  # characters of a question
_LEANING = re.compile(r"材料|原文|本文|上文|上述|这段|该(条|文|段|项)|本条|前款")  # a worker has not seen the passage
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_AT_ONCE = 4  # passages that are asked about side by side
_COMPARED = 300  # questions of the same document, the last ones, that a new one must not repeat
_FAILURES = 3  # in a row, after which the service is taken to be out of reach


class Questioner(Protocol):
    """Writes questions."""

    name: str  # of the model

    async def ask(self, passage: Passage) -> list[str]:
        """Return what a worker would ask that the passage answers; raise NiangjiaError where nothing comes."""
        ...


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it."""

    passages: int  # that were asked about
    questions: int  # that wait for review
    failures: int  # passages of which nothing came


def unasked(passages: Iterable[Passage], own: Sequence[OwnQuestion]) -> list[Passage]:
    """Return the passages to ask about: of documents without questions but the model's, and not asked about before."""
    written = {one.question for one in own if one.written}
    passages = list(passages)
    questioned = {passage.source for passage in passages if set(passage.questions) - written}
    asked = {one.target for one in own}
    return [
        passage
        for passage in passages
        if passage.source not in questioned and of_text(passage) not in asked and len(passage.text) >= SHORTEST_PASSAGE
    ]


async def write_questions(
    questioner: Questioner,
    passages: Sequence[Passage],
    store: OwnQuestions,
    day: date,
    report: Callable[[int], None],
) -> Written:
    """Ask about the passages and keep what comes for review, a few at a time, so that a stop loses little.

    `report` is told how many passages are done. Raises QuestionsError once the service fails again and again.
    """
    done = kept = failures = in_a_row = 0
    known: dict[str, list[str]] = defaultdict(list)  # by source
    for one in store.all():
        known[one.source].append(one.question)
    for start in range(0, len(passages), _AT_ONCE):
        part = passages[start : start + _AT_ONCE]
        answers = await asyncio.gather(*map(questioner.ask, part), return_exceptions=True)
        new: list[OwnQuestion] = []
        for passage, answer in zip(part, answers, strict=True):
            if isinstance(answer, NiangjiaError):
                failures, in_a_row = failures + 1, in_a_row + 1
                continue
            if isinstance(answer, BaseException):
                raise answer
            in_a_row = 0
            of_source = known[passage.source]
            fresh = usable(answer, of_source[-_COMPARED:])
            of_source += fresh
            new += [_waiting(question, passage, questioner.name, day) for question in fresh]
        store.add(new)
        done, kept = done + len(part), kept + len(new)
        report(done)
        if in_a_row >= _FAILURES:
            raise QuestionsError(
                f"The chat model failed {in_a_row} times in a row; {kept} questions are kept. "
                "Look at LLM_BASE_URL, LLM_MODEL and LLM_API_KEY, and run `niangjia ingest --write-questions` again."
            )
    return Written(done, kept, failures)


def usable(questions: Iterable[str], known: Sequence[str]) -> list[str]:
    """Return those that a worker could ask, that name nobody, and that repeat neither `known` nor each other."""
    fit = [question for question in (" ".join(one.split()) for one in questions) if _fit(question)][:MOST]
    repeated = {place for place, _ in near_duplicates([*known, *fit])}
    return [question for place, question in enumerate(fit, len(known)) if place not in repeated]


def _fit(question: str) -> bool:
    return (
        len(question) in _LENGTH
        and len(_CHINESE.findall(question)) >= _LENGTH.start
        and not _LEANING.search(question)
        and not any(personal(question))
    )


def _waiting(question: str, passage: Passage, origin: str, day: date) -> OwnQuestion:
    target, excerpt = of_text(passage), passage.text[:EXCERPT]
    section = place_of(passage)
    return OwnQuestion(question, target.name, target.place, section, excerpt, origin, day, Standing.WAITING)
