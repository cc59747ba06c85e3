"""Who writes too much is told so once; danger is heard all the same, and so is everybody else."""

from pathlib import Path

from bot import texts
from bot.channels.telegram.floods import MOST, PEOPLE, WINDOW, Floods, Passage
from tests.bot.channels.telegram.house import house
from tests.telegram_api import TelegramApi

DANGER = "车间着火了，还有人在里面"
FREE, TOLD, CLOSED = Passage.FREE, Passage.TOLD, Passage.CLOSED


def floods() -> Floods:
    return Floods(lambda words: words == DANGER)


def test_the_first_too_many_is_told_and_then_there_is_silence_until_the_minute_is_over() -> None:
    gate = floods()
    assert [gate.passage(7, 7, 100.0) for _ in range(MOST + 3)] == [FREE] * MOST + [TOLD, CLOSED, CLOSED]
    assert gate.passage(7, 7, 100.0 + WINDOW - 1) is CLOSED
    assert gate.passage(7, 7, 100.0 + WINDOW) is FREE


def test_danger_passes_whatever_came_before_it() -> None:
    gate = floods()
    for _ in range(MOST + 1):
        gate.passage(7, 7, 100.0)
    assert gate.passage(7, 7, 101.0, DANGER) is FREE
    assert gate.passage(7, 7, 101.0, "在吗") is CLOSED


def test_in_a_group_everybody_is_counted_alone() -> None:
    gate = floods()
    for _ in range(MOST + 1):
        gate.passage(-100, 7, 100.0)
    assert gate.passage(-100, 8, 100.0) is FREE


def test_what_waited_while_the_bot_was_away_is_counted_by_when_it_was_sent() -> None:
    gate = floods()
    assert {gate.passage(7, 7, 60.0 * minute) for minute in range(3 * MOST)} == {FREE}


def test_no_more_people_are_remembered_than_fit() -> None:
    gate = floods()
    for _ in range(MOST + 1):
        gate.passage(7, 7, 100.0)
    for person in range(PEOPLE):
        gate.passage(person, -1, 100.0)
    assert gate.passage(7, 7, 100.0) is FREE


async def test_a_flood_gets_one_kind_sentence_and_nothing_accepted_is_lost(tmp_path: Path) -> None:
    def dangerous(words: str) -> bool:
        return words == DANGER

    async with TelegramApi() as api, house(tmp_path, api.base, api.token, dangerous=dangerous) as storage:
        flooder, other = api.person("路人"), api.person("小周")
        for number in range(MOST + 10):
            await flooder.says(f"押金 {number}")
        assert "120" in (await other.asks(DANGER)).text
        heard = [(await flooder.receives()).text for _ in range(MOST + 1)]
        assert [text.split("\n")[0] for text in heard[:MOST]] == [f"答：押金 {number}" for number in range(MOST)]
        assert heard[MOST] == texts.TOO_FAST
        await flooder.says(DANGER)
        assert "119" in (await flooder.receives()).text
        tap = await flooder.taps(texts.HELPFUL)
        assert await tap.toast() == ""  # the button does not turn for ever
        assert sum((await storage.inbox.counts()).values()) == MOST + 3
