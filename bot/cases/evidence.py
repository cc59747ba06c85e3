"""What is taken as evidence: told by the content of a file, never by its name."""

import re

from bot.cases.ports import EvidenceRefused, Fault

LARGEST = 20 * 1024 * 1024  # bytes; no messenger hands bots more

# How each type begins: offset and bytes. What is not here is not kept.
_BEGINNINGS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF8", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypmif1", "image/heic"),
    (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftyp", "video/mp4"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"OggS", "audio/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xff\xfb", "audio/mpeg"),
    (0, b"#!AMR", "audio/amr"),
    (8, b"WAVE", "audio/wav"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
)
_OFFICE = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
)
_ENDINGS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "image/heic": ".heic",
    "audio/mp4": ".m4a",
    "video/mp4": ".mp4",
    "application/pdf": ".pdf",
    "audio/ogg": ".ogg",
    "audio/mpeg": ".mp3",
    "audio/amr": ".amr",
    "audio/wav": ".wav",
    "video/webm": ".webm",
    "application/msword": ".doc",
    _OFFICE[0][1]: ".docx",
    _OFFICE[1][1]: ".xlsx",
    "text/plain": ".txt",
}

_PLAUSIBLE = 0.9  # share of the signs that belong to the old character set, whose names and places need few others
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def checked(data: bytes) -> str:
    """Return the MIME type of a file that may be kept; raise EvidenceRefused with the reason for one that may not."""
    if not data:
        raise EvidenceRefused(Fault.EMPTY)
    if len(data) > LARGEST:
        raise EvidenceRefused(Fault.TOO_LARGE)
    mime = _mime(data)
    if mime is None:
        raise EvidenceRefused(Fault.TYPE)
    return mime


def ending(mime: str) -> str:
    """Return how a file of the type is named when it is handed out; a name that was sent is not trusted."""
    return _ENDINGS.get(mime, ".bin")


def _mime(data: bytes) -> str | None:
    for offset, beginning, mime in _BEGINNINGS:
        if data.startswith(beginning, offset):
            return mime
    if data.startswith(b"PK\x03\x04"):
        return next((mime for folder, mime in _OFFICE if b"[Content_Types].xml" in data and folder in data), None)
    return "text/plain" if _is_text(data) else None


def _is_text(data: bytes) -> bool:
    """Tell whether it is plain words; markup that a browser might run is none."""
    text = _decoded(data)
    return text is not None and _CONTROL.search(text) is None and not text.lstrip().startswith("<")


def _decoded(data: bytes) -> str | None:
    """Return what the bytes say in UTF-8, or in GB18030 as older phones and computers write it; None for neither.

    Almost any bytes can be read as GB18030, but then mostly as signs that nobody writes.
    """
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("gb18030", "replace")
    known = len(text.encode("gb2312", "ignore").decode("gb2312"))
    return text if known >= _PLAUSIBLE * len(text) else None
