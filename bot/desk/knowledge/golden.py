"""The home's own golden questions, in the file that each new index is asked before it serves."""

import json
import threading
from dataclasses import dataclass
from pathlib import Path

from knowledge.files import put
from knowledge.question_set import read_questions

FILE = "golden.jsonl"  # below the home


@dataclass(frozen=True, slots=True)
class GoldenQuestion:
    """A row of the file: what is asked, and what must answer it."""

    id: str
    question: str
    answers: str
    document: str  # title, "" where it is an article of law or nothing


class GoldenSet:
    """Reads and extends the file; rows that others wrote are left as they are."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def questions(self) -> list[GoldenQuestion]:
        """Return the questions; raise QuestionSetError where a row is wrong."""
        lines = self._lines()
        if not lines:
            return []
        return [
            GoldenQuestion(
                question.id,
                question.text,
                question.gold.label if question.gold else "",
                str(json.loads(line).get("document") or ""),
            )
            for line, question in zip(lines, read_questions(self._file), strict=True)
        ]

    def add(self, question: str, document: str, section: str) -> None:
        """Add a question that a section of a document must answer, or all of the document if `section` is empty."""
        row = {"id": None, "document": document, "question": question} | ({"section": section} if section else {})
        with self._lock:
            lines = self._lines()
            taken = {one.id for one in self.questions()}
            row["id"] = next(name for number in range(len(lines) + 1) if (name := f"desk-{number + 1}") not in taken)
            self._store([*lines, json.dumps(row, ensure_ascii=False)])

    def remove(self, question_id: str) -> None:
        """Take a question out again."""
        with self._lock:
            lines = self._lines()
            ids = [one.id for one in self.questions()]
            self._store([line for line, one in zip(lines, ids, strict=True) if one != question_id])

    def _lines(self) -> list[str]:
        try:
            return [line for line in self._file.read_text("utf-8-sig").splitlines() if line.strip()]
        except FileNotFoundError:
            return []

    def _store(self, lines: list[str]) -> None:
        put(self._file, "".join(f"{line}\n" for line in lines))
