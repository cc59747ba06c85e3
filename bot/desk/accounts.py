"""Accounts by invitation: somebody is invited by a link, sets a password, and is changed, reset or closed by admins."""

import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import count

from bot.audit import SYSTEM, Act, Actor, Entry
from bot.desk.credentials import Passwords, Weakness, digest, new_token, weakness
from bot.desk.ports import Link, StaffBook
from bot.desk.problems import Problem, StaffError
from bot.desk.staff import Role, Staff, manages, reach
from knowledge.organizations import Organizations

LINK_LIFE = timedelta(days=3)
MAX_EMAIL = 254  # characters
FIRST_LOGIN, FIRST_NAME = "admin", "管理员"
LOGIN = re.compile(r"[a-z0-9][a-z0-9.-]{2,31}", re.ASCII)
EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")
_WEAK = {
    Weakness.SHORT: Problem.PASSWORD_SHORT,
    Weakness.LONG: Problem.PASSWORD_LONG,
    Weakness.COMMON: Problem.PASSWORD_COMMON,
    Weakness.LIKE_LOGIN: Problem.PASSWORD_LIKE_LOGIN,
}


class Accounts:
    """Keeps accounts; whoever acts is either an admin, held to their unions, or the command line, which is not."""

    def __init__(
        self, book: StaffBook, passwords: Passwords, organizations: Organizations, now: Callable[[], datetime]
    ) -> None:
        self._book = book
        self.passwords = passwords
        self._organizations = organizations
        self._now = now

    async def visible(self, viewer: Staff) -> list[Staff]:
        """Return the accounts whose unions lie within the viewer's, the viewer's own first."""
        within = reach(viewer.unions, self._organizations)
        everybody = [staff for staff in await self._book.everybody() if within.intersection(staff.unions)]
        return sorted(everybody, key=lambda staff: staff.id != viewer.id)

    async def everybody(self) -> Sequence[Staff]:
        """Return all accounts."""
        return await self._book.everybody()

    async def named(self, login: str) -> Staff:
        """Return the account with this login; raise StaffError if there is none."""
        found = await self._book.by_login(login.strip().lower())
        if found is None:
            raise StaffError(Problem.UNKNOWN_STAFF)
        return found

    async def managed(self, admin: Staff, staff_id: str) -> Staff:
        """Return an account that `admin` may change; raise StaffError if it is none."""
        found = await self._book.find(staff_id)
        if found is None or not manages(admin, found, self._organizations):
            raise StaffError(Problem.NOT_YOURS)
        return found

    def grantable(self, admin: Staff) -> list[str]:
        """Return the unions that `admin` may give to others, in the order of the directory."""
        within = reach(admin.unions, self._organizations)
        return [name for name in self._organizations.active if name in within]

    async def invite(
        self, by: Staff | Actor, *, login: str, name: str, role: Role, unions: Sequence[str], email: str = ""
    ) -> tuple[Staff, str]:
        """Add an account and return it with the token of its link; raise StaffError where something will not do.

        Whom an identity provider knows by `email` needs no link.
        """
        login, name, mail = login.strip().lower(), name.strip(), email.strip().lower() or None
        if not LOGIN.fullmatch(login):
            raise StaffError(Problem.LOGIN_SHAPE)
        if mail is not None and (len(mail) > MAX_EMAIL or not EMAIL.fullmatch(mail)):
            raise StaffError(Problem.EMAIL_SHAPE)
        if mail is not None and await self._book.by_email(mail) is not None:
            raise StaffError(Problem.EMAIL_TAKEN)
        unions = self._granted(by, unions)
        new = Staff(secrets.token_hex(4), login, _checked(name), role, unions, self._now(), email=mail)
        token, link = self._new_link()
        if not await self._book.add(new, link, Entry(_actor(by), Act.INVITED, new.subject, _detail(role, unions))):
            raise StaffError(Problem.LOGIN_TAKEN)
        return new, token

    async def invite_first(self) -> str | None:
        """Return the token of a link for the first admin, or None as soon as an admin has taken one up.

        Each call makes the link of the call before void.
        """
        everybody = await self._book.everybody()
        if any(staff.role is Role.ADMIN and staff.joined and not staff.disabled for staff in everybody):
            return None
        logins = {staff.login: staff for staff in everybody}
        for number in count(1):
            login = FIRST_LOGIN if number == 1 else f"{FIRST_LOGIN}{number}"
            staff = logins.get(login)
            if staff is None:
                break
            if staff.role is Role.ADMIN and not staff.joined and not staff.disabled:
                return await self.reset(SYSTEM, staff)
        _, token = await self.invite(SYSTEM, login=login, name=FIRST_NAME, role=Role.ADMIN, unions=self.roots())
        return token

    def roots(self) -> list[str]:
        """Return the unions that stand under no other."""
        return [each.name for each in self._organizations.active.values() if each.parent is None]

    async def reset(self, by: Staff | Actor, staff: Staff) -> str:
        """Take away what the person logs in with and return the token of a new link."""
        token, link = self._new_link()
        await self._book.reset(staff.id, link, Entry(_actor(by), Act.RESET, staff.subject))
        return token

    async def change(self, by: Staff | Actor, staff: Staff, role: Role, unions: Sequence[str]) -> None:
        """Give the person another role and other unions."""
        granted = self._granted(by, unions)
        entry = Entry(_actor(by), Act.CHANGED, staff.subject, _detail(role, granted))
        await self._book.change(staff.id, role, granted, entry)

    async def disable(self, by: Staff | Actor, staff: Staff) -> None:
        """Close the account at once."""
        await self._book.disable(staff.id, Entry(_actor(by), Act.DISABLED, staff.subject))

    async def enable(self, by: Staff | Actor, staff: Staff) -> None:
        """Open a closed account again."""
        await self._book.enable(staff.id, Entry(_actor(by), Act.ENABLED, staff.subject))

    async def linked(self, token: str) -> Staff:
        """Return whom a link is for; raise StaffError if it is not good any more."""
        found = await self._book.linked(digest(token), self._now())
        if found is None:
            raise StaffError(Problem.LINK_GONE)
        return found

    async def join(self, token: str, name: str, password: str, again: str) -> Staff:
        """Use up a link: set name and password, and return the account."""
        staff = await self.linked(token)
        name = _checked(name)
        hashed = await self.hashed(staff, password, again)
        if not await self._book.join(digest(token), name, hashed, Entry(staff.actor, Act.JOINED, staff.subject)):
            raise StaffError(Problem.LINK_GONE)
        return await self.named(staff.login)

    async def hashed(self, staff: Staff, password: str, again: str) -> str:
        """Return the hash of a new password, typed twice; raise StaffError if it will not do."""
        if password != again:
            raise StaffError(Problem.PASSWORDS_DIFFER)
        if weak := weakness(password, staff.login):
            raise StaffError(_WEAK[weak])
        return await self.passwords.hash(password)

    def _granted(self, by: Staff | Actor, unions: Sequence[str]) -> tuple[str, ...]:
        grantable = self.grantable(by) if isinstance(by, Staff) else list(self._organizations.active)
        if not unions:
            raise StaffError(Problem.NO_UNION)
        if not set(unions) <= set(grantable):
            raise StaffError(Problem.UNKNOWN_UNION)
        return tuple(name for name in grantable if name in unions)

    def _new_link(self) -> tuple[str, Link]:
        token = new_token()
        return token, Link(digest(token), self._now() + LINK_LIFE)


def _actor(by: Staff | Actor) -> Actor:
    return by.actor if isinstance(by, Staff) else by


def _detail(role: Role, unions: Sequence[str]) -> str:
    return " ".join((role, *unions))[:200]  # as much as the audit takes


def _checked(name: str) -> str:
    name = " ".join(name.split())
    if not 1 <= len(name) <= 32 or not name.isprintable():
        raise StaffError(Problem.NAME)
    return name
