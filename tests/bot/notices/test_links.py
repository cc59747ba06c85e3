from datetime import timedelta

import pytest

from bot.notices.links import LIFETIME, Ticket
from tests.bot.notices.notes import CASE, EMERGENCY, NOW, OVERDUE, links, sign

NAMES = ["王芳", "值班群"]


def token(entry: str = "值班群") -> str:
    made = links().take(EMERGENCY, entry, NOW)
    assert made is not None
    return made.rpartition("/")[2]


def test_a_token_says_which_case_and_who_was_called() -> None:
    assert links().read(token(), NAMES, NOW) == Ticket(CASE, "值班群")
    assert links().read(token("王芳"), NAMES, NOW) == Ticket(CASE, "王芳")
    assert links().read(token("走了的人"), NAMES, NOW) == Ticket(CASE, "")


def test_a_token_names_nobody() -> None:
    assert token("王芳").isascii()
    assert token("王芳") != token("值班群")


def test_a_token_ends_with_its_time() -> None:
    assert links().read(token(), NAMES, NOW + LIFETIME) is not None
    assert links().read(token(), NAMES, NOW + LIFETIME + timedelta(seconds=1)) is None


@pytest.mark.parametrize("position", range(0, 47, 3))
def test_a_changed_token_is_none(position: int) -> None:
    right = token()
    changed = "0" if right[position] != "0" else "1"
    assert links().read(right[:position] + changed + right[position + 1 :], NAMES, NOW) is None


@pytest.mark.parametrize("forged", ["", ".", "...", "JZ-2026-000123", "JZ-2026-000123.7fffffff.000000.", "、" * 50])
def test_what_nobody_signed_is_none(forged: str) -> None:
    assert links().read(forged, NAMES, NOW) is None


def test_a_token_of_another_deployment_is_none() -> None:
    other = links(key=lambda text: sign("other" + text))
    assert other.read(token(), NAMES, NOW) is None


def test_only_an_emergency_can_be_taken() -> None:
    assert links().take(OVERDUE, "王芳", NOW) is None


def test_without_an_address_of_ours_there_are_no_links() -> None:
    assert links(None).take(EMERGENCY, "王芳", NOW) is None
    assert links(None).desk(EMERGENCY) is None
