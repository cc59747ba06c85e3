"""The way in and out, over HTTP."""

from pathlib import Path

import pytest

from bot.audit import CLI, Act, Search
from bot.desk.accounts import LINK_LIFE
from bot.desk.logins import ABSOLUTE, HALF, IDLE, MISSES, LoginLimits
from bot.desk.staff import Role
from bot.pages.limits import Rate
from tests.bot.desk.office import CITY, PASSWORD, Office, open_office

pytestmark = pytest.mark.asyncio(loop_scope="module")

WRONG = "登录名或密码不对"


async def acts_on(office: Office, login: str) -> list[str]:
    """Return what the audit says was done to an account, newest first."""
    staff = await office.accounts.named(login)
    return [record.entry.act for record in await office.storage.audit.search(Search(subject=staff.subject))]


async def test_who_has_no_second_factor_comes_in_with_the_password(office: Office) -> None:
    await office.hire("plain")
    browser = office.browser()
    assert (await browser.logs_in(" PLAIN ")).url.path == "/desk/"
    assert "plain同志" in browser.text
    assert (await acts_on(office, "plain"))[0] == Act.LOGGED_IN


async def test_a_wrong_password_and_a_login_that_nobody_has_are_told_alike(office: Office) -> None:
    await office.hire("known")
    await office.hire("gone")
    await office.accounts.disable(CLI, await office.accounts.named("gone"))
    await office.accounts.invite(CLI, login="invited", name="x", role=Role.CLERK, unions=[CITY])
    told = set()
    for login, password in (("known", "wrong"), ("nobody", PASSWORD), ("gone", PASSWORD), ("invited", "")):
        browser = office.browser()
        page = await browser.logs_in(login, password)
        assert (page.status_code, page.url.path) == (422, "/desk/login")
        assert WRONG in browser.text
        told.add(page.text.replace(f'value="{login}"', "").replace(browser.csrf, ""))
    assert len(told) == 1
    assert (await acts_on(office, "known"))[0] == Act.LOGIN_FAILED


async def test_the_token_changes_with_the_login_and_the_old_one_opens_nothing(office: Office) -> None:
    await office.hire("fixed", factor=True)
    browser = office.browser()
    await browser.opens("/desk/login")
    planted = browser.cookie
    await browser.sends("/desk/login", login="fixed", password=PASSWORD)
    half = browser.cookie
    await browser.sends("/desk/login/code", code=office.code("fixed"))
    whole = browser.cookie
    assert len({planted, half, whole}) == 3
    for old in (planted, half):
        thief = office.browser(cookies={"niangjia-desk": old})
        assert (await thief.opens("/desk/")).url.path == "/desk/login"
    assert (await browser.opens("/desk/")).url.path == "/desk/"


async def test_a_cookie_that_we_did_not_make_is_replaced(office: Office) -> None:
    for odd in ("x", "a" * 42, "a" * 5_000, "a;b", '"'):
        browser = office.browser(headers={"cookie": f"niangjia-desk={odd}"})
        answer = await browser.client.get("/desk/login")
        assert answer.status_code == 200
        assert len(answer.cookies["niangjia-desk"]) == 43


