import re
from datetime import date
from pathlib import Path

import pytest

from ingest.readers import iter_documents, read
from ingest.readers.shapes import document_of_markdown
from ingest.sources import SourceFile, walk
from ingest.splitter import split
from ingest.statutes import looks_like_statute, read_statute, reconcile, short_name
from knowledge.model import BlockKind, Document, DocumentKind, Validity
from tests.ingest.files import texts

ACT = """\
# 中华人民共和国某某法

1994年7月5日 第八届全国人民代表大会常务委员会第八次会议通过

2018年12月29日 第十三届全国人民代表大会常务委员会第七次会议《关于修改〈中华人民共和国某某法〉的决定》修正

<!-- INFO END -->

## 第一编 通则

### 第一章 总 则

第一条 为了试验，制定本法。

#### 第一节 范围

第二条 有下列情形之一的，适用本法：

（一）第一种；

（二）第二种。

第二条规定的情形，由
第三条另行规定。

第三条 标准如下：

| 档 | 元 |
| 一 | 500 |

第三条之一 　加付赔偿金。

## 第二编 附则

第四条 本法自1995年1月1日起施行。

附件：

收费标准

一、第一类：

（一）十元；

二、第二类二十元。
"""


def blocks(document: Document) -> list[tuple[tuple[str, ...], str | None, str]]:
    return [(block.path, block.article, words) for block, words in zip(document.blocks, texts(document), strict=True)]


@pytest.fixture
def act() -> Document:
    return read_statute(ACT, "laws/某某法(2018-12-29).md")


def test_an_act_goes_by_its_short_name_and_its_newest_date(act: Document) -> None:
    assert (act.kind, act.law, act.title) == (DocumentKind.STATUTE, "某某法", "某某法")
    assert act.issued == date(2018, 12, 29)


def test_every_article_is_a_block_with_its_number_and_path(act: Document) -> None:
    articles = [(block.path, block.article) for block in act.blocks if block.kind is BlockKind.ARTICLE]
    assert articles == [
        (("第一编 通则", "第一章 总则"), "第一条"),
        (("第一编 通则", "第一章 总则", "第一节 范围"), "第二条"),
        (("第一编 通则", "第一章 总则", "第一节 范围"), "第三条"),
        (("第一编 通则", "第一章 总则", "第一节 范围"), "第三条之一"),
        (("第二编 附则",), "第四条"),
    ]


def test_a_line_that_begins_with_a_reference_stays_in_its_article(act: Document) -> None:
    second = next(words for _, article, words in blocks(act) if article == "第二条")
    assert second.startswith("第二条 有下列情形之一的")
    assert second.endswith("由\n\n第三条另行规定。")


def test_a_table_stays_with_its_article(act: Document) -> None:
    third = next(words for _, article, words in blocks(act) if article == "第三条")
    assert third.endswith("| 一 | 500 |")


def test_an_appendix_keeps_its_name_and_sections_and_is_no_article(act: Document) -> None:
    assert blocks(act)[-2:] == [
        (("附件 收费标准", "一、第一类"), None, "一、第一类：\n\n（一）十元；"),
        (("附件 收费标准", "二、第二类二十元。"), None, "二、第二类二十元。"),
    ]


def test_the_head_is_a_block_of_its_own(act: Document) -> None:
    path, article, words = blocks(act)[0]
    assert (path, article) == ((), None)
    assert words.startswith("1994年7月5日")
    assert words.endswith("修正")


def test_the_day_of_the_first_text_is_not_taken_for_the_revisions(act: Document) -> None:
    assert act.validity == Validity()


def test_a_text_that_was_never_revised_holds_from_the_day_that_it_names() -> None:
    text = "某某条例\n（2019年12月30日公布）\n第一条 甲。\n第二条 乙。\n第三条 本条例自2020年5月1日起施行。\n"
    assert read_statute(text, "a.txt").validity == Validity(effective=date(2020, 5, 1))
    assert read_statute(text, "a.txt").issued == date(2019, 12, 30)


def test_the_files_name_decides_the_date_and_a_stale_heading_is_reported() -> None:
    document = read_statute(ACT, "laws/某某法(2021-06-10).md")
    assert document.issued == date(2021, 6, 10)
    assert document.warnings == ("the file's name says 2021-06-10, the newest date of the heading is 2018-12-29",)


def test_a_plain_text_is_a_statute_by_its_articles_alone() -> None:
    text = (
        "最高人民法院\n关于某问题的解释\n（2020年12月25日最高人民法院审判委员会第1825次会议通过）\n"
        "为正确审理案件，制定本解释。\n"
        "第一条　甲。\n第二条　乙。\n第三条　丙。\n"
    )
    assert looks_like_statute(text.split("\n"))
    document = read_statute(text, "a.txt")
    assert document.title == "最高人民法院关于某问题的解释"
    assert blocks(document)[1] == ((), None, "为正确审理案件，制定本解释。")


def test_a_table_of_contents_does_not_disturb_the_paths() -> None:
    text = (
        "某法\n目　录\n第一章　总则\n第二章　附则\n第一章　总则\n第一条　甲。\n第二章　附则\n第二条　乙。\n第三条　丙。"
    )
    assert [(block.path, block.article) for block in read_statute(text, "a.txt").blocks] == [
        (("第一章 总则",), "第一条"),
        (("第二章 附则",), "第二条"),
        (("第二章 附则",), "第三条"),
    ]


