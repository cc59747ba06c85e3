"""A journey to the identity provider and back: who set out comes back, once, and only who was invited comes in."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.audit import STRANGER, Act, Audit, Entry
from bot.desk.credentials import digest, new_token
from bot.desk.logins import Logins
from bot.desk.ports import Session, StaffBook
from bot.desk.problems import Problem, StaffError
from bot.desk.provider import Identity, IdentityProvider
from bot.desk.staff import Staff

LIFE = timedelta(minutes=10)  # to log in at the provider
MAX_ONWARD = 500  # characters


@dataclass(frozen=True, slots=True)
class Journey:
    """One that was begun."""

    state: str  # digest of what the provider hands back
    browser: str  # digest of the token of the browser that set out
    nonce: str
    verifier: str  # of PKCE
    link: str | None  # digest of an invitation that is to be taken up
    onward: str  # where to go afterwards
    begun_at: datetime


class JourneyBook(Protocol):
    """Where journeys are kept until they end."""

    async def begin(self, journey: Journey) -> None:
        """Add one."""
        ...

    async def end(self, state: str) -> Journey | None:
        """Take out the one with this state, so that nobody comes back a second time."""
        ...


class Journeys:
    """Sends people to the provider, and lets in whom it vouches for if they have an account."""

    def __init__(
        self,
        provider: IdentityProvider,
        book: JourneyBook,
        staff: StaffBook,
        logins: Logins,
        audit: Audit,
        now: Callable[[], datetime],
    ) -> None:
        self.provider = provider
        self._book = book
        self._staff = staff
        self._logins = logins
        self._audit = audit
        self._now = now

    async def begin(self, browser: str, back: str, onward: str, link: str | None, *, address: str) -> str:
        """Return where the browser with this token has to go; raise TooMany or StaffError.

        `link` is the token of an invitation, `back` the address at which the provider hands the browser back.
        """
        await self._logins.throttle_address(address)
        state, nonce, verifier = new_token(), new_token(), new_token()
        url = await self.provider.authorization(back, state, nonce, verifier)
        onward = onward if len(onward) <= MAX_ONWARD else ""
        invitation = digest(link) if link else None
        await self._book.begin(
            Journey(digest(state), digest(browser), nonce, verifier, invitation, onward, self._now())
        )
        return url

    async def end(
        self, browser: str, back: str, state: str, code: str, *, address: str, device: str
    ) -> tuple[Session, str, str]:
        """Return a session, its token and where to go; raise TooMany or StaffError. Without a `code` it was refused."""
        await self._logins.throttle_address(address)
        journey = await self._book.end(digest(state))
        if journey is None or self._now() >= journey.begun_at + LIFE:
            raise StaffError(Problem.JOURNEY_GONE)
        if not hmac.compare_digest(journey.browser, digest(browser)):
            raise StaffError(Problem.JOURNEY_GONE)
        if not code:
            raise StaffError(Problem.PROVIDER_REFUSED)
        identity = await self.provider.identity(back, code, journey.nonce, journey.verifier)
        staff = await self._known(identity, journey.link)
        session, token = await self._logins.vouched(staff, identity.strong, device)
        return session, token, journey.onward

    async def _known(self, identity: Identity, link: str | None) -> Staff:
        """Return whose identity it is; the first time it is bound to whom the invitation is for."""
        staff = await self._staff.by_identity(identity.key)
        if staff is None:
            staff = await self._joined(identity, link)
        elif link and (invited := await self._staff.linked(link, self._now())) and invited.id != staff.id:
            raise StaffError(Problem.IDENTITY_TAKEN)
        if staff is None or staff.disabled:
            await self._audit.record(Entry(STRANGER, Act.LOGIN_FAILED, staff.subject if staff else "", "provider"))
            raise StaffError(Problem.NOT_INVITED)
        return staff

    async def _joined(self, identity: Identity, link: str | None) -> Staff | None:
        if link is not None:
            staff = await self._staff.linked(link, self._now())
        else:
            staff = await self._staff.by_email(identity.email) if identity.email else None
            if staff is not None and staff.joined:  # by its mail alone an account is taken up, never taken over
                staff = None
        if staff is None or staff.disabled:
            return None
        entry = Entry(staff.actor, Act.JOINED, staff.subject, "provider")
        return staff if await self._staff.bind(staff.id, identity.key, link, entry) else None
