from datetime import date
from pathlib import Path

import pytest

from ingest.readers import read
from ingest.reports import read_report, run_in_heading
from ingest.sources import SourceFile, walk
from knowledge.model import BlockKind, Document, DocumentKind
from tests.ingest.files import texts

REPORT = """

架起连心桥 当好娘家人

——2023年某某市总工会工作综述

□ 记者 甲乙 通讯员 丙丁

工会是职工的组织，服务职工是工会的职责，一年来做了许多实事好事。



某某市总工会举办运动会

用心服务 温暖职工

维权服务是工会的基本职责。筹资500万元帮扶困难职工，帮助700多名职工实现就业，成功申报特

级技师1名，实现历史性跨越。

市总工会始终坚持把工会工作融入发展



▲ 为劳动者发放礼包

大局，紧扣中心任务。

一、主要工作

（一）夯实基础

推进建会，先后成

立了快递行业工会。

结束语没有句号
"""


def blocks(document: Document) -> list[tuple[tuple[str, ...], BlockKind, str]]:
    return [(block.path, block.kind, words) for block, words in zip(document.blocks, texts(document), strict=True)]


@pytest.fixture
def report() -> Document:
    return read_report(REPORT, "seeds/十堰市综述.txt")


def test_the_title_is_the_headline_with_its_subtitle(report: Document) -> None:
    assert report.title == "架起连心桥 当好娘家人——2023年某某市总工会工作综述"
    assert report.kind is DocumentKind.REPORT


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("关于做好冬季送温暖工作的通知", DocumentKind.GUIDE),
        ("关于印发《荆州市职工疗休养办法（试行）》的通知", DocumentKind.GUIDE),
        ("《十堰市工会驿站管理办法》（试行）", DocumentKind.GUIDE),
        ("职工子女暑托班报名须知", DocumentKind.GUIDE),
        ("某某市总工会工作综述", DocumentKind.REPORT),
        ("市总工会办法多，职工心里暖", DocumentKind.REPORT),
    ],
)
def test_a_notice_is_laid_down_and_a_report_tells(title: str, kind: DocumentKind) -> None:
    found = read_report(f"{title}\n\n一、慰问标准\n\n困难职工每户慰问金1200元。\n", "a.txt")
    assert (found.title, found.kind) == (title, kind)
    assert [block.path for block in found.blocks] == [("一、慰问标准",)]


def test_the_region_is_told_by_the_files_name_where_the_title_names_none(report: Document) -> None:
    assert report.regions == ("十堰",)


def test_bylines_and_captions_are_set_apart(report: Document) -> None:
    captions = [words for _, kind, words in blocks(report) if kind is BlockKind.CAPTION]
    assert captions == ["□ 记者 甲乙 通讯员 丙丁", "某某市总工会举办运动会", "▲ 为劳动者发放礼包"]


def test_a_slogan_with_spaces_is_a_heading(report: Document) -> None:
    assert (("用心服务 温暖职工",), BlockKind.TEXT) in [(path, kind) for path, kind, _ in blocks(report)]


def test_a_sentence_that_a_page_break_tore_is_whole_again(report: Document) -> None:
    assert "成功申报特级技师1名" in report.text
    assert "先后成立了快递行业工会。" in report.text


def test_a_caption_within_a_sentence_goes_behind_it(report: Document) -> None:
    at = report.text.index("市总工会始终坚持把工会工作融入发展大局，紧扣中心任务。")
    assert report.text.index("▲ 为劳动者发放礼包") > at


def test_numbered_headings_become_the_path_by_their_rank(report: Document) -> None:
    assert ("一、主要工作", "（一）夯实基础") in [path for path, _, _ in blocks(report)]


def test_nothing_but_white_space_is_lost(report: Document) -> None:
    assert sorted("".join(report.text.split())) == sorted("".join(REPORT.split()))


def test_a_markdown_heading_in_a_plain_text_counts() -> None:
    document = read_report("# 总标题\n\n### 用情用力 服务职工\n\n做实线下项目群。\n", "a.txt")
    assert document.title == "总标题"
    assert document.blocks[0].path == ("用情用力 服务职工",)


def test_a_quote_that_is_pulled_out_of_the_text_is_a_caption() -> None:
    body = "这一年，工会把服务送到职工身边，职工有了更多获得感，大家都说工会是娘家人，有事就找工会。"
    document = read_report(f"工会服务送到家\n\n职工有了更多获得感\n\n{body}\n", "a.txt")
    assert [(kind, words) for _, kind, words in blocks(document)] == [
        (BlockKind.CAPTION, "职工有了更多获得感"),
        (BlockKind.TEXT, body),
    ]


def test_a_speech_is_dated_by_the_line_below_its_title() -> None:
    text = "齐心协力 谱写新篇\n\n——在大会上的报告\n\n2023年10月24日\n\n各位代表：\n\n现在报告工作。\n"
    assert read_report(text, "a.txt").issued == date(2023, 10, 24)


@pytest.mark.parametrize(
    ("opening", "heading"),
    [
        ("建强组织体系。", "建强组织体系"),
        ("深化产改“三促”,赋能产业升级。", "深化产改“三促”,赋能产业升级"),
        ("为60个基层工会371人送去资金。", None),
        ("“我们最大的快乐。", None),
        ("各位代表：现在报告。", None),
    ],
)
def test_a_long_paragraphs_opening_slogan_says_what_all_of_it_is_about(opening: str, heading: str | None) -> None:
    assert run_in_heading(opening + "持续健全组织体系。" * 20) == heading


def test_a_short_paragraph_needs_no_heading_of_its_own() -> None:
    assert run_in_heading("建强组织体系。持续健全。") is None


def test_a_text_of_one_line_is_text() -> None:
    assert blocks(read_report("食堂今天有面", "a.txt")) == [((), BlockKind.TEXT, "食堂今天有面")]


@pytest.mark.corpus
def test_the_reports_sentences_are_whole_and_their_regions_known(corpus: Path) -> None:
    regions = {}
    for file in walk(corpus / "seeds"):
        assert isinstance(file, SourceFile)
        (document,) = read(file)
        regions[document.source.removeprefix("seeds/")[:4]] = document.regions
        raw = "".join(file.path.read_text(encoding="utf-8").replace("#", "").split())
        assert "".join(document.text.split()) == raw
        torn = [
            words for path, kind, words in blocks(document) if kind is BlockKind.TEXT and words[-1] not in "。！!”：》"
        ]
        assert torn == [], file.source
        assert "——" in document.title
        assert {len(block.path) for block in document.blocks} >= {1, 2}
    assert regions == {
        "十堰市总": ("十堰",),
        "湖北省直": ("省直",),
        "荆州城发": ("荆州城发",),
        "荆州市工": ("荆州市",),
        "随州市总": ("随州",),
    }
