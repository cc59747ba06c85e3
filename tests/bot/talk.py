"""A worker's conversation as a test reads it: what is sent, what is tapped, and what comes out."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256

from bot.cases.changes import Append
from bot.cases.lifecycle import Refusal, decide
from bot.cases.model import NOTHING, Actor, Case, Content, Move, Party, Role
from bot.cases.ports import CaseBook
from bot.dialogue.carrying import Carrying
from bot.dialogue.dialogue import Dialogue, Surroundings, build_dialogue
from bot.dialogue.ports import Answering, Conversation, Feedback, Turn
from bot.dialogue.referral import Triaging
from bot.messages import Attachment, Button, Channel, Incoming, Reply
from bot.texts import Reader
from bot.triage.refiner import Refiner
from bot.triage.triager import load_triager
from knowledge.organizations import Organizations, load_organizations
from tests.bot.casebook import Cases, Shelf
from tests.bot.fakes import Answers, Clock, tap


@dataclass
class Nightwatch:
    """A roster of nobody, or of whoever it is told."""

    people: tuple[str, ...] = ()
    opens_at: datetime | None = None

    def on_duty(self, union: str, at: datetime) -> tuple[str, ...]:
        return self.people

    def opens(self, union: str, at: datetime) -> datetime | None:
        return at if self.people else self.opens_at


def dialogue(answering: Answering | None = None) -> Dialogue:
    """Return a dialogue over the shipped directory and stand-ins."""
    around = Surroundings(
        answering or Answers(), load_triager(), Cases(), Shelf(), Nightwatch(), lambda: datetime.now(UTC)
    )
    return build_dialogue(around)


@dataclass
class Talk:
    """A chat with the bot."""

    cases: CaseBook = field(default_factory=Cases)
    channel: Channel = Channel.TELEGRAM
    chat: str = "7"
    watch: Nightwatch = field(default_factory=lambda: Nightwatch(("王主任",)))
    answers: Answers = field(default_factory=Answers)
    clock: Clock = field(default_factory=Clock)
    shelf: Shelf = field(default_factory=Shelf)
    triaging: Triaging = field(default_factory=load_triager)
    refiner: Refiner | None = None
    read_at: Reader = Reader.UNKNOWN  # by the refiner
    alone_at: str = ""  # of a group
    account: str = ""  # who writes, where that is told
    organizations: Organizations = field(default_factory=load_organizations)

    def __post_init__(self) -> None:
        self.conversation = Conversation(self.channel, self.chat)
        self.feedback: list[Feedback] = []
        self.turn: Turn | None = None
        self._count = 0
        around = Surroundings(
            self.answers,
            self.triaging,
            self.cases,
            self.shelf,
            self.watch,
            self.clock,
            refiner=self.refiner,
            organizations=self.organizations,
            reader=self.read_at,
            carrying=Carrying(lambda said: sha256(said.encode()).hexdigest()),
        )
        self._dialogue = build_dialogue(around)

    async def send(self, text: str = "", *attachments: Attachment) -> str:
        """Send a message and return what is replied, all replies in one."""
        self._count += 1
        message = Incoming(self.channel, self.chat, f"{self._count}", text, attachments=attachments)
        return await self._take(replace(message, alone_at=self.alone_at, sender=self.account))

    async def tap(self, action: str) -> str:
        """Tap a button by its action."""
        self._count += 1
        tapped = tap(action, chat=self.chat, key=f"{self._count}", channel=self.channel)
        return await self._take(replace(tapped, alone_at=self.alone_at))

    async def click(self, label: str) -> str:
        """Tap the first button of the last replies whose label holds this."""
        return await self.tap(next(button.action for button in self.buttons if label in button.label))

    async def skip_to(self, said: str, **replies: str) -> str:
        """Skip the questions of a form until the bot says this; `replies` are by words of a question, such as 单位."""
        while said not in self.replies[-1].text:
            asked = self.replies[-1].text
            reply = next((reply for words, reply in replies.items() if words in asked), None)
            await (self.click("跳过") if reply is None else self.send(reply))
        return self.replies[-1].text

    async def newest(self) -> Case:
        """Return the chat's newest case as it stands now."""
        return (await self.cases.of_chat(self.channel, self.chat))[0].case

    async def staff(self, move: Move, content: Content = NOTHING, role: Role = Role.SUPERVISOR) -> None:
        """Let staff make a move on the chat's newest case."""
        case = await self.newest()
        made = decide(case, move, Actor(Party.STAFF, "0000000a", role, "王主任"), self.clock(), content)
        assert not isinstance(made, Refusal), made
        await self.cases.apply((Append(case.id, case.seen, made),), self.clock())

    @property
    def replies(self) -> tuple[Reply, ...]:
        assert self.turn is not None
        return self.turn.replies

    @property
    def buttons(self) -> list[Button]:
        return [button for reply in self.replies for row in reply.buttons for button in row]

    @property
    def labels(self) -> list[str]:
        return [button.label for button in self.buttons]

    async def _take(self, incoming: Incoming) -> str:
        self.turn = await self._dialogue.respond(incoming, self.conversation)
        await self.cases.apply(self.turn.changes, self.clock())
        self.conversation = self.turn.conversation
        self.feedback += self.turn.feedback
        return "\n".join(reply.text for reply in self.turn.replies)
