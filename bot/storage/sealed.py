"""What the sealed columns hold, and how it gets in and out of them."""

from dataclasses import dataclass, fields
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Table

from bot.dialogue.lanes import HasLane
from bot.dialogue.ports import Conversation, Exchange, Held, HeldFile
from bot.forms.draft import Draft
from bot.messages import Channel, Reply
from bot.storage.seal import Cipher, Seal, SealError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Address:
    """A chat as the tables know it."""

    channel: Channel
    chat: str  # digest

    @property
    def lane(self) -> str:
        """Return the name by which workers keep one chat's work in order."""
        return f"{self.channel}:{self.chat}"


def address(seal: Seal, channel: Channel, chat: str) -> Address:
    """Return where the rows of this chat are found."""
    return Address(channel, seal.digest("chat", channel, chat))


@dataclass(frozen=True, slots=True)
class Parcel:
    """A reply and where it goes."""

    chat: str
    key: str  # of the message that it answers
    reply: Reply


@dataclass(frozen=True, slots=True)
class Memory:
    """What a conversation remembers for a while."""

    exchanges: tuple[Exchange, ...] = ()
    draft: Draft | None = None
    files: tuple[HeldFile, ...] = ()
    focus: str | None = None
    correcting: str | None = None
    held: Held | None = None
    misses: int = 0
    overheard: tuple[str, ...] = ()

    @classmethod
    def of(cls, conversation: Conversation) -> "Memory":
        """Return what of the conversation is sealed."""
        return cls(*(getattr(conversation, field.name) for field in fields(cls)))

    @property
    def remembered(self) -> dict[str, Any]:
        """Return the fields as the conversation has them."""
        return {field.name: getattr(self, field.name) for field in fields(self)}


class Payload(Generic[T]):
    """What is sealed of a row: a dataclass as JSON."""

    def __init__(self, kind: type[T]) -> None:
        self._adapter = TypeAdapter(kind)

    def close(self, cipher: Cipher, value: T, place: str) -> bytes:
        """Seal `value`, bound to the place, which begins with its table."""
        return cipher.close(self._adapter.dump_json(value, exclude_defaults=True), place)

    def open(self, cipher: Cipher, payload: bytes, place: str) -> T:
        """Return what was sealed; raise SealError if it does not open or is not what this version reads."""
        data = cipher.open(payload, place)
        try:
            return self._adapter.validate_json(data)
        except ValidationError:  # not chained: its message quotes what a person wrote
            table = place.partition(":")[0]
            raise SealError(f"A row of {table} was written by another version and cannot be read.") from None


class Sealed(Generic[T]):
    """A sealed column of `table`, bound to the chat or the address that its rows belong to."""

    def __init__(self, seal: Seal, table: Table, kind: type[T]) -> None:
        self._seal = seal
        self._table = table.name
        self._payload = Payload(kind)

    def close(self, value: T, address: HasLane) -> bytes:
        """Seal `value`."""
        return self._payload.close(self._seal, value, self._place(address))

    def open(self, payload: bytes, address: HasLane) -> T:
        """Return what was sealed; raise SealError if it does not open or is not what this version reads."""
        return self._payload.open(self._seal, payload, self._place(address))

    def _place(self, address: HasLane) -> str:
        return f"{self._table}:{address.lane}"
