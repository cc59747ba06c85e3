from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.entries import DirectoryError
from knowledge.parameters import (
    PARAMETERS_FILE,
    LocalValue,
    Parameter,
    Parameters,
    follow_parameters,
    load_parameters,
    read_values,
    write_values,
)
from knowledge.regions import load_regions

DAY = date(2026, 11, 1)
CONFIRMED = LocalValue("荆州市", Decimal(2000), date(2026, 1, 1), None, "某文件", date(2026, 2, 1))


def parameters(*values: LocalValue) -> Parameters:
    return Parameters([Parameter("wage", "工资", "元/月", "12333", values)], load_regions())


def test_what_ships_gives_out_no_value_and_says_whom_to_ask() -> None:
    shipped = load_parameters()
    entries = list(shipped)
    assert entries
    for parameter in entries:
        assert parameter.ask
        assert all(shipped.value(parameter.id, region, DAY) is None for region in load_regions().regions)


def test_a_confirmed_value_holds_for_the_region_and_those_within_it() -> None:
    assert parameters(CONFIRMED).value("wage", "荆州市", DAY) == CONFIRMED
    assert parameters(CONFIRMED).value("wage", "荆州城发", DAY) == CONFIRMED
    assert parameters(CONFIRMED).value("wage", "十堰", DAY) is None
    assert parameters(CONFIRMED).value("wage", None, DAY) is None


@pytest.mark.parametrize(
    "value",
    [
        LocalValue("荆州市", None, date(2026, 1, 1), None, "某文件", date(2026, 2, 1)),
        LocalValue("荆州市", Decimal(2000), date(2026, 1, 1), None, "某文件", None),
        LocalValue("荆州市", Decimal(2000), date(2026, 1, 1), None, None, date(2026, 2, 1)),
        LocalValue("荆州市", Decimal(2000), None, None, "某文件", date(2026, 2, 1)),
    ],
    ids=["no value", "not confirmed", "no source", "no date"],
)
def test_an_unconfirmed_value_is_never_given_out(value: LocalValue) -> None:
    assert parameters(value).value("wage", "荆州市", DAY) is None


def test_the_value_of_the_day_is_given() -> None:
    old = LocalValue("荆州市", Decimal(1800), date(2024, 1, 1), date(2026, 1, 1), "旧文件", date(2024, 2, 1))
    both = parameters(old, CONFIRMED)
    assert both.value("wage", "荆州市", date(2025, 12, 31)) == old
    assert both.value("wage", "荆州市", date(2026, 1, 1)) == CONFIRMED
    assert both.value("wage", "荆州市", date(2023, 12, 31)) is None


def test_a_regions_own_value_comes_before_the_provinces() -> None:
    province = LocalValue(None, Decimal(1900), date(2026, 3, 1), None, "省文件", date(2026, 3, 2))
    both = parameters(province, CONFIRMED)
    assert both.value("wage", "荆州城发", DAY) == CONFIRMED
    assert both.value("wage", "随州", DAY) == province


def test_an_unknown_parameter_is_an_error_and_not_a_missing_value() -> None:
    with pytest.raises(DirectoryError, match="rent"):
        parameters().value("rent", "随州", DAY)


def test_a_value_for_a_place_that_is_no_region_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "parameters.yaml"
    file.write_text(
        "parameters:\n  - {id: a, name: 甲, unit: 元, ask: '12333', values: [{region: 某地, value: 1}]}\n", "utf8"
    )
    with pytest.raises(DirectoryError, match="某地"):
        load_parameters(file)


def test_what_a_home_has_confirmed_is_given_out_and_the_shipped_file_stays_as_it_is(tmp_path: Path) -> None:
    shipped = PARAMETERS_FILE.read_bytes()
    tenth = LocalValue("随州", Decimal("0.10"), date(2026, 1, 1), date(2027, 1, 1), "另一文件", date(2026, 2, 1))
    write_values(tmp_path, {"minimum-wage-month": (CONFIRMED,), "hot-weather-allowance": (tenth,)})
    at_home = load_parameters(home=tmp_path)
    assert at_home.value("minimum-wage-month", "荆州市", DAY) == CONFIRMED
    assert str(at_home.value("hot-weather-allowance", "随州", DAY)) == str(tenth)
    write_values(tmp_path, {"minimum-wage-month": ()})
    assert load_parameters(home=tmp_path).value("minimum-wage-month", "荆州市", DAY) is None
    assert load_parameters().value("minimum-wage-month", "荆州市", DAY) is None
    assert PARAMETERS_FILE.read_bytes() == shipped


def test_a_value_that_a_home_confirms_holds_at_once_and_outlives_a_file_that_is_wrong(tmp_path: Path) -> None:
    parameters = follow_parameters(tmp_path)
    assert parameters().value("minimum-wage-month", "荆州市", DAY) is None
    write_values(tmp_path, {"minimum-wage-month": (CONFIRMED,)})
    assert parameters().value("minimum-wage-month", "荆州市", DAY) == CONFIRMED
    (file,) = (tmp_path / "directory").iterdir()
    file.write_text("values: {minimum-wage-month: [{region: 某地}]}", "utf8")
    assert parameters().value("minimum-wage-month", "荆州市", DAY) == CONFIRMED
    file.unlink()
    assert parameters().value("minimum-wage-month", "荆州市", DAY) is None


def test_a_home_without_values_has_none_and_one_for_a_place_that_is_no_region_is_refused(tmp_path: Path) -> None:
    assert read_values(tmp_path) == {}
    write_values(tmp_path, {"a": (LocalValue("某地", Decimal(1)),)})
    with pytest.raises(DirectoryError, match="某地"):
        read_values(tmp_path)
