import pytest

from bot.triage.homes import without_homes
from knowledge.regions import load_regions

REGIONS = load_regions()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("我是洪湖人，在东莞做鞋", "我是，，在东莞做鞋"),
        ("老家随州的，在佛山", "，，在佛山"),
        ("我松滋的，在孝感装修", "，，在孝感装修"),
        ("监利人在沙市端盘子", "，在沙市端盘子"),
    ],
)
def test_a_home_beside_another_place_is_left_out(text: str, left: str) -> None:
    assert without_homes(text, REGIONS) == left


@pytest.mark.parametrize(
    "text", ["我是洪湖人，老板不给钱", "荆州人社局说去武汉问", "在荆州上班，以前在深圳", "老板不给钱"]
)
def test_the_only_place_and_a_place_of_work_stay(text: str) -> None:
    assert without_homes(text, REGIONS) == text
