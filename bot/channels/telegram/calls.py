"""The calls that most messages need, as JSON both ways, with nothing read that is not used.

aiogram's own forms, and its models of what is sent and of the `Message` that comes back, took half the time of a reply.
"""

from typing import Any, cast

import orjson
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods.base import Response, TelegramMethod, TelegramType
from aiohttp import ClientError, ClientTimeout
from pydantic import BaseModel

NO_PREVIEW = {"is_disabled": True}
_JSON = {"Content-Type": "application/json"}
Keyboard = dict[str, list[list[dict[str, str]]]]  # as Telegram reads it
Markup = Keyboard | dict[str, bool]  # or a field that opens for a reply


class JsonMethod(TelegramMethod[TelegramType]):
    """A call whose fields are sent as they are; those that are None are left out."""


class GetRawUpdates(JsonMethod[list[dict[str, Any]]]):
    """Fetch updates as they come, so that one that we cannot parse does not hide those behind it."""

    __returning__ = list[dict[str, Any]]
    __api_method__ = "getUpdates"

    offset: int | None = None
    timeout: int
    allowed_updates: list[str]


class Written(BaseModel):
    """What we need to know of a message that Telegram has taken."""

    message_id: int


class SendText(JsonMethod[Written]):
    """Write a message."""

    __returning__ = Written
    __api_method__ = "sendMessage"

    chat_id: str
    text: str
    parse_mode: str | None = None
    reply_markup: Markup | None = None
    link_preview_options: dict[str, bool] = NO_PREVIEW
    disable_notification: bool | None = None


class EditText(JsonMethod[Written]):
    """Put a message of ours right, with its buttons."""

    __returning__ = Written
    __api_method__ = "editMessageText"

    chat_id: str
    message_id: int
    text: str
    reply_markup: Keyboard | None = None
    link_preview_options: dict[str, bool] = NO_PREVIEW


# Held, for pydantic holds them loosely, and would build them anew after each collection of garbage: 20 ms each time.
RESPONSES = (Response[Written], Response[list[dict[str, Any]]], Response[bool])


class JsonSession(AiohttpSession):
    """Sends a `JsonMethod` as JSON, and everything else as aiogram does."""

    def __init__(self, api: TelegramAPIServer, timeout: float) -> None:
        """`timeout` is in seconds, of each call."""
        super().__init__(api=api, timeout=timeout, json_loads=orjson.loads)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 - aiogram's
    ) -> TelegramType:
        """Make one call; errors are aiogram's."""
        if not isinstance(method, JsonMethod):
            return await super().make_request(bot, method, timeout)
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        body = orjson.dumps(method.model_dump(exclude_none=True))
        limit = ClientTimeout(total=timeout or self.timeout)
        try:
            async with session.post(url, data=body, headers=_JSON, timeout=limit) as answer:
                content = await answer.text()
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except ClientError as error:
            raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error
        return cast(TelegramType, self.check_response(bot, method, answer.status, content).result)
