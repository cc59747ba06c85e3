"""A backup takes whatever people made below the home, and gives all of it back."""

import asyncio
import json
import shutil
import stat
import tarfile
from datetime import UTC, date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from bot.answers.pinned import FILE as PINS
from bot.answers.pinned import PinBook
from bot.desk.directory.ledger import Ledger
from bot.desk.knowledge.gap_book import FILE as GAPS
from bot.desk.knowledge.gap_book import GapBook
from bot.desk.knowledge.golden import FILE as GOLDEN
from bot.desk.knowledge.golden import GoldenSet
from bot.desk.knowledge.shelf import FOLDER as KNOWLEDGE
from bot.desk.knowledge.shelf import Shelf
from bot.notices.duty_file import DUTY_FILE, add_entry
from bot.storage.backup import MANIFEST, BackupError, back_up, read_manifest, restore
from bot.storage.belongings import BelongingsError
from bot.storage.database import Database, DatabaseError
from bot.storage.seal import Seal, open_seal
from bot.storage.storage import Storage
from ingest.questions.store import OwnQuestion, OwnQuestions, Standing
from ingest.sources import Sources
from knowledge.calendar import Year
from knowledge.parameters import LocalValue
from knowledge.stations import Station
from tests.bot.conftest import SECRET
from tests.bot.fakes import WAGES as QUOTE
from tests.bot.fakes import Clock, message

SEAL = Seal(SECRET)
DAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)
ROBOT = "https://oapi.dingtalk.com/robot/send?access_token=0123456789"


def furnish(home: Path) -> None:
    """Leave, in the ways of the desk and the command line, whatever an admin can leave below a home."""
    add_entry(
        home / DUTY_FILE,
        {"name": "钉钉群", "unions": ["沙市区总工会"], "channel": "dingtalk", "address": ROBOT, "hours": "always"},
    )
    (home / "documents" / "食堂").mkdir(parents=True)
    (home / "documents" / "食堂" / "开饭.md").write_text("# 食堂\n\n十二点开饭。\n", "utf8")
    (home / "documents" / "大文件.txt").write_bytes(b"0123456789abcdef" * (3 << 16))  # three pieces
    (home / "documents" / "空.md").touch()
    Sources(home).add(home / "documents" / "食堂")
    OwnQuestions(home).add(
        [OwnQuestion("几点开饭", "documents/食堂/开饭.md", "食堂", "食堂", "十二点", "表", DAY, Standing.APPROVED)]
    )
    GoldenSet(home / GOLDEN).add("几点开饭", "食堂", "")
    GapBook(home / KNOWLEDGE / GAPS).take([1], "0a0b0c0d")
    PinBook(home / KNOWLEDGE / PINS).add("几点开饭", QUOTE, (), by="0a0b0c0d", at=NOW)
    shelf = Shelf(home / KNOWLEDGE)
    for number in range(3):
        paper = shelf.write(f"# 通知 {number}\n", f"通知 {number}", by="0a0b0c0d", at=NOW)
        if number:
            paper = shelf.approve(paper.id, paper.versions[0].digest, by="0d0c0b0a", at=NOW)
        if number == 2:
            shelf.retire(paper.id, by="0a0b0c0d", at=NOW)
    ledger = Ledger(home)
    ledger.confirm("minimum-wage-month", LocalValue("荆州市", Decimal("2000"), DAY, None, "文件", DAY))
    _, seen = ledger.draft("0a0b0c0d", [Station("东门驿站", "工会驿站", "随州", "登记表")], ("随州",))
    ledger.take("0a0b0c0d", seen)
    ledger.enter(2031, Year("一个通知"))
    (home / "evaluations" / "20261121-080000").mkdir(parents=True)
    (home / "evaluations" / "20261121-080000" / "report.md").write_text("# 评测\n", "utf8")
    (home / "something-later.yaml").write_text("an admin: of a later version\n", "utf8")


def listed(home: Path) -> dict[str, bytes]:
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def derivable(name: str) -> bool:
    """Tell whether it is the index, which is built again of the rest, or the lock of a file that nobody writes."""
    return name.startswith("index/") or name.endswith(".lock")


