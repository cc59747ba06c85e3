"""Check a knowledge base: documents, directory and question bank, against each other and against the corpora."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ingest.check.acts import Acts, read_corpus
from ingest.check.against import read_sets
from ingest.check.bank import read_bank, repeated, stray_targets, too_few
from ingest.check.directory import check_directory
from ingest.check.documents import check_guides
from ingest.check.figures import Figures
from ingest.check.finding import Finding, Group
from ingest.check.guide import read_guides
from knowledge.errors import NiangjiaError
from knowledge.organizations import load_organizations

__all__ = ["Corpora", "Finding", "Group", "check"]


@dataclass(frozen=True, slots=True)
class Corpora:
    """What a base is held against; what is not given is not checked."""

    laws: tuple[Path, ...] = ()  # acts of which every article needs its questions
    statutes: tuple[Path, ...] = ()  # all acts that may be cited besides
    reports: tuple[Path, ...] = ()  # what figures are from
    against: tuple[Path, ...] = ()  # question sets that the bank must not come close to


def check(folder: Path, corpora: Corpora, today: date) -> list[Finding]:
    """Return what is wrong with the base: `documents`, `directory` and `questions` below the folder.

    Raises NiangjiaError where the folder or a corpus cannot be read.
    """
    if not (folder / "documents").is_dir():
        raise NiangjiaError(f"{folder} holds no folder named documents: name the folder of a knowledge base.")
    laws = read_corpus(corpora.laws)
    acts = Acts([*laws, *read_corpus(corpora.statutes)], complete=bool(corpora.statutes))
    hotlines = frozenset(load_organizations().hotlines)
    guides = list(read_guides(folder / "documents"))
    rows, faults = read_bank(folder / "questions")
    return [
        *check_guides(guides, acts, Figures(read_corpus(corpora.reports)), hotlines, today),
        *check_directory(folder / "directory", hotlines),
        *faults,
        *stray_targets(rows, guides, acts),
        *repeated(rows, read_sets(corpora.against)),
        *too_few(rows, guides, Acts(laws)),
    ]


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings by group, file and line."""
    groups = list(Group)
    return sorted(findings, key=lambda found: (groups.index(found.group), found.file, found.line))
