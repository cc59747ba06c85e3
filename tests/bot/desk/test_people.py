"""The pages of staff, over HTTP."""

import re

import pytest

from bot.audit import CLI, Act, Search
from bot.desk.staff import Role
from tests.bot.desk.office import CITY, COUNTY, OTHER_CITY, PASSWORD, PROVINCE, Browser, Office

pytestmark = pytest.mark.asyncio(loop_scope="module")


def link_on(browser: Browser) -> str:
    found = re.search(r"http://\S+/desk/welcome/[\w-]+", browser.text)
    assert found
    return found[0]


async def test_an_admin_invites_a_colleague_who_takes_it_up(office: Office) -> None:
    await office.hire("inviter", Role.ADMIN)
    browser = await office.admitted("inviter")
    await browser.opens("/desk/staff/invite")
    await browser.sends("/desk/staff/invite", name="王芳", login="Wang.Fang", role="supervisor", union=[COUNTY, CITY])
    link = link_on(browser)
    assert link.startswith(office.url)
    await browser.opens("/desk/staff")
    assert "王芳 wang.fang · 负责人 · 十堰市总工会、郧西县总工会 等待接受邀请" in browser.text
    await browser.opens("/desk/")
    assert "1 位同事还没有接受邀请" in browser.text
    colleague = office.browser()
    await colleague.opens(link)
    page = await colleague.sends(link, name="王芳", password=PASSWORD, again=PASSWORD)
    assert page.url.path == "/desk/"
    (record,) = await office.storage.audit.search(
        Search(act=Act.INVITED, actor=(await office.accounts.named("inviter")).id)
    )
    assert record.entry.detail == "supervisor 十堰市总工会 郧西县总工会"


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"login": "x"}, "登录名用 3 到 32 个"),
        ({"login": "有人"}, "登录名用 3 到 32 个"),
        ({"login": "chief.one"}, "已经有人用了"),
        ({"name": " "}, "请填姓名"),
        ({"name": "长" * 33}, "请填姓名"),
        ({"union": []}, "请至少选一个工会"),
        ({"union": [PROVINCE]}, "只能选您自己的工会"),
        ({"union": [CITY, OTHER_CITY]}, "只能选您自己的工会"),
        ({"union": ["没有的工会"]}, "只能选您自己的工会"),
    ],
)
async def test_what_will_not_do_is_said_and_what_was_written_stays(
    office: Office, fields: dict[str, object], told: str
) -> None:
    if "chief.one" not in {staff.login for staff in await office.accounts.everybody()}:
        await office.hire("chief.one", Role.ADMIN)
    before = len(await office.accounts.everybody())
    browser = await office.admitted("chief.one")
    await browser.opens("/desk/staff/invite")
    sent = {"name": "李明", "login": "li.ming", "role": "auditor", "union": [COUNTY], **fields}
    page = await browser.sends("/desk/staff/invite", **sent)
    assert page.status_code == 422
    assert told in browser.text
    assert 'value="auditor" checked' in page.text
    assert (f'value="{COUNTY}" checked' in page.text) == (sent["union"] == [COUNTY])
    assert len(await office.accounts.everybody()) == before


async def test_an_admin_sees_and_changes_only_those_of_their_unions(office: Office) -> None:
    await office.hire("city.admin", Role.ADMIN, CITY)
    below = await office.hire("below", Role.CLERK, COUNTY)
    beside = await office.hire("beside", Role.CLERK, OTHER_CITY)
    above = await office.hire("above", Role.CLERK, PROVINCE)
    half = await office.hire("half.beside", Role.CLERK, CITY, OTHER_CITY)
    browser = await office.admitted("city.admin")
    await browser.opens("/desk/staff")
    assert "below同志" in browser.text
    assert "half.beside同志" in browser.text
    assert "beside · " not in browser.text.replace("half.beside", "")
    assert "above同志" not in browser.text
    me = await office.accounts.named("city.admin")
    for staff, status in ((below, 200), (beside, 403), (above, 403), (half, 403), (me, 403)):
        assert (await browser.opens(f"/desk/staff/{staff.id}")).status_code == status, staff.login
        await browser.opens("/desk/account")
        for act in ("change", "reset", "disable", "enable"):
            if status == 403:
                answer = await browser.posts(f"/desk/staff/{staff.id}/{act}", csrf=browser.csrf, union=CITY)
                assert answer.status_code == 403, f"{act} {staff.login}"