@pytest.mark.parametrize("onto", ["sqlite", "postgresql"])
async def test_a_full_restore_misses_nothing_of_the_home_but_what_is_made_again(
    url: str, clock: Clock, tmp_path: Path, onto: str, request: pytest.FixtureRequest
) -> None:
    home, new = tmp_path / "home", tmp_path / "new"
    (home / "index").mkdir(parents=True)
    (home / "index" / "CURRENT").write_text("20261121-080000-abcdef\n")
    furnish(home)
    source = f"sqlite:///{home / 'niangjia.db'}" if url.startswith("sqlite") else url
    target = f"sqlite:///{new / 'niangjia.db'}"
    if onto == "postgresql":
        target = request.getfixturevalue("another_url")
    seal = open_seal(home, None)
    async with Storage(source, seal, evidence=home / "evidence", now=clock) as storage:
        await storage.inbox.accept(message("还在吗"))
        await storage.evidence.keep(b"\xff\xd8\xff photo")
        made = await back_up(storage.database, seal, home, tmp_path, clock.now)
    assert made.left_out == []
    new.mkdir()
    shutil.copy(home / "secret.key", new)
    database = Database(target)
    await restore(database, open_seal(new, None), new, made.path)
    await database.close()
    before, after = listed(home), listed(new)
    mine = {name: data for name, data in before.items() if not derivable(name) and not name.startswith("niangjia.db")}
    assert {"duty.yaml", "golden.jsonl", "sources.yaml", "directory/stations.csv", "knowledge/pins.json"} <= mine.keys()
    assert {name: data for name, data in after.items() if not name.startswith("niangjia.db")} == mine
    assert stat.S_IMODE((new / DUTY_FILE).stat().st_mode) == 0o600
    assert not list(new.glob(".*")), "nothing half-restored is left"
    assert [paper.title for paper in Shelf(new / KNOWLEDGE).papers()] == [
        paper.title for paper in Shelf(home / KNOWLEDGE).papers()
    ]


async def test_what_is_made_below_the_home_is_sealed_in_a_backup(
    storage: Storage, clock: Clock, tmp_path: Path
) -> None:
    furnish(tmp_path)
    made = await back_up(storage.database, SEAL, tmp_path, tmp_path / "b.tar.gz", clock.now)
    again = await back_up(storage.database, SEAL, tmp_path, tmp_path, clock.now)
    assert read_manifest(again.path).home == read_manifest(made.path).home, "no backup is in a backup"
    with tarfile.open(made.path) as archive:
        files = {member.name: file.read() for member in archive if (file := archive.extractfile(member))}
    assert any(name.endswith("duty.yaml") for name in files)
    assert not [name for name, data in files.items() if b"access_token" in data or "十二点".encode() in data]


async def test_what_belongs_together_is_taken_together_while_people_work(
    storage: Storage, clock: Clock, tmp_path: Path
) -> None:
    shelf = Shelf(tmp_path / KNOWLEDGE)

    def work() -> None:
        for number in range(60):
            paper = shelf.write(f"# 通知 {number}\n", f"通知 {number}", by="0a0b0c0d", at=NOW)
            shelf.approve(paper.id, paper.versions[0].digest, by="0d0c0b0a", at=NOW)

    working = asyncio.create_task(asyncio.to_thread(work))
    made = [
        await back_up(storage.database, SEAL, tmp_path, tmp_path / f"{number}.tar.gz", clock.now) for number in range(4)
    ]
    await working
    for number, each in enumerate(made):
        home = tmp_path / f"home{number}"
        database = Database(f"sqlite:///{tmp_path / f'{number}.db'}")
        await restore(database, SEAL, home, each.path)
        await database.close()
        restored = Shelf(home / KNOWLEDGE)
        for paper in restored.papers():
            assert restored.text(paper, paper.versions[0]).startswith("# 通知")


async def test_what_cannot_be_read_is_told_and_holds_nothing_up(storage: Storage, clock: Clock, tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "gone.md").symlink_to(tmp_path / "nowhere.md")
    (tmp_path / "documents" / "here.md").write_text("# 在\n", "utf8")
    made = await back_up(storage.database, SEAL, tmp_path, tmp_path / "b.tar.gz", clock.now)
    (told,) = made.left_out
    assert told.startswith("documents/gone.md cannot be opened")
    assert list(read_manifest(made.path).home) == ["documents/here.md"]


