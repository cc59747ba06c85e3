"""A small base that is right in every way, broken in one way at a time."""

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

import pytest

from ingest.check import Corpora, Finding, Group, check
from ingest.sources import BUILTIN_FOLDER
from knowledge.errors import NiangjiaError

TODAY = date(2026, 11, 21)

GUIDE = """---
id: rights/pay
title: 工资
kind: right
categories: [欠薪]
regions: [荆州市]
audience: [全体职工]
effective: 2026-11-01
expires: null
recheck: 2027-11-01
statutes: [劳动合同法 第三十条]
sources: [荆州市工会报告 2023-10-24]
unverified: []
reviewed: 2026-11-21
---

## 先说结论
<!-- statutes: 劳动合同法 第三十条 -->

工资要足额发给您（《劳动合同法》第三十条）。不懂就打12351。

## 荆州做过什么

荆州市工会帮了 2947 户，花了 4.7 万元（荆州市，2023 年报告）。
"""

LAW = """# 劳动合同法

（2007年6月29日通过）

<!-- INFO END -->

第一条 为了保护劳动者的合法权益，制定本法。

第三十条 用人单位应当向劳动者及时足额支付劳动报酬。
"""

REPORT = "荆州市总工会报告\n\n五年来帮扶 2947 户困难家庭，投入 47000 元。\n"

QUESTIONS: list[Mapping[str, object]] = [
    {"document": "rights/pay", "section": "先说结论", "question": "工钱没发够怎么办"},
    {"document": "rights/pay", "section": "先说结论", "question": "老板只给一半薪水行不行"},
    {"document": "rights/pay", "section": "先说结论", "question": "干满一个月拿不到钱找哪个"},
    {"document": "rights/pay", "section": "荆州做过什么", "question": "荆州帮了几多困难户"},
    {"document": "rights/pay", "section": "荆州做过什么", "question": "沙市那边工会出了好多钱"},
    {"document": "rights/pay", "section": "荆州做过什么", "question": "市总对穷人家有没有表示"},
]


