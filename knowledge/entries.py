"""The YAML files of `knowledge/directory/`, read into frozen dataclasses with every field checked.

A deployment keeps what it adds in files of the same names in HOME/directory; those that ship are never changed.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import ConfigDict, TypeAdapter, ValidationError

from knowledge.errors import NiangjiaError
from knowledge.files import put

DIRECTORY = Path(__file__).parent / "directory"
HOME_FOLDER = "directory"  # in HOME
STRICT = ConfigDict(extra="forbid")  # a misspelt field is an error, never silently left out

T = TypeVar("T")


class DirectoryError(NiangjiaError):
    """Say which entry of the directory is wrong, and how."""


def read_entries(path: Path, shape: type[T]) -> T:
    """Read the file as a `shape`, a pydantic dataclass; raise DirectoryError at the first entry that does not fit."""
    try:
        data = yaml.safe_load(path.read_text("utf8")) or {}
        return TypeAdapter(shape).validate_python(data)
    except OSError as error:
        raise DirectoryError(f"{path} cannot be read: {error.strerror}.") from error
    except yaml.YAMLError as error:
        raise DirectoryError(f"{path.name} is no valid YAML: {' '.join(str(error).split())}.") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise DirectoryError(f"{path.name}, {place}: {first['msg']}.") from error


def write_entries(path: Path, entries: Mapping[str, object]) -> None:
    """Write the file anew; `entries` are of what YAML knows."""
    put(path, yaml.safe_dump(dict(entries), allow_unicode=True, sort_keys=False, width=120))