@pytest.mark.parametrize("harm", ["another key", "another file", "outside"])
async def test_a_file_that_is_not_the_one_that_was_taken_is_told_and_nothing_is_restored(
    storage: Storage, clock: Clock, tmp_path: Path, harm: str
) -> None:
    home, new = tmp_path / "home", tmp_path / "new"
    home.mkdir()
    furnish(home)
    made = await back_up(storage.database, SEAL, home, tmp_path / "b.tar.gz", clock.now)
    forged = tmp_path / "forged.tar.gz"
    other = Seal(b"of another house") if harm == "another key" else SEAL
    with tarfile.open(made.path) as whole, tarfile.open(forged, "w:gz") as copy:
        for member in whole:
            file = whole.extractfile(member)
            data = file.read() if file else b""
            if member.name == MANIFEST and harm == "outside":
                manifest = json.loads(data)
                manifest["home"]["../golden.jsonl"] = manifest["home"].pop("golden.jsonl")
                data = json.dumps(manifest).encode()
            if member.name == "home/golden.jsonl":
                piece = other.close(b"{}\n", "home:golden.jsonl:0")
                data = len(piece).to_bytes(4, "big") + piece
                member.name = "home/../golden.jsonl" if harm == "outside" else member.name
            member.size = len(data)
            copy.addfile(member, BytesIO(data))
    database = Database(f"sqlite:///{tmp_path / 'restored.db'}")
    with pytest.raises((BackupError, BelongingsError), match=r"damaged|already"):
        await restore(database, SEAL, new, forged)
    await database.close()
    assert list(new.iterdir()) == []
    assert not (tmp_path / "golden.jsonl").exists()


async def test_a_database_that_is_not_empty_leaves_the_home_empty(both: Storage, clock: Clock, tmp_path: Path) -> None:
    home, new = tmp_path / "home", tmp_path / "new"
    home.mkdir()
    furnish(home)
    made = await back_up(both.database, SEAL, home, tmp_path / "b.tar.gz", clock.now)
    with pytest.raises(DatabaseError, match="not empty"):
        await restore(both.database, SEAL, new, made.path)
    assert list(new.iterdir()) == []


async def test_what_is_in_the_home_already_is_not_written_over(storage: Storage, clock: Clock, tmp_path: Path) -> None:
    home, new = tmp_path / "home", tmp_path / "new"
    for folder in (home, new):
        folder.mkdir()
    furnish(home)
    (new / DUTY_FILE).write_text("people: []\n", "utf8")
    made = await back_up(storage.database, SEAL, home, tmp_path / "b.tar.gz", clock.now)
    database = Database(f"sqlite:///{tmp_path / 'restored.db'}")
    with pytest.raises(BelongingsError, match=r"duty\.yaml is there already"):
        await restore(database, SEAL, new, made.path)
    await database.close()
    assert listed(new) == {DUTY_FILE: b"people: []\n"}


async def test_a_backup_of_the_first_format_is_restored(storage: Storage, clock: Clock, tmp_path: Path) -> None:
    await storage.inbox.accept(message("还在吗"))
    await storage.evidence.keep(b"\xff\xd8\xff photo")
    made = await back_up(storage.database, SEAL, tmp_path, tmp_path / "b.tar.gz", clock.now)
    first = tmp_path / "first.tar.gz"
    with tarfile.open(made.path) as whole, tarfile.open(first, "w:gz") as copy:
        for member in whole:
            file = whole.extractfile(member)
            data = file.read() if file else b""
            if member.name == MANIFEST:
                manifest = json.loads(data)
                assert manifest.pop("home") == {}
                data = json.dumps({**manifest, "format": 1}).encode()
                member.size = len(data)
            copy.addfile(member, BytesIO(data))
    url = f"sqlite:///{tmp_path / 'restored.db'}"
    database = Database(url)
    manifest = (await restore(database, SEAL, tmp_path / "new", first)).manifest
    await database.close()
    assert (manifest.format, manifest.files) == (1, 1)
    assert len(list((tmp_path / "new" / "evidence").iterdir())) == 1
    async with Storage(url, SEAL, now=clock) as restored:
        (letter,) = await restored.inbox.due(1, ())
        assert letter.incoming.text == "还在吗"


async def test_a_backup_of_a_later_format_asks_for_its_version(storage: Storage, clock: Clock, tmp_path: Path) -> None:
    later = tmp_path / "later.tar.gz"
    data = json.dumps({"format": 99, "something": "else"}).encode()
    with tarfile.open(later, "w:gz") as archive:
        head = tarfile.TarInfo(MANIFEST)
        head.size = len(data)
        archive.addfile(head, BytesIO(data))
    with pytest.raises(BackupError, match="newer version"):
        read_manifest(later)
