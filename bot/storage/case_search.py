"""Looking for words in what is sealed: it is opened in memory and closed again, and nothing of it is kept.

What is opened is searched as it is written, which is far cheaper than making cases of it; so a case may hold all words
and yet not say them. Whoever shows one looks again.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from bot.cases.model import Move
from bot.storage.case_rows import cipher_of
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
Place = Callable[[str, int], str]  # of a case's row of this number
Rows = Iterable[Any]  # case, number, payload


def sifted(
    seal: Seal, keys: Mapping[str, bytes], tables: Sequence[tuple[Place, Rows]], sought: Sequence[re.Pattern[str]]
) -> list[str]:
    """Return the cases, of those with these keys and in their order, of which the rows match all patterns."""
    ciphers = {id: cipher_of(seal, id, key) for id, key in keys.items()}
    written: dict[str, list[bytes]] = {id: [] for id in keys}
    for place, rows in tables:
        for case, number, payload in rows:
            cipher = ciphers.get(case)
            if cipher is not None and payload is not None:
                written[case].append(cipher.open(payload, place(case, number)))
    return [id for id, parts in written.items() if _holds(b"\n".join(parts).decode(), sought)]


def _holds(text: str, sought: Sequence[re.Pattern[str]]) -> bool:
    return all(pattern.search(text) for pattern in sought)
