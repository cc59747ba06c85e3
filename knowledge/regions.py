"""The regions that the bot serves, and the places that it does not."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import yaml
from pydantic.dataclasses import dataclass as checked

from knowledge.entries import STRICT
from knowledge.errors import NiangjiaError

REGIONS_FILE = Path(__file__).parent / "directory" / "regions.yaml"
ANYWHERE = "GH"  # letters of a case's number where the region has none of its own


class RegionsError(NiangjiaError):
    """The regions' file cannot be used as it stands."""


@checked(frozen=True, slots=True, config=STRICT)
class Region:
    """A union's area, by the names that workers use for it."""

    id: str
    union: str = ""  # its own union's title; "" while it has none
    names: tuple[str, ...] = ()
    parent: str | None = None
    letters: str = ANYWHERE  # with which its cases' numbers begin, two to six capitals
    retired: date | None = None  # since when its names mean its parent
    source: str = ""  # of a home's entry: what says so
    confirmed: date | None = None  # and when somebody looked


@dataclass(frozen=True, slots=True)
class Known:
    """All regions at one moment, by their ids, and further places with the regions that they lie in."""

    regions: Mapping[str, Region]
    places: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for region in self.regions.values():
            if region.parent is not None and region.parent not in self.regions:
                raise RegionsError(
                    f"region {region.id} names the parent {region.parent}, which is no region: correct it"
                )
            if region.id in self.lineage(region.id)[1:]:
                raise RegionsError(f"region {region.id} lies in itself: correct its parent")

    @property
    def active(self) -> tuple[str, ...]:
        """Return the ids of the regions that were not retired."""
        return tuple(id for id, region in self.regions.items() if region.retired is None)

    def lineage(self, region: str) -> tuple[str, ...]:
        """Return the region and its parents, nearest first; an unknown region stands alone."""
        line = [region]
        while (known := self.regions.get(line[-1])) and known.parent:
            line.append(known.parent)
            if known.parent in line[:-1]:
                break
        return tuple(line)

    def serving(self, region: str) -> str | None:
        """Return the region, or the nearest above it that is not retired; None where all are."""
        return next((each for each in self.lineage(region) if self.regions[each].retired is None), None)


class Regions:
    """Finds regions and places in text.

    One left-to-right scan knows all names at once and prefers the longest, so that 长沙市 is not 沙市, 荆州城发 is not
    荆州, and a look-alike such as 全省直接 is no place at all.
    """

    def __init__(
        self,
        regions: Iterable[Region],
        elsewhere: Iterable[str] = (),
        lookalikes: Iterable[str] = (),
        known: Callable[[], Known] | None = None,
    ) -> None:
        """`known` gives what holds in place of `regions`: one and the same object until it changes."""
        fixed = Known({region.id: region for region in regions})
        self._elsewhere = frozenset(elsewhere)
        self._lookalikes = frozenset(lookalikes)
        self._known = known or (lambda: fixed)
        now = self._known()
        self._held = now, self._named(now)

    @property
    def regions(self) -> Mapping[str, Region]:
        """Return all regions by their ids, those that were retired among them."""
        return self._known().regions

    @property
    def offered(self) -> tuple[Region, ...]:
        """Return the regions that a worker chooses from: those that have a union of their own."""
        return tuple(region for region in self.regions.values() if region.union and region.retired is None)

    @property
    def names(self) -> frozenset[str]:
        """Return all names of regions and of places outside them."""
        return frozenset(self._names().region_of) | self._elsewhere

    def following(self, known: Callable[[], Known]) -> "Regions":
        """Return what knows the same places elsewhere, and of regions what `known` gives at each moment."""
        return Regions((), self._elsewhere, self._lookalikes, known)

    def __contains__(self, region: object) -> bool:
        return region in self.regions

    def mentioned(self, text: str) -> tuple[str, ...]:
        """Return the ids of the regions that `text` names, each once, in the order of the text."""
        names = self._names()
        found = (names.region_of.get(name) for name in names.scan.findall(text))
        return tuple(dict.fromkeys(region for region in found if region is not None))

    def places(self, text: str) -> tuple[str, ...]:
        """Return the regions' names as `text` writes them, such as 沙市, each once, in the order of the text."""
        names = self._names()
        return tuple(dict.fromkeys(name for name in names.scan.findall(text) if name in names.region_of))

    def elsewhere(self, text: str) -> tuple[str, ...]:
        """Return the names of places outside all regions that `text` names, each once, in the order of the text."""
        names = self._names()
        outside = (name for name in names.scan.findall(text) if name in self._elsewhere)
        return tuple(dict.fromkeys(name for name in outside if name not in names.region_of))

    def masked(self, text: str, mask: str) -> str:
        """Return `text` with `mask` for every name of a region or place."""
        return self._names().scan.sub(lambda name: name[0] if name[0] in self._lookalikes else mask, text)

    def lineage(self, region: str) -> tuple[str, ...]:
        """Return the region and its parents, nearest first; an unknown region stands alone."""
        return self._known().lineage(region)

    def admits(self, region: str | None, passage_regions: tuple[str, ...]) -> bool:
        """Tell whether a passage may answer someone in `region`: its parents' passages may, those of no region too.

        Who has not said where they are (None) is admitted everywhere.
        """
        if region is None or not passage_regions:
            return True
        return any(candidate in passage_regions for candidate in self.lineage(region))

    def of_document(self, title: str, source: str) -> tuple[str, ...]:
        """Return the region that a document speaks of, by its title, else its file's name, else the nearest folder.

        Where several are named the longest name wins, so a company's report that names its city is the company's.
        """
        path, known = PurePosixPath(source), self._names()
        for text in (title, path.stem, *(folder.name for folder in path.parents)):
            names = [name for name in known.scan.findall(text) if name in known.region_of]
            if names:
                return (known.region_of[max(names, key=len)],)
        return ()

    def _names(self) -> "_Names":
        now = self._known()
        seen, names = self._held
        if now is not seen:
            names = self._named(now)
            self._held = now, names
        return names

    def _named(self, known: Known) -> "_Names":
        region_of = dict(known.places)
        # A region within another comes later: what both call by one name is the inner one's.
        for region in sorted(known.regions.values(), key=lambda region: len(known.lineage(region.id))):
            if (serving := known.serving(region.id)) is not None:
                region_of |= dict.fromkeys((region.id, *region.names), serving)
        names = sorted({*region_of, *self._elsewhere, *self._lookalikes}, key=len, reverse=True)
        return _Names(region_of, re.compile("|".join(map(re.escape, names)) or r"(?!)"))


@dataclass(frozen=True, slots=True)
class _Names:
    """All names at one moment."""

    region_of: Mapping[str, str]
    scan: re.Pattern[str]


@cache
def load_regions(path: Path = REGIONS_FILE) -> Regions:
    """Read the regions' file once; raise `RegionsError` where an entry lacks what it needs."""
    data: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    try:
        regions = [
            Region(
                id=entry["id"],
                union=entry["union"],
                names=tuple(entry["names"]),
                parent=entry.get("parent"),
                letters=entry.get("letters", ANYWHERE),
            )
            for entry in data["regions"]
        ]
    except (KeyError, TypeError) as error:
        raise RegionsError(f"{path.name}: every region needs id, union and names ({error!r})") from error
    return Regions(regions, data.get("elsewhere") or (), data.get("lookalikes") or ())
