"""What was said of a case goes with it, wherever it was said, and nothing else goes."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.answers.model import AnswerStatus
from bot.cases import receipt
from bot.cases.changes import Append, Change, EraseCase
from bot.cases.model import SYSTEM, Actor, Content, Evidence, Move
from bot.dialogue.ports import Conversation, Exchange, Feedback, Held, Turn, Verdict
from bot.messages import Channel, Reply
from bot.storage.case_tables import case_readers
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from tests.bot.cases.house import HANDLER, SHASHI, TRIAGE, WORKER, claimant, events, open_case, told_content
from tests.bot.conftest import SECRET
from tests.bot.fakes import Clock, message
from tests.bot.storage.opening import openable

STORY = "克扣了我三双劳保胶鞋的钱"
OTHER = "食堂的饭是冷的"
PHOTO = b"\xff\xd8\xff "
BYE = "已经删掉了"


async def says(storage: Storage, text: str, turn: Turn, chat: str = "7", channel: Channel = Channel.TELEGRAM) -> None:
    await storage.inbox.accept(message(text, chat=chat, channel=channel))
    (letter,) = await storage.inbox.due(1, ())
    await storage.inbox.finish(letter, turn)


async def brings(storage: Storage, clock: Clock, story: str, chat: str = "7", *others: str) -> str:
    """Bring a matter in a conversation, with a photo, and have it gone about; return the case's id."""
    exchanges = (Exchange("e", story, f"答：{story}", AnswerStatus.REFUSED),)
    talk = Conversation(Channel.TELEGRAM, chat, "荆州市", exchanges)
    content = replace(told_content(), text=story)
    people = [claimant(each, number) for number, each in enumerate((chat, *others), 1)]
    opening = open_case(clock.now, content, *people)
    await says(
        storage, story, Turn((Reply(f"{story}，登记好了"),), talk, (Feedback("e", Verdict.REFUSED, story),)), chat
    )
    await says(storage, f"{story}，就这些", Turn((Reply("好的"),), talk, changes=(opening,)), chat)
    id = opening.events[0].case
    kept = await storage.evidence.keep(PHOTO + story.encode())
    file = Evidence(kept.file, kept, f"{story}.jpg", 1, clock.now)
    await moves(storage, clock, id, Move.ATTACH, WORKER, Content(evidence=file.id, text=story), file)
    await moves(storage, clock, id, Move.TRIAGE, TRIAGE)
    return id


async def is_dealt_with(storage: Storage, clock: Clock, id: str, story: str) -> None:
    await moves(storage, clock, id, Move.DISPATCH, TRIAGE, SHASHI)
    await moves(storage, clock, id, Move.SAY, HANDLER, Content(text=f"关于{story}"))


async def moves(
    storage: Storage, clock: Clock, id: str, move: Move, actor: Actor, content: Content | None = None, *files: Evidence
) -> None:
    case = await storage.cases.case(id)
    assert case is not None
    made = events(case, move, actor, clock.now, content or Content())
    await storage.cases.apply([Append(case.id, case.seen, made, evidence=files)], clock.now)


async def where(storage: Storage, folder: Path, words: str) -> list[str]:
    """Return the tables and files that can still be made to tell these words."""
    return [place async for place, data in openable(storage.database, Seal(SECRET), folder) if _holds(data, words)]


def _holds(data: bytes, words: str) -> bool:
    return words.encode() in data or json.dumps(words).strip('"').encode() in data


async def erases(storage: Storage, clock: Clock, id: str, by: str, chat: str = "7") -> None:
    match by:
        case "the worker":
            gone: tuple[Change, ...] = (EraseCase(id, WORKER),)
            talk = Conversation(Channel.TELEGRAM, chat, "荆州市", (Exchange("e", STORY, "答", AnswerStatus.REFUSED),))
            await says(storage, "确定删掉", Turn((Reply(BYE),), talk, changes=gone), chat)
        case "time":
            await storage.cases.apply([EraseCase(id, SYSTEM)], clock.now)


@pytest.mark.parametrize("by", ["the worker", "time"])
async def test_nothing_of_an_erased_case_can_be_opened_any_more_and_all_of_another_one_can(
    both: Storage, clock: Clock, tmp_path: Path, by: str
) -> None:
    mine = await brings(both, clock, STORY)
    other = await brings(both, clock, OTHER, "8")
    await is_dealt_with(both, clock, mine, STORY)
    await is_dealt_with(both, clock, other, OTHER)
    before = await where(both, tmp_path / "evidence", STORY)
    assert {"inbox", "outbox", "conversations", "feedback", "case_events", "evidence"} <= set(before)
    assert any(len(place) == 32 for place in before), "the photo was opened too"
    kept = await where(both, tmp_path / "evidence", OTHER)
    await erases(both, clock, mine, by)
    assert await where(both, tmp_path / "evidence", STORY) == []
    assert await where(both, tmp_path / "evidence", OTHER) == kept
    case = await both.cases.case(other)
    assert case is not None and not case.erased


