"""The links in a notice: to the desk, and the signed one by which somebody takes an emergency."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from urllib.parse import urlsplit

from bot.notices.model import Kind, Notice

TAKE_PATH = "/take/"  # followed by the token
LIFETIME = timedelta(hours=24)

_SIGNATURE = 24  # hexadecimal digits: 96 bits, and whoever guesses must ask us each time
_TAG = 6  # hexadecimal digits: enough to tell the roster's entries apart


@dataclass(frozen=True, slots=True)
class Ticket:
    """What a token says: who was called to which case."""

    case: str
    entry: str  # a name of the roster; "" if it is not there any more


class Links:
    """Writes and reads links; `sign` is a keyed digest of at least 24 hexadecimal digits."""

    def __init__(self, public_url: str | None, sign: Callable[[str], str]) -> None:
        self._base = public_url.rstrip("/") if public_url else None
        self._sign = sign

    def desk(self, notice: Notice) -> str | None:
        """Return where the desk shows it; None where nobody said at which address we are reached."""
        return self._desk(notice.case)

    def page(self, case: str | None) -> str | None:
        """Return where the desk shows a case, if a messenger lets a button lead there: by HTTPS, to a full name."""
        link = self._desk(case)
        parts = urlsplit(link or "")
        return link if parts.scheme == "https" and "." in (parts.hostname or "") else None

    def take(self, notice: Notice, entry: str, now: datetime) -> str | None:
        """Return the page on which an emergency is taken; None for any other notice, or without our address."""
        if self._base is None or notice.kind is not Kind.EMERGENCY or notice.case is None:
            return None
        said = f"{notice.case}.{int((now + LIFETIME).timestamp()):x}.{self._tag(entry)}"
        return f"{self._base}{TAKE_PATH}{said}.{self._signature(said)}"

    def read(self, token: str, entries: Iterable[str], now: datetime) -> Ticket | None:
        """Return what a token of ours says; None if it is none, was changed, or is too old."""
        said, _, signature = token.rpartition(".")
        if not compare_digest(self._signature(said).encode(), signature.encode()):
            return None
        case, until, tag = said.split(".")
        if now.timestamp() > int(until, 16):
            return None
        return Ticket(case, next((entry for entry in entries if self._tag(entry) == tag), ""))

    def _desk(self, case: str | None) -> str | None:
        if self._base is None:
            return None
        return f"{self._base}/desk/cases/{case}" if case else f"{self._base}/desk"

    def _signature(self, said: str) -> str:
        return self._sign(f"take {said}")[:_SIGNATURE]

    def _tag(self, entry: str) -> str:
        return self._sign(f"entry {entry}")[:_TAG]
