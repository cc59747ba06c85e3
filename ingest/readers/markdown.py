"""Markdown: front matter, headings, and the comments by which a section says what it rests on.

`docs/knowledge-format.md` states what our own documents hold; foreign Markdown without front matter is read too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Any

import yaml
from markdown_it import MarkdownIt

from ingest.draft import Draft
from ingest.readers.errors import ReadError
from knowledge.model import Block, Document, DocumentKind, Statute, Validity
from knowledge.numerals import NUMERAL
from knowledge.regions import load_regions
from knowledge.vocabulary import Category

FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|$)", re.DOTALL)
_COMMENT = re.compile(r"<!--(.*?)-->", re.DOTALL)
_STATUTE = re.compile(rf"(?P<law>.+?)(?:\s+(?P<article>第{NUMERAL}条(?:之{NUMERAL})?))?")
_EMPHASIS = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
# Nothing of a link begins another, or a text of brackets would take minutes.
_LINK = re.compile(r"(!?)\[([^\[\]\n]*)\]\((\S+?)(?:\s+\"[^\"\n]*\")?\)")
_TABLE_RULE = re.compile(r"[|:\s-]*-[|:\s-]*")
_COMMENT_LEVEL = -1  # among the levels of `_elements`
_CATEGORIES = frozenset(category.value for category in Category)


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What the head of a document states about it; `given` is False where there is none."""

    given: bool = False
    guide: bool = False  # it says so itself: of the kind right or service
    report: bool = False  # of the kind report, which a report of another format is rewritten to
    title: str | None = None
    validity: Validity = field(default_factory=Validity)
    issued: date | None = None
    regions: tuple[str, ...] | None = None
    categories: tuple[str, ...] = ()
    statutes: tuple[Statute, ...] = ()
    questions: dict[str, tuple[str, ...]] = field(default_factory=dict)  # by heading; "" is the document as a whole
    warnings: tuple[str, ...] = ()


def split_front_matter(text: str) -> tuple[FrontMatter, str]:
    """Return the front matter and the body; raise `ReadError` where a field of ours cannot be used."""
    match = FRONT_MATTER.match(text)
    if match is None:
        return FrontMatter(), text
    try:
        data = yaml.safe_load(match.group(1) or "")
    except yaml.YAMLError as error:
        raise ReadError(f"has front matter that is not valid YAML: {str(error).splitlines()[0]}") from error
    if data is None:
        data = {}
    if not isinstance(data, dict):  # a rule across the page rather than front matter
        return FrontMatter(), text
    return _front_matter(data), text[match.end() :]


def _front_matter(data: dict[str, Any]) -> FrontMatter:
    regions = _words(data, "regions") if "regions" in data else None
    known, warnings = [], []
    for category in _words(data, "categories"):
        if category in _CATEGORIES:
            known.append(category)
        else:
            warnings.append(f"category {category} is not in the vocabulary and was left out")
    title = data.get("title")
    return FrontMatter(
        given=True,
        guide=data.get("kind") in ("right", "service"),
        report=data.get("kind") == "report",
        title=str(title).strip() if title else None,
        validity=Validity(_date(data, "effective"), _date(data, "expires")),
        issued=_date(data, "issued") or _date(data, "reviewed"),
        regions=regions,
        categories=tuple(known),
        statutes=tuple(parse_statute(entry) for entry in _words(data, "statutes")),
        questions=_questions(data.get("questions")),
        warnings=tuple(warnings),
    )


def _words(data: dict[str, Any], name: str) -> tuple[str, ...]:
    value = data.get(name) or []
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise ReadError(f"has front matter whose {name} is no list of words")
    return tuple(entry.strip() for entry in value)


def _date(data: dict[str, Any], name: str) -> date | None:
    value = data.get(name)
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise ReadError(f"has front matter whose {name} is no date such as 2026-11-01") from error


def _questions(value: Any) -> dict[str, tuple[str, ...]]:
    mapping: dict[Any, Any] = value if isinstance(value, dict) else {"": value or []}
    for questions in mapping.values():
        if not isinstance(questions, list) or not all(isinstance(entry, str) for entry in questions):
            raise ReadError("has front matter whose questions are neither a list nor lists by heading")
    return {str(heading).strip(): tuple(entries) for heading, entries in mapping.items() if entries}


