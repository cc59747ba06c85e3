"""How often somebody tried to log in, over SQL, so that all replicas count together."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Connection, case, delete, select

from bot.pages.limits import Rate
from bot.storage.database import Database
from bot.storage.seal import Seal
from bot.storage.staff_tables import staff_tries


class SqlThrottle:
    """Implements `Throttle`: of each bucket only the moment is kept at which it will be full again."""

    def __init__(self, database: Database, seal: Seal, now: Callable[[], datetime]) -> None:
        self._database = database
        self._seal = seal
        self._now = now

    async def take(self, *buckets: tuple[str, Rate]) -> float:
        """Take one try out of each bucket up to the first that is empty; return the seconds to wait for that, or 0."""
        now = self._now().timestamp()

        def work(connection: Connection) -> float:
            for name, rate in buckets:
                if wait := self._wait(connection, self._seal.digest("tries", name), rate, now):
                    return wait
            return 0

        return await self._database.write(work)

    async def sweep(self) -> int:
        """Delete the buckets that are full, and return how many those were."""
        return await self._database.execute(delete(staff_tries).where(staff_tries.c.full_at <= self._now().timestamp()))

    def _wait(self, connection: Connection, key: str, rate: Rate, now: float) -> float:
        each, until = 1 / rate.per_second, staff_tries.c.full_at
        latest = now + (rate.burst - 1) * each  # later than this it holds less than one
        first = self._database.insert(staff_tries).values(key=key, full_at=now + each)
        full_at = case((until > now, until), else_=now) + each
        again = first.on_conflict_do_update(index_elements=["key"], set_={"full_at": full_at}, where=until <= latest)
        taken = connection.execute(again.execution_options(preserve_rowcount=True))
        if taken.rowcount:
            return 0
        found: float = connection.execute(select(until).where(staff_tries.c.key == key)).scalar_one()
        return max(found - latest, 0.001)
