"""Admins change the knowledge of their own regions; what holds everywhere is kept at the top. All of them may read."""

import re
from html import unescape
from typing import Any

import pytest
import pytest_asyncio
from fastapi.routing import APIRoute

from bot.desk.knowledge.ports import JobState
from bot.desk.knowledge.scope import Scope, scope_of
from bot.desk.staff import Role
from bot.dialogue.ports import Verdict
from knowledge.model import Citation
from knowledge.organizations import OwnEntries, load_organizations, own_file, write_own
from knowledge.regions import Region
from tests.bot.desk.knowledge.test_drafts import drafted, filled, sends
from tests.bot.desk.knowledge.test_gaps import asks
from tests.bot.desk.knowledge.workplace import Workplace
from tests.bot.desk.office import CITY, COUNTY, OTHER_CITY, PROVINCE, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")

BODY = "## 怎么领\n\n按季发取暖补贴，跟工资一起发。\n"
# What changes nothing of anybody's: drafts that are only looked at, and indexes that only lie ready.
FREE = frozenset(
    {
        "/knowledge/papers/read",
        "/knowledge/papers/preview",
        "/knowledge/index/build",
        "/knowledge/index/cancel",
        "/knowledge/index/discard",
    }
)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def people(place: Workplace) -> dict[str, Browser]:
    """An admin at the top, two of a city, one of a county below it, which has no region, and one of another city."""
    found = {}
    unions = {"top": PROVINCE, "city": CITY, "city.too": CITY, "county": COUNTY, "elsewhere": OTHER_CITY}
    for login, union in unions.items():
        await place.office.hire(login, Role.ADMIN, union)
        found[login] = await place.office.admitted(login)
    return found


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def waiting(place: Workplace) -> str:
    """An index that changes what holds everywhere, and lies ready."""
    place.changes()
    await place.reindexer.start("00000000")
    assert (await place.ended()).state is JobState.BUILT
    return str(place.generations.waiting())


async def seen(browser: Browser, paper: str) -> str:
    page = await browser.opens(f"/desk/knowledge/papers/{paper}")
    return page.text.partition('name="seen" value="')[2].partition('"')[0]


async def approved(place: Workplace, people: dict[str, Browser], *regions: str) -> str:
    """Return a paper that the top has let in, with a draft over it."""
    paper = await drafted(people["top"], regions="", region=list(regions))
    known = place.shelf.paper(paper)
    assert known is not None and known.draft is not None
    place.shelf.approve(paper, known.draft.digest, by="00000000", at=place.office.clock())
    await people["top"].opens(f"/desk/knowledge/papers/{paper}/edit")
    await sends(people["top"], "save", **filled(body=BODY, paper=paper, region=list(regions)))
    return paper


async def writes(
    place: Workplace, browser: Browser, paper: str, index: str, *, region: str, pin: str, gap: int, golden: str
) -> dict[str, int]:
    """Try each route that changes something, on what is there; return the status of each by its path."""
    await browser.opens("/desk/account")
    file: list[Any] = [("csrf", (None, browser.csrf)), ("file", ("", b""))]
    fields = {**filled(body=BODY, paper=paper), "region": region}
    saved = await browser.client.post(
        "/desk/knowledge/papers/save", files=[*((name, (None, value)) for name, value in fields.items()), *file]
    )
    document = {"source": "lib/guides/高温.md", "start": "0", "end": "10", "record": "null", "under": "[]"}
    forms: dict[str, tuple[str, dict[str, Any]]] = {
        "/knowledge/papers/{paper_id}/approve": (paper, {"seen": await seen(browser, paper)}),
        "/knowledge/papers/{paper_id}/drop": (paper, {}),
        "/knowledge/papers/{paper_id}/retire": (paper, {}),
        "/knowledge/index/{generation}/serve": (index, {"anyway": "yes"}),
        "/knowledge/pins/add": ("", {"question": "高温津贴怎么领", **document}),
        "/knowledge/pins/{pin_id}/remove": (pin, {}),
        "/knowledge/golden/add": ("", {"question": "几点开门", "document": "高温津贴"}),
        "/knowledge/golden/remove": ("", {"id": golden}),
        "/knowledge/gaps/care": ("", {"gap": str(gap), "deed": "settled"}),
    }
    found = {"/knowledge/papers/save": saved.status_code}
    for path, (id, form) in forms.items():
        address = "/desk" + re.sub(r"\{\w+\}", id, path)
        answer = await browser.posts(address, csrf=browser.csrf, **form)
        found[path] = answer.status_code
    return found


@pytest.mark.parametrize("who", ["county", "elsewhere"])
@pytest.mark.parametrize("held", [("十堰",), ()], ids=["another region's", "everybody's"])
async def test_every_route_that_changes_what_is_not_theirs_refuses(
    place: Workplace, people: dict[str, Browser], waiting: str, who: str, held: tuple[str, ...]
) -> None:
    paper = await approved(place, people, *held)
    cited = Citation("lib/guides/高温.md", "高温津贴", "高温津贴", 0, 4)
    pin = place.pins.add(f"{who}的{held}", cited, held, by="00000000", at=place.office.clock())
    await asks(place, f"几点开门{who}{held}", Verdict.REFUSED, "十堰")
    (gap, *_) = await place.office.storage.gaps.latest(1)
    (golden, *_) = place.golden()
    before = place.generations.current(), place.pins.all(), place.shelf.papers(), place.golden()
    tried = await writes(place, people[who], paper, waiting, region="十堰", pin=pin.id, gap=gap.id, golden=golden)
    assert tried == dict.fromkeys(tried, 403)
    assert (place.generations.current(), place.pins.all(), place.shelf.papers(), place.golden()) == before
    page = await people[who].opens(f"/desk/knowledge/papers/{paper}")
    assert page.status_code == 200 and "<form" not in page.text.partition("<main")[2].partition("</main")[0]


