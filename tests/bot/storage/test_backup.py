import asyncio
import gzip
import sqlite3
import stat
import tarfile
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Float, column, select, table, text

from bot.cases import receipt
from bot.cases.changes import Append
from bot.cases.model import Content, Evidence, Move
from bot.messages import Channel
from bot.storage.backup import BackupError, back_up, expire, read_manifest, restore
from bot.storage.belongings import BelongingsError
from bot.storage.database import Database, DatabaseError
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from tests.bot.cases.house import TRIAGE, WORKER, appended, claimant, events, open_case
from tests.bot.conftest import SECRET
from tests.bot.fakes import Clock, message

SEAL = Seal(SECRET)


async def lived_in(storage: Storage, clock: Clock, digits: str) -> tuple[str, Evidence]:
    """Leave a case with a file, another that is merged into it, and a message; return the first and its file."""
    first, second = open_case(clock.now, None, claimant(digits=digits)), open_case(clock.now)
    await storage.cases.apply([first, second], clock.now)
    for id in (first.events[0].case, second.events[0].case):
        case = await storage.cases.case(id)
        assert case is not None
        await storage.cases.apply([appended(case, Move.TRIAGE, TRIAGE, clock.now)], clock.now)
    parent, child = await storage.cases.case(first.events[0].case), await storage.cases.case(second.events[0].case)
    assert parent is not None and child is not None
    merge = appended(child, Move.MERGE, TRIAGE, clock.now, Content(parent=parent.id))
    file = Evidence("e" * 32, await storage.evidence.keep(b"\xff\xd8\xff photo"), "照片.jpg", 1, clock.now)
    attach = Append(
        parent.id,
        parent.seen,
        events(parent, Move.ATTACH, WORKER, clock.now, Content(evidence=file.id)),
        evidence=(file,),
    )
    await storage.cases.apply([merge, attach], clock.now)
    await storage.inbox.accept(message("还在吗"))
    return parent.id, file


@pytest.mark.parametrize("onto", ["sqlite", "postgresql"])
async def test_a_backup_brings_everything_back_on_any_database(
    both: Storage, clock: Clock, tmp_path: Path, onto: str, request: pytest.FixtureRequest
) -> None:
    digits = receipt.new()
    case, file = await lived_in(both, clock, digits)
    target = tmp_path / "backup.tar.gz"
    await back_up(both.database, SEAL, tmp_path, target, clock.now)
    other = f"sqlite:///{tmp_path / 'restored.db'}"
    if onto == "postgresql":
        other = request.getfixturevalue("another_url")
    database = Database(other)
    told = await restore(database, SEAL, tmp_path / "restored", target)
    await database.close()
    assert (told.manifest.files, told.manifest.rows["cases"], told.amiss) == (1, 2, [])
    async with Storage(other, SEAL, evidence=tmp_path / "restored" / "evidence", now=clock) as restored:
        assert await restored.cases.case(case) == await both.cases.case(case)
        assert [each.id for each in await restored.cases.merged(case)] == [
            each.id for each in await both.cases.merged(case)
        ]
        assert await restored.evidence.read(file.kept) == b"\xff\xd8\xff photo"
        assert await restored.cases.by_receipt(digits, Channel.WEB, "x") is not None
        assert (await restored.audit.verify()).broken_at is None
        (letter,) = await restored.inbox.due(1, ())
        assert letter.incoming.text == "还在吗"
        await restored.inbox.accept(message("后来的"))  # numbers go on where they were
        change = open_case(clock.now)
        await restored.cases.apply([change], clock.now)
        new = await restored.cases.case(change.events[0].case)
        assert new is not None and new.number == "JZ-2026-000003"


@pytest.mark.parametrize("harm", ["gone", "changed", "another's"])
async def test_evidence_that_is_not_what_was_sent_is_told_by_name_and_keeps_nothing_else_back(
    storage: Storage, clock: Clock, tmp_path: Path, harm: str
) -> None:
    case, file = await lived_in(storage, clock, receipt.new())
    before = await storage.cases.case(case)
    assert before is not None
    kept = tmp_path / "evidence" / file.kept.file
    match harm:
        case "gone":
            kept.unlink()
        case "changed":
            kept.write_bytes(kept.read_bytes()[:-1] + b"\0")
        case "another's":
            kept.write_bytes(
                (tmp_path / "evidence" / (await storage.evidence.keep(b"\xff\xd8\xff more")).file).read_bytes()
            )
    path = (await back_up(storage.database, SEAL, tmp_path, tmp_path / "b.tar.gz", clock.now)).path
    other = f"sqlite:///{tmp_path / 'restored.db'}"
    database = Database(other)
    told = await restore(database, SEAL, tmp_path / "restored", path)
    await database.close()
    assert told.amiss == [f"evidence/{file.kept.file} of case {before.number}"]
    async with Storage(other, SEAL, now=clock) as restored:
        assert await restored.cases.case(case) == before


