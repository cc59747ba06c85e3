"""Words that are planted in what people write, and every way in which they would be found again."""

import gzip
import io
import json
import tarfile
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote


def traces(word: str) -> Iterator[bytes]:
    """Yield the word as files, logs, addresses and databases might hold it."""
    plain = word.encode()
    yield from {plain, word.encode("gb18030"), word.encode("utf-16-le"), word.encode("utf-16-be")}
    yield json.dumps(word)[1:-1].encode()
    yield quote(word).encode()
    for skipped in range(3):  # wherever it begins within a longer text, less what depends on its neighbours
        whole = b64encode(bytes(skipped) + plain).rstrip(b"=")
        yield whole[(0, 2, 3)[skipped] : len(whole) - (len(whole) % 4 != 0)]


def found(data: bytes | str, words: Iterable[str]) -> list[str]:
    """Return the words that can be found in `data`, whatever way they are written."""
    raw = data.encode() if isinstance(data, str) else data
    return [word for word in words if any(trace in raw for trace in traces(word))]


def contents(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file below `folder` by its name, its name itself, and what is packed within it."""
    for path in sorted(folder.rglob("*")):
        yield f"the name of {path.name}", str(path.relative_to(folder)).encode()
        if path.is_file():
            yield path.name, path.read_bytes()
            yield from _unpacked(path)


def _unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.name.endswith(".tar.gz"):
        with tarfile.open(path) as archive:
            for member in archive:
                file = archive.extractfile(member)
                data = file.read() if file else b""
                yield f"{member.name} in {path.name}", data
                if data.startswith(b"\x1f\x8b"):
                    yield f"{member.name} in {path.name}, unpacked", gzip.GzipFile(fileobj=io.BytesIO(data)).read()
