"""Whoever wants what is another's meets the served bot: buttons forged or taken, guesses, and staff's commands."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot import texts
from bot.cases.model import State
from bot.desk.messenger import words as staff_words
from bot.desk.staff import Role
from bot.notices import words
from bot.texts import company, intake, mine
from knowledge.embedder import Embedder
from tests.bot.e2e.harm import DANGER, STORY, VERBS, Scene, case_in, guesses, receipt_in, reported, staged
from tests.bot.e2e.hiring import hiring, links
from tests.bot.e2e.serving import PATIENCE
from tests.bot.e2e.visitor import visiting
from tests.telegram_api import Message, Person

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def scene(tmp_path_factory: pytest.TempPathFactory, encoder: Embedder) -> AsyncIterator[Scene]:
    async with staged(tmp_path_factory.mktemp("hostile"), encoder) as opened:
        yield opened


# --- buttons of others ---


async def test_another_persons_case_cannot_be_reached_by_its_buttons_in_telegram(scene: Scene) -> None:
    victim, attacker = scene.telegram.person("小周"), scene.telegram.person("路人")
    case = case_in(await reported(victim))
    before = await scene.storage.cases.case(case)
    for verb in VERBS:
        action, _, about = verb.partition(":")
        scene.forges(attacker, ":".join(filter(None, ("case", action, case, about))))
        await attacker.taps("forged")
    for verb in ("settled", "unsettled"):
        scene.forges(attacker, f"{verb}:{case}")
        await attacker.taps("forged")
    await attacker.says("/my")
    await scene.telegram.sight.until(lambda: any(mine.NONE in told.text for told in attacker.heard), PATIENCE)
    heard = "".join(told.text for told in attacker.heard)
    assert heard.count(mine.GONE) == len(VERBS) + 2
    assert "押金" not in heard
    assert await scene.storage.cases.case(case) == before


async def test_another_persons_case_cannot_be_reached_by_its_buttons_on_the_page(scene: Scene) -> None:
    case = case_in(await reported(scene.telegram.person()))
    before = await scene.storage.cases.case(case)
    async with visiting(scene.bot.url) as attacker:
        for verb in ("export", "delete", "say"):
            assert mine.GONE in await attacker.says(action=f"case:{verb}:{case}")
        assert mine.GONE in await attacker.says(action=f"settled:{case}")
    assert await scene.storage.cases.case(case) == before


async def test_another_persons_open_form_cannot_be_handed_in_or_read(scene: Scene) -> None:
    victim, attacker = scene.telegram.person("小周"), scene.telegram.person("路人")
    await victim.says(f"/report {STORY}，在沙市的华美服装厂，从今年3月开始，就我一个人")
    consent = await victim.receives()
    count = len(await scene.cases())
    draft = str(consent.keyboard[0][0]["callback_data"]).rpartition(":")[0]
    for verb in ("named", "unnamed", "quit", "send", "edit:story", "say:x", "join", ""):
        scene.forges(attacker, f"{draft}:{verb}")
        await attacker.taps("forged")
        assert intake.NOTHING_OPEN in (await unforged(attacker)).text
    assert len(await scene.cases()) == count
    await victim.taps(intake.ANONYMOUS)
    assert "最希望" in (await victim.receives()).text, "theirs goes on"


async def unforged(person: Person) -> Message:
    """Return the next message that the bot wrote itself."""
    while (told := await person.receives(PATIENCE)).text == "…":
        pass
    return told


@pytest.mark.parametrize(
    "action",
    [":", "case", "case:show", "case::", "d:::::", "d:x", "src:1:９", "src:1:-1", "rate", "take:", "\u202e"],
)
async def test_a_button_that_nobody_made_breaks_nothing(scene: Scene, action: str) -> None:
    async with visiting(scene.bot.url) as attacker:
        assert texts.APOLOGY not in await attacker.says(action=action)
        assert await attacker.says("你好")


# --- receipts ---


async def test_guessing_receipts_comes_to_an_end_and_hurts_nobody_else(scene: Scene) -> None:
    victim, attacker = scene.telegram.person("小周"), scene.telegram.person("路人")
    right = receipt_in(await reported(victim))
    for wrong in guesses()[:5]:
        assert mine.UNKNOWN in (await attacker.asks(wrong)).text
    assert mine.TOO_MANY in (await attacker.asks(guesses()[6])).text
    assert mine.TOO_MANY in (await attacker.asks(right)).text, "not even a lucky guess"
    async with visiting(scene.bot.url) as victim_at_home:
        assert mine.HERE_TOO in await victim_at_home.says(right)


# --- staff ---


async def test_nobody_but_the_group_that_was_called_takes_an_emergency(scene: Scene) -> None:
    worker, attacker = scene.telegram.person("小周"), scene.telegram.person("路人")
    await worker.says(f"我在荆州，{DANGER}")
    while words.TAKE not in (call := await scene.staff.receives(PATIENCE)).labels:
        pass  # of other cases
    action = str(call.keyboard[0][0]["callback_data"])
    scene.forges(attacker, action)
    assert await (await attacker.taps("forged")).toast() == staff_words.NOT_LINKED
    assert await (await attacker.within(scene.staff.chat).taps(words.TAKE, on=call)).toast() == staff_words.NOT_LINKED
    async with visiting(scene.bot.url) as page:
        await page.says(action=action)
        assert words.TAKEN not in json.dumps(await page.replies(), ensure_ascii=False)
        for forged in (f"{action[:-1]}x", "x" * 43, "..%2f..", "%00"):
            assert (await page.client.get(f"/take/{forged}")).status_code == 404
            assert (await page.client.post(f"/take/{forged}")).status_code == 404
        abroad = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
        assert (await page.client.post("/take/x", headers=abroad)).status_code == 403
    (case,) = [case for case in await scene.cases() if case.state is State.EMERGENCY]
    assert not case.acknowledged
    async with hiring(scene.bot.url, scene.welcome, ("wang.fang", Role.CLERK, "荆州市总工会")) as desk:
        await links(desk["wang.fang"], scene.colleague)
    scene.forges(scene.colleague, action)
    assert await (await scene.colleague.taps("forged")).toast() == staff_words.OLD_BUTTON, "taken from another chat"
    assert await (await scene.staff.taps(words.TAKE, on=call)).toast() == words.TAKEN


@pytest.mark.parametrize("command", ["/claim JZ-2026-000001", "/staff", "/admin", "/close", "/assign 1 2", "/TAKE x"])
async def test_a_worker_has_no_commands_of_staff(scene: Scene, command: str) -> None:
    attacker = scene.telegram.person("路人")
    before = {case.id: case.seen for case in await scene.cases()}
    told = await attacker.asks(command)
    assert "JZ-" not in told.text.replace(command, "")
    assert {case.id: case.seen for case in await scene.cases()} == before


# --- danger told in a group ---


async def test_the_way_out_of_a_group_is_open_to_whoever_told_of_danger_and_to_nobody_else(scene: Scene) -> None:
    group, worker, boss = scene.telegram.group("工友群"), scene.telegram.person("小周"), scene.telegram.person("老板")
    there = worker.within(group)
    await there.says(f"@{scene.telegram.bot['username']} 在荆州，{DANGER}")
    assert "120" in (await there.receives(PATIENCE)).text
    ((button,),) = (await there.receives(PATIENCE)).keyboard
    start = f"/start {button['url'].partition('?start=')[2]}"
    assert (await boss.asks(start)).text == company.NOT_CARRIED
    carried = await worker.asks(start)
    assert "接上了" in carried.text
    await worker.says("在纸箱厂三楼，电话 13800138000")
    assert (await worker.receives(PATIENCE)).text
    heard = "".join(message.text for message in scene.telegram.world.said_by_bot(group)).replace(" ", "")
    assert receipt_in(carried) not in heard and "三楼" not in heard
