"""Questions: the answer, its sources, whether it helped, and what the union could do about it."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from hashlib import blake2b
from itertools import pairwise

from bot import texts
from bot.answers.followup import leans
from bot.answers.history import completed, heard_with
from bot.answers.model import Answer, AnswerStatus
from bot.dialogue.actions import Action
from bot.dialogue.ports import Answering, Conversation, Exchange, Feedback, Offer, Turn, Verdict
from bot.dialogue.scraps import is_scrap
from bot.dialogue.spoken import applies, asks
from bot.dialogue.wrongs import SOMEWHERE, STORY, WRONGS, wrong_in
from bot.messages import Button, Incoming, Reply
from bot.redaction import redact
from bot.texts import intake as intake_texts
from bot.triage.model import Intent, Triage
from knowledge.calendar import ZONE
from knowledge.forms import Forms
from knowledge.regions import Regions

REMEMBERED = 6  # exchanges whose sources and buttons still work
HISTORY = 3  # earlier questions that a follow-up may lean on
SAME = 0.5  # of the shorter question's pairs of characters: from here on two questions ask the same
RESPITE = 2  # exchanges after an offer in which a button is enough
SCRAP = 24  # characters that go on with a story, rather than begin another
RECENT = 3  # exchanges in which a wrong may have been told that a scrap goes on with
BRIEF = 10  # characters of a message that names a service and wants no more than that: 申请入会
FOREIGN_STORY = 4  # words from which somebody tells something, rather than greets
WORD = 6  # characters of a message that asks for nothing, which a search would not understand
AT_LEAST, AT_ONCE = 2, 3  # questions of one message from which on, and up to which, each is answered
PATIENCE = 2  # refusals in a row, after which a person is offered

_END = "[了吧啊呀的嘛噻撒哈咧嘞勒呗哒哦。.，,!！~～ ]*"
_ASSENT = "好|可以|行|中|要|得行|想(?!想)|需要|愿意|同意|是|嗯|帮忙?|办(?!不)|登记|投诉|反映|出面|麻烦|ok|yes"
_BESIDE = "那|就|请|得|你们?|您|我们?|一下|工会|这件事|谢谢"
_YES = re.compile(rf"(?=.*({_ASSENT}))(({_ASSENT}|{_BESIDE}){_END})+", re.IGNORECASE)
_NO = re.compile(rf"(不用|不要|不了|不必|不需要|先不|算了|不办|暂时不用|不){_END}")
_WHAT_TO_DO = re.compile(r"(怎么|咋个?|么样|如何|么)(办|搞|整|要回)|(找|问)(谁|哪个|哪里)")
_OWN = re.compile("我|咱|俺")
_GOES_ON = frozenset({Intent.GRIEVANCE, Intent.HELP, Intent.SMALL_TALK})
_LATIN_WORD = re.compile("[A-Za-z]+")
_FOREIGN = re.compile(r"[^\u3400-\u9fff]*[a-z][^\u3400-\u9fff]*", re.IGNORECASE)

Rows = tuple[tuple[Button, ...], ...]


class Questions:
    """Answers what is asked, and offers what the union can do."""

    def __init__(self, answering: Answering, forms: Forms, regions: Regions, now: Callable[[], datetime]) -> None:
        self._answering = answering
        self._forms = forms
        self._regions = regions
        self._now = now

    async def answer(self, incoming: Incoming, text: str, read: Triage, conversation: Conversation) -> Turn:
        """Answer a question from the index; several of one message one by one."""
        if read.intent is Intent.QUESTION and conversation.draft is None and len(parts := _parts(text)) > 1:
            return await self._one_by_one(incoming, text, read, parts[:AT_ONCE], conversation)
        answer = await self._answer(text, read, conversation)
        id = message_id(incoming)
        refused = answer.status is AnswerStatus.REFUSED
        offer = self._offer(text, read, conversation, refused=refused)
        exchange = Exchange(id, text, answer.text, answer.status, answer.citations, offer=offer)
        remembered = replace(
            conversation,
            exchanges=(*conversation.exchanges, exchange)[-REMEMBERED:],
            misses=conversation.misses + 1 if refused else 0,
        )
        report = ((Action.REPORT.button(intake_texts.REPORT, id),),)
        rows = (*_buttons(answer, id), *self._service(text))
        match offer:
            case Offer.REPORT if refused:
                heard = texts.FOREIGN_REPORT if _is_foreign_story(text) else intake_texts.HEARD
                replies = [Reply(heard, buttons=(*report, *rows))]
            case Offer.REPORT:
                replies = [Reply(answer.text, answer.citations, rows), Reply(intake_texts.OFFER, buttons=report)]
            case Offer.APPLY:
                title = self._forms.all_named(text)[0].title
                replies = [
                    Reply(answer.text, answer.citations, _buttons(answer, id)),
                    Reply(intake_texts.offer_apply(title), buttons=self._service(text)),
                ]
            case Offer.PERSON:
                replies = [
                    Reply(_refusal(answer, text), buttons=rows),
                    Reply(intake_texts.OFFER_PERSON, buttons=_human()),
                ]
            case _:  # offered before: a button says it
                wrong = read.intent is Intent.GRIEVANCE and len(text) >= STORY
                again = report if wrong and conversation.draft is None else ()
                told = _refusal(answer, text) if refused else answer.text
                replies = [Reply(told, answer.citations, (*rows, *again))]
        lost = refused and offer is not Offer.REPORT and self._is_word(text, read)
        if lost:
            replies = [Reply(texts.what_about(text), buttons=rows)]
        feedback = _feedback(exchange, Verdict.REFUSED, conversation) if refused and not lost else ()
        if (before := conversation.exchanges[-1:]) and _asks_again(text, before[0]):
            feedback = (*feedback, *_feedback(before[0], Verdict.REPHRASED, conversation))
        return Turn(tuple(replies), remembered, feedback)

    async def _one_by_one(
        self, incoming: Incoming, text: str, read: Triage, parts: list[str], conversation: Conversation
    ) -> Turn:
        """Answer each part of a message, each with its own sources, and offer once what the union can do."""
        replies: list[Reply] = []
        exchanges: list[Exchange] = []
        feedback: tuple[Feedback, ...] = ()
        for number, part in enumerate(parts):
            earlier = heard_with(parts[:number], part)
            answer = await self._answering.answer(part, region=conversation.region, history=earlier)
            refused = answer.status is AnswerStatus.REFUSED
            exchange = Exchange(f"{message_id(incoming)}{number}", part, answer.text, answer.status, answer.citations)
            told = intake_texts.NOT_FOUND if refused else answer.text
            rows = () if refused else _buttons(answer, exchange.id)
            replies.append(Reply(f"{number + 1}. {part}？\n\n{told}", answer.citations, rows))
            exchanges.append(exchange)
            feedback += _feedback(exchange, Verdict.REFUSED, conversation) if refused else ()
        if self._offer(text, read, conversation, refused=False) is Offer.REPORT:
            exchanges[-1] = replace(exchanges[-1], question=text, offer=Offer.REPORT)
            report = ((Action.REPORT.button(intake_texts.REPORT, exchanges[-1].id),),)
            replies.append(Reply(intake_texts.OFFER, buttons=report))
        remembered = (*conversation.exchanges, *exchanges)[-REMEMBERED:]
        return Turn(tuple(replies), replace(conversation, exchanges=remembered, misses=0), feedback)

    async def plainly(self, incoming: Incoming, text: str, conversation: Conversation) -> Turn:
        """Answer a question by itself, without what was said before it and without an offer, for others read along."""
        answer = await self._answering.answer(text, region=conversation.region, history=())
        id = message_id(incoming)
        refused = answer.status is AnswerStatus.REFUSED
        exchange = Exchange(id, text, answer.text, answer.status, answer.citations)
        remembered = replace(conversation, exchanges=(*conversation.exchanges, exchange)[-REMEMBERED:])
        told = _refusal(answer, text) if refused else answer.text
        feedback = _feedback(exchange, Verdict.REFUSED, conversation) if refused else ()
        return Turn((Reply(told, answer.citations, _buttons(answer, id)),), remembered, feedback)

    async def _answer(self, text: str, read: Triage, conversation: Conversation) -> Answer:
        """Answer from the index; a story of a wrong that finds nothing is asked with its matter named before it."""
        told = [exchange.question for exchange in conversation.exchanges[-HISTORY:]]
        asked, history = completed(told, text), heard_with(told, text)
        if asked != text:
            somewhere = self._regions.masked(asked, SOMEWHERE)
            return await self._answering.answer(somewhere, region=conversation.region, history=())
        wrong = wrong_in(text, read, conversation.region, self._regions)
        if wrong is None:
            return await self._answering.answer(text, region=conversation.region, history=history)
        # A whole story is no further question: what was asked before it would answer in its place.
        earlier = history if leans(text) or self._is_scrap(text, read) else ()
        answer = await self._answering.answer(wrong.story, region=wrong.region, history=earlier)
        if answer.status is not AnswerStatus.REFUSED:
            return answer
        named = await self._answering.answer(wrong.named, region=wrong.region, history=())
        return named if named.status is AnswerStatus.ANSWERED else answer

    def source(self, exchange_id: str, number: str, conversation: Conversation) -> Turn:
        """Show a source of an answer."""
        exchange = exchange_of(conversation, exchange_id)
        if exchange is None or not number.isdecimal() or not 1 <= int(number) <= len(exchange.citations):
            return Turn((Reply(texts.SOURCE_GONE),), conversation)
        citation = exchange.citations[int(number) - 1]
        return Turn((Reply(texts.source_detail(int(number), citation), (citation,)),), conversation)

    def judge(self, exchange_id: str, verdict: Verdict, conversation: Conversation) -> Turn:
        """Keep whether an answer helped."""
        exchange = exchange_of(conversation, exchange_id)
        if exchange is None:
            return Turn((Reply(texts.JUDGED_LATE, notice=True),), conversation)
        if exchange.judged:
            return Turn((Reply(texts.JUDGED_ALREADY, notice=True),), conversation)
        exchanges = tuple(replace(one, judged=True) if one is exchange else one for one in conversation.exchanges)
        reply = Reply(texts.THANKS, notice=True) if verdict is Verdict.HELPFUL else Reply(texts.SORRY, buttons=_human())
        return Turn((reply,), replace(conversation, exchanges=exchanges), _feedback(exchange, verdict, conversation))

    def _service(self, text: str) -> Rows:
        """Offer to apply for the services that a question names."""
        return tuple((Action.FORM.button(form.title, form.id),) for form in self._forms.all_named(text))

    def offered(self, text: str, conversation: Conversation) -> tuple[Offer, bool] | None:
        """Return the last answer's offer and whether `text` takes it up; None where it says neither yes nor no."""
        last = conversation.exchanges[-1] if conversation.exchanges else None
        if last is None or last.offer in {None, Offer.PAST}:
            return None
        if last.offer is Offer.APPLY and len(text) <= BRIEF and not asks(text) and self._forms.named(text):
            return last.offer, True
        if not (_YES.fullmatch(text) or _NO.fullmatch(text)):
            return None
        return last.offer, bool(_YES.fullmatch(text))

    def continued(self, text: str, read: Triage, conversation: Conversation) -> Turn | None:
        """Keep what goes on with the wrong that was just told, while its offer stands; None for any other matter.

        A scrap goes on with what was told before the last few answers too, unless it is what their question lacked.
        """
        told = _standing(conversation)
        if told is None or conversation.draft is not None:
            return None
        last = conversation.exchanges[-1]
        if self._is_scrap(text, read):
            another = told is not last and asks(last.question)
        else:
            wrong = read.intent is Intent.GRIEVANCE and read.category in WRONGS
            another = told is not last or wrong or read.intent not in _GOES_ON or len(text) > SCRAP or asks(text)
        if another:
            return None
        more = replace(told, question=f"{told.question}\n{text}")
        report = ((Action.REPORT.button(intake_texts.REPORT, told.id),),)
        reply = Reply(
            intake_texts.GOES_ON, buttons=report if told.offer is Offer.REPORT else self._service(more.question)
        )
        others = (one for one in conversation.exchanges if one is not told)
        return Turn((reply,), replace(conversation, exchanges=(*others, more)))

    def scrap(self, text: str, read: Triage, conversation: Conversation) -> Turn | None:
        """Ask what a scrap is about where nothing was said that it could belong to; None for what may be looked up."""
        last = conversation.exchanges[-1] if conversation.exchanges else None
        if (last is not None and last.status is AnswerStatus.ANSWERED) or not self._is_scrap(text, read):
            return None
        return Turn((Reply(texts.what_about(text), buttons=_human()),), conversation)

    def _is_scrap(self, text: str, read: Triage) -> bool:
        today = self._now().astimezone(ZONE).date()
        return is_scrap(text, self._regions, today, idle=read.intent is Intent.SMALL_TALK)

    def _is_word(self, text: str, read: Triage) -> bool:
        """Tell whether a message that found nothing is too little to say so: asking back helps more than a no."""
        few = len(text) <= WORD and read.intent is not Intent.QUESTION and not asks(text)
        return not _FOREIGN.fullmatch(text) and (few or self._is_scrap(text, read))

    def _offer(self, text: str, read: Triage, conversation: Conversation, *, refused: bool) -> Offer | None:
        """Offer the union's help to who tells of a wrong, now and then; a person to who was not helped twice."""
        if conversation.draft is not None:
            return None
        if self._forms.named(text) and applies(text) and not refused:
            return Offer.APPLY
        lately = {exchange.offer for exchange in conversation.exchanges[-RESPITE:]} & {Offer.REPORT, Offer.PAST}
        told = (read.intent is Intent.GRIEVANCE or _in_trouble(text, read)) and len(text) >= STORY
        if refused and _is_foreign_story(text):
            return Offer.REPORT
        if told and (refused or not lately) and self._forms.named(text) is None:  # a bare no helps nobody
            return Offer.REPORT
        return Offer.PERSON if refused and conversation.misses + 1 == PATIENCE else None


