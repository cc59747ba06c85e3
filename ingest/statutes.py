"""The shape of Chinese law: 编 章 节 above the articles, 款 and 项 within them, appendices behind.

A text is taken for a statute by this shape alone, whatever the format that it came in.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from itertools import pairwise
from pathlib import PurePosixPath

from ingest.draft import Draft
from ingest.mending import is_finished, mend_quotations
from knowledge.model import BlockKind, Document, DocumentKind, Validity
from knowledge.numerals import NUMERAL, to_chinese, to_int
from knowledge.regions import load_regions

INFO_END = "<!-- INFO END -->"  # where the collection LawRefBook/Laws ends a text's head

ITEM = re.compile(rf"[（(]{NUMERAL}[）)]|\d{{1,2}}[.．、]|[①-⑳]")  # 项 and 目 at the start of a line
_LEVELS = {"编": 1, "分编": 2, "章": 3, "节": 4}
_HEADING = re.compile(rf"(第{NUMERAL}(分编|编|章|节))(?=\s|[\u4e00-\u9fff])\s*(.{{0,40}})")
_ARTICLE = re.compile(rf"(第({NUMERAL})条(?:之({NUMERAL}))?)(?:(?P<apart>[\s:：]|[【〔\[]|$)|(?P<next>.))")
_REFERENCE = re.compile(
    r"[的、和及与至到或中所第款项规之内前，。；）)]|规定"
)  # what follows a number that only refers to an article
_APPENDIX = re.compile(rf"(附录|附件|附表|附)\s*(?:{NUMERAL}|\d{{1,2}})?(?:\s*[:：]\s*|\s+|$)(.{{0,60}})")
_SECTION = re.compile(rf"({NUMERAL})、(.*)")
_DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_FILE_DATE = re.compile(r"[（(](\d{4})[-.](\d{1,2})[-.](\d{1,2})[）)]\s*$")
_ENACTED = re.compile("通过|公布|发布|修正|修订|批准|印发")
_IN_FORCE = re.compile(
    r"自\s*(?:(\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日)|(?:公布|发布|印发)之日)\s*起\s*(?:施行|实施|执行|生效)"
)
_DOCUMENT_NUMBER = re.compile(r"[\u4e00-\u9fff]{1,12}\s*[〔\[［【]\s*\d{4}\s*[〕\]］】]\s*第?\s*\d+\s*号")
_HEAD_LINE = re.compile(r"[（(]?\s*\d{4}\s*年|[（(].*(?:通过|公布|发布|修正|修订).*[）)]?$|.{0,40}第?\s*\d+\s*号$")
_REVISED = re.compile("修正|修订")
_SAME_REVISION = timedelta(days=60)  # passed and published weeks apart is one revision
_CONTENTS = re.compile(r"目\s*[录次]")
_CASE_HEADINGS = frozenset(
    ["基本案情", "案情简介", "裁判结果", "处理结果", "案例分析", "典型意义", "裁判要旨", "裁判理由", "申请人请求"]
)


def looks_like_statute(lines: Sequence[str]) -> bool:
    """Tell by the articles whether this is a statute: from 第一条 on, three or more, mostly one after the other.

    A document number on a line of its own near the top, such as 劳社部发〔2008〕3号, makes it an authority's notice.
    """
    words = [stripped for line in lines if (stripped := line.strip().lstrip("# "))]
    if INFO_END in words or any(_DOCUMENT_NUMBER.fullmatch(line) for line in words[:8]):
        return True
    matches = [match for line in words if (match := _ARTICLE.match(line)) and not _REFERENCE.match(match["next"] or "")]
    numbers = [to_int(match[2]) for match in matches]
    steps = sum(1 for before, after in pairwise(numbers) if after in (before, before + 1))
    set_apart = all(match["apart"] is not None for match in matches)  # as print does, and OCR loses
    return len(numbers) >= 3 and 1 in numbers[:2] and steps >= (0.7 if set_apart else 1) * (len(numbers) - 1)


def read_statute(text: str, source: str) -> Document:
    """Return an act, an interpretation, a notice or a decided case: one block for each article or section."""
    parser = _Parser(mend_quotations(text).split("\n"))
    parser.run()
    return parser.document(source)


class _Parser:
    """Goes through the lines once; what a line is depends on where it stands."""

    def __init__(self, lines: Iterable[str]) -> None:
        self.lines = [line.strip() for line in lines]
        self.draft = Draft()
        self.title = ""
        self.dates: list[date] = []  # of enactment and revision, from the head
        self.revised = False
        self.in_head = True
        self.in_appendix = False
        self.appendix_untitled = False
        self.article: str | None = None
        self.articles: list[tuple[int, int]] = []  # number and 之-number
        self.line_above = "。"
        self.tail = ""  # the last article's words, where it says from when it holds

    def run(self) -> None:
        rest = self._take_title()
        marked = INFO_END in rest
        for line in rest:
            if line == INFO_END:
                self.in_head = False
                self.draft.close()
            elif line and not _CONTENTS.fullmatch(line.lstrip("# ")):
                self._take(line, marked)

    def _take_title(self) -> list[str]:
        """Take the first heading, or the first lines up to one that is no title's, and return what follows."""
        lines = self.lines
        first = next((at for at, line in enumerate(lines) if line), len(lines))
        last = first
        if first < len(lines) and not lines[first].startswith("#"):
            while last + 1 < len(lines) and self._continues_title(lines[first : last + 1], lines[last + 1]):
                last += 1
        words = [line.lstrip("# ").strip() for line in lines[first : last + 1]]
        self.title = "".join(words)
        for line in words:
            self.draft.unlisted(line)
        return lines[last + 1 :]

    @staticmethod
    def _continues_title(title: list[str], line: str) -> bool:
        """Tell whether a title set over two lines goes on: 最高人民法院 alone names no text, nor does 关于……的."""
        return (
            bool(line)
            and title[-1].endswith(("法院", "检察院", "部", "国务院", "委员会", "的", "《", "、"))
            and (not _HEAD_LINE.match(line) and not _ARTICLE.match(line) and not _HEADING.match(line))
        )

    def _take(self, line: str, marked: bool) -> None:
        self._take_line(line, marked)
        self.line_above = "。" if line.startswith("#") or _HEADING.fullmatch(line) else line

    def _take_line(self, line: str, marked: bool) -> None:
        words = line.lstrip("#").strip() if line.startswith("#") else line
        if self._take_appendix(words) or self._take_heading(line, words) or self._take_article(words):
            return
        if self.in_head and not marked and not _HEAD_LINE.match(words):
            self.in_head = False
            self.draft.close()
        if self.in_head:
            self.revised = self.revised or bool(_REVISED.search(words))
            if _ENACTED.search(words):
                self.dates += dates_in(words)
            self.draft.add(words, gap="\n")
        else:
            self._take_body(words)

    def _take_heading(self, line: str, words: str) -> bool:
        match = _HEADING.fullmatch(words)
        if match and _is_bare(words) and not self.in_appendix:
            self._leave_head()
            name = re.sub(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])", "", match[3])
            self.draft.heading(words, _LEVELS[match[2]], shown=f"{match[1]} {name}".strip())
        elif line.startswith("#"):
            self._leave_head()
            self.draft.heading(words, len(line) - len(line.lstrip("#")) + (6 if self.in_appendix else 0))
        elif not (self.articles or self.in_appendix) and len(words) <= 40 and _SECTION.match(words) and _is_bare(words):
            self._leave_head()
            self.draft.heading(words, 6)
        else:
            return False
        self.article = None
        return True

    def _take_article(self, words: str) -> bool:
        match = _ARTICLE.match(words)
        if match is None or self.in_appendix:
            return False
        number = (to_int(match[2]), to_int(match[3]) if match[3] else 0)
        if not self._follows(number) and (match["apart"] is None or not is_finished(self.line_above)):
            return False
        if match["apart"] is None and (_REFERENCE.match(match["next"]) or not is_finished(self.line_above)):
            return False
        self._leave_head()
        self.article = match[1]
        self.articles.append(number)
        self.tail = words
        self.draft.close()
        self.draft.add(words, BlockKind.ARTICLE, article=self.article)
        return True

    def _take_appendix(self, words: str) -> bool:
        match = _APPENDIX.fullmatch(words)
        if match is None or not _is_bare(words.rstrip("：:")) or not (self.articles or self.in_appendix):
            return False
        self.in_appendix, self.article = True, None
        self.draft.close()
        self.draft.path = []
        self.draft.heading(words, 1, shown=words.rstrip(":： "))
        self.appendix_untitled = not match[2]
        return True

    def _take_body(self, words: str) -> None:
        if self.appendix_untitled:
            self.appendix_untitled = False
            if len(words) <= 40 and _is_bare(words) and not _SECTION.match(words):
                name = self.draft.path[-1][1]
                self.draft.heading(words, 1, shown=f"{name} {words}")
                return
        if self.in_appendix and (match := _SECTION.match(words)):
            # An appendix's sections lead their lists, so their words stay in the block as well as in its path.
            self.draft.close()
            self.draft.path = [*self.draft.path[:1], (2, words.rstrip("：:") if len(match[2]) <= 40 else match[1])]
        if self.article:
            self.tail += words
        self.draft.add(words, BlockKind.ARTICLE if self.article else BlockKind.TEXT, article=self.article)

    def _follows(self, number: tuple[int, int]) -> bool:
        if not self.articles:
            return number == (1, 0)
        last, branch = self.articles[-1]
        return number in ((last + 1, 0), (last, branch + 1))

    def _leave_head(self) -> None:
        self.in_head = False
        self.draft.close()

    def document(self, source: str) -> Document:
        self.draft.close()
        title = short_name(self.title or PurePosixPath(source).stem)
        named = file_date(source)
        newest = max(self.dates, default=None)
        issued = named or newest
        warnings = reconcile(self.articles)
        if named and newest and abs(named - newest) > _SAME_REVISION:
            warnings.append(f"the file's name says {named}, the newest date of the heading is {newest}")
        is_case = len(_CASE_HEADINGS & {words for block in self.draft.blocks for words in block.path}) >= 2
        return self.draft.build(
            source,
            title,
            DocumentKind.CASE if is_case else DocumentKind.STATUTE,
            law=None if is_case else title,
            issued=issued,
            validity=Validity(effective=self._effective(issued)),
            regions=load_regions().of_document(title, source),
            warnings=tuple(warnings),
        )

    def _effective(self, issued: date | None) -> date | None:
        """Return from when this text holds, if its last article says so of this revision and not of the first."""
        match = _IN_FORCE.search(self.tail)
        if match is None or issued is None:
            return None
        if match[1] is None:  # from its publication: the first one, where the text was revised since
            return None if self.revised else issued
        days = dates_in(match[1])
        return days[0] if days and days[0] >= issued else None


