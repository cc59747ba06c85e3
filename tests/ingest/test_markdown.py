from datetime import date
from pathlib import Path

import pytest

from ingest.readers import ReadError
from ingest.readers.markdown import parse_statute, read_markdown
from knowledge.model import DocumentKind, Statute, Validity
from tests.ingest.files import document, passages, texts, written

GUIDE = """\
---
id: rights/wage-arrears
title: 老板拖欠工资怎么办
kind: right
categories: [欠薪]
regions: [荆州市]
effective: 2026-11-01
expires: null
statutes: [劳动合同法 第三十条, 劳动合同法 第八十五条]
reviewed: 2026-11-21
questions:
  先说结论: [老板不给工资怎么办]
---

## 先说结论
<!-- statutes: 劳动合同法 第三十条; 劳动法 第五十条之一 -->

拖欠工资是**违法**的，可以要回来。

## 怎么要

第一步，收集证据。

### 去哪里

- 劳动监察大队
- [12333](tel:12333)
"""


def test_front_matter_says_what_the_document_is() -> None:
    guide = read_markdown(GUIDE, "documents/rights/wage-arrears.md")
    assert (guide.title, guide.kind, guide.categories) == ("老板拖欠工资怎么办", DocumentKind.GUIDE, ("欠薪",))
    assert (guide.regions, guide.issued) == (("荆州市",), date(2026, 11, 21))
    assert guide.validity == Validity(date(2026, 11, 1), None)
    assert guide.statutes == (Statute("劳动合同法", "第三十条"), Statute("劳动合同法", "第八十五条"))


def test_every_section_is_one_passage_under_its_headings(tmp_path: Path) -> None:
    found = passages(written(tmp_path, "a.md", GUIDE))
    assert [passage.path for passage in found] == [("先说结论",), ("怎么要",), ("怎么要", "去哪里")]
    assert found[0].text == "拖欠工资是违法的，可以要回来。"
    assert found[2].text == "- 劳动监察大队\n- 12333（tel:12333）"


def test_a_comment_below_a_heading_says_what_the_section_rests_on() -> None:
    blocks = read_markdown(GUIDE, "a.md").blocks
    assert blocks[0].statutes == (Statute("劳动合同法", "第三十条"), Statute("劳动法", "第五十条之一"))
    assert blocks[1].statutes == ()


def test_questions_by_heading_go_to_their_section() -> None:
    assert [block.questions for block in read_markdown(GUIDE, "a.md").blocks] == [("老板不给工资怎么办",), (), ()]


def test_questions_of_the_whole_document_go_to_its_first_section() -> None:
    guide = read_markdown("---\nquestions: [怎么入会, 入会难吗]\n---\n## 一\n甲。\n\n## 二\n乙。\n", "a.md")
    assert [block.questions for block in guide.blocks] == [("怎么入会", "入会难吗"), ()]


def test_questions_for_a_heading_that_is_not_there_are_reported() -> None:
    guide = read_markdown("---\nquestions: {丙: [怎么入会]}\n---\n## 一\n甲。\n", "a.md")
    assert guide.warnings == ("questions are given for the heading 丙, which has no text",)


def test_foreign_markdown_needs_no_front_matter() -> None:
    guide = read_markdown("# 入会指南\n\n开头。\n\n## 条件\n\n满十六岁。\n", "docs/a.md")
    assert guide.title == "入会指南"
    assert [(block.path, words) for block, words in zip(guide.blocks, texts(guide), strict=True)] == [
        ((), "开头。"),
        (("条件",), "满十六岁。"),
    ]


def test_markdown_without_any_heading_is_called_by_its_file() -> None:
    assert read_markdown("只有一句话。", "docs/通知.md").title == "通知"


def test_a_rule_across_the_page_is_no_front_matter() -> None:
    guide = read_markdown("---\n开头。\n\n---\n后面。\n", "a.md")
    assert "开头。" in guide.text
    assert "后面。" in guide.text


def test_tables_stay_with_their_section_and_code_is_not_touched() -> None:
    guide = read_markdown("## 标准\n\n如下：\n\n| 档 | 元 |\n|---|---:|\n| 一 | 500 |\n\n```\n# **a**\n```\n", "a.md")
    assert texts(guide) == ["如下：\n\n| 档 | 元 |\n| 一 | 500 |\n\n```\n# **a**\n```"]


def test_a_heading_within_a_list_or_a_quotation_opens_no_section() -> None:
    guide = read_markdown("## 一\n\n> # 引用\n\n- # 列表\n", "a.md")
    assert [block.path for block in guide.blocks] == [("一",)]


def test_an_indented_chinese_paragraph_is_text() -> None:
    guide = read_markdown("## 一\n\n　　职工可以申请。\n\n    也可以不申请。\n", "a.md")
    assert texts(guide) == ["　　职工可以申请。\n\n    也可以不申请。"]


def test_a_category_that_nobody_knows_is_left_out_and_said() -> None:
    guide = read_markdown("---\ncategories: [欠薪, blog]\n---\n甲。\n", "a.md")
    assert guide.categories == ("欠薪",)
    assert "blog" in guide.warnings[0]


@pytest.mark.parametrize(
    ("field", "reason"),
    [
        ("regions: [月球]", "月球"),
        ("regions: 荆州市", "no list"),
        ("effective: 明年", "no date"),
        ("statutes: [1]", "no list"),
        ("questions: 怎么入会", "questions"),
        ("title: [", "YAML"),
    ],
)
def test_front_matter_that_cannot_be_used_says_which_field(tmp_path: Path, field: str, reason: str) -> None:
    path = written(tmp_path, "a.md", f"---\n{field}\n---\n甲。\n")
    with pytest.raises(ReadError, match=reason):
        document(path)


@pytest.mark.parametrize(
    ("entry", "statute"),
    [
        ("劳动合同法 第八十五条", Statute("劳动合同法", "第八十五条")),
        ("《劳动法》第四十四条", Statute("劳动法", "第四十四条")),
        ("刑法 第二百七十六条之一", Statute("刑法", "第二百七十六条之一")),
        ("工会法", Statute("工会法", None)),
    ],
)
def test_an_entry_of_the_statutes_names_an_act_and_an_article(entry: str, statute: Statute) -> None:
    assert parse_statute(entry) == statute
