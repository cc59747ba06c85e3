"""Coming in by an identity provider, over HTTP: who is invited, and what they may then do."""

from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from fastapi.routing import APIRoute
from playwright.async_api import Browser as Chromium
from playwright.async_api import expect

from bot.audit import CLI, Act
from bot.desk.doors import Door, Entrance
from bot.desk.staff import Role
from tests.bot.browsing import PHONE, Visits, assert_fine
from tests.bot.desk.coming_in import BEGIN, LABEL, comes_in, invite, joined, last_act, sets_out
from tests.bot.desk.identity_provider import CLIENT_ID, FakeProvider
from tests.bot.desk.office import CITY, PASSWORD, Office, open_office

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_the_login_page_offers_the_provider_only_where_there_is_one(bound: Office, tmp_path: Path) -> None:
    browser = bound.browser()
    await browser.opens("/desk/login")
    assert f"用{LABEL}登录" in browser.text
    async with open_office(tmp_path) as plain:
        browser = plain.browser()
        await browser.opens("/desk/login")
        assert BEGIN not in browser.page.text  # type: ignore[union-attr]
        assert (await browser.opens(BEGIN)).status_code == 404


async def test_its_routes_have_doors_that_anybody_opens(bound: Office) -> None:
    routes = [each for router in bound.desk.routers for each in router.routes if isinstance(each, APIRoute)]
    mine = {
        each.path: [dependency.call for dependency in each.dependant.dependencies]
        for each in routes
        if each.path.startswith("/login/provider")
    }
    door = [Door(Entrance.ANYBODY)]
    assert mine == {"/login/provider": door, "/login/provider/back": door, "/login/provider/out": door}


async def test_an_invitation_is_taken_up_without_a_password_and_then_the_provider_is_enough(
    bound: Office, provider: FakeProvider
) -> None:
    token = await invite(bound, "linked")
    provider.who = {"sub": "u-1"}
    browser = bound.browser()
    await browser.opens(f"/desk/welcome/{token}")
    assert "不另设密码" in browser.text
    page = await browser.opens(await sets_out(browser, f"{BEGIN}?invitation={token}"))
    assert page.url.path == "/desk/"
    assert "linked同志" in browser.text
    staff = await bound.accounts.named("linked")
    assert (staff.joined, staff.by_provider) == (True, True)
    assert await last_act(bound, staff.subject) == (Act.LOGGED_IN, "provider")
    again = await comes_in(bound, f"{BEGIN}?next=/desk/account")
    assert again.page is not None
    assert again.page.url.path == "/desk/account"
    assert "在这里没有另外的密码" in again.text
    late = await bound.browser().opens(f"/desk/welcome/{token}")
    assert late.status_code == 422, "the link is used up"
    assert (await bound.browser().logs_in("linked", "")).status_code == 422, "no password opens it"


async def test_a_mail_address_that_the_provider_has_verified_is_as_good_as_the_link(
    bound: Office, provider: FakeProvider
) -> None:
    await invite(bound, "mailed", email=" Wang.Fang@Example.org ")
    provider.who = {"sub": "u-2", "email": "wang.fang@EXAMPLE.org", "email_verified": False}
    refused = await comes_in(bound)
    assert "还没有给您开通" in refused.text
    provider.who["email_verified"] = True
    assert "mailed同志" in (await comes_in(bound)).text
    provider.who = {"sub": "u-3", "email": "wang.fang@example.org", "email_verified": True}
    stranger = await comes_in(bound)
    assert "还没有给您开通" in stranger.text, "by its mail an account is not taken over"


async def test_an_account_with_a_password_is_not_taken_over_by_its_mail(bound: Office, provider: FakeProvider) -> None:
    token = await invite(bound, "careful", email="careful@example.org")
    await bound.accounts.join(token, "小心", PASSWORD, PASSWORD)
    provider.who = {"sub": "u-4", "email": "careful@example.org", "email_verified": True}
    assert "还没有给您开通" in (await comes_in(bound)).text


async def test_nobody_comes_in_uninvited_and_the_audit_says_that_somebody_tried(
    bound: Office, provider: FakeProvider
) -> None:
    provider.who = {"sub": "u-5", "email": "stranger@example.org", "email_verified": True}
    browser = await comes_in(bound)
    assert browser.page is not None
    assert browser.page.status_code == 422
    assert "请让本工会的管理员邀请您" in browser.text
    assert await last_act(bound) == (Act.LOGIN_FAILED, "provider")
    assert (await browser.opens("/desk/")).url.path == "/desk/login"


async def test_an_identity_belongs_to_one_account(bound: Office, provider: FakeProvider) -> None:
    await joined(bound, provider, "first")
    token = await invite(bound, "second")
    browser = await comes_in(bound, f"{BEGIN}?invitation={token}")
    assert "已经绑定了另一位同事" in browser.text
    assert not (await bound.accounts.named("second")).joined


async def test_a_closed_account_stays_closed_and_a_reset_one_forgets_its_identity(
    bound: Office, provider: FakeProvider
) -> None:
    await joined(bound, provider, "closing")
    staff = await bound.accounts.named("closing")
    await bound.accounts.disable(CLI, staff)
    assert "还没有给您开通" in (await comes_in(bound)).text
    await bound.accounts.enable(CLI, staff)
    assert "closing同志" in (await comes_in(bound)).text
    await bound.accounts.reset(CLI, staff)
    assert "还没有给您开通" in (await comes_in(bound)).text


