"""The tables as lines of JSON, one file a table, whatever the database: how backups hold them."""

import base64
import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, func, select

from bot.storage.database import DatabaseError
from bot.storage.tables import metadata

_BATCH = 500  # rows at a time
_MADE_BY_MIGRATIONS = {"audit_head"}  # tables that are not empty in a new database


def dump(connection: Connection, folder: Path) -> dict[str, int]:
    """Write each table's rows to `folder/TABLE.jsonl`; return how many rows each has."""
    folder.mkdir()
    counts = {}
    for table in metadata.sorted_tables:
        counts[table.name] = 0
        with file_of(folder, table.name).open("w", encoding="utf8") as file:
            for line in _lines(connection, table):
                file.write(line)
                counts[table.name] += 1
    return counts


def fill(connection: Connection, folder: Path, counts: Mapping[str, int]) -> None:
    """Fill empty tables from what `dump` wrote, which may be of an older revision than this version's.

    Raise DatabaseError where they are not empty, and ValueError where rows are missing.
    """
    known = MetaData()
    known.reflect(connection)
    tables = [table for table in known.sorted_tables if table.name in counts]
    for table in tables:
        if connection.execute(select(func.count()).select_from(table)).scalar_one() == 0:
            continue
        if table.name not in _MADE_BY_MIGRATIONS:
            raise DatabaseError("This database is not empty: restore into a new one.")
        connection.execute(table.delete())
    for table in tables:
        with file_of(folder, table.name).open(encoding="utf8") as file:
            count = _insert(connection, table, _batches(map(_row, file)))
        if count != counts[table.name]:
            raise ValueError(f"{table.name} has {count} rows instead of {counts[table.name]}")
        _continue_numbers(connection, table)


def file_of(folder: Path, table: str) -> Path:
    """Return where the rows of a table lie."""
    return folder / f"{table}.jsonl"


def _lines(connection: Connection, table: Table) -> Iterator[str]:
    for row in connection.execution_options(yield_per=_BATCH).execute(select(table)).mappings():
        yield json.dumps({name: _packed(value) for name, value in row.items()}, ensure_ascii=False) + "\n"


def _packed(value: Any) -> Any:
    match value:
        case bytes() | memoryview():
            return {"bytes": base64.b64encode(value).decode()}
        case datetime():
            return {"moment": value.isoformat()}
        case _:
            return value


def _row(line: str) -> dict[str, Any]:
    return {name: _unpacked(value) for name, value in json.loads(line).items()}


def _unpacked(value: Any) -> Any:
    match value:
        case {"bytes": data}:
            return base64.b64decode(data)
        case {"moment": moment}:
            return datetime.fromisoformat(moment)
        case _:
            return value


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
