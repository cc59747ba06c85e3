"""The way to an identity provider and back: once, soon, and only by the browser that set out."""

from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from bot.desk.credentials import digest
from bot.desk.journeys import LIFE
from bot.storage.staff_tables import staff_journeys
from tests.bot.desk.coming_in import BACK, joined, sets_out
from tests.bot.desk.identity_provider import FakeProvider
from tests.bot.desk.office import Office

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_way_back_leads_in_once_soon_and_only_the_browser_that_set_out(
    bound: Office, provider: FakeProvider
) -> None:
    await joined(bound, provider, "traveller")
    browser = bound.browser()
    back = await sets_out(browser)
    thief = bound.browser()
    await thief.opens("/desk/login")
    await thief.opens(back)
    assert "隔得太久，或者已经用过" in thief.text, "another browser"
    await browser.opens(back)
    assert "已经用过" in browser.text, "what was tried elsewhere is void"
    await browser.opens(await sets_out(browser))
    assert "traveller同志" in browser.text
    for replayed in (back, BACK, f"{BACK}?state=x&code=y"):
        again = bound.browser()
        assert (await again.opens(replayed)).status_code == 422
    slow = bound.browser()
    late = await sets_out(slow)
    bound.clock.forward(seconds=LIFE.total_seconds())
    await slow.opens(late)
    assert "隔得太久" in slow.text
    await sets_out(bound.browser())
    bound.clock.forward(seconds=LIFE.total_seconds() + 1)
    assert await bound.storage.journeys.sweep() > 0
    assert await bound.storage.journeys.sweep() == 0


async def test_of_a_journey_only_the_digest_of_its_state_is_kept(bound: Office, provider: FakeProvider) -> None:
    state = parse_qs(urlsplit(await sets_out(bound.browser())).query)["state"][0]
    kept = [row.state for row in await bound.storage.database.read(select(staff_journeys))]
    assert digest(state) in kept
    assert state not in kept
