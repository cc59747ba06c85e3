from collections import Counter
from pathlib import Path

import pytest

from knowledge.entries import DirectoryError
from knowledge.organizations import Level, Organization, Organizations, load_organizations
from knowledge.regions import load_regions


@pytest.fixture
def organizations() -> Organizations:
    return load_organizations()


def names(organizations: Organizations, region: str | None, text: str = "") -> list[str]:
    owner = organizations.owner(region, load_regions().places(text))
    return [organization.name for organization in organizations.chain(owner)] if owner else []


def test_every_region_has_a_union_of_the_name_that_regions_gives_it(organizations: Organizations) -> None:
    for region in load_regions().regions.values():
        owner = organizations.owner(region.id)
        assert owner is not None
        assert owner.name == region.union


def test_a_city_has_its_counties_and_districts(organizations: Organizations) -> None:
    counties = Counter(o.region for o in organizations.organizations.values() if o.level is Level.COUNTY)
    assert counties == {"荆州市": 8, "十堰": 8, "随州": 4}


def test_a_matter_goes_up_from_the_county_to_the_province(organizations: Organizations) -> None:
    assert names(organizations, "荆州市", "我在沙市上班") == ["沙市区总工会", "荆州市总工会", "湖北省总工会"]


def test_an_employers_union_stands_under_its_citys(organizations: Organizations) -> None:
    assert names(organizations, "荆州城发") == ["荆州城发集团工会", "荆州市总工会", "湖北省总工会"]


def test_a_place_of_another_region_does_not_move_the_matter_there(organizations: Organizations) -> None:
    assert names(organizations, "十堰", "原来在广水做过") == ["十堰市总工会", "湖北省总工会"]


def test_a_place_alone_is_enough(organizations: Organizations) -> None:
    assert names(organizations, None, "丹江的厂")[0] == "丹江口市总工会"


def test_who_has_not_said_where_they_are_has_no_owner_yet(organizations: Organizations) -> None:
    assert organizations.owner(None) is None


def test_a_union_names_a_department_as_it_calls_it_and_its_office_where_it_has_none(
    organizations: Organizations,
) -> None:
    union = organizations.organizations["荆州城发集团工会"]
    assert organizations.department(union, "women") == "女职工委员会"
    assert organizations.department(union, "safety") == "工会办公室"
    assert organizations.department(organizations.organizations["十堰市总工会"], "safety") == "劳动安全监督"


def test_a_parent_that_is_no_organization_is_refused() -> None:
    with pytest.raises(DirectoryError, match="乙"):
        Organizations([Organization("甲", Level.CITY, parent="乙")])


def test_an_organization_above_itself_is_refused() -> None:
    with pytest.raises(DirectoryError, match="above itself"):
        Organizations([Organization("甲", Level.CITY, parent="乙"), Organization("乙", Level.CITY, parent="甲")])


def test_a_misspelt_field_is_named_with_its_file_and_place(tmp_path: Path) -> None:
    file = tmp_path / "organizations.yaml"
    file.write_text(
        "hotlines: []\ndepartments: []\nbodies: []\norganizations:\n  - {name: 甲, level: 市级, parrent: 乙}\n", "utf8"
    )
    with pytest.raises(DirectoryError, match=r"organizations\.yaml, organizations\.0\.parrent"):
        load_organizations(file)


def test_a_place_that_no_region_knows_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "organizations.yaml"
    file.write_text(
        "hotlines: []\ndepartments: []\nbodies: []\n"
        "organizations:\n  - {name: 甲, level: 县级, region: 随州, places: [某地]}\n",
        "utf8",
    )
    with pytest.raises(DirectoryError, match="某地"):
        load_organizations(file)
