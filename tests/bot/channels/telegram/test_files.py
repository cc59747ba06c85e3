"""Files over the Bot API into the evidence room."""

from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import pytest

from bot.cases.ports import EvidenceRefused, Fault
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram.files import LARGEST, TelegramFiles
from bot.delivery import RetryLater
from bot.messages import Attachment, Channel, Incoming
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from tests.bot.channels.telegram.test_channel import Shelf
from tests.telegram_api import Fault as Trouble
from tests.telegram_api import Person, TelegramApi

JPEG = bytes.fromhex("ffd8ffe000104a46494600010100000100010000")
SENT = Incoming(Channel.TELEGRAM, "5001", "1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "evidence"


@pytest.fixture
async def house(tmp_path: Path, folder: Path) -> AsyncIterator[Storage]:
    seal = Seal(b"a secret of the tests only")
    async with Storage(f"sqlite:///{tmp_path / 'house.db'}", seal, evidence=folder) as storage:
        yield storage


@pytest.fixture
async def files(api: TelegramApi, house: Storage) -> AsyncIterator[TelegramFiles]:
    channel = TelegramChannel(api.token, Shelf(), api_base=api.base)
    yield channel.files(house.evidence)
    await channel.close()


def count(folder: Path) -> int:
    return len(list(folder.glob("*")))


async def photo(worker: Person, content: bytes) -> Attachment:
    sizes = (await worker.sends_photo(content))["message"]["photo"]
    return Attachment("photo", sizes[-1]["file_id"], size=sizes[-1]["file_size"])


async def test_a_photo_comes_into_the_evidence_room_as_it_was_sent(
    files: TelegramFiles, worker: Person, house: Storage
) -> None:
    content = JPEG + bytes(300_000)
    kept = await files.keep(SENT, await photo(worker, content))
    assert (kept.sha256, kept.size, kept.mime) == (sha256(content).hexdigest(), len(content), "image/jpeg")
    assert await house.evidence.read(kept) == content


async def test_what_the_room_refuses_is_refused(files: TelegramFiles, worker: Person) -> None:
    with pytest.raises(EvidenceRefused) as refusal:
        await files.keep(SENT, await photo(worker, b"MZ\x90\x00\xff"))
    assert refusal.value.fault is Fault.TYPE


async def test_a_file_that_is_announced_as_too_large_is_not_asked_for(files: TelegramFiles, api: TelegramApi) -> None:
    with pytest.raises(EvidenceRefused) as refusal:
        await files.keep(SENT, Attachment("video", "AgAD-1", size=LARGEST + 1))
    assert refusal.value.fault is Fault.TOO_LARGE
    assert api.calls_of("getFile") == []


async def test_a_file_that_telegram_will_not_hand_over_for_its_size_is_too_large(
    files: TelegramFiles, worker: Person, folder: Path
) -> None:
    large = await photo(worker, JPEG + bytes(LARGEST))
    with pytest.raises(EvidenceRefused) as refusal:
        await files.keep(SENT, Attachment(large.kind, large.reference))  # its size was not announced
    assert refusal.value.fault is Fault.TOO_LARGE
    assert count(folder) == 0


async def test_a_file_that_is_larger_than_announced_is_read_no_further(
    files: TelegramFiles, api: TelegramApi, worker: Person, folder: Path
) -> None:
    small = await photo(worker, JPEG)

    async def understate(call: object) -> dict[str, object]:
        return {
            "file_id": "x",
            "file_unique_id": "x",
            "file_size": 9,
            "file_path": api.world.files[small.reference].path,
        }

    api.methods.getfile = understate  # type: ignore[method-assign]
    kept = api.world.files[small.reference]
    api.world.files[small.reference] = type(kept)(kept.id, JPEG + bytes(LARGEST), kept.path)
    with pytest.raises(EvidenceRefused) as refusal:
        await files.keep(SENT, small)
    assert refusal.value.fault is Fault.TOO_LARGE
    assert count(folder) == 0


async def test_a_file_that_telegram_does_not_know_any_more_is_gone(files: TelegramFiles) -> None:
    with pytest.raises(EvidenceRefused) as refusal:
        await files.keep(SENT, Attachment("photo", "of another bot"))
    assert refusal.value.fault is Fault.GONE


async def test_a_place_is_no_file(files: TelegramFiles, api: TelegramApi) -> None:
    with pytest.raises(EvidenceRefused):
        await files.keep(SENT, Attachment("location", "30.3,112.2"))
    assert api.calls_of("getFile") == []


@pytest.mark.parametrize("trouble", [Trouble.CUT_AFTER, Trouble.SERVER_ERROR])
@pytest.mark.parametrize("step", ["getFile", "download"])
async def test_a_line_that_breaks_is_a_reason_to_try_again(
    files: TelegramFiles, api: TelegramApi, worker: Person, folder: Path, step: str, trouble: Trouble
) -> None:
    attachment = await photo(worker, JPEG)
    api.breaks(step, trouble)
    with pytest.raises(RetryLater) as error:
        await files.keep(SENT, attachment)
    assert api.token not in f"{error.value}{error.value.__cause__}"
    assert count(folder) == 0
    await files.keep(SENT, attachment)
    assert count(folder) == 1


async def test_a_flood_limit_says_when_to_come_again(files: TelegramFiles, api: TelegramApi, worker: Person) -> None:
    attachment = await photo(worker, JPEG)
    api.breaks("getFile", Trouble.FLOOD)
    with pytest.raises(RetryLater) as error:
        await files.keep(SENT, attachment)
    assert error.value.seconds == 1


async def test_telegram_that_is_away_is_a_reason_to_try_again(
    files: TelegramFiles, api: TelegramApi, worker: Person
) -> None:
    attachment = await photo(worker, JPEG)
    await api.stop()
    with pytest.raises(RetryLater):
        await files.keep(SENT, attachment)
