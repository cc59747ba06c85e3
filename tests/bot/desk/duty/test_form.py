"""The form of an entry of the roster."""

import pytest

from bot.desk.duty.form import sent


@pytest.mark.parametrize(
    "typed",
    [
        "8:30-12:00 14:30-17:30",
        "8：30—12：00，14：30—17：30",
        "08:30 - 12:00、14:30至17:30",
        "8:30到12:00; 14:30～17:30",
    ],
)
def test_times_are_read_as_people_write_them(typed: str) -> None:
    assert sent({"hours-workday": [typed]}, "王芳").hours == {"workday": "08:30-12:00 14:30-17:30"}
