"""Files from the page: they go to the evidence room at once, and a message carries what names them there."""

import time
import unicodedata
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Protocol

from pydantic import TypeAdapter

from bot.cases.evidence import LARGEST
from bot.cases.model import KeptFile
from bot.cases.ports import EvidenceFull, EvidenceRefused, EvidenceRoom
from bot.channels.web import errors
from bot.messages import Attachment, Incoming
from knowledge.errors import NiangjiaError

MOST = 9  # files of one message
# What a page offers to choose from; what is taken is told by the content.
ACCEPTED = "image/*,audio/*,video/*,.pdf,.doc,.docx,.xls,.xlsx,.txt"
LASTS = 2 * 86_400  # seconds that a reference can be sent; a page tries for a day
NAME = 80  # characters
REFERENCE = 2_000  # characters, more than any has
KINDS = {"image": "photo", "audio": "voice", "video": "video"}  # by the first half of the type
LABELS = {"photo": "照片", "voice": "语音", "video": "视频", "document": "文件"}


class Envelope(Protocol):
    """Seals what a browser keeps for us; the storage's seal is one."""

    def close(self, data: bytes, place: str) -> bytes:
        """Seal `data` so that it opens only in the same `place`."""
        ...

    def open(self, sealed: bytes, place: str) -> bytes:
        """Return what was sealed in `place`; raise a `NiangjiaError` for anything else."""
        ...


@dataclass(frozen=True, slots=True)
class Upload:
    """A file in the evidence room that no message has brought yet."""

    kept: KeptFile
    name: str
    at: float  # seconds since 1970

    @property
    def kind(self) -> str:
        """Return the attachment's kind, by the file's content."""
        return KINDS.get(self.kept.mime.partition("/")[0], "document")


_UPLOADS = TypeAdapter(Upload)


class Uploads:
    """Implements `Files` for the page.

    A reference is the sealed record itself, bound to the visitor's one message whose key it was uploaded under. So it
    cannot be forged, is of no use to another visitor or in a second message, outlives a restart, and needs no table.
    """

    def __init__(self, room: EvidenceRoom, envelope: Envelope, now: Callable[[], float] = time.time) -> None:
        self._room = room
        self._envelope = envelope
        self._now = now

    async def take(self, data: bytes, filename: str, key: str) -> str:
        """Put a file into the room and return its reference for the message `key`; raise what a worker is told.

        It is kept as it came, with whatever a camera wrote into it: evidence that we have changed proves less. The page
        says so before it is sent.
        """
        try:
            kept = await self._room.keep(data)
        except EvidenceRefused as error:
            raise errors.file_refused(error.fault, LARGEST) from error
        except EvidenceFull as error:
            raise errors.no_room() from error
        upload = Upload(kept, "", self._now())
        upload = Upload(kept, clean_name(filename) or LABELS[upload.kind], upload.at)
        return urlsafe_b64encode(self._envelope.close(_UPLOADS.dump_json(upload), _place(key))).decode()

    def attachments(self, references: tuple[str, ...], key: str) -> tuple[Attachment, ...]:
        """Return what the message `key` brings; raise the refusal for references that were not made for it."""
        if len(references) > MOST:
            raise errors.malformed()
        uploads = [self._fresh(reference, key) for reference in references]
        if len({upload.kept.file for upload in uploads}) < len(uploads):  # one file can be named in many ways
            raise errors.malformed()
        return tuple(
            Attachment(upload.kind, reference, upload.name, upload.kept.mime, upload.kept.size)
            for reference, upload in zip(references, uploads, strict=True)
        )

    async def keep(self, incoming: Incoming, attachment: Attachment) -> KeptFile:
        """Return the record of a file that is kept already."""
        return self._open(attachment.reference, incoming.key).kept

    def _fresh(self, reference: str, key: str) -> Upload:
        try:
            upload = self._open(reference, key)
        except (NiangjiaError, ValueError) as error:
            raise errors.file_lost() from error
        if upload.at + LASTS < self._now():
            raise errors.file_lost()
        return upload

    def _open(self, reference: str, key: str) -> Upload:
        sealed = b64decode(reference, b"-_", validate=True)  # else whatever follows the padding is passed over
        return _UPLOADS.validate_json(self._envelope.open(sealed, _place(key)))


def clean_name(filename: str) -> str:
    """Return the last part of a file's name without signs that cannot be seen or that turn the text around."""
    name = PurePosixPath(filename.replace("\\", "/")).name
    shown = "".join(sign for sign in name if unicodedata.category(sign)[0] != "C")
    stem, dot, ending = shown.strip(" .").rpartition(".")
    return f"{stem[: NAME - 1 - len(ending)]}{dot}{ending}" if len(ending) <= 10 else f"{stem}{dot}{ending}"[:NAME]


def _place(key: str) -> str:
    return f"upload:{key}"
