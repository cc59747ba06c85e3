import json
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ingest import cli, console
from ingest.lock import LockedError, writer_lock
from ingest.pipeline import ingest as run_ingest
from ingest.sources import Sources
from knowledge.embedder import open_embedder
from knowledge.generation import Generations
from tests.library import write


@pytest.fixture
def app() -> typer.Typer:
    app = typer.Typer()
    cli.register(app)
    return app


def test_the_whole_way_of_an_operator(app: typer.Typer, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        result = CliRunner().invoke(app, [*words, "--home", str(tmp_path / "home")], catch_exceptions=False)
        assert result.exit_code == 0, result.output
        return result.output

    folder = write(tmp_path / "lib")
    assert "no index yet" in run("generations")
    assert "3 added" in run("ingest", str(folder), "--dry-run")
    assert Generations(tmp_path / "home").current() is None
    assert "from now on" in run("ingest", str(folder))
    first = Generations(tmp_path / "home").current()
    write(tmp_path / "more", {"新.md": "# 新\n\n新的一段。\n"})
    assert "is listed" in run("sources", "add", str(tmp_path / "more"))
    assert json.loads(run("sources", "list", "--json")) == [str(folder), str(tmp_path / "more")]
    report = json.loads(run("ingest", "--json"))
    assert report["counts"] == {"added": 1, "changed": 0, "unchanged": 3, "removed": 0}
    rows = json.loads(run("generations", "--json"))
    assert [row["serves"] for row in rows] == [True, False]
    assert rows[1]["id"] == first
    assert str(first) in run("rollback")
    assert Generations(tmp_path / "home").current() == first
    assert "no longer listed" in run("sources", "remove", str(tmp_path / "more"))
    assert "Nothing new" in run("ingest")


def test_who_went_back_stays_there_until_the_next_ingest(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, folder = tmp_path / "home", write(tmp_path / "lib")
    console.ingest(home, None, [folder], judge=False)
    first = Generations(home).current()
    write(folder, {"新.md": "# 新\n\n新的一段。\n"})
    console.refresh(home, None)
    second = Generations(home).current()
    assert second != first
    console.rollback(home)
    write(folder, {"更新.md": "# 更新\n\n更新的一段。\n"})
    console.refresh(home, None)
    assert Generations(home).current() == first
    assert f"Generation {first} serves" in capsys.readouterr().out
    console.ingest(home, None, judge=False)
    assert Generations(home).current() not in {first, second}


def test_who_threw_a_new_index_away_keeps_the_old_one_until_the_next_ingest(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", write(tmp_path / "lib")
    console.ingest(home, None, [folder], judge=False)
    known = Generations(home)
    first = known.current()
    write(folder, {"新.md": "# 新\n\n新的一段。\n"})
    waiting = run_ingest(Sources(home), known, open_embedder(), serve=False).generation
    console.refresh(home, None)
    assert known.discard() == waiting
    assert [manifest.id for manifest in known.manifests()] == [first]
    console.refresh(home, None)
    assert known.current() == first
    write(folder, {"新.md": "# 新\n\n又改了。\n"})
    console.refresh(home, None)
    assert known.current() == first
    (folder / "新.md").unlink()
    console.ingest(home, None, judge=False)
    assert known.current() == first, "there was nothing new"
    write(folder, {"新.md": "# 新\n\n这次要。\n"})
    console.refresh(home, None)
    assert known.current() != first, "somebody had asked for what the sources say"


def test_a_bot_that_starts_while_an_index_is_written_serves_the_one_there_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home, folder = tmp_path / "home", write(tmp_path / "lib")
    with writer_lock(Generations(home).folder), pytest.raises(LockedError):
        console.refresh(home, None)
    console.ingest(home, None, [folder], judge=False)
    first = Generations(home).current()
    write(folder, {"新.md": "# 新\n\n新的一段。\n"})
    with writer_lock(Generations(home).folder):
        console.refresh(home, None)
    assert Generations(home).current() == first
    assert "Another ingest is at work" in capsys.readouterr().err


def test_a_failed_file_makes_the_exit_code_one(app: typer.Typer, tmp_path: Path) -> None:
    folder = write(tmp_path / "lib")
    (folder / "empty.txt").write_bytes(b"")
    result = CliRunner().invoke(app, ["ingest", str(folder), "--home", str(tmp_path / "home")])
    assert result.exit_code == 1
    assert "lib/empty.txt is empty" in result.output
    assert Generations(tmp_path / "home").current() is not None


def test_help_does_not_load_the_big_libraries() -> None:
    code = (
        "import sys, typer; from typer.testing import CliRunner; from ingest import cli\n"
        "app = typer.Typer(); cli.register(app)\n"
        "for words in (['--help'], ['ingest', '--help'], ['sources', '--help']):\n"
        "    assert CliRunner().invoke(app, words).exit_code == 0\n"
        "print([name for name in ('torch', 'chromadb', 'langchain_core', 'bm25s') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"


def test_brackets_in_a_file_name_are_told_as_they_are(app: typer.Typer, tmp_path: Path) -> None:
    folder = write(tmp_path / "lib")
    (folder / "[bold]草案.txt").write_bytes(b"")
    result = CliRunner().invoke(app, ["ingest", str(folder), "--home", str(tmp_path / "home")])
    assert "lib/[bold]草案.txt is empty" in result.output


def test_generations_are_told_whole_in_a_narrow_terminal(app: typer.Typer, tmp_path: Path) -> None:
    runner = CliRunner(env={"COLUMNS": "80"})
    home = ["--home", str(tmp_path / "home")]
    runner.invoke(app, ["ingest", str(write(tmp_path / "lib")), *home], catch_exceptions=False)
    told = runner.invoke(app, ["generations", *home], catch_exceptions=False).output
    assert f"→ {Generations(tmp_path / 'home').current()}" in told.replace("→  ", "→ ")
    assert "…" not in told
