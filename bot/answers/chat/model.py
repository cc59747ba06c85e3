"""The chat model: any service that speaks OpenAI's protocol, asked for one JSON object at a time.

The only home of langchain-openai; `bot/app/` imports it when a model is configured, for the import takes a second.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from typing import cast

import structlog
from langchain_core.messages import AIMessageChunk
from langchain_openai import ChatOpenAI
from openai import Timeout
from pydantic import SecretStr

from bot.answers.chat.ports import ChatError, Message

log = structlog.get_logger(__name__)

LONGEST = 12_000  # characters of an answer, beyond which nobody waits for its end

_FAILURES = 3  # one after the other, after which the service is left alone
_REST = 30.0  # seconds for which it is


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a service is waited for, in seconds, and how often it is asked again."""

    first: float  # until the first word
    whole: float  # until the last
    retries: int = 0
    rests: bool = True  # whether a service that keeps failing is left alone for a while


ANSWERING = Patience(first=2, whole=12)  # somebody waits, and the extractive answer is there
WRITING = Patience(first=90, whole=300, retries=4, rests=False)  # nobody waits


class ChatModel:
    """Completes messages with a JSON object, or raises ChatError."""

    def __init__(self, base_url: str, name: str, api_key: SecretStr | None, patience: Patience) -> None:
        """`api_key` may be None for a service in the house, such as Ollama, that asks for none."""
        self.name = name
        self._patience = patience
        self._failures = 0
        self._rests_until = 0.0  # on the monotonic clock
        self._chat = ChatOpenAI(
            base_url=base_url,
            model=name,
            api_key=api_key or SecretStr("none"),  # else OPENAI_API_KEY would be sent to whoever this is
            temperature=0,
            # Of this type, for by a plain number one HTTP client is shared by address, even across event loops.
            timeout=Timeout(patience.whole),
            stream_chunk_timeout=None,  # the waits are counted below
            max_retries=patience.retries,
            # Of all ways to get JSON the one that most services know; as a field of its own, langchain would
            # stream through a helper of openai's that loads for most of a second first.
            extra_body={"response_format": {"type": "json_object"}},
        )

    async def complete(self, messages: Sequence[Message]) -> str:
        """Return the service's answer, whole and in JSON if it keeps its word.

        Raises ChatError whatever goes wrong: no first word in time, no end in time, an error, a cut stream.
        """
        if time.monotonic() < self._rests_until:
            raise ChatError("the chat model is left alone for a while")
        try:
            async with asyncio.timeout(self._patience.whole):
                text = await self._read(messages)
        except asyncio.CancelledError:  # who asked has no more time
            self._failed(TimeoutError())
            raise
        except Exception as error:  # a stranger's service may go wrong in every way
            self._failed(error)
            raise ChatError(f"the chat model failed: {_kind(error)}") from error
        self._failures = 0
        return text

    async def _read(self, messages: Sequence[Message]) -> str:
        text, ending = "", None
        stream = self._chat.astream([(message.role, message.text) for message in messages])
        async with (
            aclosing(cast("AsyncGenerator[AIMessageChunk, None]", stream)) as chunks,
            asyncio.timeout(self._patience.first) as first,
        ):
            async for chunk in chunks:
                if chunk.text:
                    first.reschedule(None)
                    text += chunk.text
                ending = chunk.response_metadata.get("finish_reason", ending)
                if len(text) > LONGEST:
                    raise ChatError("the chat model does not come to an end")
        if ending != "stop":
            raise ChatError(f"the chat model's answer is cut: {ending}")
        return text

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        log.warning("chat.failed", error=_kind(error))
        if self._patience.rests and self._failures >= _FAILURES:
            self._rests_until = time.monotonic() + _REST
            self._failures = 0


def _kind(error: Exception) -> str:
    """Return what went wrong: a foreign error's kind alone, for its message may quote the worker."""
    return str(error) if isinstance(error, ChatError) else type(error).__name__
