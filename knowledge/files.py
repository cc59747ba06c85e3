"""Files that are whole or not there for whoever reads them, also after a power cut."""

import os
from pathlib import Path


def put(path: Path, content: str | bytes, *, lasting: bool = True) -> None:
    """Replace a file's content, so that whoever reads it meets the old one or the new one; one writes at a time.

    What need not outlive a power cut, such as how far something is, is written sooner if it is not `lasting`.
    """
    data = content.encode() if isinstance(content, str) else content
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}")  # hidden, so that no index and no backup takes up half a file
    with fresh.open("wb") as file:
        file.write(data)
        if lasting:
            file.flush()
            os.fsync(file.fileno())
    fresh.replace(path)
    if lasting:
        sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make renames inside a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
