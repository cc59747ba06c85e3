import pytest

from bot.answers.places import SHOWN, is_more, listed, sought
from knowledge.regions import load_regions
from knowledge.stations import Station

SOURCE = "工会登记表"
STATIONS = (
    *(Station(f"五堰街{number}号驿站", "工会驿站", "十堰", SOURCE, f"五堰街{number}号") for number in range(1, 8)),
    Station("车城驿站", "工会驿站", "十堰", SOURCE, "车城路 3 号", hours="全天", facilities=("饮水机", "微波炉")),
    Station("没写地址的驿站", "工会驿站", "十堰", SOURCE),
    Station("东风司机之家", "司机之家", "十堰", SOURCE, "物流园东门"),
    Station("沙市驿站", "工会驿站", "荆州市", SOURCE, "北京路 9 号"),
    Station("城发驿站", "工会驿站", "荆州城发", SOURCE, "集团大门旁"),
    Station("人民医院母婴室", "母婴室", "荆州市", SOURCE, "门诊楼二楼"),
)


def names(question: str, region: str) -> list[str]:
    return [station.name for station in sought(question, STATIONS, load_regions(), region)]


@pytest.mark.parametrize(
    ("question", "region", "first"),
    [
        ("司机之家在哪里", "十堰", "东风司机之家"),
        ("司机之家", "十堰", "东风司机之家"),
        ("哪里有母婴室", "荆州市", "人民医院母婴室"),
        ("找个地方给孩子喂奶，附近有吗", "荆州市", "人民医院母婴室"),
        ("车城路附近的工会驿站", "十堰", "车城驿站"),
        ("工会驿站在哪", "荆州城发", "城发驿站"),
    ],
)
def test_the_place_that_fits_best_comes_first(question: str, region: str, first: str) -> None:
    assert names(question, region)[0] == first


def test_who_is_of_a_firm_is_shown_the_citys_places_too_and_nobody_those_of_a_firm() -> None:
    assert names("工会驿站在哪", "荆州城发") == ["城发驿站", "沙市驿站"]
    assert names("工会驿站在哪", "荆州市") == ["沙市驿站"]


def test_another_regions_places_and_those_without_an_address_are_not_shown() -> None:
    found = names("工会驿站在哪", "十堰")
    assert "没写地址的驿站" not in found
    assert "沙市驿站" not in found
    assert names("司机之家在哪里", "荆州市") == []


@pytest.mark.parametrize(
    "question",
    ["工会驿站有没有微波炉", "工会驿站是哪个办的", "老板拖欠工资在哪里投诉", "怎么加入工会", "在哪里申请建驿站"],
)
def test_who_asks_no_way_is_shown_no_places(question: str) -> None:
    assert names(question, "十堰") == []


def test_a_place_that_is_named_is_told_with_all_that_is_known() -> None:
    found = sought("车城驿站几点开门", STATIONS, load_regions(), "十堰")
    told = listed(found, "十堰", 0)
    for words in ("车城驿站", "车城路 3 号", "全天", "饮水机、微波炉", SOURCE):
        assert words in told
    assert "更多" not in told


def test_a_long_list_is_told_in_pages() -> None:
    found = sought("工会驿站在哪", STATIONS, load_regions(), "十堰")
    assert len(found) == 8
    first, second, third = (listed(found, "十堰", page) for page in range(3))
    assert "还有 3 处" in first and "更多" in first
    assert [station.name in first for station in found] == [True] * SHOWN + [False] * 3
    assert [station.name in second for station in found] == [False] * SHOWN + [True] * 3
    assert "更多" not in second
    assert "就这些了" in third


@pytest.mark.parametrize(("said", "more"), [("更多", True), ("还有吗？", True), ("接着看", True), ("更多工资", False)])
def test_who_wants_to_read_on_is_understood(said: str, more: bool) -> None:
    assert is_more(said) is more
