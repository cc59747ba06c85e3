"""Backups: one file of all tables at one moment and of the evidence, whatever the database; never of the key.

Rows are lines of JSON, so a backup of SQLite is restored into PostgreSQL as well. What people wrote stays sealed in it.
"""

import asyncio
import base64
import gzip
import io
import json
import os
import tarfile
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.database import Database, DatabaseError
from bot.storage.seal import Seal
from bot.storage.tables import metadata, seals
from knowledge.errors import NiangjiaError

FORMAT = 1
MANIFEST = "niangjia-backup.json"
_PREFIX = "niangjia-"
_SUFFIX = ".tar.gz"
_BATCH = 500  # rows at a time
_MADE_BY_MIGRATIONS = {"audit_head"}  # tables that are not empty in a new database


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
    files: int


async def back_up(database: Database, evidence: Path, target: Path, now: datetime) -> Path:
    """Write a backup to `target`, or into it under a name of its own if it is a folder, and return its path."""
    target = await asyncio.to_thread(_named, target, now)
    try:
        with TemporaryDirectory(dir=target.parent, prefix=".niangjia-backup-") as folder:
            draft = Path(folder) / "draft"
            revision, fingerprint, rows = await database.snapshot(lambda connection: _dump(connection, Path(folder)))
            # Files are never changed and are there before the row that names them, so they may be listed afterwards.
            await asyncio.to_thread(_pack, draft, Path(folder), evidence, now, revision, fingerprint, rows)
            draft.rename(target)
    except OSError as error:
        raise BackupError(f"{target} cannot be written: {error.strerror}.") from error
    return target


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
            manifest = Manifest(**json.load(file))
    except (OSError, tarfile.TarError, ValueError, TypeError, EOFError) as error:
        raise BackupError(f"{path} is no backup of Niangjia, or is damaged.") from error
    if manifest.format > FORMAT:
        raise BackupError(f"{path} was made by a newer version of Niangjia: restore it with that one.")
    return manifest


async def restore(database: Database, seal: Seal, evidence: Path, source: Path) -> Manifest:
    """Fill an empty database and an empty folder of evidence from a backup, all or nothing but for stray files."""
    manifest = read_manifest(source)
    if manifest.fingerprint != seal.fingerprint:
        raise BackupError("The backup is sealed with another key: put back the SECRET_KEY or secret.key of its time.")
    await database.migrate(manifest.revision)
    try:
        with tarfile.open(source) as archive:
            await asyncio.to_thread(_unpack_files, archive, evidence)
            await database.write(lambda connection: connection.run_sync(_fill, archive, manifest))
    except (OSError, tarfile.TarError, EOFError, ValueError) as error:
        raise BackupError(f"{source} is damaged and was not restored.") from error
    except SQLAlchemyError as error:
        raise BackupError(f"{source} does not fit this database and was not restored.") from error
    await database.migrate()
    return manifest


# --- writing ---


def _named(target: Path, now: datetime) -> Path:
    if target.is_dir():
        target = target / f"{_PREFIX}{now.astimezone(UTC):%Y%m%d-%H%M%S}{_SUFFIX}"
    if target.exists():
        raise BackupError(f"{target} is there already: name another file, or a folder.")
    return target


async def _dump(connection: AsyncConnection, folder: Path) -> tuple[str, str, dict[str, int]]:
    """Write each table's rows to a file of its own; return revision, fingerprint and counts."""
    revision = (await connection.execute(text("SELECT version_num FROM alembic_version"))).scalar_one()
    fingerprint = (await connection.execute(select(seals.c.fingerprint))).scalar_one_or_none()
    if fingerprint is None:
        raise BackupError("There is nothing to back up yet: start the bot once.")
    rows = {}
    for table in metadata.sorted_tables:
        rows[table.name] = 0
        with (folder / table.name).open("w", encoding="utf8") as file:
            async for line in _lines(connection, table):
                file.write(line)
                rows[table.name] += 1
    return revision, fingerprint, rows


async def _lines(connection: AsyncConnection, table: Table) -> AsyncIterator[str]:
    async with connection.stream(select(table)) as rows:
        async for row in rows.mappings():
            yield json.dumps({name: _packed(value) for name, value in row.items()}, ensure_ascii=False) + "\n"


