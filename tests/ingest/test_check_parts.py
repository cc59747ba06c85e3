import pytest

from ingest.check.contacts import forbidden, personal
from ingest.check.duplicates import near_duplicates
from ingest.check.figures import numbers

HOTLINES = frozenset(["12351", "110"])


@pytest.mark.parametrize(
    "text",
    [
        "打12351或者110",
        "工资12000元，加班120个小时",
        "帮了 128 户，扣了 9600 块",
        "2026-11-01",
        "法释〔2020〕26号",
        "每月5000元/月",
        "满2年8个月，5000×3＝15000元",
        "第 110 条和 98 天",
    ],
)
def test_what_is_no_contact_may_stand(text: str) -> None:
    assert list(forbidden(text, HOTLINES)) == []


@pytest.mark.parametrize(
    "text",
    [
        "打12110报警",
        "打12366问税",
        "客服95588",
        "打122",
        "电话0716-8123456",
        "手机13912345678",
        "400-800-1234",
        "写信到help@union.org",
        "微信：laodong123",
        "上www.example.cn看",
        "看https://example.com/a",
        "见/srv/knowledge/a",
        "见rights/pay.md",
        "北京路12号",
    ],
)
def test_what_nobody_has_confirmed_is_found(text: str) -> None:
    assert len(list(forbidden(text, HOTLINES))) >= 1


def test_a_workers_question_may_name_any_short_number_but_no_person() -> None:
    assert list(personal("打12366有用吗")) == []
    assert len(list(personal("我身份证420000199001011234"))) == 1


def pairs(*questions: str) -> list[tuple[int, int]]:
    return list(near_duplicates(questions))


def test_the_same_characters_in_another_order_are_one_question() -> None:
    assert pairs("加班费单位不给怎么办", "单位不给加班费怎么办？") == [(1, 0)]


def test_one_word_more_in_a_long_question_is_one_question() -> None:
    assert pairs("别的", "公司换了老板我的合同还有效吗", "公司换了新老板，我的合同还有效吗") == [(2, 1)]


def test_the_same_matter_in_other_words_is_another_question() -> None:
    assert pairs("公司换了老板我的合同还有效吗", "厂子卖给别人了以前签的还算数不", "老板换了咋办") == []


def test_a_rare_difference_in_a_short_question_is_another_question() -> None:
    assert pairs("产假几天", "婚假几天", "病假几天") == []


def test_each_repetition_names_the_one_that_it_is_most_like() -> None:
    assert pairs("派遣合同最少要签多少年啊", "派遣合同最少要签多少年", "派遣合同最少要签多少年呢") == [(1, 0), (2, 1)]


def test_all_pairs_above_the_limit_are_found_as_a_plain_comparison_finds_them() -> None:
    words = ("工资", "加班", "老板", "不给", "两个月", "怎么办", "仲裁", "合同")
    questions = [
        "".join(words[(start + step * turn) % 8] for turn in range(6)) for start in range(8) for step in (1, 3, 5)
    ]
    found = {later for later, _ in near_duplicates(questions)}

    def alike(one: str, other: str) -> bool:
        mine, theirs = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (one, other))
        return 2 * len(mine & theirs) > 0.8 * (len(mine) + len(theirs)) or sorted(one) == sorted(other)

    expected = {at for at, one in enumerate(questions) if any(alike(one, other) for other in questions[:at])}
    assert found == expected
    assert expected


def test_a_number_is_the_same_however_it_is_written() -> None:
    assert [number for _, number in numbers("4.7 万人次、1,200余件、２亿")] == [47_000, 1_200, 200_000_000]
    assert next(numbers("47000"))[1] == next(numbers("4.7万"))[1]
