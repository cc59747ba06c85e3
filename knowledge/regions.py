"""The regions that the bot serves, and the places that it does not."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from knowledge.errors import NiangjiaError

REGIONS_FILE = Path(__file__).parent / "directory" / "regions.yaml"
ANYWHERE = "GH"  # letters of a case's number where the region has none of its own


_NO_PLACES: Mapping[str, str] = {}


class RegionsError(NiangjiaError):
    """The regions' file cannot be used as it stands."""


@dataclass(frozen=True, slots=True)
class Region:
    """A union's area, by the names that workers use for it."""

    id: str
    union: str
    names: tuple[str, ...]
    parent: str | None = None
    letters: str = ANYWHERE  # with which its cases' numbers begin, two to six capitals


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
        places: Callable[[], Mapping[str, str]] = lambda: _NO_PLACES,
    ) -> None:
        """`places` gives further names with their regions: one and the same object until these change."""
        self.regions = {region.id: region for region in regions}
        self._elsewhere = frozenset(elsewhere)
        self._lookalikes = frozenset(lookalikes)
        self._places = places
        for region in self.regions.values():
            if region.parent is not None and region.parent not in self.regions:
                raise RegionsError(
                    f"region {region.id} names the parent {region.parent}, which is no region: correct it"
                )
        self._held = _NO_PLACES, self._named(_NO_PLACES)

    @property
    def names(self) -> frozenset[str]:
        """Return all names of regions and of places outside them."""
        return frozenset(self._names().region_of) | self._elsewhere

    def with_places(self, places: Callable[[], Mapping[str, str]], title: Callable[[str], str]) -> "Regions":
        """Return the same with further names, see `__init__`, and with the titles of the regions' unions."""
        regions = (replace(region, union=title(region.union)) for region in self.regions.values())
        return Regions(regions, self._elsewhere, self._lookalikes, places)

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
        return tuple(dict.fromkeys(name for name in self._names().scan.findall(text) if name in self._elsewhere))

    def masked(self, text: str, mask: str) -> str:
        """Return `text` with `mask` for every name of a region or place."""
        return self._names().scan.sub(lambda name: name[0] if name[0] in self._lookalikes else mask, text)

    def lineage(self, region: str) -> tuple[str, ...]:
        """Return the region and its parents, nearest first; an unknown region stands alone."""
        line = [region]
        while (known := self.regions.get(line[-1])) and known.parent and known.parent not in line:
            line.append(known.parent)
        return tuple(line)

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
        places = self._places()
        seen, names = self._held
        if places is not seen:
            names = self._named(places)
            self._held = places, names
        return names

    def _named(self, places: Mapping[str, str]) -> "_Names":
        own = {name: region.id for region in self.regions.values() for name in (region.id, *region.names)}
        region_of = {**places, **own}
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
