import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.evaluation.report import COLUMNS, cells
from bot.evaluation.run import Run
from bot.settings import Settings
from knowledge.embedder import Embedder
from knowledge.generation import Generations
from tests.bot.answers.house import DOCUMENTS, MEALS, MOVING, STATIONS, build
from tests.models import cross_encoder

ACT = {"law": "职工搬家假办法", "article": "第二条"}
ROWS: list[dict[str, Any]] = [
    {"id": "a", "question": MOVING, "gold": [ACT], "topic": "假期", "answer_facts": ["五天"]},
    {
        "id": "b",
        "question": "十堰建成多少座工会驿站",
        "gold_file": "seeds/十堰市总工会.txt",
        "gold_quote": "建成工会驿站137座",
    },
    {"id": "c", "question": MEALS, "document": "夜班餐补怎么领", "section": "先说结论"},
    {"id": "d", "question": "互助金每月交多少", "gold": [4711]},
    {
        "id": "e",
        "turns": [{"content": STATIONS}, {"content": "随州呢"}],
        "source": "随州市总工会.txt",
        "quote": "工会驿站64座",
    },
    {"id": "f", "question": "加班工资怎么算", "gold": [{"law": "劳动法", "article": "第四十四条"}]},
    {"id": "g", "question": "今天天气怎么样", "reason": "闲谈", "kind": "small-talk"},
]


@pytest.fixture(autouse=True)
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run where no setting and no `.env` is."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    return written(tmp_path / "house.jsonl", ROWS)


def written(file: Path, rows: list[dict[str, Any]]) -> Path:
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(f"{json.dumps(row)}\n" for row in rows), "utf8")
    return file


def evaluate(*words: object) -> str:
    result = CliRunner().invoke(cli.app, ["eval", *map(str, words)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_every_form_of_gold_is_found_and_cited(house_home: Path, questions: Path, tmp_path: Path) -> None:
    told = evaluate(questions, "--home", house_home, "--output", tmp_path / "out")
    rows = {row.search.id: row for row in Run.load(tmp_path / "out").sets["house"]}
    found = {name: row.search.rank for name, row in rows.items() if row.search.hit(5)}
    assert set(found) == {"a", "b", "c", "d", "e"}
    assert {name for name, row in rows.items() if row.cited} >= {"a", "b", "c", "e"}
    assert [name for name, row in rows.items() if row.search.absent] == ["f"]
    assert rows["a"].facts is True
    assert rows["d"].search.recall == (1.0, 1.0)
    assert rows["g"].right
    assert "house" in told
    assert str(tmp_path / "out" / "report.html") in told
    assert {file.name for file in (tmp_path / "out").iterdir()} == {"report.md", "report.html", "run.json"}


def test_the_table_shows_the_figures_that_the_sets_can_tell(
    house_home: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    told = evaluate(questions, written(tmp_path / "talk.jsonl", ROWS[-1:]), "--home", house_home, "--output", "out")
    run = Run.load(Path("out"))
    figures = dict(zip(COLUMNS, cells(run.sets["house"]), strict=True))
    lines = told.splitlines()[:-1]
    head, house, talk = (next(line for line in lines if line.startswith(name)) for name in ("set", "house", "talk"))
    assert head.split()[:4] == ["set", "rows", "hit@1", "hit@5"]
    assert "facts" not in head
    assert house.split()[:4] == ["house", "7", figures["hit@1"], figures["hit@5"]]
    assert talk.split()[:3] == ["talk", "1", "–"]
    assert max(map(len, lines)) <= 80


def test_a_report_says_which_reranker_answered(
    house_home: Path, questions: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluate(questions, "--home", house_home, "--output", tmp_path / "without")
    monkeypatch.setenv("RERANKER_MODEL", str(cross_encoder(tmp_path / "judge", "".join(DOCUMENTS.values()))))
    evaluate(questions, "--home", house_home, "--against", tmp_path / "without", "--output", tmp_path / "with")
    assert (Run.load(tmp_path / "without").reranker, Run.load(tmp_path / "with").reranker) == (None, "judge")
    for name in ("report.md", "report.html"):
        assert (tmp_path / "with" / name).read_text("utf8").count("reranker judge") == 1
        assert "reranker" not in (tmp_path / "without" / name).read_text("utf8")


def test_the_shipped_sets_are_asked_where_no_file_is_named(house_home: Path, tmp_path: Path) -> None:
    told = evaluate("--home", house_home, "--output", tmp_path / "out")
    run = Run.load(tmp_path / "out")
    assert "unanswerable" in run.sets
    assert "documents" not in run.sets  # the small house holds none of the shipped documents
    assert "documents is left out" in told


def test_two_sets_of_one_name_are_told_apart_by_their_paths(house_home: Path, tmp_path: Path) -> None:
    files = [written(tmp_path / folder / "set.jsonl", ROWS[:1]) for folder in ("one", "two")]
    evaluate(*files, files[0], "--home", house_home, "--output", tmp_path / "out")
    assert list(Run.load(tmp_path / "out").sets) == [str(file) for file in files]


def test_a_wrong_row_is_told_before_anything_is_asked(house_home: Path, tmp_path: Path) -> None:
    bad = written(tmp_path / "bad.jsonl", [ROWS[0], {"question": "几天"}])
    result = CliRunner().invoke(
        cli.app, ["eval", str(bad), "--home", str(house_home), "--output", str(tmp_path / "out")]
    )
    assert result.exit_code == 1
    assert f"{bad}, line 2: a row needs what answers it" in str(result.exception)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("option", "reason"), [("--generation", "no generation x"), ("--against", "no earlier evaluation")]
)
def test_what_is_not_there_is_told(house_home: Path, questions: Path, option: str, reason: str) -> None:
    result = CliRunner().invoke(cli.app, ["eval", str(questions), "--home", str(house_home), option, "x"])
    assert reason in str(result.exception)


def test_two_generations_are_put_side_by_side_and_so_is_an_earlier_report(
    tmp_path: Path, questions: Path, encoder: Embedder
) -> None:
    home = tmp_path / "home"
    build(home, tmp_path / "papers", encoder)
    first = Generations(home).current()
    papers = {name: text for name, text in DOCUMENTS.items() if "夜班餐补" not in name}
    (tmp_path / "papers/library/guides/夜班餐补.md").unlink()
    build(home, tmp_path / "papers", encoder, papers)
    second = Generations(home).current()
    told = evaluate(questions, "--home", home, "--against", first, "--output", tmp_path / "out")
    assert "found within 5 passages: 0 won, 1 lost" in told
    assert Run.load(tmp_path / "out").generation == second
    report = (tmp_path / "out" / "report.md").read_text("utf8")
    assert f"beside {first}" in report
    assert "| ↳ before | 7 |" in report
    assert f"| house c | {MEALS} |" in report
    told = evaluate(
        questions, "--home", home, "--generation", first, "--against", tmp_path / "out", "--output", tmp_path / "back"
    )
    assert "found within 5 passages: 1 won, 0 lost" in told


def test_reports_are_kept_in_the_home_unless_told_otherwise(tmp_path: Path, questions: Path, encoder: Embedder) -> None:
    build(tmp_path / "home", tmp_path / "papers", encoder)
    evaluate(questions, "--home", tmp_path / "home")
    (report,) = (tmp_path / "home" / "evaluations").glob("*/report.html")
    assert "劳动法 第四十四条" in report.read_text("utf8")
