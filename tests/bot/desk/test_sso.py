"""Coming in by an identity provider, over HTTP: who is invited, and only with an answer that holds in every part."""

from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pyotp
import pytest
import pytest_asyncio
from fastapi.routing import APIRoute
from playwright.async_api import Browser as Chromium
from playwright.async_api import expect
from sqlalchemy import select

from bot.audit import CLI, Act, Search
from bot.desk.credentials import digest
from bot.desk.doors import Door, Entrance
from bot.desk.journeys import LIFE
from bot.desk.provider import Client
from bot.desk.staff import Role
from bot.storage.staff_tables import staff_journeys
from tests.bot.browsing import PHONE, Visits, assert_fine
from tests.bot.desk.identity_provider import CLIENT_ID, CLIENT_SECRET, FakeProvider, identity_provider, new_key
from tests.bot.desk.office import CITY, PASSWORD, Browser, Office, open_office

pytestmark = pytest.mark.asyncio(loop_scope="module")

LABEL = "工会统一认证"
BEGIN, BACK = "/desk/login/provider", "/desk/login/provider/back"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running() -> AsyncIterator[FakeProvider]:
    async with identity_provider() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bound(running: FakeProvider, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """A desk that trusts the provider, second factors among it."""
    client = Client(running.issuer, CLIENT_ID, CLIENT_SECRET, LABEL, frozenset({"mfa", "gold"}))
    async with open_office(tmp_path_factory.mktemp("bound"), client=client) as opened:
        running.now = lambda: opened.clock.now.timestamp()
        yield opened


@pytest.fixture
def provider(running: FakeProvider) -> FakeProvider:
    """The provider as it is when nothing is wrong with it."""
    running.who, running.spoil, running.refuse, running.signer = {}, lambda claims: None, "", None
    running.headers, running.published = {"alg": "RS256"}, {}
    return running


async def invite(office: Office, login: str, role: Role = Role.CLERK, email: str = "") -> str:
    invited = office.accounts.invite(CLI, login=login, name=f"{login}同志", role=role, unions=[CITY], email=email)
    _, token = await invited
    return token


async def sets_out(browser: Browser, path: str = BEGIN) -> str:
    """Go to the provider and return the address to which it sends the browser back, which is not opened yet."""
    there = await browser.client.get(path)
    assert there.status_code == 303
    async with httpx2.AsyncClient() as elsewhere:  # the provider's cookies are none of ours
        back = await elsewhere.get(there.headers["location"])
    assert back.status_code == 302, back.text
    return back.headers["location"]


async def comes_in(office: Office, path: str = BEGIN) -> Browser:
    browser = office.browser()
    await browser.opens(await sets_out(browser, path))
    return browser


async def joined(office: Office, provider: FakeProvider, login: str, role: Role = Role.CLERK) -> None:
    """Let somebody whose subject is their login take up an invitation by its link."""
    provider.who = {"sub": login}
    await comes_in(office, f"{BEGIN}?invitation={await invite(office, login, role)}")


async def last_act(office: Office, subject: str = "") -> tuple[str, str]:
    entry = (await office.storage.audit.search(Search(subject=subject), limit=1))[0].entry
    return entry.act, entry.detail


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


def spoiled(**changes: Any) -> Callable[[dict[str, Any]], None]:
    return lambda claims: claims.update(changes)


def without(name: str) -> Callable[[dict[str, Any]], None]:
    return lambda claims: claims.pop(name)


@pytest.mark.parametrize(
    "spoil",
    [
        spoiled(nonce="another"),
        without("nonce"),
        spoiled(aud="somebody-else"),
        spoiled(aud=[CLIENT_ID, "somebody-else"]),
        spoiled(azp="somebody-else"),
        spoiled(iss="https://evil.example"),
        spoiled(sub=None),
        spoiled(sub=17),
        without("exp"),
        lambda claims: claims.update(exp=claims["iat"] - 61),
        lambda claims: claims.update(iat=claims["iat"] + 3_600),
    ],
    ids=lambda spoil: "",
)
async def test_a_token_with_a_false_claim_lets_nobody_in(
    bound: Office, provider: FakeProvider, spoil: Callable[[dict[str, Any]], None]
) -> None:
    if await bound.storage.staff.by_login("claimed") is None:
        await joined(bound, provider, "claimed")
    provider.who, provider.spoil = {"sub": "claimed"}, spoil
    browser = await comes_in(bound)
    assert "给的信息对不上" in browser.text
    assert (await browser.opens("/desk/")).url.path == "/desk/login"
    provider.spoil = spoiled(aud=[CLIENT_ID, "account"], azp=CLIENT_ID)
    assert "claimed同志" in (await comes_in(bound)).text, "only what was spoiled kept them out"


async def test_keys_may_change_at_any_moment_but_only_published_ones_count(
    bound: Office, provider: FakeProvider
) -> None:
    await joined(bound, provider, "rotating")
    provider.key = new_key()
    assert "rotating同志" in (await comes_in(bound)).text
    provider.signer = new_key()
    assert "给的信息对不上" in (await comes_in(bound)).text, "a key that nobody knows"
    provider.signer, provider.headers = new_key(), {"alg": "RS256", "kid": str(provider.key.kid)}
    assert "给的信息对不上" in (await comes_in(bound)).text, "a key under a known name"


async def test_a_token_that_is_signed_by_nobody_or_by_a_shared_secret_lets_nobody_in(
    bound: Office, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    await joined(bound, provider, "unsigned")
    whole = FakeProvider.token(provider, "x").split(".")
    for token in ("e30.e30.", f"eyJhbGciOiJub25lIn0.{whole[1]}.", "", "no token", None):
        monkeypatch.setattr(provider, "token", lambda nonce, token=token: token)
        assert "给的信息对不上" in (await comes_in(bound)).text, token


async def test_who_is_turned_away_by_the_provider_is_told_so(bound: Office, provider: FakeProvider) -> None:
    provider.refuse = "access_denied"
    assert "没有让您通过" in (await comes_in(bound)).text


async def test_the_way_back_leads_in_once_soon_and_only_the_browser_that_set_out(
    bound: Office, provider: FakeProvider
) -> None:
    await joined(bound, provider, "traveller")
    browser = bound.browser()
    back = await sets_out(browser)
    thief = bound.browser()
    await thief.opens("/desk/login")
    await thief.opens(back)
    assert "隔得太久，或者已经用过" in thief.text, "another browser"
    await browser.opens(back)
    assert "已经用过" in browser.text, "what was tried elsewhere is void"
    await browser.opens(await sets_out(browser))
    assert "traveller同志" in browser.text
    for replayed in (back, BACK, f"{BACK}?state=x&code=y"):
        again = bound.browser()
        assert (await again.opens(replayed)).status_code == 422
    slow = bound.browser()
    late = await sets_out(slow)
    bound.clock.forward(seconds=LIFE.total_seconds())
    await slow.opens(late)
    assert "隔得太久" in slow.text
    await sets_out(bound.browser())
    bound.clock.forward(seconds=LIFE.total_seconds() + 1)
    assert await bound.storage.journeys.sweep() > 0
    assert await bound.storage.journeys.sweep() == 0


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


async def test_a_provider_that_is_silent_or_another_than_it_was_is_not_trusted(
    bound: Office, provider: FakeProvider
) -> None:
    browser = bound.browser()
    provider.published = {"issuer": "https://evil.example"}
    await browser.opens(BEGIN)
    assert "给的信息对不上" in browser.text
    provider.published = {"authorization_endpoint": "javascript:alert(1)"}
    await browser.opens(BEGIN)
    assert "给的信息对不上" in browser.text
    provider.published = {"token_endpoint": f"{provider.issuer}/nothing-here"}
    assert "暂时没有回应" in (await comes_in(bound)).text


async def test_a_client_may_be_known_by_its_form_instead_of_a_header(bound: Office, provider: FakeProvider) -> None:
    await joined(bound, provider, "posted")
    provider.published = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
    assert "posted同志" in (await comes_in(bound)).text


async def test_a_provider_that_nobody_runs_leaves_the_password(tmp_path: Path) -> None:
    client = Client("http://127.0.0.1:9/", CLIENT_ID, None, LABEL)
    async with open_office(tmp_path, client=client) as office:
        await office.hire("offline")
        browser = office.browser()
        assert (await browser.opens(BEGIN)).status_code == 422
        assert "暂时没有回应" in browser.text
        assert (await browser.logs_in("offline")).url.path == "/desk/"


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


async def test_of_a_journey_only_the_digest_of_its_state_is_kept(bound: Office, provider: FakeProvider) -> None:
    state = parse_qs(urlsplit(await sets_out(bound.browser())).query)["state"][0]
    kept = [row.state for row in await bound.storage.database.read(select(staff_journeys))]
    assert digest(state) in kept
    assert state not in kept


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
