"""Backups: one file of all tables at one moment, the evidence and what people made below the home; never of the key.

Rows are lines of JSON, so a backup of SQLite is restored into PostgreSQL as well. What people wrote stays sealed in it,
and the files of the home are sealed on their way in.
"""

import asyncio
import gzip
import io
import json
import os
import shutil
import tarfile
import zlib
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import SQLAlchemyError

from bot.cases.ports import CaseError
from bot.storage import rows
from bot.storage.belongings import is_belonging, pack, placed, prepare, unpack
from bot.storage.case_rows import cipher_of, evidence_of
from bot.storage.case_tables import cases, evidence
from bot.storage.database import Database
from bot.storage.evidence import FOLDER as EVIDENCE
from bot.storage.evidence import read_file
from bot.storage.seal import Seal, SealError
from bot.storage.tables import metadata, seals
from knowledge.errors import NiangjiaError

FORMAT = 2  # 1 held no files of the home
MANIFEST = "niangjia-backup.json"
_PREFIX = "niangjia-"
_SUFFIX = ".tar.gz"
_OF_SQLITE = ("", "-wal", "-shm", "-journal")  # how the names of its files end
_TABLES, _BELONGINGS = "tables", "home"  # folders within a backup, beside the evidence's


class BackupError(NiangjiaError):
    """Say why a backup cannot be made or restored."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    made_at: str  # ISO 8601, UTC
    revision: str  # of the tables
    fingerprint: str  # of the secret that opens it
    rows: dict[str, int]
    files: int  # of evidence
    home: dict[str, str] = field(default_factory=dict)  # SHA-256 of the home's other files, by their paths below it


@dataclass(frozen=True, slots=True)
class Made:
    """A backup, and what could not be taken into it, each with its reason."""

    path: Path
    left_out: list[str]


@dataclass(frozen=True, slots=True)
class Restored:
    """What a backup says of itself, and which files of evidence are gone or changed, each with its case."""

    manifest: Manifest
    amiss: list[str]


@dataclass(frozen=True, slots=True)
class _Dump:
    """What the database says of a moment."""

    revision: str
    fingerprint: str
    rows: dict[str, int]
    database: str | None  # its file, if it is one


async def back_up(database: Database, seal: Seal, home: Path, target: Path, now: datetime) -> Made:
    """Write a backup to `target`, or into it under a name of its own if it is a folder."""
    target = await asyncio.to_thread(_named, target, now)
    try:
        with TemporaryDirectory(dir=target.parent, prefix=".niangjia-backup-") as name:
            folder = Path(name)
            dump = await database.snapshot(lambda connection: _dump(connection, folder))
            # Evidence is never changed and is there before the row that names it, so it may be listed afterwards.
            left_out = await asyncio.to_thread(_write, folder, home, seal, dump, now)
            (folder / "draft").rename(target)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror}.") from error
    return Made(target, left_out)


def expire(folder: Path, keep: timedelta, now: datetime) -> list[Path]:
    """Remove the backups in the folder that were made longer ago, and return them; whatever else lies there stays."""
    gone = []
    for path in sorted(folder.glob(f"*{_SUFFIX}")):
        with suppress(BackupError):
            if datetime.fromisoformat(read_manifest(path).made_at) < now - keep:
                path.unlink()
                gone.append(path)
    return gone


def read_manifest(path: Path) -> Manifest:
    """Return what a backup says of itself; raise BackupError for what is none."""
    try:
        with tarfile.open(path) as archive:
            first = archive.next()
            file = archive.extractfile(first) if first is not None and first.name == MANIFEST else None
            if file is None:
                raise BackupError(f"{path} is no backup of Niangjia.")
            said = json.load(file)
        if said["format"] > FORMAT:
            raise BackupError(f"{path} was made by a newer version of Niangjia: restore it with that one.")
        return Manifest(**said)
    except FileNotFoundError as error:
        raise BackupError(f"There is no file {path}.") from error
    except (OSError, tarfile.TarError, ValueError, TypeError, KeyError, EOFError, zlib.error) as error:
        raise BackupError(f"{path} is no backup of Niangjia, or is damaged.") from error


async def restore(database: Database, seal: Seal, home: Path, source: Path) -> Restored:
    """Fill an empty database and an empty home from a backup, all or nothing but for the evidence.

    A photo that is gone is told and keeps no case from coming back.
    """
    manifest = read_manifest(source)
    if manifest.fingerprint != seal.fingerprint:
        raise BackupError("The backup is sealed with another key: put back the SECRET_KEY or secret.key of its time.")
    try:
        prepare(home, manifest.home)
        with TemporaryDirectory(dir=home, prefix=".restoring-") as name:
            folder = Path(name)
            await asyncio.to_thread(_unpack, source, folder, manifest, seal)
            await database.migrate(manifest.revision)
            with placed(folder / _BELONGINGS, home) as place:

                def work(connection: Connection) -> None:
                    rows.fill(connection, folder / _TABLES, manifest.rows)
                    place()

                await database.write(work)
    except (tarfile.TarError, EOFError, ValueError, zlib.error, gzip.BadGzipFile, SealError) as error:
        raise BackupError(f"{source} is damaged and was not restored.") from error
    except OSError as error:
        raise BackupError(f"{home} cannot be written: {error.strerror}. Nothing was restored.") from error
    except SQLAlchemyError as error:
        raise BackupError(f"{source} does not fit this database and was not restored.") from error
    await database.migrate()
    await database.write(_analyze)
    return Restored(manifest, await database.snapshot(lambda connection: _amiss(connection, seal, home / EVIDENCE)))


# --- writing ---


def _named(target: Path, now: datetime) -> Path:
    if target.is_dir():
        target = target / f"{_PREFIX}{now.astimezone(UTC):%Y%m%d-%H%M%S}{_SUFFIX}"
    if target.exists():
        raise BackupError(f"{target} is there already: name another file, or a folder.")
    if not target.name.endswith(_SUFFIX):  # such as the place of a disk that is not mounted
        raise BackupError(f"There is no folder {target}. Make it, or name a file that ends in {_SUFFIX}.")
    return target


def _dump(connection: Connection, folder: Path) -> _Dump:
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    fingerprint = connection.execute(select(seals.c.fingerprint)).scalar_one_or_none()
    if fingerprint is None:
        raise BackupError("There is nothing to back up yet: start the bot once.")
    counts = rows.dump(connection, folder / _TABLES)
    file = connection.engine.url.database if connection.dialect.name == "sqlite" else None
    return _Dump(revision, fingerprint, counts, file)


def _write(folder: Path, home: Path, seal: Seal, dump: _Dump, now: datetime) -> list[str]:
    """Write the backup to `folder/draft`, and return what could not be taken."""
    kept = home / EVIDENCE
    files = sorted(path for path in kept.iterdir() if _is_file_name(path.name)) if kept.is_dir() else []
    packed = pack(home, folder / _BELONGINGS, seal, lambda path: _is_of(dump.database, path) or _is_backup(path))
    made_at = now.astimezone(UTC).isoformat()
    manifest = Manifest(FORMAT, made_at, dump.revision, dump.fingerprint, dump.rows, len(files), packed.hashes)
    draft = folder / "draft"
    with (
        os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6) as zipped,
        tarfile.open(fileobj=zipped, mode="w") as archive,
    ):
        said = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(said)
        archive.addfile(head, io.BytesIO(said))
        for table in dump.rows:
            archive.add(rows.file_of(folder / _TABLES, table), f"{_TABLES}/{table}.jsonl")
        for name in packed.hashes:
            archive.add(folder / _BELONGINGS / name, f"{_BELONGINGS}/{name}")
        for path in files:
            with suppress(FileNotFoundError):  # erased meanwhile
                archive.add(path, f"{EVIDENCE}/{path.name}")
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    return packed.unread


def _is_of(database: str | None, path: Path) -> bool:
    """Tell whether the file is the database's, or one that SQLite keeps beside it."""
    return database is not None and path.resolve() in {Path(f"{database}{end}").resolve() for end in _OF_SQLITE}


