"""Filling in a form with a worker: consent, what is missing, the check, and the case that comes of it."""

import re
import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from bot.cases import receipt
from bot.cases.changes import NewClaimant, OpenCase
from bot.cases.lifecycle import opened
from bot.cases.model import Actor, CaseKind, Content, Evidence, Facts
from bot.cases.ports import CaseBook
from bot.dialogue.actions import Action
from bot.dialogue.ports import Conversation, Turn
from bot.dialogue.referral import Referral, Referrer
from bot.forms.draft import (
    Draft,
    Step,
    advance,
    ask,
    asked_of,
    back,
    missing,
    put,
    read,
    skip,
    understand,
)
from bot.messages import Button, Channel, Reply
from bot.texts import HUMAN
from bot.texts import intake as texts
from bot.triage.model import MANY, People
from knowledge.calendar import ZONE
from knowledge.forms import GRIEVANCE, Form, Forms, Kind, Question
from knowledge.regions import Regions

PATIENCE = 2  # replies that could not be read, after which a person is offered

Rows = tuple[tuple[Button, ...], ...]


class Verb(StrEnum):
    """What a tap on a form's button does."""

    NAMED = "named"
    UNNAMED = "unnamed"
    QUIT = "quit"
    SKIP = "skip"
    BACK = "back"
    KEEP = "keep"
    SAY = "say"  # say:<value>
    EDIT = "edit"  # edit, or edit:<question>
    SEND = "send"
    JOIN = "join"
    ALONE = "alone"