async def test_a_script_of_a_page_is_led_to_the_login_by_a_header(office: Office) -> None:
    answer = await office.browser().client.get("/desk/audit", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/desk/login")


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_bound_to_https(office: Office) -> None:
    plain = (await office.browser().opens("/desk/login")).headers["set-cookie"].lower()
    assert "httponly" in plain
    assert "samesite=lax" in plain
    assert "path=/desk" in plain
    behind_proxy = office.browser(headers={"x-forwarded-proto": "https"})
    secure = (await behind_proxy.opens("/desk/login")).headers["set-cookie"].lower()
    assert secure.startswith("__host-niangjia-desk=")
    assert {"secure", "httponly", "path=/", "samesite=lax"} <= {each.strip() for each in secure.split(";")}
    assert "domain" not in secure + plain


async def test_no_answer_may_be_stored_framed_or_run_what_is_not_ours(office: Office) -> None:
    browser = office.browser()
    for path in ("/desk/login", "/desk/", "/desk/nowhere"):
        headers = (await browser.client.get(path)).headers
        assert headers["cache-control"] == "no-store"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["x-content-type-options"] == "nosniff"
        policy = headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "default-src 'none'" in policy


async def test_a_form_without_the_right_token_is_not_taken(office: Office) -> None:
    await office.hire("careful")
    browser = await office.admitted("careful")
    other = await office.admitted("careful")
    await browser.opens("/desk/account")
    await other.opens("/desk/account")
    for fields in ({}, {"csrf": ""}, {"csrf": "0" * 32}, {"csrf": other.csrf}, {"csrf": "ü"}):
        answer = await browser.posts("/desk/account/sessions/end", **fields)
        assert answer.status_code == 403
        assert "请再点一次" in answer.text
    assert (await other.opens("/desk/")).url.path == "/desk/", "its session was not ended"
    by_script = await browser.client.post("/desk/account/sessions/end", headers={"X-CSRF-Token": browser.csrf})
    assert by_script.status_code == 303
    assert (await other.opens("/desk/")).url.path == "/desk/login"


async def test_a_form_of_another_site_is_not_taken(office: Office) -> None:
    await office.hire("lured")
    browser = await office.admitted("lured")
    await browser.opens("/desk/account")
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        answer = await browser.client.post("/desk/logout", data={"csrf": browser.csrf}, headers=headers)
        assert answer.status_code == 403
    assert (await browser.opens("/desk/")).url.path == "/desk/"


async def test_a_form_that_is_too_big_or_no_form_is_refused(office: Office) -> None:
    browser = office.browser()
    await browser.opens("/desk/login")
    big = await browser.posts("/desk/login", csrf=browser.csrf, login="x" * 70_000)
    assert big.status_code == 413
    many = await browser.client.post("/desk/login", content="&".join(f"a{n}=1" for n in range(300)))
    assert many.status_code == 400
    assert (await browser.client.post("/desk/login", content=b"\xff\xfe=1")).status_code == 400


async def test_one_is_led_back_to_where_one_wanted_to_go_but_never_off_the_desk(office: Office) -> None:
    await office.hire("linked")
    browser = office.browser()
    page = await browser.opens("/desk/account?done=saved")
    assert page.url.params["next"] == "/desk/account?done=saved"
    assert "回到您要看的那一页" in browser.text
    page = await browser.sends("/desk/login", login="linked", password=PASSWORD, next=page.url.params["next"])
    assert (page.url.path, page.url.query) == ("/desk/account", b"done=saved")
    for elsewhere in ("https://evil.example", "//evil.example", "/desk//evil", "/desk/\\evil", "/", "javascript:x"):
        other = office.browser()
        await other.opens("/desk/login")
        page = await other.sends("/desk/login", login="linked", password=PASSWORD, next=elsewhere)
        assert page.url.path == "/desk/", elsewhere


async def test_a_code_opens_once(office: Office) -> None:
    await office.hire("twice", factor=True)
    code = office.code("twice")
    first, second = office.browser(), office.browser()
    await first.logs_in("twice")
    assert (await first.sends("/desk/login/code", code=code)).url.path == "/desk/"
    await second.logs_in("twice")
    assert (await second.sends("/desk/login/code", code=code)).status_code == 422
    assert "已经用过" in second.text


async def test_after_a_few_wrong_codes_the_password_is_asked_for_again(office: Office) -> None:
    await office.hire("fumbler", factor=True)
    browser = office.browser()
    await browser.logs_in("fumbler")
    for _ in range(MISSES):
        assert (await browser.sends("/desk/login/code", code="000000")).status_code == 422
    right = await browser.sends("/desk/login/code", code=office.code("fumbler"))
    assert right.url.path == "/desk/login"
    assert (await acts_on(office, "fumbler"))[:MISSES] == [Act.LOGIN_FAILED] * MISSES


async def test_a_recovery_code_opens_once_instead_of_the_telephone(office: Office) -> None:
    staff = await office.hire("phoneless", factor=True)
    codes = await office.logins.renew_codes(staff, PASSWORD, address="")
    for status in (200, 422):
        browser = office.browser()
        await browser.logs_in("phoneless")
        assert (await browser.sends("/desk/login/code", code=codes[0].upper())).status_code == status
    assert Act.RECOVERY_USED in await acts_on(office, "phoneless")
    assert await office.logins.codes_left(staff) == 9


async def test_a_session_ends_when_it_is_idle_and_at_last_in_any_case(office: Office) -> None:
    await office.hire("tired")
    idle = await office.admitted("tired")
    office.clock.forward(seconds=IDLE.total_seconds() - 60)
    assert (await idle.opens("/desk/")).url.path == "/desk/"
    office.clock.forward(seconds=IDLE.total_seconds())
    assert (await idle.opens("/desk/")).url.path == "/desk/login"
    busy = await office.admitted("tired")
    hours = 0
    while (await busy.opens("/desk/")).url.path == "/desk/":
        office.clock.forward(hours=1)
        hours += 1
        assert hours <= ABSOLUTE.total_seconds() / 3600
    assert hours == ABSOLUTE.total_seconds() / 3600


async def test_what_a_page_asks_for_by_itself_keeps_nobody_logged_in(office: Office) -> None:
    await office.hire("away")
    browser = await office.admitted("away")
    for _ in range(int(IDLE.total_seconds() / 600) - 1):
        office.clock.forward(minutes=10)
        assert (await browser.client.get("/desk/", headers={"X-Look": "1"})).status_code == 200
    office.clock.forward(minutes=10)
    answer = await browser.client.get("/desk/", headers={"X-Look": "1", "HX-Request": "true"})
    assert (answer.status_code, answer.headers["hx-redirect"]) == (204, "/desk/login")


async def test_the_second_factor_must_come_soon(office: Office) -> None:
    await office.hire("slow", factor=True)
    browser = office.browser()
    await browser.logs_in("slow")
    office.clock.forward(seconds=HALF.total_seconds())
    assert (await browser.sends("/desk/login/code", code=office.code("slow"))).url.path == "/desk/login"


async def test_who_logs_out_is_out(office: Office) -> None:
    await office.hire("leaver")
    browser = await office.admitted("leaver")
    token = browser.cookie
    await browser.sends("/desk/logout")
    assert "您已退出工作台" in browser.text
    assert browser.cookie != token
    again = office.browser(cookies={"niangjia-desk": token})
    assert (await again.opens("/desk/")).url.path == "/desk/login"
    assert (await acts_on(office, "leaver"))[0] == Act.LOGGED_OUT


async def test_an_invitation_is_taken_up_once(office: Office) -> None:
    _, token = await office.accounts.invite(CLI, login="joiner", name="待定", role=Role.CLERK, unions=[CITY])
    browser = office.browser()
    await browser.opens(f"/desk/welcome/{token}")
    assert "joiner" in browser.text
    again = await browser.opens(f"/desk/welcome/{token}")
    assert again.status_code == 200, "looking does not use it up"
    short = await browser.sends(f"/desk/welcome/{token}", name="周 敏", password="short", again="short")
    assert (short.status_code, "密码至少" in browser.text) == (422, True)
    typo = await browser.sends(f"/desk/welcome/{token}", name="周 敏", password=PASSWORD, again=PASSWORD + "x")
    assert (typo.status_code, "不一样" in browser.text) == (422, True)
    page = await browser.sends(f"/desk/welcome/{token}", name="  周  敏 ", password=PASSWORD, again=PASSWORD)
    assert page.url.path == "/desk/"
    assert "周 敏" in browser.text
    late = office.browser()
    assert (await late.opens(f"/desk/welcome/{token}")).status_code == 422
    assert "用过了，或者过期了" in late.text
    assert (await late.logs_in("joiner")).url.path == "/desk/"


async def test_a_link_grows_old_and_a_new_one_makes_it_void(office: Office) -> None:
    staff, first = await office.accounts.invite(CLI, login="later", name="x", role=Role.CLERK, unions=[CITY])
    second = await office.accounts.reset(CLI, staff)
    browser = office.browser()
    assert (await browser.opens(f"/desk/welcome/{first}")).status_code == 422
    assert (await browser.opens(f"/desk/welcome/{second}")).status_code == 200
    office.clock.forward(seconds=LINK_LIFE.total_seconds())
    page = await browser.sends(f"/desk/welcome/{second}", name="x", password=PASSWORD, again=PASSWORD)
    assert page.status_code == 422
    assert "用过了，或者过期了" in browser.text and "回到您要看的那一页" not in browser.text


async def test_who_guesses_is_slowed_down_by_account_and_by_address(tmp_path: Path) -> None:
    limits = LoginLimits(pair=Rate(3, 0.0001), account=Rate(5, 0.0001), address=Rate(12, 0.0001))
    async with open_office(tmp_path, limits) as office:
        await office.hire("target")

        def at(address: str) -> dict[str, str]:
            return {"x-forwarded-for": address}

        async def tries(login: str, address: str, password: str = "wrong") -> int:
            return (await office.browser(headers=at(address)).logs_in(login, password)).status_code

        one = [await tries("target", "192.0.2.1") for _ in range(4)]
        assert one == [422, 422, 422, 429], "one address for one account"
        assert await tries("target", "192.0.2.1", PASSWORD) == 429, "not even with the right password"
        assert await tries("target", "192.0.2.2", PASSWORD) == 200, "somebody else's guesses do not shut the owner out"
        other = [await tries("target", f"192.0.2.{n}") for n in range(10, 14)]
        assert other == [422, 429, 429, 429], "many addresses for one account"
        sprayed = [await tries(f"person{n}", "192.0.2.1") for n in range(9)]
        assert sprayed[-1] == 429, "one address for many accounts"
        assert sprayed[0] == 422
        slowed = office.browser(headers=at("192.0.2.1"))
        page = await slowed.logs_in("target")
        assert "试得太多了" in slowed.text
        assert int(page.headers["retry-after"]) > 0


async def test_replicas_count_the_tries_together(tmp_path: Path) -> None:
    limits = LoginLimits(pair=Rate(4, 0.0001), account=Rate(9, 1), address=Rate(9, 1))
    async with open_office(tmp_path, limits) as one, open_office(tmp_path, limits) as two:
        await one.hire("shared")
        tries = [(await office.browser().logs_in("shared", "wrong")).status_code for office in (one, two) * 3]
        assert tries == [422, 422, 422, 422, 429, 429]
