"""What a home has of unions and bodies otherwise than what ships."""

from datetime import date
from pathlib import Path

import pytest

from knowledge.entries import DirectoryError
from knowledge.organizations import (
    Body,
    Contact,
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
from knowledge.vocabulary import Category

DAY = date(2026, 11, 1)
CITY, COUNTY = "十堰市总工会", "郧西县总工会"
CALLED = Contact("0719-8000000", "某路1号", "工作日 9:00-17:00", "官网", DAY)
PARK = Organization("十堰某某园工会联合会", Level.COUNTY, "十堰", CITY, ("某某产业园",), source="批复", confirmed=DAY)


@pytest.fixture
def live(tmp_path: Path) -> Organizations:
    return load_organizations(home=tmp_path)


def enter(home: Path, **own: object) -> None:
    write_own(own_file(home), OwnEntries(**own))  # type: ignore[arg-type]


def owner(unions: Organizations, text: str, region: str | None = None) -> str:
    regions = regions_with(unions)
    found = unions.owner(region or next(iter(regions.mentioned(text)), None), regions.places(text))
    return found.name if found else ""


def test_what_is_written_is_read_as_the_same(tmp_path: Path) -> None:
    body = Body("inspection", "劳动监察", "欠薪", "12333", ("身份证",), source="官网", confirmed=DAY)
    retired = Organization(COUNTY, Level.COUNTY, "十堰", CITY, ("郧西",), retired=DAY, leaves=(Category.CULTURE,))
    own = OwnEntries((PARK, retired), (body,), {COUNTY: CALLED}, {"court": {CITY: CALLED}})
    write_own(own_file(tmp_path), own)
    assert read_own(own_file(tmp_path)) == own


def test_a_new_union_is_found_by_a_place_of_its_own_at_once(live: Organizations, tmp_path: Path) -> None:
    regions = regions_with(live)
    assert owner(live, "十堰某某产业园欠薪") == CITY
    assert regions.places("某某产业园") == ()
    enter(tmp_path, organizations=(PARK,))
    assert owner(live, "十堰某某产业园欠薪") == owner(live, "某某产业园欠薪") == PARK.name
    assert regions.mentioned("某某产业园") == ("十堰",)
    assert [each.name for each in live.chain(live.organizations[PARK.name])] == [PARK.name, CITY, "湖北省总工会"]


def test_one_without_a_place_takes_nobodys_region(live: Organizations, tmp_path: Path) -> None:
    enter(tmp_path, organizations=(Organization("十堰直属工会", Level.EMPLOYER, "十堰", CITY),))
    assert owner(live, "十堰") == CITY


def test_a_renamed_union_keeps_the_name_by_which_cases_know_it(live: Organizations, tmp_path: Path) -> None:
    enter(tmp_path, organizations=(Organization(COUNTY, Level.COUNTY, "十堰", CITY, ("郧西",), called="郧西市总工会"),))
    assert owner(live, "郧西") == COUNTY
    assert live.title(COUNTY) == "郧西市总工会"
    assert live.title("没有这家工会") == "没有这家工会"


def test_a_telephone_alone_leaves_the_entry_that_ships(live: Organizations, tmp_path: Path) -> None:
    before = live.organizations[COUNTY]
    enter(tmp_path, contacts={COUNTY: CALLED})
    after = live.organizations[COUNTY]
    assert (after.contact, after.places, after.parent) == (CALLED, before.places, before.parent)


def test_who_is_retired_takes_nothing_more_and_the_union_above_takes_its_places(
    live: Organizations, tmp_path: Path
) -> None:
    below = Organization("郧西某厂工会", Level.EMPLOYER, "十堰", COUNTY, ("郧西某某厂",))
    enter(tmp_path, organizations=(below,))
    assert owner(live, "郧西某某厂") == below.name
    gone = Organization(COUNTY, Level.COUNTY, "十堰", CITY, ("郧西",), retired=DAY)
    enter(tmp_path, organizations=(below, gone))
    assert owner(live, "郧西") == CITY
    assert [each.name for each in live.chain(live.organizations[below.name])] == [below.name, CITY, "湖北省总工会"]
    assert [each.name for each in live.chain(live.organizations[COUNTY])][:2] == [COUNTY, CITY]
    assert COUNTY in live.organizations
    assert COUNTY not in live.active


def test_who_cannot_act_on_a_matter_leaves_it_to_the_nearest_above(live: Organizations, tmp_path: Path) -> None:
    entry = Organization(COUNTY, Level.COUNTY, "十堰", CITY, ("郧西",), leaves=(Category.WORK_INJURY,))
    enter(tmp_path, organizations=(entry,))
    union = live.organizations[COUNTY]
    assert live.taker(union, Category.WORK_INJURY).name == CITY
    assert live.taker(union, Category.WAGE_ARREARS) is union


def test_a_body_is_found_where_the_nearest_union_says(live: Organizations, tmp_path: Path) -> None:
    court = live.bodies["court"]
    assert live.office(court, COUNTY) == Contact()
    enter(tmp_path, offices={"court": {CITY: CALLED, COUNTY: Contact()}})
    court = live.bodies["court"]
    assert live.office(court, COUNTY) == live.office(court, CITY) == CALLED
    assert live.office(court, "随州市总工会") == live.office(court, "没有这家工会") == Contact()
    assert court.takes == load_organizations().bodies["court"].takes


@pytest.mark.parametrize(
    ("own", "said"),
    [
        (OwnEntries((Organization("郧西县", Level.COUNTY),)), "no name of a union"),
        (OwnEntries((Organization(COUNTY, Level.COUNTY, "火星", CITY),)), "no region"),
        (OwnEntries((Organization(COUNTY, Level.COUNTY, None, CITY, ("郧西",)),)), "no region"),
        (OwnEntries((Organization(COUNTY, Level.COUNTY, "十堰", CITY, ("园区",)),)), "3 to 20"),
        (OwnEntries((Organization(COUNTY, Level.COUNTY, "十堰", CITY, ("武汉某某园",)),)), "not in its region"),
        (OwnEntries((Organization(COUNTY, Level.COUNTY, "十堰", CITY, ("随州某某园",)),)), "not in its region"),
        (OwnEntries((Organization("湖北省总工会", Level.PROVINCE, retired=DAY),)), "nobody stands above"),
        (OwnEntries((Organization("另一家工会", Level.COUNTY, "十堰", CITY, ("郧西",)),)), "both have 郧西"),
        (OwnEntries(contacts={"没有这家工会": CALLED}), "no organization"),
        (OwnEntries(offices={"nobody": {CITY: CALLED}}), "no body"),
        (OwnEntries(offices={"court": {"没有这家工会": CALLED}}), "no organization"),
        (OwnEntries((Organization(CITY, Level.CITY, "十堰", COUNTY),)), "above itself"),
    ],
)
def test_entries_that_do_not_fit_are_refused_and_what_was_right_holds(
    own: OwnEntries, said: str, live: Organizations, tmp_path: Path
) -> None:
    enter(tmp_path, contacts={COUNTY: CALLED})
    assert live.organizations[COUNTY].contact == CALLED
    write_own(own_file(tmp_path), own)
    assert live.organizations[COUNTY].contact == CALLED
    with pytest.raises(DirectoryError, match=said):
        load_organizations().having(read_own(own_file(tmp_path)))
