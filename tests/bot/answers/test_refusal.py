import pytest

from bot.answers.refusal import refusal


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("住院的钱医保能退几成", "12393"),
        ("公积金贷款能贷多少", "12329"),
        ("我们这里最低工资标准是多少", "12333"),
        ("结婚给几天假", "12333"),
        ("被网友骗了想找律师", "12348"),
        ("彩礼能不能要回来", "12348"),
        ("楼上天天吵", "12345"),
        ("天天失眠该怎么调理", "12356"),
        ("公交线路改到哪了", "12345"),
    ],
)
def test_who_would_know_is_named_before_the_unions_own_line(question: str, number: str) -> None:
    text = refusal(question)
    assert text.index(number) < text.index("12351")


def test_a_matter_of_no_office_is_led_to_the_union_alone() -> None:
    text = refusal("石榴什么时候熟")
    assert "12351" in text
    assert not any(number in text for number in ("12393", "12329", "12333", "12348", "12356", "12355", "12345"))


def test_a_matter_of_two_offices_is_led_to_one_of_them() -> None:
    text = refusal("社保和公积金断了找谁")
    assert [number in text for number in ("12329", "12333")].count(True) == 1
