"""Put question sets to a generation and keep what came of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.answers.model import Answer, AnswerStatus
from bot.respondent import Respondent
from knowledge.errors import NiangjiaError
from knowledge.evaluation import Holdings, Outcome, depth, outcome
from knowledge.generation import Generation
from knowledge.model import Citation
from knowledge.question_set import Question, squeeze

RUN = "run.json"  # in the folder of a report
FACTS_WITHIN = 200  # characters of the answer in which the facts asked for must stand

Report = Callable[[int], None]  # told how many questions are done


class RunError(NiangjiaError):
    """Say why an earlier evaluation cannot be compared with."""


@dataclass(frozen=True, slots=True)
class Answered:
    """What was found for a question, and what was said."""

    search: Outcome
    status: AnswerStatus
    confidence: float
    cited: bool  # what answers is among the citations
    citations: tuple[str, ...]  # distinct articles and sources
    facts: bool | None  # all facts asked for stand in the beginning of the answer; None where a row names none
    answer: str

    @property
    def refused(self) -> bool:
        """Tell whether the index was said not to hold it, or a person was called instead."""
        return self.status in {AnswerStatus.REFUSED, AnswerStatus.HANDOFF}

    @property
    def answerable(self) -> bool:
        """Tell whether the index holds what answers."""
        return self.search.answerable and not self.search.absent

    @property
    def right(self) -> bool:
        """Tell whether a worker is served: what answers is cited, or what nothing answers is refused."""
        return (self.cited and not self.refused) if self.search.answerable else self.refused


@dataclass(frozen=True, slots=True)
class Run:
    """An evaluation of one generation."""

    generation: str
    model: str
    passages: int
    created: datetime  # UTC
    sets: Mapping[str, tuple[Answered, ...]]
    reranker: str | None = None  # the model that read the best passages again, if one did

    def save(self, folder: Path) -> None:
        """Write run.json into `folder`."""
        (folder / RUN).write_bytes(_RUN.dump_json(self))

    @classmethod
    def load(cls, path: Path) -> "Run":
        """Read a run.json, or that of a folder; raise RunError where there is none."""
        file = path / RUN if path.is_dir() else path
        try:
            return _RUN.validate_json(file.read_bytes())
        except (OSError, ValidationError) as error:
            raise RunError(f"{file} is no earlier evaluation: name a folder that `niangjia eval` wrote.") from error


_RUN = TypeAdapter(Run)


def evaluate(
    sets: Mapping[str, Sequence[Question]],
    generation: Generation,
    respondent: Respondent,
    report: Report,
    reranker: str | None = None,
) -> Run:
    """Ask every question of the sets, `respondent` answering from `generation`, with the reranker of that name."""
    manifest, holdings = generation.manifest, Holdings(generation)
    done = 0
    answered: dict[str, tuple[Answered, ...]] = {}
    for name, questions in sets.items():
        rows, limit = [], depth(questions)
        for question in questions:
            answer = respondent.answer(question.text, region=None, history=question.turns[:-1], as_of=None, limit=limit)
            absent = question.gold is not None and not holdings.where(question.gold)
            rows.append(_answered(question, answer, absent))
            done += 1
            report(done)
        answered[name] = tuple(rows)
    return Run(generation.id, manifest.model, manifest.passages, datetime.now(UTC), answered, reranker)


def _answered(question: Question, answer: Answer, absent: bool) -> Answered:
    gold, beginning = question.gold, squeeze(answer.text)[:FACTS_WITHIN]
    return Answered(
        search=outcome(question, answer.passages, answer.elapsed_ms, absent),
        status=answer.status,
        confidence=answer.confidence,
        cited=gold is not None and any(gold.within(citation) for citation in answer.citations),
        citations=tuple(dict.fromkeys(_basis(answer.citations))),
        facts=all(squeeze(fact) in beginning for fact in question.facts) if question.facts else None,
        answer=answer.text,
    )


def _basis(citations: Iterable[Citation]) -> Iterable[str]:
    """Yield the articles that citations rest on, or else their sources, so that citing everything shows."""
    for citation in citations:
        articles = [f"{one.law} {one.article}" for one in citation.statutes if one.article]
        if citation.article:
            articles.insert(0, f"{citation.law} {citation.article}")
        yield from articles or [citation.source]
