"""The duty roster at the desk, over real HTTP, a real file and robots on the loopback."""

from datetime import datetime
from typing import Any

import pytest
from fastapi.routing import APIRoute
from starlette.responses import PlainTextResponse

from bot.audit import Act, Search
from bot.desk.doors import Door
from bot.desk.duty.entries import key_of
from bot.desk.duty.pages import LOOK_BACK
from bot.desk.staff import Role
from bot.notices.duty_file import read_roster
from bot.notices.model import Address, Kind, Medium, Notice
from bot.notices.ports import Addressee
from bot.storage.notices import SqlNotices
from bot.storage.seal import Seal
from tests.bot.desk.duty.conftest import Watch
from tests.bot.desk.office import CITY, COUNTY, OTHER_CITY, PROVINCE, Browser
from tests.bot.notices.robot_server import SECRET

pytestmark = pytest.mark.asyncio(loop_scope="module")

EVERYBODY, KEEPERS = frozenset(Role), frozenset({Role.SUPERVISOR, Role.ADMIN})
ROLES = {
    "GET /duty": EVERYBODY,
    "GET /duty/now": EVERYBODY,
    "GET /duty/new": KEEPERS,
    "POST /duty/new": KEEPERS,
    "GET /duty/{key}": KEEPERS,
    "POST /duty/{key}/change": KEEPERS,
    "POST /duty/{key}/remove": KEEPERS,
    "POST /duty/{key}/try": KEEPERS,
}


def entry(watch: Watch, **changed: Any) -> dict[str, Any]:
    return {
        "name": "王芳",
        "union": [CITY],
        "channel": "wecom",
        "address": watch.robots.wecom_url,
        "hours-workday": "08:30-12:00 14:30-17:30",
        **changed,
    }


async def admitted(watch: Watch, role: Role, *unions: str) -> Browser:
    login = f"{role}.{len(await watch.office.accounts.everybody())}"
    await watch.office.hire(login, role, *unions)
    browser = await watch.office.admitted(login)
    await browser.opens("/desk/duty")
    return browser


async def acts(watch: Watch, act: Act) -> list[tuple[str, str]]:
    found = await watch.office.storage.audit.search(Search(act=act))
    return [(each.entry.subject, each.entry.detail) for each in found]


async def adds(browser: Browser, **fields: Any) -> str:
    await browser.opens("/desk/duty/new")
    await browser.sends("/desk/duty/new", **fields)
    return browser.text


async def test_every_route_has_a_door_and_a_row_in_the_table(watch: Watch) -> None:
    routes = [route for router in watch.office.desk.routers for route in router.routes if isinstance(route, APIRoute)]
    found = {
        f"{method} {route.path}": sum(isinstance(each.call, Door) for each in route.dependant.dependencies)
        for route in routes
        for method in route.methods or ()
        if route.path.startswith("/duty")
    }
    assert found == dict.fromkeys(ROLES, 1)


@pytest.mark.parametrize("role", Role)
async def test_a_role_comes_in_where_its_table_says_and_nowhere_else(watch: Watch, role: Role) -> None:
    admin = await admitted(watch, Role.ADMIN, PROVINCE)
    browser = await admitted(watch, role, CITY)
    await browser.opens("/desk/account")
    stranger = watch.office.browser()
    for name, allowed in ROLES.items():
        if not watch.file.exists():
            await adds(admin, **entry(watch))
        method, path = name.split()
        where = f"/desk{path}".format(key=key_of("王芳"))
        data = {"csrf": browser.csrf} if method == "POST" else None
        answer = await browser.client.request(method, where, data=data)
        assert (answer.status_code == 403) is (role not in allowed), f"{role} {name}: {answer.status_code}"
        assert answer.status_code in {200, 303, 403, 422}, f"{role} {name}: {answer.status_code}"
        if method == "GET":
            answer = await stranger.client.get(where)
            assert answer.headers["location"].partition("?")[0] == "/desk/login", name
        if name.endswith("remove"):
            watch.file.unlink(missing_ok=True)


