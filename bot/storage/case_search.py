"""Looking for words in what is sealed: it is opened in memory and closed again, and nothing of it is kept.

What is opened is searched as it is written, in JSON, and only what seems to hold the words is read.
"""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, select

from bot.cases.written import Written
from bot.storage.case_rows import cipher_of
from bot.storage.case_tables import case_words, cases
from bot.storage.case_words import words, words_place
from bot.storage.seal import Seal


def worded(page: Select[Any]) -> Select[Any]:
    """Select the keys of a page's cases, each with the copy of its words if there is one of how the case is now."""
    found = page.with_only_columns(cases.c.id, cases.c.key, cases.c.seen).subquery()
    current = and_(case_words.c.case_id == found.c.id, case_words.c.seen == found.c.seen)
    return select(found.c.id, found.c.key, case_words.c.payload).outerjoin_from(found, case_words, current)


def sifted(seal: Seal, rows: Sequence[Any], sought: Sequence[re.Pattern[str]]) -> dict[str, Written | None]:
    """Return which cases of the rows that `worded` selects may hold what matches all patterns, and what they hold.

    None stands for a case without a copy, which may hold anything.
    """
    found: dict[str, Written | None] = {}
    for id, key, payload in rows:
        if payload is None:
            found[id] = None
        elif (cipher := cipher_of(seal, id, key)) is not None:
            text = cipher.open(payload, words_place(id)).decode()
            if all(pattern.search(text) for pattern in sought):
                found[id] = words.open(cipher, payload, words_place(id))
    return found
