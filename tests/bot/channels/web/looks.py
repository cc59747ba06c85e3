"""What can be seen, tapped and read of the page in a browser."""

from playwright.async_api import Page

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