def _parts(text: str) -> list[str]:
    """Return the questions of a message that asks several, [] where it asks one."""
    *asked, rest = (part.strip("，,。 \n") for part in re.split("[？?]", text))
    if sum(len(part) >= STORY for part in asked) < AT_LEAST:
        return []
    return [part for part in (*asked, rest if asks(rest) else "") if part]


def _standing(conversation: Conversation) -> Exchange | None:
    """Return the wrong that was told lately and whose offer was neither taken up nor declined."""
    for exchange in reversed(conversation.exchanges[-RECENT:]):
        if exchange.offer is not None and exchange.offer is not Offer.PERSON:
            return None if exchange.offer is Offer.PAST else exchange
    return None


def _in_trouble(text: str, read: Triage) -> bool:
    """Tell whether somebody asks what to do about a wrong of their own: 老板欠我两个月工资怎么办."""
    asked = read.intent is Intent.QUESTION and _WHAT_TO_DO.search(text) and _OWN.search(text)
    return bool(asked) and read.category in WRONGS


def message_id(incoming: Incoming) -> str:
    """Return the same short id each time that this message is worked on."""
    return blake2b(f"{incoming.channel}:{incoming.chat}:{incoming.key}".encode(), digest_size=6).hexdigest()


def exchange_of(conversation: Conversation, id: str) -> Exchange | None:
    """Return what is remembered of an exchange."""
    return next((exchange for exchange in conversation.exchanges if exchange.id == id), None)


