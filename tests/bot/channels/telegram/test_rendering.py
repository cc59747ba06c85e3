import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot import texts
from bot.channels.telegram.rendering import LIMIT, keyboard, parts, split, units
from bot.messages import Button, Reply
from knowledge.model import Citation
from tests.telegram_api.markup import parse_html

ARTICLE = Citation("laws/a.md", "中华人民共和国劳动合同法", "原文", 0, 2, law="劳动合同法", article="第八十五条")
GUIDE = Citation("knowledge/b.md", "困难帮扶 <指南>", "原文", 0, 2)


def test_html_says_what_plain_says() -> None:
    [part] = parts(Reply("工资 < 2010 元 & “加班”", citations=(ARTICLE, GUIDE)))
    text, entities = parse_html(part.html)
    assert text == part.plain
    assert text.endswith(f"\n\n{texts.SOURCES}①《劳动合同法》第八十五条　②《困难帮扶 <指南>》")
    assert [entity["type"] for entity in entities] == ["bold"]


def test_sources_that_do_not_fit_become_a_message_of_their_own() -> None:
    reply = Reply("工" * LIMIT, citations=(ARTICLE,))
    assert units(parts(reply)[0].plain) == LIMIT
    assert parts(reply)[1].plain == f"{texts.SOURCES}①《劳动合同法》第八十五条"
    assert len(parts(replace(reply, citations=()))) == 1


def test_quotes_from_one_source_share_its_name() -> None:
    [part] = parts(Reply("答", citations=(GUIDE, ARTICLE, GUIDE)))
    assert part.plain.endswith("①③《困难帮扶 <指南>》　②《劳动合同法》第八十五条")


def test_sources_that_the_words_name_are_not_named_again() -> None:
    [part] = parts(Reply("出处1 《劳动合同法》第八十五条\n\n原文", citations=(ARTICLE,)))
    assert texts.SOURCES not in part.plain


def test_a_long_text_is_parted_at_the_end_of_a_paragraph_then_of_a_sentence() -> None:
    assert split("第一段。还有。\n\n第二段。", 10) == ["第一段。还有。", "第二段。"]
    assert split("甲甲甲甲。乙乙乙乙。丙丙", 11) == ["甲甲甲甲。乙乙乙乙。", "丙丙"]
    assert split("他说：“行。”然后走了", 8) == ["他说：“行。”", "然后走了"]


def test_a_break_too_early_is_passed_over() -> None:
    assert split("题\n" + "甲" * 8 + "。" + "乙" * 8, 12) == ["题\n" + "甲" * 8 + "。", "乙" * 8]


def test_no_character_is_cut_in_two() -> None:
    assert split("😀" * 5, 3) == ["😀"] * 5


@given(st.text(alphabet="工资。，\n a<&😀”", min_size=1), st.integers(2, 40))
def test_pieces_hold_all_words_and_keep_to_the_limit(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)
    assert all(units(piece) <= limit for piece in pieces)
    assert len(pieces) == 1 or all(pieces)


def test_rows_of_buttons_stay_rows() -> None:
    markup = keyboard(((Button("有帮助", "ok:1"), Button("没帮上", "no:1")), (Button("找人工", "human"),)))
    assert markup == {
        "inline_keyboard": [
            [{"text": "有帮助", "callback_data": "ok:1"}, {"text": "没帮上", "callback_data": "no:1"}],
            [{"text": "找人工", "callback_data": "human"}],
        ]
    }
    assert keyboard(()) is None
