import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.mending import is_torn, join, mend_quotations, unwrap


@pytest.mark.parametrize(
    "words", ["集团工会始终坚持把工会工作深度融入企业改革", "先后成立，先后成", "认真落实责任制，", "“建功‘十四"]
)
def test_a_line_without_a_stop_is_torn(words: str) -> None:
    assert is_torn(words)


@pytest.mark.parametrize(
    "words", ["工资按月发放。", "他说：“明天发。”", "分为三类：", "（一）甲；", "扬帆起航……", "服务中心地址"]
)
def test_a_line_that_ends_as_sentences_and_headings_do_is_whole(words: str) -> None:
    assert not is_torn(words)


def test_halves_of_a_sentence_join_without_a_space() -> None:
    assert join("给出“标杆”的评 ", " 价，这份") == "给出“标杆”的评价，这份"
    assert join("品牌 Union", "Day 活动") == "品牌 Union Day 活动"


def test_a_closing_quotation_mark_goes_back_to_its_sentence() -> None:
    assert mend_quotations("提出。\n\n”《劳动法》规定") == "提出。”\n\n《劳动法》规定"


@given(st.text(alphabet="工。”“\n 　资"))
def test_mending_quotations_changes_nothing_but_white_space(text: str) -> None:
    assert "".join(mend_quotations(text).split()) == "".join(text.split())


def test_printed_lines_become_paragraphs_without_page_numbers_and_running_heads() -> None:
    pages = [
        [
            "工会简报",
            "第一条 用人单位应当按月支付劳动者的工",
            "资，不得克扣。",
            "第二条 工资应当以货币形式支付给本人，",
            "1",
        ],
        ["工会简报", "不得以实物代替。", "第三条 职工享有休息的权利。", "- 2 -"],
        ["工会简报", "第四条 本法自公布之日起施行。", "第 3 页"],
    ]
    assert unwrap(pages) == [
        "第一条 用人单位应当按月支付劳动者的工资，不得克扣。",
        "第二条 工资应当以货币形式支付给本人，不得以实物代替。",
        "第三条 职工享有休息的权利。",
        "第四条 本法自公布之日起施行。",
    ]


def test_no_pages_have_no_paragraphs() -> None:
    assert unwrap([]) == []
