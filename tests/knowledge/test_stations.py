from pathlib import Path

import openpyxl
import pytest

from knowledge.spreadsheet import SpreadsheetError
from knowledge.stations import (
    COLUMNS,
    Fault,
    StationsError,
    follow_stations,
    load_stations,
    stations_file,
    write_stations,
)

ROW = ("东门驿站", "工会驿站", "随州", "某路1号", "113.38", "31.69", "8:00-20:00", "饮水、微波炉", "随州市总工会登记表")


def table(folder: Path, *rows: tuple[object, ...], header: tuple[str, ...] = COLUMNS) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(header)
    for row in rows:
        sheet.append(row)
    path = folder / "stations.xlsx"
    book.save(path)
    return path


def test_a_spreadsheet_is_taken_in_whatever_the_order_of_its_columns(tmp_path: Path) -> None:
    path = table(tmp_path, tuple(reversed(ROW)), header=tuple(reversed(COLUMNS)))
    (station,) = load_stations(path)
    assert station.name == "东门驿站"
    assert station.coordinates == (113.38, 31.69)
    assert station.facilities == ("饮水", "微波炉")


def test_numbers_and_empty_cells_of_a_spreadsheet_are_understood(tmp_path: Path) -> None:
    (station,) = load_stations(table(tmp_path, ("甲", "母婴室", "十堰", None, 110.8, 32.6, None, None, "登记表")))
    assert station.coordinates == (110.8, 32.6)
    assert station.hours == ""


def test_a_csv_saved_by_a_spreadsheet_is_taken_in(tmp_path: Path) -> None:
    path = tmp_path / "stations.csv"
    path.write_text("\ufeff" + "\r\n".join(",".join(row) for row in (COLUMNS, ROW)) + "\r\n", "utf8")
    assert [station.name for station in load_stations(path)] == ["东门驿站"]


def test_every_wrong_row_is_told_by_its_number(tmp_path: Path) -> None:
    path = table(
        tmp_path,
        ROW,
        ("", *ROW[1:]),
        ("乙", "工会驿站", "长沙", *ROW[3:]),
        ("丙", *ROW[1:4], "31.69", "113.38", *ROW[6:]),
        ("丁", *ROW[1:4], "东边", "31.69", *ROW[6:]),
        ROW,
    )
    with pytest.raises(StationsError) as caught:
        load_stations(path)
    assert [(row.number, row.fault, row.words) for row in caught.value.rows] == [
        (3, Fault.EMPTY, "名称"),
        (4, Fault.REGION, "长沙"),
        (5, Fault.OUTSIDE, "经度 31.69、纬度 113.38"),
        (6, Fault.NUMBERS, "经度 东边、纬度 31.69"),
        (7, Fault.TWICE, "东门驿站"),
    ]
    assert "Row 5: 经度 31.69、纬度 113.38 lie outside China, perhaps the two are exchanged." in str(caught.value)


def test_missing_columns_are_named(tmp_path: Path) -> None:
    with pytest.raises(StationsError, match="来源"):
        load_stations(table(tmp_path, ROW[:-1], header=COLUMNS[:-1]))


def test_a_file_that_is_no_spreadsheet_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "stations.xlsx"
    path.write_text("no zip", "utf8")
    with pytest.raises(SpreadsheetError, match="cannot be read as a spreadsheet"):
        load_stations(path)


def test_what_ships_names_only_what_the_reports_name() -> None:
    stations = load_stations()
    assert {station.region for station in stations} == {"荆州市", "荆州城发", "省直", "随州"}
    assert all(station.source and station.coordinates is None for station in stations)


def test_a_homes_own_table_takes_the_place_of_the_one_that_ships(tmp_path: Path) -> None:
    assert load_stations(home=tmp_path) == load_stations()
    stations = load_stations(table(tmp_path, ROW, ("乙", "母婴室", "十堰", None, None, None, None, None, "登记表")))
    write_stations(stations_file(tmp_path), stations)
    assert load_stations(home=tmp_path) == stations
    write_stations(stations_file(tmp_path), stations[:1])
    assert load_stations(home=tmp_path) == stations[:1], "no older one is remembered"
    assert load_stations() != stations


def test_a_table_that_a_home_takes_in_holds_at_once_and_outlives_one_that_is_wrong(tmp_path: Path) -> None:
    stations = follow_stations(tmp_path)
    assert stations() == load_stations()
    own = load_stations(table(tmp_path, ROW))
    write_stations(stations_file(tmp_path), own)
    assert stations() == own
    stations_file(tmp_path).write_text("no table", "utf8")
    assert stations() == own
