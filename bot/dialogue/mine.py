"""A worker's own cases: seen, written to, corrected, withdrawn, settled, exported and deleted."""

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import reduce
from secrets import token_hex

from bot.cases import receipt
from bot.cases.changes import Append, Change, EraseCase
from bot.cases.deadlines import Times, clocks
from bot.cases.lifecycle import Refusal, decide
from bot.cases.model import Actor, Case, ClockKind, Content, Event, Evidence, Move, Party, State
from bot.cases.ports import CaseBook, Mine, TooManyGuesses
from bot.cases.telling import told
from bot.dialogue.actions import Action
from bot.dialogue.case_buttons import NUMBER, buttons, call_back, done, rating, reopening, to_confirm
from bot.dialogue.correcting import PHONE, corrected, fields, meant, question, told_of
from bot.dialogue.courtesy import courtesy
from bot.dialogue.ports import Conversation, Held, HeldFile, Turn
from bot.dialogue.spoken import asks
from bot.dialogue.verdicts import Verdict, for_certain, stars, verdict
from bot.forms.values import read_phone
from bot.messages import Reply
from bot.texts import cases as cases_texts
from bot.texts import contacts
from bot.texts import mine as texts
from knowledge.organizations import Organizations

STEPS = 6  # of a case's history that are shown
LISTED = 8  # cases
BARE = 6  # characters of a verdict that tells nothing beside it
LOW = 2  # stars up to which somebody is asked whether it is settled at all

_END = r"[了吧啊呀的谢。.，,!！~～ ]*"
_ADDS = re.compile(r"[我还再想要得]+补充(?!医|保|养|公积|协议)")
_WILL_ADD = re.compile(rf"[我还再想要得]+补充(一?下|几句|一点|说明|材料|情况)?{_END}")
_NOTHING_WRONG = re.compile(rf"(不改|不用改|算|没有错?|说完|取消){_END}")

_OURS = frozenset({ClockKind.TRIAGE, ClockKind.ACCEPT, ClockKind.CONTACT, ClockKind.RESULT})  # a union is waited for

Act = Callable[[Mine, Conversation, str], Awaitable[Turn]]


