import re
from html import unescape

import pytest
import pytest_asyncio

from bot.desk.staff import Role
from tests.bot.desk.knowledge.workplace import Workplace
from tests.bot.desk.office import PROVINCE, Browser

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def admin(place: Workplace) -> Browser:
    await place.office.hire("keeper", Role.ADMIN, PROVINCE)
    return await place.office.admitted("keeper")


async def test_a_passage_that_was_found_is_fixed_as_the_answer_and_released_again(
    place: Workplace, admin: Browser
) -> None:
    page = await admin.opens("/desk/knowledge/try?q=驿站几点开门")
    passage = next(part for part in page.text.partition('class="found"')[2].split("<li") if "全天开放" in part)
    fields = {name: unescape(value) for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', passage)}
    del fields["csrf"]
    await admin.sends("/desk/knowledge/pins/add", **fields)
    assert "驿站几点开门 用过 0 次 人民路和车城路各有一座，全天开放。 十堰的职工 · 《工会驿站》在哪里" in admin.text
    (pin,) = place.pins.all()
    assert (pin.question, pin.regions) == ("驿站几点开门", ("十堰",))
    await admin.opens("/desk/knowledge/try?q=驿站几点开门？")
    assert "这个问题有固定答案" in admin.text
    await admin.opens("/desk/knowledge/pins")
    await admin.sends(f"/desk/knowledge/pins/{pin.id}/remove")
    assert "还没有固定答案" in admin.text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"source": "nowhere"}, 404),
        ({"start": "x"}, 400),
        ({"end": "99999"}, 400),
        ({"start": "-5"}, 400),
        ({"record": "12"}, 404),
        ({"record": "[]", "source": "x"}, 404),
        ({"under": "7"}, 400),
        ({"question": " "}, 400),
    ],
)
async def test_a_pin_to_nothing_is_refused(admin: Browser, changed: dict[str, str], status: int) -> None:
    await admin.opens("/desk/knowledge/pins")
    fields = {
        "question": "问题",
        "source": "lib/guides/驿站.md",
        "start": "0",
        "end": "10",
        "record": "null",
        "under": "[]",
    }
    answer = await admin.posts("/desk/knowledge/pins/add", csrf=admin.csrf, **{**fields, **changed})
    assert answer.status_code == status
