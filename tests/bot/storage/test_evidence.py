import stat
from dataclasses import replace
from pathlib import Path

import pytest

from bot.cases.ports import CaseError, EvidenceFull, EvidenceRefused
from bot.storage.storage import Storage
from tests.bot.fakes import Clock
from tests.bot.storage.full_disk import no_room_beyond

PHOTO = b"\xff\xd8\xff a photo of a pay slip"


async def test_a_file_comes_back_as_it_was_sent_and_cannot_be_read_on_disk(storage: Storage, tmp_path: Path) -> None:
    kept = await storage.evidence.keep(PHOTO)
    assert await storage.evidence.read(kept) == PHOTO
    assert (kept.size, kept.mime) == (len(PHOTO), "image/jpeg")
    (file,) = (tmp_path / "evidence").iterdir()
    assert (file.name, stat.S_IMODE(file.stat().st_mode)) == (kept.file, 0o600)
    assert b"pay slip" not in file.read_bytes()
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


@pytest.mark.parametrize("harm", ["changed", "gone", "swapped", "another hash"])
async def test_what_was_tampered_with_is_not_handed_out(storage: Storage, tmp_path: Path, harm: str) -> None:
    kept, other = await storage.evidence.keep(PHOTO), await storage.evidence.keep(PHOTO + b"!")
    path = tmp_path / "evidence" / kept.file
    match harm:
        case "changed":
            *sealed, last = path.read_bytes()
            path.write_bytes(bytes([*sealed, last ^ 1]))
        case "gone":
            path.unlink()
        case "swapped":
            path.write_bytes((tmp_path / "evidence" / other.file).read_bytes())
        case "another hash":
            kept = replace(kept, sha256="0" * 64)
    with pytest.raises(CaseError):
        await storage.evidence.read(kept)


async def test_what_is_refused_leaves_no_file(storage: Storage, tmp_path: Path) -> None:
    with pytest.raises(EvidenceRefused):
        await storage.evidence.keep(b"MZ\x90\x00 a program")
    assert not (tmp_path / "evidence").exists()


async def test_a_full_disk_is_told_by_name_and_nothing_half_written_stays(storage: Storage, tmp_path: Path) -> None:
    kept = await storage.evidence.keep(PHOTO)
    with no_room_beyond(100_000), pytest.raises(EvidenceFull, match="no room"):
        await storage.evidence.keep(PHOTO + b"!" * 200_000)
    assert [path.name for path in (tmp_path / "evidence").iterdir()] == [kept.file]
    assert await storage.evidence.read(await storage.evidence.keep(PHOTO + b"!" * 200_000))


async def test_a_file_that_no_case_takes_is_removed_in_time(storage: Storage, clock: Clock, tmp_path: Path) -> None:
    await storage.evidence.keep(PHOTO)
    assert await storage.evidence.sweep() == 0
    clock.forward(days=31)
    assert await storage.evidence.sweep() == 1
    assert list((tmp_path / "evidence").iterdir()) == []