async def test_the_first_page_says_who_is_on_duty_and_that_nobody_is(watch: Watch) -> None:
    supervisor = await admitted(watch, Role.SUPERVISOR, CITY)
    assert 'hx-get="/desk/duty/now"' in (await supervisor.opens("/desk/")).text
    await supervisor.opens("/desk/duty/now")
    assert "现在没有人 紧急的事叫不到人" in supervisor.text
    await adds(supervisor, **entry(watch, **{"hours-dayoff": "15:00-23:00"}))
    await supervisor.opens("/desk/duty/now")
    assert supervisor.text.startswith("现在由 王芳 值班。往后七天里，有的时候没有人。"), supervisor.text
    county = await admitted(watch, Role.SUPERVISOR, COUNTY)
    await county.opens("/desk/duty/now")
    assert "王芳 （上级）值班" in county.text
    clerk = await admitted(watch, Role.CLERK, CITY)
    assert "/desk/duty/now" not in (await clerk.opens("/desk/")).text, "who cannot change it"


async def test_who_is_added_is_called_at_once_and_seen_without_the_address(watch: Watch) -> None:
    supervisor = await admitted(watch, Role.SUPERVISOR, CITY)
    assert "现在没有人" in supervisor.text
    told = await adds(supervisor, **entry(watch, **{"hours-dayoff": "15:00-23:00", "away": "2026-11-30..2026-12-02"}))
    assert "已经保存" in told
    assert [each.name for each in watch.duty.on_duty(CITY, watch.office.clock())] == ["王芳"], "a Saturday at four"
    assert watch.file.stat().st_mode & 0o077 == 0
    clerk = await admitted(watch, Role.CLERK, COUNTY)
    assert f"{COUNTY} 上级在值班 现在： 王芳" in clerk.text
    clerk = await admitted(watch, Role.CLERK, CITY)
    for words in (
        "现在： 王芳",
        "11月21日 星期六 王芳 15:00–23:00",
        "11月23日 星期一 王芳 08:30–12:00 王芳 14:30–17:30",
    ):
        assert words in clerk.text
    assert "没有人，连上级也没有：11月21日 星期六 23:00–次日 15:00" in clerk.text
    assert "2026-11-30 到 2026-12-02 外出" in clerk.text
    for browser in (supervisor, clerk):
        for path in ("/desk/duty", f"/desk/duty/{key_of('王芳')}"):
            assert watch.robots.wecom_url not in (await browser.opens(path)).text
    assert await acts(watch, Act.DUTY_CHANGED)
    assert (await acts(watch, Act.DUTY_CHANGED))[0] == (f"duty/{key_of('王芳')}", f"added {CITY}")


async def test_what_is_changed_keeps_the_address_that_is_left_empty(watch: Watch) -> None:
    supervisor = await admitted(watch, Role.SUPERVISOR, CITY)
    await adds(supervisor, **entry(watch, channel="dingtalk", address=watch.robots.dingtalk_url, secret=SECRET))
    key = key_of("王芳")
    page = await supervisor.opens(f"/desk/duty/{key}")
    assert "08:30-12:00 14:30-17:30" in page.text
    assert SECRET not in page.text
    await supervisor.sends(f"/desk/duty/{key}/change", union=[CITY, COUNTY], channel="dingtalk", always="yes")
    (person,) = read_roster(watch.file).people
    assert (person.unions, person.address, person.secret) == ((CITY, COUNTY), watch.robots.dingtalk_url, SECRET)
    page = await supervisor.sends(f"/desk/duty/{key}/change", union=CITY, channel="wecom", always="yes")
    assert page.status_code == 422
    assert "地址和呼叫方式对不上" in supervisor.text, "another medium needs its own address"
    assert read_roster(watch.file).people == (person,)


