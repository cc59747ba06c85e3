"""The drainer: hands replies from the outbox to the messengers."""

import asyncio
import random
from collections.abc import Collection, Mapping, Sequence

import structlog

from bot.dialogue.lanes import Lanes
from bot.dialogue.ports import Deliveries, Delivery, RetryLater, Sender, Undeliverable
from bot.messages import Channel

log = structlog.get_logger(__name__)

FAILURES = 8  # errors that nobody foresaw, after which a reply is a dead letter: about four minutes
_LONGEST = 300.0  # seconds between attempts while a messenger is out of reach


class Drainer:
    """Sends what waits, each chat's in order, until cancelled; an outage only delays it."""

    def __init__(self, deliveries: Deliveries, senders: Mapping[Channel, Sender], *, width: int = 16) -> None:
        self._deliveries = deliveries
        self._senders = senders
        self._width = width

    async def run(self) -> None:
        """Send until cancelled; a send under way may finish, so that it is recorded and not repeated."""
        await Lanes(self._due, self.deliver, self._deliveries.ready, width=self._width).run()

    async def deliver(self, delivery: Delivery) -> None:
        """Send one reply, and record what became of it."""
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

    async def _due(self, limit: int, busy: Collection[str]) -> Sequence[Delivery]:
        return await self._deliveries.due(limit, busy, self._senders.keys())

    async def _record(self, delivery: Delivery, remote_id: str | None) -> None:
        """Record a send; while that fails the chat stands still rather than getting the same reply twice."""
        attempt = 0
        while True:
            try:
                await self._deliveries.sent(delivery, remote_id)
                return
            except Exception as error:
                log.error("reply.unrecorded", outbox_id=delivery.id, error=type(error).__name__)
                await asyncio.sleep(_backoff(attempt))
                attempt += 1

    async def _later(self, delivery: Delivery, seconds: float, error: Exception, *, failure: bool) -> None:
        log.warning(
            "reply.postponed", outbox_id=delivery.id, channel=delivery.channel, seconds=seconds, error=_kind(error)
        )
        await self._deliveries.postpone(delivery, seconds, _kind(error), failure=failure)
        asyncio.get_running_loop().call_later(seconds, self._deliveries.ready.set)

    async def _bury(self, delivery: Delivery, error: Exception) -> None:
        log.error("reply.dead", outbox_id=delivery.id, channel=delivery.channel, error=_kind(error))
        await self._deliveries.bury(delivery, _kind(error))


def _kind(error: Exception) -> str:
    return type(error).__name__  # never its message, which may quote the reply


def _backoff(attempts: int) -> float:
    """Return 1, 2, 4 … seconds, at most five minutes, shortened by chance so that chats do not knock all at once."""
    return min(_LONGEST, 2.0 ** min(attempts, 16)) * random.uniform(0.5, 1.0)
