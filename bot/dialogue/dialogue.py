"""The dialogue: one message and what is remembered of its chat → replies, whatever the channel.

It decides whose a message is and holds no flow's logic: danger (`emergency.py`), a form (`intake.py`), the worker's
own cases (`mine.py`), the unions (`unions.py`), or a question (`questions.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot import texts
from bot.answers.model import AnswerStatus
from bot.cases import receipt
from bot.cases.deadlines import Times
from bot.cases.ports import CaseBook, EvidenceFull, EvidenceRefused
from bot.cases.routing import Directory
from bot.dialogue.actions import Action, parse
from bot.dialogue.asides import explained
from bot.dialogue.carrying import Carrying, is_carrying
from bot.dialogue.company import Company
from bot.dialogue.courtesy import courtesy, resting
from bot.dialogue.emergency import Emergencies
from bot.dialogue.human import handoff
from bot.dialogue.intake import Intake
from bot.dialogue.mine import MyCases
from bot.dialogue.ports import Answering, Conversation, Files, HeldFile, Offer, Staffroom, Turn
from bot.dialogue.questions import Questions, exchange_of, message_id, settle_offer
from bot.dialogue.referral import Referrer, Triaging, Watch
from bot.dialogue.shortcuts import command
from bot.dialogue.spoken import goes_on, stray
from bot.dialogue.taps import tapped
from bot.dialogue.unions import Unions
from bot.messages import Incoming, Reply
from bot.texts import danger as danger_texts
from bot.texts import intake as intake_texts
from bot.texts import mine as mine_texts
from bot.triage.model import Intent, Triage
from bot.triage.refiner import Refiner, refined
from knowledge.calendar import Calendar, load_calendar
from knowledge.categories import Categories, load_categories
from knowledge.characters import visible
from knowledge.forms import GRIEVANCE, TALK, Forms, load_forms
from knowledge.organizations import Organizations, load_organizations, regions_with

LONGEST = 2000  # characters of a message
FILES = 10  # that may come with one form
RECENT = 3  # exchanges in which a wrong may have been told that is to be registered now
TELLING = 20  # characters from which a wish to apply tells of the need too


@dataclass(frozen=True, slots=True)
class Flows:
    """What a message may be about, each in a room of its own."""

    emergencies: Emergencies
    intake: Intake
    mine: MyCases
    questions: Questions
    unions: Unions
    company: Company


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the dialogue is handed by the composition root."""

    answering: Answering
    triaging: Triaging
    cases: CaseBook
    files: Files
    watch: Watch
    now: Callable[[], datetime]
    retention_days: int = 30  # of what is said
    case_days: int = 365  # of a case that is over
    staffroom: Staffroom | None = None  # for a messenger in which staff work too
    calendar: Calendar = field(default_factory=load_calendar)
    refiner: Refiner | None = None  # reads again what triage is unsure of
    categories: Categories = field(default_factory=load_categories)
    organizations: Organizations = field(default_factory=load_organizations)
    carrying: Carrying | None = None  # for a messenger with groups
    reader: texts.Reader = texts.Reader.UNKNOWN  # where the chat model stands that the refiner asks

    @property
    def read_by(self) -> texts.Reader | None:
        """Return where a chat model reads along; None if none does."""
        return self.reader if self.refiner else None


