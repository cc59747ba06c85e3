"""How a document is laid out around a quote."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.web.documents import (
    WINDOW,
    DocumentView,
    Place,
    fingerprint,
    quote_url,
    record_of,
    view_document,
)
from bot.channels.web.page import Page
from knowledge.model import Block, BlockKind, Document, DocumentKind, Statute
from tests.bot.channels.web.site import GUIDE, LAW, Shelf, cite

PAGE = Page()
TEXT = (
    "办法\n\n第一章　总则\n\n第一条　甲。\n乙。\n\n题图：开会\n\n"
    "第二章　附则\n\n第二条　丙。\n\n| 项目 | 标准 |\n| 体检 | 每年一次 |"
)


def block(words: str, *path: str, kind: BlockKind = BlockKind.TEXT) -> Block:
    start = TEXT.index(words)
    return Block(start, start + len(words), path, kind)


DOCUMENT = Document(
    "办法.md",
    "办法",
    TEXT,
    (
        block("第一条　甲。\n乙。", "第一章　总则", kind=BlockKind.ARTICLE),
        block("第二条　丙。", "第二章　附则", kind=BlockKind.ARTICLE),
        block("| 项目 | 标准 |", "第二章　附则", kind=BlockKind.TABLE),
        block("| 体检 | 每年一次 |", "第二章　附则", kind=BlockKind.TABLE),
    ),
    DocumentKind.STATUTE,
)


def shown(view: DocumentView) -> str:
    """Return all the words that the page shows, in order."""
    cells = [
        piece.text
        for part in view.parts
        for line in (*part.lines, *(c for row in part.rows for c in row))
        for piece in line
    ]
    return "".join(cells)


def marked(view: DocumentView) -> str:
    lines = [line for part in view.parts for line in (*part.lines, *(cell for row in part.rows for cell in row))]
    return "".join(piece.text for line in lines for piece in line if piece.marked)


def place(words: str, text: str = TEXT) -> Place:
    start = text.index(words)
    return Place(start, start + len(words), fingerprint(words))


def test_headings_stand_before_what_is_new_under_them_and_are_not_said_twice() -> None:
    view = view_document(DOCUMENT, Place())
    assert [heading for part in view.parts for heading in part.headings] == [(2, "第一章　总则"), (2, "第二章　附则")]
    assert "第一章" not in shown(view) and "办法" not in shown(view)


def test_what_stands_between_blocks_is_a_caption() -> None:
    captions = [part for part in view_document(DOCUMENT, Place()).parts if part.kind is BlockKind.CAPTION]
    assert [piece.text for part in captions for line in part.lines for piece in line] == ["题图：开会"]


def test_the_rows_of_a_table_come_together_as_cells() -> None:
    tables = [part for part in view_document(DOCUMENT, place("每年一次")).parts if part.rows]
    assert [[["".join(p.text for p in cell) for cell in row] for row in part.rows] for part in tables] == [
        [["项目", "标准"], ["体检", "每年一次"]]
    ]
    assert tables[0].quoted and tables[0].rows[1][1][0].first


@pytest.mark.parametrize("words", ["甲。\n乙", "第一条　甲。", "题图", "丙。\n\n| 项目", "第一章　总则\n\n第一条"])
def test_a_quote_is_marked_wherever_it_stands(words: str) -> None:
    view = view_document(DOCUMENT, place(words))
    assert view.quoted and not view.moved
    assert marked(view).replace(" ", "").replace("　", "") == "".join(words.split()).replace("|", "")
    firsts = [
        piece
        for part in view.parts
        for line in (*part.lines, *(cell for row in part.rows for cell in row))
        for piece in line
        if piece.first
    ]
    assert len(firsts) == 1


def test_a_quote_whose_words_have_changed_is_not_marked() -> None:
    view = view_document(replace(DOCUMENT, text=TEXT.replace("甲", "丁")), place("第一条　甲。"))
    assert view.moved and not view.quoted and marked(view) == ""


def test_a_long_document_is_shown_around_its_quote_and_can_be_turned() -> None:
    lines = [f"第{number}行，这里说一件事。" for number in range(20_000)]
    text = "\n".join(lines)
    document = Document("长.txt", "长", text, (), DocumentKind.REPORT)
    view = view_document(document, place("第15000行", text), reply=7)
    assert marked(view) == "第15000行"
    assert len(shown(view)) <= WINDOW + 100
    assert view.before and view.after and "reply=7" in view.before
    seen = [shown(view_document(document, Place(at=at))) for at in range(0, len(text), WINDOW)]
    assert all(any(line in page for page in seen) for line in lines[::997])
    assert view_document(document, Place(at=10**9)).after is None


def test_a_guides_section_says_what_it_rests_on() -> None:
    guide = Shelf().documents[GUIDE]
    assert guide.blocks[0].statutes == (Statute("劳动合同法", "第八十五条"),)
    assert view_document(guide, Place()).parts[0].rests_on == "《劳动合同法》第八十五条"


def test_dates_and_regions_are_told() -> None:
    law = replace(Shelf().documents[LAW], regions=("荆州市",))
    assert view_document(law, Place()).facts == ("2012年12月28日文本", "2013年7月1日起施行", "适用：荆州市")


def test_an_address_names_the_source_safely() -> None:
    law = Shelf().documents[LAW]
    citation = replace(cite(law, "第八十五条"), source="法 律/a?b#c&d%.md")
    url = quote_url(citation, 3)
    path, _, query = url.partition("?")
    assert path == "/documents/%E6%B3%95%20%E5%BE%8B/a%3Fb%23c%26d%25.md"
    assert query.endswith("&reply=3#quote")


@given(st.text(alphabet="甲乙\n|\t #1", max_size=60), st.integers(-5, 70), st.integers(-5, 70), st.integers(-5, 70))
def test_no_place_breaks_a_page(text: str, start: int, end: int, at: int) -> None:
    half = len(text) // 2
    blocks = (Block(0, half, ("甲",)), Block(half, len(text), ("甲", "乙"), BlockKind.TABLE)) if half else ()
    document = Document("a.md", "题", text, blocks, DocumentKind.GUIDE)
    view = view_document(document, Place(start, end, at=at))
    html = PAGE.render("document.html", look={"size": "", "theme": ""}, view=view, back="/")
    assert html.count('id="quote"') == (1 if marked(view) else 0)
    assert "".join(marked(view).split()) in "".join(text.replace("|", "").split())


@pytest.mark.parametrize("record", [7, "7", "甲/乙", None])
def test_an_address_leads_back_to_the_record_that_was_quoted(record: int | str | None) -> None:
    shelf = Shelf()
    citation = replace(cite(shelf.documents[LAW], "第"), record=record)
    asked = parse_qs(urlsplit(quote_url(citation, 1)).query).get("record", [None])[0]
    assert record_of(asked) == record


@pytest.mark.parametrize("asked", ["", "[1]", "true", "{", "1.5", "null"])
def test_what_is_no_record_asks_for_none(asked: str) -> None:
    assert record_of(asked) is None
