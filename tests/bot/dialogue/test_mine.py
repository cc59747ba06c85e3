from bot.cases.model import State
from bot.texts import mine as texts


def test_every_state_is_told_in_words() -> None:
    assert set(texts.STATES) == set(State)
