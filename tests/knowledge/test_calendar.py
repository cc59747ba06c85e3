import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calendar import (
    ZONE,
    Calendar,
    Year,
    added_years_file,
    end_of_day,
    load_calendar,
    today_in_china,
    write_years,
)
from knowledge.entries import DirectoryError

CALENDAR = load_calendar()


def at(day: int, hour: int = 10, month: int = 10, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, tzinfo=ZONE)


def working_days(count: float) -> timedelta:
    return timedelta(days=count)


def test_today_is_the_day_in_china_wherever_the_machine_thinks_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Etc/GMT+12")  # where it is yesterday for most of the day
    time.tzset()
    try:
        before = datetime.now(UTC)
        today = today_in_china()
        after = datetime.now(UTC)
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()
    assert (before + timedelta(hours=8)).date() <= today <= (after + timedelta(hours=8)).date()


def test_moved_weekends_are_worked_and_the_days_that_they_pay_for_are_not() -> None:
    assert not CALENDAR.is_working(date(2026, 10, 7))  # a Wednesday of the national holiday
    assert CALENDAR.is_working(date(2026, 10, 10))  # the Saturday that is worked for it
    assert not CALENDAR.is_working(date(2026, 10, 11))


def test_a_working_day_after_the_last_day_before_a_holiday_comes_after_the_holiday() -> None:
    assert CALENDAR.after(at(30, month=9), working_days(1)) == at(8)
    assert CALENDAR.after(at(9), working_days(1)) == at(10)  # a Friday, and the Saturday is worked


def test_what_begins_on_a_day_off_has_the_whole_next_working_day() -> None:
    assert CALENDAR.after(at(3), working_days(1)) == at(9, hour=0)
    assert CALENDAR.after(at(17, hour=23), working_days(2)) == at(21, hour=0)


def test_no_time_at_all_is_the_moment_itself() -> None:
    assert CALENDAR.after(at(3), working_days(0)) == at(3)


def test_the_table_wins_over_the_library() -> None:
    calendar = Calendar({2026: Year("一个通知", holidays=frozenset({date(2026, 11, 23)}), worked=frozenset())})
    assert not calendar.is_working(date(2026, 11, 23))
    assert calendar.is_working(date(2026, 10, 7))


def test_a_year_that_nobody_knows_has_weekdays_without_the_fixed_holidays() -> None:
    assert not CALENDAR.knows(2031)
    assert CALENDAR.is_working(date(2031, 2, 5))
    assert not CALENDAR.is_working(date(2031, 5, 1))
    assert not CALENDAR.is_working(date(2031, 10, 4))  # a Saturday
    assert CALENDAR.knows(2026)
    assert CALENDAR.knows(2027)


def test_the_day_ends_at_midnight_in_china() -> None:
    assert end_of_day(datetime(2026, 11, 21, 15, 59, tzinfo=UTC)) == datetime(2026, 11, 21, 16, tzinfo=UTC)
    assert end_of_day(datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == datetime(2026, 11, 22, 16, tzinfo=UTC)


@pytest.mark.parametrize("days", ["holidays: [2028-01-03]", "worked: [2027-01-04]"])
def test_a_day_that_cannot_be_meant_is_told(tmp_path: Path, days: str) -> None:
    path = tmp_path / "working-days.yaml"
    path.write_text(f"years:\n  2027:\n    source: 通知\n    {days}\n", "utf8")
    with pytest.raises(DirectoryError, match="2027"):
        load_calendar(path)


MOMENTS = st.datetimes(datetime(2025, 12, 1), datetime(2027, 3, 1), timezones=st.just(ZONE))


@given(MOMENTS, st.floats(0.01, 30))
def test_counting_forward_and_back_agree(start: datetime, days: float) -> None:
    due = CALENDAR.after(start, working_days(days))
    assert due > start
    assert CALENDAR.between(start, due) == working_days(days)


@given(MOMENTS, st.floats(0, 10), st.floats(0, 10))
def test_a_limit_in_two_parts_is_the_limit(start: datetime, first: float, second: float) -> None:
    one, two = working_days(first), working_days(second)
    parts = CALENDAR.after(CALENDAR.after(start, one), two)
    assert CALENDAR.between(start, parts) == CALENDAR.between(start, CALENDAR.after(start, one + two))


def test_time_does_not_run_backwards() -> None:
    assert CALENDAR.between(at(9), at(8)) == timedelta(0)


def test_a_year_that_a_home_adds_holds_at_once_and_wins_until_it_is_taken_back(tmp_path: Path) -> None:
    calendar = load_calendar(home=tmp_path)
    monday, saturday = date(2028, 1, 24), date(2028, 1, 22)
    assert calendar.is_working(monday)
    assert not calendar.is_working(saturday)
    added = Year("一个通知", holidays=frozenset({monday}), worked=frozenset({saturday}))
    write_years(added_years_file(tmp_path), {2028: added})
    assert calendar.year(2028) == added
    assert not calendar.is_working(monday)
    assert calendar.is_working(saturday)
    assert load_calendar().year(2028) is None, "other homes know nothing of it"
    added_years_file(tmp_path).unlink()
    assert calendar.is_working(monday)
