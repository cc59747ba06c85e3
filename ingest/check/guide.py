"""One of our own documents as `docs/knowledge-format.md` has it, with the lines that everything stands in."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, TypeAdapter, ValidationError
from pydantic import dataclasses as pydantic

from ingest.check.finding import Finding, Group
from ingest.readers.errors import ReadError
from ingest.readers.markdown import parse_statute
from knowledge.entries import STRICT
from knowledge.model import Statute
from knowledge.vocabulary import Category

_HEADING = re.compile(r"(#+)\s+(.*\S)\s*")
_STATUTES = re.compile(r"<!--\s*statutes:(.*)-->\s*")


@pydantic.dataclass(frozen=True, slots=True, config=STRICT)
class Head:
    """The front matter."""

    id: str
    title: str
    kind: Literal["right", "service"]
    categories: Annotated[tuple[Category, ...], Field(min_length=1)]
    regions: tuple[str, ...]
    audience: Annotated[tuple[str, ...], Field(min_length=1)]
    effective: date | None
    expires: date | None
    recheck: date
    statutes: tuple[str, ...]
    sources: tuple[str, ...]
    unverified: tuple[str, ...]
    reviewed: date


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the text up to the next one; `lines` are numbered as in the file."""

    heading: str
    line: int
    statutes: tuple[Statute, ...]
    lines: tuple[tuple[int, str], ...]

    @property
    def length(self) -> int:
        """Return how many characters the text has, without heading and comment."""
        return len("\n".join(text for _, text in self.lines).strip())


@dataclass(frozen=True, slots=True)
class Guide:
    """A document; `head` is None where the front matter cannot be used, which is among the findings."""

    id: str  # by its path: rights/wage-arrears
    file: str
    head: Head | None
    sections: tuple[Section, ...]
    keys: dict[str, int] = field(default_factory=dict)  # the line of each field of the front matter
    findings: tuple[Finding, ...] = ()

    def line_of(self, key: str) -> int:
        """Return the line in which a field of the front matter stands."""
        return self.keys.get(key, 1)


def read_guides(folder: Path) -> Iterator[Guide]:
    """Yield the documents below `folder`, sorted by name."""
    for path in sorted(folder.rglob("*.md")):
        id = path.relative_to(folder).with_suffix("").as_posix()
        yield _read(path.read_text("utf8"), id, f"{folder.name}/{id}.md")


def _read(text: str, id: str, file: str) -> Guide:
    lines = text.split("\n")
    end = next((at for at, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if lines[0].rstrip() != "---" or end is None:
        missing = Finding(Group.FRONT_MATTER, file, 1, "there is no front matter between two lines of ---")
        return Guide(id, file, None, tuple(_sections(lines, 0, file)[0]), findings=(missing,))
    keys = {match[1]: number for number, line in enumerate(lines[:end], 1) if (match := re.match(r"(\w+):", line))}
    head, faults = _head("\n".join(lines[1:end]), keys)
    sections, more = _sections(lines, end + 1, file)
    findings = (*(Finding(Group.FRONT_MATTER, file, line, fault) for line, fault in faults), *more)
    return Guide(id, file, head, tuple(sections), keys, findings)


def _head(text: str, keys: dict[str, int]) -> tuple[Head | None, list[tuple[int, str]]]:
    try:
        return TypeAdapter(Head).validate_python(yaml.safe_load(text) or {}), []
    except yaml.YAMLError as error:
        return None, [(1, f"is no valid YAML: {' '.join(str(error).split())}")]
    except ValidationError as error:
        faults: dict[str, str] = {}  # the first of each field
        for fault in error.errors():
            faults.setdefault(str(fault["loc"][0]) if fault["loc"] else "front matter", fault["msg"])
        return None, [(keys.get(key, 1), f"{key}: {message}") for key, message in faults.items()]


def _sections(lines: list[str], start: int, file: str) -> tuple[list[Section], list[Finding]]:
    sections: list[Section] = []
    findings: list[Finding] = []
    heading, at = "", start + 1
    statutes: tuple[Statute, ...] = ()
    body: list[tuple[int, str]] = []

    def close() -> None:
        if any(text.strip() for _, text in body):
            sections.append(Section(heading, at, statutes, tuple(body)))

    for number, line in enumerate(lines[start:], start + 1):
        if match := _HEADING.fullmatch(line):
            close()
            heading, at, statutes, body = match[2], number, (), []
        elif match := _STATUTES.fullmatch(line):
            try:
                statutes = tuple(parse_statute(entry) for entry in re.split("[;；]", match[1]) if entry.strip())
            except ReadError as error:
                findings.append(Finding(Group.STATUTES, file, number, str(error)))
        else:
            body.append((number, line))
    close()
    return sections, findings
