"""What the words between us and a chat model are, whoever carries them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from knowledge.errors import NiangjiaError


class ChatError(NiangjiaError):
    """Say that the chat model gave nothing that can be used; there is always an answer without it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One message; `role` is system, human or ai."""

    role: str
    text: str


class Completing(Protocol):
    """Completes messages with a JSON object."""

    async def complete(self, messages: Sequence[Message]) -> str:
        """Return it as text; raise ChatError where none comes in time."""
        ...


def fenced(data: Mapping[str, Any]) -> Message:
    """Return data as a message that cannot be taken for ours: JSON strings, out of which no text breaks.

    `<` is escaped as well, for some services read <|im_start|> and the like in a text as the beginning of a message.
    """
    return Message("human", json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"))
