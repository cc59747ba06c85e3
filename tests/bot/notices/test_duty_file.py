import os
from pathlib import Path

import pytest
import structlog

from bot.notices.duty_file import DutyFile, RosterError, read_roster
from bot.notices.model import Medium
from bot.notices.roster import Roster

GOOD = """\
# who answers
people:
  - name: 王芳
    unions: [荆州市总工会]
    channel: email
    address: wangfang@example.org
    hours: {workday: "08:30-12:00 14:30-17:30", sat: "09:00-12:00"}
    away: [2026-12-01, 2026-12-07..2026-12-11]
    deputy: 值班群
  - name: 值班群
    unions: [荆州市总工会, 沙市区总工会]
    channel: telegram
    address: -1001234567890
    hours: always
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "duty.yaml"
    path.write_text(text, "utf8")
    return path


def complaint(folder: Path, text: str) -> str:
    with pytest.raises(RosterError) as refused:
        read_roster(written(folder, text))
    return str(refused.value)


def test_a_roster_says_who_is_called_and_how(tmp_path: Path) -> None:
    roster = read_roster(written(tmp_path, GOOD))
    assert [(person.name, person.called_at.medium, person.called_at.target) for person in roster.people] == [
        ("王芳", Medium.EMAIL, "wangfang@example.org"),
        ("值班群", Medium.TELEGRAM, "-1001234567890"),
    ]
    assert roster.of("沙市区总工会") == (roster.named("值班群"),)


def test_without_a_file_or_with_an_empty_one_nobody_is_called(tmp_path: Path) -> None:
    assert read_roster(tmp_path / "duty.yaml") == read_roster(written(tmp_path, "# nobody yet\n")) == Roster()


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ('sat: "09:00-12:00"', 'sat: "9-12"', "line 7: hours: hours are written as 08:30-12:00 14:30-17:30"),
        ("sat: ", "saturday: ", "line 7: hours: saturday is no day: use workday"),
        ("08:30-12:00", "25:00-26:00", "line 7: hours: a day has the hours from 00:00 to 24:00"),
        ("12-11]", "12-01]", "line 8: away: days away end before they begin"),
        ("[2026-12-01,", "[next week,", "line 8: away: days away are written as 2026-12-01"),
        ("channel: email", "channel: pager", "line 5: channel: "),
        ("channel: email", "channel: desk", "line 3: the desk shows every notice by itself"),
        ("wangfang@example.org", "wangfang", "line 3: the address of an email entry is name@example.org"),
        ("-1001234567890", "工会群", "line 10: the address of a telegram entry is the group's number"),
        ("deputy: 值班群", "deputy: 李雷", "line 9: deputy: the deputy 李雷 is no other entry of the roster"),
        ("沙市区总工会", "沙市工会", "line 11: unions: 沙市工会 is no union of the directory"),
        ("name: 值班群", "name: 王芳", "line 10: name: 王芳 is there twice"),
        ("    hours: always\n", "", "line 10: hours: Field required"),
        ("hours: always", "hour: always", "line 14: hour: "),
        ("hours: always", "hours: always\n    secret: SEC1", "line 10: only a DingTalk robot has a secret"),
        ("people:", "people: [", "line "),
    ],
)
def test_a_fault_is_told_with_its_line_and_what_would_be_right(
    tmp_path: Path, right: str, wrong: str, told: str
) -> None:
    assert GOOD.count(right) >= 1
    text = GOOD.replace(right, wrong, 1)
    assert f"duty.yaml, {told}" in complaint(tmp_path, text)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = GOOD.replace("荆州市总工会", "荆州工会")
    assert [line.partition(":")[0] for line in complaint(tmp_path, text).splitlines()] == [
        "duty.yaml, line 4",
        "duty.yaml, line 11",
    ]


@pytest.mark.parametrize("address", ["http://example.org/send?key=hidden", "https://example.org/hidden", "hidden"])
def test_a_robots_address_is_never_told_even_when_it_is_wrong(tmp_path: Path, address: str) -> None:
    text = GOOD.replace("channel: telegram", "channel: wecom").replace("-1001234567890", address)
    told = complaint(tmp_path, text)
    assert "line 10: the address of a wecom entry is its robot's https address" in told
    assert "hidden" not in told


def test_a_roster_shows_no_address_when_it_is_printed(tmp_path: Path) -> None:
    text = GOOD.replace("channel: telegram", "channel: dingtalk\n    secret: SEC-hidden").replace(
        "-1001234567890", "https://oapi.dingtalk.com/robot/send?access_token=hidden"
    )
    roster = read_roster(written(tmp_path, text))
    assert roster.people[1].called_at.secret == "SEC-hidden"
    assert "hidden" not in repr(roster) + repr(roster.people[1].called_at)


def test_a_changed_file_is_read_again_and_a_wrong_one_leaves_the_last_right_one(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD)
    rosters = DutyFile(path)
    assert len(rosters.current().people) == 2
    with structlog.testing.capture_logs() as logs:
        path.write_text(GOOD.replace("hours: always", "hours: never"), "utf8")
        assert len(rosters.current().people) == len(rosters.current().people) == 2
    assert [(entry["event"], "line 14" in entry["reason"]) for entry in logs] == [("file.wrong", True)]
    path.write_text(GOOD.partition("  - name: 值班群")[0].replace("    deputy: 值班群\n", ""), "utf8")
    os.utime(path, (1, 1))
    assert [person.name for person in rosters.current().people] == ["王芳"]
    path.unlink()
    assert rosters.current() == Roster()
