from bot.cases.lifecycle import RULES
from bot.cases.model import Content, Move, State
from bot.cases.ports import Queue
from bot.desk.cases.moving import FORMS
from bot.desk.cases.sought import patterns
from bot.storage.case_search import WORDLESS
from bot.storage.storage import Storage
from tests.bot.cases import house
from tests.bot.cases.house import HANDLER, NOW, SHASHI, TRIAGE, WORKER

WORDS = {"text", "reason", "basis", "contact", "facts"}  # fields of `Content` that somebody fills with words


def test_what_is_not_opened_by_a_search_holds_no_words() -> None:
    assert {move: WORDS & {*RULES[move].needs, *FORMS.get(move, ())} for move in WORDLESS} == {
        move: set() for move in WORDLESS
    }


async def test_every_word_that_was_said_of_a_case_is_found_and_no_other(both: Storage) -> None:
    change = house.open_case(NOW, None, house.claimant(anonymous=False, name="欧阳大山"))
    case = change.events[0].case
    await both.cases.apply([change], NOW)
    for move, actor, content in (
        (Move.TRIAGE, TRIAGE, Content()),
        (Move.DISPATCH, TRIAGE, SHASHI),
        (Move.ACCEPT, HANDLER, Content()),
        (Move.START, HANDLER, Content()),
        (Move.NOTE, HANDLER, Content(text="记下甲词")),
        (Move.WAIT_EMPLOYER, HANDLER, Content(reason="等着乙词")),
        (Move.RESUME, HANDLER, Content()),
        (Move.RESOLVE, HANDLER, Content(text="办成丙词")),
        (Move.REOPEN, WORKER, Content(text="没有丁词")),
    ):
        opened = await both.cases.case(case)
        assert opened is not None
        await both.cases.apply([house.appended(opened, move, actor, NOW, content)], NOW)
    everything = Queue(None, frozenset(State))
    for word in ("三个月的工钱", "人在沙市", "甲词", "乙词", "丙词", "丁词", "大山", "甲词 丁词"):
        assert [found.id for found, _ in await both.cases.holding(everything, patterns(word))] == [case], word
    for word in ("戊词", "甲词 戊词"):
        assert await both.cases.holding(everything, patterns(word)) == [], word
