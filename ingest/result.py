"""What an ingest did, or would do."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Counts:
    """Documents, told apart by source and record, against the generation before."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class IndexingResult:
    """The report of one ingest; `generation` serves now, and is None after a dry run."""

    counts: Counts
    passages: int
    generation: str | None
    built: bool  # False where nothing had changed, or after a dry run
    failures: Mapping[str, str] = field(default_factory=dict)  # file → reason
    warnings: tuple[str, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=dict)  # by phase
    embedded: int = 0  # passages whose vectors were computed rather than taken over
