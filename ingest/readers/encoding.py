"""Tell how bytes are written: UTF-8, GB18030, Big5 or UTF-16, or not text at all."""

import codecs
import re

from charset_normalizer import from_bytes

from ingest.readers.errors import ReadError

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    b"PK\x03\x04",
    b"%PDF-",
    b"\x7fELF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"\x1f\x8b\x08",
)
_PLAUSIBLE = 0.4
_SAMPLE = 65_536  # bytes: enough to tell, whatever the size of the file
_CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")

# What a text is made of: read in the wrong encoding, it turns into rare characters instead. The first levels of the old
# character sets hold the 3,755 and 5,401 characters in common use, simplified and traditional.
_FREQUENT = frozenset(
    "的一是不了在人有我他这中大来上个国和也子时道说们为你到地出会可年生对自会那家下以过得就天而小心多能好都然没日于起"
    "发成事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长這們來個國說為會對過時後還發當開經頭從動兩"
    "長、，。：；！？“”（）《》「」\n0123456789 "
)


def _level(encoding: str, leads: range, trails: list[int]) -> frozenset[str]:
    pairs = (bytes((lead, trail)).decode(encoding, "ignore") for lead in leads for trail in trails)
    return frozenset(character for character in pairs if "\u4e00" <= character <= "\u9fff")


_COMMON = _level("gb2312", range(0xB0, 0xD8), [*range(0xA1, 0xFF)]) | _level(
    "big5", range(0xA4, 0xC7), [*range(0x40, 0x7F), *range(0xA1, 0xFF)]
)
_WEIGHTS = dict.fromkeys(map(chr, range(0x21, 0x7F)), 0.5) | dict.fromkeys(_COMMON, 0.5) | dict.fromkeys(_FREQUENT, 1.0)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd\ufffe\uffff\ue000-\uf8ff]")


def decode(data: bytes) -> str:
    """Return the text with line ends as `\\n` and no byte order mark; raise `ReadError` for what is no text."""
    if data.startswith(_MAGIC):
        raise ReadError("is not a text file, whatever its name says: give it the right ending")
    try:
        text = data.decode(encoding_of(data))
    except UnicodeDecodeError as error:
        raise ReadError("holds bytes that are no text in any known encoding: save it as UTF-8") from error
    if len(_CONTROLS.findall(text)) > max(2, len(text) // 500):
        raise ReadError("is not a text file, whatever its name says: give it the right ending")
    return normalise_lines(text)


def normalise_lines(text: str) -> str:
    """Return the text with every kind of line end, form feeds too, as `\\n`."""
    return re.sub(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text)


def encoding_of(data: bytes) -> str:
    """Return the name of the codec by which the bytes read as text; raise `ReadError` if there is none."""
    for bom, name in _BOMS:
        if data.startswith(bom):
            return name
    sample = data[:_SAMPLE]
    if b"\x00" not in sample and _decoded(sample, "utf-8") is not None:
        return "utf-8"
    scored = [(_plausibility(text), name) for name in _CANDIDATES if (text := _decoded(sample, name)) is not None]
    score, name = max(scored, default=(0.0, ""))
    if score >= _PLAUSIBLE:
        return name
    best = from_bytes(sample).best() if b"\x00" not in sample else None
    if best is None:
        raise ReadError("is not a text file, or not in a known encoding: save it as UTF-8")
    return best.encoding


def _decoded(sample: bytes, encoding: str) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(sample, final=len(sample) < _SAMPLE)
    except UnicodeDecodeError:
        return None


def _plausibility(text: str) -> float:
    """Return how much of the text is in common use, from 0 to 1, less what no text holds."""
    if not text:
        return 0.0
    return (sum(_WEIGHTS.get(character, 0.0) for character in text) - 5 * len(_CONTROLS.findall(text))) / len(text)
