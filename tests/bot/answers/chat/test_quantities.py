from decimal import Decimal

import pytest

from bot.answers.chat.quantities import Quantity, quantities


def read(text: str) -> list[Quantity]:
    return [quantity for _, quantity in quantities(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三十日内", "30天内"),
        ("百分之三十", "30%"),
        ("百分之一点五", "１.５％"),
        ("四十六万八千元", "46.8万元"),
        ("1,200元", "一千二百块"),
        ("二倍", "双倍"),
        ("六个月", "半年"),
        ("十五个工作日", "15工作日"),
        ("二〇二三年", "2023年"),
        ("满十六周岁", "16岁"),
        ("三百余人", "300多名"),
        ("一亿二千万元", "12000万元"),
        ("一个半月", "1.5个月"),
        ("2 年", "两年"),
        ("三至六个月", "3-6个月"),
        ("五十至八十元", "50～80元"),
    ],
)
def test_a_number_is_the_same_however_it_is_written(one: str, other: str) -> None:
    assert read(one) == read(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("三十日", "三十个月"),
        ("3个月", "3月"),
        ("百分之三十", "百分之三"),
        ("二倍", "三倍"),
        ("一年", "两年"),
        ("一年", "一年半"),
        ("一级伤残", "二级伤残"),
        ("三样材料", "九样材料"),
        ("15天", "15个工作日"),
        ("十五元", "五十元"),
    ],
)
def test_another_value_or_another_unit_is_another_number(one: str, other: str) -> None:
    assert read(one) != read(other)


@pytest.mark.parametrize(
    "text",
    [
        "一律不准",
        "万一被拖欠",
        "三方协议",
        "一次性支付",
        "第八十五条",
        "同一个单位",
        "双方协商",
        "千万别签",
        "跟别人一样",
        "签一份合同",
    ],
)
def test_what_counts_nothing_is_no_number(text: str) -> None:
    assert read(text) == []


def test_all_numbers_of_a_sentence_are_found_in_their_units() -> None:
    told = "工作满一年不满十年的，年休假5天；月工资低于2,200.5元的，按80%、三分之二补。"
    assert read(told) == [
        Quantity("2/3", None),
        Quantity(Decimal(1), "年"),
        Quantity(Decimal(10), "年"),
        Quantity(Decimal(5), "日"),
        Quantity(Decimal("2200.5"), "元"),
        Quantity(Decimal(80), "%"),
    ]
