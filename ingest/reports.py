"""Plain text: reports, speeches and notices; page breaks mended, captions set apart, headings told from sentences.

What a line is shows in its shape alone: a headline is followed by its ——subtitle, a section's slogan is short,
unpunctuated and spaced, a caption stands alone between empty lines, and a sentence that a page break tore ends without
a stop.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto
from itertools import pairwise
from pathlib import PurePosixPath
from statistics import median

from ingest.draft import Draft
from ingest.mending import is_finished, is_torn, join, mend_quotations, opens_quotation
from ingest.statutes import dates_in, file_date
from knowledge.model import BlockKind, Document, DocumentKind
from knowledge.numerals import NUMERAL
from knowledge.regions import load_regions

_MARKED = re.compile(r"(#{1,6})\s+(.*)")
_NUMBERED = (re.compile(rf"{NUMERAL}、"), re.compile(rf"[（(]{NUMERAL}[）)]"), re.compile(r"\d{1,2}[.．、]\s*(?!\d)"))
_BRACKETED = re.compile(r"【[^】]{2,20}】")
_SLOGAN = re.compile(r"[^\s，。；：！？,;:!?]{2,20}(?:[ \u3000]+[^\s，。；：！？,;:!?]{2,24}){1,3}")
_BYLINE = re.compile(r"[□■○●]?\s*(?:本报|全媒体|特约|首席|实习)*(?:记者|通讯员|作者|文/|图/|撰文|摄影|供稿)")
_CAPTION_MARK = re.compile(r"[▲△▼▽◆◇■●★☆]|图[一二三四五六七八九十\d]*[：:为]|[（(]?(?:图片|摄影|资料图)")
_DATELINE = re.compile(r"[（(]?\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日[）)]?")
_SUBTITLE = re.compile(r"[—–-]{2,}\s*\S")
_NO_SLOGAN = re.compile(r"^“|[！？!?：:]|\d.*\d")  # speech, or a fact in figures
_STOPS = "。！？!?；;，,：:、"
# What such a title heads is laid down for everybody to go by; a report tells what was done once.
_RULE = re.compile(
    r"(?:通知|通告|公告|办法|细则|规定|规则|规程|制度|方案|标准|须知|指南|指引|流程|问答)(?:》|[（(].{1,20}[）)])*$"
)
_PULLED = (8, 90)  # characters of a pull quote, whose words stand in the text as well
_NUMBERED_LIMIT, _SHORT_HEADING, _CAPTION_LIMIT, _TITLE_LIMIT = 60, 16, 90, 60


class Role(Enum):
    """What a line is to its report."""

    TITLE = auto()
    HEADING = auto()
    CAPTION = auto()
    TEXT = auto()


@dataclass(slots=True)
class Line:
    """A line with words, and how much room was left above it."""

    words: str
    room: int  # empty lines above
    apart: bool = False  # more room above than is usual in this text
    role: Role = Role.TEXT
    level: int = 0  # of a heading, 1 is the highest


def read_report(text: str, source: str) -> Document:
    """Return a report, or by its title a guide: a block for each paragraph and caption, mended, under its headings."""
    lines = _lines(mend_quotations(text))
    title = _find_title(lines) or PurePosixPath(source).stem
    _find_roles(lines)
    draft = Draft()
    for line in _mended(lines):
        if line.role is Role.TITLE:
            draft.unlisted(line.words)
        elif line.role is Role.HEADING:
            draft.heading(line.words, line.level)
        else:
            draft.close()
            draft.add(
                line.words,
                BlockKind.CAPTION if line.role is Role.CAPTION else BlockKind.TEXT,
                under=run_in_heading(line.words) if line.role is Role.TEXT else None,
            )
    return draft.build(
        source,
        title,
        DocumentKind.GUIDE if _RULE.search(title) else DocumentKind.REPORT,
        issued=file_date(source) or _dateline(lines),
        regions=load_regions().of_document(title, source),
    )


def _lines(text: str) -> list[Line]:
    lines, room = [], 0
    for words in map(str.strip, text.split("\n")):
        if words:
            lines.append(Line(words, room))
            room = 0
        else:
            room += 1
    usual = median(line.room for line in lines) if lines else 0
    for line in lines:
        line.apart = line.room > max(1, usual)
    return lines


def _find_title(lines: Sequence[Line]) -> str | None:
    """Mark the headline and return it: the line above a ——subtitle together with it, else the first line."""
    for above, line in pairwise(lines):
        subtitle = line.words.lstrip("# ")
        if _SUBTITLE.match(subtitle) and len(subtitle) <= _TITLE_LIMIT and not is_finished(above.words):
            headline = above.words.lstrip("# ")
            if len(headline) <= _TITLE_LIMIT:
                above.words, line.words = headline, subtitle
                above.role = line.role = Role.TITLE
                return headline + subtitle
    first = next((line for line in lines[:3] if line.words.startswith("# ")), lines[0] if lines else None)
    if first and len(first.words) <= _TITLE_LIMIT and not first.words.endswith(tuple(_STOPS)) and len(lines) > 1:
        first.role, first.words = Role.TITLE, first.words.lstrip("# ")
        return first.words
    return None


def _find_roles(lines: Sequence[Line]) -> None:
    everything = "\n".join(line.words for line in lines)
    headline = next((at for at, line in enumerate(lines) if line.role is Role.TITLE), 0)
    for at, line in enumerate(lines):
        if line.role is Role.TITLE:
            continue
        after = lines[at + 1] if at + 1 < len(lines) else None
        before = lines[at - 1] if at else None
        pulled = _PULLED[0] <= len(line.words) <= _PULLED[1] and everything.count(line.words) > 1
        line.level = _marked_level(line.words)
        if not line.level and after is not None and not pulled and not _BYLINE.match(line.words):
            line.level = _bare_level(line, before, after)
        if line.level:
            line.role = Role.HEADING
            line.words = line.words.lstrip("# ")
        elif pulled or _is_caption(line) or (at < headline and len(line.words) <= _SHORT_HEADING):
            line.role = Role.CAPTION


def _marked_level(words: str) -> int:
    """Return the level of a heading that a mark or a number tells, 1 for the highest, and 0 for any other line."""
    if marked := _MARKED.match(words):
        return len(marked[1])
    if len(words) > _NUMBERED_LIMIT or words.endswith(tuple(_STOPS)):
        return 0
    for level, pattern in enumerate(_NUMBERED, start=2):
        if pattern.match(words):
            return level
    return 2 if _BRACKETED.fullmatch(words) else 0


def _bare_level(line: Line, before: Line | None, after: Line) -> int:
    """Return 2 for a spaced slogan, or a few words between a whole sentence and a paragraph, else 0."""
    if line.apart:
        return 0
    above = before.words if before is not None and before.role is Role.TEXT else ""
    if _SLOGAN.fullmatch(line.words):
        return 0 if opens_quotation(above) else 2
    few = len(line.words) <= _SHORT_HEADING and not any(stop in line.words for stop in _STOPS)
    leads = is_finished(after.words) and len(after.words) > _SHORT_HEADING
    return 2 if few and leads and not is_torn(above) else 0


def _is_caption(line: Line) -> bool:
    words = line.words
    if _CAPTION_MARK.match(words) or _DATELINE.fullmatch(words):
        return True
    if _BYLINE.match(words) and len(words) <= _TITLE_LIMIT:
        return True
    return line.apart and len(words) <= _CAPTION_LIMIT and not words.endswith(("：", ":", "，", ",", "、"))


def _mended(lines: Sequence[Line]) -> list[Line]:
    """Join the halves of torn sentences; a caption or a slogan between them goes behind the mended paragraph."""
    mended: list[Line] = []
    torn: Line | None = None
    aside: list[Line] = []
    for line in lines:
        if torn is not None and line.role is Role.TEXT:
            torn.words = join(torn.words, line.words)
        elif torn is not None and line.role is Role.CAPTION:
            aside.append(line)
            continue
        else:
            mended += aside
            aside = []
            mended.append(line)
            torn = line if line.role is Role.TEXT else None
        if torn is not None and not is_torn(torn.words):
            mended += aside
            torn, aside = None, []
    return mended + aside


def run_in_heading(words: str) -> str | None:
    """Return the slogan that a long paragraph opens with, without its stop: it says what all of it is about."""
    first, stop, rest = words.partition("。")
    slogan = 4 <= len(first) <= 40 and not _NO_SLOGAN.search(first) and first.count("“") == first.count("”")
    return first if stop and slogan and len(rest) > 100 else None


def _dateline(lines: Sequence[Line]) -> date | None:
    days = [day for line in lines[:8] if _DATELINE.fullmatch(line.words) for day in dates_in(line.words)]
    return days[0] if days else None
