from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.chat.proof import Claim, Draft, added_numbers, locate, names_mobile, prove, shared
from knowledge.model import DocumentKind, Passage, Statute

TEXT = (
    "第四十七条 经济补偿按劳动者在本单位工作的年限，每满一年支付一个月工资的标准向劳动者支付。\n\n"
    "六个月以上不满一年的，按一年计算。"
)
QUOTE = "每满一年支付一个月工资的标准"


def passage(text: str = TEXT, **details: Any) -> Passage:
    fields: dict[str, Any] = {"title": "中华人民共和国劳动合同法", "law": "劳动合同法", "article": "第四十七条"}
    return Passage(
        "laws/a.md", text=text, start=100, end=100 + len(text), kind=DocumentKind.STATUTE, **fields | details
    )


def faults(text: str, given: Passage | None = None, quote: str = QUOTE) -> list[str]:
    """Return what is wrong with one claim."""
    return prove(Draft(answered=True, claims=[Claim(text=text, passage=1, quote=quote)]), [given or passage()])[1]


def test_a_claim_with_its_proof_comes_back_with_the_place_of_its_quote() -> None:
    claim = Claim(text=" 每满一年，支付一个月工资作为经济补偿。 ", passage=1, quote=QUOTE)
    (proved,), wrong = prove(Draft(answered=True, claims=[claim]), [passage()])
    assert wrong == []
    assert proved.text == "每满一年，支付一个月工资作为经济补偿。"
    assert TEXT[proved.start : proved.end] == QUOTE


@pytest.mark.parametrize(
    "text",
    [
        "按《劳动合同法》第四十七条，每满1年支付1个月工资的经济补偿。",
        "《中华人民共和国劳动合同法》第47条：每满一年支付一个月工资。",
        "工作半年以上不满一年的，按一年支付经济补偿。",
    ],
)
def test_the_same_in_other_words_is_proved(text: str) -> None:
    assert faults(text) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("每满一年支付两个月工资的经济补偿。", "两个月"),
        ("按《劳动法》每满一年支付一个月工资。", "《劳动法》"),
        ("按第四十八条每满一年支付一个月工资。", "第四十八条"),
        ("每满一年支付一个月工资，上限在HR那里问。", "HR"),
        ("打官司要找好律师，还要准备路费。", "离材料太远"),
    ],
)
def test_what_is_wrong_is_told_by_its_name(text: str, told: str) -> None:
    assert any(told in fault for fault in faults(text)), faults(text)


def test_what_a_passage_never_denies_is_not_denied() -> None:
    assert faults("每满一年，不用支付一个月工资。", passage(QUOTE + "向劳动者支付。"))
    assert faults("每满一年，不管在哪，都支付一个月工资。", passage(QUOTE + "向劳动者支付。")) == []


@pytest.mark.parametrize("told", ["扣押身份证是违法的。", "单位不能扣押身份证。", "扣押身份证的，要罚款。"])
def test_what_is_forbidden_is_told_as_forbidden(told: str) -> None:
    text = "用人单位不得扣押劳动者的居民身份证，违者罚款。"
    for quote in (text[:12], text[6:17]):  # leaving 不得 out of the quote helps nobody
        assert faults("单位可以扣押劳动者的身份证。", passage(text), quote)
    assert faults(told, passage(text), text[:12]) == []


def test_articles_that_a_guide_rests_on_or_names_may_be_named() -> None:
    guide = passage(
        f"公司不要您了，{QUOTE}付补偿（《劳动合同法》第四十六条）。",
        title="补偿怎么算",
        law=None,
        article=None,
        statutes=(Statute("劳动合同法", "第四十七条"),),
    )
    assert faults("按《劳动合同法》第四十六条、第四十七条，每满一年支付一个月工资的补偿。", guide) == []
    assert faults("按《劳动合同法》第八十七条，每满一年支付一个月工资的补偿。", guide)


def test_the_day_of_a_report_may_be_told() -> None:
    report = passage("全市建成工会驿站137座，方便户外劳动者。", law=None, article=None, issued=date(2023, 10, 24))
    quote = "全市建成工会驿站137座"
    assert faults("截至2023年10月，全市建成工会驿站137座。", report, quote) == []
    assert faults("截至2024年，全市建成工会驿站137座。", report, quote)


def test_a_table_that_leaves_the_unit_to_its_head_proves_the_number() -> None:
    assert added_numbers("补500元", "金额（元）：500；") == []
    assert added_numbers("补500元", "编号：500天") == ["500元"]


@pytest.mark.parametrize(
    ("quote", "text", "span"),
    [
        ("按月支付工资", "应当按月支付工资。", (2, 8)),
        ("按月 支付\n工资", "应当按月支付工资。", (2, 8)),
        ("按月支付工资", "应当按月\n\n支付工资。", (2, 10)),
        ("按月付工资", "应当按月支付工资。", None),
        ("支付工资", "应当按月支付工资。", None),
        ("", "应当按月支付工资。", None),
    ],
)
def test_a_quote_is_found_where_it_stands_word_for_word(quote: str, text: str, span: tuple[int, int] | None) -> None:
    assert locate(quote, text) == span


@pytest.mark.parametrize(
    "text",
    ["打13800000000", "打138-0000-0000", "打１３８００００００００", "打一三八零零零零零零零零", "138 0000 0000号"],
)
def test_a_mobile_telephone_is_told_however_it_is_written(text: str) -> None:
    assert names_mobile(text)


@pytest.mark.parametrize("text", ["打12351", "138亿元", "0716-8123456", "2026年11月21日"])
def test_other_numbers_are_no_mobile_telephones(text: str) -> None:
    assert not names_mobile(text)


def test_the_share_of_words_goes_from_nothing_to_all() -> None:
    assert shared("按月支付工资", "应当按月支付工资。") == 1
    assert shared("今天天气很好", "应当按月支付工资。") == 0
    assert 0 < shared("工资按月给", "应当按月支付工资。") < 1


MESSY = st.text(st.sampled_from("零〇一二十百千万亿两半双点分之第条年个月日%0٣９.,，-至元 \n《》a")) | st.text()


@given(MESSY, MESSY, MESSY)
def test_nothing_that_a_model_or_a_document_says_is_too_odd_to_be_judged(text: str, quote: str, words: str) -> None:
    for given_text in (words, words + quote):
        proved, wrong = prove(
            Draft(answered=True, claims=[Claim(text=text, passage=1, quote=quote)]), [passage(given_text)]
        )
        for one in proved:
            assert "".join(given_text[one.start : one.end].split()) == "".join(quote.split())
        assert proved or wrong