def parse_statute(entry: str) -> Statute:
    """Read an entry such as 劳动合同法 第八十五条; without an article it names the act as a whole."""
    match = _STATUTE.fullmatch(entry.replace("《", "").replace("》", " ").strip())
    if match is None:
        raise ReadError("has an empty entry among its statutes")
    return Statute(match["law"].strip(), match["article"])


def read_markdown(text: str, source: str) -> Document:
    """Return a guide, or the report that it says it is: one block for each section."""
    front, body = split_front_matter(text)
    draft, top = _draft(body)
    title = front.title or top or PurePosixPath(source).stem
    blocks, warnings = _with_questions(draft, front)
    return replace(
        draft.build(
            source,
            title,
            DocumentKind.REPORT if front.report else DocumentKind.GUIDE,
            issued=front.issued,
            validity=front.validity,
            regions=load_regions().of_document(title, source) if front.regions is None else front.regions,
            categories=front.categories,
            statutes=front.statutes or tuple(dict.fromkeys(entry for block in blocks for entry in block.statutes)),
            warnings=(*front.warnings, *warnings),
        ),
        blocks=blocks,
    )


def _with_questions(draft: Draft, front: FrontMatter) -> tuple[tuple[Block, ...], list[str]]:
    draft.close()
    blocks, warnings = list(draft.blocks), []
    for heading, questions in front.questions.items():
        place = next((at for at, block in enumerate(blocks) if not heading or heading in block.path[-1:]), None)
        if place is None:
            warnings.append(f"questions are given for the heading {heading}, which has no text")
        else:
            blocks[place] = replace(blocks[place], questions=(*blocks[place].questions, *questions))
    return tuple(blocks), warnings


def _draft(body: str) -> tuple[Draft, str | None]:
    """Return the draft, and the words of the one heading of the first level: a title rather than a section."""
    elements = list(_elements(body))
    tops = [words for level, words in elements if level == 1]
    draft = Draft()
    for level, words in elements:
        if level == _COMMENT_LEVEL:
            draft.close()
            draft.statutes = _section_statutes(words) or draft.statutes
        elif level == 1 and len(tops) == 1:
            draft.unlisted(words)
        elif level > 0:
            draft.heading(words, level)
        else:
            draft.add(words)
    return draft, tops[0] if len(tops) == 1 else None


def _elements(body: str) -> Iterator[tuple[int, str]]:
    """Yield headings with their level, paragraphs with 0, and comments, in the order of the text.

    The parser tells where each begins and ends; the words between are kept as they stand, save emphasis and links.
    """
    parser = MarkdownIt("commonmark").enable("table").disable(["inline", "code", "lheading", "reference"])
    lines = body.split("\n")
    for token in parser.parse(body):
        if token.map is None or token.level:
            continue  # lists, quotations and tables are taken whole
        words = "\n".join(lines[slice(*token.map)])
        if token.type == "heading_open":
            yield int(token.tag[1]), _plain(words.strip().strip("#").strip())
        elif token.type == "html_block":
            yield from ((_COMMENT_LEVEL, comment.strip()) for comment in _COMMENT.findall(words))
            if rest := _COMMENT.sub("", words).strip():
                yield 0, rest
        elif token.type == "table_open":
            yield 0, _plain("\n".join(line for line in words.split("\n") if not _TABLE_RULE.fullmatch(line.strip())))
        elif token.type == "fence":
            yield 0, words.strip("\n")
        elif token.type in ("paragraph_open", "bullet_list_open", "ordered_list_open", "blockquote_open"):
            yield 0, _plain(_COMMENT.sub("", words).strip("\n"))


def _plain(words: str) -> str:
    words = _EMPHASIS.sub(r"\2", words)
    return _LINK.sub(lambda link: link[2] if link[1] or link[2] == link[3] else f"{link[2]}（{link[3]}）", words)


def _section_statutes(comment: str) -> tuple[Statute, ...]:
    name, colon, entries = comment.partition(":")
    if not colon or name.strip() != "statutes":
        return ()
    return tuple(parse_statute(entry) for entry in re.split("[;；]", entries) if entry.strip())
