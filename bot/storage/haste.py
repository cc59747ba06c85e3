"""The chats whose people may be in danger: their messages and replies go before everybody else's.

Held in memory alone: whoever waits when a process dies is then answered in the order of age, like all others.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.storage.sealed import Address

LASTS = timedelta(minutes=10)
_MOST = 256  # chats at a time, the newest; whoever floods with words of danger shall not cost more


class Haste:
    """Remembers for a while which chats go first."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._until: dict[str, datetime] = {}  # chat → when it goes with all others again

    def add(self, at: Address) -> None:
        """Let this chat go first from now on."""
        self._until.pop(at.chat, None)  # the newest stand last
        self._until[at.chat] = self._now() + LASTS
        if len(self._until) > _MOST:
            del self._until[next(iter(self._until))]

    def chats(self) -> list[str]:
        """Return the digests of the chats that go first."""
        if self._until:
            now = self._now()
            self._until = {chat: until for chat, until in self._until.items() if until > now}
        return list(self._until)
