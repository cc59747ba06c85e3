"""What the index is made of: the list of folders and files, and the files below them."""

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.errors import NiangjiaError
from knowledge.files import put

BUILTIN = "builtin"  # the word by which the shipped documents are listed, wherever the package is installed
BUILTIN_FOLDER = Path(__file__).parent.parent / "knowledge" / "documents"
DEFAULT_SOURCES = (BUILTIN, "documents")
APPROVED = "knowledge/approved"  # below the home: what two people let in at the desk, part of every index


class SourcesError(NiangjiaError):
    """The list of sources cannot be used as it stands."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file to read, and the name that its documents will carry."""

    path: Path
    source: str  # below the parent of the listed folder, POSIX slashes: "seeds/a.txt"
    size: int  # bytes
    modified: float  # seconds since the epoch


@dataclass(frozen=True, slots=True)
class Failure:
    """What could not be read, and why; `line` counts from 1 in files of records."""

    source: str
    reason: str
    line: int | None = None


def walk(path: Path) -> Iterator[SourceFile | Failure]:
    """Yield the files at and below `path`, sorted by name; what cannot be looked into comes as a `Failure`.

    Hidden files and office programs' lock files are left out. Links are followed, but no folder is entered twice.
    """
    path = path.absolute()
    yield from _walk(path, path.name, set())


def _walk(path: Path, source: str, entered: set[tuple[int, int]]) -> Iterator[SourceFile | Failure]:
    try:
        status = path.stat()
        if stat.S_ISREG(status.st_mode):
            yield _source_file(path, source, status, entered)
        elif stat.S_ISDIR(status.st_mode):
            identity = (status.st_dev, status.st_ino)
            if identity in entered:
                return
            entered.add(identity)
            for name in sorted(os.listdir(path)):  # noqa: PTH208 - names are enough, and 10,000 Path objects are not free
                if not name.startswith((".", "~$")):
                    yield from _walk(path / name, f"{source}/{name}", entered)
        else:
            yield Failure(source, "is neither a file nor a folder")
    except OSError as error:
        yield Failure(source, f"cannot be opened: {error.strerror or error}")


def _source_file(path: Path, source: str, status: os.stat_result, entered: set[tuple[int, int]]) -> SourceFile:
    if not entered:  # named by itself rather than found in a folder: it keeps its folder's name
        source = f"{path.parent.name}/{path.name}" if path.parent.name else path.name
    return SourceFile(path, source, status.st_size, status.st_mtime)


class Sources:
    """The list in `HOME/sources.yaml`; without one, the shipped documents and `HOME/documents`."""

    def __init__(self, home: Path) -> None:
        self.home = home.absolute()
        self.file = self.home / "sources.yaml"

    def listed(self) -> list[str]:
        """Return the entries as they are stored: `builtin`, paths below the home, or absolute paths."""
        try:
            data = yaml.safe_load(self.file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return list(DEFAULT_SOURCES)
        except (yaml.YAMLError, UnicodeDecodeError) as error:
            raise SourcesError(f"{self.file} is not valid YAML: mend it or delete it to start again") from error
        entries = data.get("sources") if isinstance(data, dict) else None
        if not isinstance(entries, list) or not all(isinstance(entry, str) for entry in entries):
            raise SourcesError(
                f"{self.file} needs a list of paths under `sources:`; mend it or delete it to start again"
            )
        return entries

    def paths(self) -> list[Path]:
        """Return where the entries lie, and what was approved; `HOME/documents` is left out while it is not there."""
        paths = []
        for entry in self.listed():
            path = BUILTIN_FOLDER if entry == BUILTIN else self.home / entry
            if path.exists():
                paths.append(path)
            elif path != self.home / "documents":
                raise SourcesError(
                    f"{path} is listed but not there: bring it back or run `niangjia sources remove {path}`"
                )
        approved = self.home / APPROVED
        return [*paths, approved] if approved.is_dir() and approved not in paths else paths

    def add(self, path: Path | str) -> None:
        """List one more folder or file."""
        entry = self._entry(path)
        if entry in (entries := self.listed()):
            raise SourcesError(f"{path} is listed already")
        self._store([*entries, entry])

    def remove(self, path: Path | str) -> None:
        """Take a folder or file off the list; it need not exist any more."""
        entry = self._entry(path, missing_ok=True)
        if entry not in (entries := self.listed()):
            raise SourcesError(f"{path} is not listed; `niangjia sources list` shows what is")
        self._store([other for other in entries if other != entry])

    def replace(self, paths: list[Path] | list[str]) -> None:
        """Make these the whole list."""
        self._store(list(dict.fromkeys(self._entry(path) for path in paths)))

    def files(self) -> Iterator[SourceFile | Failure]:
        """Walk all sources, each file once; raise `SourcesError` where two files would carry the same source name."""
        seen: dict[str, Path] = {}
        for root in self.paths():
            for found in walk(root):
                if isinstance(found, SourceFile):
                    other = seen.setdefault(found.source, found.path)
                    if other is not found.path:
                        if other.samefile(found.path):
                            continue
                        raise SourcesError(
                            f"{other} and {found.path} would both be called {found.source}: rename one of the folders"
                        )
                yield found

    def _entry(self, path: Path | str, *, missing_ok: bool = False) -> str:
        if str(path) == BUILTIN:
            return BUILTIN
        absolute = Path(os.path.normpath(Path(path).expanduser().absolute()))
        if absolute == BUILTIN_FOLDER:
            return BUILTIN
        if not missing_ok and not absolute.exists():
            raise SourcesError(f"{absolute} does not exist: check the spelling")
        return absolute.relative_to(self.home).as_posix() if absolute.is_relative_to(self.home) else str(absolute)

    def _store(self, entries: list[str]) -> None:
        put(self.file, yaml.safe_dump({"sources": entries}, allow_unicode=True))
