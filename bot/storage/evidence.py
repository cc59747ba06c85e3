"""The evidence room: files sealed with keys of their own, by random names, outside whatever the web serves."""

import asyncio
import errno
import os
import secrets
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

import structlog
from sqlalchemy import select

from bot.cases.evidence import checked
from bot.cases.model import KeptFile
from bot.cases.ports import CaseError, EvidenceFull
from bot.storage.case_tables import evidence
from bot.storage.database import Database
from bot.storage.seal import Cipher, SealError

FOLDER = "evidence"  # in the home folder
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

log = structlog.get_logger(__name__)


class SealedFiles:
    """Implements `EvidenceRoom`. Destroying a case's key destroys those of its files; the files themselves go too."""

    def __init__(self, folder: Path, database: Database, now: Callable[[], datetime], keep: timedelta) -> None:
        self._folder = folder
        self._database = database
        self._now = now
        self._keep = keep  # how long a file waits for a case to take it

    async def keep(self, data: bytes) -> KeptFile:
        """Check, seal and store a file before it belongs to a case.

        Raise `EvidenceRefused` with the reason, and `EvidenceFull` where there is no room; nothing is left of it then.
        """
        try:  # in a thread, for looking through 20 MB and sealing them takes up to a second
            return await asyncio.to_thread(self._keep_file, data)
        except OSError as error:
            if error.errno not in _NO_ROOM:
                raise
            log.error("evidence.full", bytes=len(data))
            raise EvidenceFull("There is no room for the file: free some space on the disk of the home.") from error

    async def read(self, kept: KeptFile) -> bytes:
        """Return what was sent; raise `CaseError` if it is gone or was changed."""
        return await asyncio.to_thread(read_file, self._folder, kept)

    async def sweep(self) -> int:
        """Remove files that belong to no case and wait for none any more, and return how many."""
        oldest = (self._now() - self._keep).timestamp()
        old = await asyncio.to_thread(_older_than, self._folder, oldest)
        if not old:
            return 0
        known = {row.file for row in await self._database.read(select(evidence.c.file))}
        stray = [path for path in old if path.name not in known]
        for path in stray:
            await asyncio.to_thread(path.unlink, missing_ok=True)
        return len(stray)

    def _keep_file(self, data: bytes) -> KeptFile:
        mime = checked(data)
        name, key = secrets.token_hex(16), secrets.token_bytes(32)
        _write(self._folder / name, Cipher(key).close(data, _place(name)))
        return KeptFile(name, key.hex(), sha256(data).hexdigest(), len(data), mime)


def read_file(folder: Path, kept: KeptFile) -> bytes:
    """Return what was sent of a file that lies in the folder; raise `CaseError` if it is gone or was changed."""
    try:
        sealed = (folder / kept.file).read_bytes()
        data = Cipher(bytes.fromhex(kept.key)).open(sealed, _place(kept.file))
    except (OSError, SealError) as error:
        raise CaseError("The file is gone or was changed: restore it from a backup.") from error
    if sha256(data).hexdigest() != kept.sha256:
        raise CaseError("The file is not the one that was sent: restore it from a backup.")
    return data


def _place(name: str) -> str:
    return f"evidence:{name}"


def _write(path: Path, data: bytes) -> None:
    """Write a file that is whole or not there, also after a power cut."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_suffix(".new")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    except OSError:
        draft.unlink(missing_ok=True)
        raise
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _older_than(folder: Path, moment: float) -> list[Path]:
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        with suppress(FileNotFoundError):  # whole by now, or removed by another process
            if path.stat().st_mtime < moment:
                found.append(path)
    return found
