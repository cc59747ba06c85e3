from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from ingest.cli import register

GUIDE = """---
id: rights/pay
title: 工资
kind: right
categories: [欠薪]
regions: []
audience: [全体职工]
effective: null
expires: null
recheck: 2999-01-01
statutes: []
sources: []
unverified: []
reviewed: 2026-11-01
---

## 先说结论

工资要足额发给您。
"""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    folder = tmp_path / "documents" / "rights"
    folder.mkdir(parents=True)
    (folder / "pay.md").write_text(GUIDE, "utf8")
    return tmp_path


def run(*arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, ["knowledge", "check", *arguments])
    return result.exit_code, result.output


def test_warnings_pass_and_are_counted(base: Path) -> None:
    code, output = run(str(base))
    assert code == 0
    assert "documents/rights/pay.md:1: 1 of 1 places have fewer than 3 questions: 先说结论 (0)" in output
    assert "0 errors, 1 warnings." in output


def test_strict_lets_warnings_fail(base: Path) -> None:
    code, output = run(str(base), "--strict")
    assert code == 1
    assert "1 errors, 0 warnings." in output


def test_an_error_fails_and_stands_under_its_group_with_file_and_line(base: Path) -> None:
    file = base / "documents" / "rights" / "pay.md"
    file.write_text(GUIDE.replace("工资要足额发给您。", "打12366。"), "utf8")
    code, output = run(str(base))
    assert code == 1
    lines = output.splitlines()
    at = lines.index("contacts and addresses")
    assert lines[at + 1].endswith("documents/rights/pay.md:19: names the number 12366, which is not allowed")


def test_a_long_list_is_cut_unless_all_of_it_is_asked_for(base: Path) -> None:
    file = base / "documents" / "rights" / "pay.md"
    file.write_text(GUIDE + "\n打12366。\n" * 60, "utf8")
    assert "contacts and addresses: 10 more" in run(str(base))[1]
    assert run(str(base), "--all")[1].count("12366") == 60
