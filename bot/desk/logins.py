"""Logging in and out: password, then second factor; what a session is and how long it lasts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.audit import STRANGER, Act, Audit, Entry
from bot.desk.accounts import LOGIN, Accounts
from bot.desk.credentials import code_digest, digest, new_codes, new_token, totp_step
from bot.desk.ports import Proofs, Session, Sessions, StaffBook, Throttle
from bot.desk.problems import Problem, StaffError
from bot.desk.staff import Role, Staff
from bot.pages.limits import Rate, network_of
from bot.pages.refusals import TooMany

IDLE = timedelta(hours=2)
ABSOLUTE = timedelta(hours=12)
HALF = timedelta(minutes=10)  # to find one's telephone
TOUCH = timedelta(minutes=1)  # between two notes that a session was used
MISSES = 5  # wrong second factors after which the password is asked for again


_PAIR, _ACCOUNT, _ADDRESS = Rate(8, 1 / 60), Rate(40, 1 / 20), Rate(60, 1 / 2)


@dataclass(frozen=True, slots=True)
class LoginLimits:
    """How often may be tried: for one account from one address, for one account, and from one address."""

    pair: Rate = _PAIR
    account: Rate = _ACCOUNT
    address: Rate = _ADDRESS


def alive(session: Session, now: datetime) -> bool:
    """Tell whether a session still holds."""
    if not session.whole:
        return now < session.created_at + HALF
    return now < min(session.seen_at + IDLE, session.created_at + ABSOLUTE)


class Logins:
    """Lets people in, each with a token that only their browser knows."""

    def __init__(
        self,
        accounts: Accounts,
        book: StaffBook,
        sessions: Sessions,
        audit: Audit,
        throttle: Throttle,
        now: Callable[[], datetime],
        limits: LoginLimits | None = None,
    ) -> None:
        self._accounts = accounts
        self._book = book
        self._sessions = sessions
        self._audit = audit
        self._passwords = accounts.passwords
        self._now = now
        self._tries = throttle
        self._limits = limits or LoginLimits()

    async def log_in(self, login: str, password: str, *, address: str, device: str) -> tuple[Session, str]:
        """Return a session and its token; raise TooMany or StaffError. It is whole if there is no second factor."""
        login = login.strip().lower()
        await self._throttle(login, address)
        staff = await self._book.by_login(login) if LOGIN.fullmatch(login) else None
        proofs = await self._book.proofs(staff.id) if staff else Proofs()
        fits = await self._passwords.fits(password, proofs.password)
        if staff is None or not fits or staff.disabled:
            await self._audit.record(Entry(STRANGER, Act.LOGIN_FAILED, staff.subject if staff else "", "password"))
            raise StaffError(Problem.WRONG_LOGIN)
        whole = proofs.totp is None
        entry = Entry(staff.actor, Act.LOGGED_IN, staff.subject) if whole else None
        return await self._open(staff, whole, device, entry)

    async def welcome(self, staff: Staff, device: str) -> tuple[Session, str]:
        """Return a session for somebody who has just set a password by a link."""
        return await self._open(staff, True, device, Entry(staff.actor, Act.LOGGED_IN, staff.subject, "link"))

    async def vouched(self, staff: Staff, strong: bool, device: str) -> tuple[Session, str]:
        """Return a session for whom the identity provider vouches, and its token.

        `strong` tells that it has asked for a second factor; else it is not whole while ours is still to be given.
        """
        whole = strong or not staff.second_factor
        entry = Entry(staff.actor, Act.LOGGED_IN, staff.subject, "provider") if whole else None
        return await self._open(staff, whole, device, entry, strong=strong)

    async def throttle_address(self, address: str) -> None:
        """Count a try from an address before it is known who tries; raise TooMany."""
        await self._take((f"address\x1f{network_of(address)}", self._limits.address))

    async def second(self, session: Session, code: str, *, address: str) -> str:
        """Make a half session whole by a one-time password or a recovery code; return its new token.

        Raise StaffError at a wrong code; after `MISSES` of them the session is gone.
        """
        staff = session.staff
        await self._throttle(staff.login, address)
        if not await self._second_fits(staff, code):
            failed = Entry(STRANGER, Act.LOGIN_FAILED, staff.subject, "second factor")
            if await self._sessions.missed(session.id, failed) >= MISSES:
                await self._sessions.end(session.id, None)
            raise StaffError(Problem.WRONG_CODE)
        token = new_token()
        await self._sessions.complete(session.id, digest(token), Entry(staff.actor, Act.LOGGED_IN, staff.subject))
        return token

    async def session(self, token: str, *, acting: bool = True) -> Session | None:
        """Return the session of a token while it holds, and let it last longer if it is the person who is `acting`."""
        found = await self._sessions.find(digest(token))
        now = self._now()
        if found is None or not alive(found, now):
            return None
        if acting and found.whole and now - found.seen_at >= TOUCH:
            await self._sessions.seen(found.id, now)
        return found

    async def sessions(self, staff: Staff) -> Sequence[Session]:
        """Return the person's whole sessions that hold, the last used first."""
        now = self._now()
        return [each for each in await self._sessions.of(staff.id) if each.whole and alive(each, now)]

    async def log_out(self, session: Session) -> None:
        """End this session."""
        await self._sessions.end(session.id, Entry(session.staff.actor, Act.LOGGED_OUT, session.staff.subject))

    async def end(self, staff: Staff, session_id: str) -> None:
        """End another session of the person's own."""
        if any(each.id == session_id for each in await self._sessions.of(staff.id)):
            await self._sessions.end(session_id, Entry(staff.actor, Act.SESSIONS_ENDED, staff.subject, "one"))

    async def end_others(self, session: Session) -> None:
        """End all sessions of the person but this one."""
        entry = Entry(session.staff.actor, Act.SESSIONS_ENDED, session.staff.subject, "others")
        await self._sessions.end_others(session.staff.id, session.id, entry)

    async def change_password(self, session: Session, old: str, new: str, again: str, *, address: str) -> None:
        """Set another password, which ends all other sessions."""
        staff = session.staff
        await self.prove(staff, old, address)
        hashed = await self._accounts.hashed(staff, new, again)
        entry = Entry(staff.actor, Act.PASSWORD_CHANGED, staff.subject)
        await self._book.set_password(staff.id, hashed, session.id, entry)

    async def add_factor(self, staff: Staff, secret: str, code: str, password: str, *, address: str) -> tuple[str, ...]:
        """Turn the second factor on once its first code fits; return the recovery codes, to be shown once.

        To replace one that is on, the password is needed too.
        """
        if staff.second_factor:
            await self.prove(staff, password, address)
        step = totp_step(secret, code, self._now())
        if step is None:
            raise StaffError(Problem.WRONG_CODE)
        codes = new_codes()
        entry = Entry(staff.actor, Act.TOTP_ON, staff.subject)
        await self._book.set_totp(staff.id, secret, step, [code_digest(each) for each in codes], entry)
        return codes

    async def drop_factor(self, staff: Staff, password: str, *, address: str) -> None:
        """Turn the second factor off."""
        if staff.role is Role.ADMIN:
            raise StaffError(Problem.FACTOR_NEEDED)
        await self.prove(staff, password, address)
        await self._book.set_totp(staff.id, None, 0, (), Entry(staff.actor, Act.TOTP_OFF, staff.subject))

    async def renew_codes(self, staff: Staff, password: str, *, address: str) -> tuple[str, ...]:
        """Replace the recovery codes; return the new ones, to be shown once."""
        await self.prove(staff, password, address)
        codes = new_codes()
        entry = Entry(staff.actor, Act.RECOVERY_RENEWED, staff.subject)
        await self._book.set_codes(staff.id, [code_digest(each) for each in codes], entry)
        return codes

    async def codes_left(self, staff: Staff) -> int:
        """Return how many recovery codes there are."""
        return (await self._book.proofs(staff.id)).codes

    async def _open(
        self, staff: Staff, whole: bool, device: str, entry: Entry | None, *, strong: bool = False
    ) -> tuple[Session, str]:
        token, now = new_token(), self._now()
        session = Session(digest(token), staff, whole, device, now, now, strong)
        await self._sessions.open(session, now - ABSOLUTE, entry)
        return session, token

    async def _second_fits(self, staff: Staff, code: str) -> bool:
        secret = (await self._book.proofs(staff.id)).totp
        step = totp_step(secret, code, self._now()) if secret else None
        if step is not None:
            return await self._book.use_step(staff.id, step)
        used = Entry(staff.actor, Act.RECOVERY_USED, staff.subject)
        return await self._book.use_code(staff.id, code_digest(code), used)

    async def prove(self, staff: Staff, proof: str, address: str) -> None:
        """Make sure that it is still the same person: by the password, or by the second factor where there is none."""
        await self._throttle(staff.login, address)
        if staff.by_provider:
            if not await self._second_fits(staff, proof):
                await self._audit.record(Entry(staff.actor, Act.LOGIN_FAILED, staff.subject, "second factor"))
                raise StaffError(Problem.WRONG_CODE)
        elif not await self._passwords.fits(proof, (await self._book.proofs(staff.id)).password):
            await self._audit.record(Entry(staff.actor, Act.LOGIN_FAILED, staff.subject, "password"))
            raise StaffError(Problem.WRONG_PASSWORD)

    async def _throttle(self, login: str, address: str) -> None:
        network = network_of(address)
        await self._take(
            (f"address\x1f{network}", self._limits.address),
            (f"pair\x1f{login}\x1f{network}", self._limits.pair),
            (f"account\x1f{login}", self._limits.account),
        )

    async def _take(self, *buckets: tuple[str, Rate]) -> None:
        if seconds := await self._tries.take(*buckets):
            raise TooMany(seconds)