def _is_backup(path: Path) -> bool:
    if not path.name.endswith(_SUFFIX):
        return False
    try:
        read_manifest(path)
    except BackupError:
        return False
    return True


def _is_file_name(name: str) -> bool:
    return len(name) == 32 and all(letter in "0123456789abcdef" for letter in name)


# --- reading ---


def _unpack(source: Path, folder: Path, manifest: Manifest, seal: Seal) -> None:
    """Bring out all that the manifest names, the rows to `tables` and what belongs into the home to `home`."""
    (folder / _TABLES).mkdir()
    kept = folder / _BELONGINGS / EVIDENCE
    kept.mkdir(parents=True, mode=0o700)
    missing = {
        *(f"{_TABLES}/{name}.jsonl" for name in manifest.rows),
        *(f"{_BELONGINGS}/{name}" for name in manifest.home),
    }
    with tarfile.open(source) as archive:
        for member in archive:
            top, _, name = member.name.partition("/")
            file = archive.extractfile(member)
            if file is None:
                continue
            if top == EVIDENCE and _is_file_name(name):
                _copy(file, kept / name)
            elif member.name in missing and top == _TABLES:
                _copy(file, folder / member.name)
            elif member.name in missing and is_belonging(name):
                unpack(file, folder / member.name, member.mode, seal, name, manifest.home[name])
            missing.discard(member.name)
    if missing:
        raise ValueError(f"{len(missing)} files are missing")


def _analyze(connection: Connection) -> None:
    """Let PostgreSQL know what it was given; until it looks by itself, minutes later, it plans for empty tables."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"ANALYZE {', '.join(metadata.tables)}"))


def _amiss(connection: Connection, seal: Seal, folder: Path) -> list[str]:
    """Open each file of a case, and return those that are not what was sent."""
    sealed = select(evidence, cases.c.key, cases.c.number).join(cases, cases.c.id == evidence.c.case_id)
    amiss = []
    for row in connection.execute(sealed.order_by(cases.c.number, evidence.c.file)):
        try:
            cipher = cipher_of(seal, row.case_id, row.key)
            if cipher is not None:  # else the case is erased, and so is the file
                read_file(folder, evidence_of(row, cipher).kept)
        except (CaseError, SealError):
            amiss.append(f"{EVIDENCE}/{row.file} of case {row.number}")
    return amiss


def _copy(file: IO[bytes], path: Path) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
        shutil.copyfileobj(file, written)
