from pathlib import Path

import pytest

from bot.triage.wordlists import WordlistError, first, read_wordlists


def test_lists_are_alternatives_and_pieces_fill_them(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text("pieces:\n  who: [我, 他]\nhit:\n  beaten: ['打<who>', 挨打]\n", "utf8")
    assert first(read_wordlists(file)["hit"], "老板打他了") == {"beaten": "打他"}
    assert first(read_wordlists(file)["hit"], "老板打卡了") == {}


@pytest.mark.parametrize("text", ["hit:\n  beaten: ['(打']\n", "hit: [打]\n"])
def test_a_list_that_cannot_be_read_is_named(tmp_path: Path, text: str) -> None:
    file = tmp_path / "words.yaml"
    file.write_text(text, "utf8")
    with pytest.raises(WordlistError, match=r"words\.yaml"):
        read_wordlists(file)
