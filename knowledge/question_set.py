"""Read question sets: what is asked, and which text answers it, in any of the forms that such sets are written in.

A set is a JSONL file. A row has `question`, or `turns` of which the last is asked, and one of

- `gold` (and `gold_alt`): a list of {law, article} or {document, section};
- `law` and `article`, or `document` and `section`, as in the question bank (and `also`, a list of the same);
- `gold_file` and `gold_quote`, or `source` and `quote`: a file and words that stand in it;
- `gold`: a list of ids of records;
- `reason`: why nothing may answer it.

`id` names the row (its line otherwise), `topic`, `kind` or `type` its group, `answer_facts` what the answer must say.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from pathlib import Path
from typing import Any

from knowledge.bank import QUESTIONS
from knowledge.errors import NiangjiaError
from knowledge.model import Citation, Passage, Statute

VALIDATION = QUESTIONS / "validation"  # the sets that are shipped
PASSAGE_CHARS = 800  # a longer text is no find
PASSAGE_ARTICLES = 7  # nor one that names more articles than this, its own counted in
QUOTE_SHARE = 0.6  # of a quote, in one run, that a text must hold

_DOCUMENTS = "documents/"  # what the shipped documents' sources begin with
_TITLE = re.compile(r"[《》]|中华人民共和国|\(\d{4}.*?\)")

Evidence = Passage | Citation


class QuestionSetError(NiangjiaError):
    """Say which line of a question set is wrong."""


@dataclass(frozen=True, slots=True)
class Places:
    """Articles of acts and sections of documents, any of which answers."""

    places: frozenset[tuple[str, str]]  # act, title or document, and its article or section, "" for all of it
    label: str

    def within(self, evidence: Evidence) -> bool:
        """Tell whether a passage or citation is one of the places, or rests on one."""
        articles = [
            place for place in (Statute(evidence.law or "", evidence.article), *evidence.statutes) if place.article
        ]
        short = len(squeeze(_text(evidence))) <= PASSAGE_CHARS
        return short and len(articles) <= PASSAGE_ARTICLES and not self.places.isdisjoint(places_of(evidence))


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of one file."""

    file: str  # as `squeeze` writes it
    words: str
    label: str

    def within(self, evidence: Evidence) -> bool:
        """Tell whether a passage or citation holds most of the words."""
        text = squeeze(_text(evidence))
        return squeeze(evidence.source).endswith(self.file) and len(text) <= PASSAGE_CHARS and self.stands_in(text)

    def stands_in(self, text: str) -> bool:
        """Tell whether a squeezed text of any length holds most of the words in one run."""
        run = ceil(QUOTE_SHARE * len(self.words))
        return any(self.words[start : start + run] in text for start in range(len(self.words) - run + 1))


@dataclass(frozen=True, slots=True)
class Records:
    """Records by id, all of them wanted."""

    ids: frozenset[int | str]
    label: str

    def within(self, evidence: Evidence) -> bool:
        """Tell whether a passage or citation is of one of the records."""
        return evidence.record in self.ids


Gold = Places | Quote | Records


@dataclass(frozen=True, slots=True)
class Question:
    """One row of a set."""

    id: str
    turns: tuple[str, ...]  # the user's, oldest first; the last is the question
    gold: Gold | None  # None where nothing may answer
    group: str = ""
    facts: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return what is asked."""
        return self.turns[-1]


def read_questions(file: Path) -> list[Question]:
    """Read a set; raise QuestionSetError with file, line and reason at the first row that is wrong."""
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise QuestionSetError(f"{file} cannot be read: {error}") from error
    questions: dict[str, Question] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            question = _question(json.loads(line), number)
            if question.id in questions:
                raise ValueError(f"the id {question.id} is there twice")
        except ValueError as error:
            raise QuestionSetError(f"{file}, line {number}: {error}.") from error
        questions[question.id] = question
    if not questions:
        raise QuestionSetError(f"{file} holds no question.")
    return list(questions.values())


def places_of(evidence: Evidence) -> Iterator[tuple[str, str]]:
    """Yield every place that a passage or citation is known by: its own, what that is in, and what it rests on."""
    own = squeeze(evidence.article or (evidence.path[-1] if evidence.path else ""))
    file = evidence.source.removeprefix(_DOCUMENTS).rsplit(".", 1)[0]
    for name in filter(None, (evidence.law, evidence.title, file)):
        yield _name(name), own
        yield _name(name), ""
    for statute in evidence.statutes:
        yield _name(statute.law), squeeze(statute.article or "")
        yield _name(statute.law), ""


def squeeze(text: str) -> str:
    """Return the text without white space, full-width forms as half-width ones."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@lru_cache(maxsize=4096)  # the same act, passage by passage
def _name(name: str) -> str:
    return _TITLE.sub("", squeeze(name))


def _text(evidence: Evidence) -> str:
    return evidence.text if isinstance(evidence, Passage) else evidence.quote


def _question(row: Any, number: int) -> Question:
    if not isinstance(row, dict):
        raise ValueError("a row is a JSON object")
    group = next((row[name] for name in ("topic", "kind", "type") if isinstance(row.get(name), str)), "")
    if not group and "labour" in row:
        group = "labour" if row["labour"] else "other"
    return Question(
        id=str(row.get("id", number)),
        turns=_turns(row),
        gold=_gold(row),
        group=group,
        facts=tuple(_words(fact, "answer_facts") for fact in _list(row, "answer_facts")),
    )


def _turns(row: Mapping[str, Any]) -> tuple[str, ...]:
    if "turns" not in row:
        return (_words(row.get("question"), "question"),)
    turns = _list(row, "turns")
    said = [turn.get("content") for turn in turns if isinstance(turn, dict) and turn.get("role", "user") == "user"]
    if not said:
        raise ValueError("turns needs at least one {content} of the user")
    return tuple(_words(words, "content") for words in said)


def _gold(row: Mapping[str, Any]) -> Gold | None:
    if "gold_quote" in row or "quote" in row:
        quote = _words(row.get("gold_quote", row.get("quote")), "the quote")
        file = _words(row.get("gold_file", row.get("source")), "the file of the quote")
        return Quote(squeeze(file), squeeze(quote), f"{file}: {quote}")
    if "law" in row or "document" in row:
        return _places([row, *_list(row, "also")])
    gold = _list(row, "gold")
    if gold and all(isinstance(item, int | str) for item in gold):
        return Records(frozenset(gold), ", ".join(map(str, gold)))
    if gold:
        return _places([*gold, *_list(row, "gold_alt")])
    if "reason" in row:
        return None
    raise ValueError("a row needs what answers it (gold, law, document or quote), or the reason why nothing does")


def _places(items: Sequence[Any]) -> Places:
    pairs = []
    for item in items:
        if not isinstance(item, dict):
            raise ValueError("what answers is an object with law and article, or document and section")
        name = _words(item.get("law") or item.get("document"), "law or document")
        place = item.get("article") or item.get("section") or ""  # without one: anywhere in it
        if not isinstance(place, str):
            raise ValueError("article or section is text, such as 第五条")
        pairs.append((name, place))
    return Places(
        frozenset((_name(name), squeeze(place)) for name, place in pairs),
        " or ".join(f"{name} {place}".strip() for name, place in pairs),
    )


def _list(row: Mapping[str, Any], name: str) -> list[Any]:
    value = row.get(name) or []
    if not isinstance(value, list):
        raise ValueError(f"{name} is a list")
    return value


def _words(value: Any, name: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{name} is missing or empty")
    return value