class MyCases:
    """Lets a worker look after what they have brought."""

    def __init__(
        self, cases: CaseBook, organizations: Organizations, times: Times, now: Callable[[], datetime]
    ) -> None:
        self._cases = cases
        self._organizations = organizations
        self._times = times
        self._now = now
        self._acts: Mapping[str, Act] = {
            "show": self._show,
            "say": self._say_on,
            "correct": self._correct,
            "withdraw": self._withdraw,
            "export": self._export,
            "delete": self._delete,
            "rate": self._rate,
            NUMBER: self._ask_number,
        }

    async def overview(self, conversation: Conversation) -> Turn:
        """Show all cases of the chat, and the one whose receipt it has shown."""
        mine = await self._of(conversation)
        held = await self._find(conversation.held.case, conversation) if conversation.held else None
        if held and held.case.id not in {one.case.id for one in mine}:
            mine = [held, *mine]
        if not mine:
            return _turn(conversation, Reply(texts.NONE))
        rows = tuple((Action.CASE.button(_line(one.case), "show", one.case.id),) for one in mine[:LISTED])
        return _turn(conversation, Reply(texts.LIST, buttons=rows))

    async def answered(self, text: str, conversation: Conversation) -> Turn | None:
        """Hear in plain words whether a case was settled, and how it was; None where nothing is said of a case."""
        said, rated = verdict(text), stars(text)
        if (said is None and rated is None) or asks(text):
            return None
        mine = await self._of(conversation)
        waiting = [one for one in mine if to_confirm(one.case)]
        newest = mine[0] if mine else None
        if said and len(waiting) > 1:
            return await self.overview(conversation)
        if said and waiting:
            told = "" if len(text) <= BARE else text
            return await (
                self.settled(waiting[0].case.id, conversation)
                if said is Verdict.SETTLED
                else self.unsettled(waiting[0].case.id, conversation, told)
            )
        if rated and newest and newest.case.state is State.CLOSED and newest.case.score is None:
            return await self._rate(newest, conversation, str(rated))
        if said and newest and for_certain(text) and not any(one.case.is_open for one in mine[1:]):
            return await (self.settled if said is Verdict.SETTLED else self.unsettled)(newest.case.id, conversation)
        return None

    async def added(self, text: str, conversation: Conversation) -> Turn | None:
        """Pass on what somebody says to add something: to the case whose receipt they have shown, or their newest."""
        if not _ADDS.match(text):
            return None
        held = await self._find(conversation.held.case, conversation) if conversation.held else None
        mine = held or await self.newest_open(conversation)
        if mine is None or not mine.case.is_open:
            return None
        if _WILL_ADD.fullmatch(text):
            return await self._say_on(mine, conversation, "")
        return self.pass_on(mine, text, conversation)

    async def reached(self, text: str, conversation: Conversation) -> Turn | None:
        """Hear in plain words that a name or number has changed; None where nothing is said of that."""
        field = meant(text)
        if field is None:
            return None
        mine = [one for one in await self._of(conversation) if one.case.is_open]
        if len(mine) != 1:
            return await self.overview(conversation) if mine else None
        if field == PHONE and read_phone(text):
            return self._put_right(mine[0], field, text, conversation)
        return await self._correct(mine[0], conversation, field)

    async def lost(self, conversation: Conversation) -> Turn:
        """Tell somebody who has lost a receipt what is left to do."""
        if await self._of(conversation):
            return await self.overview(conversation)
        return _turn(conversation, Reply(texts.LOST))

    async def newest_open(self, conversation: Conversation) -> Mine | None:
        """Return the chat's newest case that is not over."""
        return next((one for one in await self._of(conversation) if one.case.is_open), None)

    async def waiting(self, conversation: Conversation) -> Mine | None:
        """Return the case that waits for this chat's reply, if it is one alone."""
        waiting = [one for one in await self._of(conversation) if one.case.state is State.WAITING_WORKER]
        return waiting[0] if len(waiting) == 1 else None

    async def by_receipt(self, digits: str, conversation: Conversation) -> Turn:
        """Show the case of a receipt, which from now on can be dealt with here."""
        if not receipt.valid(digits):
            return _turn(conversation, Reply(texts.TYPO))
        try:
            mine = await self._cases.by_receipt(digits, conversation.channel, conversation.chat)
        except TooManyGuesses:
            return _turn(conversation, Reply(texts.TOO_MANY))
        if mine is None:
            return _turn(conversation, Reply(texts.UNKNOWN))
        own = await self._find(mine.case.id, conversation)
        turn = await self._show(mine, replace(conversation, held=Held(mine.case.id, mine.claimant.number)), "")
        return turn if own else replace(turn, replies=(*turn.replies, Reply(texts.HERE_TOO)))

    async def tap(self, about: list[str], conversation: Conversation) -> Turn:
        """Do what a button under a case says."""
        verb, id, *rest = [*about, "", ""][: max(2, len(about))]
        mine = await self._find(id, conversation)
        if mine is None or verb not in self._acts:
            return _turn(conversation, Reply(texts.GONE))
        return await self._acts[verb](mine, conversation, rest[0] if rest else "")

    async def say(self, text: str, conversation: Conversation) -> Turn:
        """Pass on what is written while a case is in focus: a message to its staff, or a correction."""
        mine = await self._find(conversation.focus or "", conversation)
        if mine is None:
            return _turn(_unfocused(conversation), Reply(texts.GONE))
        if conversation.correcting and (courtesy(text) or _NOTHING_WRONG.fullmatch(text)):
            return _turn(_unfocused(conversation), Reply(texts.ENDED))
        if conversation.correcting:
            return self._put_right(mine, conversation.correcting, text, conversation)
        return self.pass_on(mine, text, conversation)

    def pass_on(self, mine: Mine, text: str, conversation: Conversation) -> Turn:
        """Let staff read `text`; the chat goes on writing to them."""
        reply = Reply(_said(mine, conversation), buttons=done())
        return self._done(mine, Move.SAY, Content(text=text), replace(conversation, focus=mine.case.id), reply)

    async def attach(self, files: Sequence[HeldFile], text: str, conversation: Conversation) -> Turn:
        """Add files to the case in focus, and what was written with them."""
        mine = await self._find(conversation.focus or "", conversation)
        if mine is None:
            return _turn(_unfocused(conversation), Reply(texts.GONE))
        now, me = self._now(), mine.claimant.number
        evidence = tuple(Evidence(token_hex(16), file.kept, file.name, me, now) for file in files)
        case, events = mine.case, list[Event]()
        for one in evidence:
            added = decide(case, Move.ATTACH, Actor.worker(me), now, Content(evidence=one.id, text=text))
            if isinstance(added, Refusal):
                return _turn(_unfocused(conversation), Reply(texts.NOT_NOW))
            events += added
            case, text = reduce(Case.then, added, case), ""
        change = Append(mine.case.id, mine.case.seen, tuple(events), evidence=evidence)
        return Turn((Reply(texts.FILED, buttons=done()),), conversation, changes=(change,))

    # --- what buttons do ---

    async def _show(self, mine: Mine, conversation: Conversation, about: str) -> Turn:
        case = mine.case
        news = [(event.at, one.text) for event in case.events for one in told(case, (event,), self._organizations)]
        union = contacts.union(case.organization, self._organizations)
        text = texts.progress(case.categories[0], case.opened_at, union, case.state, news[-STEPS:])
        due = next(iter(clocks(case, self._times)), None)
        if due is not None and due.kind in _OURS:
            text += texts.waits(due.due_at, self._now())
        called = call_back(mine.claimant.channel, mine.claimant.telephone, case.id) if case.is_open else ()
        return _turn(conversation, Reply(text, buttons=(*buttons(case), *called)))

    async def _say_on(self, mine: Mine, conversation: Conversation, about: str) -> Turn:
        if not mine.case.is_open:
            return _turn(conversation, Reply(texts.CLOSED_ALREADY, buttons=reopening(mine.case)))
        focused = replace(conversation, focus=mine.case.id, correcting=None)
        return _turn(focused, Reply(texts.SAY_ON, buttons=done()))

    async def _correct(self, mine: Mine, conversation: Conversation, about: str) -> Turn:
        if about not in fields(mine.case):
            buttons = tuple(
                Action.CASE.button(label, "correct", mine.case.id, field) for field, label in fields(mine.case).items()
            )
            rows = tuple(buttons[first : first + 2] for first in range(0, len(buttons), 2))  # two fit beside each other
            return _turn(conversation, Reply(texts.WHICH, buttons=rows))
        focused = replace(conversation, focus=mine.case.id, correcting=about)
        return _turn(focused, Reply(question(mine, about), buttons=done(texts.KEEP)))

    def _put_right(self, mine: Mine, field: str, text: str, conversation: Conversation) -> Turn:
        made = corrected(mine, field, text)
        if isinstance(made, str):
            return _turn(conversation, Reply(made, buttons=done(texts.KEEP)))
        said = Content(text=made.said, facts=made.facts)
        turn = self._done(mine, Move.CORRECT, said, _unfocused(conversation), Reply(made.reply))
        return replace(turn, changes=(*turn.changes, made.reach)) if turn.changes and made.reach else turn

    async def _ask_number(self, mine: Mine, conversation: Conversation, about: str) -> Turn:
        """Ask for a telephone number to call back."""
        focused = replace(conversation, focus=mine.case.id, correcting=PHONE)
        return _turn(focused, Reply(texts.ASK_NUMBER, buttons=done(texts.KEEP)))

    async def _withdraw(self, mine: Mine, conversation: Conversation, about: str) -> Turn:
        if about != "yes":
            sure = Action.CASE.button(texts.SURE_WITHDRAW, "withdraw", mine.case.id, "yes")
            return _turn(conversation, Reply(texts.WITHDRAW_SURE, buttons=((sure,),)))
        return self._done(mine, Move.WITHDRAW, Content(), _unfocused(conversation), Reply(texts.WITHDRAWN))

    async def _export(self, mine: Mine, conversation: Conversation, about: str) -> Turn:
        facts = mine.case.facts
        lines = [(label, told_of(facts, field)) for field, label in texts.FIELDS.items()]
        lines += facts.answers
        lines += [(texts.NAME, mine.claimant.name or texts.UNNAMED), (texts.PHONE, mine.claimant.telephone)]
        me = str(mine.claimant.number)
        said = [
            (event.at, event.content.text)
            for event in mine.case.events
            if event.actor.party is Party.WORKER and event.actor.id == me and event.content.text
        ]
        files = [file for file in await self._cases.evidence(mine.case.id) if file.claimant == mine.claimant.number]
        rows = ((Action.CASE.button(texts.DELETE, "delete", mine.case.id),),)
        return _turn(conversation, Reply(texts.kept(lines, said, len(files)), buttons=rows))

    async def _delete(self, mine: Mine, conversation: Conversation, about: str) -> Turn:
        if about != "yes":
            sure = Action.CASE.button(texts.SURE_DELETE, "delete", mine.case.id, "yes")
            return _turn(conversation, Reply(texts.DELETE_SURE, buttons=((sure,),)))
        others = [other for other in await self._cases.claimants(mine.case.id) if not other.left]
        if len(others) > 1:
            leaving = Content(claimant=mine.claimant.number)
            return self._done(mine, Move.LEAVE, leaving, _unfocused(conversation), Reply(texts.DELETED))
        changes: tuple[Change, ...] = (EraseCase(mine.case.id, Actor.worker(mine.claimant.number)),)
        if mine.case.is_open:
            stopped = self._decided(mine, Move.WITHDRAW, Content())
            if not isinstance(stopped, Refusal):
                changes = (Append(mine.case.id, mine.case.seen, stopped), *changes)
        return Turn((Reply(texts.DELETED),), _unfocused(conversation), changes=changes)

    async def settled(self, id: str, conversation: Conversation) -> Turn:
        """Close the case by its worker's word, and ask how it was; pass the word on where the union is still at it."""
        mine = await self._find(id, conversation)
        if mine is None:
            return _turn(conversation, Reply(texts.GONE))
        if not mine.case.is_open:
            return _turn(conversation, Reply(texts.SETTLED_ALREADY, buttons=rating(mine.case)))
        if not to_confirm(mine.case) and mine.case.state is not State.MERGED:
            said = Content(text=cases_texts.SETTLED)
            return self._done(mine, Move.SAY, said, conversation, Reply(texts.SETTLED_EARLY))
        reply = Reply(texts.SETTLED, buttons=rating(mine.case))
        return self._done(mine, Move.CONFIRM, Content(), conversation, reply)

    async def unsettled(self, id: str, conversation: Conversation, told: str = "") -> Turn:
        """Open the case again, with what its worker told of why; after the first time a supervisor decides."""
        mine = await self._find(id, conversation)
        if mine is None:
            return _turn(conversation, Reply(texts.GONE))
        rows = ((Action.CASE.button(texts.SAY, "say", mine.case.id),),)
        if mine.case.is_open and not to_confirm(mine.case) and mine.case.state is not State.MERGED:
            return _turn(conversation, Reply(texts.STILL_OPEN, buttons=rows))
        if mine.case.state is State.WITHDRAWN:
            return _turn(conversation, Reply(texts.WITHDRAWN_ALREADY))
        again = self._decided(mine, Move.REOPEN, Content())
        if isinstance(again, Refusal):
            return self._done(mine, Move.ASK_REOPEN, Content(text=told), conversation, Reply(texts.ASKED_REOPEN))
        if told:
            said = Content(text=told)
            more = self._decided(replace(mine, case=reduce(Case.then, again, mine.case)), Move.SAY, said)
            again = again if isinstance(more, Refusal) else (*again, *more)
        reply = Reply(texts.REOPENED_TOLD if told else texts.REOPENED, buttons=rows)
        return Turn((reply,), conversation, changes=(Append(mine.case.id, mine.case.seen, again),))

    async def _rate(self, mine: Mine, conversation: Conversation, about: str) -> Turn:
        if about not in {str(n) for n, _ in enumerate(texts.STARS, 1)}:
            return _turn(conversation, Reply(texts.GONE))
        low = int(about) <= LOW
        reply = Reply(texts.RATED_LOW if low else texts.RATED, buttons=reopening(mine.case) if low else ())
        return self._done(mine, Move.RATE, Content(score=int(about)), conversation, reply)

    # --- how ---

    async def _of(self, conversation: Conversation) -> list[Mine]:
        return list(await self._cases.of_chat(conversation.channel, conversation.chat))

    async def _find(self, id: str, conversation: Conversation) -> Mine | None:
        """Return the case, if it is this chat's, or one whose receipt it has shown."""
        for mine in await self._of(conversation):
            if mine.case.id == id:
                return mine
        held = conversation.held
        case = await self._cases.case(id) if held and held.case == id else None
        if held is None or case is None:
            return None
        claimants = await self._cases.claimants(id)
        return next((Mine(case, one) for one in claimants if one.number == held.claimant and not one.left), None)

    def _decided(self, mine: Mine, move: Move, content: Content) -> tuple[Event, ...] | Refusal:
        return decide(mine.case, move, Actor.worker(mine.claimant.number), self._now(), content)

    def _done(
        self,
        mine: Mine,
        move: Move,
        content: Content,
        conversation: Conversation,
        reply: Reply,
    ) -> Turn:
        """Make the move and say so; other claimants are told by the case itself."""
        events = self._decided(mine, move, content)
        if isinstance(events, Refusal):
            return _turn(_unfocused(conversation), Reply(texts.NOT_NOW))
        change = Append(mine.case.id, mine.case.seen, events)
        return Turn((reply,), conversation, changes=(change,))


def _turn(conversation: Conversation, *replies: Reply) -> Turn:
    return Turn(replies, conversation)


def _unfocused(conversation: Conversation) -> Conversation:
    return replace(conversation, focus=None, correcting=None)


def _said(mine: Mine, conversation: Conversation) -> str:
    """Say that a message was passed on; what to do next is told once."""
    match mine.case.state:
        case State.WAITING_WORKER:
            return texts.SAID_WAITED
        case State.EMERGENCY:
            told = any(event.move is Move.SAY and event.actor.party is Party.WORKER for event in mine.case.events)
            return texts.SAID_ALARM_ON if told else texts.SAID_ALARM
        case _:
            return texts.SAID_ON if conversation.focus == mine.case.id else texts.SAID


def _line(case: Case) -> str:
    return texts.line(case.categories[0], case.opened_at, case.state)
