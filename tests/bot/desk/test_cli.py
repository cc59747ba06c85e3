"""`niangjia staff`, as whoever holds the machine runs it."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.settings import Settings
from knowledge.errors import NiangjiaError
from tests.bot.desk.office import CITY, PROVINCE


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where no setting and no `.env` is."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("COLUMNS", "160")


def staff(*words: str) -> str:
    """Run `niangjia staff` and return what it prints."""
    result = CliRunner().invoke(cli.app, ["staff", *words, "--home", "home"], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_somebody_is_added_listed_closed_and_reset() -> None:
    first = staff("add", "li.ming", "--name", "李明", "--role", "clerk", "--union", CITY)
    assert re.search(r"http://127\.0\.0\.1:8000/desk/welcome/[\w-]{43}\n", first)
    staff("add", "boss")
    rows = [line.split() for line in staff("list").splitlines() if line.startswith(("li.ming", "boss"))]
    assert rows == [["boss", "boss", "admin", PROVINCE, "invited"], ["li.ming", "李明", "clerk", CITY, "invited"]]
    assert "can no longer log in" in staff("disable", "li.ming")
    assert re.search(r"li\.ming .* disabled", staff("list"))
    again = staff("reset", "LI.MING")
    assert "/desk/welcome/" in again
    assert again != first
    assert "disabled" not in staff("list")


def test_the_link_begins_as_people_reach_the_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://niangjia.example.org/")
    assert "https://niangjia.example.org/desk/welcome/" in staff("add", "li.ming")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", "李明"), "3 to 32 lower-case letters"),
        (("add", "li.ming", "--union", "没有的工会"), "no union"),
        (("add", "li.ming", "--email", "li.ming"), "no mail address"),
        (("disable", "nobody"), "nobody with this login"),
        (("reset", "nobody"), "nobody with this login"),
    ],
)
def test_what_will_not_do_is_one_sentence(words: tuple[str, ...], told: str) -> None:
    with pytest.raises(NiangjiaError, match=told):
        staff(*words)


def test_a_login_and_a_mail_address_are_taken_once() -> None:
    staff("add", "li.ming")
    with pytest.raises(NiangjiaError, match="taken"):
        staff("add", "li.ming")
    staff("add", "wang.fang", "--email", "wang.fang@example.org")
    with pytest.raises(NiangjiaError, match="Another account has this mail address"):
        staff("add", "wang.fang2", "--email", "WANG.FANG@example.org")


def test_a_role_that_is_none_is_met_with_those_there_are() -> None:
    result = CliRunner().invoke(cli.app, ["staff", "add", "li.ming", "--role", "king"])
    assert result.exit_code == 2
    assert "supervisor" in result.output
