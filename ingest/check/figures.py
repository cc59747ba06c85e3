"""Whether a figure that is marked as a report's, such as （荆州市，2023 年报告）, stands in that report."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from decimal import Decimal

from knowledge.model import Document
from knowledge.regions import load_regions
from knowledge.sentences import sentences

_MARK = re.compile(r"（(?P<who>[^（），]{2,8})，[^（）]*?(?:报告|综述)[^（）]*）")
_ORDINAL = re.compile(r"\s*\d+[.、]\s*")
_NUMBER = re.compile(r"(\d[\d,]*(?:\.\d+)?)[余多几]*([万亿]?)")
_SCALE = {"": 1, "万": 10_000, "亿": 100_000_000}


class Figures:
    """Knows the numbers of each union's report."""

    def __init__(self, reports: Iterable[Document]) -> None:
        self._numbers: dict[str, set[Decimal]] = {}
        for report in reports:
            for region in report.regions:
                self._numbers.setdefault(region, set()).update(number for _, number in numbers(report.text))

    def __bool__(self) -> bool:
        return bool(self._numbers)

    def faults(self, line: str) -> Iterator[str]:
        """Yield the marked figures of the line that the marked report does not hold."""
        for start, end in sentences(line):
            begin = start
            for mark in _MARK.finditer(line, start, end):
                yield from self._missing(line[begin : mark.start()], mark)
                begin = mark.end()

    def _missing(self, words: str, mark: re.Match[str]) -> Iterator[str]:
        regions = load_regions().mentioned(mark["who"])
        known = self._numbers.get(regions[0]) if regions else None
        if known is None:
            yield f"is marked {mark[0]}, but there is no report of {mark['who']}"
            return
        for written, number in numbers(_ORDINAL.sub("", words, count=1) if _ORDINAL.match(words) else words):
            if number not in known:
                yield f"{written} is marked {mark[0]}, but does not stand in that report"


def numbers(text: str) -> Iterator[tuple[str, Decimal]]:
    """Yield the numbers of a text as they are written and by their value, so that 4.7 万 and 47000 are one."""
    for match in _NUMBER.finditer(re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))):
        yield match[0], Decimal(match[1].replace(",", "")) * _SCALE[match[2]]
