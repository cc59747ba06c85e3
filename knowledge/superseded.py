"""Know which acts another act replaced, and from which day on they no longer hold."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

import yaml

from knowledge.errors import NiangjiaError
from knowledge.model import Document, DocumentKind, content_id

SUPERSEDED_FILE = Path(__file__).parent / "directory" / "superseded.yaml"


class SupersededError(NiangjiaError):
    """Say what is wrong with the list of replaced acts."""


@dataclass(frozen=True, slots=True)
class Supersession:
    """One replaced act; `dated` tells it from a newer text of the same name, and None means every text of that name."""

    title: str
    replaced_by: str
    since: date
    source: str
    dated: date | None = None


class Superseded:
    """Ends the validity of replaced acts."""

    def __init__(self, acts: Iterable[Supersession]) -> None:
        self.acts = tuple(acts)
        self._acts: dict[str, list[Supersession]] = {}
        for act in self.acts:
            self._acts.setdefault(_name(act.title), []).append(act)

    @property
    def digest(self) -> str:
        """Return an id of the whole list: an index built with another list is out of date."""
        return content_id(*(repr(act) for act in self.acts))

    def of(self, document: Document) -> Supersession | None:
        """Return what replaced the document, if anything did.

        A text without a date is taken for the newest of its name.
        """
        for act in self._acts.get(_name(document.law or document.title), ()):
            if act.dated is None or act.dated == document.issued:
                return act
        return None

    def named(self, law: str) -> Supersession | None:
        """Return what replaced the act of this name, if no text of it is in force any more."""
        return self.of(Document("", law, "", (), DocumentKind.STATUTE, law=law))

    def apply(self, document: Document) -> Document:
        """Return the document with its validity ended on the day it was replaced."""
        act = self.of(document)
        if act is None or (document.validity.expires is not None and document.validity.expires <= act.since):
            return document
        return replace(document, validity=replace(document.validity, expires=act.since))


@cache
def load_superseded(path: Path = SUPERSEDED_FILE) -> Superseded:
    """Read the list once; raise SupersededError where an entry lacks what it needs."""
    entries = (yaml.safe_load(path.read_text("utf8")) or {}).get("superseded") or []
    try:
        return Superseded(
            Supersession(
                title=entry["title"],
                replaced_by=entry["replaced_by"],
                since=_day(entry["since"]),
                source=entry["source"],
                dated=_day(entry["date"]) if entry.get("date") else None,
            )
            for entry in entries
        )
    except (KeyError, TypeError) as error:
        raise SupersededError(
            f"{path.name}: every act needs title, replaced_by, since and source, dates as YYYY-MM-DD ({error!r})."
        ) from error


def _name(title: str) -> str:
    return re.sub(r"中华人民共和国|[《》\s]", "", unicodedata.normalize("NFKC", title))


def _day(value: object) -> date:
    if not isinstance(value, date):
        raise TypeError(f"{value!r} is no date")
    return value
