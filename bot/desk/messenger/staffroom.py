"""Staff in the messenger: the buttons under notices, replies to them, and a few commands.

Who it is, and what they may do, is decided as at the desk: by their linked account, the unions that they see
(`CaseRoom`) and the rules of the lifecycle (`acting`). What is done is returned as changes, to be stored in the one
transaction that marks the message done.
"""

from dataclasses import dataclass

from bot.cases.changes import Append, Change
from bot.cases.lifecycle import Refusal
from bot.cases.model import Case, Content, Move, State
from bot.cases.ports import Queue
from bot.desk.cases.acting import acted, claimed, moves
from bot.desk.cases.moving import LONGEST
from bot.desk.cases.room import CaseRoom
from bot.desk.messenger import words
from bot.desk.messenger.linking import Linking, code_in
from bot.desk.staff import Permission, Staff
from bot.messages import Incoming, Reply
from bot.notices import words as notice_words
from bot.notices.buttons import Buttons, Press, Pressed, is_ours, opens
from bot.notices.links import Links
from bot.pages.refusals import Refused
from bot.redaction import holds_personal

SHOWN = 5  # cases of one's own
COMMANDS = frozenset({"/queue", "我的案件"})
GROUP = "/group"  # asks for what the roster calls a group by, which the messenger itself shows nowhere


@dataclass(frozen=True, slots=True)
class Said:
    """What one message of staff brings about."""

    replies: tuple[Reply, ...]
    changes: tuple[Change, ...] = ()


class Staffroom:
    """Answers what is meant for staff, and leaves everything else to the dialogue with workers."""

    def __init__(self, room: CaseRoom, linking: Linking, buttons: Buttons, links: Links) -> None:
        self._room = room
        self._linking = linking
        self._buttons = buttons
        self._links = links

    async def respond(self, incoming: Incoming) -> Said | None:
        """Return what comes of a message; None if it is not meant for staff."""
        if not incoming.sender:  # a channel that knows no accounts
            return None
        if (code := code_in(incoming.text)) is not None:
            return await self._link(code, incoming)
        if incoming.text.strip() in COMMANDS:
            return await self._queue(incoming)
        if incoming.text.strip() == GROUP and not _is_private(incoming):
            return _say(words.group(incoming.chat))
        action = incoming.action or next(filter(is_ours, incoming.answers), "")
        if is_ours(action):
            return await self._press(self._buttons.read(action, incoming.chat), incoming)
        if (number := words.prompted(incoming.answered)) is not None:
            return await self._press(Pressed(Press.ANSWER, number), incoming)
        return None

    async def _link(self, code: str, incoming: Incoming) -> Said:
        if not _is_private(incoming):  # where others could take it up
            await self._linking.void(code)
            return _say(words.CODE_IN_GROUP)
        staff = await self._linking.link(code, incoming.sender)
        return _say(words.linked(staff.name) if staff else words.CODE_GONE)

    async def _queue(self, incoming: Incoming) -> Said | None:
        """Show somebody's own cases, one a message, so that each can be replied to."""
        staff = await self._linking.staff_of(incoming.sender)
        if staff is None:  # to whom this is no command at all
            return None
        if not _is_private(incoming):
            return _say(words.NOT_IN_GROUP)
        if not staff.may(Permission.WORK_CASES):
            return _say(words.NOT_YOUR_ROLE)
        scope, now = self._room.scope(staff), self._room.now()
        mine = await self._room.cases.queue(Queue(scope, handler=staff.id, limit=SHOWN))
        parts = (Queue(unclaimed=True), Queue(overdue=True))
        unclaimed, overdue = await self._room.cases.counts(Queue(scope), parts)
        replies = [Reply(words.overview(mine.total, unclaimed, overdue))]
        replies += [self._about(row.number, words.line(row, now), incoming.chat) for row in mine.rows]
        replies += [Reply(words.more(mine.total - SHOWN))] if mine.total > SHOWN else []
        return Said(tuple(replies))

    async def _press(self, pressed: Pressed | None, incoming: Incoming) -> Said:
        """Do what a button under a notice asks for, or pass on what was written in reply to one.

        `pressed` is None of a button that we never made for this chat.
        """
        staff = await self._linking.staff_of(incoming.sender)
        if staff is None:
            return _toast(words.NOT_LINKED)
        if not staff.may(Permission.WORK_CASES):
            return _toast(words.NOT_YOUR_ROLE)
        if pressed is None:
            return _toast(words.OLD_BUTTON)
        try:
            case = await self._room.case(staff, pressed.case)
        except Refused:
            return _toast(words.NOT_FOUND)
        if incoming.action is None:
            return self._pass_on(incoming, case, staff)
        return await self._do(pressed, case, staff, incoming.sender)

    async def _do(self, pressed: Pressed, case: Case, staff: Staff, account: str) -> Said:
        match pressed.press:
            case Press.CLAIM if case.handler not in ("", staff.id):
                return _toast(words.quicker(_first(case, Move.ASSIGN)))
            case Press.CLAIM:
                return _made(claimed(case, staff, self._room.now()), words.CLAIMED)
            case Press.TAKE if case.state is not State.EMERGENCY:
                return _toast(notice_words.GONE)
            case Press.TAKE if case.acknowledged:
                return _toast(words.quicker(_first(case, Move.ACKNOWLEDGE)))
            case Press.TAKE:
                change = acted(case, Move.ACKNOWLEDGE, staff, self._room.now(), Content())
                return _made(change, notice_words.TAKEN)
            case Press.ANSWER if Move.SAY in moves(case, staff):
                return Said((Reply(words.prompt(staff.name, case.number), asks=account),))
            case Press.ANSWER:
                return _toast(words.not_now(case))

    def _pass_on(self, incoming: Incoming, case: Case, staff: Staff) -> Said:
        """Write to the worker as the union does at the desk."""
        text = incoming.text.strip()
        if incoming.edited:
            return _say(words.PUT_RIGHT)
        if incoming.attachments or not text:
            return _say(words.ONLY_WORDS)
        if len(text) > LONGEST:
            return _say(words.too_long(LONGEST))
        change = acted(case, Move.SAY, staff, self._room.now(), Content(text=text))
        if isinstance(change, Refusal):
            return _say(words.not_now(case))
        warning = words.PERSONAL if not _is_private(incoming) and holds_personal(text) else ""
        told = self._about(case.number, words.passed_on(case.number, warning), incoming.chat)
        return Said((told,), (change,))

    def _about(self, number: str, text: str, chat: str) -> Reply:
        """Return a message about a case that can be replied to."""
        page = self._links.page(number)
        row = (self._buttons.answer(number, chat), *([opens(page)] if page else []))
        return Reply(text, buttons=(row,))


def _made(change: Append | Refusal, told: str) -> Said:
    if isinstance(change, Refusal):
        return _toast(change.reason)
    return Said((Reply(told, notice=True),), (change,))


def _first(case: Case, move: Move) -> str:
    """Return the name of who made the move for themselves last; "" where it was made for somebody."""
    last = next((event for event in reversed(case.events) if event.move is move), None)
    return last.actor.name if last and last.content.staff in ("", last.actor.id) else ""


def _is_private(incoming: Incoming) -> bool:
    return incoming.chat == incoming.sender


def _say(text: str) -> Said:
    return Said((Reply(text),))


def _toast(text: str) -> Said:
    return Said((Reply(text, notice=True),))