def _is_bare(words: str) -> bool:
    """Tell whether the words end as a heading does, without a stop."""
    return not words.endswith(("。", "；", "，", "、", "：", ":", ";"))


def short_name(title: str) -> str:
    """Return an act's name as it is spoken of: 劳动合同法 for 中华人民共和国劳动合同法（2012-12-28）."""
    name = re.sub(r"[（(]\s*\d{4}[-.年].*?[）)]\s*$", "", title.strip())
    return re.sub(r"\s+", "", name).replace("中华人民共和国", "") or title


def file_date(source: str) -> date | None:
    """Return the date at the end of a file's name, as in 劳动法(2018-12-29).md."""
    match = _FILE_DATE.search(PurePosixPath(source).stem)
    return _day(*match.groups()) if match else None


def dates_in(text: str) -> list[date]:
    """Return all dates such as 2018年12月29日, those that no calendar knows left out."""
    return [day for match in _DATE.finditer(text) if (day := _day(*match.groups()))]


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def reconcile(articles: Sequence[tuple[int, int]]) -> list[str]:
    """Say in which places the numbering is not that of a whole text: gaps, doubles, and articles out of order."""
    warnings: list[str] = []
    before: tuple[int, int] = (0, 0)
    seen: set[tuple[int, int]] = set()
    for number in articles:
        if number in seen:
            warnings.append(f"{article_name(number)} stands there twice")
        elif number < before:
            warnings.append(f"{article_name(number)} stands after {article_name(before)}")
        elif number[0] > before[0] + 1:
            first, last = before[0] + 1, number[0] - 1
            names = to_article(first) if first == last else f"{to_article(first)} to {to_article(last)}"
            warnings.append(f"{names} {'is' if first == last else 'are'} missing")
        seen.add(number)
        before = max(before, number)
    return warnings


def to_article(number: int) -> str:
    """Return 第八十五条 for 85."""
    return f"第{to_chinese(number)}条"


def article_name(number: tuple[int, int]) -> str:
    """Return 第八十五条 for (85, 0) and 第八十五条之一 for (85, 1)."""
    return to_article(number[0]) + (f"之{to_chinese(number[1])}" if number[1] else "")
