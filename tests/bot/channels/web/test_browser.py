"""The page as people use it, in a real Chromium."""

import asyncio
from pathlib import Path

import pytest
from playwright.async_api import Page, Request, Route, expect

from bot import texts
from bot.answers.model import Answer, AnswerStatus
from tests.bot.browsing import Visits, assert_fine
from tests.bot.channels.web.site import ARREARS, Site

pytestmark = [pytest.mark.asyncio(loop_scope="module"), pytest.mark.browser]

QUESTION = "老板拖欠工资，怎么办？"
SIZES = [(390, 844), (1280, 860)]

# Every visible text with its contrast against what is painted behind it, as WCAG 2 computes it.
CONTRASTS = """() => {
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const light = (color) => {
    const [r, g, b] = color.slice(0, 3).map((v) => v / 255).map(
      (v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    for (; element; element = element.parentElement) {
      const color = parse(getComputedStyle(element).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const found = [];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const element = walk.currentNode.parentElement;
    if (!walk.currentNode.textContent.trim() || !element.checkVisibility() || element.closest('.vh')) continue;
    const [a, b] = [light(parse(getComputedStyle(element).color)), light(behind(element))].sort((x, y) => y - x);
    found.push([walk.currentNode.textContent.trim(), (a + 0.05) / (b + 0.05)]);
  }
  return found;
}"""

# Names of what can be operated, as they are read out.
UNNAMED = """() => Array.from(document.querySelectorAll('button, a, textarea, input:not([type=hidden])'))
  .filter((each) => !(each.textContent.trim() || each.ariaLabel || (each.labels && each.labels.length)))
  .map((each) => each.outerHTML)"""

# What one taps, but for links within a sentence.
TARGETS = """() => Array.from(document.querySelectorAll('a, button, summary, textarea, label'))
  .filter((each) => each.checkVisibility() && !each.closest('.vh, .skip, .bubble'))
  .map((each) => [each.textContent.trim() || each.tagName, each.getBoundingClientRect()])
  .map(([name, box]) => [name, box.width, box.height]).filter(([, width]) => width > 1)"""


async def ask(page: Page, words: str = QUESTION) -> None:
    await page.get_by_label("写下您的问题").fill(words)
    await page.get_by_role("button", name="发送").click()


async def fits(page: Page) -> bool:
    wide = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
    return bool(await page.evaluate(wide))


async def assert_readable(page: Page) -> None:
    contrasts = await page.evaluate(CONTRASTS)
    assert len(contrasts) > 10
    assert [(words, ratio) for words, ratio in contrasts if ratio < 4.5] == []


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
