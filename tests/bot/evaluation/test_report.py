import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from bot.answers.model import AnswerStatus
from bot.evaluation.report import COLUMNS, cells, write
from bot.evaluation.run import Run, RunError
from tests.bot.evaluation.rows import answered, refused, run, unanswerable

EVIL = "<script>alert(1)</script> | 几天\n呢"


@pytest.fixture
def later() -> Run:
    lost = refused("3", rank=None, question=EVIL)
    return run(
        laws=[answered("1", group="假期"), answered("2", rank=3, group="工资"), lost],
        none=[unanswerable("1"), unanswerable("2", status=AnswerStatus.ANSWERED)],
    )


def test_a_run_is_kept_whole(tmp_path: Path, later: Run) -> None:
    write(tmp_path / "deep" / "out", later)
    assert Run.load(tmp_path / "deep" / "out") == later
    assert Run.load(tmp_path / "deep" / "out" / "run.json") == later


def test_what_is_no_run_is_told(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text('{"sets": 1}', "utf8")
    for path in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(RunError, match="no earlier evaluation"):
            Run.load(path)


def test_the_cells_match_their_columns(later: Run) -> None:
    figures = dict(zip(COLUMNS, cells(later.sets["laws"]), strict=True))
    assert (figures["rows"], figures["hit@1"], figures["hit@5"], figures["R@10"]) == ("3", "0.333", "0.667", "–")
    assert figures["false refusal"] == "0.333"


def test_the_page_needs_nothing_else_and_takes_no_orders_from_a_question(tmp_path: Path, later: Run) -> None:
    write(tmp_path, later)
    html = (tmp_path / "report.html").read_text("utf8")
    page = BeautifulSoup(html, "html.parser")
    assert page.find(["script", "link", "img", "iframe"]) is None
    assert re.search(r"https?:|url\(|@import", html) is None
    assert "prefers-color-scheme: dark" in html
    assert page.find("meta", {"name": "viewport"}) is not None
    assert len(page.find_all("svg")) == 4
    questions = [fault.p.text for fault in page.select(".fault") if fault.p]
    assert questions == [EVIL, "第2问"]
    assert "劳动法 第二条: 别的" in page.select(".fault")[0].text


def test_markdown_tables_hold_whatever_a_question_holds(tmp_path: Path, later: Run) -> None:
    write(tmp_path, later)
    lines = (tmp_path / "report.md").read_text("utf8").splitlines()
    (row,) = [line for line in lines if "alert(1)" in line]
    assert r"&lt;script>alert(1)&lt;/script> \| 几天 呢" in row
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in lines if line.startswith("| laws |")}
    assert widths == {len(COLUMNS) + 2}
    assert any(line.startswith("| 假期 | 1 |") for line in lines)


def test_two_runs_stand_side_by_side_with_what_was_won_and_lost(tmp_path: Path, later: Run) -> None:
    before = run(laws=[answered("1", rank=9), answered("2", rank=3), answered("3", question=EVIL)])
    write(tmp_path, later, before)
    page = BeautifulSoup((tmp_path / "report.html").read_text("utf8"), "html.parser")
    found = page.find("h2", string=re.compile("Changed: found"))
    assert found is not None
    assert "1 won, 1 lost" in found.find_next("p").text  # type: ignore[union-attr]
    assert [summary.text for summary in page.select("summary.lost")] == ["lost: 1", "lost: 1"]
    assert len(page.select("tr.before")) == 1
    assert page.select(".fill1")
    text = (tmp_path / "report.md").read_text("utf8")
    assert "| Lost | question | expected | before | now |" in text
    assert "| laws 1 | 第1问 |" in text


def test_sets_that_only_the_earlier_run_was_asked_are_left_out(tmp_path: Path, later: Run) -> None:
    before = run(others=[answered("1", confidence=0.05)])
    write(tmp_path, later, before)
    page = BeautifulSoup((tmp_path / "report.html").read_text("utf8"), "html.parser")
    assert page.select(".fill0")
    assert page.select(".fill1") == []
    assert "others" not in page.text