def _packed(value: Any) -> Any:
    match value:
        case bytes() | memoryview():
            return {"bytes": base64.b64encode(value).decode()}
        case datetime():
            return {"moment": value.isoformat()}
        case _:
            return value


def _pack(
    draft: Path, folder: Path, evidence: Path, now: datetime, revision: str, fingerprint: str, rows: dict[str, int]
) -> None:
    files = sorted(path for path in evidence.iterdir() if _is_file_name(path.name)) if evidence.is_dir() else []
    manifest = Manifest(FORMAT, now.astimezone(UTC).isoformat(), revision, fingerprint, rows, len(files))
    with (
        os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=6) as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        said = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(said)
        archive.addfile(head, io.BytesIO(said))
        for name in rows:
            archive.add(folder / name, f"tables/{name}.jsonl")
        for path in files:
            with suppress(FileNotFoundError):  # erased meanwhile
                archive.add(path, f"evidence/{path.name}")
    with draft.open("rb") as written:
        os.fsync(written.fileno())


def _is_file_name(name: str) -> bool:
    return len(name) == 32 and all(letter in "0123456789abcdef" for letter in name)


# --- reading ---


def _unpack_files(archive: tarfile.TarFile, evidence: Path) -> None:
    if evidence.is_dir() and any(evidence.iterdir()):
        raise BackupError(f"{evidence} is not empty: restore into an empty home.")
    evidence.mkdir(parents=True, exist_ok=True, mode=0o700)
    for member in archive:
        folder, _, name = member.name.partition("/")
        if folder == "evidence" and member.isfile() and _is_file_name(name) and (file := archive.extractfile(member)):
            with os.fdopen(os.open(evidence / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as written:
                while chunk := file.read(1 << 20):
                    written.write(chunk)


def _fill(connection: Connection, archive: tarfile.TarFile, manifest: Manifest) -> None:
    """Fill the tables as they were when the backup was made, which may be an older revision than this version's."""
    known = MetaData()
    known.reflect(connection)
    tables = [table for table in known.sorted_tables if table.name in manifest.rows]
    for table in tables:
        if connection.execute(select(func.count()).select_from(table)).scalar_one() == 0:
            continue
        if table.name not in _MADE_BY_MIGRATIONS:
            raise DatabaseError("This database is not empty: restore into a new one.")
        connection.execute(table.delete())
    for table in tables:
        count = _insert(connection, table, _batches(_rows(archive, table.name)))
        if count != manifest.rows[table.name]:
            raise BackupError("The backup is damaged and was not restored: rows are missing.")
        _continue_numbers(connection, table)


def _insert(connection: Connection, table: Table, batches: Iterable[list[dict[str, Any]]]) -> int:
    """Insert the rows, and return how many; those that name one of their own table do so once all are there."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    named: list[tuple[Any, dict[str, Any]]] = []
    count = 0
    for rows in batches:
        named += [(row["id"], {name: row[name]}) for row in rows for name in own if row[name] is not None]
        connection.execute(table.insert(), [{**row, **dict.fromkeys(own)} for row in rows])
        count += len(rows)
    for id, values in named:
        connection.execute(table.update().where(table.c.id == id).values(values))
    return count


def _rows(archive: tarfile.TarFile, table: str) -> Iterator[dict[str, Any]]:
    file = archive.extractfile(f"tables/{table}.jsonl")
    if file is None:
        raise BackupError("The backup is damaged and was not restored: a table is missing.")
    for line in io.TextIOWrapper(file, "utf8"):
        yield {name: _unpacked(value) for name, value in json.loads(line).items()}


def _unpacked(value: Any) -> Any:
    match value:
        case {"bytes": data}:
            return base64.b64decode(data)
        case {"moment": moment}:
            return datetime.fromisoformat(moment)
        case _:
            return value


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _continue_numbers(connection: Connection, table: Table) -> None:
    """Let PostgreSQL count on from the largest number; SQLite does so by itself."""
    if connection.dialect.name != "postgresql" or "id" not in table.c or table.c.id.type.python_type is not int:
        return
    sequence = connection.execute(select(func.pg_get_serial_sequence(table.name, "id"))).scalar_one()
    if sequence is not None:
        largest = select(func.coalesce(func.max(table.c.id), 0) + 1).scalar_subquery()
        connection.execute(select(func.setval(sequence, largest, False)))
