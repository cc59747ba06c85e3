"""Linking an account in the messenger: the desk gives a code, which is sent to the bot in private."""

import re
import secrets
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.audit import Act, Entry
from bot.desk.credentials import digest
from bot.desk.messenger.ports import Messengers, Pairing
from bot.desk.staff import Staff

CODE_LIFE = timedelta(minutes=10)
_START = "staff-"  # what the bot is started with, followed by the code
_SENT = re.compile(rf"/start {_START}([\w-]{{1,64}})", re.ASCII)


def start(code: str) -> str:
    """Return the words that the bot is started with to link an account."""
    return f"{_START}{code}"


def code_in(text: str) -> str | None:
    """Return the code that a message brings; None where it brings none."""
    sent = _SENT.fullmatch(text.strip())
    return sent[1] if sent else None


class Linking:
    """Knows whose account in the messenger it is, and lets staff link and unlink theirs."""

    def __init__(self, book: Messengers, now: Callable[[], datetime]) -> None:
        self._book = book
        self._now = now

    async def staff_of(self, account: str) -> Staff | None:
        """Return whose account it is; None where it is nobody's who works here."""
        return await self._book.staff_of(account) if account else None

    async def since(self, staff: Staff) -> datetime | None:
        """Return since when the person's account is linked."""
        return await self._book.since(staff.id)

    async def code(self, staff: Staff) -> str:
        """Return a new code, good once and for a short while; the one before is not good any more."""
        code = secrets.token_urlsafe(16)
        await self._book.offer(staff.id, Pairing(digest(code), self._now() + CODE_LIFE))
        return code

    async def link(self, code: str, account: str) -> Staff | None:
        """Link an account by the code that it sent, and return whose it is now; None if the code is not good."""
        return await self._book.pair(digest(code), account)

    async def void(self, code: str) -> None:
        """Let a code that others may have seen be good no more."""
        await self._book.void(digest(code))

    async def unlink(self, staff: Staff) -> None:
        """Let the person's account do nothing here any more."""
        await self._book.part(staff.id, Entry(staff.actor, Act.MESSENGER_UNLINKED, staff.subject))
