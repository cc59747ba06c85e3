"""What the dialogue asks of the rooms around it, and what it hands to them.

Channels use `Inbox` and `Outbox` and offer a `Sender` of deliveries (and a `Presence`); the storage implements `Inbox`,
`Outbox`, `Letters` and `Deliveries`; the answerer is an `Answering`. `bot/app/` puts them together.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.answers.model import Answer, AnswerStatus
from bot.cases.changes import Change
from bot.cases.model import KeptFile
from bot.forms.draft import Draft
from bot.messages import Attachment, Channel, Incoming, Reply
from knowledge.model import Citation


class Offer(StrEnum):
    """What was offered below an answer, for which a plain yes stands."""

    REPORT = "report"  # that the union acts
    PERSON = "person"
    APPLY = "apply"  # for the service that the question names
    PAST = "past"  # it was taken up or declined


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and how it was met; `id` names it in the actions of the buttons under its reply."""

    id: str
    question: str
    answer: str
    status: AnswerStatus
    citations: tuple[Citation, ...] = ()
    judged: bool = False  # the worker has said whether it helped
    offer: Offer | None = None


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A file that came while a form is filled in, and is in the evidence room already."""

    kept: KeptFile
    name: str


@dataclass(frozen=True, slots=True)
class Held:
    """A case that this chat may deal with, for it has shown the claimant's receipt."""

    case: str
    claimant: int


@dataclass(frozen=True, slots=True)
class Conversation:
    """What is remembered of a chat: the union chosen, the last few exchanges, oldest first, and what is under way."""

    channel: Channel
    chat: str
    region: str | None = None  # an id of knowledge/directory/regions.yaml
    exchanges: tuple[Exchange, ...] = ()
    draft: Draft | None = None  # a form that waits to be filled in
    files: tuple[HeldFile, ...] = ()  # what came with it
    focus: str | None = None  # the case that this chat is writing to its staff about
    correcting: str | None = None  # which of its facts the next message puts right, see mine.py
    held: Held | None = None
    misses: int = 0  # messages in a row that could not be helped
    overheard: tuple[str, ...] = ()  # of a group: links of those who told of danger there, see carrying.py


class Verdict(StrEnum):
    """What became of an answer."""

    HELPFUL = "helpful"
    UNHELPFUL = "unhelpful"
    REFUSED = "refused"  # nobody judged: the index did not hold it
    REPHRASED = "rephrased"  # nobody judged: the worker asked again in other words


@dataclass(frozen=True, slots=True)
class Feedback:
    """A question worth looking at later; telephone, identity numbers and names are taken out of it."""

    exchange: str
    verdict: Verdict
    question: str
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """What one message brings about; all of it is stored in one transaction."""

    replies: tuple[Reply, ...]
    conversation: Conversation
    feedback: tuple[Feedback, ...] = ()
    changes: tuple[Change, ...] = ()  # what it does to cases
    forget: bool = False  # delete what earlier messages of this chat left behind


@dataclass(frozen=True, slots=True)
class Union:
    """A union that can be chosen: its region's id and its name."""

    region: str
    name: str


class Answering(Protocol):
    """Answers questions from the index."""

    async def answer(self, question: str, *, region: str | None, history: Sequence[str]) -> Answer:
        """Answer `question`; `history` holds the chat's earlier questions, oldest first."""
        ...


class Files(Protocol):
    """Brings what came with a message into the evidence room, wherever its channel has it."""

    async def keep(self, incoming: Incoming, attachment: Attachment) -> KeptFile:
        """Keep one attachment of `incoming`.

        Raise `bot.cases.ports.EvidenceRefused` for what is not taken, which trying again does not change, and
        `bot.delivery.RetryLater` where the channel cannot hand it over now: the message is then tried again.
        """
        ...


class StaffTurn(Protocol):
    """What a message of staff brings about."""

    @property
    def replies(self) -> tuple[Reply, ...]:
        """Return what they are told."""
        ...

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what it does to cases."""
        ...


class Staffroom(Protocol):
    """Answers what is meant for staff: buttons under their notices, replies to these, and commands."""

    async def respond(self, incoming: Incoming) -> StaffTurn | None:
        """Return what comes of a message; None if it is not meant for staff."""
        ...


# --- for channels ---


class Inbox(Protocol):
    """Where channels hand over what came in."""

    async def accept(self, incoming: Incoming) -> bool:
        """Store the message for the worker; return False if this (channel, key) was known already.

        Acknowledge an update to its messenger only after this has returned.
        """
        ...

    async def accept_all(self, messages: Sequence[Incoming]) -> list[bool]:
        """Store the messages in their order, all or none; tell of each whether it was new."""
        ...


@dataclass(frozen=True, slots=True)
class OutboxReply:
    """A reply as a page reads it."""

    id: int  # rises within a chat
    reply: Reply
    key: str  # of the message that it answers, or of the news of a case that it brings
    question: str  # that message's text, so that a page opened again can show both sides; "" for a tap
    created_at: datetime  # aware, UTC
    action: str | None = None  # of the tap that it answers
    files: tuple[str, ...] = ()  # what came with that message, by name or kind


class Outbox(Protocol):
    """Where a channel without a sender, such as the web page, reads its replies."""

    async def after(self, channel: Channel, chat: str, after: int = 0) -> list[OutboxReply]:
        """Return the chat's replies with ids above `after`, in order."""
        ...

    async def wait(self, channel: Channel, chat: str, after: int, timeout: float) -> list[OutboxReply]:  # noqa: ASYNC109
        """Return them as soon as there is one, or [] after `timeout` seconds."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """A reply on its way to a messenger."""

    id: int
    lane: str  # the same for all rows of one chat; opaque
    channel: Channel
    chat: str
    reply: Reply
    key: str  # of the message that it answers, such as a tap that waits for its notice
    attempts: int = 0
    failures: int = 0  # attempts that ended in an error that nobody foresaw


class Presence(Protocol):
    """Shows in a chat that an answer is on its way; a channel may do without."""

    async def typing(self, chat: str) -> None:
        """Show it for the next seconds; called again every few seconds while the work goes on."""
        ...


# --- for the storage ---


@dataclass(frozen=True, slots=True)
class Letter:
    """A stored message that waits for its answer."""

    id: int
    lane: str  # the same for all messages of one chat; opaque
    incoming: Incoming
    conversation: Conversation  # what is remembered of its chat
    attempts: int = 0
    seen: bytes | None = None  # the memory as it was stored: who wipes the chat meanwhile changes it


class Letters(Protocol):
    """The worker's side of the inbox."""

    arrived: asyncio.Event  # set whenever `due` may have more to give

    async def due(self, limit: int, busy: Collection[str]) -> Sequence[Letter]:
        """Return the oldest waiting message of each chat whose time has come and whose lane is not in `busy`."""
        ...

    async def finish(self, letter: Letter, turn: Turn, *, error: str | None = None) -> None:
        """Store the turn and mark the message done, or failed with `error`, all or nothing."""
        ...

    async def postpone(self, letter: Letter, seconds: float, error: str) -> None:
        """Count a failed attempt and try again after `seconds`."""
        ...
