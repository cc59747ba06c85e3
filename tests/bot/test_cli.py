import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.settings import Settings
from tests.bot.answers.house import MOVING, NEW_SOURCE, OLD_SOURCE, STATIONS

HEAVY = {"torch", "chromadb", "langchain_core", "bm25s", "aiogram", "sqlalchemy", "fastapi", "uvicorn", "lxml", "numpy"}


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where no setting and no `.env` is."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("COLUMNS", "120")


def ask(*words: object, home: Path | None = None) -> str:
    """Run `niangjia ask` and return what it prints."""
    where = ["--home", str(home)] if home else []
    result = CliRunner().invoke(cli.app, ["ask", *map(str, words), *where], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def asked(*words: object, home: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ask(*words, home=home).splitlines()]


def misused(*words: str) -> str:
    """Run the command line with words that are wrong, and return its complaint without frame and line breaks."""
    result = CliRunner().invoke(cli.app, words)
    assert result.exit_code == 2
    return "".join(result.output.replace("│", "").split())


def fails(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Run the whole command line, which fails, and return the one sentence that it tells."""
    monkeypatch.setattr(sys, "argv", ["niangjia", *map(str, words)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    told = capsys.readouterr()
    assert ended.value.code == 1
    assert len(told.err.strip().splitlines()) == 1
    return told.err


# --- one question ---


def test_an_answer_is_shown_with_its_sources(house_home: Path) -> None:
    shown = ask(MOVING, home=house_home)
    assert "五天" in shown
    assert "1. 《职工搬家假办法》第二条" in shown
    assert "“第二条 职工因为搬家需要请假的，用人单位应当给予五天搬家假。”" in shown


def test_a_refusal_is_shown_with_who_would_know_and_without_sources(house_home: Path) -> None:
    shown = ask("班车几点从厂里开", home=house_home)
    assert "12351" in shown
    assert "1. 《" not in shown


def test_what_is_no_matter_of_work_is_told_so_without_sending_anybody_on(house_home: Path) -> None:
    shown = ask("今天天气怎么样", home=house_home)
    assert "我只懂工作上的事" in shown
    assert "12351" not in shown


def test_json_is_one_line_and_top_bounds_the_passages(house_home: Path) -> None:
    (record,) = asked(MOVING, "--json", "--top", 2, home=house_home)
    assert record["status"] == "answered"
    assert record["citations"][0]["source"] == NEW_SOURCE
    assert len(record["passages"]) == 2
    assert "id" not in record


def test_a_region_is_kept_to(house_home: Path) -> None:
    for region, told, kept in (("十堰", "137", "64"), ("随州", "64", "137")):
        (record,) = asked(STATIONS, "--region", region, "--json", home=house_home)
        assert told in record["answer"]
        assert kept not in record["answer"]


def test_an_unknown_region_is_met_with_those_there_are() -> None:
    told = misused("ask", STATIONS, "--region", "火星")
    assert "火星" in told
    assert all(region in told for region in ("荆州市", "荆州城发", "省直", "十堰", "随州"))


def test_as_of_answers_by_what_held_then(house_home: Path) -> None:
    (record,) = asked(MOVING, "--as-of", "2015-03-01", "--json", home=house_home)
    assert "二天" in record["answer"]
    assert record["citations"][0]["source"] == OLD_SOURCE


def test_a_day_that_is_none_is_refused() -> None:
    assert "2015-13-01" in misused("ask", MOVING, "--as-of", "2015-13-01")


# --- question sets ---


def test_a_set_is_answered_in_its_order_and_turns_as_one_conversation(tmp_path: Path, house_home: Path) -> None:
    rows: list[dict[str, Any]] = [
        {"id": "a", "question": MOVING, "kept": "for others"},
        {"id": 2, "turns": [{"role": "user", "content": MOVING}, {"role": "user", "content": "工资照发吗？"}]},
        {"id": "c", "question": "今天天气怎么样"},
    ]
    batch = tmp_path / "set.jsonl"
    batch.write_text("\n\n".join(json.dumps(row) for row in rows), "utf8")
    records = asked("--batch", batch, home=house_home)
    assert [record["id"] for record in records] == ["a", 2, "c"]
    assert [record["status"] for record in records] == ["answered", "answered", "refused"]
    assert "照常支付工资" in records[1]["answer"]


@pytest.mark.parametrize(
    "row",
    [
        "no json",
        "[1]",
        '"text"',
        '{"question": "无号"}',
        '{"id": "q"}',
        '{"id": "q", "question": 5}',
        '{"id": "q", "turns": []}',
        '{"id": "q", "turns": ["text"]}',
    ],
)
def test_a_wrong_row_is_named_by_its_line_after_the_right_ones_were_answered(
    tmp_path: Path,
    house_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    row: str,
) -> None:
    batch = tmp_path / "set.jsonl"
    batch.write_text(json.dumps({"id": "a", "question": MOVING}) + f"\n{row}\n", "utf8")
    assert "set.jsonl, line 2" in fails(monkeypatch, capsys, "ask", "--batch", batch, "--home", house_home)


@pytest.mark.parametrize("name", ["absent.jsonl", "."])
def test_a_set_that_cannot_be_read_is_named(
    tmp_path: Path, house_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    told = fails(monkeypatch, capsys, "ask", "--batch", tmp_path / name, "--home", house_home)
    assert str(tmp_path / name) in told


def test_a_question_and_a_set_exclude_each_other_and_one_is_needed(tmp_path: Path) -> None:
    for words in (("ask",), ("ask", MOVING, "--batch", str(tmp_path / "set.jsonl"))):
        assert "eitheraquestionor--batchFILE" in misused(*words)


# --- homes and settings ---


def test_without_an_index_the_next_step_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "run `niangjia ingest` first" in fails(monkeypatch, capsys, "ask", MOVING, "--home", tmp_path / "new")
    assert not (tmp_path / "new").exists(), "asking leaves nothing behind"


def test_the_home_comes_from_the_option_before_the_environment_before_the_file(
    tmp_path: Path, house_home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Path(".env").write_text(f"NIANGJIA_HOME={house_home}\n", "utf8")
    assert "五天" in ask(MOVING)
    monkeypatch.setenv("NIANGJIA_HOME", str(tmp_path / "empty"))
    assert str(tmp_path / "empty") in fails(monkeypatch, capsys, "ask", MOVING)
    assert "五天" in ask(MOVING, home=house_home)


def test_a_wrong_setting_is_one_sentence_that_names_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", "many")
    monkeypatch.setenv("LOG_LEVEL", "loud")
    told = fails(monkeypatch, capsys, "ask", MOVING)
    assert "PORT" in told
    assert "LOG_LEVEL" in told
    assert "DEBUG, INFO, WARNING or ERROR" in told


def test_the_installed_command_prints_answers_and_nothing_else(tmp_path: Path, house_home: Path) -> None:
    rows = [{"id": "a", "question": MOVING}, {"id": "b", "question": "工友刚刚从架子上摔下来了"}]
    (tmp_path / "set.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf8")
    done = subprocess.run(
        [Path(sys.executable).with_name("niangjia"), "ask", "--batch", "set.jsonl"],
        env=os.environ | {"NIANGJIA_HOME": str(house_home)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stderr) == (0, "")
    answered, danger = map(json.loads, done.stdout.splitlines())
    assert "五天" in answered["answer"]
    assert (danger["status"], danger["passages"]) == ("crisis", [])
    assert "120" in danger["answer"]


def test_help_of_every_command_loads_nothing_heavy() -> None:
    code = f"""
import json, sys, typer
from typer.testing import CliRunner
from bot import cli

def commands(command, words):
    yield words
    for name, inner in getattr(command, "commands", {{}}).items():
        yield from commands(inner, [*words, name])

asked = list(commands(typer.main.get_command(cli.app), []))
for words in asked:
    shown = CliRunner().invoke(cli.app, [*words, "--help"])
    assert shown.exit_code == 0 and "Usage" in shown.output, words
print(json.dumps([" ".join(words) for words in asked]))
print(sorted({HEAVY!r} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    names, loaded = done.stdout.splitlines()
    assert {"ask", "serve", "ingest", "sources add", "generations", "rollback"} <= set(
        json.loads(names.replace("'", '"'))
    )
    assert loaded == "[]"
