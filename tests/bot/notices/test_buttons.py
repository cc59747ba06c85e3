import pytest

from bot.notices import words
from bot.notices.buttons import Buttons, Press, Pressed, is_ours
from bot.notices.model import Kind, Notice
from knowledge.vocabulary import Category, Urgency
from tests.bot.notices.notes import CASE, EMERGENCY, UNION, buttons, sign

GROUP = "-1001234567890"
PAGE = "https://bot.example.org/desk"


def labels(notice: Notice, page: str | None = PAGE) -> list[str]:
    return [button.label for row in buttons().under(notice, GROUP, page) for button in row]


def about(kind: Kind, *, claimed: bool = False, by: str = "") -> Notice:
    return Notice(kind, UNION, Urgency.NORMAL, CASE, Category.WAGE_ARREARS, claimed=claimed, by=by)


def test_a_new_case_is_claimed_answered_and_opened() -> None:
    for kind in (Kind.NEW_CASE, Kind.DISPATCHED, Kind.WARNING, Kind.OVERDUE, Kind.REPLY):
        assert labels(about(kind)) == [words.CLAIM, words.ANSWER, words.OPEN]


def test_what_somebody_has_is_not_offered_again() -> None:
    assert labels(about(Kind.OVERDUE, claimed=True)) == [words.ANSWER, words.OPEN]
    assert labels(about(Kind.NEW_CASE, by="王芳")) == [words.ANSWER, words.OPEN]


def test_an_emergency_is_taken_until_somebody_has_it() -> None:
    assert labels(EMERGENCY) == [words.TAKE, words.ANSWER, words.OPEN]
    assert labels(about(Kind.EMERGENCY, by="王芳")) == [words.ANSWER, words.OPEN]


def test_without_a_case_or_a_page_there_is_nothing_to_press() -> None:
    assert labels(Notice(Kind.TRIAL, UNION), None) == []
    assert labels(about(Kind.SEVERAL), None) == []
    assert labels(about(Kind.NEW_CASE), None) == [words.CLAIM, words.ANSWER]


@pytest.mark.parametrize("press", Press)
def test_an_action_says_what_it_asks_for_within_telegrams_64_bytes(press: Press) -> None:
    action = buttons().action(press, "ABCDEF-2026-000123456", GROUP)
    assert is_ours(action) and len(action.encode()) <= 64
    assert buttons().read(action, GROUP) == Pressed(press, "ABCDEF-2026-000123456")


def test_an_action_is_good_in_its_own_chat_only_and_of_this_deployment_only() -> None:
    action = buttons().action(Press.CLAIM, CASE, GROUP)
    assert buttons().read(action, "-1009") is None
    assert Buttons(lambda text: sign("other" + text)).read(action, GROUP) is None


@pytest.mark.parametrize("position", range(0, len(buttons().action(Press.CLAIM, CASE, GROUP)), 3))
def test_a_changed_action_is_none(position: int) -> None:
    right = buttons().action(Press.CLAIM, CASE, GROUP)
    changed = "0" if right[position] != "0" else "1"
    assert buttons().read(right[:position] + changed + right[position + 1 :], GROUP) is None


@pytest.mark.parametrize("forged", ["", "staff", "staff:", "staff:claim", f"staff:claim:{CASE}", "staff:own:x:y", "、"])
def test_what_nobody_signed_is_none(forged: str) -> None:
    assert buttons().read(forged, GROUP) is None
