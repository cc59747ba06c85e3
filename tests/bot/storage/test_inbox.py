import asyncio
import sqlite3
from dataclasses import replace
from pathlib import Path

from bot.answers.model import AnswerStatus
from bot.dialogue.ports import Conversation, Exchange, Feedback, Letter, Turn, Verdict
from bot.messages import Attachment, Channel, Incoming, Reply
from bot.storage.storage import Storage
from bot.storage.tables import Status
from tests.bot.fakes import WAGES, Clock, message


async def due(storage: Storage) -> list[Letter]:
    return list(await storage.inbox.due(100, frozenset()))


async def remembered(storage: Storage) -> Conversation:
    """Return what is remembered of the chat by the time at which somebody writes there again."""
    await storage.inbox.accept(message("后来"))
    (letter,) = await due(storage)
    return letter.conversation


def turn_of(letter: Letter, *replies: str, region: str | None = None, remembered: str | None = None) -> Turn:
    exchanges = (Exchange("e1", remembered, "答", AnswerStatus.ANSWERED, (WAGES,)),) if remembered else ()
    conversation = Conversation(letter.incoming.channel, letter.incoming.chat, region, exchanges)
    return Turn(tuple(map(Reply, replies)), conversation)


def everything_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in folder.iterdir())


async def test_a_message_comes_back_as_it_went_in(both: Storage) -> None:
    sent = Incoming(
        Channel.TELEGRAM,
        "-100777",
        "update 9",
        "老板欠薪 😡\n怎么办",
        None,
        (Attachment("photo", "file-id", None, "image/jpeg", 120_000),),
    )
    assert await both.inbox.accept(sent)
    (letter,) = await due(both)
    assert letter.incoming == sent


async def test_the_same_update_twice_is_one_message(both: Storage) -> None:
    assert await both.inbox.accept(message("一", key="update 1"))
    assert not await both.inbox.accept(message("一", key="update 1"))
    assert await both.inbox.accept(message("一", key="update 1", channel=Channel.WEB))
    assert len(await due(both)) == 2


async def test_what_comes_together_is_stored_in_its_order_and_tells_what_was_new(both: Storage) -> None:
    await both.inbox.accept(message("3"))
    assert await both.inbox.accept_all([message(str(number)) for number in (1, 2, 3, 2)]) == [True, True, False, False]
    assert await both.inbox.accept_all([]) == []
    said = []
    while letters := await both.inbox.due(8, ()):
        said += [letter.incoming.text for letter in letters]
        for letter in letters:
            await both.inbox.finish(letter, Turn((), letter.conversation))
    assert said == ["3", "1", "2"]


async def test_many_at_once_are_all_stored_and_each_once(both: Storage) -> None:
    sent = [message("问", chat=str(i % 20), key=str(i)) for i in range(60)]
    accepted = await asyncio.gather(*map(both.inbox.accept, sent + sent))
    assert sum(accepted) == 60
    assert await both.inbox.counts() == {Status.WAITING: 60}