class Dialogue:
    """Answers messages and taps; knows no channel and no database."""

    def __init__(self, flows: Flows, forms: Forms, around: Surroundings) -> None:
        self._flows = flows
        self._forms = forms
        self._triaging = around.triaging
        self._refiner = around.refiner
        self._reader = around.read_by
        self._files = around.files
        self._staffroom = around.staffroom
        self._retention_days = around.retention_days

    async def respond(self, incoming: Incoming, conversation: Conversation) -> Turn:
        """Return the replies to `incoming` and what is remembered from now on."""
        incoming = replace(incoming, text=visible(incoming.text))
        if self._staffroom is not None and (said := await self._staffroom.respond(incoming)) is not None:
            return Turn(said.replies, conversation, changes=said.changes)
        if incoming.alone_at:
            read = self._triaging.triage(incoming.text.strip())
            return await self._flows.company.respond(incoming, read, conversation, incoming.alone_at)
        if incoming.action is not None:
            return await self._tap(incoming.action, incoming, conversation)
        text = incoming.text.strip()
        read = self._triaging.triage(text)
        if _speaks_anew(text, conversation):
            read = await refined(text, read, self._refiner)
        if turn := await self._flows.emergencies.relieved(text, conversation):
            return turn
        if read.danger is not None:  # before anything else, commands and length included
            calm = await self._calm(text, read, incoming, conversation) if read.doubtful or read.wordless else None
            return calm or await self._flows.emergencies.respond(text, read, read.danger, conversation)
        return await self._ordinary(text, read, incoming, conversation)

    async def _calm(self, text: str, read: Triage, incoming: Incoming, conversation: Conversation) -> Turn | None:
        """Go on as usual in spite of a doubtful alarm, the numbers added, where that helps; else None."""
        turn = await self._ordinary(text, read, incoming, conversation)
        under_way = conversation.draft is not None or conversation.focus is not None or bool(turn.changes)
        new = [one for one in turn.conversation.exchanges if one not in conversation.exchanges]
        if not under_way and not (read.doubtful and any(one.status is AnswerStatus.ANSWERED for one in new)):
            return None
        return replace(turn, replies=(*turn.replies, Reply(danger_texts.IN_CASE)))

    async def _ordinary(self, text: str, read: Triage, incoming: Incoming, conversation: Conversation) -> Turn:
        if text.startswith("/"):
            return await self._command(text, incoming, conversation)
        if incoming.attachments:
            return await self._with_files(text, read, incoming, conversation)
        return await self._text(text, read, incoming, conversation)

    async def _text(self, text: str, read: Triage, incoming: Incoming, conversation: Conversation) -> Turn:
        if not text:
            return _say(conversation, Reply(texts.NO_TEXT))
        if len(text) > LONGEST:
            return _say(conversation, Reply(texts.too_long(len(text), LONGEST)))
        if digits := receipt.read(text):
            return await self._flows.mine.by_receipt(digits, conversation)
        if conversation.draft is None and receipt.mistyped(text):
            return _say(conversation, Reply(mine_texts.TYPO))
        if handoff(text):
            return await self._human(incoming, conversation)
        return await self._message(text, read, incoming, conversation)

    async def _message(self, text: str, read: Triage, incoming: Incoming, conversation: Conversation) -> Turn:
        """Give a message to what it belongs to: what is under way before what is new."""
        mine = self._flows.mine
        if conversation.focus is not None:
            if text in _DONE:
                return await self._ended(conversation)
            if conversation.draft is not None and goes_on(text):
                unfocused = replace(conversation, focus=None, correcting=None)
                return await self._in_form(text, read, incoming, unfocused)
            if text in _MINE:  # by which an emergency is withdrawn, as its receipt says
                return await self._command("/my", incoming, conversation)
            return await self._flows.emergencies.locate(text, conversation) or await mine.say(text, conversation)
        if conversation.draft is not None:
            return await self._in_form(text, read, incoming, conversation)
        if offered := self._flows.questions.offered(text, conversation):
            return await self._answer_offer(*offered, incoming, conversation)
        if receipt.missed(text):
            return await mine.lost(conversation)
        if receipt.others(text):
            return _say(conversation, Reply(mine_texts.OTHERS))
        for hear in (mine.answered, mine.added, mine.reached):
            if turn := await hear(text, conversation):
                return turn
        if word := command(text):
            return await self._command(word, incoming, conversation)
        if said := courtesy(text):
            return _say(conversation, Reply(said.text))
        if resting(text):
            return _say(conversation, Reply(texts.TAKE_TIME))
        if stray(text):
            return _say(conversation, Reply(intake_texts.NOTHING_OPEN))
        if read.intent is not Intent.QUESTION and (waiting := await mine.waiting(conversation)):
            return mine.pass_on(waiting, text, conversation)
        if read.intent is Intent.PROGRESS and await mine.newest_open(conversation):
            return await mine.overview(conversation)
        if told := self._flows.questions.continued(text, read, conversation):
            return told
        if region := self._flows.unions.named(text):
            return self._flows.unions.choose(region, conversation)
        if lone := self._flows.questions.scrap(text, read, conversation):
            return lone
        return await self._flows.questions.answer(incoming, text, read, conversation)

    async def _in_form(self, text: str, read: Triage, incoming: Incoming, conversation: Conversation) -> Turn:
        """Go on with the open form; what is asked in between is answered first."""
        intake = self._flows.intake
        if explained(text) is None and (word := command(text)) in {"/my", "/help"}:
            return await self._command(word, incoming, conversation)
        turn = await intake.reply(text, conversation, question=read.intent is Intent.QUESTION)
        if turn is not None:
            return turn
        if said := explained(text):
            again = await intake.again(conversation)
            return replace(again, replies=(Reply(said), *again.replies))
        answered = await self._flows.questions.answer(incoming, text, read, conversation)
        again = await intake.again(answered.conversation)
        return replace(answered, replies=(answered.replies[0], *again.replies), conversation=again.conversation)

    async def _answer_offer(self, offer: Offer, taken: bool, incoming: Incoming, conversation: Conversation) -> Turn:
        """Do what a plain yes to an offer means."""
        last = conversation.exchanges[-1]
        settled = settle_offer(conversation)
        if not taken:
            return _say(settled, Reply(intake_texts.DECLINED))
        if offer is Offer.PERSON:
            return await self._human(incoming, settled)
        if offer is Offer.APPLY and (form := self._forms.named(last.question)):
            needs = len(last.question) > TELLING and self._triaging.triage(last.question).intent is Intent.HELP
            return self._begin(form.id, last.question if needs else "", incoming, settled)
        return self._begin(GRIEVANCE, last.question, incoming, settled)

    # --- commands ---

    async def _command(self, text: str, incoming: Incoming, conversation: Conversation) -> Turn:
        word, _, rest = text.partition(" ")
        match word.partition("@")[0].lower():  # in groups Telegram adds @ and the bot's name
            case "/start" if is_carrying(rest.strip()):
                return await self._flows.emergencies.carry_on(rest.strip(), incoming.sender, conversation)
            case "/start":
                return self._flows.unions.welcome(conversation)
            case "/help":
                return _say(conversation, Reply(texts.help_text(self._retention_days, reader=self._reader)))
            case "/region" if region := self._flows.unions.named(rest.strip()):
                return self._flows.unions.choose(region, conversation)
            case "/region" if rest.strip():
                return self._flows.unions.unknown(rest.strip(), conversation)
            case "/region":
                return self._flows.unions.show(conversation)
            case "/report":
                said = rest.strip() or self._just_told(conversation)
                return self._begin(GRIEVANCE, said, incoming, settle_offer(conversation))
            case "/apply" if form := self._forms.asked_for(rest.strip()):
                return self._begin(form.id, "", incoming, conversation)
            case "/apply":
                return self._flows.intake.choose(conversation)
            case "/my":
                turn = await self._flows.mine.overview(conversation)
                if conversation.draft is None:
                    return turn
                listed = turn.replies if turn.replies[0].buttons else ()  # an open form beside no case is what is meant
                return replace(turn, replies=(*listed, self._flows.intake.half_done(conversation)))
            case "/human":
                return await self._human(incoming, conversation)
            case "/forget":
                forgotten = Conversation(conversation.channel, conversation.chat)
                return Turn((Reply(texts.FORGOTTEN),), forgotten, forget=True)
            case _:
                return _say(conversation, Reply(texts.unknown_command(word)))

    # --- taps ---

    async def _tap(self, action: str, incoming: Incoming, conversation: Conversation) -> Turn:
        flows = self._flows
        if tap := tapped(action, flows.questions, flows.unions, conversation):
            return tap
        match parse(action):
            case Action.HUMAN, []:
                return await self._human(incoming, conversation)
            case Action.REPORT, [exchange]:
                told = exchange_of(conversation, exchange)
                return self._begin(GRIEVANCE, told.question if told else "", incoming, settle_offer(conversation))
            case Action.FORM, [form] if form in self._forms:
                return self._begin(form, "", incoming, conversation)
            case Action.FORM, [form, "new"] if form in self._forms:
                return self._begin(form, "", incoming, replace(conversation, draft=None, files=()))
            case Action.DRAFT, about:
                return await flows.intake.tap(about, replace(conversation, focus=None, correcting=None))
            case Action.CASE, about:
                return await flows.mine.tap(about, conversation)
            case Action.SETTLED, [case]:
                return await flows.mine.settled(case, conversation)
            case Action.UNSETTLED, [case]:
                return await flows.mine.unsettled(case, conversation)
            case Action.DONE, []:
                return await self._ended(conversation)
            case _:  # of another version, or of nobody's
                return _say(conversation, Reply(texts.UNKNOWN_BUTTON))

    # --- a person ---

    async def _human(self, incoming: Incoming, conversation: Conversation) -> Turn:
        """Let the worker write to whoever has the case, or open one for those who have none."""
        mine = await self._flows.mine.newest_open(conversation)
        if mine is not None:
            return await self._flows.mine.tap(["say", mine.case.id], conversation)
        rows = ((Action.FORM.button(texts.LEAVE_MESSAGE, TALK),),)
        return _say(conversation, Reply(f"{texts.HUMAN_HELP}{self._flows.intake.hours(conversation)}", buttons=rows))

    def _begin(self, form: str, said: str, incoming: Incoming, conversation: Conversation) -> Turn:
        unfocused = replace(conversation, focus=None, correcting=None)
        if self._flows.intake.begun(conversation):
            fresh = Action.FORM.button(intake_texts.FRESH, form, "new")
            return self._flows.intake.instead(unfocused, fresh)
        return self._flows.intake.begin(self._forms[form], unfocused, id=message_id(incoming), said=said)

    def _just_told(self, conversation: Conversation) -> str:
        """Return the wrong that was told lately, so that nobody is asked to tell it twice; "" where none was."""
        for last in reversed(conversation.exchanges[-RECENT:]):
            if last.offer is Offer.PAST:
                break
            if self._triaging.triage(last.question).intent is Intent.GRIEVANCE:
                return last.question
        return ""

    async def _ended(self, conversation: Conversation) -> Turn:
        """Go back to what was under way before the worker wrote to staff."""
        unfocused = replace(conversation, focus=None, correcting=None)
        if conversation.draft is not None:
            return await self._flows.intake.again(unfocused)
        return _say(unfocused, Reply(mine_texts.ENDED))

    # --- files ---

    async def _with_files(self, text: str, read: Triage, incoming: Incoming, conversation: Conversation) -> Turn:
        """Keep what came with a message for the open form or the case in focus; others are told where to begin."""
        if conversation.draft is None and conversation.focus is None:
            mine = await self._flows.mine.newest_open(conversation)
            add = ((Action.CASE.button(intake_texts.ADD_FILE, "say", mine.case.id),),) if mine else ()
            rows = (*add, (Action.FORM.button(intake_texts.REPORT, GRIEVANCE),))
            told = Reply(intake_texts.WHERE.get(incoming.attachments[0].kind, intake_texts.FILE_WHERE), buttons=rows)
        else:
            files, told = await self._keep(incoming, FILES - len(conversation.files))
            if files and conversation.focus is not None:
                return await self._flows.mine.attach(files, text, conversation)
            conversation = replace(conversation, files=(*conversation.files, *files))
        if not text and conversation.draft is not None and conversation.focus is None:
            return await self._flows.intake.filed(
                conversation, told.text, voice=bool(files) and incoming.attachments[0].kind == "voice"
            )
        turn = await self._said_with(text, read, incoming, conversation)
        return replace(turn, replies=(told, *turn.replies))

    async def _said_with(self, text: str, read: Triage, incoming: Incoming, conversation: Conversation) -> Turn:
        """Go on with what was written with files."""
        caption = 0 < len(text) <= LONGEST and conversation.draft is not None and conversation.focus is None
        turn = await self._flows.intake.caption(text, conversation) if caption else None
        return turn or (await self._text(text, read, incoming, conversation) if text else _say(conversation))

    async def _keep(self, incoming: Incoming, room: int) -> tuple[tuple[HeldFile, ...], Reply]:
        """Bring the message's files into the evidence room, and say what became of them."""
        files: list[HeldFile] = []
        told = intake_texts.VOICE_KEPT if incoming.attachments[0].kind == "voice" else intake_texts.FILE_KEPT
        for attachment in incoming.attachments:
            if len(files) >= room:
                return tuple(files), Reply(intake_texts.TOO_MANY)
            try:
                kept = await self._files.keep(incoming, attachment)
            except EvidenceRefused as error:
                place = attachment.kind == "location"
                told = intake_texts.NO_PLACES if place else intake_texts.FILE_REFUSED[error.fault]
            except EvidenceFull:
                told = intake_texts.FILE_NO_ROOM
            else:
                files.append(HeldFile(kept, attachment.name or attachment.kind))
        return tuple(files), Reply(told)


