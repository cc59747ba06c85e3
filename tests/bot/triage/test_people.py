import pytest

from bot.triage.model import MANY, People
from bot.triage.people import people


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("欠我们18个人的工资", 18),
        ("二十三名农民工没拿到钱", 23),
        ("一百二十多号人没饭吃", 120),
        ("百来号人堵在门口", 100),
        ("厂里五十个女工", 50),
        ("三个班组一共四十二人", 42),
        ("几十个工友爬上去了", MANY),
        ("好多同事都没签合同", MANY),
        ("我们几个都没拿到", MANY),
        ("全厂的人都在闹", MANY),
        ("老板欠我工资", 1),
        ("一家五口人等着吃饭", 1),
        ("我一个人带两个伢", 1),
        ("打了五次没人接", 1),
        ("不满二十五人的小公司能建工会吗", 1),
        ("欠了三个月工资", 1),
        ("第一个人说可以", 1),
        ("在工地的三十一个木工", 31),
        ("十二个养护员没发补贴", 12),
        ("四个扎钢筋的", 4),
        ("四个做完的活", 1),
        ("两个小工资", 1),
        ("欠大家的钱不认", MANY),
    ],
)
def test_those_who_share_the_trouble_are_counted(text: str, number: People) -> None:
    assert people(text)[0] == number


def test_the_words_that_say_so_are_given() -> None:
    assert people("欠我们18个人的工资") == (18, "18个人")


def test_we_are_many_in_danger_and_one_in_a_complaint() -> None:
    assert people("我们被困在里面", danger=True)[0] == MANY
    assert people("我们厂不交社保")[0] == 1


@pytest.mark.parametrize(("told", "number"), [("我们七八个人", 7), ("十七八个工友", 17), ("三四十个人", 30)])
def test_one_number_or_the_next_is_the_lower(told: str, number: int) -> None:
    assert people(told)[0] == number
