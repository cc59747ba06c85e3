"""What people made below a home, such as the roster and the papers: how a backup takes it and gives it back.

Everything there belongs to it but what is kept otherwise: the database, the evidence and the key; and the index, which
is made of it again. In a backup it is sealed like the rest, for the roster names people and their robots' secrets.
"""

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import IO

from bot.storage.evidence import FOLDER as EVIDENCE
from bot.storage.seal import KEY_FILE, Seal
from ingest.sources import SourceFile, walk
from knowledge.errors import NiangjiaError

INDEX = "index"
_KEPT_OTHERWISE = frozenset({EVIDENCE, INDEX, KEY_FILE})
_PASSING = (".tmp", ".new", ".lock")  # endings of files that are being written
_PIECE = 1 << 20  # bytes sealed at a time
_PAUSES = (0.0, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 4.0)  # seconds before each look at files that may change


class BelongingsError(NiangjiaError):
    """Say which file of a backup is damaged, or which stands in the way."""


@dataclass(frozen=True, slots=True)
class Packed:
    """What was taken: SHA-256 by path below the home; and what could not be, each with its reason."""

    hashes: dict[str, str]
    unread: list[str]


def pack(home: Path, folder: Path, seal: Seal, apart: Callable[[Path], bool]) -> Packed:
    """Seal each of the home's files into `folder`, under its own name; `apart` tells what belongs elsewhere.

    Files that change meanwhile are taken again, so that what belongs together fits together; those that never stop
    changing are told as not read, as they were taken last.
    """
    folder.mkdir()
    hashes: dict[str, str] = {}
    stamps: dict[str, tuple[int, float]] = {}
    unread: list[str] = []
    for pause in _PAUSES:
        time.sleep(pause)
        unread, found = [], dict[str, SourceFile]()
        for name, file in _files(home, apart):
            if isinstance(file, str):
                unread.append(f"{name} {file}")
            else:
                found[name] = file
        gone = stamps.keys() - found.keys()
        changed = [name for name, file in found.items() if stamps.get(name) != (file.size, file.modified)]
        if not gone and not changed:
            break
        for name in gone:
            (folder / name).unlink()
            del stamps[name], hashes[name]
        for name in changed:
            with suppress(FileNotFoundError):  # gone meanwhile
                hashes[name] = _seal(found[name].path, folder / name, seal, name)
                stamps[name] = (found[name].size, found[name].modified)
    else:
        unread += [f"{name} was still changing" for name in sorted({*gone, *changed})]
    return Packed(hashes, unread)


def unpack(sealed: IO[bytes], path: Path, mode: int, seal: Seal, name: str, expected: str) -> None:
    """Write a file as it was, readable by whom it was; raise BelongingsError where it is not the one that was taken."""
    path.parent.mkdir(parents=True, exist_ok=True)
    digest = sha256()
    with path.open("xb") as file:
        path.chmod(mode & 0o777 | 0o600)
        for number, piece in enumerate(_pieces(sealed)):
            data = seal.open(piece, _place(name, number))
            digest.update(data)
            file.write(data)
    if digest.hexdigest() != expected:
        raise BelongingsError(f"The backup is damaged and was not restored: {name} is not what was taken into it.")


def is_belonging(name: str) -> bool:
    """Tell whether a path below the home may be written from a backup."""
    parts = PurePosixPath(name).parts
    return bool(parts) and parts[0] not in _KEPT_OTHERWISE and not any(part.startswith((".", "/")) for part in parts)


def prepare(home: Path, names: Iterable[str]) -> None:
    """Make the home; raise BelongingsError where one of these files, or evidence, is in it already."""
    home.mkdir(parents=True, exist_ok=True)
    for top in sorted({EVIDENCE, *(PurePosixPath(name).parts[0] for name in names)}):
        path = home / top
        if path.is_file() or (path.is_dir() and any(path.iterdir())):
            raise BelongingsError(f"{path} is there already, and is not empty: restore into an empty home.")


@contextmanager
def placed(folder: Path, home: Path) -> Iterator[Callable[[], None]]:
    """Lend what moves all that lies in `folder` into the home; if the block fails, it is taken out again."""
    moved: list[Path] = []

    def place() -> None:
        for path in folder.iterdir():
            moved.append(path.rename(home / path.name))

    try:
        yield place
    except BaseException:
        for path in moved:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
        raise


def _files(home: Path, apart: Callable[[Path], bool]) -> Iterator[tuple[str, SourceFile | str]]:
    """Yield each file's path below the home, with what it is or why it cannot be read."""
    for top in sorted(home.iterdir()):
        if top.name in _KEPT_OTHERWISE or top.name.startswith("."):
            continue
        for found in walk(top):
            name = found.source if top.is_dir() else top.name
            if not isinstance(found, SourceFile):
                yield name, found.reason
            elif not name.endswith(_PASSING) and not apart(found.path):
                yield name, found


def _seal(path: Path, target: Path, seal: Seal, name: str) -> str:
    """Seal a file piece by piece, each behind its length, and return the SHA-256 of what it held."""
    digest = sha256()
    with path.open("rb") as file:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as sealed:
            number = 0
            while data := file.read(_PIECE):
                digest.update(data)
                piece = seal.close(data, _place(name, number))
                sealed.write(len(piece).to_bytes(4, "big") + piece)
                number += 1
    target.chmod(path.stat().st_mode & 0o777 | 0o600)
    return digest.hexdigest()


def _pieces(sealed: IO[bytes]) -> Iterator[bytes]:
    while length := sealed.read(4):
        yield sealed.read(int.from_bytes(length, "big"))


def _place(name: str, number: int) -> str:
    return f"home:{name}:{number}"
