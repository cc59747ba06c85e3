"""Places where a worker can rest, read or be helped, kept as a table that an admin fills in a spreadsheet."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from knowledge.entries import DIRECTORY, HOME_FOLDER, DirectoryError
from knowledge.files import put
from knowledge.followed import Followed
from knowledge.organizations import load_organizations, regions_with
from knowledge.regions import Regions, load_regions
from knowledge.spreadsheet import filled_rows

STATIONS_FILE = DIRECTORY / "stations.csv"

COLUMNS = ("名称", "类型", "地区", "地址", "经度", "纬度", "开放时间", "设施", "来源")
_NEEDED = ("名称", "类型", "地区", "来源")


class Fault(StrEnum):
    """What can be wrong with a row, said of the `words` that are meant."""

    COLUMNS = "the columns {words} are missing"
    EMPTY = "{words} is empty"
    REGION = "地区 {words} is no region"
    NUMBERS = "{words} are no two numbers"
    OUTSIDE = "{words} lie outside China, perhaps the two are exchanged"
    TWICE = "{words} stands in a row above already"


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A row of a table that is wrong."""

    number: int  # as the spreadsheet counts
    fault: Fault
    words: str

    def __str__(self) -> str:
        return f"Row {self.number}: {self.fault.value.format(words=self.words)}."


class StationsError(DirectoryError):
    """List every row of a table of stations that is wrong."""

    def __init__(self, file: str, rows: Sequence[WrongRow]) -> None:
        self.rows = tuple(rows)
        super().__init__(f"{file} was not taken in, correct it first. " + " ".join(map(str, self.rows)))


class _RowError(Exception):
    def __init__(self, fault: Fault, words: str) -> None:
        self.fault = fault
        self.words = words


@dataclass(frozen=True, slots=True)
class Station:
    """One place; "" is what nobody has told."""

    name: str
    kind: str  # such as 工会驿站, 司机之家, 母婴室
    region: str  # an id of regions.yaml
    source: str
    address: str = ""
    coordinates: tuple[float, float] | None = (
        None  # longitude and latitude in degrees, GCJ-02 as Chinese maps give them
    )
    hours: str = ""
    facilities: tuple[str, ...] = ()


def load_stations(path: Path = STATIONS_FILE, home: Path | None = None) -> tuple[Station, ...]:
    """Read the table of stations: a home's own, if it has one, in place of the one that ships."""
    own = stations_file(home) if home else path
    return read_stations(own, _regions(home)) if own.exists() else _shipped(path)


def follow_stations(home: Path) -> Callable[[], tuple[Station, ...]]:
    """Return what gives the stations that hold in the home at the moment of the call.

    While the home's table is wrong, what was last right in it holds.
    """
    return Followed(stations_file(home), lambda path: read_stations(path, _regions(home)), load_stations()).current


def stations_file(home: Path) -> Path:
    """Return where a home keeps its stations."""
    return home / HOME_FOLDER / STATIONS_FILE.name


def read_stations(path: Path, regions: Regions) -> tuple[Station, ...]:
    """Read a table of stations in `regions`, .xlsx or .csv with the names of `COLUMNS` in its first row.

    Raises StationsError with every row that is wrong, so that an admin mends all of them at once.
    """
    rows = filled_rows(path)
    number, header = next(rows, (1, ()))
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise StationsError(path.name, [WrongRow(number, Fault.COLUMNS, "、".join(missing))])
    stations: list[Station] = []
    wrong: list[WrongRow] = []
    seen: set[tuple[str, str]] = set()
    for number, cells in rows:
        row = dict(zip(header, cells, strict=False))
        try:
            station = _station(row, regions)
            if (station.region, station.name) in seen:
                raise _RowError(Fault.TWICE, station.name)
            seen.add((station.region, station.name))
            stations.append(station)
        except _RowError as error:
            wrong.append(WrongRow(number, error.fault, error.words))
    if wrong:
        raise StationsError(path.name, wrong)
    return tuple(stations)


def write_stations(path: Path, stations: Iterable[Station]) -> None:
    """Write a table of stations anew, as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *map(cells, stations)])
    put(path, text.getvalue())


def cells(station: Station) -> tuple[str, ...]:
    """Return a station as its row, in the order of `COLUMNS`."""
    longitude, latitude = map(str, station.coordinates or ("", ""))
    facilities = "、".join(station.facilities)
    place = (station.address, longitude, latitude)
    return (station.name, station.kind, station.region, *place, station.hours, facilities, station.source)


@cache
def _shipped(path: Path) -> tuple[Station, ...]:
    return read_stations(path, load_regions())


def _regions(home: Path | None) -> Regions:
    return regions_with(load_organizations(home=home))


def _station(row: dict[str, str], regions: Regions) -> Station:
    if missing := [name for name in _NEEDED if not row.get(name)]:
        raise _RowError(Fault.EMPTY, "、".join(missing))
    if row["地区"] not in regions:
        raise _RowError(Fault.REGION, row["地区"])
    return Station(
        name=row["名称"],
        kind=row["类型"],
        region=row["地区"],
        source=row["来源"],
        address=row.get("地址", ""),
        coordinates=_coordinates(row.get("经度", ""), row.get("纬度", "")),
        hours=row.get("开放时间", ""),
        facilities=tuple(part for part in row.get("设施", "").replace("，", "、").split("、") if part),
    )


def _coordinates(longitude: str, latitude: str) -> tuple[float, float] | None:
    if not longitude and not latitude:
        return None
    words = f"经度 {longitude or '—'}、纬度 {latitude or '—'}"
    try:
        east, north = float(longitude), float(latitude)
    except ValueError:
        raise _RowError(Fault.NUMBERS, words) from None
    if not (73 < east < 136 and 3 < north < 54):
        raise _RowError(Fault.OUTSIDE, words)
    return east, north
