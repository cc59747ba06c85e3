"""Sending what is stored, whatever it is and whoever takes it: the ports of the drainer, and what a send may come to.

Senders are in the channels and the notices, what waits is in the storage; `bot/dialogue/drainer.py` carries it over.
"""

import asyncio
from collections.abc import Collection, Sequence
from typing import Protocol, TypeVar

from knowledge.errors import NiangjiaError


class Outgoing(Protocol):
    """A stored row on its way out."""

    @property
    def id(self) -> int:
        """Return the row's number."""
        ...

    @property
    def lane(self) -> str:
        """Return what is the same for all rows of one address, which go out in order; opaque."""
        ...

    @property
    def channel(self) -> str:
        """Return the channel whose sender takes it."""
        ...

    @property
    def attempts(self) -> int:
        """Return how often it was tried."""
        ...

    @property
    def failures(self) -> int:
        """Return how many of these attempts ended in an error that nobody foresaw."""
        ...


Item = TypeVar("Item", bound=Outgoing)
Sent = TypeVar("Sent", contravariant=True)


class RetryLater(NiangjiaError):  # noqa: N818 - named by what it asks for
    """Say that it cannot be taken now: a flood limit (then with `seconds`), or the network."""

    def __init__(self, reason: str, seconds: float | None = None) -> None:
        super().__init__(reason)
        self.seconds = seconds  # None leaves the wait to the drainer


class Undeliverable(NiangjiaError):  # noqa: N818 - named by what it says
    """Say that it will never arrive, such as in a chat that blocked the bot."""


class Sender(Protocol[Sent]):
    """Hands rows to one messenger."""

    async def send(self, item: Sent, /) -> str | None:
        """Send it and return the messenger's id of the message, if it has one.

        Raise `RetryLater` for whatever may pass and `Undeliverable` for what will not; any other error is tried again a
        few times.
        """
        ...


class Deliveries(Protocol[Item]):
    """The drainer's side of the rows that wait."""

    ready: asyncio.Event  # set whenever `due` may have more to give

    async def due(self, limit: int, busy: Collection[str], channels: Collection[str]) -> Sequence[Item]:
        """Return the oldest unsent row of each lane whose time has come and whose lane is not in `busy`."""
        ...

    async def sent(self, item: Item, /, remote_id: str | None) -> None:
        """Record that the messenger has taken it."""
        ...

    async def postpone(self, item: Item, /, seconds: float, error: str, *, failure: bool) -> None:
        """Count the attempt, and as a failure if it was one, and try again after `seconds`."""
        ...

    async def bury(self, item: Item, /, error: str) -> None:
        """Keep it as a dead letter, which is not tried again."""
        ...
