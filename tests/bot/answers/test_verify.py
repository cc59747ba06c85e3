from dataclasses import replace

import pytest

from bot.answers.verify import stands
from knowledge.model import Block, Citation, Document, DocumentKind

TEXT = "第一条 为了工友。\n\n第二条 每个夜班补十八元。"
DOCUMENT = Document("laws/a.md", "餐补办法", TEXT, (Block(0, len(TEXT)),), DocumentKind.STATUTE)
QUOTE = "每个夜班补十八元。"
AT = TEXT.index(QUOTE)
CITATION = Citation("laws/a.md", "餐补办法", QUOTE, AT, AT + len(QUOTE))


def test_a_quote_that_stands_word_for_word_at_its_span_is_proved() -> None:
    assert stands(CITATION, DOCUMENT)


@pytest.mark.parametrize(
    "changed",
    [
        replace(CITATION, quote="每个夜班补八十元。"),
        replace(CITATION, start=AT - 1, end=AT + len(QUOTE) - 1),
        replace(CITATION, end=AT + len(QUOTE) + 1),
        replace(CITATION, start=len(TEXT), end=len(TEXT) + 9),
        replace(CITATION, quote="", end=AT),
    ],
    ids=["a word changed", "moved", "shorter than its span", "past the end", "empty"],
)
def test_a_quote_that_differs_from_its_source_is_not(changed: Citation) -> None:
    assert not stands(changed, DOCUMENT)


def test_a_quote_without_a_source_is_not() -> None:
    assert not stands(CITATION, None)
