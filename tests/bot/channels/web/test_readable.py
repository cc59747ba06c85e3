"""The page for everybody: with the keyboard, read out, in light and dark, in large type, without motion."""

import pytest
from playwright.async_api import expect

from tests.bot.browsing import Visits, assert_fine
from tests.bot.channels.web.looks import SIZES, TARGETS, UNNAMED, ask, assert_readable, fits

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser]


async def test_everything_can_be_done_with_the_keyboard(visits: Visits) -> None:
    async with visits.page(1280, 860) as page:
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name="直接去提问")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("写下您的问题")).to_be_focused()
        await page.keyboard.type("第一行")
        await page.keyboard.press("Shift+Enter")
        await page.keyboard.type("第二行")
        await page.keyboard.press("Enter")
        source = page.get_by_role("link", name="《劳动合同法》第八十五条")
        await expect(source).to_be_visible()
        await expect(page.locator(".you .bubble")).to_have_text("第一行\n第二行")
        await expect(page.get_by_label("写下您的问题")).to_be_focused()
        for _ in range(12):
            await page.keyboard.press("Shift+Tab")
            if await source.evaluate("each => each === document.activeElement"):
                break
        await expect(source).to_be_focused()
        assert await source.evaluate("each => getComputedStyle(each).outlineStyle") == "solid"
        await page.keyboard.press("Enter")
        await expect(page.locator("#quote")).to_be_in_viewport()
        await page.go_back()
        await expect(source).to_be_visible()

        settings = page.locator("summary", has_text="设置")
        await settings.focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("radio", name="特大")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("radio", name="特大")).to_be_hidden()
        await expect(settings).to_be_focused()


async def test_a_screen_reader_finds_its_way(visits: Visits) -> None:
    async with visits.page() as page:
        await ask(page)
        log = page.get_by_role("log", name="对话")
        await expect(log).to_have_attribute("aria-live", "polite")
        await expect(log).to_contain_text("娘家说：")
        await expect(log).to_contain_text("您说：")
        await expect(page.get_by_role("group", name="依据").get_by_role("link")).to_have_count(2)
        await expect(page.get_by_role("main")).to_have_count(1)
        await expect(page.get_by_role("heading", level=1)).to_have_count(1)
        assert await page.evaluate("document.documentElement.lang") == "zh-CN"
        assert await page.evaluate(UNNAMED) == []
        await assert_fine(page)
        await page.get_by_role("link", name="《劳动合同法》第八十五条").click()
        await expect(page.locator("#quote")).to_be_in_viewport()
        await assert_fine(page)
        await page.goto("/nowhere")
        await assert_fine(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_text_can_be_read_in_light_and_dark(visits: Visits, scheme: str, width: int, height: int) -> None:
    async with visits.page(width, height, color_scheme=scheme, reduced_motion="reduce") as page:
        await ask(page)
        source = page.get_by_role("link", name="《劳动合同法》第八十五条")
        await expect(source).to_be_visible()
        await page.locator("summary", has_text="设置").click()
        await assert_readable(page)
        await source.click()
        await expect(page.locator("#quote")).to_be_in_viewport()
        await assert_readable(page)
        dark = await page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(26, 23, 21)"
        assert dark == (scheme == "dark")


async def test_the_chosen_colours_win_over_the_systems_and_are_remembered(visits: Visits) -> None:
    async with visits.page(color_scheme="light") as page:
        await page.locator("summary", has_text="设置").click()
        await page.get_by_role("radio", name="深色").check()
        background = "getComputedStyle(document.body).backgroundColor"
        assert await page.evaluate(background) == "rgb(26, 23, 21)"
        await page.reload()
        assert await page.evaluate(background) == "rgb(26, 23, 21)"
        await page.locator("summary", has_text="设置").click()
        await expect(page.get_by_role("radio", name="深色")).to_be_checked()
        await page.get_by_role("radio", name="自动").check()
        assert await page.evaluate(background) == "rgb(247, 243, 236)"


@pytest.mark.parametrize("name", ["大", "特大"])
@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_large_type_is_remembered_and_nothing_runs_off_the_page(visits: Visits, name: str, width: int) -> None:
    async with visits.page(width, 700) as page:
        size = "parseFloat(getComputedStyle(document.body).fontSize)"
        before = await page.evaluate(size)
        await page.locator("summary", has_text="设置").click()
        await page.get_by_role("radio", name=name, exact=True).check()
        await expect(page.get_by_role("button", name="发送")).to_be_in_viewport(ratio=1)
        await page.reload()
        assert await page.evaluate(size) >= before * (1.17 if name == "大" else 1.4)
        assert await fits(page)
        await ask(page)
        await expect(page.get_by_role("button", name="没帮上")).to_be_visible()
        assert await fits(page)
        await page.get_by_role("link", name="《劳动合同法》第八十五条").click()
        await expect(page.locator("#quote")).to_be_in_viewport()
        assert await fits(page)
        assert await page.evaluate(size) > before


@pytest.mark.parametrize("width", [320, 390, 1280])
async def test_what_one_taps_is_large_enough(visits: Visits, width: int) -> None:
    async with visits.page(width, 700) as page:
        await ask(page)
        await expect(page.get_by_role("button", name="没帮上")).to_be_visible()
        await page.locator("summary", has_text="设置").click()
        targets = await page.evaluate(TARGETS)
        assert len(targets) > 15
        assert [target for target in targets if target[1] < 44 or target[2] < 44] == []


async def test_who_wants_no_motion_sees_none(visits: Visits) -> None:
    async with visits.page(reduced_motion="reduce") as page:
        assert await page.evaluate("getComputedStyle(document.querySelector('.typing i')).animationName") == "none"
    async with visits.page() as page:
        assert await page.evaluate("getComputedStyle(document.querySelector('.typing i')).animationName") == "beat"


async def test_a_phone_lying_down_shows_the_conversation_and_little_else(visits: Visits) -> None:
    async with visits.page(844, 390) as page:
        await ask(page)
        await expect(page.get_by_text("拖欠工资是违法的").first).to_be_in_viewport()
        await expect(page.locator(".bar")).not_to_be_in_viewport()
        box = await page.locator(".composer").bounding_box()
        assert box is not None
        assert box["height"] < 390 / 3
