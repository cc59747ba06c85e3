import asyncio
import sqlite3
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot import cli
from bot.storage.seal import open_seal
from bot.storage.storage import Storage
from knowledge.errors import NiangjiaError
from knowledge.generation import Generations
from knowledge.manifest import SourceEntry
from tests.bot.fakes import message


@pytest.fixture(autouse=True)
def no_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` and no settings of whoever runs the tests."""
    monkeypatch.chdir(tmp_path)
    for name in ("SECRET_KEY", "SECRET_KEY_OLD", "DATABASE_URL", "NIANGJIA_HOME"):
        monkeypatch.delenv(name, raising=False)


def niangjia(*words: str | Path) -> str:
    result = CliRunner().invoke(cli.app, [str(word) for word in words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def storage_of(home: Path, secret: str | None = None) -> Storage:
    home.mkdir(exist_ok=True)
    return Storage(f"sqlite:///{home / 'niangjia.db'}", open_seal(home, secret))


async def write(home: Path, secret: str | None = None) -> None:
    async with storage_of(home, secret) as storage:
        await storage.inbox.accept(message("还在吗"))
        await storage.evidence.keep(b"\xff\xd8\xff a photo")


async def waiting(home: Path, secret: str | None = None) -> list[str]:
    async with storage_of(home, secret) as storage:
        return [letter.incoming.text for letter in await storage.inbox.due(10, ())]


def elsewhere(folder: Path) -> Path:
    """Leave a paper outside the home, and return its folder."""
    (folder / "papers").mkdir()
    (folder / "papers" / "年假.md").write_text("# 年假\n\n年假五天。\n", "utf8")
    return folder / "papers"


def sources_of(home: Path) -> dict[str, SourceEntry]:
    """Return what the serving index is made of."""
    manifest = Generations(home).current_manifest()
    assert manifest is not None
    return dict(manifest.files)


def test_a_home_is_backed_up_and_restored_with_its_key(tmp_path: Path) -> None:
    home, new = tmp_path / "home", tmp_path / "new"
    asyncio.run(write(home))
    (home / "documents").mkdir()
    (home / "documents" / "食堂.md").write_text("# 食堂\n\n食堂十二点开饭。\n", "utf8")
    niangjia("ingest", "--home", home)
    niangjia("sources", "add", elsewhere(tmp_path), "--home", home)
    (tmp_path / "backups").mkdir()
    said = niangjia("backup", tmp_path / "backups", "--home", home)
    (backup,) = (tmp_path / "backups").iterdir()
    assert str(backup) in said
    assert str(home / "secret.key") in said
    assert f"Not in it: {tmp_path / 'papers'} lies outside the home." in said
    with pytest.raises(NiangjiaError, match=r"put secret\.key into"):
        niangjia("restore", backup, "--home", new)
    assert not new.exists()  # no key was made in its place
    new.mkdir()
    (new / "secret.key").write_bytes((home / "secret.key").read_bytes())
    with pytest.raises(NiangjiaError, match="no file"):
        niangjia("restore", backup.with_name("older.tar.gz"), "--home", new)
    assert [path.name for path in new.iterdir()] == ["secret.key"]  # no database was made for it
    told = niangjia("restore", backup, "--home", new)
    assert "1 files of evidence, 2 other files" in told
    assert "builds the index again" in told
    assert asyncio.run(waiting(new)) == ["还在吗"]
    assert len(list((new / "evidence").iterdir())) == 1
    assert "Gone or changed" not in told
    niangjia("ingest", "--home", new)
    assert set(sources_of(new)) == {*sources_of(home), "papers/年假.md"}


def test_the_audit_of_a_home_is_checked_whole(tmp_path: Path) -> None:
    asyncio.run(write(tmp_path))
    niangjia("staff", "add", "wang", "--home", tmp_path)
    assert "1 records, each fits" in niangjia("audit", "--home", tmp_path)
    with sqlite3.connect(tmp_path / "niangjia.db") as connection:
        connection.execute("DROP TRIGGER audit_no_update")
        connection.execute("UPDATE audit SET role = 'admin' WHERE number = 1")
    with pytest.raises(NiangjiaError, match="from record 1 on"):
        niangjia("audit", "--home", tmp_path)


def test_the_key_of_a_home_is_changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    asyncio.run(write(home))
    with pytest.raises(NiangjiaError, match="SECRET_KEY_OLD"):
        niangjia("rekey", "--home", home)
    monkeypatch.setenv("SECRET_KEY", "a new secret of our own")
    monkeypatch.setenv("SECRET_KEY_OLD", (home / "secret.key").read_text().strip())
    assert niangjia("rekey", "--home", home).startswith("1 rows are sealed")
    (home / "secret.key").unlink()
    assert asyncio.run(waiting(home, "a new secret of our own")) == ["还在吗"]


def test_a_backup_without_the_bots_key_is_refused_and_makes_no_new_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asyncio.run(write(tmp_path / "home", "a secret of the bot's own settings"))
    with pytest.raises(NiangjiaError, match="set SECRET_KEY"):
        niangjia("backup", tmp_path, "--home", tmp_path / "home")
    assert not (tmp_path / "home" / "secret.key").exists()
    monkeypatch.setenv("SECRET_KEY", "a secret of the bot's own settings")
    assert "Keep the key apart from it: SECRET_KEY." in niangjia("backup", tmp_path, "--home", tmp_path / "home")


def test_a_backup_is_not_written_over_another_file(tmp_path: Path) -> None:
    asyncio.run(write(tmp_path / "home"))
    (tmp_path / "mine.tar.gz").touch()
    with pytest.raises(NiangjiaError, match="there already"):
        niangjia("backup", tmp_path / "mine.tar.gz", "--home", tmp_path / "home")
    with pytest.raises(NiangjiaError, match="cannot be written"):
        niangjia("backup", tmp_path / "nowhere" / "b.tar.gz", "--home", tmp_path / "home")