def _asks_again(text: str, before: Exchange) -> bool:
    """Tell whether a question is the one before in other words, so that its answer was not what was looked for."""
    if before.judged or before.status is not AnswerStatus.ANSWERED or text == before.question:
        return False
    now, then = (set(pairwise(said)) for said in (text, before.question))
    return len(now & then) >= SAME * max(1, min(len(now), len(then)))


def _buttons(answer: Answer, exchange_id: str) -> Rows:
    if answer.status is AnswerStatus.REFUSED:
        return _human()
    if answer.status is not AnswerStatus.ANSWERED:
        return ()
    sources = (
        (Action.SOURCE.button(texts.source_label(number, citation), exchange_id, str(number)),)
        for number, citation in enumerate(answer.citations, 1)
    )
    judge = (
        Action.HELPFUL.button(texts.HELPFUL, exchange_id),
        Action.UNHELPFUL.button(texts.UNHELPFUL, exchange_id),
    )
    return (*sources, judge)


def _is_foreign_story(text: str) -> bool:
    """Tell whether somebody who writes no Chinese tells of something, rather than greets."""
    return _FOREIGN.fullmatch(text) is not None and len(_LATIN_WORD.findall(text)) >= FOREIGN_STORY


def _refusal(answer: Answer, question: str) -> str:
    """Say no, in English too to somebody who writes no Chinese."""
    return texts.FOREIGN if _FOREIGN.fullmatch(question) else answer.text


def settle_offer(conversation: Conversation) -> Conversation:
    """Remember that the last offer, if there was one, was taken up or declined."""
    if not conversation.exchanges:
        return conversation
    *earlier, last = conversation.exchanges
    return replace(conversation, exchanges=(*earlier, replace(last, offer=Offer.PAST)))


def _human() -> Rows:
    return ((Action.HUMAN.button(texts.HUMAN),),)


def _feedback(exchange: Exchange, verdict: Verdict, conversation: Conversation) -> tuple[Feedback, ...]:
    return (Feedback(exchange.id, verdict, redact(exchange.question), conversation.region),)
