"""The dialogue: one message and what is remembered of its chat → replies, whatever the channel."""

import re
from dataclasses import replace
from hashlib import blake2b

from bot import texts
from bot.answers.model import Answer, AnswerStatus
from bot.dialogue.actions import Action, parse
from bot.dialogue.courtesy import courtesy
from bot.dialogue.danger import crisis
from bot.dialogue.human import handoff
from bot.dialogue.ports import Answering, Conversation, Exchange, Feedback, Turn, Union, Verdict
from bot.messages import Button, Incoming, Reply
from bot.redaction import redact
from knowledge.regions import Regions

LONGEST = 2000  # characters of a question
REMEMBERED = 6  # exchanges whose sources and buttons still work
HISTORY = 3  # earlier questions that a follow-up may lean on

_PLACE = re.compile(r"(?:我(?:是|在|属于|的工会是)?|选择?)?\s*(?P<name>\S+?)\s*(?:的|人|这边|那边)?[。！!.]?")


class Dialogue:
    """Answers questions and taps; knows no channel and no database."""

    def __init__(self, answering: Answering, regions: Regions, retention_days: int = 30) -> None:
        self._answering = answering
        self._regions = regions
        self._retention_days = retention_days
        self.unions = tuple(Union(region.id, region.union) for region in regions.regions.values())
        self._region_of = {
            name: region.id for region in regions.regions.values() for name in (region.id, region.union, *region.names)
        }

    async def respond(self, incoming: Incoming, conversation: Conversation) -> Turn:
        """Return the replies to `incoming` and what is remembered from now on."""
        if incoming.action is not None:
            return self._tap(incoming.action, conversation)
        text = incoming.text.strip()
        if danger := crisis(text):  # before anything else, commands and length included
            return _say(conversation, Reply(danger.text))
        if text.startswith("/"):
            return self._command(text, conversation)
        if not text:
            return _say(conversation, Reply(texts.UNREADABLE if incoming.attachments else texts.NO_TEXT))
        if len(text) > LONGEST:
            return _say(conversation, Reply(texts.too_long(len(text), LONGEST)))
        if said := handoff(text) or courtesy(text):
            return _say(conversation, Reply(said.text))
        if region := self._place(text):
            return self._choose(region, conversation)
        return await self._question(incoming, text, conversation)

    # --- questions ---

    async def _question(self, incoming: Incoming, text: str, conversation: Conversation) -> Turn:
        history = [exchange.question for exchange in conversation.exchanges[-HISTORY:]]
        answer = await self._answering.answer(text, region=conversation.region, history=history)
        exchange = Exchange(_exchange_id(incoming), text, answer.text, answer.status, answer.citations)
        replies = [Reply(answer.text, answer.citations, _buttons(answer, exchange.id))]
        if incoming.attachments:
            replies.insert(0, Reply(texts.TEXT_ONLY))
        feedback = _feedback(exchange, Verdict.REFUSED, conversation) if answer.status == AnswerStatus.REFUSED else ()
        remembered = (*conversation.exchanges, exchange)[-REMEMBERED:]
        return Turn(tuple(replies), replace(conversation, exchanges=remembered), feedback)

    # --- commands ---

    def _command(self, text: str, conversation: Conversation) -> Turn:
        word, _, rest = text.partition(" ")
        match word.partition("@")[0].lower():  # in groups Telegram adds @ and the bot's name
            case "/start":
                return _say(conversation, self._welcome(conversation))
            case "/help":
                return _say(conversation, Reply(texts.help_text(self._retention_days)))
            case "/region" if rest.strip():
                region = self._place(rest.strip())
                if region is None:
                    return _say(conversation, Reply(texts.region_unknown(rest.strip()), buttons=self._unions()))
                return self._choose(region, conversation)
            case "/region":
                return _say(conversation, Reply(texts.REGION_CHOICES, buttons=self._unions()))
            case "/forget":
                return Turn(
                    (Reply(texts.FORGOTTEN),), Conversation(conversation.channel, conversation.chat), forget=True
                )
            case _:
                return _say(conversation, Reply(texts.unknown_command(word)))

    def _welcome(self, conversation: Conversation) -> Reply:
        chosen = self._regions.regions.get(conversation.region or "")
        if chosen:
            return Reply(texts.welcome(chosen.union))
        return Reply(texts.welcome(None), buttons=self._unions())

    # --- taps ---

    def _tap(self, action: str, conversation: Conversation) -> Turn:
        match parse(action):
            case Action.SOURCE, [exchange_id, number]:
                return _say(conversation, _source(_exchange(conversation, exchange_id), number))
            case Action.HELPFUL, [exchange_id]:
                return _judge(conversation, exchange_id, Verdict.HELPFUL)
            case Action.UNHELPFUL, [exchange_id]:
                return _judge(conversation, exchange_id, Verdict.UNHELPFUL)
            case Action.REGION, [""]:
                return _say(replace(conversation, region=None), Reply(texts.REGION_CLEARED))
            case Action.REGION, [region] if region in self._regions:
                return self._choose(region, conversation)
            case Action.CHOOSE, []:
                return _say(conversation, Reply(texts.REGION_CHOICES, buttons=self._unions()))
            case Action.HUMAN, []:
                return _say(conversation, Reply(texts.HUMAN_HELP))
            case _:  # of another version, or of nobody's
                return _say(conversation, Reply(texts.UNKNOWN_BUTTON))

    # --- unions ---

    def _choose(self, region: str, conversation: Conversation) -> Turn:
        union = self._regions.regions[region].union
        return _say(replace(conversation, region=region), Reply(texts.region_chosen(union)))

    def _place(self, text: str) -> str | None:
        """Return the region if `text` names one and says nothing else."""
        said = _PLACE.fullmatch(text)
        return self._region_of.get(text) or (self._region_of.get(said["name"]) if said else None)

    def _unions(self) -> tuple[tuple[Button, ...], ...]:
        rows = [(Action.REGION.button(union.name, union.region),) for union in self.unions]
        return (*rows, (Action.REGION.button(texts.ANY_UNION, ""),))


