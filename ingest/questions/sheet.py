"""Read questions from a spreadsheet: each row names a section of a document or an article of an act, and a question."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath

from ingest.check.contacts import personal
from ingest.check.duplicates import plain_characters
from ingest.questions.store import OwnQuestion, QuestionsError, Standing
from knowledge.bank import of_place, place_of
from knowledge.model import Passage
from knowledge.numerals import to_chinese
from knowledge.spreadsheet import filled_rows

LONGEST = 120  # characters of a question
EXCERPT = 60  # characters of what answers that are shown to who reviews a question

_COLUMNS = {  # as they are called in the first row
    "document": "document",
    "文档": "document",
    "文件": "document",
    "law": "document",
    "法律": "document",
    "section": "section",
    "章节": "section",
    "小标题": "section",
    "article": "section",
    "条文": "section",
    "条": "section",
    "question": "question",
    "问题": "question",
}
_ARTICLE = re.compile(r"第?(\d+)条?")
_NAME = re.compile(r"[《》\s]|^中华人民共和国")
_SHOWN = 8  # places that an error names


@dataclass(frozen=True, slots=True)
class Sheet:
    """What a spreadsheet holds: the questions that can be used, and a sentence for each row that cannot."""

    questions: list[OwnQuestion]
    faults: list[str]


class Places:
    """Finds what a row names among the passages of an index."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._places: dict[str, dict[str, Passage]] = defaultdict(dict)  # source → its places, each by one passage
        self._sources: dict[str, set[str]] = defaultdict(set)  # what a document is called → sources
        for passage in passages:
            self._places[passage.source].setdefault(place_of(passage), passage)
            for name in _names(passage):
                self._sources[_plain(name)].add(passage.source)

    def find(self, document: str, section: str) -> Passage:
        """Return a passage of the place; raise ValueError where there is none, or more than one document."""
        sources = sorted(self._sources.get(_plain(document), ()))
        if not sources:
            raise ValueError(f"the index holds no document called {document}")
        article = _ARTICLE.fullmatch(section)
        wanted = f"第{to_chinese(int(article[1]))}条" if article and int(article[1]) else section
        # Without a section a document is meant that has none.
        holding = [one for one in sources if wanted in self._places[one] and (wanted or len(self._places[one]) == 1)]
        if len(holding) == 1:
            return self._places[holding[0]][wanted]
        if holding:
            raise ValueError(f"{document} may be {' or '.join(holding)}: write which")
        places = [place for source in sources for place in self._places[source] if place]
        told = "、".join(places[:_SHOWN]) + ("…" if len(places) > _SHOWN else "")
        missing = f"{document} has no {section}" if section else f"{document} has sections: name one"
        raise ValueError(f"{missing} ({told})" if told else missing)


def read_sheet(path: Path, passages: Iterable[Passage], known: Iterable[OwnQuestion], day: date) -> Sheet:
    """Read a .xlsx or .csv; what is known already is passed over in silence, so that a mended sheet can come again.

    Raises SpreadsheetError where it is none, and QuestionsError where a column is missing.
    """
    rows = filled_rows(path)
    _, head = next(rows, (1, ()))
    columns = [_COLUMNS.get(name.lower(), "") for name in head]
    if missing := {"document", "section", "question"} - set(columns):
        raise QuestionsError(
            f"{path.name} lacks a column for {' and '.join(sorted(missing))}: its first row names the columns "
            "document, section and question, or law, article and question."
        )
    places = Places(passages)
    there = {(one.target, plain_characters(one.question)) for one in known}
    sheet = Sheet([], [])
    for number, cells in rows:
        row = {name: cell for name, cell in zip(columns, cells, strict=False) if name and cell}
        try:
            one = _question(row, places, path.name, day)
        except ValueError as error:
            sheet.faults.append(f"Row {number}: {error}.")
            continue
        if (key := (one.target, plain_characters(one.question))) not in there:
            there.add(key)
            sheet.questions.append(one)
    return sheet


def _question(row: dict[str, str], places: Places, origin: str, day: date) -> OwnQuestion:
    if missing := [name for name in ("document", "question") if name not in row]:
        raise ValueError(f"the {' and the '.join(missing)} is empty")
    question = " ".join(row["question"].split())
    if len(question) > LONGEST:
        raise ValueError(f"the question has {len(question)} characters, {LONGEST} are enough")
    if fault := next(personal(question), None):
        raise ValueError(f"the question {fault}")
    passage = places.find(row["document"], row.get("section", ""))
    target = of_place(passage)
    excerpt = passage.text[:EXCERPT]
    return OwnQuestion(question, target.name, target.place, target.place, excerpt, origin, day, Standing.APPROVED)


def _names(passage: Passage) -> Iterator[str]:
    """Yield what a document may be called: its title, its act, its path or its file, with the ending or without."""
    path = PurePosixPath(passage.source)
    inner = path.relative_to(path.parts[0]) if len(path.parts) > 1 else path
    yield from filter(None, (passage.title, passage.law, path.name, path.stem))
    yield from (str(one) for whole in (path, inner) for one in (whole, whole.with_suffix("")))


def _plain(name: str) -> str:
    return _NAME.sub("", name.strip().removeprefix("《").removesuffix("》")).lower()
