"""Look into a zip before anything unpacks it: office files are zips, and a small one can hold a very large one."""

import zipfile
import zlib
from pathlib import Path
from xml.parsers import expat

from ingest.readers.errors import ReadError

MAX_UNPACKED = 512 * 1024 * 1024  # bytes
MAX_RATIO = 150  # real office files stay below 50, repeated rows included
MAX_MEMBERS = 20_000
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old office formats, and new ones behind a password
_UNKNOWN_ENCODING = expat.errors.codes[expat.errors.XML_ERROR_UNKNOWN_ENCODING]
_SMALL = 16 * 1024 * 1024  # bytes: up to here the ratio says nothing


def check_office_file(path: Path) -> None:
    """Raise `ReadError` for an office file that is broken, protected, or unsafe to unpack."""
    with path.open("rb") as file:
        if file.read(8) == _COMPOUND:
            raise ReadError("is protected by a password or of an old format: save it anew, without a password")
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            unpacked = sum(member.file_size for member in members)
            packed = max(1, sum(member.compress_size for member in members))
            if len(members) > MAX_MEMBERS or unpacked > MAX_UNPACKED or unpacked > max(_SMALL, packed * MAX_RATIO):
                raise ReadError(f"unpacks to {unpacked / 2**20:.0f} MB, as a zip bomb does: it was not opened")
            for member in members:
                if member.flag_bits & 1:
                    raise ReadError("is protected by a password: save it without one")
                if member.filename.endswith((".xml", ".rels")):
                    _check_entities(archive, member)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, LookupError) as error:
        raise ReadError("is broken: it is no complete office file") from error


def _check_entities(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Raise `ReadError` where a part declares a document type, and entities with it, as no office program does."""

    def refuse(*_declared: object) -> None:
        raise ReadError("declares XML entities, which no office program does: it was not opened")

    def pass_by(*_begun: object) -> None:
        raise StopIteration

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler, parser.StartElementHandler = refuse, pass_by
    try:
        with archive.open(member) as part:
            while chunk := part.read(65_536):
                parser.Parse(chunk)
    except StopIteration:  # elements have begun: what declares comes before
        return
    except expat.ExpatError as error:
        if error.code == _UNKNOWN_ENCODING:
            raise LookupError("a reader may know it, and what it declares") from error
