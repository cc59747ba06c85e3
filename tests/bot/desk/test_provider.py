"""What an identity provider says, over HTTP: it lets nobody in whose answer does not hold in every part."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.desk.provider import Client
from tests.bot.desk.coming_in import BEGIN, LABEL, comes_in, joined
from tests.bot.desk.identity_provider import CLIENT_ID, FakeProvider, new_key
from tests.bot.desk.office import Office, open_office

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
