import pytest

from tests.telegram_api.errors import BadRequestError
from tests.telegram_api.markup import parse_html, spoken_entities, trimmed, units


def test_tags_become_entities_counted_in_utf16_units() -> None:
    text, entities = parse_html('😀<b>依<i>据</i></b> <a href="https://a.cn/?x=1&amp;y=2">原文</a>')
    assert text == "😀依据 原文"
    assert entities == [
        {"type": "bold", "offset": 2, "length": 2},
        {"type": "italic", "offset": 3, "length": 1},
        {"type": "text_link", "offset": 5, "length": 2, "url": "https://a.cn/?x=1&y=2"},
    ]


def test_known_character_references_are_read_and_unknown_ones_stay() -> None:
    assert parse_html("1 &lt; 2 &amp; 3 &#8212; &copy; a > b")[0] == "1 < 2 & 3 — &copy; a > b"


def test_a_quote_may_be_expandable() -> None:
    assert parse_html("<blockquote expandable>第一条</blockquote>")[1][0]["type"] == "expandable_blockquote"


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("工资 < 最低工资", "Unclosed start tag at byte offset 7"),
        ("<p>第一条</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("第一<br>条", 'Unsupported start tag "br" at byte offset 6'),
        ("<b>第一条", 'Can\'t find end tag corresponding to start tag "b"'),
        ("第一条</b>", "Unexpected end tag at byte offset 9"),
        ("<b><i>条</b></i>", 'Unmatched end tag at byte offset 9, expected "</i>", found "</b>"'),
        ("<b>条</b", "Unclosed end tag at byte offset 6"),
        ('<span class="x">条</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
        ("<a href>条</a>", 'Expected equal sign in declaration of an attribute of the tag "a" at byte offset 0'),
        ("<a ='x'>条</a>", 'Empty attribute name in the tag "a" at byte offset 0'),
    ],
)
def test_what_telegram_cannot_parse_is_refused_in_its_words(source: str, reason: str) -> None:
    with pytest.raises(BadRequestError) as refused:
        parse_html(source)
    assert refused.value.description == f"Bad Request: can't parse entities: {reason}"


def test_white_space_around_a_text_is_cut_and_entities_move_along() -> None:
    assert trimmed(*parse_html("\n <b> 依据 </b>\n")) == ("依据", [{"type": "bold", "offset": 0, "length": 2}])


def test_commands_mentions_and_addresses_in_a_persons_words_are_marked() -> None:
    assert [e["type"] for e in spoken_entities("/help@x_bot 问 @niangjia_bot 见 https://a.cn")] == [
        "bot_command",
        "mention",
        "url",
    ]


def test_units_are_utf16() -> None:
    assert units("工a😀") == 4
