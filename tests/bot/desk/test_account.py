"""One's own account, over HTTP."""

import re
from pathlib import Path

import pyotp
import pytest

from bot.audit import CLI, Act, Search
from bot.desk.staff import Role
from tests.bot.desk.office import CITY, PASSWORD, PROVINCE, Browser, Office, open_office

pytestmark = pytest.mark.asyncio(loop_scope="module")

NEW = "四月 orange 火车 window"


async def acts_of(office: Office, login: str) -> list[str]:
    staff = await office.accounts.named(login)
    return [record.entry.act for record in await office.storage.audit.search(Search(actor=staff.id))]


def secret_on(browser: Browser) -> str:
    assert browser.page is not None
    found = re.search(r'name="secret" value="([A-Z2-7]{32})"', browser.page.text)
    assert found
    return found[1]


async def test_a_new_password_ends_all_other_sessions(office: Office) -> None:
    await office.hire("changer")
    here, there = await office.admitted("changer"), await office.admitted("changer")
    await here.opens("/desk/account")
    page = await here.sends("/desk/account/password", old=PASSWORD, new=NEW, again=NEW)
    assert page.status_code == 200
    assert "密码已修改" in here.text
    assert (await there.opens("/desk/")).url.path == "/desk/login"
    assert (await there.logs_in("changer", PASSWORD)).status_code == 422
    assert (await there.logs_in("changer", NEW)).url.path == "/desk/"
    assert Act.PASSWORD_CHANGED in await acts_of(office, "changer")


@pytest.mark.parametrize(
    ("old", "new", "again", "told"),
    [
        ("wrong", NEW, NEW, "当前密码不对"),
        (PASSWORD, NEW, PASSWORD, "两次输入的密码不一样"),
        (PASSWORD, "short", "short", "密码至少 10 个字符"),
        (PASSWORD, "keeper-of-seals", "keeper-of-seals", "不要带登录名"),
        (PASSWORD, "12345678901", "12345678901", "太容易被猜到"),
    ],
)
async def test_a_password_that_will_not_do_is_not_taken(
    office: Office, old: str, new: str, again: str, told: str
) -> None:
    if "keeper" not in {staff.login for staff in await office.accounts.everybody()}:
        await office.hire("keeper")
    browser = await office.admitted("keeper")
    await browser.opens("/desk/account")
    page = await browser.sends("/desk/account/password", old=old, new=new, again=again)
    assert page.status_code == 422
    assert told in browser.text
    assert "登录在哪些地方" in browser.text, "the page is whole"


async def test_a_second_factor_is_added_renewed_and_dropped(office: Office) -> None:
    await office.hire("factor")
    browser = await office.admitted("factor")
    await browser.opens("/desk/account/factor")
    secret = secret_on(browser)
    wrong = await browser.sends("/desk/account/factor", secret=secret, code="000000")
    assert (wrong.status_code, secret_on(browser)) == (422, secret)
    await browser.sends("/desk/account/factor", secret=secret, code=pyotp.TOTP(secret).at(office.clock.now))
    codes = re.findall(r"<code>([a-z2-9-]{19})</code>", browser.page.text if browser.page else "")
    assert len(set(codes)) == 10
    office.secrets["factor"] = secret
    again = office.browser()
    assert (await again.logs_in("factor")).url.path == "/desk/login/code"
    assert (await again.sends("/desk/login/code", code=office.code("factor"))).url.path == "/desk/"
    await again.opens("/desk/account")
    assert "恢复码还剩 10 个" in again.text
    assert (await again.sends("/desk/account/codes", password="wrong")).status_code == 422
    await again.sends("/desk/account/codes", password=PASSWORD)
    assert not set(codes) & set(re.findall(r"<code>([a-z2-9-]{19})</code>", again.page.text if again.page else ""))
    await again.opens("/desk/account")
    assert (await again.sends("/desk/account/factor/off", password="wrong")).status_code == 422
    await again.sends("/desk/account/factor/off", password=PASSWORD)
    assert "动态口令已关闭" in again.text
    assert (await office.browser().logs_in("factor")).url.path == "/desk/"
    assert [act for act in await acts_of(office, "factor") if "totp" in act or "recovery" in act] == [
        Act.TOTP_OFF,
        Act.RECOVERY_RENEWED,
        Act.TOTP_ON,
    ]


async def test_replacing_a_second_factor_takes_the_password(office: Office) -> None:
    await office.hire("mover", factor=True)
    browser = await office.admitted("mover")
    await browser.opens("/desk/account/factor")
    secret = secret_on(browser)
    code = pyotp.TOTP(secret).at(office.clock.now)
    assert (await browser.sends("/desk/account/factor", secret=secret, code=code, password="")).status_code == 422
    page = await browser.sends("/desk/account/factor", secret=secret, code=code, password=PASSWORD)
    assert (page.status_code, "把恢复码收好" in browser.text) == (200, True)


