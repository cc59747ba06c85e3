import io

import pytest
from rich.cells import cell_len
from rich.console import Console

from bot.answers.model import Answer, AnswerStatus
from bot.terminal import print_answer, wrapped
from knowledge.model import Citation


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("打12351问工会。再去", ["打12351问", "工会。再去"]),
        ("单位要给钱（《工会法》）", ["单位要给钱", "（《工会", "法》）"]),
        ("拖欠的工资要还，要还", ["拖欠的工资", "要还，要还"]),
        ("一\n\n二", ["一", "", "二"]),
        ("打 12351 的人", ["打 12351", "的人"]),
    ],
)
def test_lines_break_between_characters_but_not_in_numbers_nor_before_marks(text: str, lines: list[str]) -> None:
    assert wrapped(text, 10) == lines


def test_nothing_is_lost_and_nothing_is_wider_than_asked() -> None:
    text = "单位被责令限期支付后还不付，要另外加付50%到100%的赔偿金（《劳动合同法》第八十五条）。" * 3
    lines = wrapped(text, 24)
    assert "".join(lines) == text
    assert max(map(cell_len, lines)) <= 24


def test_an_answer_names_each_source_with_its_place_and_shows_brackets_as_they_are() -> None:
    guide = Citation("documents/a.md", "[bold]欠薪", "可以要[red]回来", 0, 9, path=("先说结论",))
    law = Citation("laws/b.md", "劳动法", "不得克扣", 0, 4, path=("第五章",), law="劳动法", article="第五十条")
    output = io.StringIO()
    print_answer(Answer(AnswerStatus.ANSWERED, "可以。", 0.9, (guide, law)), Console(file=output, width=60))
    shown = output.getvalue()
    assert "1. 《[bold]欠薪》 · 先说结论\n   “可以要[red]回来”" in shown
    assert "2. 《劳动法》第五十条\n   “不得克扣”" in shown
