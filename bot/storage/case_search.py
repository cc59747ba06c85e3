"""Looking for words in what is sealed: it is opened in memory and closed again, and nothing of it is kept.

What is opened is searched as it is written, which is far cheaper than making cases of it; so a case may hold all words
and yet not say them. Whoever shows one looks again.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, Table, literal_column, select, union_all

from bot.cases.model import Move
from bot.storage.case_rows import cipher_of, claimant_place, event_place
from bot.storage.case_tables import case_events, cases, claimants
from bot.storage.seal import Seal

# What is neither opened nor even read: half of a case's events hold no words of anybody.
WORDLESS = frozenset(
    {
        Move.TRIAGE,
        Move.ACKNOWLEDGE,
        Move.ACCEPT,
        Move.START,
        Move.RESUME,
        Move.ASSIGN,
        Move.FOLLOW_UP,
        Move.CONFIRM,
        Move.RATE,
        Move.UNMERGE,
        Move.END_MERGED,
        Move.TICK,
    }
)
_KEY, _EVENT, _CLAIMANT = range(3)  # what a row holds
_PLACES = {_EVENT: event_place, _CLAIMANT: claimant_place}


def worded(page: Select[Any]) -> Select[Any]:
    """Select the keys of a page's cases and what of them may hold words, by one statement: the page is found once."""
    found = page.with_only_columns(cases.c.id, cases.c.key).cte()
    key = (_column(_KEY, "holds"), found.c.id.label("case_id"), _column(0, "number"), found.c.key.label("sealed"))

    def within(table: Table, holds: int) -> Select[Any]:
        row = (_column(holds, "holds"), table.c.case_id, table.c.number, table.c.payload.label("sealed"))
        return select(*row).join(found, found.c.id == table.c.case_id)

    events = within(case_events, _EVENT).where(case_events.c.move.not_in(WORDLESS))
    return select(union_all(select(*key), events, within(claimants, _CLAIMANT)).subquery())


def sifted(seal: Seal, rows: Sequence[Any], sought: Sequence[re.Pattern[str]]) -> list[str]:
    """Return the cases of which the rows that `worded` selects match all patterns."""
    ciphers = {case: cipher_of(seal, case, key) for holds, case, _, key in rows if holds == _KEY}
    written: dict[str, list[bytes]] = {case: [] for case in ciphers}
    for holds, case, number, sealed in rows:
        cipher = ciphers[case]
        if holds != _KEY and cipher is not None and sealed is not None:
            written[case].append(cipher.open(sealed, _PLACES[holds](case, number)))
    return [case for case, parts in written.items() if _holds(b"\n".join(parts).decode(), sought)]


def _holds(text: str, sought: Sequence[re.Pattern[str]]) -> bool:
    return all(pattern.search(text) for pattern in sought)


def _column(value: int, name: str) -> ColumnElement[int]:
    return literal_column(str(value), Integer).label(name)
