from datetime import date

import pytest

from bot.forms.values import (
    is_since,
    number_of_people,
    read_employer,
    read_name,
    read_people,
    read_phone,
    read_place,
    read_since,
    read_yes_no,
    told_name,
    told_since,
)
from bot.triage.model import MANY
from knowledge.regions import load_regions

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "said", "day"),
    [
        ("今年3月开始的", "今年3月", date(2026, 3, 1)),
        ("2025年6月起就没交", "2025年6月", date(2025, 6, 1)),
        ("8月20号那天", "8月20号", date(2026, 8, 20)),
        ("12月", "12月", date(2025, 12, 1)),
        ("从去年开始", "去年", date(2025, 1, 1)),
        ("都快半年了", "半年", date(2026, 5, 23)),
        ("两个半月", "两个半月", date(2026, 9, 7)),
        ("1年半", "1年半", date(2025, 5, 23)),
        ("两年多了", "两年多", date(2024, 11, 21)),
        ("昨天下班的时候", "昨天", date(2026, 11, 20)),
        ("去年腊月", "去年腊月", None),
        ("春节前", "春节前", None),
        ("十几天", "十几天", None),
        ("上个月15号", "上个月15号", date(2026, 10, 15)),
        ("上上个月三十号的事", "上上个月三十号", date(2026, 9, 30)),
        ("本月三号", "本月三号", date(2026, 11, 3)),
        ("二月二十八日", "二月二十八日", date(2026, 2, 28)),
        ("2026-3-15那天", "2026-3-15", date(2026, 3, 15)),
        ("2025.9", "2025.9", date(2025, 9, 1)),
    ],
)
def test_a_moment_is_read_as_people_say_it(text: str, said: str, day: date | None) -> None:
    since = read_since(text, TODAY)
    assert since is not None
    assert (since.said, since.day) == (said, day)


@pytest.mark.parametrize("text", ["老板不给钱", "我姓李", "第二十条怎么说", "押金是2000，不是3000"])
def test_what_names_no_moment_is_none(text: str) -> None:
    assert read_since(text, TODAY) is None


@pytest.mark.parametrize(
    "text", ["上个月15号", "2026年3月", "是从今年3月开始的", "昨天下午3点多", "快半年了", "大概三个月", "8月20号那天。"]
)
def test_a_moment_and_nothing_else_is_told_from_a_story(text: str) -> None:
    assert is_since(text, TODAY)


@pytest.mark.parametrize("text", ["上个月15号老板跑了", "三个月没发钱", "欠薪", "18个人", "昨天从架子上摔下来"])
def test_a_story_with_a_moment_in_it_is_a_story(text: str) -> None:
    assert not is_since(text, TODAY)


@pytest.mark.parametrize(
    ("story", "when"),
    [
        ("老板从今年3月起一分钱没给", "今年3月"),
        ("三个月没发工资了", "三个月"),
        ("欠了我们两年的工钱", "两年"),
        ("上个月开始天天加班", "上个月"),
        ("包工头欠我们十几个人工资，快半年了", "半年"),
        ("我怀孕五个月了，公司叫我走", None),
        ("在这里干了8年，突然不要我了", None),
        ("要工资，我怀孕五个月了", None),
    ],
)
def test_a_story_tells_when_its_trouble_began_and_not_how_long_something_else_lasts(
    story: str, when: str | None
) -> None:
    since = told_since(story, TODAY)
    assert (since.said if since else None) == when


def test_the_thirty_first_of_a_short_month_is_its_last_day() -> None:
    since = read_since("2月31日", TODAY)
    assert since is not None
    assert since.day == date(2026, 2, 28)


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("我们18个人干完活不给钱", "18"),
        ("一百二十号人等着发工资", "120"),
        ("好多工友都没拿到", MANY),
        ("就我一个", "1"),
        ("就我", "1"),
        ("我们三个月没发工资了", None),
        ("欠我们十几个人工资", "十几个人"),
        ("老板欠我钱", None),
    ],
)
def test_people_are_counted_as_a_message_tells_them(text: str, people: str | None) -> None:
    assert read_people(text) == people


def test_a_bare_number_counts_people_only_when_they_are_asked_for() -> None:
    assert read_people("大概18") is None
    assert read_people("大概18", asked=True) == "18"


def test_an_employer_has_a_name() -> None:
    assert read_employer("我在鑫源劳务公司干活") == "鑫源劳务公司"
    assert read_employer("不交社保，荆州公安县鸿运纸箱厂，快一年了") == "荆州公安县鸿运纸箱厂"
    assert read_employer("拖欠工资三个月，在沙市华美服装厂") == "沙市华美服装厂"
    assert read_employer("在一个工地干活") is None
    assert read_employer("我是2019年3月进的厂，在恒通机械厂当钳工") == "恒通机械厂"
    assert read_employer("我们厂不交社保") is None
    assert read_employer("我们一帮子人在沙市区那个恒达名都工地做砌砖的，工钱没得") == "恒达名都工地"


def test_places_are_kept_as_they_are_written() -> None:
    regions = load_regions()
    assert read_place("在沙市的工地", regions) == "沙市"
    assert read_place("我在武汉打工", regions) == "武汉"
    assert read_place("在老家", regions) is None


def test_telephones_are_read_with_spaces_and_without() -> None:
    assert read_phone("打 138 0000-1234") == "13800001234"
    assert read_phone("0716 8888888") == "07168888888"
    assert read_phone("（0716）8888888") == "07168888888"
    assert read_phone("欠我13800元") is None


@pytest.mark.parametrize(
    "written",
    [
        "１３８００００１２３４",
        "\u202d13800001234\u202c",
        "138\u200b0000\u200b1234",
        "138—0000—1234",
        "138\u00a00000\u00a01234",
    ],
)
def test_a_telephone_is_read_as_phones_and_input_methods_write_it(written: str) -> None:
    assert read_phone(f"打我{written}") == "13800001234"


def test_a_name_is_no_sentence() -> None:
    assert read_name("叫我小王就行") == "小王"
    assert read_name("李师傅") == "李师傅"
    assert read_name("我不想说名字可以吗") is None
    assert read_name("不想写名字") is None


def test_a_name_is_told_by_its_opening() -> None:
    assert told_name("就叫我老陈") == "老陈"
    assert told_name("老陈") is None
    assert told_name("我是砌砖的") is None


def test_what_was_said_of_people_is_counted_as_far_as_it_can_be() -> None:
    said = ("18", "十几个人", MANY, "我们班组都是")
    assert [number_of_people(words) for words in said] == [18, 10, MANY, None]


def test_yes_and_no_in_their_forms() -> None:
    assert (read_yes_no("办过的"), read_yes_no("没有"), read_yes_no("不清楚呢")) == ("是", "否", None)


@pytest.mark.parametrize(
    ("text", "since", "people"),
    [
        ("3 months", "3个月", None),
        ("last month", "上个月", None),
        ("since March", "3月", None),
        ("about two years ago", "2年", None),
        ("5 people", None, "5"),
        ("three of us", None, "3"),
        ("just me", None, "1"),
        ("老板欠5 workers的工资", None, "5"),
    ],
)
def test_numbers_and_moments_in_english_are_read_as_in_chinese(
    text: str, since: str | None, people: str | None
) -> None:
    read = read_since(text, TODAY)
    assert (read and read.said, read_people(text, asked=True)) == (since, people)


def test_a_story_in_two_languages_tells_when_its_trouble_began() -> None:
    since = told_since("老板欠我3 months工资", TODAY)
    assert since is not None
    assert since.said == "3个月"
    assert is_since("3 months", TODAY)