_STOP = "[了吧啊呀的。.!！~～ ]*"
_QUIT = rf"(取消|算了|不办|先不办|不登记|退出|不填)(了|吧)?{_STOP}"
_YES = rf"(同意|可以|好|好的|行|是|是的|嗯|对|对的|没错|没问题|ok|愿意){_STOP}"
_SPOKEN: dict[Step, dict[Verb, str]] = {
    Step.CONSENT: {
        Verb.UNNAMED: rf".{{0,6}}(匿名|不留姓?名|不想留姓?名|不说名字|不想让人知道).{{0,8}}{_STOP}",
        Verb.NAMED: rf"{_YES}|(用)?(真名|实名)(办|登记)?{_STOP}",
        Verb.QUIT: rf"{_QUIT}|(不同意|不行|不要|不愿意|不){_STOP}",
    },
    Step.ASKING: {
        Verb.QUIT: _QUIT,
        Verb.SKIP: rf"(跳过|不想说|不想写|不知道|不清楚|不晓得|记不清|记不得|忘|不方便|不方便说|不填|下一个){_STOP}",
        Verb.BACK: rf"(上一步|上一个|返回|退回去|倒回去|回到上一步){_STOP}",
        Verb.KEEP: rf"(不改|不用改|就这样){_STOP}",
    },
    Step.CHECKING: {
        Verb.QUIT: _QUIT,
        Verb.SEND: rf"{_YES}|(提交|确认|交|交上去){_STOP}",
        Verb.EDIT: rf"(改|改一改|修改|不对|有错|写错|说错|要改){_STOP}",
        Verb.BACK: rf"(上一步|返回){_STOP}",
    },
    Step.CHOOSING: {Verb.QUIT: _QUIT, Verb.KEEP: rf"(不改|不用改|没有|就这样){_STOP}"},
    Step.JOINING: {
        Verb.QUIT: _QUIT,
        Verb.ALONE: rf"(不|不愿意|单独|不用|自己).{{0,6}}{_STOP}",
        Verb.JOIN: rf"{_YES}|一起.{{0,4}}",
    },
}
_WORDS = {
    step: {verb: re.compile(words, re.IGNORECASE) for verb, words in verbs.items()} for step, verbs in _SPOKEN.items()
}
_ASKS = re.compile(r"([?？]|吗|呢|怎么办|多久|要不要|为什么|什么意思|凭什么)[?？。!！]*$")
_FACTS = frozenset({"story", "employer", "place", "since", "people", "wish", "name", "phone"})


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
    ) -> None:
        self._forms = forms
        self._regions = regions
        self._referrer = referrer
        self._cases = cases
        self._now = now
        self._retention_days = retention_days

    def begin(self, form: Form, conversation: Conversation, *, id: str, said: str = "") -> Turn:
        """Open a form and ask for consent; `said` is what the worker told already."""
        draft = Draft(id, form.id)
        if said:
            draft = self._understood(form, draft, said)
            if any(question.id == "story" for question in form.questions):
                draft = put(draft, "story", said)
        messenger = conversation.channel is not Channel.WEB
        text = texts.consent(form, self._retention_days, messenger=messenger)
        return _turn(replace(conversation, draft=draft, files=()), Reply(text, buttons=_consent_buttons(draft)))

    def choose(self, conversation: Conversation) -> Turn:
        """Show all services that can be applied for."""
        forms = (form for form in self._forms.forms.values() if form.service)
        rows = tuple((Action.FORM.button(form.title, form.id),) for form in forms)
        return _turn(conversation, Reply(texts.WHICH_SERVICE, buttons=rows))

    async def reply(self, text: str, conversation: Conversation) -> Turn | None:
        """Go on with the open form; None where `text` is a question that is to be answered first."""
        draft = _open(conversation)
        form = self._forms[draft.form]
        for verb, words in _WORDS[draft.step].items():
            if words.fullmatch(text):
                return await self._do(verb, (), conversation)
        if draft.step is Step.ASKING:
            return await self._take(form, draft, text, conversation)
        if _ASKS.search(text):
            return None
        if draft.step is Step.CHOOSING and (named := _named(form, draft, text)):
            return await self._do(Verb.EDIT, (named.id,), conversation)
        changed = self._corrected(form, draft, text)
        return await self._show(form, changed, conversation, changed=True)

    async def tap(self, about: list[str], conversation: Conversation) -> Turn:
        """Do what a button of the open form says."""
        id, word, *rest = [*about, "", ""][: max(2, len(about))]
        if conversation.draft is None or conversation.draft.id != id or word not in set(Verb):
            stale = texts.STALE if conversation.draft else texts.NOTHING_OPEN
            return _turn(conversation, Reply(stale))
        return await self._do(Verb(word), tuple(rest), conversation)

    async def again(self, conversation: Conversation) -> Reply:
        """Return the question that the open form waits at, after something else was talked about."""
        turn = await self._show(self._forms[_open(conversation).form], _open(conversation), conversation)
        return replace(turn.replies[0], text=f"{texts.AFTER_QUESTION}\n{turn.replies[0].text}")

    # --- what is done ---

    async def _do(self, verb: Verb, about: tuple[str, ...], conversation: Conversation) -> Turn:
        draft = _open(conversation)
        form = self._forms[draft.form]
        match verb, about:
            case Verb.QUIT, ():
                return _turn(_closed(conversation), Reply(texts.QUITTED))
            case ((Verb.NAMED | Verb.UNNAMED), ()):
                return await self._next(form, replace(draft, anonymous=verb is Verb.UNNAMED), conversation)
            case Verb.SKIP, () if draft.asked:
                if form.question(draft.asked).required and draft.value(draft.asked) is None:
                    return self._repeat(form, draft, conversation, texts.NEEDED)
                return await self._next(form, skip(draft, draft.asked), conversation)
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
            case ((Verb.JOIN | Verb.ALONE), ()) if draft.step is Step.JOINING:
                return await self._send(form, replace(draft, together=verb is Verb.JOIN), conversation)
            case _:
                return await self._show(form, draft, conversation)

    async def _take(self, form: Form, draft: Draft, text: str, conversation: Conversation) -> Turn | None:
        """Read a reply to the question asked."""
        question = form.question(draft.asked or "")
        if question.id != "story" and _ASKS.search(text):
            return None
        value = read(question, text, self._regions, self._today())
        if value is None and question.required and draft.misses >= PATIENCE - 1:
            value = text  # in the worker's own words rather than not at all
        if value is None:
            missed = replace(draft, misses=draft.misses + 1)
            return self._repeat(form, missed, conversation, texts.NOT_READ[question.kind])
        draft = put(draft, question.id, value)
        return await self._next(form, self._understood(form, draft, text), conversation)

    def _understood(self, form: Form, draft: Draft, text: str) -> Draft:
        return understand(form, draft, text, self._regions, self._today())

    def _corrected(self, form: Form, draft: Draft, text: str) -> Draft:
        """Put right what `text` says otherwise; what is nothing else goes on with the story."""
        emptied = replace(draft, entries=tuple(entry for entry in draft.entries if entry.question == "story"))
        told = {entry.question: entry.value for entry in self._understood(form, emptied, text).entries}
        told.pop("story", None)
        if not told and (story := draft.value("story")) is not None:
            told = {"story": f"{story}\n{text}"}
        for question, value in told.items():
            draft = put(draft, question, value)
        return draft

    # --- what is shown ---

    async def _next(self, form: Form, draft: Draft, conversation: Conversation) -> Turn:
        return await self._show(form, advance(form, draft), conversation)

    def _repeat(self, form: Form, draft: Draft, conversation: Conversation, why: str) -> Turn:
        question = form.question(draft.asked or "")
        rows = self._question_buttons(question, draft)
        if draft.misses >= PATIENCE:
            rows = (*rows, (Action.HUMAN.button(HUMAN),))
        return _turn(replace(conversation, draft=draft), Reply(why, buttons=rows))

    async def _show(self, form: Form, draft: Draft, conversation: Conversation, *, changed: bool = False) -> Turn:
        conversation = replace(conversation, draft=draft)
        match draft.step:
            case Step.CONSENT:
                messenger = conversation.channel is not Channel.WEB
                text = texts.consent(form, self._retention_days, messenger=messenger)
                return _turn(conversation, Reply(text, buttons=_consent_buttons(draft)))
            case Step.ASKING:
                question = form.question(draft.asked or "")
                left = {question, *missing(form, draft)}
                text = texts.ask(question, len(left), draft.value(question.id))
                return _turn(conversation, Reply(text, buttons=self._question_buttons(question, draft)))
            case Step.CHOOSING:
                rows = tuple(
                    (_button(draft, question.label, Verb.EDIT, question.id),) for question in asked_of(form, draft)
                )
                keep = (_button(draft, texts.KEEP, Verb.KEEP),)
                return _turn(conversation, Reply(texts.WHICH, buttons=(*rows, keep)))
            case Step.CHECKING | Step.JOINING:
                return self._check(form, draft, conversation, changed=changed)

    def _check(self, form: Form, draft: Draft, conversation: Conversation, *, changed: bool) -> Turn:
        referral = self._referral(form, draft, conversation)
        if referral.elsewhere:
            rows: Rows = ((_button(draft, texts.EDIT, Verb.EDIT, "place"),), (_button(draft, texts.QUIT, Verb.QUIT),))
            return _turn(conversation, Reply(texts.elsewhere(referral.elsewhere), buttons=rows))
        lines = [
            (question.label, value)
            for question in asked_of(form, draft)
            if (value := draft.value(question.id)) is not None
        ]
        text = texts.summary(lines, len(conversation.files), texts.route(referral.reason), anonymous=draft.anonymous)
        rows = (
            (_button(draft, texts.SEND, Verb.SEND),),
            (_button(draft, texts.EDIT, Verb.EDIT), _button(draft, texts.QUIT, Verb.QUIT)),
        )
        conversation = replace(conversation, draft=replace(draft, step=Step.CHECKING))
        return _turn(conversation, Reply(f"{texts.CHANGED}{text}" if changed else text, buttons=rows))

    def _question_buttons(self, question: Question, draft: Draft) -> Rows:
        rows: list[tuple[Button, ...]] = []
        if question.kind is Kind.PLACE:
            rows += [(_button(draft, region.union, Verb.SAY, region.id),) for region in self._regions.regions.values()]
        if question.kind is Kind.YES_NO:
            rows.append((_button(draft, "是", Verb.SAY, "是"), _button(draft, "不是", Verb.SAY, "否")))
        last: list[Button] = []
        if draft.value(question.id) is not None:
            last.append(_button(draft, texts.KEEP, Verb.KEEP))
        elif not question.required:
            last.append(_button(draft, texts.SKIP, Verb.SKIP))
        if len(draft.trail) > 1:
            last.append(_button(draft, texts.BACK, Verb.BACK))
        last.append(_button(draft, texts.QUIT, Verb.QUIT))
        return (*rows, tuple(last))

    # --- handing in ---

    def _referral(self, form: Form, draft: Draft, conversation: Conversation) -> Referral:
        story = " ".join(value for id, value in draft.values.items() if id in {"story", "wish"})
        return self._referrer.refer(
            story or form.title,
            place=draft.value("place") or "",
            region=conversation.region,
            category=form.category,
            people=_people(draft.value("people")),
        )

    async def _send(self, form: Form, draft: Draft, conversation: Conversation) -> Turn:
        referral = self._referral(form, draft, conversation)
        if referral.elsewhere:
            return self._check(form, draft, conversation, changed=False)
        employer = draft.value("employer")
        if form.id == GRIEVANCE and employer and draft.together is None:
            others = await self._cases.similar(employer, referral.categories[0])
            if others:
                return self._offer_joining(draft, conversation, sum(other.claimants for other in others))
        return self._register(form, draft, referral, conversation)

    def _offer_joining(self, draft: Draft, conversation: Conversation, count: int) -> Turn:
        draft = replace(draft, step=Step.JOINING)
        rows = ((_button(draft, texts.JOIN, Verb.JOIN), _button(draft, texts.ALONE, Verb.ALONE)),)
        return _turn(replace(conversation, draft=draft), Reply(texts.similar(count), buttons=rows))

    def _register(self, form: Form, draft: Draft, referral: Referral, conversation: Conversation) -> Turn:
        now = self._now()
        case = secrets.token_hex(16)
        number = receipt.new()
        content = Content(
            kind=CaseKind.GRIEVANCE if form.service is None else CaseKind.APPLICATION,
            facts=_facts(form, draft),
            categories=referral.categories,
            urgency=referral.urgency,
            region=referral.region,
            organization=referral.organization,
            department=referral.department,
            reason=referral.reason,
        )
        claimant = NewClaimant(
            1,
            conversation.channel,
            conversation.chat,
            number,
            now,
            anonymous=draft.anonymous,
            name=draft.value("name") or "",
            telephone=draft.value("phone") or "",
        )
        evidence = tuple(Evidence(secrets.token_hex(16), file.kept, file.name, 1, now) for file in conversation.files)
        change = OpenCase(opened(case, content, Actor.worker(1), now), (claimant,), evidence)
        promise = self._referrer.promise(referral, now)
        text = texts.registered(receipt.shown(number), referral.organization, promise, anonymous=draft.anonymous)
        rows = ((Action.CASE.button(texts.ADD, "say", case), Action.CASE.button(texts.LOOK, "show", case)),)
        return Turn((Reply(text, buttons=rows),), _closed(conversation), changes=(change,))

    def _today(self) -> date:
        return self._now().astimezone(ZONE).date()


