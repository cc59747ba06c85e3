"""Regions that a home adds, changes and gives up, over real files."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from knowledge.entries import DirectoryError
from knowledge.organizations import (
    Level,
    Organization,
    Organizations,
    OwnEntries,
    load_organizations,
    own_file,
    read_own,
    regions_with,
    write_own,
)
from knowledge.own_regions import together
from knowledge.parameters import LocalValue, load_parameters, write_values
from knowledge.regions import Region, Regions, load_regions
from knowledge.stations import Station, load_stations, stations_file, write_stations

PROVINCE = "湖北省总工会"
CITY = Region("黄石", names=("黄石市", "大冶", "铁山区"), letters="HS", source="通知", confirmed=date(2026, 11, 1))
ZONE = Region("荆州开发区", names=("荆州经开区",), parent="荆州市", letters="JZK")
UNION = Organization("黄石市总工会", Level.CITY, "黄石", PROVINCE)


@pytest.fixture
def live(tmp_path: Path) -> Organizations:
    return load_organizations(home=tmp_path)


@pytest.fixture
def regions(live: Organizations) -> Regions:
    return regions_with(live)


def keep(home: Path, *regions: Region, unions: tuple[Organization, ...] = ()) -> None:
    write_own(own_file(home), OwnEntries(organizations=unions, regions=regions))


def owner(live: Organizations, region: str) -> str:
    found = live.owner(region)
    assert found is not None
    return found.name


def test_a_city_that_was_elsewhere_is_served_as_soon_as_it_is_entered(
    tmp_path: Path, live: Organizations, regions: Regions
) -> None:
    assert regions.elsewhere("我在黄石上班") == ("黄石",)
    keep(tmp_path, CITY)
    assert regions.mentioned("我在大冶上班，家在黄石") == ("黄石",)
    assert regions.elsewhere("我在黄石上班") == ()
    assert regions.regions["黄石"].letters == "HS"
    assert regions.elsewhere("我在武汉上班") == ("武汉",)


def test_until_a_region_has_a_union_of_its_own_the_one_above_takes_its_matters_and_nobody_chooses_it(
    tmp_path: Path, live: Organizations, regions: Regions
) -> None:
    keep(tmp_path, CITY, ZONE)
    assert (owner(live, "黄石"), owner(live, "荆州开发区")) == (PROVINCE, "荆州市总工会")
    assert [region.id for region in regions.offered] == list(load_regions().regions)
    keep(tmp_path, CITY, ZONE, unions=(UNION,))
    assert owner(live, "黄石") == "黄石市总工会"
    assert regions.offered[-1].union == "黄石市总工会"
    renamed = replace(UNION, called="黄石工会总会")
    keep(tmp_path, CITY, ZONE, unions=(renamed,))
    assert regions.offered[-1].union == "黄石工会总会"


def test_what_both_call_by_one_name_is_the_inner_region_until_that_is_retired(tmp_path: Path, regions: Regions) -> None:
    assert regions.mentioned("荆州开发区的厂") == ("荆州市",)
    keep(tmp_path, ZONE)
    assert regions.mentioned("荆州开发区的厂") == ("荆州开发区",)
    assert regions.lineage("荆州开发区") == ("荆州开发区", "荆州市")
    assert regions.admits("荆州开发区", ("荆州市",))
    assert not regions.admits("荆州市", ("荆州开发区",))
    keep(tmp_path, replace(ZONE, retired=date(2026, 11, 2)))
    assert regions.mentioned("荆州经开区的厂") == ("荆州市",)
    assert regions.lineage("荆州开发区") == ("荆州开发区", "荆州市"), "who chose it is still answered"


def test_a_region_that_ships_may_have_more_names_and_keeps_its_union(tmp_path: Path, regions: Regions) -> None:
    shipped = load_regions().regions["随州"]
    keep(tmp_path, replace(shipped, union="", names=(*shipped.names, "淅河镇")))
    assert regions.mentioned("在淅河镇上班") == ("随州",)
    assert regions.regions["随州"].union == "随州市总工会"


def test_stations_and_amounts_of_a_new_region_are_taken(tmp_path: Path) -> None:
    keep(tmp_path, CITY)
    station = Station("团城山驿站", "工会驿站", "黄石", "通知", "某路1号")
    write_stations(stations_file(tmp_path), [station])
    assert load_stations(home=tmp_path) == (station,)
    day = date(2026, 11, 21)
    write_values(tmp_path, {"minimum-wage-month": (LocalValue("黄石", Decimal(2100), day, None, "通知", day),)})
    found = load_parameters(home=tmp_path).value("minimum-wage-month", "黄石", day)
    assert found is not None
    assert found.value == Decimal(2100)


@pytest.mark.parametrize(
    ("region", "said"),
    [
        (replace(CITY, names=("港",)), "3 to 20"),
        (replace(CITY, letters="hs"), "capitals"),
        (replace(CITY, parent="没有"), "no region"),
        (replace(CITY, parent="黄石"), "lies in itself"),
    ],
)
def test_what_does_not_fit_is_refused_and_what_held_before_holds(tmp_path: Path, region: Region, said: str) -> None:
    live = load_organizations(home=tmp_path)
    keep(tmp_path, ZONE)
    assert "荆州开发区" in live.known.regions
    keep(tmp_path, region)
    with pytest.raises(DirectoryError, match=said):
        read_own(own_file(tmp_path))
    assert "荆州开发区" in live.known.regions


def test_regions_written_are_read_as_the_same(tmp_path: Path) -> None:
    keep(tmp_path, CITY, ZONE)
    assert read_own(own_file(tmp_path)).regions == (CITY, ZONE)
    assert together(()).regions == load_regions().regions
