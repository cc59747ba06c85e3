"""Somebody is in danger: the numbers at once, a case without a form, and whoever is on duty is called."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import reduce
from secrets import token_hex

import structlog

from bot.answers.model import Answer, AnswerStatus
from bot.cases import receipt
from bot.cases.changes import Append, CallStaff, NewClaimant, NoticeKind, OpenCase
from bot.cases.lifecycle import Refusal, decide, opened
from bot.cases.model import BOT, Actor, Case, CaseKind, Content, Event, Facts, Move, State
from bot.cases.ports import CaseBook, Mine
from bot.dialogue.actions import Action
from bot.dialogue.carrying import Carrying
from bot.dialogue.case_buttons import done
from bot.dialogue.ports import Conversation, Turn
from bot.dialogue.referral import Referrer, Watch
from bot.messages import Button, Channel, Reply
from bot.texts import company as company_texts
from bot.texts import danger as texts
from bot.texts import mine as mine_texts
from bot.triage.model import Danger, Triage
from knowledge.calendar import ZONE
from knowledge.vocabulary import Urgency

log = structlog.get_logger(__name__)

_HELP_COMES = re.compile(
    r"(?=.*(了|过|已经|来|到))"
    r"(我们?|他们|工友|同事|老板|有人|已经|刚才?|都|正在)*"
    r"((打|拨|叫|喊|报|送|联系)(过|了|完)?(110|119|120|警察?|救护车|急救|医院|去医院)(电话|过|来|去|了)*"
    r"|(120|110|119|救护车|警察|消防|医生)(的人|已经|马上|就|快|都)*(来|到|赶来|过来|在路上)了?)[。.!！~～，, ]*"
)
TELLERS = 20  # in a group, whose danger is remembered
_ALL_WELL = re.compile(
    r"(我|我们|人|现在|已经|都|真的|其实)*"
    r"((没事|没有?危险|好好的|安全|误会|[搞弄说写看]错|没有?(想不开|要死|想死|受伤)"
    r"|不(是|会)(那个意思|这个意思|要死|想死|想不开|自杀))"
    r"|[了的啊，,。 ]|(是|就是|刚才|只是)*(说着玩|说说|乱说|瞎说|开玩笑|说?气话|发牢骚))+"
    r"[了的啊呀吧。.!！，,~～ ]*"
)
STILL = timedelta(hours=12)  # so long what is written belongs to the emergency that is open already

ADVICE = {
    Danger.SELF_HARM: texts.SELF_HARM,
    Danger.VIOLENCE: texts.VIOLENCE,
    Danger.ACCIDENT: texts.ACCIDENT,
    Danger.CONFINEMENT: texts.CONFINEMENT,
    Danger.THREAT: texts.THREAT,
    Danger.CHILD_LABOUR: texts.CHILD_LABOUR,
    Danger.CROWD: texts.CROWD,
}


def crisis(danger: Danger) -> Answer:
    """Return the emergency numbers and what to do first."""
    return Answer(AnswerStatus.CRISIS, ADVICE[danger], confidence=1.0)


class Emergencies:
    """Answers danger and calls for help."""

    def __init__(
        self,
        cases: CaseBook,
        referrer: Referrer,
        watch: Watch,
        now: Callable[[], datetime],
        carrying: Carrying | None = None,
    ) -> None:
        """Without `carrying` whoever is in danger in a group begins anew in private."""
        self._cases = cases
        self._referrer = referrer
        self._watch = watch
        self._now = now
        self._carrying = carrying

    async def respond(self, text: str, read: Triage, danger: Danger, conversation: Conversation) -> Turn:
        """Give the numbers and open a case for the chat, or add to the emergency that it has open."""
        log.warning("danger.spotted", kind=danger)
        advice = Reply(ADVICE[danger])
        mine = await self._open(conversation)
        if mine is None:
            return self._alarm(text, read, advice, conversation)
        if danger in self._told_of(mine.case):
            advice = Reply(texts.AGAIN_NUMBERS[danger])
        focused = replace(conversation, focus=mine.case.id)
        if located := await self.locate(text, focused):
            return replace(located, replies=(advice, *located.replies))
        told = Reply(self._told(mine.case.organization, again=True), buttons=done())
        return self._add(mine, text, focused, advice, told) or self._alarm(text, read, advice, conversation)

    async def relieved(self, text: str, conversation: Conversation) -> Turn | None:
        """Answer who says in an open emergency that help comes or that all is well; None for any other message."""
        comes, well = _HELP_COMES.fullmatch(text), _ALL_WELL.fullmatch(text)
        mine = await self._open(conversation) if comes or well else None
        if mine is None:
            return None
        focused = replace(conversation, focus=mine.case.id)
        if comes:
            return self._add(mine, text, focused, Reply(texts.HELP_COMES, buttons=done()))
        withdraw = (Action.CASE.button(mine_texts.WITHDRAW, "withdraw", mine.case.id),)
        return self._add(mine, text, focused, Reply(texts.ALL_WELL, buttons=(withdraw, *done())))

    async def overheard(
        self, text: str, read: Triage, danger: Danger, conversation: Conversation, *, alone: str, account: str
    ) -> Turn:
        """Give the numbers in a group and call for help; the case is nobody's there, and no word of it comes back.

        Whose `account` wrote it can carry it on in private, by a button that serves nobody else. Who writes again adds
        to the case; what somebody else writes is another person's danger for all we know, and gets a case of its own.
        """
        log.warning("danger.spotted", kind=danger, in_group=True)
        advice = Reply(ADVICE[danger])
        id = self._told_by(account, conversation)
        case = await self._cases.case(id) if id else None
        if case is not None and case.state is State.EMERGENCY and case.opened_at > self._now() - STILL:
            said = decide(case, Move.SAY, Actor.worker(1), self._now(), Content(text=text))
            if not isinstance(said, Refusal):
                told = Reply(f"{self._told(case.organization, again=True)}\n\n{company_texts.called(alone)}")
                return Turn((advice, told), conversation, changes=(Append(case.id, case.seen, said),))
        events = self._opened(text, read, conversation, company_texts.IN_GROUP)
        claimant = NewClaimant(1, conversation.channel, "", receipt.new(), self._now())
        union = events[0].content.organization or ""
        said_there = f"{self._told(union, in_group=True)}\n\n{company_texts.called(alone)}"
        link = self._carrying.words(events[0].case, account) if self._carrying and account else ""
        buttons = ((Button(company_texts.ALONE, "", f"{alone}={link}"),),) if link else ()
        known = (*conversation.overheard, link)[-TELLERS:] if link else conversation.overheard
        remembered = replace(conversation, focus=events[0].case, overheard=known)
        return Turn((advice, Reply(said_there, buttons=buttons)), remembered, changes=(OpenCase(events, (claimant,)),))

    async def carry_on(self, words: str, account: str, conversation: Conversation) -> Turn:
        """Go on in private with what `account` told of danger in a group, once; `words` are those of its link."""
        id = self._carrying.case_in(words, account) if self._carrying else None
        case = await self._cases.case(id) if id else None
        mine = await self._open(conversation)
        if case is not None and mine is not None and mine.case.id == case.id:  # pressed again
            return Turn((Reply(self._told(case.organization, again=True), buttons=done()),), conversation)
        if case is None or _is_carried(case) or case.opened_at <= self._now() - STILL:
            return Turn((Reply(company_texts.NOT_CARRIED),), conversation)
        joined = decide(case, Move.JOIN, Actor.worker(1), self._now(), Content(claimant=1))
        if isinstance(joined, Refusal):
            return Turn((Reply(company_texts.NOT_CARRIED),), conversation)
        number = receipt.new()
        claimant = NewClaimant(1, conversation.channel, conversation.chat, number, self._now())
        told = company_texts.carried(self._referrer.title(case.organization), receipt.shown(number))
        focused = replace(conversation, focus=case.id, correcting=None)
        return Turn((Reply(told, buttons=done()),), focused, changes=(Append(case.id, case.seen, joined, (claimant,)),))

    async def locate(self, text: str, conversation: Conversation) -> Turn | None:
        """Bring an emergency to the union of the place that is named now; None where there is nothing to bring."""
        mine = await self._open(conversation)
        if mine is None or mine.case.id != conversation.focus or mine.case.region is not None:
            return None
        referral = self._referrer.refer(text, category=mine.case.categories[0], anywhere=True)
        if referral.region is None:
            return None
        content = Content(
            categories=mine.case.categories,
            region=referral.region,
            organization=referral.organization,
            department=referral.department,
            reason=referral.reason,
        )
        moved = decide(mine.case, Move.REGRADE, BOT, self._now(), content)
        if isinstance(moved, Refusal):
            return None
        case = reduce(Case.then, moved, mine.case)
        said = decide(case, Move.SAY, Actor.worker(mine.claimant.number), self._now(), Content(text=text))
        if isinstance(said, Refusal):
            return None
        changes = (
            Append(mine.case.id, mine.case.seen, (*moved, *said)),
            CallStaff(NoticeKind.EMERGENCY, mine.case.id, referral.organization),
        )
        told = Reply(self._told(referral.organization, again=True), buttons=done())
        return Turn((told,), conversation, changes=changes)

    def _told_of(self, case: Case) -> set[Danger | None]:
        """Return the dangers that the worker has told of, each of which was answered by its advice."""
        said = (event.content.text for event in case.events if event.move is Move.SAY)
        return {self._referrer.reading(words).danger for words in (case.facts.story, *said)}

    def _told_by(self, account: str, conversation: Conversation) -> str | None:
        """Return the case of what `account` told in the group last; where accounts are not told, the group's last."""
        if self._carrying is None or not account:
            return conversation.focus
        own = (self._carrying.case_in(words, account) for words in reversed(conversation.overheard))
        return next((case for case in own if case), None)

    async def _open(self, conversation: Conversation) -> Mine | None:
        for mine in await self._cases.of_chat(conversation.channel, conversation.chat):
            if mine.case.state is State.EMERGENCY and mine.case.opened_at > self._now() - STILL:
                return mine
        return None

    def _add(self, mine: Mine, text: str, conversation: Conversation, *replies: Reply) -> Turn | None:
        """Add to the emergency what was written; None where it takes nothing any more."""
        said = decide(mine.case, Move.SAY, Actor.worker(mine.claimant.number), self._now(), Content(text=text))
        if isinstance(said, Refusal):
            return None
        return Turn(replies, conversation, changes=(Append(mine.case.id, mine.case.seen, said),))

    def _alarm(self, text: str, read: Triage, advice: Reply, conversation: Conversation) -> Turn:
        events = self._opened(text, read, conversation)
        number = receipt.new()
        claimant = NewClaimant(1, conversation.channel, conversation.chat, number, self._now())
        paragraphs = [self._told(events[0].content.organization or ""), texts.followed(receipt.shown(number))]
        if conversation.channel is Channel.WEB:  # where nothing can be sent to who has gone
            paragraphs.insert(1, texts.CALL_BACK)
        told = Reply("\n\n".join(paragraphs), buttons=done())
        focused = replace(conversation, focus=events[0].case)
        return Turn((advice, told), focused, changes=(OpenCase(events, (claimant,)),))

    def _opened(
        self, text: str, read: Triage, conversation: Conversation, *answers: tuple[str, str]
    ) -> tuple[Event, ...]:
        referral = self._referrer.refer(text, region=conversation.region, anywhere=True)
        people = read.people if isinstance(read.people, int) else None
        content = Content(
            kind=CaseKind.EMERGENCY,
            facts=Facts(text, people=people, answers=answers),
            categories=read.categories,
            urgency=Urgency.EMERGENCY,
            region=referral.region,
            organization=referral.organization,
            department=referral.department,
            reason=referral.reason,
        )
        return opened(token_hex(16), content, Actor.worker(1), self._now())

    def _told(self, union: str, *, again: bool = False, in_group: bool = False) -> str:
        now = self._now()
        if self._watch.on_duty(union, now):
            called = self._referrer.title(union)
            if again:
                return texts.again(called)
            return texts.called_from_group(called) if in_group else texts.called(called)
        opens = self._watch.opens(union, now)
        return texts.nobody(opens.astimezone(ZONE) if opens else None)


def _is_carried(case: Case) -> bool:
    """Tell whether somebody goes on in private already with what was told in a group."""
    return any(event.move is Move.JOIN and event.content.claimant == 1 for event in case.events)
