"""Opens whatever can still be opened in a database and a folder of evidence, as somebody who holds the key could."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

from sqlalchemy import select

from bot.storage.case_rows import key_place
from bot.storage.case_tables import case_events, case_words, cases, claimants, evidence
from bot.storage.case_words import words_place
from bot.storage.database import Database
from bot.storage.rekey import SEALED
from bot.storage.seal import Cipher, Seal, SealError
from bot.storage.tables import metadata

_KEY = re.compile(rb"[0-9a-f]{64}")  # of a file


async def openable(database: Database, seal: Seal, folder: Path) -> AsyncIterator[tuple[str, bytes]]:
    """Yield where something lies, and what it holds: plain columns, sealed ones, and files whose keys are found."""
    keys = set[str]()
    async for table, data in _columns(database, seal):
        keys |= {key.decode() for key in _KEY.findall(data)}
        yield table, data
    for name, data in await asyncio.to_thread(_files, folder):
        for key in keys:
            with suppress(SealError):
                yield name, Cipher(bytes.fromhex(key)).open(data, f"evidence:{name}")


async def _columns(database: Database, seal: Seal) -> AsyncIterator[tuple[str, bytes]]:
    for table in metadata.sorted_tables:
        for row in await database.read(select(table)):
            yield table.name, repr(row).encode()
    for sealed in SEALED:
        for row in await database.read(select(sealed.table).where(sealed.column.is_not(None))):
            yield sealed.table.name, seal.open(getattr(row, sealed.column.name), sealed.place(row))
    of_case = {row.id: row.key for row in await database.read(select(cases))}
    for row in await database.read(select(case_words)):
        if (key := of_case[row.case_id]) is not None:
            cipher = Cipher(seal.open(key, key_place(row.case_id)))
            yield case_words.name, cipher.open(row.payload, words_place(row.case_id))
    for table in (case_events, claimants, evidence):
        for row in await database.read(select(table).where(table.c.payload.is_not(None))):
            if (key := of_case[row.case_id]) is not None:
                cipher = Cipher(seal.open(key, key_place(row.case_id)))
                place = f"{table.name}:{row.case_id}:{row.id if table is evidence else row.number}"
                yield table.name, cipher.open(row.payload, place)


def _files(folder: Path) -> list[tuple[str, bytes]]:
    return [(path.name, path.read_bytes()) for path in folder.iterdir()] if folder.is_dir() else []