async def test_the_table_holds_every_route_that_changes_something(
    place: Workplace, people: dict[str, Browser], waiting: str
) -> None:
    paper = await approved(place, people, "十堰")
    every = [route for router in place.office.desk.routers for route in router.routes if isinstance(route, APIRoute)]
    posts = {route.path for route in every if "POST" in (route.methods or ()) and route.path.startswith("/knowledge")}
    tried = await writes(place, people["county"], paper, waiting, region="十堰", pin="x", gap=1, golden="x")
    assert posts == tried.keys() | FREE


@pytest.mark.parametrize(
    ("who", "title", "chosen"),
    [
        ("city", "夜班补贴", ["十堰"]),
        ("city", "随州市夜班补贴", ["随州"]),  # which the writer cannot keep, and is told
        ("top", "夜班补贴", []),
        ("top", "车谷新区夜班补贴", ["车谷新区"]),
        ("county", "夜班补贴", []),
    ],
)
async def test_the_form_chooses_where_a_paper_is_likely_meant_to_hold(
    place: Workplace, people: dict[str, Browser], who: str, title: str, chosen: list[str]
) -> None:
    write_own(own_file(place.home.parent), OwnEntries(regions=(Region("车谷新区", "车谷新区", names=("车谷新区",)),)))
    await people[who].opens("/desk/knowledge/papers/new")
    page = await sends(people[who], "read", text=f"# {title}\n\n## 领多少\n\n每个夜班十八元。\n")
    assert re.findall(r'name="region" value="(\w+)" checked', page.text) == chosen
    assert ("没有选地区" in people[who].text) is (not chosen)


async def test_a_new_paper_holds_where_its_writer_keeps_the_knowledge_or_it_is_not_taken(
    place: Workplace, people: dict[str, Browser]
) -> None:
    before = place.shelf.papers()
    for who, regions in (("city", []), ("city", ["十堰", "随州"]), ("county", ["十堰"]), ("elsewhere", ["十堰"])):
        await people[who].opens("/desk/knowledge/papers/new")
        page = await sends(people[who], "save", **filled(body=BODY, region=regions))
        assert page.status_code == 422 and "请至少选一个归您管的地区" in people[who].text, (who, regions)
        assert "按季发取暖补贴" in page.text, "what was written is not lost"
    assert place.shelf.papers() == before
    assert await drafted(people["top"], regions="", region=[])


async def test_two_of_a_city_let_their_text_in_and_serve_an_index_that_changes_nothing_else(
    place: Workplace, people: dict[str, Browser]
) -> None:
    place.generations.discard()
    place.returns()
    for each in place.shelf.papers():
        if each.approved is not None:
            place.shelf.retire(each.id, by="00000000", at=place.office.clock())
    paper = await drafted(people["city"], regions="", region=["十堰"])
    assert 'value="随州"' not in (await people["city"].opens(f"/desk/knowledge/papers/{paper}/edit")).text
    await people["city.too"].opens("/desk/knowledge/papers/waiting")
    assert paper in str(people["city.too"].page and people["city.too"].page.text)
    await people["elsewhere"].opens("/desk/knowledge/papers/waiting")
    assert paper not in str(people["elsewhere"].page and people["elsewhere"].page.text)
    digest = await seen(people["city.too"], paper)
    await people["city.too"].sends(f"/desk/knowledge/papers/{paper}/approve", seen=digest)
    await people["city"].sends("/desk/knowledge/index/build")
    assert (await place.ended()).state is JobState.BUILT
    new = str(place.generations.waiting())
    for who, may in (("elsewhere", False), ("county", False), ("city", True)):
        page = await people[who].opens(f"/desk/knowledge/index/{new}")
        assert (f"/index/{new}/serve" in page.text) is may, who
    await people["city"].sends(f"/desk/knowledge/index/{new}/serve", anyway="yes")
    assert place.generations.current() == new
    page = await people["city"].opens("/desk/knowledge/try?q=驿站几点开门")
    passage = next(part for part in page.text.partition('class="found"')[2].split("<li") if "全天开放" in part)
    fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', passage)}
    del fields["csrf"]
    await people["city"].sends("/desk/knowledge/pins/add", **fields)
    assert "用过 0 次" in people["city"].text
    page = await people["elsewhere"].opens("/desk/knowledge/try?q=驿站几点开门")
    assert "pins/add" not in page.text


async def test_the_top_keeps_everything_and_a_union_without_a_region_nothing(place: Workplace) -> None:
    organizations = load_organizations()
    scopes = {}
    for login in ("top", "city", "county"):
        scopes[login] = scope_of(await place.office.accounts.named(login), organizations)
    assert scopes["top"].everything and scopes["top"].holds(())
    assert scopes["city"] == Scope(("十堰",), everything=False)
    assert scopes["city"].holds(("十堰",)) and not scopes["city"].holds(())
    assert scopes["county"] == Scope((), everything=False)