async def test_an_account_is_changed_reset_closed_and_opened_again(office: Office) -> None:
    await office.hire("keeper", Role.ADMIN)
    clerk = await office.hire("kept", Role.CLERK, CITY, factor=True)
    admin, kept = await office.admitted("keeper"), await office.admitted("kept")
    where = f"/desk/staff/{clerk.id}"

    await admin.opens(where)
    page = await admin.sends(f"{where}/change", role="supervisor", union=[COUNTY])
    assert "已保存" in admin.text
    assert f'value="{COUNTY}" checked' in page.text
    assert f"现在选的是：{COUNTY}" in admin.text
    await kept.opens("/desk/")
    assert "负责人 · 郧西县总工会" in kept.text, "it holds at once"
    assert (await admin.sends(f"{where}/change", role="supervisor")).status_code == 422

    await admin.opens(where)
    await admin.sends(f"{where}/disable")
    assert "账号已停用" in admin.text
    assert (await kept.opens("/desk/")).url.path == "/desk/login"
    assert (await kept.logs_in("kept")).status_code == 422
    await admin.sends(f"{where}/enable")
    assert "账号已恢复" in admin.text
    assert (await kept.logs_in("kept")).url.path == "/desk/login/code"

    page = await admin.opens(where)
    for press in ("重置，给我新链接", "停用"):
        before = page.text.partition(f">{press}</button>")[0]
        assert before.count("<details") > before.count("</details"), f"{press} is no button that a slip presses"
    await admin.sends(f"{where}/reset")
    link = link_on(admin)
    assert "原来的密码、动态口令和登录都已经作废" in admin.text
    assert (await kept.logs_in("kept")).status_code == 422, "the password is gone"
    await kept.opens(link)
    page = await kept.sends(link, name="张三", password=PASSWORD, again=PASSWORD)
    assert page.url.path == "/desk/", "and so is the second factor"
    acts = [record.entry.act for record in await office.storage.audit.search(Search(subject=clerk.subject))]
    assert acts[:2] == [Act.LOGGED_IN, Act.JOINED]
    assert [act for act in acts if act in {Act.RESET, Act.ENABLED, Act.DISABLED, Act.CHANGED}] == [
        Act.RESET,
        Act.ENABLED,
        Act.DISABLED,
        Act.CHANGED,
    ]


async def test_a_closed_accounts_link_opens_nothing(office: Office) -> None:
    staff, token = await office.accounts.invite(CLI, login="closed", name="x", role=Role.CLERK, unions=[CITY])
    await office.accounts.disable(CLI, staff)
    browser = office.browser()
    assert (await browser.opens(f"/desk/welcome/{token}")).status_code == 422


async def test_the_first_admin_is_invited_until_there_is_one(office: Office) -> None:
    async def admins() -> set[str]:
        return {each.login for each in await office.accounts.everybody() if each.role is Role.ADMIN and each.joined}

    for staff in await office.accounts.everybody():
        if staff.role is Role.ADMIN:
            await office.accounts.disable(CLI, staff)
    first = await office.accounts.invite_first()
    second = await office.accounts.invite_first()
    assert first and second and first != second
    browser = office.browser()
    assert (await browser.opens(f"/desk/welcome/{first}")).status_code == 422, "the next start makes another"
    await browser.opens(f"/desk/welcome/{second}")
    assert PROVINCE in browser.text
    page = await browser.sends(f"/desk/welcome/{second}", name="站长", password=PASSWORD, again=PASSWORD)
    assert page.url.path == "/desk/account/factor"
    assert "admin" in await admins()
    assert await office.accounts.invite_first() is None
    await office.accounts.disable(CLI, await office.accounts.named("admin"))
    assert await office.accounts.invite_first(), "whoever holds the machine can always come back"
    assert "admin2" in {each.login for each in await office.accounts.everybody()}
