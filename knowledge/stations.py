"""Places where a worker can rest, read or be helped, kept as a table that an admin fills in a spreadsheet."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from knowledge.entries import DIRECTORY, DirectoryError
from knowledge.regions import load_regions
from knowledge.spreadsheet import filled_rows

STATIONS_FILE = DIRECTORY / "stations.csv"

COLUMNS = ("名称", "类型", "地区", "地址", "经度", "纬度", "开放时间", "设施", "来源")
_NEEDED = ("名称", "类型", "地区", "来源")


class StationsError(DirectoryError):
    """List every row of a table of stations that is wrong; `rows` holds one sentence for each."""

    def __init__(self, file: str, rows: Sequence[str]) -> None:
        self.rows = tuple(rows)
        super().__init__(f"{file} was not taken in, correct it first. " + " ".join(self.rows))


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


@cache
def load_stations(path: Path = STATIONS_FILE) -> tuple[Station, ...]:
    """Read a table of stations once, .xlsx or .csv with the names of `COLUMNS` in its first row, in any order.

    Raises StationsError with every row that is wrong, so that an admin mends all of them at once.
    """
    rows = filled_rows(path)
    number, header = next(rows, (1, ()))
    missing = [name for name in COLUMNS if name not in header]
    if missing:
        raise StationsError(path.name, [f"Row {number}: the columns {'、'.join(missing)} are missing."])
    stations: list[Station] = []
    wrong: list[str] = []
    seen: dict[tuple[str, str], int] = {}
    for number, cells in rows:
        row = dict(zip(header, cells, strict=False))
        try:
            station = _station(row)
            first = seen.setdefault((station.region, station.name), number)
            if first != number:
                raise ValueError(f"{station.name} stands in row {first} already")
            stations.append(station)
        except ValueError as error:
            wrong.append(f"Row {number}: {error}.")
    if wrong:
        raise StationsError(path.name, wrong)
    return tuple(stations)


def _station(row: dict[str, str]) -> Station:
    if missing := [name for name in _NEEDED if not row.get(name)]:
        raise ValueError(f"{'、'.join(missing)} is empty")
    if row["地区"] not in load_regions():
        raise ValueError(f"地区 {row['地区']} is none of {'、'.join(load_regions().regions)}")
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
    try:
        east, north = float(longitude), float(latitude)
    except ValueError:
        raise ValueError(f"经度 {longitude or '(empty)'} and 纬度 {latitude or '(empty)'} are no two numbers") from None
    if not (73 < east < 136 and 3 < north < 54):
        raise ValueError(f"经度 {longitude} and 纬度 {latitude} lie outside China, perhaps the two are exchanged")
    return east, north
