from datetime import date, time

import pytest

from bot.audit import Act
from bot.desk import texts
from bot.desk.problems import Problem
from bot.desk.staff import Role


def test_everything_that_is_told_by_name_has_its_words() -> None:
    assert set(texts.ACTS) == set(Act)
    assert set(texts.PROBLEMS) == set(Problem)
    assert set(texts.ROLES) == set(texts.ROLE_NOTES) == set(Role)


@pytest.mark.parametrize(
    ("hour", "greeting"), [(0, "夜深了"), (5, "早上好"), (11, "中午好"), (13, "下午好"), (18, "晚上好"), (23, "夜深了")]
)
def test_every_hour_has_its_greeting(hour: int, greeting: str) -> None:
    assert texts.greeting(time(hour)) == greeting


def test_a_day_is_written_with_its_weekday() -> None:
    assert texts.day(date(2026, 11, 21)) == "11月21日 星期六"


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ("clerk 甲工会 乙工会", "经办人：甲工会、乙工会"),
        ("admin", "管理员"),
        ("second factor", "动态口令不对"),
        ("x y", "x y"),
    ],
)
def test_a_detail_is_told_in_chinese_where_it_is_ours(detail: str, told: str) -> None:
    assert texts.detail_name(detail) == told


@pytest.mark.parametrize(
    ("subject", "told"), [("staff/0a1b2c3d", "账号 0a1b2c3d"), ("case/12", "诉求 12"), ("other/1", "other 1"), ("", "")]
)
def test_a_subject_is_told_by_its_kind(subject: str, told: str) -> None:
    assert texts.subject_name(subject) == told
