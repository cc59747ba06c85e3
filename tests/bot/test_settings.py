import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError
from pydantic_core import PydanticUndefined

from bot.cases.evidence import LARGEST
from bot.settings import Settings

ROOT = Path(__file__).parents[2]
EXAMPLE = (ROOT / ".env.example").read_text("utf8")
STATED = dict(re.findall(r"^([A-Z_]+)=(.*)$", EXAMPLE, re.MULTILINE))
GUIDES = ("docs/operations.md", "docs/operations.zh-CN.md")


def test_the_example_states_every_setting_and_its_default() -> None:
    defaults: dict[str, Any] = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    assert PydanticUndefined not in defaults.values()
    assert {name: "" if value is None else str(value) for name, value in defaults.items()} == STATED


def test_the_example_says_of_every_setting_what_it_is_for() -> None:
    groups = [group for group in EXAMPLE.split("\n\n") if re.search(r"^[A-Z_]+=", group, re.MULTILINE)]
    assert groups
    assert [group for group in groups if not group.startswith("# ")] == []


def test_an_untouched_copy_of_the_example_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in STATED:
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".env").write_text(EXAMPLE, "utf8")
    assert Settings(_env_file=tmp_path / ".env") == Settings(_env_file=None)


@pytest.mark.parametrize("file", GUIDES)
def test_the_operators_guide_names_every_setting(file: str) -> None:
    guide = (ROOT / file).read_text("utf8")
    assert [name for name in STATED if f"`{name}`" not in guide] == []


@pytest.mark.parametrize("file", GUIDES)
def test_the_operators_guide_states_the_defaults_that_hold(file: str) -> None:
    guide = (ROOT / file).read_text("utf8")
    rows = dict(re.findall(r"^\| `([A-Z_]+)` \| ([^|]*?) ?\|", guide, re.MULTILINE))
    assert len(rows) > 20
    assert rows == {name: f"`{STATED[name]}`" if STATED[name] else "" for name in rows}


def test_the_operators_guide_gives_the_same_commands_and_names_the_same_things_in_both_languages() -> None:
    english, chinese = (_named((ROOT / file).read_text("utf8")) for file in GUIDES)
    assert all(english)
    assert chinese == english


def test_the_proxy_of_the_operators_guide_lets_the_largest_file_through() -> None:
    most = re.search(r"client_max_body_size (\d+)m;", (ROOT / GUIDES[0]).read_text("utf8"))
    assert most is not None
    assert int(most[1]) * 1024 * 1024 > LARGEST


@pytest.mark.parametrize(
    ("file", "names"),
    [
        ("compose.yaml", r"^ {6}([A-Z_]+):"),
        ("Dockerfile", r"\b(NIANGJIA_HOME|HOST|PORT|[A-Z_]+_URL|SECRET_[A-Z]+)="),
        ("docs/operations.md", r"^(?:Environment=)?([A-Z][A-Z_]+)="),
    ],
)
def test_what_is_shown_to_operators_sets_what_there_is_to_set(file: str, names: str) -> None:
    set_there = set(re.findall(names, (ROOT / file).read_text("utf8"), re.MULTILINE))
    assert set_there
    assert set_there - STATED.keys() <= {"UV_OFFLINE", "PIP_NO_INDEX", "PIP_FIND_LINKS"}


def test_an_unknown_level_of_logs_is_refused() -> None:
    with pytest.raises(ValidationError, match="use DEBUG, INFO, WARNING or ERROR"):
        Settings(_env_file=None, log_level="loud")


def _named(guide: str) -> tuple[list[str], list[list[str]]]:
    """Return the blocks of commands without their comments, and what the rows of tables are about."""
    blocks = [re.sub(r" *#.*", "", block) for block in re.findall(r"^```.*?^```", guide, re.MULTILINE | re.DOTALL)]
    rows = [re.findall(r"`([^`]+)`", row) for row in re.findall(r"^\| ([^|]*`[^|]*)\|", guide, re.MULTILINE)]
    return blocks, rows