def _say(conversation: Conversation, *replies: Reply) -> Turn:
    return Turn(replies, conversation)


def _exchange_id(incoming: Incoming) -> str:
    """Return the same short id each time that this message is worked on."""
    return blake2b(f"{incoming.channel}:{incoming.chat}:{incoming.key}".encode(), digest_size=6).hexdigest()


def _exchange(conversation: Conversation, exchange_id: str) -> Exchange | None:
    return next((exchange for exchange in conversation.exchanges if exchange.id == exchange_id), None)


def _buttons(answer: Answer, exchange_id: str) -> tuple[tuple[Button, ...], ...]:
    if answer.status == AnswerStatus.REFUSED:
        return ((Action.HUMAN.button(texts.HUMAN),),)
    if answer.status != AnswerStatus.ANSWERED:
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


def _source(exchange: Exchange | None, number: str) -> Reply:
    if exchange is None or not number.isdecimal() or not 1 <= int(number) <= len(exchange.citations):
        return Reply(texts.SOURCE_GONE)
    citation = exchange.citations[int(number) - 1]
    return Reply(texts.source_detail(int(number), citation), (citation,))


def _judge(conversation: Conversation, exchange_id: str, verdict: Verdict) -> Turn:
    exchange = _exchange(conversation, exchange_id)
    if exchange is None:
        return _say(conversation, Reply(texts.JUDGED_LATE, notice=True))
    if exchange.judged:
        return _say(conversation, Reply(texts.JUDGED_ALREADY, notice=True))
    exchanges = tuple(replace(other, judged=True) if other is exchange else other for other in conversation.exchanges)
    reply = Reply(texts.THANKS, notice=True) if verdict == Verdict.HELPFUL else Reply(texts.SORRY)
    return Turn((reply,), replace(conversation, exchanges=exchanges), _feedback(exchange, verdict, conversation))


def _feedback(exchange: Exchange, verdict: Verdict, conversation: Conversation) -> tuple[Feedback, ...]:
    return (Feedback(exchange.id, verdict, redact(exchange.question), conversation.region),)