def _speaks_anew(text: str, conversation: Conversation) -> bool:
    """Tell whether a message may bring a matter of its own, rather than go on with one or be none."""
    under_way = conversation.draft is not None or conversation.focus is not None
    named = text.startswith("/") or receipt.read(text) or receipt.missed(text) or handoff(text) or courtesy(text)
    return not (under_way or named or len(text) > LONGEST)


_DONE = frozenset({"说完了", "完了", "没有了", "结束", "好了"})
_MINE = frozenset({"我的事", "我的事。", "我的事情"})


def build_dialogue(around: Surroundings) -> Dialogue:
    """Put the flows together."""
    forms, organizations = load_forms(), around.organizations
    regions = regions_with(organizations)
    referrer = Referrer(around.triaging, Directory(organizations, around.categories), regions, around.watch)
    times = Times(around.calendar, around.categories.clocks)
    emergencies = Emergencies(around.cases, referrer, around.watch, around.now, around.carrying)
    questions, unions = Questions(around.answering, forms, regions, around.now), Unions(regions)
    flows = Flows(
        emergencies,
        Intake(forms, regions, referrer, around.cases, around.now, around.case_days, around.refiner, around.read_by),
        MyCases(around.cases, organizations, times, around.now),
        questions,
        unions,
        Company(emergencies, questions, unions),
    )
    return Dialogue(flows, forms, around)


def _say(conversation: Conversation, *replies: Reply) -> Turn:
    return Turn(replies, conversation)