async def test_a_secret_that_we_did_not_make_is_not_taken(office: Office) -> None:
    staff = await office.hire("crafty")
    browser = await office.admitted("crafty")
    await browser.opens("/desk/account/factor")
    for secret in ("", "A" * 31, "=" * 32, "!" * 32, "1" * 32, "Ａ" * 32):
        page = await browser.sends("/desk/account/factor", secret=secret, code="000000")
        assert page.status_code == 200
    assert (await office.storage.staff.proofs(staff.id)).totp is None


async def test_an_admin_cannot_drop_the_second_factor(office: Office) -> None:
    await office.hire("chief", Role.ADMIN)
    browser = await office.admitted("chief")
    await browser.opens("/desk/account")
    assert "关闭动态口令" not in browser.text
    page = await browser.sends("/desk/account/factor/off", password=PASSWORD)
    assert (page.status_code, "管理员必须开启" in browser.text) == (422, True)


async def test_sessions_are_listed_and_ended_one_by_one_or_all(office: Office) -> None:
    await office.hire("roamer")
    phone = office.browser(headers={"user-agent": "Mozilla/5.0 (iPhone; CPU) Version/17 Safari/604"})
    await phone.logs_in("roamer")
    wechat = office.browser(headers={"user-agent": "Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8"})
    await wechat.logs_in("roamer")
    union = office.browser(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64) Chrome/120 Safari/537"})
    await union.logs_in("roamer")
    here = await office.admitted("roamer")
    await here.opens("/desk/account")
    assert "Safari · iPhone" in here.text
    assert "Chrome · Linux" in here.text
    assert "微信 · 安卓" in here.text
    sessions = {
        session.device: session.id for session in await office.logins.sessions(await office.accounts.named("roamer"))
    }
    await here.sends(f"/desk/account/sessions/{sessions['Safari · iPhone']}/end")
    assert (await phone.opens("/desk/")).url.path == "/desk/login"
    assert (await wechat.opens("/desk/")).url.path == "/desk/"
    await here.sends("/desk/account/sessions/end")
    assert (await wechat.opens("/desk/")).url.path == "/desk/login"
    assert (await here.opens("/desk/")).url.path == "/desk/"


async def test_nobody_ends_the_session_of_somebody_else(office: Office) -> None:
    await office.hire("victim")
    await office.hire("meddler")
    victim, meddler = await office.admitted("victim"), await office.admitted("meddler")
    (session,) = await office.logins.sessions(await office.accounts.named("victim"))
    await meddler.opens("/desk/account")
    await meddler.sends(f"/desk/account/sessions/{session.id}/end")
    assert (await victim.opens("/desk/")).url.path == "/desk/"


async def test_a_first_admin_is_told_where_to_begin_until_somebody_works_on_cases(tmp_path: Path) -> None:
    async with open_office(tmp_path) as office:
        stranger = office.browser()
        await stranger.opens("/desk/login")
        assert "这里还没有管理员" in stranger.text
        await office.hire("first", Role.ADMIN, PROVINCE)
        await stranger.opens("/desk/login")
        assert "这里还没有管理员" not in stranger.text
        browser = await office.admitted("first")
        await browser.opens("/desk/")
        assert "先邀请一位负责人或者经办人" in browser.text
        assert "排好值班" in browser.text
        _, token = await office.accounts.invite(CLI, login="clerk", name="x", role=Role.CLERK, unions=[CITY])
        await browser.opens("/desk/")
        assert "有 1 位同事还没有接受邀请" in browser.text
        assert "先邀请一位" not in browser.text
        assert "核对本地的金额和天数" in browser.text
        await office.accounts.join(token, "王芳", PASSWORD, PASSWORD)
        await browser.opens("/desk/")
        assert "先看这几件" not in browser.text


async def test_the_first_page_asks_for_no_drafts_where_there_is_no_room_for_them(office: Office) -> None:
    await office.hire("librarian", Role.ADMIN)
    keeper = await office.admitted("librarian")
    await keeper.opens("/desk/")
    assert "papers/waiting" not in keeper.page.text  # type: ignore[union-attr]


async def test_today_says_what_is_to_be_seen_to_and_is_honest_where_there_is_nothing(office: Office) -> None:
    await office.hire("newcomer")
    browser = await office.admitted("newcomer")
    await browser.opens("/desk/")
    assert "开启动态口令" in browser.text
    assert "看看有哪些要办的" in browser.text
    staff = await office.hire("settled", factor=True)
    settled = await office.admitted("settled")
    await settled.opens("/desk/")
    assert "先看这几件" not in settled.text
    codes = await office.logins.renew_codes(staff, PASSWORD, address="")
    for code in codes[:8]:
        again = office.browser()
        await again.logs_in("settled")
        await again.sends("/desk/login/code", code=code)
    await settled.opens("/desk/")
    assert "恢复码只剩 2 个" in settled.text