async def test_who_is_removed_is_called_no_more_and_is_nobodys_deputy(watch: Watch) -> None:
    supervisor = await admitted(watch, Role.SUPERVISOR, CITY)
    await adds(supervisor, **entry(watch, name="值班群", always="yes"))
    await adds(supervisor, **entry(watch, deputy="值班群"))
    assert [each.deputy for each in read_roster(watch.file).people] == [None, "值班群"]
    await supervisor.opens(f"/desk/duty/{key_of('值班群')}")
    await supervisor.sends(f"/desk/duty/{key_of('值班群')}/remove")
    assert "已经移出" in supervisor.text
    assert [(each.name, each.deputy) for each in read_roster(watch.file).people] == [("王芳", None)]
    page = await supervisor.posts(f"/desk/duty/{key_of('值班群')}/change", csrf=supervisor.csrf)
    assert page.status_code == 404


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "请填姓名"),
        ({"name": "王\x00芳"}, "请填姓名"),
        ({"name": "在了"}, "不能和别人重名"),
        ({"union": []}, "至少选一个"),
        ({"union": [PROVINCE]}, "至少选一个归您管的工会"),
        ({"union": [OTHER_CITY, CITY]}, "至少选一个归您管的工会"),
        ({"channel": "desk"}, "请选用什么呼叫"),
        ({"channel": "email"}, "地址和呼叫方式对不上"),
        ({"address": "http://example.org/robot"}, "地址和呼叫方式对不上"),
        ({"secret": "SEC-of-nobody"}, "只有钉钉填加签密钥"),
        ({"hours-workday": ""}, "时间写成"),
        ({"hours-workday": "八点到十二点"}, "时间写成"),
        ({"deputy": "没有这个人"}, "替班的人要在值班表里"),
        ({"away": "下周"}, "外出的日子"),
    ],
)
async def test_what_does_not_fit_is_told_and_the_file_stays(watch: Watch, wrong: dict[str, Any], told: str) -> None:
    supervisor = await admitted(watch, Role.SUPERVISOR, CITY)
    await adds(supervisor, **entry(watch, name="在了"))
    before = watch.file.read_bytes()
    assert told in await adds(supervisor, **entry(watch, **wrong))
    assert supervisor.page is not None
    assert supervisor.page.status_code == 422
    assert "SEC-of-nobody" not in supervisor.page.text
    assert "access_token" not in supervisor.page.text
    assert watch.file.read_bytes() == before


@pytest.mark.parametrize("role", sorted(KEEPERS))
async def test_whoever_keeps_the_roster_keeps_that_of_their_own_unions_and_those_below_only(
    watch: Watch, role: Role
) -> None:
    top = await admitted(watch, Role.ADMIN, PROVINCE)
    await adds(top, **entry(watch, name="省里", union=[PROVINCE]))
    await adds(top, **entry(watch, name="两家", union=[CITY, OTHER_CITY]))
    await adds(top, **entry(watch, name="县里", union=[COUNTY]))
    keeper = await admitted(watch, role, CITY)
    page = await keeper.opens("/desk/duty")
    assert "两家" in keeper.text
    assert "省里" not in keeper.text
    assert "/desk/duty/new" in page.text
    assert f"/desk/duty/{key_of('两家')}" not in page.text
    before = watch.file.read_bytes()
    for name in ("省里", "两家"):
        where = f"/desk/duty/{key_of(name)}"
        assert (await keeper.opens(where)).status_code == 403
        for deed in ("change", "remove", "try"):
            answer = await keeper.posts(f"{where}/{deed}", csrf=keeper.csrf, **entry(watch, name=name, union=[CITY]))
            assert answer.status_code == 403, (name, deed)
        assert (await top.opens(where)).status_code == 200
    await keeper.opens("/desk/duty/new")
    await adds(keeper, **entry(watch, name="别处", union=[OTHER_CITY]))
    assert keeper.page is not None and keeper.page.status_code == 422
    assert watch.file.read_bytes() == before
    assert (await keeper.opens(f"/desk/duty/{key_of('县里')}")).status_code == 200


