"""Staff accounts over SQL; who opens what is sealed or hashed, and each change is in the audit with it."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Delete,
    Executable,
    Insert,
    Select,
    Table,
    Update,
    delete,
    func,
    select,
    update,
)

from bot.audit import Entry
from bot.desk.ports import Link, Proofs
from bot.desk.staff import Role, Staff
from bot.storage.audit import SqlAudit
from bot.storage.database import Database
from bot.storage.messenger_tables import staff_messengers, staff_pairings
from bot.storage.seal import Seal
from bot.storage.staff_tables import staff, staff_links, staff_recovery, staff_sessions


class SqlStaffBook:
    """Implements `StaffBook`."""

    def __init__(self, database: Database, seal: Seal, audit: SqlAudit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._seal = seal
        self._audit = audit
        self._now = now

    async def everybody(self) -> Sequence[Staff]:
        """Return all accounts in the order of their logins."""
        return [staff_of(row) for row in await self._database.read(select(staff).order_by(staff.c.login))]

    async def find(self, staff_id: str) -> Staff | None:
        """Return the account with this id."""
        return await self._one(staff.c.id == staff_id)

    async def by_login(self, login: str) -> Staff | None:
        """Return the account with this login."""
        return await self._one(staff.c.login == login)

    async def by_email(self, email: str) -> Staff | None:
        """Return the account whose invitation names this mail address."""
        return await self._one(staff.c.email == email)

    async def by_identity(self, identity: str) -> Staff | None:
        """Return the account that is bound to what an identity provider knows somebody by."""
        return await self._one(staff.c.identity == identity)

    async def proofs(self, staff_id: str) -> Proofs:
        """Return what the person is known by."""
        codes = select(func.count()).where(staff_recovery.c.staff_id == staff_id).scalar_subquery()
        query = select(staff.c.password, staff.c.totp, codes.label("codes")).where(staff.c.id == staff_id)
        for row in await self._database.read(query):
            totp = None if row.totp is None else self._seal.open(row.totp, _place(staff_id)).decode()
            return Proofs(row.password, totp, row.codes)
        return Proofs()

    async def add(self, new: Staff, link: Link, entry: Entry) -> bool:
        """Add an account with its first link; return False if the login or the mail address is taken."""

        def work(connection: Connection) -> bool:
            insert = self._database.insert(staff).values(
                id=new.id,
                login=new.login,
                name=new.name,
                role=new.role,
                unions=list(new.unions),
                created_at=new.created_at,
                email=new.email,
            )
            once = insert.on_conflict_do_nothing()
            added = connection.execute(once.execution_options(preserve_rowcount=True))
            if not added.rowcount:
                return False
            connection.execute(_link(new.id, link))
            self._audit.append(connection, entry)
            return True

        return await self._database.write(work)

    async def linked(self, token: str, now: datetime) -> Staff | None:
        """Return whose link has this digest, if it is still good."""
        return await self._one(staff.c.id.in_(_link_owner(token, now)), staff.c.disabled.is_(False))

    async def join(self, token: str, name: str, password: str, entry: Entry) -> bool:
        """Use up the link and set name and password; return False if the link is gone."""

        def work(connection: Connection) -> bool:
            owner = connection.execute(_link_owner(token, self._now())).scalar_one_or_none()
            gone = connection.execute(delete(staff_links).where(staff_links.c.token == token))
            if owner is None or not gone.rowcount:
                return False
            connection.execute(_where(owner).values(name=name, password=password))
            self._audit.append(connection, entry)
            return True

        return await self._database.write(work)

    async def bind(self, staff_id: str, identity: str, link: str | None, entry: Entry) -> bool:
        """Let the person come in by this identity instead of a password, and use up their link; see `StaffBook`."""

        def work(connection: Connection) -> bool:
            if connection.execute(select(staff.c.id).where(staff.c.identity == identity)).first():
                return False
            (links,) = _without(staff_id, staff_links)
            gone = connection.execute(links if link is None else links.where(staff_links.c.token == link))
            if link is not None and not gone.rowcount:
                return False
            connection.execute(_where(staff_id).values(identity=identity))
            self._audit.append(connection, entry)
            return True

        return await self._database.write(work)

    async def reset(self, staff_id: str, link: Link, entry: Entry) -> None:
        """Take away password, identity, second factor and sessions, and replace the link."""
        await self._audit.write(
            entry,
            _where(staff_id).values(password=None, identity=None, totp=None),
            *_without(staff_id, staff_recovery, staff_sessions, staff_links, staff_messengers, staff_pairings),
            _link(staff_id, link),
        )

    async def change(self, staff_id: str, role: Role, unions: Sequence[str], entry: Entry) -> None:
        """Give the person another role and other unions."""
        await self._audit.write(entry, _where(staff_id).values(role=role, unions=list(unions)))

    async def disable(self, staff_id: str, entry: Entry) -> None:
        """Close the account, and end its sessions, its links and that to the messenger."""
        closed = _where(staff_id).values(disabled=True)
        ways_in = _without(staff_id, staff_sessions, staff_links, staff_messengers, staff_pairings)
        await self._audit.write(entry, closed, *ways_in)

    async def enable(self, staff_id: str, entry: Entry) -> None:
        """Open a closed account again."""
        await self._audit.write(entry, _where(staff_id).values(disabled=False))

    async def set_password(self, staff_id: str, password: str, keep: str, entry: Entry) -> None:
        """Set the hash and end all sessions but `keep`."""
        (sessions,) = _without(staff_id, staff_sessions)
        others = sessions.where(staff_sessions.c.token != keep)
        await self._audit.write(entry, _where(staff_id).values(password=password), others)

    async def set_totp(self, staff_id: str, secret: str | None, step: int, codes: Sequence[str], entry: Entry) -> None:
        """Set or take away the second factor; `step` is used already, `codes` are digests."""
        sealed = None if secret is None else self._seal.close(secret.encode(), _place(staff_id))
        factor = _where(staff_id).values(totp=sealed, totp_step=step)
        await self._audit.write(entry, factor, *_new_codes(staff_id, codes))

    async def set_codes(self, staff_id: str, codes: Sequence[str], entry: Entry) -> None:
        """Replace the recovery codes by these digests."""
        await self._audit.write(entry, *_new_codes(staff_id, codes))

    async def use_step(self, staff_id: str, step: int) -> bool:
        """Use up a step of the one-time password; return False if it, or a later one, was used before."""
        return bool(await self._database.execute(_where(staff_id, staff.c.totp_step < step).values(totp_step=step)))

    async def use_code(self, staff_id: str, code: str, entry: Entry) -> bool:
        """Use up a recovery code by its digest; return False if there is none like it."""

        def work(connection: Connection) -> bool:
            mine = (staff_recovery.c.staff_id == staff_id, staff_recovery.c.code == code)
            used = connection.execute(delete(staff_recovery).where(*mine))
            if used.rowcount:
                self._audit.append(connection, entry)
            return bool(used.rowcount)

        return await self._database.write(work)

    async def _one(self, *conditions: ColumnElement[bool]) -> Staff | None:
        for row in await self._database.read(select(staff).where(*conditions)):
            return staff_of(row)
        return None


def staff_of(row: Any) -> Staff:
    """Return the account in a row that holds all columns of its table."""
    return Staff(
        row.id,
        row.login,
        row.name,
        Role(row.role),
        tuple(row.unions),
        row.created_at,
        joined=row.password is not None or row.identity is not None,
        second_factor=row.totp is not None,
        disabled=row.disabled,
        email=row.email,
        by_provider=row.identity is not None,
    )


def _where(staff_id: str, *conditions: ColumnElement[bool]) -> Update:
    return update(staff).where(staff.c.id == staff_id, *conditions)


def _without(staff_id: str, *tables: Table) -> list[Delete]:
    return [delete(table).where(table.c.staff_id == staff_id) for table in tables]


def _link(staff_id: str, link: Link) -> Insert:
    return staff_links.insert().values(staff_id=staff_id, token=link.token, expires_at=link.expires_at)


def _link_owner(token: str, now: datetime) -> Select[Any]:
    return select(staff_links.c.staff_id).where(staff_links.c.token == token, staff_links.c.expires_at > now)


def _new_codes(staff_id: str, codes: Sequence[str]) -> Iterator[Executable]:
    yield from _without(staff_id, staff_recovery)
    if codes:
        yield staff_recovery.insert().values([{"staff_id": staff_id, "code": code} for code in codes])


def _place(staff_id: str) -> str:
    return f"staff:{staff_id}:totp"