class Base:
    """A knowledge base in a folder, with corpora beside it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "base"
        self.laws = folder / "laws"
        self.reports = folder / "reports"
        for path in (self.folder / "documents" / "rights", self.laws, self.reports):
            path.mkdir(parents=True)
        self.guide(GUIDE)
        self.rows(QUESTIONS)
        (self.laws / "劳动合同法(2012-12-28).md").write_text(LAW, "utf8")
        (self.reports / "荆州市总工会报告.txt").write_text(REPORT, "utf8")

    def guide(self, text: str, name: str = "pay") -> None:
        (self.folder / "documents" / "rights" / f"{name}.md").write_text(text, "utf8")

    def edit(self, old: str, new: str) -> None:
        assert old in GUIDE
        self.guide(GUIDE.replace(old, new, 1))

    def rows(self, rows: Sequence[Mapping[str, object]], name: str = "documents/pay.jsonl") -> None:
        path = self.folder / "questions" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), "utf8")

    def errors(self, *, corpora: bool = True, against: tuple[Path, ...] = ()) -> list[Finding]:
        held = Corpora((self.laws,), (), (self.reports,), against) if corpora else Corpora(against=against)
        return [found for found in check(self.folder, held, TODAY) if not found.warning]

    def warnings(self) -> list[Finding]:
        return [found for found in check(self.folder, Corpora(laws=(self.laws,)), TODAY) if found.warning]


@pytest.fixture
def base(tmp_path: Path) -> Base:
    return Base(tmp_path)


def test_a_base_that_is_right_has_no_errors(base: Base) -> None:
    assert base.errors() == []


@pytest.mark.parametrize(
    ("old", "new", "group", "line", "message"),
    [
        ("id: rights/pay", "id: rights/wages", Group.FRONT_MATTER, 2, "the path says rights/pay"),
        ("kind: right", "kind: service", Group.FRONT_MATTER, 4, "belongs into services/"),
        ("kind: right", "kind: law", Group.FRONT_MATTER, 4, "kind"),
        ("categories: [欠薪]", "categories: [欠债]", Group.FRONT_MATTER, 5, "categories"),
        ("categories: [欠薪]", "categories: []", Group.FRONT_MATTER, 5, "categories"),
        ("regions: [荆州市]", "regions: [武汉]", Group.FRONT_MATTER, 6, "武汉 is no region"),
        ("effective: 2026-11-01", "effective: soon", Group.FRONT_MATTER, 8, "effective"),
        ("expires: null", "expires: 2026-10-01", Group.FRONT_MATTER, 9, "expires before it holds"),
        ("recheck: 2027-11-01", "recheck: 2026-11-01", Group.FRONT_MATTER, 10, "before it was reviewed"),
        ("reviewed: 2026-11-21", "reviewed: 2026-12-21", Group.FRONT_MATTER, 14, "has not come"),
        ("unverified: []", "unverified: []\nauthor: 某人", Group.FRONT_MATTER, 14, "author"),
        ("audience: [全体职工]\n", "", Group.FRONT_MATTER, 1, "audience"),
        ("statutes: [劳动合同法 第三十条]", "statutes: []", Group.STATUTES, 11, "is not listed"),
        ("[劳动合同法 第三十条]", "[劳动合同法 第三十条, 劳动法 第一条]", Group.STATUTES, 11, "no section rests on it"),
        ("## 荆州做过什么", "## 先说结论", Group.SECTIONS, 22, "twice"),
        ("不懂就打12351。", "很长" * 40 + "。", Group.SECTIONS, 20, "81 characters"),
        ("不懂就打12351。", "一句话。" * 180, Group.SECTIONS, 17, "700 are allowed"),
        ("<!-- statutes: 劳动合同法 第三十条 -->", "", Group.STATUTES, 20, "not among the section's statutes"),
        ("不懂就打12351。", "别看《劳动合同法》第九十九条。", Group.STATUTES, 20, "has no 第九十九条"),
        ("不懂就打12351。", "不懂就打12366。", Group.CONTACTS, 20, "12366"),
        ("不懂就打12351。", "看[这里](rights/leave)。", Group.CONTACTS, 20, "rights/leave"),
        ("2947 户", "2948 户", Group.FIGURES, 24, "2948"),
        ("（荆州市，2023 年报告）", "（随州市，2025 年综述）", Group.FIGURES, 24, "no report of 随州市"),
    ],
)
def test_a_fault_of_a_document_is_found_in_its_line(
    base: Base, old: str, new: str, group: Group, line: int, message: str
) -> None:
    base.edit(old, new)
    found = [error for error in base.errors() if message in error.message]
    assert [(error.group, error.file, error.line) for error in found] == [(group, "documents/rights/pay.md", line)]


def test_more_than_six_articles_are_too_many_for_a_section(base: Base) -> None:
    articles = "; ".join(f"劳动合同法 第{number}条" for number in "一二三四五六七")
    base.edit("<!-- statutes: 劳动合同法 第三十条 -->", f"<!-- statutes: {articles} -->")
    assert any("rests on 7 articles" in error.message for error in base.errors())


def test_an_article_that_does_not_exist_is_found_only_where_the_acts_are_given(base: Base) -> None:
    base.guide(GUIDE.replace("第三十条", "第三百条"))
    assert any("劳动合同法 has no 第三百条" in error.message for error in base.errors())
    assert base.errors(corpora=False) == []


def test_an_act_that_no_corpus_holds_is_named(base: Base) -> None:
    base.guide(GUIDE.replace("劳动合同法", "劳动契约法"))
    all_acts = Corpora(laws=(base.laws,), statutes=(base.laws,))
    assert any("no corpus holds 劳动契约法" in error.message for error in check(base.folder, all_acts, TODAY))
    assert base.errors() == []


def test_a_replaced_act_is_found_without_any_corpus(base: Base) -> None:
    base.guide(
        GUIDE.replace("劳动合同法 第三十条", "信访条例 第三条").replace("《劳动合同法》第三十条", "《信访条例》第三条")
    )
    assert any("replaced by 信访工作条例" in error.message for error in base.errors(corpora=False))


def test_a_replaced_text_does_not_vouch_for_its_articles(base: Base) -> None:
    (base.laws / "信访条例(2005-01-10).md").write_text(LAW.replace("劳动合同法", "信访条例"), "utf8")
    base.guide(GUIDE.replace("劳动合同法", "信访条例"))
    assert any("replaced by 信访工作条例" in error.message for error in base.errors())


def test_two_documents_of_one_title_are_found(base: Base) -> None:
    base.guide(GUIDE.replace("rights/pay", "rights/wages"), "wages")
    assert any("rights/pay has the same title" in error.message for error in base.errors())


def test_a_document_without_front_matter_is_told_and_does_not_end_the_check(base: Base) -> None:
    base.guide("## 先说结论\n\n打12366。\n", "bare")
    messages = [error.message for error in base.errors()]
    assert any("no front matter" in message for message in messages)
    assert any("12366" in message for message in messages)


def test_a_document_past_its_recheck_is_a_warning(base: Base) -> None:
    late = date(2027, 11, 2)
    found = [found for found in check(base.folder, Corpora(), late) if "looked at again" in found.message]
    assert [found.warning for found in found] == [True]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"document": "rights/pay", "section": "没有这节", "question": "问"}, "has no section 没有这节"),
        ({"document": "rights/none", "section": "先说结论", "question": "问"}, "no document rights/none"),
        ({"law": "劳动合同法", "article": "第三百条", "question": "问"}, "has no 第三百条"),
        ({"law": "劳动合同法", "article": None, "question": "问"}, "no article"),
        ({"document": "rights/pay", "section": "先说结论"}, "no row"),
        ({"document": "rights/pay", "section": "先说结论", "question": " "}, "empty"),
        ({"document": "rights/pay", "section": "先说结论", "question": "我电话13800000000"}, "telephone"),
    ],
)
def test_a_wrong_question_is_found_in_its_line(base: Base, row: dict[str, object], message: str) -> None:
    base.rows([*QUESTIONS, row])
    (error,) = base.errors()
    assert (error.file, error.line) == ("questions/documents/pay.jsonl", len(QUESTIONS) + 1)
    assert message in error.message


def test_a_held_back_question_may_point_at_an_act_as_a_whole(base: Base) -> None:
    base.rows([{"law": "劳动合同法", "article": None, "question": "这部法管不管我"}], "validation/laws.jsonl")
    assert base.errors() == []


def test_a_held_back_question_that_was_learnt_is_found(base: Base) -> None:
    base.rows(
        [{"document": "rights/pay", "section": "先说结论", "question": "工钱没发够，怎么办？"}],
        "validation/documents.jsonl",
    )
    (error,) = base.errors()
    assert error.group is Group.DUPLICATES
    assert error.file == "questions/validation/documents.jsonl"
    assert "questions/documents/pay.jsonl:1" in error.message


def test_a_question_close_to_one_by_which_the_product_is_judged_is_found_without_telling_that_one(
    base: Base, tmp_path: Path
) -> None:
    judged = tmp_path / "judged.jsonl"
    rows = [
        {"id": 1, "question": "荆州帮了几多的困难户"},
        {"id": 2, "text": "别的事"},
        {"id": 3, "turns": [{"role": "user", "content": "还有别的事"}]},
    ]
    judged.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf8")
    (error,) = base.errors(against=(judged,))
    assert (error.file, error.line) == ("questions/documents/pay.jsonl", 4)
    assert "judged.jsonl:1" in error.message
    assert "几多的" not in error.message


def test_places_with_too_few_questions_are_warned_of_with_their_count(base: Base) -> None:
    base.rows(QUESTIONS[1:])
    guide, act = base.warnings()
    assert guide.message == "1 of 2 places have fewer than 3 questions: 先说结论 (2)"
    assert act.message == "1 of 1 places have fewer than 6 questions: 第三十条 (0)"


def test_held_back_questions_do_not_count(base: Base) -> None:
    base.rows(QUESTIONS[1:])
    base.rows([QUESTIONS[0]], "validation/documents.jsonl")
    assert any("先说结论 (2)" in warning.message for warning in base.warnings())


def test_a_directory_that_cannot_be_used_or_names_a_strange_number_is_found(base: Base) -> None:
    folder = base.folder / "directory"
    folder.mkdir()
    stations = "名称,类型,地区,地址,经度,纬度,开放时间,设施,来源\n甲,工会驿站,十堰,,,,,,打12366问的\n"
    (folder / "stations.csv").write_text(stations, "utf8")
    (folder / "parameters.yaml").write_text("parameters: [{id: a}]\n", "utf8")
    messages = {error.group: error.message for error in base.errors()}
    assert "12366" in messages[Group.CONTACTS]
    found = [error.message for error in base.errors() if error.group is Group.DIRECTORY]
    assert any("parameters.yaml" in message for message in found)


def test_a_folder_that_is_no_base_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NiangjiaError, match="documents"):
        check(tmp_path, Corpora(), TODAY)


def told(findings: Sequence[Finding]) -> list[str]:
    return [f"{found.file}:{found.line}: {found.message}" for found in findings if not found.warning]


def test_the_shipped_knowledge_has_no_errors() -> None:
    assert told(check(BUILTIN_FOLDER.parent, Corpora(), date.today())) == []


@pytest.mark.corpus
def test_the_shipped_knowledge_has_no_errors_against_the_corpora(corpus: Path) -> None:
    held = Corpora((corpus / "laws",), (corpus / "statutes",), (corpus / "seeds",), (corpus.parent / "eval",))
    assert told(check(BUILTIN_FOLDER.parent, held, date.today())) == []