async def test_a_trial_reaches_the_group_and_what_went_wrong_is_told(watch: Watch) -> None:
    supervisor = await admitted(watch, Role.SUPERVISOR, CITY)
    await adds(supervisor, **entry(watch))
    where = f"/desk/duty/{key_of('王芳')}/try"
    await supervisor.sends(where)
    assert "试发的通知已经送出" in supervisor.text
    (message,) = watch.robots.wecom
    assert "试发" in message["content"]
    watch.robots.fault = PlainTextResponse("no", 404)
    await supervisor.sends(where)
    assert "对方不收" in supervisor.text
    watch.robots.fault = PlainTextResponse("no", 503)
    await supervisor.sends(where)
    assert "现在送不到" in supervisor.text
    await supervisor.sends(
        f"/desk/duty/{key_of('王芳')}/change", union=CITY, channel="email", address="a@example.org", always="yes"
    )
    await supervisor.sends(where)
    assert "还没有接通" in supervisor.text
    await supervisor.sends(where)
    assert (await supervisor.posts(where, csrf=supervisor.csrf)).status_code == 429
    assert set(await acts(watch, Act.DUTY_TRIED)) == {(f"duty/{key_of('王芳')}", "")}


class InTheGroup:
    """Has everybody told in one group."""

    def addressees(self, notice: Notice, at: datetime) -> tuple[Addressee, ...]:
        return (Addressee(Address(Medium.TELEGRAM, "-1001234567890", entry="值班群"), at),)


async def test_what_was_not_delivered_is_seen_for_a_week_by_those_whom_it_concerns(watch: Watch) -> None:
    storage, clock = watch.office.storage, watch.office.clock
    notices = SqlNotices(storage.database, Seal(b"a secret of the tests only"), clock, InTheGroup())
    notice = Notice(Kind.OVERDUE, CITY, case="SY-2026-000123")
    await storage.database.write(lambda connection: notices.store(connection, notice))
    (letter,) = await notices.due(10, (), [Medium.TELEGRAM])
    await notices.bury(letter, "Undeliverable")
    here, elsewhere = await admitted(watch, Role.CLERK, CITY), await admitted(watch, Role.CLERK, OTHER_CITY)
    assert "没有送到的通知 1" in here.text and "Telegram 工作群，值班群" in here.text
    assert notice.case is not None and notice.case in here.text
    assert "1234567890" not in (here.page.text if here.page else "")
    assert "没有送到" not in elsewhere.text
    clock.forward(days=8)
    assert await storage.notices.undelivered([CITY], clock.now - LOOK_BACK) == []


async def test_a_file_that_is_wrong_is_told_with_its_line_and_is_not_written_over(watch: Watch) -> None:
    supervisor = await admitted(watch, Role.SUPERVISOR, CITY)
    await adds(supervisor, **entry(watch))
    await supervisor.opens("/desk/duty")
    broken = watch.file.read_text("utf8").replace("王芳", "王芳\n  nickname: 小王")
    watch.file.write_text(broken, "utf8")
    page = await supervisor.opens("/desk/duty")
    assert "duty.yaml, line 3" in supervisor.text
    assert "王芳" in supervisor.text, "the last right one holds"
    assert "/desk/duty/new" not in page.text
    assert (await supervisor.opens("/desk/duty/new")).status_code == 422
    await supervisor.opens("/desk/account")
    assert (await supervisor.posts("/desk/duty/new", **entry(watch), csrf=supervisor.csrf)).status_code == 422
    assert watch.file.read_text("utf8") == broken
    assert watch.robots.wecom_url not in page.text


@pytest.mark.parametrize("odd", ["\x00", "%", "'", "９" * 8, "a" * 5_000, "-1", "1e400", "<script>", "🙂"])
async def test_whatever_is_sent_nothing_breaks(watch: Watch, odd: str) -> None:
    admin = await admitted(watch, Role.ADMIN, PROVINCE)
    await adds(admin, **entry(watch))
    await admin.opens("/desk/account")
    names = ("name", "union", "channel", "address", "secret", "always", "hours-mon", "deputy", "away", "done")
    for name in ROLES:
        method, path = name.split()
        data = {"csrf": admin.csrf, **dict.fromkeys(names, odd)} if method == "POST" else None
        where = f"/desk{path}".format(key=key_of("王芳"))
        answer = await admin.client.request(method, where, data=data, params=dict.fromkeys(names, odd))
        assert answer.status_code < 500, f"{name}: {answer.status_code}"
        assert "<script>" not in answer.text, name
