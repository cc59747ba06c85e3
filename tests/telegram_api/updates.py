"""How updates reach a bot: by long polling or by webhook, in order, until it acknowledges them."""

import asyncio
import itertools
from collections.abc import Iterable
from typing import Any

import aiohttp

from tests.telegram_api.errors import ApiError

DEFAULT_KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
Update = dict[str, Any]


def _chat_of(update: Update) -> int:
    body: dict[str, Any] = next(value for key, value in update.items() if key != "update_id")
    return int((body.get("message") or body)["chat"]["id"])


class Updates:
    """The queue of one bot."""

    def __init__(self, webhook_timeout: float, redelivery_delay: float) -> None:
        self.pending: list[Update] = []
        self.polls = 0  # how many getUpdates calls came in
        self.url = ""
        self.last_error: str | None = None
        self.allowed: tuple[str, ...] = DEFAULT_KINDS
        self._again: list[Update] = []  # delivered once more although acknowledged
        self._secret: str | None = None
        self._ids = itertools.count(700_001)
        self._changed = asyncio.Condition()
        self._webhook_timeout = webhook_timeout  # seconds
        self._redelivery_delay = redelivery_delay  # seconds
        self._couriers: dict[int, asyncio.Task[None]] = {}  # one a chat, so that a chat's updates stay in order
        self._client: aiohttp.ClientSession | None = None

    async def push(self, kind: str, body: dict[str, Any]) -> Update:
        """Queue a new update, unless the bot did not ask for its kind."""
        update = {"update_id": next(self._ids), kind: body}
        if kind in self.allowed:
            await self._queue(self.pending, update)
        return update

    async def redeliver(self, update: Update) -> None:
        """Deliver an update once more, as Telegram does when an acknowledgement got lost."""
        await self._queue(self.pending if self.url else self._again, update)

    async def _queue(self, queue: list[Update], update: Update) -> None:
        async with self._changed:
            queue.append(update)
            self._changed.notify_all()
        self._send_courier(_chat_of(update))

    async def poll(self, offset: int, limit: int, patience: float) -> list[Update]:
        """Return up to `limit` updates from `offset` on, forgetting those before.

        Waits `patience` seconds for the first; a newer poll ends this one.
        """
        if self.url:
            raise ApiError(
                409,
                "Conflict: can't use getUpdates method while webhook is active; "
                "use deleteWebhook to delete the webhook first",
            )
        self.polls += 1
        mine = self.polls
        if offset < 0:
            offset = self.pending[offset:][0]["update_id"] if self.pending else 0
        async with self._changed:
            self._changed.notify_all()
            self.pending = [update for update in self.pending if update["update_id"] >= offset]
            try:
                async with asyncio.timeout(patience):
                    await self._changed.wait_for(lambda: self.pending or self._again or self.polls != mine or self.url)
            except TimeoutError:
                return []
            if self.polls != mine:
                raise ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                )
            if self.url:
                raise ApiError(409, "Conflict: terminated by setWebhook request")
            batch = (self._again + self.pending)[:limit]
            self._again = []
            return batch

    async def allow(self, kinds: Iterable[str] | None) -> None:
        """Deliver only these kinds from now on; none given leaves it as it was, an empty list means the default."""
        if kinds is not None:
            self.allowed = tuple(kinds) or DEFAULT_KINDS

    async def set_webhook(self, url: str, secret: str | None) -> None:
        """Deliver to `url` from now on; "" goes back to polling."""
        await self.close()
        async with self._changed:
            self.url, self._secret = url, secret
            self._changed.notify_all()
        for chat in {_chat_of(update) for update in self.pending}:
            self._send_courier(chat)

    async def drop(self) -> None:
        """Forget what is pending."""
        self.pending.clear()

    async def close(self) -> None:
        """Call all couriers back."""
        couriers = list(self._couriers.values())
        self._couriers.clear()
        for courier in couriers:
            courier.cancel()
        await asyncio.gather(*couriers, return_exceptions=True)
        if self._client:
            await self._client.close()
            self._client = None

    def _send_courier(self, chat: int) -> None:
        if self.url and (chat not in self._couriers or self._couriers[chat].done()):
            self._couriers[chat] = asyncio.create_task(self._carry(chat))

    async def _carry(self, chat: int) -> None:
        while mine := [update for update in self.pending if _chat_of(update) == chat]:
            if await self._post(mine[0]):
                self.pending.remove(mine[0])
            else:
                await asyncio.sleep(self._redelivery_delay)

    async def _post(self, update: Update) -> bool:
        self._client = self._client or aiohttp.ClientSession()
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._secret} if self._secret else {}
        timeout = aiohttp.ClientTimeout(total=self._webhook_timeout)
        try:
            async with self._client.post(self.url, json=update, headers=headers, timeout=timeout) as answer:
                self.last_error = None if answer.ok else f"Wrong response from the webhook: {answer.status}"
                return answer.ok
        except (aiohttp.ClientError, TimeoutError) as error:
            self.last_error = f"Connection failed: {type(error).__name__}"
            return False
