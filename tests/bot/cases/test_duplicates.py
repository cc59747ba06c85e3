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
    "written",
    [
        "沙市华美服装厂",
        "沙市的华美服装厂",
        "荆州市沙市区华美服装有限公司",
        "沙市区岑河镇华美服装厂",
        "华美服装（集团）有限公司",
        "华美服装【二分厂】",
        "华美服装店",
        "武汉洪山区华美服装厂",
    ],
)
def test_a_place_before_the_name_and_a_form_behind_it_do_not_count(written: str) -> None:
    assert normalised(written) == normalised("华美服装厂")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("宏远建筑", "宏达建筑"),
        ("一厂", "二厂"),
        ("荆州市第一工厂", "荆州市第二工厂"),
        ("华美服装厂", "华美食品厂"),
        ("沙市华美服装厂", "沙市华丽服装厂"),
        ("沙市钢铁厂", "荆州钢铁厂"),  # nothing but a trade is left of these: the place is their name
        ("十堰市人民医院", "随州市人民医院"),
        ("荆州建筑公司", "十堰建筑公司"),
        ("大洋酒店", "大洋酒厂"),
        ("大洋超市", "大洋饭店"),
        ("好又多超市红星店", "好又多超市东风店"),
        ("荆州城发集团", "荆州建投集团"),
    ],
)
def test_different_employers_stay_different(one: str, other: str) -> None:
    assert normalised(one) != normalised(other)


def test_a_place_within_a_name_belongs_to_it() -> None:
    assert normalised("美团沙市站") == "美团沙市站"


def test_a_name_of_nothing_but_form_keeps_what_it_has() -> None:
    assert normalised("工厂") == "工厂"
    assert normalised("  ，。") == ""


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [(0, 1, None), (2, 3, 3), (3, 4, None), (1, 7, 7), (4, 5, 5), (3, 3, None), (99, 101, 101)],
)
def test_a_supervisor_is_told_when_a_threshold_is_crossed(before: int, after: int, told: int | None) -> None:
    assert crossed(before, after) == told
