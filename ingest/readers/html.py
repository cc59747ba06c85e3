"""Web pages: the article's words, without menus, scripts and styles."""

import re
from typing import Any

from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PreformattedString

from ingest.draft import Paragraph
from ingest.readers.encoding import decode, normalise_lines
from ingest.readers.tables import told_rows
from knowledge.model import BlockKind

_DROPPED = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "form", "button", "select", "nav"}
    | {"header", "footer", "aside", "head", "video", "audio", "canvas"}
)
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "center", "dd", "details", "div", "dl", "dt", "fieldset", "figcaption"}
    | {"figure", "html", "li", "main", "ol", "p", "pre", "section", "summary", "table", "td", "th", "tr", "ul"}
)
_DROPPED_ROLES: dict[str, Any] = {"role": ["navigation", "banner", "contentinfo"]}
_DECLARED = re.compile(rb"<meta[^>]+charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
_SIMPLIFIED = {"gb2312": "gb18030", "gbk": "gb18030", "gb_2312-80": "gb18030", "big5": "big5hkscs"}


def read_html(data: bytes) -> tuple[str | None, list[Paragraph]]:
    """Return the page's title and its paragraphs; headings keep their level, rows of tables tell their columns."""
    page = BeautifulSoup(_decode(data), "lxml")
    title = _words(page.title) if page.title else None
    for tag in page.find_all(_DROPPED):
        tag.decompose()
    for tag in page.find_all(None, _DROPPED_ROLES):
        tag.decompose()
    body = page.find("article") or page.find("main") or page.body or page
    paragraphs: list[Paragraph] = []
    loose: list[str] = []
    _collect(body, paragraphs, loose)
    _flush(paragraphs, loose)
    return title, paragraphs


def _decode(data: bytes) -> str:
    """Return the page's text, by the encoding that it declares if that holds."""
    if declared := _DECLARED.search(data[:4096]):
        name = declared[1].decode("ascii", "replace").lower()
        try:
            return normalise_lines(data.decode(_SIMPLIFIED.get(name, name)))
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def _collect(tag: Tag, paragraphs: list[Paragraph], loose: list[str]) -> None:
    """Gather text in reading order; `loose` holds the words of the paragraph that is not finished yet."""
    for child in tag.children:
        if isinstance(child, NavigableString):
            if not isinstance(child, PreformattedString):  # no comments, no doctype
                loose.append(" ".join(re.split(r"\s+", str(child))))
        elif isinstance(child, Tag):
            if child.name == "br":
                loose.append("\n")
            elif re.fullmatch("h[1-6]", child.name):
                _flush(paragraphs, loose)
                if words := _words(child):
                    paragraphs.append(Paragraph(words, int(child.name[1])))
            elif child.name == "table" and child.find("table") is None:
                _flush(paragraphs, loose)
                rows = [[_words(cell) for cell in row.find_all(["td", "th"])] for row in child.find_all("tr")]
                paragraphs += [
                    Paragraph(words, kind=BlockKind.TABLE if is_row else BlockKind.TEXT)
                    for is_row, words in told_rows(rows)
                ]
            elif child.name in _BLOCKS:
                _flush(paragraphs, loose)
                _collect(child, paragraphs, loose)
                _flush(paragraphs, loose)
            else:
                _collect(child, paragraphs, loose)


def _flush(paragraphs: list[Paragraph], loose: list[str]) -> None:
    for line in "".join(loose).split("\n"):
        if words := " ".join(line.split()):
            paragraphs.append(Paragraph(words))
    loose.clear()


def _words(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())
