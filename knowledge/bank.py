"""The question bank: what workers ask, and which article or section answers it.

Law is written in legal words and asked about in others, so a passage is also found by its questions.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain
from pathlib import Path

from knowledge.errors import NiangjiaError
from knowledge.model import Passage, content_id

QUESTIONS = Path(__file__).parent / "questions"
FOLDERS = ("laws", "documents")  # what is found by; `validation` and `unanswerable` beside them are not

RESTS = 3  # articles of a guide's section, the most pertinent first, whose questions it answers too
_DOCUMENTS = "documents/"  # what the shipped documents' sources begin with


class BankError(NiangjiaError):
    """Say which line of the question bank is wrong."""


@dataclass(frozen=True, slots=True)
class Target:
    """What answers a question: an article or section of an act, or a section of a case or of one of our documents.

    A home's own questions name what answers by its source, see `of_place` and `of_text`.
    """

    name: str  # the act's short name, the case's title, or the document's id such as rights/wage-arrears
    place: str  # the article's number, or the section's heading


def place_of(passage: Passage) -> str:
    """Return the article that a passage is, or else the heading that it stands under, "" for none."""
    return passage.article or (passage.path[-1] if passage.path else "")


def of_place(passage: Passage) -> Target:
    """Return the target that all passages of the same place of a source have in common."""
    return Target(passage.source, place_of(passage))


def of_text(passage: Passage) -> Target:
    """Return the target that is this passage's words alone, wherever they move within their source."""
    return Target(passage.source, content_id(passage.text))


class Bank:
    """Gives passages the questions that they answer."""

    def __init__(self, questions: Iterable[tuple[Target, str]]) -> None:
        self._questions: dict[Target, list[str]] = {}
        for target, question in questions:
            self._questions.setdefault(target, []).append(question)
        self._names = {target.name for target in self._questions}

    def __len__(self) -> int:
        return sum(map(len, self._questions.values()))

    @property
    def digest(self) -> str:
        """Return an id of all questions: an index built with others is out of date."""
        return content_id(*(repr(entry) for entry in sorted(self._questions.items(), key=repr)))

    @property
    def targets(self) -> tuple[Target, ...]:
        """Return everything that questions point at."""
        return tuple(self._questions)

    def joined(self, questions: Iterable[tuple[Target, str]]) -> "Bank":
        """Return a bank of these questions too."""
        ours = ((target, question) for target, asked in self._questions.items() for question in asked)
        return Bank(chain(ours, questions))

    def attach(self, passages: Sequence[Passage]) -> list[Passage]:
        """Return the passages, each with the bank's questions after those that its document brought."""
        return [
            replace(passage, questions=(*passage.questions, *found)) if (found := self.of(passage)) else passage
            for passage in passages
        ]

    def of(self, passage: Passage) -> tuple[str, ...]:
        """Return the questions that the passage answers: its own, and those of the articles that it rests on most."""
        if passage.source.startswith(_DOCUMENTS):
            name = passage.source.removeprefix(_DOCUMENTS).removesuffix(".md")
        else:
            name = passage.law or passage.title
        own = self._questions.get(Target(name, place_of(passage)), ())
        rests = (self._questions.get(Target(s.law, s.article or ""), ()) for s in passage.statutes[:RESTS])
        targets = (of_place(passage), of_text(passage)) if passage.source in self._names else ()
        return tuple(chain(own, *(self._questions.get(target, ()) for target in targets), *rests))


@cache
def load_bank(folder: Path = QUESTIONS) -> Bank:
    """Read the bank; raise BankError at the first line that is wrong."""
    files = [file for name in FOLDERS for file in sorted((folder / name).glob("*.jsonl"))]
    return Bank(entry for file in files for entry in _entries(file))


def _entries(file: Path) -> Iterable[tuple[Target, str]]:
    for number, line in enumerate(file.read_text("utf8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            name = row["law"] if "law" in row else row["document"]
            place = row.get("article") or row["section"]
            yield Target(name, place), str(row["question"])
        except (ValueError, KeyError, TypeError) as error:
            raise BankError(
                f"{file.name}, line {number}: needs question, and law with article or document with section ({error})."
            ) from error
