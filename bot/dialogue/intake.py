"""Filling in a form with a worker: consent, what is missing, the check, and the case that comes of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.cases import receipt
from bot.cases.ports import CaseBook
from bot.dialogue.actions import Action
from bot.dialogue.asides import acknowledged
from bot.dialogue.case_buttons import call_back
from bot.dialogue.ports import Conversation, Turn
from bot.dialogue.referral import Referral, Referrer
from bot.dialogue.registration import register
from bot.dialogue.sheet import PATIENCE, Sheet, opening
from bot.dialogue.spoken import Verb, applies, asks, asks_back, corrects, leaves_out, named_in, spoken
from bot.forms.draft import (
    Draft,
    Step,
    advance,
    ask,
    asked_of,
    back,
    finish,
    missing,
    put,
    read,
    skip,
    understand,
    unnamed,
)
from bot.forms.values import is_since, number_of_people, read_since
from bot.messages import Button, Channel, Reply
from bot.texts import Reader
from bot.texts import danger as danger_texts
from bot.texts import intake as texts
from bot.texts import mine as mine_texts
from bot.triage.danger import tells_of_harm
from bot.triage.refiner import Refiner, refined
from knowledge.calendar import ZONE
from knowledge.forms import GRIEVANCE, Form, Forms, Kind, Question
from knowledge.regions import Regions
from knowledge.vocabulary import Urgency

RESTS = timedelta(hours=12)  # after which a worker may have forgotten what was asked last
STORY = 6  # characters from which what is nothing else goes on with the story
_WHERE = frozenset({"story", "employer", "place"})  # questions whose replies tell where somebody works
_NAMING = frozenset({Kind.NAME, Kind.PHONE})
_UNDATED = frozenset({Kind.SINCE, Kind.YES_NO})  # questions to which a mere date is their own reply, or none


class Intake:
    """Takes in what a worker brings, one question at a time."""

    def __init__(
        self,
        forms: Forms,
        regions: Regions,
        referrer: Referrer,
        cases: CaseBook,
        now: Callable[[], datetime],
        retention_days: int,
        refiner: Refiner | None = None,
        reader: Reader | None = None,
    ) -> None:
        """`reader` is where the chat model stands that the refiner asks."""
        self._forms = forms
        self._regions = regions
        self._referrer = referrer
        self._cases = cases
        self._now = now
        self._refiner = refiner
        self._sheet = Sheet(forms, regions, retention_days, reader=reader)

    def begin(self, form: Form, conversation: Conversation, *, id: str, said: str = "") -> Turn:
        """Open a form and ask for consent; `said` is what the worker told already."""
        draft = self._told(form, Draft(id, form.id), said)
        return self._asking_consent(form, draft, replace(conversation, files=()))

    def choose(self, conversation: Conversation) -> Turn:
        """Show all services that can be applied for."""
        return Turn((self._sheet.services(),), conversation)

    def begun(self, conversation: Conversation) -> bool:
        """Tell whether a form is open that the worker has agreed to fill in."""
        return conversation.draft is not None and conversation.draft.step is not Step.CONSENT

    def hours(self, conversation: Conversation) -> str:
        """Say when somebody reads what is written now, as a paragraph; "" where somebody is on duty."""
        said = self._referrer.hours(conversation.region, self._now())
        return f"\n\n{said}" if said else ""

    def instead(self, conversation: Conversation, fresh: Button) -> Turn:
        """Ask what becomes of the open form before another is begun, which `fresh` does."""
        return Turn((self._sheet.instead(_open(conversation), fresh),), conversation)

    def half_done(self, conversation: Conversation) -> Reply:
        """Remind of the open form."""
        return self._sheet.half_done(_open(conversation))

    async def reply(self, text: str, conversation: Conversation, *, question: bool = False) -> Turn | None:
        """Go on with the open form; None where `text` is a question that is to be answered first.

        `question` says that it reads like one, which counts when the form has rested: a worker who comes back
        after days may ask something else.
        """
        draft = _open(conversation)
        form = self._forms[draft.form]
        if verb := spoken(draft.step, text):
            return await self._do(verb, (), conversation)
        if draft.step is Step.ASKING:
            return await self._take(form, draft, text, conversation, question=question)
        if said := self._acknowledged(form, draft, text):
            return await self._show(form, draft, conversation, before=said)
        if asks(text):
            return None
        match draft.step:
            case Step.CONSENT:
                return await self._show(form, self._told(form, draft, text), conversation, before=texts.NOTED)
            case Step.CHOOSING if named := named_in(asked_of(form, draft), text):
                return await self._do(Verb.EDIT, (named.id,), conversation)
            case Step.CHECKING if self._other_service(form, text):
                return await self._show(form, draft, conversation, before=texts.ONE_BY_ONE)
            case _:
                changed = self._corrected(form, draft, text)
                if changed == draft:
                    return await self._show(form, draft, conversation, before=texts.WHAT_TO_CHANGE)
                return await self._next(form, changed, conversation, before=texts.CHANGED)

    async def caption(self, text: str, conversation: Conversation) -> Turn | None:
        """Add what was written with a photo to the story, where the form has one; go on as `reply` elsewhere."""
        draft = _open(conversation)
        form = self._forms[draft.form]
        if draft.step is not Step.ASKING or draft.asked == "story" or draft.value("story") is None:
            return await self.reply(text, conversation)
        return await self._next(form, self._told(form, draft, text), conversation)

    async def tap(self, about: list[str], conversation: Conversation) -> Turn:
        """Do what a button of the open form says."""
        id, word, *rest = [*about, "", ""][: max(2, len(about))]
        if conversation.draft is None or conversation.draft.id != id or word not in set(Verb):
            stale = texts.STALE if conversation.draft else texts.NOTHING_OPEN
            return Turn((Reply(stale),), conversation)
        return await self._do(Verb(word), tuple(rest), conversation)

    async def again(self, conversation: Conversation, before: str = texts.AFTER_QUESTION) -> Turn:
        """Show what the open form waits for, after something else was talked about."""
        draft = _open(conversation)
        return await self._show(self._forms[draft.form], draft, conversation, before=before)

    async def filed(self, conversation: Conversation, before: str, *, voice: bool) -> Turn:
        """Show what the form waits for after a file came; who sends nothing but `voice` has told the story in it."""
        draft = _open(conversation)
        form = self._forms[draft.form]
        if not voice or draft.step is not Step.ASKING or draft.asked != "story" or draft.value("story"):
            return await self.again(conversation, before)
        missed = replace(draft, misses=draft.misses + 1)
        if missed.misses < PATIENCE:
            return await self._show(form, missed, conversation, before=before)
        return await self._next(form, put(draft, "story", texts.IN_FILES), conversation, before=texts.VOICE_SUFFICES)

    # --- what is done ---

    async def _do(self, verb: Verb, about: tuple[str, ...], conversation: Conversation) -> Turn:
        draft = _open(conversation)
        form = self._forms[draft.form]
        match verb, about:
            case Verb.QUIT, ():
                return Turn((Reply(texts.QUITTED),), _closed(conversation))
            case Verb.NAMED, ():
                return await self._next(form, replace(draft, anonymous=False), conversation)
            case Verb.UNNAMED, ():
                return await self._next(form, unnamed(form, draft), conversation)
            case Verb.SKIP, () if draft.asked:
                return await self._skip(form, draft, form.question(draft.asked), conversation)
            case Verb.KEEP, ():
                return await self._next(form, draft, conversation)
            case Verb.SAY, (value,) if draft.asked:
                return await self._next(form, put(draft, draft.asked, value), conversation)
            case Verb.BACK, ():
                return await self._show(form, back(draft), conversation)
            case Verb.EDIT, ():
                return await self._show(form, replace(draft, step=Step.CHOOSING), conversation)
            case Verb.EDIT, (question,) if question in {asked.id for asked in asked_of(form, draft)}:
                return await self._show(form, ask(draft, question), conversation)
            case Verb.SEND, () if not missing(form, draft):
                return await self._send(form, draft, conversation)
            case Verb.SEND, () if draft.step is Step.ASKING:
                return await self._show(form, finish(form, draft), conversation)
            case ((Verb.JOIN | Verb.ALONE), ()) if draft.step is Step.JOINING:
                return await self._send(form, replace(draft, together=verb is Verb.JOIN), conversation)
            case _:
                return await self._show(form, draft, conversation)

    async def _take(
        self, form: Form, draft: Draft, text: str, conversation: Conversation, *, question: bool
    ) -> Turn | None:
        """Read a reply to the question asked."""
        asked = form.question(draft.asked or "")
        if leaves_out(asked, text):
            return await self._next(form, skip(draft, asked.id), conversation)
        if asked.kind is not Kind.YES_NO and (said := self._acknowledged(form, draft, text)):
            return await self._show(form, draft, conversation, before=said)
        if corrects(text) and (told := self._retold(form, draft, text)) and asked.id not in told:
            return await self._show(form, _put_all(draft, told), conversation, before=texts.CHANGED)
        if asked.kind not in _UNDATED and (dated := self._dated(form, draft, text)):
            return await self._next(form, dated, conversation, before=texts.NOTED)
        value = read(asked, text, self._regions, self._today())
        if asks_back(asked, text, value) or (question and self._rested(draft)):
            return None
        if value is None:
            return await self._missed(form, draft, asked, text, conversation)
        filled = self._understood(form, put(draft, asked.id, value), text, anywhere=asked.id in _WHERE)
        said = texts.CARED if asked.id == "story" and tells_of_harm(text) else ""
        return await self._next(form, filled, conversation, before=said)

    async def _missed(self, form: Form, draft: Draft, asked: Question, text: str, conversation: Conversation) -> Turn:
        """Ask again, once: then the worker's own words are kept, and a name or number that is none is left out."""
        if told := self._retold(form, draft, text):  # the reply to another question
            return await self._next(form, _put_all(draft, told), conversation, before=texts.NOTED)
        missed = replace(draft, misses=draft.misses + 1)
        if missed.misses < PATIENCE:
            return self._repeat(form, missed, texts.NOT_READ[asked.kind], conversation)
        if asked.kind in _NAMING and not asked.required:
            return await self._next(form, skip(draft, asked.id), conversation, before=texts.LEFT_OPEN)
        return await self._next(form, put(draft, asked.id, text), conversation)

    async def _skip(self, form: Form, draft: Draft, asked: Question, conversation: Conversation) -> Turn:
        """Leave a question out; what is needed is asked for once more, and then noted as not known."""
        if not asked.required or draft.value(asked.id) is not None:
            return await self._next(form, skip(draft, asked.id), conversation)
        missed = replace(draft, misses=draft.misses + 1)
        if missed.misses < PATIENCE:
            return self._repeat(form, missed, texts.NEEDED, conversation)
        return await self._next(form, put(draft, asked.id, texts.NOT_KNOWN), conversation, before=texts.LEFT_OPEN)

    def _told(self, form: Form, draft: Draft, said: str) -> Draft:
        """Keep what was told before a question was asked, the story first."""
        if not said:
            return draft
        if dated := self._dated(form, draft, said):
            return dated
        if any(question.id == "story" for question in form.questions):
            story = draft.value("story")
            draft = put(draft, "story", f"{story}\n{said}" if story else said)
        return self._understood(form, draft, said)

    def _dated(self, form: Form, draft: Draft, text: str) -> Draft | None:
        """Keep a mere date as what it is, whatever was asked; None where `text` tells more, or no date is wanted."""
        when = next((question.id for question in form.questions if question.kind is Kind.SINCE), None)
        return put(draft, when, text) if when and is_since(text, self._today()) else None

    def _understood(self, form: Form, draft: Draft, text: str, *, anywhere: bool = True) -> Draft:
        return understand(form, draft, text, self._regions, self._today(), anywhere=anywhere)

    def _corrected(self, form: Form, draft: Draft, text: str) -> Draft:
        """Put right what `text` says otherwise; what is nothing else goes on with the story."""
        told = self._retold(form, draft, text)
        if not told and draft.value("since") and (since := read_since(text, self._today())):  # 不对，是4个月
            told = {"since": since.said}
        if not told and len(text) >= STORY and (story := draft.value("story")) is not None:
            told = {"story": f"{story}\n{text}"}
        return _put_all(draft, told)

    def _retold(self, form: Form, draft: Draft, text: str) -> dict[str, str]:
        """Return what `text` tells of the form's questions, but for the story, whatever was said of them before."""
        emptied = replace(draft, entries=())
        return {entry.question: entry.value for entry in self._understood(form, emptied, text).entries}

    def _other_service(self, form: Form, text: str) -> bool:
        named = self._forms.named(text)
        return named is not None and named != form and applies(text)

    def _acknowledged(self, form: Form, draft: Draft, text: str) -> str | None:
        """Return a few words for a courtesy; who comes back after long is told of what lies here."""
        said = acknowledged(text)
        return texts.half_done(form) if said and self._rested(draft) else said

    def _rested(self, draft: Draft) -> bool:
        return draft.touched is not None and self._now() - draft.touched > RESTS

    # --- what is shown ---

    async def _next(self, form: Form, draft: Draft, conversation: Conversation, *, before: str = "") -> Turn:
        return await self._show(form, advance(form, draft), conversation, before=before)

    def _repeat(self, form: Form, draft: Draft, why: str, conversation: Conversation) -> Turn:
        return self._turn(self._sheet.repeat(form, draft, why), draft, conversation)

    async def _show(self, form: Form, draft: Draft, conversation: Conversation, *, before: str = "") -> Turn:
        """Show where the form stands; `before` is said first, and makes a consent that was read already short."""
        match draft.step:
            case Step.CONSENT if before:
                reply = self._sheet.consent_again(form, draft)
            case Step.CONSENT:
                return self._asking_consent(form, draft, conversation)
            case Step.ASKING:
                reply = self._sheet.question(form, draft)
            case Step.CHOOSING:
                reply = self._sheet.choice(form, draft)
            case Step.CHECKING | Step.JOINING:
                return await self._check(form, draft, conversation, before=before)
        return self._turn(opening(before, reply), draft, conversation)

    def _asking_consent(self, form: Form, draft: Draft, conversation: Conversation) -> Turn:
        messenger = conversation.channel is not Channel.WEB
        return self._turn(self._sheet.consent(form, draft, messenger=messenger), draft, conversation)

    async def _check(self, form: Form, draft: Draft, conversation: Conversation, *, before: str = "") -> Turn:
        referral = await self._referral(form, draft, conversation)
        if referral.elsewhere:
            return self._turn(self._sheet.elsewhere(draft, referral.elsewhere), draft, conversation)
        if before and draft == conversation.draft:  # it was read already
            reply = self._sheet.unsent(draft)
        else:
            reply = self._sheet.summary(form, draft, len(conversation.files), referral)
        turn = self._turn(opening(before, reply), replace(draft, step=Step.CHECKING), conversation)
        if referral.urgency is Urgency.EMERGENCY:  # seen in the whole of what was told, and in no message of it
            return replace(turn, replies=(*turn.replies, Reply(danger_texts.IN_CASE)))
        return turn

    def _turn(self, reply: Reply, draft: Draft, conversation: Conversation) -> Turn:
        touched = draft.touched if draft == conversation.draft else self._now()
        return Turn((reply,), replace(conversation, draft=replace(draft, touched=touched)))

    # --- handing in ---

    async def _referral(self, form: Form, draft: Draft, conversation: Conversation) -> Referral:
        story = " ".join(value for id, value in draft.values.items() if id in {"story", "wish"}) or form.title
        people = draft.value("people")
        many = number_of_people(people) if people and form.category is None else None  # many are no alarm there
        read = await refined(
            story, self._referrer.reading(story, many), self._refiner if form.category is None else None
        )
        place = draft.value("place") or ""
        return self._referrer.refer(story, place=place, region=conversation.region, category=form.category, read=read)

    async def _send(self, form: Form, draft: Draft, conversation: Conversation) -> Turn:
        referral = await self._referral(form, draft, conversation)
        if referral.elsewhere:
            return await self._check(form, draft, conversation)
        employer = draft.value("employer")
        if form.id == GRIEVANCE and employer and draft.together is None:
            others = await self._cases.similar(employer, referral.categories[0])
            if others:
                joining = replace(draft, step=Step.JOINING)
                count = sum(other.claimants for other in others)
                return self._turn(self._sheet.joining(joining, count), joining, conversation)
        return self._register(form, draft, referral, conversation)

    def _register(self, form: Form, draft: Draft, referral: Referral, conversation: Conversation) -> Turn:
        now = self._now()
        made = register(form, draft, referral, conversation, now)
        text = texts.registered(
            receipt.shown(made.receipt),
            self._referrer.introduced(referral.organization),
            self._referrer.promise(referral, now),
            anonymous=draft.anonymous,
            dispute=form.disputes,
        )
        rows = ((Action.CASE.button(texts.ADD, "say", made.case), Action.CASE.button(texts.LOOK, "show", made.case)),)
        offered = () if made.change.claimants[0].telephone else call_back(conversation.channel, "", made.case)
        if offered:
            text = f"{text}\n\n{mine_texts.NO_PUSH}"
        return Turn((Reply(text, buttons=(*rows, *offered)),), _closed(conversation), changes=(made.change,))

    def _today(self) -> date:
        return self._now().astimezone(ZONE).date()


def _open(conversation: Conversation) -> Draft:
    if conversation.draft is None:
        raise ValueError("no form is open")
    return conversation.draft


def _closed(conversation: Conversation) -> Conversation:
    return replace(conversation, draft=None, files=())


def _put_all(draft: Draft, told: Mapping[str, str]) -> Draft:
    for question, value in told.items():
        draft = put(draft, question, value)
    return draft
