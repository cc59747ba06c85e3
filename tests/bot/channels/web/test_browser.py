"""The page as people use it, in a real Chromium."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Request, Route, expect

from bot import texts
from bot.answers.model import Answer, AnswerStatus
from tests.bot.browsing import Visits
from tests.bot.channels.web.looks import QUESTION, SIZES, ask
from tests.bot.channels.web.site import ARREARS, Site

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser]


@pytest.mark.parametrize(("width", "height"), SIZES)
async def test_a_worker_asks_reads_the_source_and_comes_back(
    site: Site, visits: Visits, width: int, height: int, tmp_path: Path
) -> None:
    async with visits.page(width, height) as page:
        await page.screenshot(path=tmp_path / f"first-{width}.png")
        site.script.free.clear()
        await ask(page)
        log = page.get_by_role("log")
        await expect(log).to_contain_text(QUESTION)
        await expect(page.get_by_text("正在帮您查……")).to_be_in_viewport()
        await page.evaluate("window.stayed = true")
        site.script.free.set()
        await expect(log).to_contain_text("先留证据")
        assert await page.evaluate("window.stayed")  # the answer came by the stream, not with a new page
        await expect(page.get_by_text("正在帮您查……")).to_have_count(0)
        await page.screenshot(path=tmp_path / f"answer-{width}.png")

        await page.get_by_role("link", name="《劳动合同法》第八十五条").click()
        quote = page.locator("#quote")
        await expect(quote).to_be_in_viewport(ratio=1)
        assert (await quote.inner_text()).endswith(ARREARS.split("\n")[0])
        await expect(page.get_by_role("heading", name="第七章 法律责任")).to_have_count(1)
        await expect(page.get_by_text("第八十四条", exact=False).first).to_be_visible()
        colour = "getComputedStyle(document.querySelector('#quote')).backgroundColor"
        assert await page.evaluate(colour) == "rgb(255, 231, 160)"
        await page.screenshot(path=tmp_path / f"source-{width}.png")

        await page.get_by_role("link", name="回到对话").click()
        await expect(page.get_by_text("拖欠工资是违法的").first).to_be_in_viewport()
        assert "#r" in page.url


async def test_the_enter_that_ends_a_composition_sends_nothing(site: Site, visits: Visits) -> None:
    async with visits.page(1280, 860) as page:
        field = page.get_by_label("写下您的问题")
        await field.fill("老板拖欠")
        for composing in ({"isComposing": True}, {"keyCode": 229}):  # as Chromium tells it, and as Safari does
            await field.dispatch_event("keydown", {"key": "Enter", **composing})
        await expect(field).to_have_value("老板拖欠")
        await field.press_sequentially("工资")
        await field.press("Enter")
        await expect(page.get_by_role("log")).to_contain_text("先留证据")
    assert [question for question, _ in site.script.asked] == ["老板拖欠工资"]


async def test_a_slow_line_is_told_of(visits: Visits) -> None:
    async with visits.page() as page:
        free = asyncio.Event()

        async def slowly(route: Route) -> None:
            await free.wait()
            await route.continue_()

        await page.route("**/chat/messages", slowly)
        await ask(page)
        await expect(page.get_by_text("网络有点慢，正在发")).to_be_visible()
        free.set()
        await expect(page.get_by_role("log")).to_contain_text("先留证据")
        await expect(page.get_by_text("网络有点慢，正在发")).to_have_count(0)


async def test_what_was_written_without_a_line_goes_out_when_it_is_back(site: Site, visits: Visits) -> None:
    async with visits.page() as page:
        await page.context.set_offline(True)
        await ask(page)
        await expect(page.get_by_text("网络不通，已经存好")).to_be_visible()
        await expect(page.get_by_role("button", name="现在重发")).to_be_visible()
        await page.context.set_offline(False)
        await expect(page.get_by_role("log")).to_contain_text("先留证据")
        await expect(page.get_by_role("button", name="现在重发")).to_have_count(0)
        await expect(page.locator(".you")).to_have_count(1)
    assert [question for question, _ in site.script.asked] == [QUESTION]


async def test_what_was_written_without_a_line_outlives_its_page(site: Site, visits: Visits) -> None:
    async with visits.context() as context:
        page = await context.new_page()
        await page.goto("/")
        await context.set_offline(True)
        await ask(page)
        await expect(page.get_by_text("网络不通，已经存好")).to_be_visible()
        await page.close()
        await context.set_offline(False)
        page = await context.new_page()
        await page.goto("/")
        await expect(page.get_by_role("log")).to_contain_text("先留证据")
        await expect(page.locator(".you")).to_have_count(1)
    assert [question for question, _ in site.script.asked] == [QUESTION]


async def test_a_message_whose_receipt_was_lost_is_still_one_message(site: Site, visits: Visits) -> None:
    async with visits.page() as page:
        lost = 0

        async def lose_the_first_receipt(route: Route) -> None:
            nonlocal lost
            if lost:
                return await route.continue_()
            lost += 1
            await route.fetch()
            return await route.abort()

        await page.route("**/chat/messages", lose_the_first_receipt)
        await ask(page)
        await expect(page.get_by_role("log")).to_contain_text("先留证据")
        await page.reload()
        await expect(page.locator(".you")).to_have_count(1)
        await expect(page.locator(".us")).to_have_count(1)
    assert [question for question, _ in site.script.asked] == [QUESTION]


async def test_where_the_stream_does_not_come_through_the_page_asks(visits: Visits) -> None:
    async with visits.context() as context:
        await context.route("**/chat/stream*", lambda route: route.abort())
        page = await context.new_page()
        await page.goto("/")
        await ask(page)
        await expect(page.get_by_role("log")).to_contain_text("先留证据")


async def test_two_tabs_show_the_same_conversation(visits: Visits) -> None:
    async with visits.context() as context:
        first, second = await context.new_page(), await context.new_page()
        await first.goto("/")
        await second.goto("/")
        await ask(first)
        for page in (first, second):
            await expect(page.get_by_role("log")).to_contain_text("先留证据")
            await expect(page.locator(".you .bubble")).to_have_text([QUESTION])


async def test_who_waits_longer_is_told_once_that_the_answer_is_on_its_way(site: Site, visits: Visits) -> None:
    async with visits.page() as page:
        site.script.free.clear()
        await ask(page)
        await expect(page.locator("#typing")).to_have_text("正在帮您查……正在组织回答，请稍等", timeout=30_000)
        site.script.free.set()
        await expect(page.get_by_role("log")).to_contain_text("先留证据")
        await expect(page.locator("#typing")).to_have_text("")


async def test_a_page_opened_again_before_the_answer_still_waits_for_it(site: Site, visits: Visits) -> None:
    async with visits.page() as page:
        site.script.free.clear()
        await ask(page)
        await expect(page.get_by_text("正在帮您查……")).to_be_visible()
        await page.reload()
        await expect(page.locator(".you .bubble")).to_have_text([QUESTION])
        await expect(page.get_by_text("正在帮您查……")).to_be_visible()
        site.script.free.set()
        await expect(page.get_by_role("log")).to_contain_text("先留证据")
        await expect(page.locator(".you")).to_have_count(1)


async def test_an_example_and_a_union_are_one_tap(site: Site, visits: Visits) -> None:
    async with visits.page() as page:
        await page.get_by_role("button", name="随州市总工会").click()
        await expect(page.get_by_role("log")).to_contain_text(texts.region_chosen("随州市总工会"))
        await page.get_by_role("button", name="加班费怎么算？").click()
        await expect(page.locator(".us")).to_have_count(2)
    assert site.script.asked == [("加班费怎么算？", "随州")]


async def test_a_judgement_is_thanked_where_it_was_made(visits: Visits) -> None:
    async with visits.page() as page:
        await ask(page)
        await page.get_by_role("button", name="有帮助").click()
        await expect(page.locator(".us .thanks")).to_have_text(texts.THANKS)
        await expect(page.get_by_role("button", name="没帮上")).to_be_hidden()
        await expect(page.locator(".turn")).to_have_count(2)


async def test_hostile_words_are_only_words(site: Site, visits: Visits) -> None:
    attack = "<img src=x onerror=alert(1)><script>alert(2)</script>"
    site.script.say = lambda question: Answer(AnswerStatus.ANSWERED, f"您问的是{question}")
    requested: list[str] = []
    async with visits.page() as page:

        def listen(request: Request) -> None:
            requested.append(request.url)

        page.on("request", listen)
        await ask(page, attack)
        await expect(page.locator(".us .bubble")).to_have_text(f"您问的是{attack}")
        await page.reload()
        await expect(page.locator(".you .bubble")).to_have_text(attack)
        await expect(page.locator(".log img, .log script")).to_have_count(0)
    assert not [url for url in requested if url.endswith("/x")]


async def test_the_page_counts_near_the_limit_and_holds_it(visits: Visits) -> None:
    async with visits.page() as page:
        text = page.get_by_label("写下您的问题")
        await text.fill("问" * 1_700)
        await expect(page.get_by_text("已写 1700 字，最多 2000 字")).to_be_visible()
        await text.fill("")
        await text.focus()
        await page.keyboard.insert_text("问" * 2_100)
        await expect(page.get_by_text("已写 2000 字，最多 2000 字")).to_be_visible()


async def test_clearing_asks_first_and_leaves_nothing(visits: Visits) -> None:
    async with visits.page() as page:
        await ask(page)
        await expect(page.get_by_role("log")).to_contain_text("先留证据")
        await page.locator("summary", has_text="设置").click()
        await page.locator("summary", has_text="清除记录").click()
        await page.get_by_role("button", name="确定清除").click()
        await expect(page.get_by_text(QUESTION)).to_have_count(0)
        await expect(page.get_by_role("heading", name="您好")).to_be_in_viewport()
        assert await page.evaluate("localStorage.length") == 0
        await page.go_back()
        await expect(page.get_by_text(QUESTION)).to_have_count(0)


async def test_the_page_works_without_scripts(visits: Visits) -> None:
    async with visits.page(java_script_enabled=False) as page:
        await ask(page)
        await expect(page.get_by_text("先留证据")).to_be_visible()
        await expect(page.locator(".you .bubble")).to_have_text(QUESTION)
        await page.get_by_role("link", name="《劳动合同法》第八十五条").click()
        await expect(page.locator("#quote")).to_be_in_viewport()
        await page.get_by_role("link", name="回到对话").click()
        await page.get_by_role("button", name="加班费怎么算？").click()
        await expect(page.locator(".you")).to_have_count(2)
        await page.locator("summary", has_text="设置").click()
        await page.locator("summary", has_text="清除记录").click()
        await page.get_by_role("button", name="确定清除").click()
        await expect(page.locator(".turn")).to_have_count(0)


async def test_too_many_messages_wait_their_turn(site: Site, visits: Visits) -> None:
    async with visits.page() as page:
        refused = 0

        async def refuse_once(route: Route) -> None:
            nonlocal refused
            refused += 1
            if refused > 1:
                return await route.continue_()
            return await route.fulfill(status=429, headers={"Retry-After": "1"}, json={"error": "请稍等"})

        await page.route("**/chat/messages", refuse_once)
        await ask(page)
        await expect(page.get_by_text("发得有点快，已经存好")).to_be_visible()
        await expect(page.get_by_role("log")).to_contain_text("先留证据")
    assert len(site.script.asked) == 1


async def test_the_buttons_of_a_question_go_when_it_is_answered(visits: Visits) -> None:
    async with visits.page() as page:
        await ask(page, "请工会帮忙")
        await page.get_by_role("button", name="可以，用真名办").click()
        await expect(page.get_by_role("log")).to_contain_text("出了什么事")
        await expect(page.get_by_role("button", name="可以，用真名办")).to_be_hidden()
        await expect(page.get_by_role("button", name="先不办了")).to_have_count(1)
        await page.reload()
        await expect(page.get_by_role("button", name="先不办了")).to_have_count(1)


async def test_an_answer_is_seen_however_long_the_question_was(visits: Visits) -> None:
    async with visits.page() as page:
        await ask(page, "老板拖欠工资，怎么办？" * 90)
        await expect(page.get_by_text("拖欠工资是违法的").first).to_be_in_viewport()
