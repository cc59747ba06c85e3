import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.numerals import to_chinese, to_int


@pytest.mark.parametrize(
    ("numeral", "number"),
    [
        *[("一", 1), ("十", 10), ("十二", 12), ("二十", 20), ("八十五", 85), ("一百零一", 101), ("一百一十", 110)],
        *[("二百七十六", 276), ("一千二百六十", 1260), ("一千零一", 1001), ("二〇〇八", 2008), ("85", 85)],
    ],
)
def test_a_numeral_says_its_number(numeral: str, number: int) -> None:
    assert to_int(numeral) == number


@given(st.integers(min_value=1, max_value=9_999))
def test_a_number_is_read_back_from_its_numeral(number: int) -> None:
    assert to_int(to_chinese(number)) == number


def test_articles_are_numbered_as_statutes_write_them() -> None:
    assert [to_chinese(number) for number in (10, 19, 101, 110, 1260)] == [
        "十",
        "十九",
        "一百零一",
        "一百一十",
        "一千二百六十",
    ]


def test_zero_has_no_article() -> None:
    with pytest.raises(ValueError, match="outside"):
        to_chinese(0)
