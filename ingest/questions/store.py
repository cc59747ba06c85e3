"""Keep a home's own questions in `HOME/questions/questions.jsonl`, each with where it is from and what became of it."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path

import orjson
from filelock import FileLock
from pydantic import TypeAdapter, ValidationError

from knowledge.bank import Bank, Target, load_bank
from knowledge.errors import NiangjiaError
from knowledge.files import put


class QuestionsError(NiangjiaError):
    """Say what is wrong with a home's own questions."""


class Standing(StrEnum):
    """What became of a question."""

    WAITING = "waiting"  # for a person to look at it; not indexed
    APPROVED = "approved"
    DROPPED = "dropped"  # kept, so that it is not written again


@dataclass(frozen=True, slots=True)
class OwnQuestion:
    """A question and what answers it."""

    question: str
    source: str  # of the document, such as documents/canteen.md
    place: str  # see `Target`: an article, a heading, or the id of a passage's words
    section: str  # how a person knows the place
    excerpt: str  # the beginning of what answers, for who reviews it
    origin: str  # the spreadsheet's name, or the chat model's
    day: date
    standing: Standing

    @property
    def target(self) -> Target:
        """Return what answers, as the bank knows it."""
        return Target(self.source, self.place)

    @property
    def written(self) -> bool:
        """Tell whether a model wrote it: it then answers to the words of one passage rather than to a place."""
        return self.place != self.section


_ROW = TypeAdapter(OwnQuestion)


class OwnQuestions:
    """The questions of one home; a question's number is its line, which it keeps for good."""

    def __init__(self, home: Path) -> None:
        self.file = home / "questions" / "questions.jsonl"

    def all(self) -> list[OwnQuestion]:
        """Return all questions; raise QuestionsError at the first line that is wrong."""
        try:
            lines = self.file.read_text("utf8").splitlines()
        except FileNotFoundError:
            return []
        questions = []
        for number, line in enumerate(lines, 1):
            try:
                questions.append(_ROW.validate_json(line))
            except ValidationError as error:
                raise QuestionsError(f"{self.file}, line {number} is damaged: restore the file.") from error
        return questions

    def bank(self, ours: Bank | None = None) -> Bank:
        """Return `ours`, which is the shipped bank if None, and the home's approved questions with it."""
        ours = load_bank() if ours is None else ours
        approved = [one for one in self.all() if one.standing is Standing.APPROVED]
        return ours.joined((one.target, one.question) for one in approved) if approved else ours

    def add(self, questions: Iterable[OwnQuestion]) -> None:
        """Append questions."""
        with self._lock(), self.file.open("ab") as file:
            file.write(_lines(questions))

    def decide(self, numbers: Collection[int], standing: Standing) -> list[OwnQuestion]:
        """Give the questions with these numbers a standing, and return them; raise QuestionsError for one unknown."""
        with self._changing() as known:
            if unknown := [number for number in sorted(numbers) if not 1 <= number <= len(known)]:
                raise QuestionsError(f"There is no question {unknown[0]}; `niangjia questions list --all` shows all.")
            for number in numbers:
                known[number - 1] = replace(known[number - 1], standing=standing)
            return [known[number - 1] for number in sorted(numbers)]

    @contextmanager
    def _changing(self) -> Iterator[list[OwnQuestion]]:
        """Lend the questions for a change, and store them whole or not at all."""
        with self._lock():
            known = self.all()
            yield known
            put(self.file, _lines(known))

    def _lock(self) -> FileLock:
        """Return what lets one process write at a time."""
        self.file.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self.file.with_suffix(".lock"))


def _lines(questions: Iterable[OwnQuestion]) -> bytes:
    return b"".join(orjson.dumps(one) + b"\n" for one in questions)