async def test_only_the_oldest_of_each_chat_is_due(both: Storage) -> None:
    for chat, text in [("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("b", "5")]:
        await both.inbox.accept(message(text, chat=chat))
    letters = await due(both)
    assert [letter.incoming.text for letter in letters] == ["1", "2", "4"]
    await both.inbox.finish(letters[0], turn_of(letters[0], "好"))
    assert [letter.incoming.text for letter in await due(both)] == ["2", "3", "4"]


async def test_busy_chats_are_passed_over_and_the_limit_counts_the_others(both: Storage) -> None:
    for chat in "abcde":
        await both.inbox.accept(message("问", chat=chat))
    letters = await due(both)
    busy = {letter.lane for letter in letters[:2]}
    assert [letter.incoming.chat for letter in await both.inbox.due(2, busy)] == ["c", "d"]


async def test_a_postponed_message_waits_and_holds_back_what_came_after_it(both: Storage, clock: Clock) -> None:
    await both.inbox.accept(message("1"))
    await both.inbox.accept(message("2"))
    (letter,) = await due(both)
    await both.inbox.postpone(letter, 5, "TimeoutError")
    assert await due(both) == []
    clock.forward(seconds=5)
    (letter,) = await due(both)
    assert (letter.incoming.text, letter.attempts) == ("1", 1)


async def test_a_turn_is_stored_whole(both: Storage) -> None:
    await both.inbox.accept(message("工资"))
    (letter,) = await due(both)
    await both.inbox.finish(letter, turn_of(letter, "一", "二", region="十堰", remembered="工资"))
    assert await both.inbox.counts() == {Status.DONE: 1}
    assert [reply.reply.text for reply in await both.outbox.after(Channel.TELEGRAM, "7")] == ["一", "二"]
    conversation = await remembered(both)
    assert conversation.region == "十堰"
    assert conversation.exchanges == (Exchange("e1", "工资", "答", AnswerStatus.ANSWERED, (WAGES,)),)


async def test_a_turn_that_cannot_be_stored_leaves_nothing(both: Storage) -> None:
    await both.inbox.accept(message("工资"))
    (letter,) = await due(both)
    unsealable = Reply("x", buttons=object())  # type: ignore[arg-type]
    turn = replace(turn_of(letter, "一", region="十堰"), replies=(Reply("一"), unsealable))
    try:
        await both.inbox.finish(letter, turn)
    except Exception as error:
        assert "serialize" in str(error)
    else:
        raise AssertionError("the turn should not have been stored")
    assert await both.inbox.counts() == {Status.WAITING: 1}
    assert await both.outbox.counts() == {}
    (letter,) = await due(both)
    assert letter.conversation.region is None


async def test_a_message_that_two_take_up_is_answered_once(both: Storage) -> None:
    await both.inbox.accept(message("工资"))
    (letter,) = await due(both)
    await asyncio.gather(*(both.inbox.finish(letter, turn_of(letter, "好")) for _ in range(5)))
    assert len(await both.outbox.after(Channel.TELEGRAM, "7")) == 1


async def test_another_chat_remembers_nothing_of_this_one(both: Storage) -> None:
    await both.inbox.accept(message("工资", chat="a"))
    (letter,) = await due(both)
    await both.inbox.finish(letter, turn_of(letter, "好", region="十堰", remembered="工资"))
    await both.inbox.accept(message("工资", chat="b"))
    (other,) = await due(both)
    assert other.conversation == Conversation(Channel.TELEGRAM, "b")


async def test_after_a_day_of_silence_only_the_union_is_remembered(both: Storage, clock: Clock) -> None:
    await both.inbox.accept(message("工资"))
    (letter,) = await due(both)
    await both.inbox.finish(letter, turn_of(letter, "好", region="十堰", remembered="工资"))
    clock.forward(hours=23)
    assert (await remembered(both)).exchanges
    clock.forward(hours=2)
    assert await remembered(both) == Conversation(Channel.TELEGRAM, "7", "十堰")


async def test_forgetting_leaves_nothing_but_the_last_reply(storage: Storage, tmp_path: Path) -> None:
    for text in ("第一个秘密", "第二个秘密", "/forget"):
        await storage.inbox.accept(message(text, channel=Channel.WEB))
        (letter,) = await due(storage)
        turn = turn_of(letter, f"回{text}", region="十堰", remembered=text)
        feedback = (Feedback(text, Verdict.UNHELPFUL, text),)
        nothing = Conversation(Channel.WEB, "7")
        turn = replace(turn, feedback=feedback) if text != "/forget" else Turn((Reply("删了"),), nothing, forget=True)
        await storage.inbox.finish(letter, turn)
    replies = await storage.outbox.after(Channel.WEB, "7")
    assert [(reply.question, reply.reply.text) for reply in replies] == [("", "删了")]
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        assert connection.execute("SELECT count(payload), count(*) FROM inbox").fetchone() == (0, 3)
        assert connection.execute("SELECT count(*) FROM feedback").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM conversations").fetchone() == (0,)


async def test_forgetting_stops_replies_that_have_not_gone_out_and_spares_other_chats(both: Storage) -> None:
    for chat in ("a", "b"):
        await both.inbox.accept(message("问", chat=chat))
    for letter in await due(both):
        await both.inbox.finish(letter, turn_of(letter, "旧的"))
    await both.inbox.accept(message("/forget", chat="a"))
    (letter,) = await due(both)
    forget = Turn((Reply("删了"),), Conversation(Channel.TELEGRAM, "a"), forget=True)
    await both.inbox.finish(letter, forget)
    waiting = await both.outbox.due(10, (), [Channel.TELEGRAM])
    assert {(delivery.chat, delivery.reply.text) for delivery in waiting} == {("a", "删了"), ("b", "旧的")}


async def test_an_answer_is_judged_once(storage: Storage, tmp_path: Path) -> None:
    for key in ("1", "2"):
        await storage.inbox.accept(message("谢谢", key=key))
        (letter,) = await due(storage)
        turn = replace(turn_of(letter), feedback=(Feedback("e1", Verdict.HELPFUL, "工资"),))
        await storage.inbox.finish(letter, turn)
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        assert connection.execute("SELECT verdict FROM feedback").fetchall() == [("helpful",)]


async def test_nothing_that_a_person_wrote_or_is_called_by_lies_open_on_disk(storage: Storage, tmp_path: Path) -> None:
    sent = Incoming(Channel.TELEGRAM, "chat-5550123", "update-8899", "secret words", "secret-tap")
    await storage.inbox.accept(sent)
    (letter,) = await due(storage)
    conversation = Conversation(
        sent.channel, sent.chat, None, (Exchange("e", "secret words", "secret reply", AnswerStatus.REFUSED),)
    )
    feedback = (Feedback("e", Verdict.REFUSED, "secret words"),)
    await storage.inbox.finish(letter, Turn((Reply("secret reply"),), conversation, feedback))
    disk = everything_on_disk(tmp_path)
    assert b"waiting" in disk
    for word in (b"secret", b"5550123", b"8899"):
        assert word not in disk


async def test_a_row_that_no_longer_opens_does_not_stop_the_others(storage: Storage, tmp_path: Path) -> None:
    for chat in ("a", "b"):
        await storage.inbox.accept(message("问", chat=chat))
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        connection.execute("UPDATE inbox SET payload = x'0100' WHERE id = 1")
    assert [letter.incoming.chat for letter in await due(storage)] == ["b"]
    assert await storage.inbox.counts() == {Status.WAITING: 1, Status.FAILED: 1}


async def test_a_memory_that_no_longer_opens_is_a_fresh_start(storage: Storage, tmp_path: Path) -> None:
    await storage.inbox.accept(message("问"))
    (letter,) = await due(storage)
    await storage.inbox.finish(letter, turn_of(letter, region="十堰", remembered="问"))
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        connection.execute("UPDATE conversations SET memory = x'0100'")
    assert await remembered(storage) == Conversation(Channel.TELEGRAM, "7", "十堰")


async def test_being_cancelled_at_any_moment_leaves_all_or_nothing(both: Storage) -> None:
    """Whatever step it falls on, a message is stored or not, a turn is whole or absent, and work goes on."""
    for steps in range(40):
        sent = message("问", key=str(steps))
        await cancelled_after(steps, both.inbox.accept(sent))
        await both.inbox.accept(sent)  # as a messenger does that got no answer
        (letter,) = await due(both)
        await cancelled_after(steps, both.inbox.finish(letter, turn_of(letter, "一", "二")))
        for again in await due(both):
            await both.inbox.finish(again, turn_of(again, "一", "二"))
    assert await both.inbox.counts() == {Status.DONE: 40}
    assert await both.outbox.counts() == {Status.WAITING: 80}


async def cancelled_after(steps: int, work: object) -> None:
    task = asyncio.ensure_future(work)  # type: ignore[call-overload]
    for _ in range(steps):
        await asyncio.sleep(0.0002)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