def test_articles_without_a_space_are_told_by_their_order() -> None:
    text = "某法\n第一条 甲。\n第二条用人单位应当支付。\n第一条的规定同样适用。\n第三条 丙。"
    document = read_statute(text, "a.txt")
    assert [block.article for block in document.blocks] == ["第一条", "第二条", "第三条"]


def test_a_scan_that_lost_the_spaces_is_still_a_statute() -> None:
    assert looks_like_statute(["某条例", "第一条为了试验，制定本条例。", "第二条甲。", "第三条乙。"])


def test_a_report_that_mentions_articles_is_no_statute() -> None:
    text = "第三条 很好。\n我们学习了劳动法。\n第八条 也很好。\n第二条 不错。"
    assert not looks_like_statute(text.split("\n"))


def test_a_notice_has_sections_instead_of_articles() -> None:
    text = "关于某事的通知\n\n人社部发〔2020〕8号\n\n各单位：\n\n现通知。\n\n一、时间\n\n八小时。\n\n二、工资\n\n按月。"
    document = read_statute(text, "a.txt")
    assert looks_like_statute(text.split("\n"))
    assert [block.path for block in document.blocks] == [(), (), ("一、时间",), ("二、工资",)]
    assert (document.law, document.warnings) == ("关于某事的通知", ())


def test_a_decided_case_has_no_law_and_its_stray_quotation_mark_is_brought_home() -> None:
    text = "# 加班费怎么算\n\n## 基本案情\n\n规定：“应当支付。\n\n”另外还有。\n\n## 裁判结果\n\n支付。\n"
    document = read_statute(text, "laws/案例/a.md")
    assert (document.kind, document.law) == (DocumentKind.CASE, None)
    assert texts(document)[0] == "规定：“应当支付。”\n\n另外还有。"


def test_front_matter_says_how_long_a_statute_holds_and_a_guide_that_quotes_articles_stays_a_guide() -> None:
    body = "# 某法\n\n第一条 甲。\n\n第二条 乙。\n\n第三条 丙。\n"
    act = document_of_markdown(f"---\nexpires: 2024-01-01\nregions: [荆州市]\n---\n{body}", "a.md")
    assert (act.kind, act.validity, act.regions) == (
        DocumentKind.STATUTE,
        Validity(expires=date(2024, 1, 1)),
        ("荆州市",),
    )
    assert document_of_markdown(f"---\nkind: right\n---\n{body}", "a.md").kind is DocumentKind.GUIDE


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("中华人民共和国劳动合同法", "劳动合同法"),
        ("中华人民共和国劳动法（2018-12-29）", "劳动法"),
        ("最高人民法院关于审理案件的解释（一）", "最高人民法院关于审理案件的解释（一）"),
        ("在审判中适用《中华人民共和国工会法》的解释", "在审判中适用《工会法》的解释"),
    ],
)
def test_an_act_is_called_as_it_is_spoken_of(title: str, name: str) -> None:
    assert short_name(title) == name


@pytest.mark.parametrize(
    ("articles", "warnings"),
    [
        ([(1, 0), (2, 0), (2, 1), (3, 0)], []),
        ([(1, 0), (3, 0)], ["第二条 is missing"]),
        ([(1, 0), (5, 0)], ["第二条 to 第四条 are missing"]),
        ([(1, 0), (2, 0), (2, 0), (3, 0)], ["第二条 stands there twice"]),
        ([(1, 0), (3, 0), (2, 0), (4, 0)], ["第二条 is missing", "第二条 stands after 第三条"]),
    ],
)
def test_numbering_is_reconciled(articles: list[tuple[int, int]], warnings: list[str]) -> None:
    assert reconcile(articles) == warnings


@pytest.mark.corpus
def test_every_article_of_the_laws_is_found_and_none_is_invented(corpus: Path) -> None:
    for file in walk(corpus / "laws"):
        assert isinstance(file, SourceFile)
        (document,) = read(file)
        numbered = re.findall(
            r"^(第[零〇一二三四五六七八九十百千]+条)", file.path.read_text(encoding="utf-8"), re.MULTILINE
        )
        assert [block.article for block in document.blocks if block.article] == numbered, file.source
        if numbered:
            assert not [warning for warning in document.warnings if "第" in warning], file.source
            assert document.issued is not None, file.source


@pytest.mark.corpus
def test_every_article_of_the_laws_is_one_passage_of_its_own_words(corpus: Path) -> None:
    for file in walk(corpus / "laws"):
        assert isinstance(file, SourceFile)
        (document,) = read(file)
        raw = "".join(file.path.read_text(encoding="utf-8").split())
        for passage in split(document):
            assert len(passage.text) < 800
            if document.kind is DocumentKind.STATUTE:
                assert "".join(passage.text.split()) in raw, passage


@pytest.mark.corpus
def test_all_records_of_the_statutes_are_read_as_a_stream(corpus: Path) -> None:
    (file,) = walk(corpus / "statutes")
    assert isinstance(file, SourceFile)
    records, longest = 0, 0
    for document in iter_documents(file):
        assert isinstance(document, Document)
        records += 1
        longest = max(longest, *(len(passage.text) for passage in split(document)))
    assert records == 58_582
    assert longest < 800