async def test_an_answer_that_was_on_its_way_does_not_bring_back_what_was_wiped(
    both: Storage, clock: Clock, tmp_path: Path
) -> None:
    mine = await brings(both, clock, STORY)
    await both.inbox.accept(message("还有一句", chat="7", channel=Channel.TELEGRAM))
    (letter,) = await both.inbox.due(1, ())
    assert letter.conversation.exchanges, "it remembers the story"
    await erases(both, clock, mine, "time")
    await both.inbox.finish(letter, Turn((Reply("好的"),), replace(letter.conversation, region="十堰市", misses=1)))
    assert await where(both, tmp_path / "evidence", STORY) == []
    await both.inbox.accept(message("后来"))
    (later,) = await both.inbox.due(1, ())
    assert (later.conversation.region, later.conversation.misses) == ("十堰市", 1)


async def test_who_deletes_is_told_so_and_hears_on_of_their_other_cases(both: Storage, clock: Clock) -> None:
    mine, other = await brings(both, clock, STORY), await brings(both, clock, OTHER)
    await is_dealt_with(both, clock, mine, STORY)
    await is_dealt_with(both, clock, other, OTHER)
    await erases(both, clock, mine, "the worker")
    replies = [each.reply.text for each in await both.outbox.after(Channel.TELEGRAM, "7")]
    assert replies[-1] == BYE
    news = [text for text in replies if text != BYE]
    assert [text for text in news if OTHER in text] and not [text for text in news if STORY in text]
    waiting = await both.outbox.due(99, (), ("telegram",))
    assert [each.reply.text for each in waiting] == [news[0]], "what was wiped does not go out"


async def test_a_form_that_is_being_filled_in_outlives_another_matters_end(both: Storage, clock: Clock) -> None:
    mine = await brings(both, clock, STORY)
    focused = Conversation(Channel.TELEGRAM, "7", "荆州市", focus=mine, misses=1)
    await says(both, "接着说", Turn((), focused))
    await erases(both, clock, mine, "time")
    await both.inbox.accept(message("后来"))
    (letter,) = await both.inbox.due(1, ())
    remembered = letter.conversation
    assert (remembered.region, remembered.focus, remembered.misses) == ("荆州市", None, 1)


async def test_whoever_leaves_a_case_of_several_takes_their_words_along(
    both: Storage, clock: Clock, tmp_path: Path
) -> None:
    id = await brings(both, clock, OTHER, "7", "8")
    await is_dealt_with(both, clock, id, OTHER)
    await says(both, STORY, Turn((Reply(STORY),), Conversation(Channel.TELEGRAM, "8", "荆州市")), "8")
    await moves(both, clock, id, Move.LEAVE, Actor.worker(2), Content(claimant=2))
    assert await where(both, tmp_path / "evidence", STORY) == []
    assert await both.outbox.after(Channel.TELEGRAM, "8") == []
    assert [each for each in await both.outbox.after(Channel.TELEGRAM, "7") if OTHER in each.reply.text]


async def test_news_that_a_merged_cases_people_had_go_with_the_case_they_are_of(
    both: Storage, clock: Clock, tmp_path: Path
) -> None:
    parent, child = await brings(both, clock, STORY), await brings(both, clock, OTHER, "8")
    await moves(both, clock, child, Move.MERGE, TRIAGE, Content(parent=parent))
    await is_dealt_with(both, clock, parent, STORY)
    await moves(both, clock, parent, Move.SAY, HANDLER, Content(text=f"关于{STORY}，都看过了"))
    assert [each for each in await both.outbox.after(Channel.TELEGRAM, "8") if STORY in each.reply.text]
    await erases(both, clock, parent, "time")
    assert await where(both, tmp_path / "evidence", STORY) == []
    assert [each for each in await both.outbox.after(Channel.TELEGRAM, "8") if OTHER in each.reply.text]


@pytest.mark.parametrize("by", ["the worker", "time"])
async def test_what_was_told_for_a_receipt_goes_from_the_other_chat_too(
    both: Storage, clock: Clock, tmp_path: Path, by: str
) -> None:
    digits = receipt.new()
    opening = open_case(clock.now, told_content(), claimant("7", digits=digits, now=clock.now))
    id = opening.events[0].case
    await both.cases.apply([opening], clock.now)
    held = Conversation(Channel.WEB, "the page", "荆州市", held=Held(id, 1))
    await both.cases.by_receipt(digits, Channel.WEB, "the page")
    await says(both, STORY, Turn((Reply(f"查到了：{STORY}"),), held), "the page", Channel.WEB)
    await says(both, OTHER, Turn((Reply(OTHER),), Conversation(Channel.WEB, "a page", None)), "a page", Channel.WEB)
    assert await where(both, tmp_path / "evidence", STORY)
    await erases(both, clock, id, by)
    assert await where(both, tmp_path / "evidence", STORY) == []
    assert await where(both, tmp_path / "evidence", OTHER)
    await both.inbox.accept(message("后来", chat="the page", channel=Channel.WEB))
    (letter,) = await both.inbox.due(1, ())
    assert letter.conversation.held is None


async def test_who_was_told_for_a_receipt_is_forgotten_with_what_was_told(both: Storage, clock: Clock) -> None:
    digits = receipt.new()
    opening = open_case(clock.now, told_content(), claimant("7", digits=digits, now=clock.now))
    await both.cases.apply([opening], clock.now)
    assert await both.cases.by_receipt(digits, Channel.WEB, "the page") is not None
    clock.forward(days=29)
    await both.cases.by_receipt(digits, Channel.WEB, "the page")
    clock.forward(days=29)
    await both.retention.sweep()
    assert len(await both.database.read(select(case_readers))) == 1
    clock.forward(days=2)
    await both.retention.sweep()
    assert await both.database.read(select(case_readers)) == []
