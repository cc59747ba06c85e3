"""What the messenger took and what we recorded, held against each other whenever the bot is dead."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from bot.cases.deadlines import Times
from bot.cases.model import CaseKind, Move, fold
from bot.channels.telegram.rendering import parts
from bot.messages import Channel
from bot.notices.model import Kind, Medium
from bot.storage.case_rows import case_values
from bot.storage.case_tables import cases
from bot.storage.notice_tables import notices
from bot.storage.notices import SUPERSEDED
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from bot.storage.tables import Status, inbox, outbox
from knowledge.calendar import load_calendar
from knowledge.categories import load_categories
from tests.soak.workers import Story
from tests.telegram_api import TelegramApi
from tests.telegram_api.updates import Update
from tests.telegram_api.world import Message

TIMES = Times(load_calendar(), load_categories().clocks)


@dataclass
class Books:
    """Keeps what deaths fell between the messenger's acceptance and our record of it: only that may go out again."""

    api: TelegramApi
    seal: Seal
    interrupted: set[int] = field(default_factory=set)  # the messages that were taken and not recorded

    async def examine(self, storage: Storage) -> None:
        """Look at everything right after a death: each case is whole, and each chat has one row in doubt at most."""
        await self._check_cases(storage)
        replies = await storage.database.read(select(outbox).order_by(outbox.c.id))
        notes = await storage.database.read(select(notices))
        for chat, unrecorded in self._unrecorded(replies, notes).items():
            digest = self.seal.digest("chat", Channel.TELEGRAM, str(chat))
            waiting = [row for row in replies if row.chat == digest and row.status == Status.WAITING]
            if self.api.world.chats[chat].type == "group":
                # A call that somebody took meanwhile is sent no more, whether or not we know that it arrived.
                calls = {row.chat for row in notes if row.status == Status.WAITING or row.error == SUPERSEDED}
                assert len(unrecorded) <= len(calls) + bool(waiting), "taken, and nowhere in our books"
            else:
                assert waiting, "taken, and nowhere in our books"
                await self._check_window(storage, str(chat), waiting[0].id, unrecorded)
            self.interrupted |= {message.id for message in unrecorded}

    async def _check_window(self, storage: Storage, chat: str, row: int, unrecorded: list[Message]) -> None:
        """Make sure that it is the chat's oldest waiting reply, and the last message there."""
        head = (await storage.outbox.after(Channel.TELEGRAM, chat, row - 1))[0]
        newest = self.api.world.said_by_bot(self.api.world.chats[int(chat)])[-1]
        assert [newest.id] == [message.id for message in unrecorded]
        assert newest.text == parts(head.reply)[-1].plain

    async def _check_cases(self, storage: Storage) -> None:
        """Make sure that what the rows say of deadlines is what the events say."""
        for row in await storage.database.read(select(cases)):
            case = await storage.cases.case(row.id)
            assert case is not None
            assert [event.number for event in case.events] == list(range(1, row.seen + 1))
            computed = case_values(fold(case.events), TIMES, self.seal)
            assert {name: getattr(row, name) for name in computed} == computed

    def _unrecorded(self, replies: Sequence[Any], notes: Sequence[Any]) -> dict[int, list[Message]]:
        """Return the messages of each chat that we know nothing of; each reply here takes one message."""
        recorded = {int(row.remote_id) for row in (*replies, *notes) if row.remote_id}
        found: defaultdict[int, list[Message]] = defaultdict(list)
        for message in list(self.api.world.messages.values()):
            if message.sender is self.api.bot and message.id not in recorded | self.interrupted:
                found[message.chat.id].append(message)
        return found

    # --- when all is said ---

    async def close(self, storage: Storage, sent: Iterable[Update], stories: Sequence[Story]) -> None:
        """Make sure that nothing was lost, and that nothing was doubled but what a death interrupted."""
        notes = await self.balance(storage, sent)
        await self._check_calls(storage, notes)
        opened = {case: story for story in stories for case in await self._check_story(storage, story)}
        assert {row.id for row in await storage.database.read(select(cases))} == opened.keys()

    async def balance(self, storage: Storage, sent: Iterable[Update]) -> Sequence[Any]:
        """Make sure that all who wrote were answered and all was sent that was to be, once; return the notices."""
        await self._check_cases(storage)
        replies = await storage.database.read(select(outbox).order_by(outbox.c.id))
        notes = await storage.database.read(select(notices).order_by(notices.c.id))
        assert not self._unrecorded(replies, notes), "sent twice outside the one window"
        self._check_repeated(replies)
        await self._check_answers(storage, sent, replies)
        assert {row.status for row in (*replies, *notes)} <= {Status.DONE, Status.SHELVED}
        assert (await storage.audit.verify()).broken_at is None
        return notes

    def _check_repeated(self, replies: Sequence[Any]) -> None:
        """Make sure that a reply that was interrupted went out again, for nobody could know that it had been taken."""
        recorded = {int(row.remote_id) for row in replies if row.remote_id}
        ours = [each for each in self.api.world.messages.values() if each.chat.type == "private"]
        again = {(each.chat.id, each.text) for each in ours if each.id in recorded}
        assert {(each.chat.id, each.text) for each in ours if each.id in self.interrupted} <= again

    async def _check_answers(self, storage: Storage, sent: Iterable[Update], replies: Sequence[Any]) -> None:
        letters = await storage.database.read(select(inbox))
        keys = {self.seal.digest("key", Channel.TELEGRAM, str(update["update_id"])) for update in sent}
        assert keys == {row.key for row in letters}, "a message was lost"
        assert {row.status for row in letters} == {Status.DONE}
        turns: defaultdict[int | None, set[Any]] = defaultdict(set)
        for row in replies:
            turns[row.inbox_id].add(row.created_at)
        turns.pop(None, None)  # news of cases answer nothing
        assert turns.keys() == {row.id for row in letters}, "a message was not answered"
        assert all(len(moments) == 1 for moments in turns.values()), "a message was answered twice"

    async def _check_story(self, storage: Storage, story: Story) -> list[str]:
        """Make sure that each receipt is of one case, which holds what was told, said and shown; return their ids."""
        mine = await storage.cases.of_chat(Channel.TELEGRAM, story.chat)
        by_receipt = [await storage.cases.by_receipt(digits, Channel.TELEGRAM, story.chat) for digits in story.receipts]
        assert [one.case.id for one in mine] == [one.case.id for one in by_receipt if one]
        for case in (one.case for one in mine):
            assert story.told in case.facts.story
            heard = [event.content.text for event in case.events if event.move is Move.SAY]
            assert heard == story.said
            assert not story.end or case.state == story.end
            assert max(Counter((event.move, event.content.step) for event in case.events).values()) == 1
            files = await storage.cases.evidence(case.id)
            assert [await storage.evidence.read(file.kept) for file in files] == story.photos
        return [one.case.id for one in mine]

    async def _check_calls(self, storage: Storage, notes: Sequence[Any]) -> None:
        """Make sure that the desk was told once of each new grievance, and somebody called to each emergency."""
        kinds = Counter((row.case_number, row.kind) for row in notes if row.channel == Medium.DESK)
        for row in await storage.database.read(select(cases)):
            if row.kind == CaseKind.EMERGENCY:
                assert kinds[row.number, Kind.EMERGENCY] >= 1
                called = [each for each in notes if each.channel == Medium.TELEGRAM and each.case_number == row.number]
                assert any(each.remote_id for each in called)
            else:
                assert kinds[row.number, Kind.NEW_CASE] == 1
