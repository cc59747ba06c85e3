"""What a check found, and where."""

from dataclasses import dataclass
from enum import StrEnum


class Group(StrEnum):
    """What a finding is about, in the order of the report."""

    FRONT_MATTER = "front matter"
    SECTIONS = "sections"
    STATUTES = "statutes"
    FIGURES = "figures of the reports"
    CONTACTS = "contacts and addresses"
    DIRECTORY = "directory"
    BANK = "question bank"
    DUPLICATES = "near-duplicate questions"
    COVERAGE = "places with too few questions"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault, or a warning: what may stay as it is for a while."""

    group: Group
    file: str  # below the checked folder
    line: int
    message: str
    warning: bool = False
