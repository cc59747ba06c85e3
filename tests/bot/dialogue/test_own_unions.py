"""What a home changes of its unions is what workers are told, from the next message on."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot.notices.model import Kind, Notice
from bot.notices.words import message
from bot.triage.triager import load_triager
from knowledge.organizations import Contact, Level, Organization, OwnEntries, load_organizations, own_file, write_own
from knowledge.regions import Region
from tests.bot.talk import Talk

DAY, CITY = date(2026, 11, 1), "十堰市总工会"
PARK = Organization("十堰东城工业园工会联合会", Level.COUNTY, "十堰", CITY, ("东城工业园",))


@pytest.fixture
def talk(tmp_path: Path) -> Talk:
    return Talk(organizations=load_organizations(home=tmp_path), triaging=load_triager(tmp_path))


async def report(talk: Talk, story: str, employer: str = "某某电子厂") -> str:
    await talk.send("/report")
    await talk.click("不留姓名")
    await talk.send(story)
    await talk.skip_to("请您看一遍", 哪家单位=employer)
    return await talk.click("提交")


async def test_a_matter_reaches_a_new_union_and_the_worker_its_newest_telephone(talk: Talk, tmp_path: Path) -> None:
    for telephone in ("0719-8000001", "0719-8000002"):
        contacts = {PARK.name: Contact(telephone, source="官网", confirmed=DAY)}
        write_own(own_file(tmp_path), OwnEntries((PARK,), contacts=contacts))
        said = await report(talk, "我在东城工业园的厂里上班，老板三个月没发工资", f"某某{telephone[-1]}号厂")
        assert f"已经交给{PARK.name}（电话 {telephone}）" in said
        assert (await talk.newest()).organization == PARK.name
    assert f"经办：{PARK.name}（电话 0719-8000002）" in await talk.click("看进度")


async def test_who_is_renamed_or_retired_is_told_by_the_name_of_today(talk: Talk, tmp_path: Path) -> None:
    write_own(own_file(tmp_path), OwnEntries((PARK,)))
    story = "我在东城工业园的厂里上班，老板三个月没发工资"
    await report(talk, story)
    renamed = replace(PARK, called="十堰高新区总工会")
    write_own(own_file(tmp_path), OwnEntries((renamed,)))
    assert "经办：十堰高新区总工会" in await talk.click("看进度")
    write_own(own_file(tmp_path), OwnEntries((replace(PARK, retired=DAY),)))
    assert f"已经交给{CITY}" in await report(talk, story, "别的厂")


async def test_who_chooses_a_union_reads_the_names_of_today(talk: Talk, tmp_path: Path) -> None:
    for name in ("十堰新市总工会", "十堰大市总工会"):
        renamed = Organization(CITY, Level.CITY, "十堰", "湖北省总工会", called=name)
        write_own(own_file(tmp_path), OwnEntries((renamed,)))
        await talk.send("/region")
        assert name in await talk.click(name)
        assert name in await talk.send(f"/region {name}")


async def test_a_new_region_is_chosen_and_served_as_soon_as_it_has_a_union(talk: Talk, tmp_path: Path) -> None:
    region = Region("黄石", names=("黄石市", "大冶"), letters="HS")
    union = Organization("黄石市总工会", Level.CITY, "黄石", "湖北省总工会")
    write_own(own_file(tmp_path), OwnEntries(regions=(region,)))
    said = await report(talk, "我在大冶的厂里上班，老板三个月没发工资")
    assert "湖北省总工会" in said
    write_own(own_file(tmp_path), OwnEntries((union,), regions=(region,)))
    await talk.send("/region")
    assert "黄石市总工会" in await talk.click("黄石市总工会")
    said = await report(talk, "我在大冶的厂里上班，老板三个月没发工资", "别的厂")
    assert "已经交给黄石市总工会" in said
    case = await talk.newest()
    assert (case.organization, case.region) == (union.name, "黄石")
    write_own(own_file(tmp_path), OwnEntries((replace(union, retired=DAY),), regions=(replace(region, retired=DAY),)))
    await talk.send("/region")
    assert [label for label in talk.labels if "工会" in label][-1] == "随州市总工会"


def test_a_notice_names_a_union_as_it_is_called_now() -> None:
    told = message(Notice(Kind.NEW_CASE, PARK.name, called="十堰高新区总工会"), None, None)
    assert "工会：十堰高新区总工会" in told
    assert PARK.name not in told
