"""What staff are told after a step; no worker is said to know what nothing has brought them."""

import pytest

from bot.cases.model import Claimant, Move, State
from bot.desk.cases.moving import FORMS
from bot.desk.cases.outcomes import TURNS, Press, outcome
from bot.messages import Channel
from tests.bot.cases.house import NOW


def claimant(channel: Channel, *, left: bool = False) -> Claimant:
    return Claimant(1, channel, True, NOW, left=left)


@pytest.mark.parametrize("key", [*FORMS, Move.ATTACH, Move.UNDO, *Press])
def test_every_step_of_the_desk_says_what_came_of_it(key: str) -> None:
    assert outcome(key, [claimant(Channel.TELEGRAM)]).endswith("。")


def test_a_worker_is_told_where_something_can_be_sent_and_looks_where_nothing_can() -> None:
    assert outcome(Press.TAKEN_UP, [claimant(Channel.TELEGRAM)]) == "这件事归您办了，已经告诉职工。"
    for claimants in ([claimant(Channel.WEB)], [claimant(Channel.TELEGRAM, left=True)], []):
        told = outcome(Press.TAKEN_UP, claimants)
        assert "报回执号就看得到" in told and "已经告诉职工" not in told


def test_every_state_says_whose_turn_it_is() -> None:
    assert set(TURNS) >= set(State) - {State.ACCEPTED, State.IN_PROGRESS}, "there the moves say it"


def test_what_is_no_outcome_says_nothing() -> None:
    assert outcome("<b>", [claimant(Channel.WEB)]) == ""