async def test_an_admin_owes_our_second_factor_unless_the_provider_has_asked_for_one(
    bound: Office, provider: FakeProvider
) -> None:
    await joined(bound, provider, "chief", Role.ADMIN)
    weak = await comes_in(bound)
    assert (await weak.opens("/desk/staff")).url.path == "/desk/account/factor"
    for strong in ({"amr": ["pwd", "mfa"]}, {"acr": "gold"}):
        provider.who = {"sub": "chief", **strong}
        browser = await comes_in(bound)
        assert (await browser.opens("/desk/staff")).url.path == "/desk/staff", strong
    for odd in ({"amr": "pwd"}, {"acr": ["mf"]}, {"amr": {"mfa": 1}}, {"acr": None}):
        provider.who = {"sub": "chief", **odd}
        assert (await (await comes_in(bound)).opens("/desk/staff")).url.path == "/desk/account/factor", odd


async def test_who_has_our_second_factor_is_asked_for_it_and_can_change_it_without_a_password(
    bound: Office, provider: FakeProvider
) -> None:
    await joined(bound, provider, "doubled")
    staff = await bound.accounts.named("doubled")
    secret = "A" * 32
    codes = await bound.logins.add_factor(staff, secret, pyotp.TOTP(secret).at(bound.clock.now), "", address="")
    bound.secrets["doubled"] = secret
    browser = await comes_in(bound, f"{BEGIN}?next=/desk/account")
    assert browser.page is not None
    assert browser.page.url.path == "/desk/login/code"
    assert (
        await browser.sends("/desk/login/code", code=bound.code("doubled"), next="/desk/account")
    ).status_code == 200
    await browser.opens("/desk/account")
    assert (await browser.sends("/desk/account/codes", password="000000")).status_code == 422
    assert (await browser.sends("/desk/account/codes", password=codes[0])).status_code == 200
    await browser.opens("/desk/account")
    gone = await browser.sends("/desk/account/factor/off", password=bound.code("doubled"))
    assert "动态口令已关闭" in browser.text, gone.status_code
    provider.who = {"sub": "doubled"}
    assert "doubled同志" in (await comes_in(bound)).text


async def test_who_goes_out_is_offered_to_leave_the_provider_too(bound: Office, provider: FakeProvider) -> None:
    await joined(bound, provider, "leaver")
    browser = await comes_in(bound)
    await browser.sends("/desk/logout")
    assert f"也退出{LABEL}" in browser.text
    out = await browser.client.get(f"{BEGIN}/out")
    told = parse_qs(urlsplit(out.headers["location"]).query)
    assert out.headers["location"].startswith(f"{provider.issuer}/logout?")
    assert told == {"client_id": [CLIENT_ID], "post_logout_redirect_uri": [f"{bound.url}/desk/login"]}
    provider.published = {"end_session_endpoint": None}
    assert (await browser.opens(f"{BEGIN}/out")).url.path == "/desk/login", "there is nothing to leave"


async def test_a_session_that_began_at_the_provider_ends_like_any_other(bound: Office, provider: FakeProvider) -> None:
    await joined(bound, provider, "tired")
    browser = await comes_in(bound)
    bound.clock.forward(seconds=timedelta(hours=3).total_seconds())
    assert (await browser.opens("/desk/")).url.path == "/desk/login"


async def test_an_admin_invites_by_mail_and_is_told_what_is_no_address(bound: Office, provider: FakeProvider) -> None:
    await bound.hire("inviter", Role.ADMIN)
    browser = await bound.admitted("inviter")
    await browser.opens("/desk/staff/invite")
    form = {"name": "新人", "role": "clerk", "union": CITY}
    wrong = await browser.sends("/desk/staff/invite", login="new.one", email="no address", **form)
    assert (wrong.status_code, "邮箱写得不对" in browser.text) == (422, True)
    assert (
        await browser.sends("/desk/staff/invite", login="new.one", email="n@example.org", **form)
    ).status_code == 200
    await browser.opens("/desk/staff/invite")
    twice = await browser.sends("/desk/staff/invite", login="new.two", email="N@example.org", **form)
    assert (twice.status_code, "已经用了这个邮箱" in browser.text) == (422, True)


@pytest.mark.browser
async def test_the_way_to_the_provider_and_back_is_gone_in_a_browser(
    bound: Office, provider: FakeProvider, chromium: Chromium
) -> None:
    token = await invite(bound, "clicker", Role.ADMIN)
    provider.who = {"sub": "clicker", "amr": ["mfa"]}
    visits = Visits(chromium, bound.url)
    async with visits.context(*PHONE) as context:
        page = await context.new_page()
        await page.goto(f"/desk/welcome/{token}")
        await assert_fine(page)
        await page.get_by_role("link", name="不另设密码").click()
        await expect(page.get_by_role("navigation", name="导航")).to_be_visible()
        await page.goto("/desk/account")
        await assert_fine(page)
        await page.locator("summary", has_text="clicker").click()
        await page.get_by_role("button", name="退出", exact=True).last.click()
        await expect(page.get_by_role("link", name=f"也退出{LABEL}")).to_be_visible()
        await assert_fine(page)
        await page.get_by_role("link", name=f"用{LABEL}登录").click()
        await expect(page.get_by_role("navigation", name="导航")).to_be_visible()
    assert [each for each in visits.complaints if "404" not in each] == [], "here are no cases and papers to look for"
