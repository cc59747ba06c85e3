import asyncio
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread

import pytest
from typer.testing import CliRunner, Result

from bot.cli import app
from bot.notices.duty_file import read_roster
from knowledge.errors import NiangjiaError
from tests.bot.notices.robot_server import SECRET, RobotServer, robots

CITY = "荆州市总工会"


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No settings but those of the test."""
    monkeypatch.chdir(tmp_path)
    for name in ("SMTP_HOST", "PUBLIC_URL", "TELEGRAM_BOT_TOKEN", "DATABASE_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)


def duty(home: Path, *words: str) -> Result:
    return CliRunner().invoke(app, ["duty", *words, "--home", str(home)])


def add(home: Path, name: str = "王芳", **options: str) -> Result:
    chosen: Mapping[str, str] = {
        "union": CITY,
        "channel": "email",
        "address": "wangfang@example.org",
        "hours": "workday 08:30-12:00 14:30-17:30",
        **options,
    }
    return duty(home, "add", name, *(part for key, value in chosen.items() for part in (f"--{key}", value)))


def test_somebody_who_is_added_is_on_duty_in_their_hours(tmp_path: Path) -> None:
    assert add(tmp_path).exit_code == 0
    assert add(tmp_path, "夜班", hours="always", deputy="王芳").exit_code == 0
    assert (tmp_path / "duty.yaml").stat().st_mode & 0o777 == 0o600
    day = duty(tmp_path, "who", "--union", CITY, "--at", "2026-11-20 09:00")
    assert day.output == f"{CITY}: 王芳 (email)、夜班 (email)\n"
    night = duty(tmp_path, "who", "--at", "2026-11-20 23:00")
    assert night.output == f"{CITY}: 夜班 (email)\n"


def test_adding_keeps_what_stands_in_the_file_and_its_comments(tmp_path: Path) -> None:
    path = tmp_path / "duty.yaml"
    path.write_text(
        "# 值班名单\npeople:\n- name: 甲\n  unions: [荆州市总工会]\n"
        "  channel: telegram\n  address: -100\n  hours: always\n",
        "utf8",
    )
    assert add(tmp_path).exit_code == 0
    assert path.read_text("utf8").startswith("# 值班名单\n")
    assert [person.name for person in read_roster(path).people] == ["甲", "王芳"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"union": "别处工会"}, "别处工会 is no union of the directory"),
        ({"address": "wangfang"}, "the address of an email entry"),
        ({"hours": "sometimes"}, "sometimes is no day"),
        ({"deputy": "李雷"}, "the deputy 李雷 is no other entry"),
    ],
)
def test_an_entry_that_does_not_fit_is_told_and_not_written(
    tmp_path: Path, options: Mapping[str, str], told: str
) -> None:
    refused = add(tmp_path, **options)
    assert isinstance(refused.exception, NiangjiaError)
    assert told in str(refused.exception) and "the new entry, line" in str(refused.exception)
    assert list(tmp_path.iterdir()) == []


def test_a_name_that_is_there_already_is_not_added_again(tmp_path: Path) -> None:
    add(tmp_path)
    before = (tmp_path / "duty.yaml").read_text("utf8")
    assert "王芳 is there twice" in str(add(tmp_path).exception)
    assert (tmp_path / "duty.yaml").read_text("utf8") == before


def test_a_check_says_when_nobody_would_answer_and_what_nothing_carries(tmp_path: Path) -> None:
    add(tmp_path)
    alone = duty(tmp_path, "check").output
    assert f"{CITY}: 王芳; nobody answers " in alone
    assert "Nothing carries email notices yet: set SMTP_HOST and SMTP_FROM." in alone
    assert "no links until PUBLIC_URL is set" in alone
    add(tmp_path, "夜班", hours="always")
    assert f"{CITY}: 王芳、夜班; somebody answers at every hour" in duty(tmp_path, "check").output


def test_a_check_of_an_empty_roster_says_that_an_emergency_calls_nobody(tmp_path: Path) -> None:
    checked = duty(tmp_path, "check")
    assert checked.exit_code == 0
    assert "an emergency calls nobody" in checked.output


def test_a_check_names_the_line_of_a_fault(tmp_path: Path) -> None:
    (tmp_path / "duty.yaml").write_text("people:\n  - name: 王芳\n    hours: never\n", "utf8")
    assert "duty.yaml, line 3: hours" in str(duty(tmp_path, "check").exception)


def test_an_unknown_union_is_asked_for_again(tmp_path: Path) -> None:
    assert duty(tmp_path, "who", "--union", "别处工会").exit_code == 2


@contextmanager
def robots_in_another_thread() -> Iterator[RobotServer]:
    """Serve the robots beside a command that has a loop of its own."""
    ready, done, found = Event(), Event(), list[RobotServer]()

    async def serve() -> None:
        async with robots() as server:
            found.append(server)
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = Thread(target=asyncio.run, args=(serve(),))
    thread.start()
    assert ready.wait(10)
    try:
        yield found[0]
    finally:
        done.set()
        thread.join(10)


def test_a_trial_reaches_the_group_and_says_that_it_is_one(tmp_path: Path) -> None:
    with robots_in_another_thread() as server:
        add(tmp_path, "值班群", channel="dingtalk", address=server.dingtalk_url, secret=SECRET)
        tried = duty(tmp_path, "try", "值班群")
        assert (tried.exit_code, tried.output) == (0, "Sent to 值班群 (dingtalk).\n")
        (told,) = server.dingtalk
        assert "试发" in json.dumps(told, ensure_ascii=False)


def test_a_trial_that_fails_says_why(tmp_path: Path) -> None:
    add(tmp_path)
    assert "Nothing carries email notices yet" in str(duty(tmp_path, "try", "王芳").exception)
    assert "李雷 is not in" in str(duty(tmp_path, "try", "李雷").exception)
    with robots_in_another_thread() as server:
        add(tmp_path, "值班群", channel="wecom", address=f"{server.base}/cgi-bin/webhook/send?key=hidden")
        refused = duty(tmp_path, "try", "值班群")
    assert "errcode 93000" in str(refused.exception)
    assert "hidden" not in str(refused.exception)
