"""The question bank, line by line: its form, what it points at, and whether each place has enough questions."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingest.check.acts import Acts, Place, act_name
from ingest.check.contacts import personal
from ingest.check.duplicates import near_duplicates
from ingest.check.finding import Finding, Group
from ingest.check.guide import Guide
from knowledge.bank import FOLDERS, Target
from knowledge.model import Statute
from knowledge.numerals import NUMERAL

PER_SECTION = 3
PER_CORE_ARTICLE = 6
PER_ARTICLE = 3
CORE = frozenset(
    map(
        act_name,
        (
            "劳动法",
            "劳动合同法",
            "劳动合同法实施条例",
            "劳动争议调解仲裁法",
            "最高人民法院关于审理劳动争议案件适用法律问题的解释（一）",
            "工会法",
            "社会保险法",
            "工伤保险条例",
            "保障农民工工资支付条例",
            "劳动保障监察条例",
            "女职工劳动保护特别规定",
            "职工带薪年休假条例",
            "企业职工带薪年休假实施办法",
            "全国年节及纪念日放假办法",
            "国务院关于职工工作时间的规定",
        ),
    )
)

_LONGEST = 120  # characters of a question
_OURS = re.compile(
    r"劳动|职工|从业人员|工人|农民工|用人单位|用工|雇|工资|工会|保险|工伤|职业病|争议|仲裁|调解|失业|就业"
)
_ARTICLE = re.compile(rf"第{NUMERAL}条(?:之{NUMERAL})?")
_OF_ITSELF = re.compile(r"(?:为了?|根据).{2,250}制定本|.{0,40}自.{2,24}起(?:施行|实施)。?$", re.DOTALL)
_SHOWN = 12  # places named in one warning


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the bank; a question that must be refused has no targets."""

    file: str
    line: int
    question: str
    targets: tuple[Target, ...] = ()

    @property
    def learnt(self) -> bool:
        """Tell whether passages are found by it."""
        return bool(self.targets) and self.file.split("/")[-2] in FOLDERS


def read_bank(folder: Path) -> tuple[list[Row], list[Finding]]:
    """Return the rows of all files below `folder`, and what is wrong with the others."""
    rows: list[Row] = []
    findings: list[Finding] = []
    for path in sorted(folder.rglob("*.jsonl")):
        file = f"{folder.name}/{path.relative_to(folder).as_posix()}"
        for number, line in enumerate(path.read_text("utf8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                row = _row(json.loads(line), file, number)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                findings.append(Finding(Group.BANK, file, number, f"is no row as the format has it ({error!r})"))
                continue
            rows.append(row)
            findings += [Finding(Group.BANK, file, number, fault) for fault in _faults(row)]
    return rows, findings


def _row(data: dict[str, Any], file: str, line: int) -> Row:
    question = str(data["question"])
    if "reason" in data:
        if not data["kind"]:
            raise ValueError("kind is empty")
        return Row(file, line, question)
    if "quote" in data:
        return Row(file, line, question)
    targets = [_target(data), *(_target(entry) for entry in data.get("also", ()))]
    return Row(file, line, question, tuple(targets))


def _target(data: dict[str, Any]) -> Target:
    place = data.get("article") or data.get("section")
    return Target(str(data["law"] if "law" in data else data["document"]), str(place or ""))


def _faults(row: Row) -> Iterator[str]:
    if row.learnt and not all(target.place for target in row.targets):
        yield "points at no article and no section"
    if not row.question.strip():
        yield "the question is empty"
    if len(row.question) > _LONGEST:
        yield f"the question has {len(row.question)} characters, {_LONGEST} are enough"
    yield from (f"the question {fault}" for fault in personal(row.question))


def stray_targets(rows: Iterable[Row], guides: Sequence[Guide], acts: Acts) -> Iterator[Finding]:
    """Yield the questions that point at nothing; an article is looked for only where texts of acts are given."""
    sections = {guide.id: {section.heading for section in guide.sections} for guide in guides}
    for row in rows:
        for target in row.targets:
            if target.name in sections:
                known = target.place in sections[target.name]
                fault = None if known else f"{target.name} has no section {target.place}"
            elif "/" in target.name:
                fault = f"there is no document {target.name}"
            else:
                fault = acts.fault(Statute(target.name, target.place or None))
            if fault:
                yield Finding(Group.BANK, row.file, row.line, fault)


def repeated(rows: Sequence[Row], against: Sequence[Row] = ()) -> Iterator[Finding]:
    """Yield the questions that repeat another of the bank, or one of `against`, which may repeat each other."""
    both = [*against, *rows]
    for place, earlier in near_duplicates([row.question for row in both]):
        row, other = both[place], both[earlier]
        if place >= len(against):
            told = f"“{row.question}” repeats {other.file}:{other.line}"
            if earlier >= len(against):
                told += f" “{other.question}”"
            yield Finding(Group.DUPLICATES, row.file, row.line, told)


def too_few(rows: Iterable[Row], guides: Iterable[Guide], acts: Acts) -> Iterator[Finding]:
    """Yield a warning for each document and act of which places have too few questions, and which."""
    asked = Counter(Target(act_name(target.name), target.place) for row in rows if row.learnt for target in row.targets)
    for guide in guides:
        places = [section.heading for section in guide.sections]
        yield from _lacking(guide.id, guide.file, places, PER_SECTION, asked)
    for name in acts.names:
        needed = PER_CORE_ARTICLE if name in CORE else PER_ARTICLE
        places = [place.name for place in acts.places(name).values() if _speaks_of_work(place)]
        yield from _lacking(name, f"acts/{name}", places, needed, asked)


def _speaks_of_work(place: Place) -> bool:
    """Tell whether a worker could ask about an article: not about why the act was made, nor from when it holds."""
    words = place.text.removeprefix(place.name).strip()
    return bool(_ARTICLE.fullmatch(place.name) and _OURS.search(words) and not _OF_ITSELF.match(words))


def _lacking(name: str, file: str, places: Sequence[str], needed: int, asked: Counter[Target]) -> Iterator[Finding]:
    short = [(place, count) for place in places if (count := asked[Target(name, place)]) < needed]
    if short:
        told = "、".join(f"{place} ({count})" for place, count in short[:_SHOWN])
        more = f" and {len(short) - _SHOWN} more" if len(short) > _SHOWN else ""
        message = f"{len(short)} of {len(places)} places have fewer than {needed} questions: {told}{more}"
        yield Finding(Group.COVERAGE, file, 1, message, warning=True)
