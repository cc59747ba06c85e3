"""Hold a new generation against the serving one before it serves, by questions that both should answer."""

from collections.abc import Callable, Collection, Iterable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from ingest.pipeline import Verdict
from knowledge.embedder import Embedder
from knowledge.errors import NiangjiaError
from knowledge.evaluation import Holdings, luck
from knowledge.generation import Generation, Generations
from knowledge.model import content_id
from knowledge.organizations import load_organizations, regions_with
from knowledge.question_set import VALIDATION, Question, read_questions
from knowledge.review import Review
from knowledge.searcher import Searcher

GOLDEN = "golden.jsonl"  # a home's own golden set
SHIPPED = 150  # questions of the shipped validation sets that are asked besides
FIRST = 5  # passages among which an answer must be
FEWEST = 5  # lost questions below which chance may have lost them, see CHANCE
DROP = 0.03  # share of the questions that may be lost
CHANCE = 0.05  # a loss that chance alone brings as often as this proves nothing
_DEPTH = 50  # passages looked through for FIRST of the common sources where there are others
_NAMED = 10  # lost questions that a refusal names


Searching = Callable[[Generation], Searcher]


@dataclass(frozen=True, slots=True)
class GoldenJudge:
    """Refuses a generation that answers clearly worse from the sources that it shares with the serving one."""

    home: Path
    embedder: Embedder
    reviewing: bool = False  # all questions are asked of both, for somebody to read what is found before and after

    def _searcher(self, generation: Generation) -> Searcher:
        regions = regions_with(load_organizations(home=self.home))
        return Searcher(lambda: nullcontext(generation), self.embedder, regions)

    def __call__(self, new: Generation) -> Verdict:
        """Judge, and accept where there is nothing to compare with; raise QuestionSetError if a golden row is wrong."""
        own, shipped = self._questions()
        try:
            old = Generations(self.home).open(self.embedder)
        except NiangjiaError:  # none serves yet, or it is damaged, or of another model
            return Verdict(True)
        try:
            verdict, asked = _compare(old, new, own, shipped, self._searcher)
            if self.reviewing:
                asked = list(dict.fromkeys([*(question for question in own if question.gold), *asked]))
                verdict = replace(verdict, review=_review(old, new, asked, verdict.accepted, self._searcher))
            return verdict
        finally:
            old.close()

    def _questions(self) -> tuple[list[Question], list[Question]]:
        """Return the home's own questions, and the shipped ones in an order that mixes their subjects."""
        golden = self.home / GOLDEN
        shipped = [question for file in sorted(VALIDATION.glob("*.jsonl")) for question in read_questions(file)]
        return (
            read_questions(golden) if golden.exists() else [],
            sorted(shipped, key=lambda question: content_id(question.text)),
        )


def _compare(
    old: Generation, new: Generation, own: list[Question], shipped: list[Question], searching: Searching
) -> tuple[Verdict, list[Question]]:
    """Return the verdict, and the questions that it rests on."""
    common = set(old.sources()) & set(new.sources())
    asked = _fair([*own, *shipped], old, new, common)[: len(own) + SHIPPED]
    # The old generation is asked only as far as the new one's misses call for it.
    missed = _missed(asked, new, common, searching)
    if len(missed) < FEWEST:
        return Verdict(True), asked
    lost = missed - _missed(missed, old, common, searching)
    if len(lost) < FEWEST:
        return Verdict(True), asked
    won = len(_missed(set(asked) - missed, old, common, searching))
    if len(lost) - won <= DROP * len(asked) or luck(won, len(lost)) >= CHANCE:
        return Verdict(True), asked
    named = _named(asked, lost)
    more = f"; and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    refused = Verdict(
        False,
        f"of {len(asked)} golden questions it loses {len(lost)} that the index before answers "
        f"within {FIRST} passages, and wins {won}; lost: {'; '.join(named[:_NAMED])}{more}",
    )
    return refused, asked


def _review(old: Generation, new: Generation, asked: list[Question], accepted: bool, searching: Searching) -> Review:
    """Ask both generations everything, each from all that it has."""
    before = _missed(asked, old, set(old.sources()), searching)
    after = _missed(asked, new, set(new.sources()), searching)
    return Review(
        against=old.id,
        accepted=accepted,
        asked=len(asked),
        before=len(asked) - len(before),
        after=len(asked) - len(after),
        lost=tuple(_named(asked, after - before)),
        won=tuple(_named(asked, before - after)),
    )


def _named(asked: Iterable[Question], chosen: Collection[Question]) -> list[str]:
    return [f"{one.text} → {one.gold.label}" for one in asked if one in chosen and one.gold]


def _fair(questions: list[Question], old: Generation, new: Generation, common: set[str]) -> list[Question]:
    """Return the questions that both should answer: what a file that did not change answered it must not lose."""
    files = old.manifest.files, new.manifest.files
    changed = {source for source in common if files[0][source].hash != files[1][source].hash}
    before, after = Holdings(old, common), Holdings(new, changed)
    held = ((question, question.gold, before.where(question.gold)) for question in questions if question.gold)
    return [question for question, gold, sources in held if sources - changed or (sources and after.where(gold))]


def _missed(
    questions: Iterable[Question], generation: Generation, common: set[str], searching: Searching
) -> set[Question]:
    """Return the questions that the first passages of the common sources do not answer: new sources take no place."""
    searcher = searching(generation)
    limit = FIRST if common.issuperset(generation.sources()) else _DEPTH
    missed = set()
    for question in questions:
        found = searcher.search(" ".join(question.turns), limit=limit)
        first = islice((one.passage for one in found if one.passage.source in common), FIRST)
        if question.gold and not any(question.gold.within(passage) for passage in first):
            missed.add(question)
    return missed
