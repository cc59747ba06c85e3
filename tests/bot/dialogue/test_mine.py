from datetime import datetime, timedelta

import pytest

from bot.cases.model import State
from bot.texts import mine as texts
from knowledge.calendar import ZONE


def test_every_state_is_told_in_words() -> None:
    assert set(texts.STATES) == set(State)


@pytest.mark.parametrize(
    ("hour", "minute", "told"),
    [
        (15, 30, "11月21日 15:30"),
        (9, 0, "11月21日 09:00"),
        (2, 10, "11月21日。"),
        (23, 12, "11月21日。"),
    ],
)
def test_nobody_is_promised_a_step_at_an_hour_of_the_night(hour: int, minute: int, told: str) -> None:
    due = datetime(2026, 11, 21, hour, minute, tzinfo=ZONE)
    assert f"下一步最晚：{told}" in texts.waits(due, due - timedelta(hours=1))


def test_a_step_that_is_overdue_is_not_promised_for_a_day_that_is_past() -> None:
    due = datetime(2026, 11, 21, 15, 30, tzinfo=ZONE)
    assert "11月" not in texts.waits(due, due + timedelta(days=1))
