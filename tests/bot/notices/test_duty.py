from collections.abc import Mapping
from datetime import datetime, timedelta

import pytest
from pydantic import TypeAdapter

from bot.notices.duty import Duty
from bot.notices.model import Kind, Notice
from bot.notices.roster import Person, Roster
from knowledge.calendar import ZONE, load_calendar
from knowledge.organizations import load_organizations
from knowledge.vocabulary import Urgency

CITY, COUNTY, PROVINCE = "荆州市总工会", "沙市区总工会", "湖北省总工会"
OFFICE = {"workday": "08:30-12:00 14:30-17:30"}
NIGHT = {"workday": "20:00-08:00", "dayoff": "20:00-08:00"}
BARELY = {"sun": "00:00-00:01"}

Entry = dict[str, object]


def person(name: str, *unions: str, address: str = "", hours: object = OFFICE, **more: object) -> Entry:
    return {
        "name": name,
        "unions": unions or (COUNTY,),
        "channel": "email",
        "address": address or f"{name}@example.org",
        "hours": hours,
        **more,
    }


def duty(*people: Entry) -> Duty:
    roster = TypeAdapter(Roster).validate_python({"people": people})

    class Fixed:
        def current(self) -> Roster:
            return roster

    return Duty(Fixed(), load_organizations(), load_calendar().is_working)


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=ZONE)


def names(found: tuple[Person, ...]) -> list[str]:
    return [one.name for one in found]


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("2026-11-20 08:29", False),  # a Friday
        ("2026-11-20 08:30", True),
        ("2026-11-20 11:59", True),
        ("2026-11-20 12:00", False),
        ("2026-11-20 15:00", True),
        ("2026-11-21 09:00", False),  # a Saturday
        ("2026-10-01 09:00", False),  # the National Day, a Thursday
        ("2026-09-20 09:00", True),  # a Sunday that is worked for it
    ],
)
def test_office_hours_follow_the_calendar_with_its_moved_weekends(moment: str, there: bool) -> None:
    assert names(duty(person("王芳")).on_duty(COUNTY, at(moment))) == (["王芳"] if there else [])


@pytest.mark.parametrize(("moment", "there"), [("2026-11-21 09:00", True), ("2026-09-20 09:00", False)])
def test_hours_of_a_weekday_do_not_hold_where_the_calendar_moved_it(moment: str, there: bool) -> None:
    weekend = {"sat": "09:00-12:00", "sun": "09:00-12:00"}
    assert bool(duty(person("王芳", hours=weekend)).on_duty(COUNTY, at(moment))) is there


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("2026-11-20 19:59", False),
        ("2026-11-20 23:00", True),
        ("2026-11-21 07:59", True),
        ("2026-11-21 08:00", False),
    ],
)
def test_a_night_goes_on_past_midnight(moment: str, there: bool) -> None:
    assert bool(duty(person("李雷", hours=NIGHT)).on_duty(COUNTY, at(moment))) is there


def test_the_moment_may_be_told_in_any_time_zone() -> None:
    utc = at("2026-11-20 23:00").astimezone(tz=None)
    assert duty(person("李雷", hours=NIGHT)).on_duty(COUNTY, utc)


def test_who_is_on_duty_is_looked_for_upwards_until_somebody_is() -> None:
    board = duty(person("县里"), person("市里", CITY, hours=NIGHT), person("省里", PROVINCE, hours="always"))
    assert names(board.on_duty(COUNTY, at("2026-11-20 09:00"))) == ["县里"]
    assert names(board.on_duty(COUNTY, at("2026-11-20 21:00"))) == ["市里"]
    assert names(board.on_duty(COUNTY, at("2026-11-20 18:00"))) == ["省里"]


def test_nobody_on_duty_is_told_and_so_is_when_somebody_will_be() -> None:
    board = duty(person("县里"), person("市里", CITY))
    assert board.on_duty(COUNTY, at("2026-11-20 18:00")) == ()
    assert board.opens(COUNTY, at("2026-11-20 18:00")) == at("2026-11-23 08:30")  # a Monday
    assert board.opens(COUNTY, at("2026-11-20 12:30")) == at("2026-11-20 14:30")
    assert board.opens(COUNTY, at("2026-11-20 09:00")) == at("2026-11-20 09:00")


def test_an_unknown_union_and_an_empty_roster_have_nobody() -> None:
    assert duty(person("县里")).on_duty("别处总工会", at("2026-11-20 09:00")) == ()
    assert duty().opens(COUNTY, at("2026-11-20 09:00")) is None
    assert duty().addressees(Notice(Kind.NEW_CASE, COUNTY), at("2026-11-20 09:00")) == ()


AWAY = ["2026-11-19..2026-11-20"]


