import re
from pathlib import Path

import pytest

from bot.triage import wordlists
from bot.triage.wordlists import WordlistError, Words, read_wordlists
from tests.bot.triage.test_examples import EXAMPLES

SHIPPED = Path(wordlists.__file__).parent


def test_lists_are_alternatives_and_pieces_fill_them(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text("pieces:\n  who: [我, 他]\nhit:\n  beaten: ['打<who>', 挨打]\n", "utf8")
    hit = Words(read_wordlists(file)["hit"])
    assert hit.first("老板打他了") == {"beaten": "打他"}
    assert hit.first("老板打卡了") == {}


def test_of_several_words_of_a_list_the_first_of_the_text_is_told() -> None:
    assert Words({"hit": ["打断", "挨打"]}).first("挨打了，手打断了") == {"hit": "挨打"}


@pytest.mark.parametrize("name", ["danger.yaml", "cues.yaml"])
def test_what_is_found_is_what_a_search_for_all_words_finds(name: str) -> None:
    for lists in read_wordlists(SHIPPED / name).values():
        words = Words(lists)
        whole = {name: re.compile("|".join(patterns), re.DOTALL) for name, patterns in lists.items()}
        for text in (row["text"] for row in EXAMPLES[::5]):
            searched = ((name, pattern.search(text)) for name, pattern in whole.items())
            assert list(words.first(text).items()) == [(name, match[0]) for name, match in searched if match], text


def test_a_file_that_holds_no_lists_is_named(tmp_path: Path) -> None:
    file = tmp_path / "words.yaml"
    file.write_text("hit: [打]\n", "utf8")
    with pytest.raises(WordlistError, match=r"words\.yaml"):
        read_wordlists(file)


def test_words_that_are_no_pattern_are_named() -> None:
    with pytest.raises(WordlistError, match="list hit"):
        Words({"hit": ["(打"]})
