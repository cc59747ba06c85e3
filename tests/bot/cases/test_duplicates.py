import pytest

from bot.cases.duplicates import crossed, normalised


@pytest.mark.parametrize(
    "written",
    [
        "荆州市宏远建筑有限公司",
        "湖北省荆州市宏远建筑有限责任公司",
        "宏远建筑公司",
        " 宏远建筑 ",
        "宏远建筑（项目部）",
        "宏远建筑公司工地",
    ],
)
def test_an_employer_is_the_same_however_it_is_written(written: str) -> None:
    assert normalised(written) == "宏远建筑"


@pytest.mark.parametrize(
    ("one", "other"), [("宏远建筑", "宏达建筑"), ("一厂", "二厂"), ("荆州市第一工厂", "荆州市第二工厂")]
)
def test_different_employers_stay_different(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


def test_a_name_of_nothing_but_form_keeps_what_it_has() -> None:
    assert normalised("工厂") == "工厂"
    assert normalised("  ，。") == ""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(0, 1, None), (2, 3, 3), (3, 4, None), (1, 7, 7), (4, 5, 5), (3, 3, None), (99, 101, 101)],
)
def test_a_supervisor_is_told_when_a_threshold_is_crossed(before: int, after: int, told: int | None) -> None:
    assert crossed(before, after) == told