async def test_postgresql_knows_its_tables_once_they_are_restored(
    storage: Storage, clock: Clock, tmp_path: Path, another_url: str
) -> None:
    await lived_in(storage, clock, receipt.new())
    path = (await back_up(storage.database, SEAL, tmp_path, tmp_path / "b.tar.gz", clock.now)).path
    database = Database(another_url)
    await restore(database, SEAL, tmp_path / "restored", path)
    known = select(column("reltuples", Float)).select_from(table("pg_class"))
    ((rows,),) = await database.read(known.where(column("oid") == text("'cases'::regclass")))
    await database.close()
    assert rows == 2


async def test_a_backup_is_of_one_moment_while_the_bot_goes_on(both: Storage, clock: Clock, tmp_path: Path) -> None:
    async def busy() -> None:
        for _ in range(20):
            await both.cases.apply([open_case(clock.now)], clock.now)

    writing = asyncio.create_task(busy())
    made = [
        await back_up(both.database, SEAL, tmp_path, tmp_path / f"{number}.tar.gz", clock.now) for number in range(3)
    ]
    await writing
    for each in made:
        rows = read_manifest(each.path).rows
        assert rows["cases"] == rows["case_events"] == rows["claimants"]


async def test_nobody_but_the_owner_reads_a_backup_and_no_key_is_in_it(
    both: Storage, clock: Clock, tmp_path: Path
) -> None:
    await lived_in(both, clock, receipt.new())
    path = (await back_up(both.database, SEAL, tmp_path, tmp_path, clock.now)).path
    assert path.name == "niangjia-20261121-080000.tar.gz"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    data = gzip.decompress(path.read_bytes())
    assert SECRET not in data
    assert "工钱".encode() not in data
    assert b"photo" not in data


async def test_old_backups_expire_and_other_files_stay(both: Storage, clock: Clock, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    (folder / "holiday.tar.gz").write_bytes(b"not ours")
    old = (await back_up(both.database, SEAL, tmp_path, folder, clock.now)).path
    clock.forward(days=31)
    new = (await back_up(both.database, SEAL, tmp_path, folder, clock.now)).path
    assert expire(folder, timedelta(days=30), clock.now) == [old]
    assert sorted(path.name for path in folder.iterdir()) == ["holiday.tar.gz", new.name]


async def test_a_backup_goes_only_into_what_is_empty(both: Storage, clock: Clock, tmp_path: Path) -> None:
    path = (await back_up(both.database, SEAL, tmp_path, tmp_path / "b.tar.gz", clock.now)).path
    with pytest.raises(DatabaseError, match="not empty"):
        await restore(both.database, SEAL, tmp_path / "restored", path)
    with pytest.raises(BackupError, match="there already"):
        await back_up(both.database, SEAL, tmp_path, path, clock.now)
    (tmp_path / "full" / "evidence").mkdir(parents=True)
    (tmp_path / "full" / "evidence" / "file").touch()
    with pytest.raises(BelongingsError, match="not empty"):
        await restore(both.database, SEAL, tmp_path / "full", path)


async def test_a_backup_goes_into_no_folder_that_is_not_there(both: Storage, clock: Clock, tmp_path: Path) -> None:
    with pytest.raises(BackupError, match="no folder"):
        await back_up(both.database, SEAL, tmp_path, tmp_path / "disk", clock.now)
    with pytest.raises(BackupError, match="no file"):
        await restore(both.database, SEAL, tmp_path / "restored", tmp_path / "disk" / "b.tar.gz")
    assert not (tmp_path / "disk").exists()


async def test_a_backup_asks_for_its_key(both: Storage, clock: Clock, tmp_path: Path) -> None:
    path = (await back_up(both.database, SEAL, tmp_path, tmp_path / "b.tar.gz", clock.now)).path
    with pytest.raises(BackupError, match="another key"):
        await restore(both.database, Seal(b"another"), tmp_path / "restored", path)


@pytest.mark.parametrize("harm", ["cut", "no backup", "rows missing"])
async def test_a_damaged_backup_is_told_and_leaves_nothing(
    storage: Storage, clock: Clock, tmp_path: Path, harm: str
) -> None:
    await lived_in(storage, clock, receipt.new())
    path = (await back_up(storage.database, SEAL, tmp_path, tmp_path / "b.tar.gz", clock.now)).path
    match harm:
        case "cut":
            path.write_bytes(path.read_bytes()[:-200])
        case "no backup":
            path.write_bytes(b"something else")
        case "rows missing":
            with tarfile.open(path) as whole, tarfile.open(tmp_path / "less.tar.gz", "w:gz") as less:
                for member in whole:
                    member.size = 0 if member.name == "tables/claimants.jsonl" else member.size
                    less.addfile(member, whole.extractfile(member.name) if member.size else None)
            path = tmp_path / "less.tar.gz"
    database = Database(f"sqlite:///{tmp_path / 'restored.db'}")
    with pytest.raises(BackupError, match="damaged"):
        await restore(database, SEAL, tmp_path / "restored", path)
    await database.close()
    with sqlite3.connect(tmp_path / "restored.db") as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE name = 'cases'")]
        assert all(connection.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,) for name in tables)
    assert not any(path.is_file() for path in (tmp_path / "restored").rglob("*"))
