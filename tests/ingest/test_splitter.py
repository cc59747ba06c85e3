from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.readers import read
from ingest.readers.errors import ReadError
from ingest.readers.shapes import document_of_markdown, document_of_text
from ingest.reports import read_report
from ingest.sources import SourceFile, walk
from ingest.splitter import split
from ingest.statutes import read_statute
from knowledge.model import Block, BlockKind, Document, DocumentKind

LIMIT = 800

_MARKS = [
    "第一条 ",
    "第二条 ",
    "第三条 ",
    "（一）",
    "# ",
    "## ",
    "一、",
    "附件：\n",
    "第一章 总则\n",
    "▲ 图",
    "记者 某",
    "——副题\n",
]
_WORDS = ["工资应当按月支付", "用人单位" * 60, "，", "；", "。", "“", "”", "\n", "\n\n\n", "　", " "]
_MARKUP = ["| 甲 | 乙 |\n", "---\n", "```\n", "<!-- x -->"]
_PIECES = st.sampled_from([*_MARKS, *_WORDS, *_MARKUP])
_TEXTS = st.lists(_PIECES, min_size=1, max_size=60).map("".join)


def covered(document: Document) -> bool:
    """Tell whether the passages hold all words of all blocks."""
    inside = {at for passage in split(document) for at in range(passage.start, passage.end)}
    wanted = {at for block in document.blocks for at in range(block.start, block.end)}
    return all(at in inside or document.text[at].isspace() for at in wanted)


@given(_TEXTS)
def test_passages_are_verbatim_short_and_cover_all_blocks_whatever_the_text(text: str) -> None:
    for shape in (document_of_text, document_of_markdown, read_statute, read_report):
        try:
            document = shape(text, "a/b.txt")
        except ReadError:  # nothing but blanks, or front matter
            continue
        for passage in split(document):
            assert passage.text == document.text[passage.start : passage.end]
            assert passage.text.strip() == passage.text != ""
            assert len(passage.text) < LIMIT
        assert covered(document)


@given(_TEXTS, st.sampled_from(DocumentKind))
def test_every_kind_of_document_is_covered(text: str, kind: DocumentKind) -> None:
    document = Document("a.txt", "甲", text, (Block(0, len(text)),), kind)
    assert covered(document)
    assert all(len(passage.text) < LIMIT for passage in split(document))


def test_an_article_is_one_passage_with_all_that_a_citation_needs() -> None:
    document = read_statute(
        "某法\n第一章 总则\n第一条 甲。\n\n（一）乙；\n第二条 丙。\n第三条 丁。", "laws/某法(2020-01-02).txt"
    )
    first, *_ = split(document)
    assert (first.text, first.article, first.law, first.path) == (
        "第一条 甲。\n\n（一）乙；",
        "第一条",
        "某法",
        ("第一章 总则",),
    )
    assert str(first.issued) == "2020-01-02"


def test_a_long_article_is_cut_between_its_paragraphs_and_keeps_its_number() -> None:
    first, second = "甲" * 290 + "：\n（一）" + "乙" * 290 + "；", "丙" * 400 + "。"
    document = read_statute(f"某法\n第一条 {first}\n{second}\n第二条 丁。\n第三条 戊。", "a.txt")
    parts = [passage for passage in split(document) if passage.article == "第一条"]
    assert [len(part.text) for part in parts] == [591, 401]
    assert parts[1].text == second


def test_a_long_list_is_cut_between_its_items() -> None:
    items = "\n".join(f"（{number}）{'乙' * 200}；" for number in "一二三四五六")
    document = read_statute(f"某法\n第一条 有下列情形的：\n{items}\n第二条 丁。\n第三条 戊。", "a.txt")
    parts = [passage.text for passage in split(document) if passage.article == "第一条"]
    assert len(parts) == 2
    assert parts[1].startswith("（四）")


def test_words_without_any_joint_are_cut_all_the_same() -> None:
    document = Document("a.txt", "甲", "工" * 2_000, (Block(0, 2_000),), DocumentKind.GUIDE)
    assert sum(len(passage.text) for passage in split(document)) == 2_000


def test_a_guides_section_stays_whole() -> None:
    text = "## 一\n\n" + "拖欠工资是违法的。\n\n" * 60 + "## 二\n\n短。\n"
    assert [len(passage.text) for passage in split(document_of_markdown(text, "a.md"))] == [658, 2]


def test_a_reports_long_paragraph_is_cut_between_sentences_into_even_parts() -> None:
    sentence = "工会开展送清凉活动，走访慰问一线职工五百余人次。"
    document = Document("a.txt", "甲", sentence * 20, (Block(0, len(sentence) * 20),), DocumentKind.REPORT)
    lengths = [len(passage.text) for passage in split(document)]
    assert max(lengths) - min(lengths) <= len(sentence)
    assert all(passage.text.endswith("。") for passage in split(document))


def test_passages_never_reach_across_headings() -> None:
    document = read_report("总标题\n\n一、甲事\n\n办了。\n\n二、乙事\n\n也办了。\n", "a.txt")
    assert [(passage.path, passage.text) for passage in split(document)] == [
        (("一、甲事",), "办了。"),
        (("二、乙事",), "也办了。"),
    ]


def test_a_caption_is_a_passage_of_its_own() -> None:
    text = "总标题\n\n工会办了许多实事好事。\n\n\n\n▲ 举办职工运动会\n"
    found = [(passage.block, passage.text) for passage in split(read_report(text, "a.txt"))]
    assert found == [(BlockKind.TEXT, "工会办了许多实事好事。"), (BlockKind.CAPTION, "▲ 举办职工运动会")]


def test_short_definitions_stand_alone() -> None:
    text = "总标题\n\n【名词注释】\n\n“四季歌”：春夏秋冬。\n\n“三方”机制：三方协商。\n"
    assert [passage.text for passage in split(read_report(text, "a.txt"))] == [
        "“四季歌”：春夏秋冬。",
        "“三方”机制：三方协商。",
    ]


def test_a_passages_id_depends_on_place_and_words_only() -> None:
    document = read_report("总标题\n\n办了许多实事。\n", "a.txt")
    (one,), (same,) = split(document), split(replace(document, warnings=("x",)))
    (other,) = split(replace(document, source="b.txt"))
    assert one.id == same.id != other.id


@pytest.mark.corpus
def test_the_corpora_are_covered_by_their_passages(corpus: Path) -> None:
    for folder in ("seeds", "laws"):
        for file in walk(corpus / folder):
            assert isinstance(file, SourceFile)
            for document in read(file):
                assert covered(document), file.source
