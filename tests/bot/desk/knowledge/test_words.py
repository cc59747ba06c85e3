"""What is said in Chinese of what the readers say in English."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.desk.knowledge import words
from bot.desk.knowledge.ports import JobState
from bot.desk.knowledge.reasons import noticed, told
from ingest import readers
from knowledge.model import DocumentKind

RECORDS = "records.py"  # files of records cannot be brought to the desk


def reasons() -> Iterator[str]:
    """Yield every reason that a reader gives, 7 standing for what it fills in."""
    for file in sorted(Path(readers.__file__).parent.glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf8"))):
            if file.name == RECORDS or not isinstance(node, ast.Call) or ast.unparse(node.func) != "ReadError":
                continue
            (said,) = node.args
            parts = said.values if isinstance(said, ast.JoinedStr) else [said]
            reason = "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)
            if any(map(str.isalpha, reason)):  # another reason is handed on as it is
                yield reason


@pytest.mark.parametrize("reason", list(reasons()))
def test_every_reasonof_a_reader_is_told_in_chinese(reason: str) -> None:
    assert told(reason) != reason


@pytest.mark.parametrize(
    ("warning", "said"),
    [
        ("category 天气 is not in the vocabulary and was left out", "类别“天气”不认识，没有用"),
        ("a/b.md: 第十二条 is missing", "a/b.md: 缺了第十二条"),
        ("a/b.md is the same document as a/c.md and was left out", "a/b.md 和 a/c.md 内容一样，只用了那一份"),
        ("something new", "something new"),
    ],
)
def test_what_a_reader_noticed_is_told_in_chinese_where_it_is_known(warning: str, said: str) -> None:
    assert noticed(warning) == said


def test_every_state_and_kind_has_its_words() -> None:
    assert set(words.ENDINGS) == set(JobState) - {JobState.RUNNING}
    assert set(words.KINDS) == set(DocumentKind)
