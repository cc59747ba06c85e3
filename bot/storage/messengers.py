"""Staff's accounts in a messenger, over SQL: who they are by a digest, and where they are written to, sealed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, delete, or_, select

from bot.audit import Act, Entry
from bot.desk.messenger.ports import Pairing
from bot.desk.staff import Staff
from bot.storage.audit import SqlAudit
from bot.storage.case_rows import handler_digest
from bot.storage.database import Database
from bot.storage.messenger_tables import staff_messengers, staff_pairings
from bot.storage.seal import Seal
from bot.storage.staff import staff_of
from bot.storage.staff_tables import staff


class SqlMessengers:
    """Implements `Messengers`, and finds for the notices where a handler is written to."""

    def __init__(self, database: Database, seal: Seal, audit: SqlAudit, now: Callable[[], datetime]) -> None:
        self._database = database
        self._seal = seal
        self._audit = audit
        self._now = now

    async def staff_of(self, account: str) -> Staff | None:
        """Return whose account it is, unless theirs at the desk is closed."""
        mine = staff_messengers.c.account == self._digest(account)
        rows = await self._database.read(select(staff).join(staff_messengers).where(mine, staff.c.disabled.is_(False)))
        return staff_of(rows[0]) if rows else None

    async def since(self, staff_id: str) -> datetime | None:
        """Return since when somebody's account is linked; None if none is."""
        query = select(staff_messengers.c.since).where(staff_messengers.c.staff_id == staff_id)
        rows = await self._database.read(query)
        return rows[0].since if rows else None

    async def offer(self, staff_id: str, pairing: Pairing) -> None:
        """Keep a code with which somebody links an account, in place of the one before."""
        values = {"token": pairing.token, "expires_at": pairing.expires_at}
        insert = self._database.insert(staff_pairings).values(staff_id=staff_id, **values)
        await self._database.execute(insert.on_conflict_do_update(index_elements=["staff_id"], set_=values))

    async def pair(self, token: str, account: str) -> Staff | None:
        """Use up a code by its digest and link the account, to nobody else from now on; None if the code is gone."""

        def work(connection: Connection) -> Staff | None:
            row = connection.execute(_offered(token, self._now())).one_or_none()
            gone = connection.execute(delete(staff_pairings).where(staff_pairings.c.token == token))
            if row is None or not gone.rowcount:
                return None
            owner = staff_of(row)
            self._make_room(connection, owner, account)
            connection.execute(
                staff_messengers.insert().values(
                    staff_id=owner.id,
                    account=self._digest(account),
                    handler=handler_digest(self._seal, owner.id),
                    payload=self._seal.close(account.encode(), messenger_place(owner.id)),
                    since=self._now(),
                )
            )
            self._audit.append(connection, Entry(owner.actor, Act.MESSENGER_LINKED, owner.subject))
            return owner

        return await self._database.write(work)

    async def void(self, token: str) -> None:
        """Let the code with this digest be good no more."""
        await self._database.execute(delete(staff_pairings).where(staff_pairings.c.token == token))

    async def part(self, staff_id: str, entry: Entry) -> None:
        """Unlink somebody's account, and take back a code that they hold."""
        own = (delete(table).where(table.c.staff_id == staff_id) for table in (staff_messengers, staff_pairings))
        await self._audit.write(entry, *own)

    def address(self, connection: Connection, handler: str) -> str | None:
        """Return where the handler of a case, by the digest that the case has, is written to, within a transaction."""
        mine = staff_messengers.c.handler == handler
        query = select(staff_messengers).join(staff).where(mine, staff.c.disabled.is_(False))
        row = connection.execute(query).one_or_none()
        return None if row is None else self._seal.open(row.payload, messenger_place(row.staff_id)).decode()

    def _make_room(self, connection: Connection, owner: Staff, account: str) -> None:
        """Unlink what the account and its new owner were linked to before."""
        taken = or_(staff_messengers.c.staff_id == owner.id, staff_messengers.c.account == self._digest(account))
        for row in connection.execute(select(staff_messengers.c.staff_id).where(taken)).all():
            connection.execute(delete(staff_messengers).where(staff_messengers.c.staff_id == row.staff_id))
            if row.staff_id != owner.id:
                entry = Entry(owner.actor, Act.MESSENGER_UNLINKED, f"staff/{row.staff_id}")
                self._audit.append(connection, entry)

    def _digest(self, account: str) -> str:
        return self._seal.digest("staff account", account)


def messenger_place(staff_id: str) -> str:
    """Return where the deployment's seal binds an account's address to."""
    return f"staff_messengers:{staff_id}"


def _offered(token: str, now: datetime) -> Select[Any]:
    """Select whose code it is, if it is still good."""
    good = (staff_pairings.c.token == token, staff_pairings.c.expires_at > now, staff.c.disabled.is_(False))
    return select(staff).join(staff_pairings).where(*good)
