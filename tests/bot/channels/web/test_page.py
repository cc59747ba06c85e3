from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import texts
from bot.channels.web.page import Page, messages_of
from bot.dialogue.actions import Action
from bot.dialogue.ports import OutboxReply
from bot.messages import Reply
from bot.texts import danger
from tests.bot.channels.web.site import GUIDE, LAW, Shelf, cite

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def stored(number: int, reply: Reply, question: str = "问", key: str = "chat:k1") -> OutboxReply:
    return OutboxReply(number, reply, key, question, NOW)


def dialled(text: str) -> list[str]:
    (message,) = messages_of([stored(1, Reply(text))], "chat:")
    return [number for lines in message.paragraphs for line in lines for _, number in line.pieces if number]


def test_a_question_with_two_replies_is_shown_once() -> None:
    messages = messages_of(
        [stored(1, Reply("一")), stored(2, Reply("二")), stored(3, Reply("三"), "再问", "chat:k2")], "chat:"
    )
    assert [(message.key, message.question) for message in messages] == [("k1", "问"), ("k1", ""), ("k2", "再问")]


def test_source_buttons_give_way_to_cards_and_labels_lose_their_pictures() -> None:
    guide = Shelf().documents[GUIDE]
    reply = Reply(
        "答",
        (cite(guide, "先留证据"),),
        ((Action.SOURCE.button("出处1", "x", "1"),), (Action.HELPFUL.button(texts.HELPFUL, "x"),)),
    )
    (message,) = messages_of([stored(1, reply)], "chat:")
    assert [[button.label for button in row] for row in message.rows] == [["有帮助"]]
    assert [(source.title, source.quote, source.date) for source in message.sources] == [
        ("《老板拖欠工资怎么办》", "先留证据", "先说结论 · 2026年11月21日")
    ]


def test_a_source_without_a_date_says_none() -> None:
    citation = replace(cite(Shelf().documents[LAW], "第八十五条"), issued=None)
    (message,) = messages_of([stored(1, Reply("答", (citation,)))], "chat:")
    assert message.sources[0].date is None
    assert "None" not in Page().fragment(message)


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("打12351，或者 12333；危险打 110、119 或120。", ["12351", "12333", "110", "119", "120"]),
        ("补偿110元，120 天，119%，第120条，1103，12351.5", []),
        ("发短信到 12110", []),
        ("· 12333　人社部门，社保、欠薪", ["12333"]),
    ],
)
def test_service_numbers_can_be_dialled_and_amounts_cannot(text: str, numbers: list[str]) -> None:
    assert dialled(text) == numbers


@pytest.mark.parametrize("text", [texts.HUMAN_HELP, danger.SELF_HARM, danger.VIOLENCE])
def test_in_danger_every_number_is_one_tap(text: str) -> None:
    assert len(dialled(text)) >= 3
    (message,) = messages_of([stored(1, Reply(text))], "")
    assert 'href="tel:' in Page().fragment(message)


def test_words_are_kept_as_they_are() -> None:
    text = "第一段\n1. 甲\n· 乙\n\n第二段 120"
    (message,) = messages_of([stored(1, Reply(text))], "")
    joined = "\n\n".join(
        "\n".join("".join(words for words, _ in line.pieces) for line in lines) for lines in message.paragraphs
    )
    assert joined == text
    assert [line.item for line in message.paragraphs[0]] == [False, True, True]
