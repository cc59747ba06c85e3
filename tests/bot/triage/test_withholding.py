"""Somebody keeps what is a worker's: told in the many words that people have for it, and not in those of the law."""

import pytest

from bot.triage.model import Intent
from bot.triage.triager import load_triager
from knowledge.vocabulary import Category, Urgency

triage = load_triager().triage


@pytest.mark.parametrize(
    "told",
    [
        "包工头把我工钱吞了两万块",
        "黑心老板昧了我一万八的工钱",
        "二包头黑了我三千块钱，找他他翻脸不认人",
        "老板私吞了我们班组的奖金",
        "干完活他不认账，说没我这个人",
        "老板给我们打了张白条就没下文了",
        "财务压着我两个月的提成不放",
        "店长扣着我的押金说走了就不退",
        "他赖我的账，六千多块血汗钱",
    ],
)
def test_wages_that_are_kept_are_a_grievance_in_whatever_words(told: str) -> None:
    read = triage(told)
    assert (read.intent, read.danger) == (Intent.GRIEVANCE, None)
    assert {Category.WAGE_ARREARS, Category.CONTRACT} & set(read.categories)


@pytest.mark.parametrize("told", ["工头把我们半年的工钱一口吞了", "工钱让带班的卷走一年了"])
def test_wages_gone_for_months_are_urgent(told: str) -> None:
    assert triage(told).urgency is Urgency.URGENT


@pytest.mark.parametrize("asked", ["公司打白条算不算拖欠工资", "老板赖账该找哪个部门", "球馆周末让不让家属进去打"])
def test_what_is_only_asked_is_a_question(asked: str) -> None:
    assert triage(asked).intent is Intent.QUESTION


def test_words_of_keeping_hide_no_danger() -> None:
    assert triage("他把一瓶安眠药吞了，叫不醒").danger is not None
    assert triage("工头说再去告就找人卸我一条胳膊").danger is not None
