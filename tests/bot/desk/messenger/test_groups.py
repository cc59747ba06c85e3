"""What happens to the group itself."""

from pathlib import Path

from bot.desk.messenger import staffroom, words
from bot.notices import words as notices
from bot.storage.tables import Status
from tests.bot.desk.messenger.house import UNION, housing, worker
from tests.bot.fakes import eventually


async def test_a_group_that_becomes_a_supergroup_goes_on_with_buttons_of_its_own(tmp_path: Path) -> None:
    async with housing(tmp_path) as house:
        staff, person = await house.colleague("mover")
        supergroup = house.api.upgrade(house.group)
        case = await house.opened(worker(house))
        call = await house.told(case, chat=supergroup)
        assert await (await person.within(supergroup).taps(notices.CLAIM, on=call)).toast() == words.CLAIMED
        assert (await house.again(case)).handler == staff.id
        await house.api.sight.until(lambda: call.edits)


async def test_a_group_is_told_the_number_by_which_the_roster_calls_it(tmp_path: Path) -> None:
    async with housing(tmp_path) as house:
        person = house.api.person("小王")
        told = await person.within(house.group).asks(staffroom.GROUP)
        assert str(house.group.id) in told.text and "值班" in told.text
        assert str(person.chat.id) not in (await person.asks(staffroom.GROUP)).text, "which is no group"


async def test_a_group_that_put_the_bot_out_leaves_dead_letters_and_the_desk_still_knows(tmp_path: Path) -> None:
    async with housing(tmp_path) as house:
        house.group.blocked = True
        case = await house.opened(worker(house))

        async def dead() -> bool:
            return (await house.storage.notices.counts()).get(Status.FAILED, 0) == 1

        await eventually(dead)
        assert [each.notice.case for each in await house.storage.notices.shown([UNION])] == [case.number]