def test_a_deputy_stands_in_on_days_away_in_the_hours_of_the_one_who_is_away() -> None:
    absent = person("王芳", deputy="李雷", away=AWAY)
    board = duty(absent, person("李雷", CITY, hours=BARELY))
    assert names(board.on_duty(COUNTY, at("2026-11-20 09:00"))) == ["李雷"]
    assert names(board.on_duty(COUNTY, at("2026-11-23 09:00"))) == ["王芳"]


def test_without_a_deputy_or_when_that_one_is_away_too_nobody_stands_in() -> None:
    assert duty(person("王芳", away=AWAY)).on_duty(COUNTY, at("2026-11-20 09:00")) == ()
    both = duty(person("王芳", deputy="李雷", away=AWAY), person("李雷", CITY, hours=NIGHT, away=AWAY))
    assert both.on_duty(COUNTY, at("2026-11-20 09:00")) == ()


def called(board: Duty, call: int, moment: str = "2026-11-20 09:00") -> Mapping[str, datetime]:
    notice = Notice(Kind.EMERGENCY, COUNTY, Urgency.EMERGENCY, "JZ-2026-000123", call=call)
    return {found.address.entry: found.due for found in board.addressees(notice, at(moment))}


def test_an_emergency_calls_who_is_on_duty_then_deputies_then_the_unions_above() -> None:
    board = duty(
        person("王芳", deputy="李雷"),
        person("下班的", hours=NIGHT),
        person("李雷", hours=BARELY),
        person("市里", CITY),
        person("省里", PROVINCE),
    )
    assert list(called(board, 1)) == ["王芳"]
    assert list(called(board, 2)) == ["王芳", "李雷"]
    assert list(called(board, 3)) == ["王芳", "李雷", "市里"]
    assert list(called(board, 4)) == list(called(board, 40)) == ["王芳", "李雷", "市里", "省里"]
    assert set(called(board, 4).values()) == {at("2026-11-20 09:00")}


def test_an_emergency_at_night_calls_the_nearest_union_that_is_awake() -> None:
    board = duty(person("县里"), person("市里", CITY, hours="always"))
    assert list(called(board, 1, "2026-11-20 03:00")) == ["市里"]
    assert list(called(board, 3, "2026-11-20 03:00")) == ["市里"]


def test_everything_else_waits_for_the_hours_of_the_nearest_union_that_has_people() -> None:
    board = duty(person("王芳"), person("夜班", hours=NIGHT), person("市里", CITY, hours="always"))
    found = board.addressees(Notice(Kind.NEW_CASE, COUNTY), at("2026-11-20 18:00"))
    assert {one.address.entry: one.due for one in found} == {
        "王芳": at("2026-11-23 08:30"),
        "夜班": at("2026-11-20 20:00"),
    }


def test_a_deputy_is_told_instead_of_who_is_away_and_not_beside_who_is_there() -> None:
    board = duty(person("王芳", deputy="李雷", away=["2026-11-20"]), person("李雷", CITY))
    told = [
        [found.address.entry for found in board.addressees(Notice(Kind.REPLY, COUNTY), at(moment))]
        for moment in ("2026-11-19 09:00", "2026-11-20 09:00")
    ]
    assert told == [["王芳"], ["李雷"]]


def test_a_deputy_who_is_away_is_not_called() -> None:
    assert list(called(duty(person("王芳", deputy="李雷"), person("李雷", CITY, away=AWAY)), 2)) == ["王芳"]


def test_gaps_are_told_from_and_until_when_over_all_unions_that_would_be_called() -> None:
    board = duty(person("王芳"), person("市里", CITY, hours=NIGHT))
    assert board.gaps(COUNTY, at("2026-11-20 07:00"), at("2026-11-20 21:00")) == [
        (at("2026-11-20 08:00"), at("2026-11-20 08:30")),
        (at("2026-11-20 12:00"), at("2026-11-20 14:30")),
        (at("2026-11-20 17:30"), at("2026-11-20 20:00")),
    ]
    nobody = duty().gaps(COUNTY, at("2026-11-20 07:00"), at("2026-11-20 21:00"))
    assert nobody == [(at("2026-11-20 07:00"), at("2026-11-20 21:00"))]
    assert duty(person("王芳", hours="always")).gaps(COUNTY, at("2026-11-20 07:00"), at("2026-11-27 07:00")) == []


def test_a_group_that_several_people_read_is_told_once_as_early_as_one_of_them_is_there() -> None:
    board = duty(person("王芳", address="g@example.org"), person("夜班", hours=NIGHT, address="g@example.org"))
    (found,) = board.addressees(Notice(Kind.REPLY, COUNTY), at("2026-11-20 18:00"))
    assert found.due == at("2026-11-20 18:00") + timedelta(hours=2)
