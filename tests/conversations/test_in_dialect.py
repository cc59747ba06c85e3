"""Whole grievances as people on a site, a scooter or a line tell them, with slips, doubts and changes of mind."""

from bot.cases.model import State
from bot.texts import intake as texts
from tests.conversations.conftest import House


async def test_a_site_whose_foreman_swallowed_the_wages(house: House) -> None:
    worker = house.worker()
    said = await worker.send("师傅你好，我们在沙市万达工地做事，包工头把我们18个人的工钱吞了，从3月份搞到现在一分冇得")
    assert texts.OFFER in said
    await worker.send("要得")
    assert "怎么解决" in await worker.click("真名")
    assert (await worker.send("不对，是19个人")).startswith(texts.CHANGED)
    await worker.send("把工钱结清就行")
    await worker.send("上一步")
    await worker.click("不改了")
    await worker.send("老王")
    summary = await worker.send("138 0716 2233")
    for told in ("万达工地", "3月份", "多少人：19", "把工钱结清", "老王", "13807162233", "沙市区总工会"):
        assert told in summary
    await worker.click("改一改")
    assert "多少人" in await worker.send("人数")
    await worker.send("20个")
    assert "登记好了" in await worker.click("提交")
    case = await worker.newest()
    assert (case.facts.people, case.facts.wish) == (20, "把工钱结清就行")


async def test_a_pregnant_worker_is_told_not_to_come_back_and_fears_being_known(house: House) -> None:
    worker = house.worker()
    assert texts.OFFER in await worker.send("我怀孕5个多月了，公司喊我莫来上班了，一分钱补偿都不给")
    await worker.send("好嘛")
    await worker.click("不留姓名")
    await worker.skip_to("请您看一遍", 哪家单位="十堰张湾的大洋超市", 什么时候="11月10号")
    assert texts.WHO_SEES in await worker.send("要是我单位晓得了咋办")
    assert "登记好了" in await worker.click("提交")
    case = await worker.newest()
    assert case.organization == "张湾区总工会"
    assert "晓得" not in case.facts.story


async def test_a_rider_in_the_heat_changes_their_mind_and_comes_back(house: House) -> None:
    worker = house.worker()
    await worker.send("热死个人，38度还叫我们送，站长说中暑了自己兜着，连瓶水都冇得")
    assert await house.storage.cases.of_chat(worker.channel, worker.chat) == [], "a figure of speech is no alarm"
    await worker.click("请工会帮我办")
    await worker.click("不留姓名")
    assert await worker.send("算了，不搞了") == texts.QUITTED
    await worker.send("/report 站长不给高温费，38度还叫我们送")
    await worker.send("匿名")
    await worker.skip_to("请您看一遍", 哪家单位="美团", 哪个市="随州", 多少人="七八个")
    await worker.send("提交")
    case = await worker.newest()
    assert (case.region, case.facts.employer) == ("随州", "美团")
    assert ("多少人", "七八个人") in case.facts.answers


async def test_two_workers_of_one_factory_are_offered_to_go_together_however_they_write_it(house: House) -> None:
    first, second, other = house.worker("1"), house.worker("2"), house.worker("3")
    for worker, employer in ((first, "沙市华美服装厂"), (second, "华美服装有限公司"), (other, "华美食品厂")):
        await worker.send(f"/report 老板三个月没发工资，在沙市的{employer}")
        await worker.send("匿名")
        await worker.skip_to("请您看一遍")
    assert "登记好了" in await first.send("提交")
    assert "愿意跟他们一起办吗" in await second.send("提交")
    assert "登记好了" in await second.send("愿意")
    assert "登记好了" in await other.send("提交")
    assert (await second.newest()).state is State.REGISTERED