def _open(conversation: Conversation) -> Draft:
    if conversation.draft is None:
        raise ValueError("no form is open")
    return conversation.draft


def _closed(conversation: Conversation) -> Conversation:
    return replace(conversation, draft=None, files=())


def _turn(conversation: Conversation, *replies: Reply) -> Turn:
    return Turn(replies, conversation)


def _button(draft: Draft, label: str, verb: Verb, *about: str) -> Button:
    return Action.DRAFT.button(label, draft.id, verb, *about)


def _consent_buttons(draft: Draft) -> Rows:
    return (
        (_button(draft, texts.BY_NAME, Verb.NAMED),),
        (_button(draft, texts.ANONYMOUS, Verb.UNNAMED),),
        (_button(draft, texts.QUIT, Verb.QUIT),),
    )


def _named(form: Form, draft: Draft, text: str) -> Question | None:
    return next((question for question in asked_of(form, draft) if question.label in text), None)


def _people(said: str | None) -> People | None:
    return int(said) if said and said.isdecimal() else MANY if said else None


def _facts(form: Form, draft: Draft) -> Facts:
    """Return what was told; what a case has no field for is kept by its label."""
    values = draft.values
    people = _people(values.get("people"))
    others = [
        (question.label, values[question.id])
        for question in form.questions
        if question.id in values and (question.id not in _FACTS or (question.id == "people" and people == MANY))
    ]
    if draft.together:
        others.append((texts.TOGETHER, texts.YES))
    return Facts(
        story=values.get("story", form.title),
        employer=values.get("employer", ""),
        place=values.get("place", ""),
        since=values.get("since", ""),
        people=people if isinstance(people, int) else None,
        wish=values.get("wish", ""),
        service=form.title if form.service else "",
        answers=tuple(others),
    )
