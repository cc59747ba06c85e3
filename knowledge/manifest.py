"""State what a generation was made of, so that the next ingest knows what is new and a reader whether it fits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import orjson

LAYOUT = 4  # of the generation folder and its texts: raise it when their meaning changes


@dataclass(frozen=True, slots=True)
class SourceEntry:
    """One file of a generation."""

    hash: str  # of its bytes
    documents: int = 0
    passages: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation holds; `recipe` and `files` together decide whether a new one is needed."""

    id: str
    created: datetime  # UTC
    model: str
    dimension: int
    recipe: str  # of everything besides the files that decides what is built: splitter, layout, superseded acts
    roots: tuple[str, ...]  # the paths that were ingested
    files: Mapping[str, SourceEntry]
    documents: int
    passages: int
    questions: int
    failures: Mapping[str, str] = field(default_factory=dict)  # source → reason
    warnings: tuple[str, ...] = ()

    def save(self, folder: Path) -> None:
        """Write manifest.json into the generation's folder."""
        (folder / "manifest.json").write_bytes(orjson.dumps(self, option=orjson.OPT_INDENT_2))

    @classmethod
    def load(cls, folder: Path) -> "Manifest":
        """Read manifest.json; raise OSError or ValueError where there is none or another layout's."""
        fields = orjson.loads((folder / "manifest.json").read_bytes())
        try:
            return cls(
                **fields
                | {
                    "created": datetime.fromisoformat(fields["created"]),
                    "roots": tuple(fields["roots"]),
                    "files": {source: SourceEntry(**entry) for source, entry in fields["files"].items()},
                    "warnings": tuple(fields["warnings"]),
                }
            )
        except (KeyError, TypeError) as error:
            raise ValueError(f"{folder / 'manifest.json'} has another layout: {error}") from error
