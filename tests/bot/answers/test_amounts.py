from datetime import date
from decimal import Decimal

import pytest

from bot.answers.amounts import amount_asked, stated
from knowledge.parameters import LocalValue, Parameter, Parameters, load_parameters
from knowledge.regions import load_regions

DAY = date(2026, 11, 1)
WAGE = LocalValue("荆州市", Decimal("2010.00"), date(2026, 1, 1), None, "鄂政发〔2026〕1号", date(2026, 2, 3))


@pytest.mark.parametrize(
    ("question", "id"),
    [
        ("荆州最低工资是多少", "minimum-wage-month"),
        ("现在最低工资好多钱一个月", "minimum-wage-month"),
        ("小时工最低工资多少钱", "minimum-wage-hour"),
        ("高温津贴一天多少钱", "hot-weather-allowance"),
        ("失业金一个月发几百", "unemployment-benefit-month"),
        ("湖北奖励产假多少天", "maternity-leave-extra-days"),
        ("陪产假能休几天", "paternity-leave-days"),
        ("一年有几天育儿假", "childcare-leave-days"),
        ("困难职工建档，家里人均收入要低于多少", "hardship-income-line"),
        ("社保缴费基数上限是多少", "insurance-base-ceiling"),
        ("女职工安康险一年交多少钱", "women-insurance-fee"),
    ],
)
def test_who_asks_for_an_amount_is_understood(question: str, id: str) -> None:
    parameter = amount_asked(question, load_parameters())
    assert parameter is not None
    assert parameter.id == id


@pytest.mark.parametrize(
    "question",
    [
        "工资低于最低工资怎么办",
        "最低工资标准是谁定的",
        "失业金能领多少个月",
        "失业金怎么领",
        "今年金秋助学资助了多少学生",
        "金秋助学帮了多少学生",
        "互助保障住院能赔多少",
        "高温津贴该不该发给坐办公室的",
        "产假有多少天",
        "加班费一小时多少",
    ],
)
def test_who_asks_for_something_else_is_not_given_an_amount(question: str) -> None:
    assert amount_asked(question, load_parameters()) is None


def test_an_amount_can_stand_beside_the_answer_to_its_matter() -> None:
    parameter = amount_asked("产假有多少天", load_parameters(), beside=True)
    assert parameter is not None
    assert parameter.id == "maternity-leave-extra-days"
    assert amount_asked("产假工资谁发", load_parameters(), beside=True) is None


def test_an_amount_is_stated_with_place_date_and_source() -> None:
    parameter = Parameter("wage", "月最低工资标准", "元/月", "12333", (WAGE,))
    told = stated(Parameters([parameter], load_regions()), parameter, "荆州城发", DAY)
    assert told is not None
    for words in ("荆州市的月最低工资标准：2010 元/月", "2026年1月1日", "鄂政发〔2026〕1号", "2026年2月3日", "12333"):
        assert words in told


def test_what_holds_in_the_whole_province_says_so() -> None:
    value = LocalValue(None, Decimal(3), date(2026, 1, 1), None, "某文件", date(2026, 2, 3))
    parameter = Parameter("leave", "育儿假", "天/年", "12333", (value,))
    assert "全省的育儿假：3 天/年" in (stated(Parameters([parameter], load_regions()), parameter, None, DAY) or "")


@pytest.mark.parametrize("region", ["十堰", None])
def test_no_other_places_amount_is_stated(region: str | None) -> None:
    parameter = Parameter("wage", "月最低工资标准", "元/月", "12333", (WAGE,))
    assert stated(Parameters([parameter], load_regions()), parameter, region, DAY) is None
