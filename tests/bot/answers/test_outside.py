import json

import pytest

from bot.answers.outside import is_outside
from knowledge.bank import FOLDERS, QUESTIONS


@pytest.mark.parametrize(
    "question",
    [
        "信用卡还不上会怎么样",
        "房东突然涨房租",
        "驾照到期怎么换",
        "网购买到破的能不能退",
        "白菜几多钱一斤",
        "今晚有什么电影看",
    ],
)
def test_daily_life_and_other_law_are_no_matter_of_a_union(question: str) -> None:
    assert is_outside(question)


@pytest.mark.parametrize(
    "question",
    [
        "公司扣我驾照怎么办",
        "工资打到信用卡上行不行",
        "厂里的天气热得受不了",
        "上班路上闯红灯被撞算工伤吗",
        "违章指挥我能拒绝吗",
        "离婚了能不能申请困难补助",
    ],
)
def test_what_is_about_work_is_not_outside(question: str) -> None:
    assert not is_outside(question)


def test_nothing_that_the_bank_answers_is_outside() -> None:
    lines = [
        line
        for folder in FOLDERS
        for file in (QUESTIONS / folder).glob("*.jsonl")
        for line in file.open(encoding="utf8")
    ]
    questions = [json.loads(line)["question"] for line in lines]
    assert len(questions) > 1000
    assert [question for question in questions if is_outside(question)] == []
