from datetime import UTC, datetime

import pytest

from bot.notices import words
from bot.notices.model import Kind, Notice
from knowledge.vocabulary import Category, Urgency
from tests.bot.notices.notes import CASE, UNION


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_has_its_own_words_and_the_senders_name(kind: Kind) -> None:
    said = words.headline(Notice(kind, UNION))
    assert said.startswith(words.SENDER)
    assert len(said) > len(words.SENDER) + 5
    assert [other for other in Kind if words.headline(Notice(other, UNION)) == said] == [kind]


@pytest.mark.parametrize("kind", list(Kind))
def test_the_longest_notice_fits_what_a_robot_takes(kind: Kind) -> None:
    longest = Notice(
        kind,
        "湖北省直属机关工会",
        Urgency.EMERGENCY,
        "ABCDEF-2026-000123456",
        Category.SAFETY,
        datetime(2026, 12, 31, 15, 59, tzinfo=UTC),
        call=999,
        level=3,
        count=99,
    )
    url = "https://" + "a" * 200
    assert len(words.message(longest, url, url).encode()) <= 2048  # WeCom's limit, the narrowest


def test_a_repeated_call_and_a_raised_deadline_say_how_far_they_are() -> None:
    assert "第 3 次呼叫" in words.headline(Notice(Kind.EMERGENCY, UNION, Urgency.EMERGENCY, CASE, call=3))
    assert "次呼叫" not in words.headline(Notice(Kind.EMERGENCY, UNION, Urgency.EMERGENCY, CASE))
    assert "上报上一级工会" in words.headline(Notice(Kind.OVERDUE, UNION, level=2))


def test_only_what_is_known_is_told() -> None:
    assert words.facts(Notice(Kind.SEVERAL, UNION, count=4)) == [("人数", "4 人"), ("工会", UNION)]


def test_a_moment_is_told_as_it_is_in_china() -> None:
    assert words.moment(datetime(2026, 11, 20, 17, 5, tzinfo=UTC)) == "11月21日 01:05"
