from dataclasses import replace
from pathlib import Path

from bot.notices.model import Kind
from bot.storage.seal import Seal
from bot.storage.storage import Storage
from knowledge.organizations import Level, Organization, OwnEntries, load_organizations, own_file, write_own
from tests.bot.cases import house
from tests.bot.fakes import Clock

PARK = Organization("荆州东城工业园工会", Level.COUNTY, "荆州市", "荆州市总工会", ("东城工业园",))


async def test_a_union_of_a_home_is_called_to_its_cases_by_its_name_of_today(tmp_path: Path) -> None:
    clock, unions = Clock(), load_organizations(home=tmp_path)
    clock.now = house.NOW
    url = f"sqlite:///{tmp_path / 'niangjia.db'}"
    async with Storage(url, Seal(b"s" * 32), organizations=unions, now=clock) as storage:
        for called in ("", "荆州高新区总工会"):
            write_own(own_file(tmp_path), OwnEntries((replace(PARK, called=called),)))
            content = replace(house.told_content(), organization=PARK.name)
            await storage.cases.apply([house.open_case(house.NOW, content)], house.NOW)
        shown = [each.notice for each in await storage.notices.shown([PARK.name]) if each.notice.kind is Kind.NEW_CASE]
    assert sorted((each.union, each.called) for each in shown) == [(PARK.name, ""), (PARK.name, "荆州高新区总工会")]
