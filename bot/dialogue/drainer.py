"""The drainer: hands what is stored, replies and notices, to those who carry it."""

import asyncio
import random
from collections.abc import Collection, Mapping, Sequence
from typing import Generic

import structlog

from bot.delivery import Deliveries, Item, RetryLater, Sender, Undeliverable
from bot.dialogue.lanes import Lanes

log = structlog.get_logger(__name__)

FAILURES = 8  # errors that nobody foresaw, after which a row is a dead letter: about four minutes
_LONGEST = 300.0  # seconds between attempts while a messenger is out of reach


class Drainer(Generic[Item]):
    """Sends what waits, each lane's in order, until cancelled; an outage only delays it."""

    def __init__(
        self,
        deliveries: Deliveries[Item],
        senders: Mapping[str, Sender[Item]],
        *,
        what: str = "reply",
        width: int = 16,
    ) -> None:
        self._what = what  # as the log names it
        self._deliveries = deliveries
        self._senders = senders  # by channel
        self._width = width

    async def run(self) -> None:
        """Send until cancelled; a send under way may finish, so that it is recorded and not repeated."""
        await Lanes(self._due, self.deliver, self._deliveries.ready, width=self._width).run()

    async def deliver(self, delivery: Item) -> None:
        """Send one row, and record what became of it."""
        try:
            remote_id = await self._senders[delivery.channel].send(delivery)
        except RetryLater as error:
            wait = _backoff(delivery.attempts) if error.seconds is None else error.seconds
            await self._later(delivery, wait, error, failure=False)
        except Undeliverable as error:
            await self._bury(delivery, error)
        except Exception as error:
            if delivery.failures + 1 >= FAILURES:
                await self._bury(delivery, error)
            else:
                await self._later(delivery, _backoff(delivery.failures), error, failure=True)
        else:
            await self._record(delivery, remote_id)

    async def _due(self, limit: int, busy: Collection[str]) -> Sequence[Item]:
        return await self._deliveries.due(limit, busy, self._senders.keys())

    async def _record(self, delivery: Item, remote_id: str | None) -> None:
        """Record a send; while that fails the lane stands still rather than getting the same twice."""
        attempt = 0
        while True:
            try:
                await self._deliveries.sent(delivery, remote_id)
                return
            except Exception as error:
                log.error(f"{self._what}.unrecorded", id=delivery.id, error=type(error).__name__)
                await asyncio.sleep(_backoff(attempt))
                attempt += 1

    async def _later(self, delivery: Item, seconds: float, error: Exception, *, failure: bool) -> None:
        log.warning(
            f"{self._what}.postponed", id=delivery.id, channel=delivery.channel, seconds=seconds, error=_kind(error)
        )
        await self._deliveries.postpone(delivery, seconds, _kind(error), failure=failure)
        asyncio.get_running_loop().call_later(seconds, self._deliveries.ready.set)

    async def _bury(self, delivery: Item, error: Exception) -> None:
        log.error(f"{self._what}.dead", id=delivery.id, channel=delivery.channel, error=_kind(error))
        await self._deliveries.bury(delivery, _kind(error))


def _kind(error: Exception) -> str:
    return type(error).__name__  # never its message, which may quote what is sent


def _backoff(attempts: int) -> float:
    """Return 1, 2, 4 … seconds, at most five minutes, shortened by chance so that lanes do not knock all at once."""
    return min(_LONGEST, 2.0 ** min(attempts, 16)) * random.uniform(0.5, 1.0)
