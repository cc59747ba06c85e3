from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from bot.desk.provider import Client
from tests.bot.desk.coming_in import LABEL
from tests.bot.desk.identity_provider import CLIENT_ID, CLIENT_SECRET, FakeProvider, identity_provider
from tests.bot.desk.office import Office, open_office


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def office(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """One desk for all tests of a module; each hires its own people."""
    async with open_office(tmp_path_factory.mktemp("office")) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def identities() -> AsyncIterator[FakeProvider]:
    """One identity provider for all tests of a module."""
    async with identity_provider() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def bound(identities: FakeProvider, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Office]:
    """A desk that trusts the provider, second factors among it."""
    client = Client(identities.issuer, CLIENT_ID, CLIENT_SECRET, LABEL, frozenset({"mfa", "gold"}))
    async with open_office(tmp_path_factory.mktemp("bound"), client=client) as opened:
        identities.now = lambda: opened.clock.now.timestamp()
        yield opened


@pytest.fixture
def provider(identities: FakeProvider) -> FakeProvider:
    """The provider as it is when nothing is wrong with it."""
    identities.who, identities.spoil, identities.refuse, identities.signer = {}, lambda claims: None, "", None
    identities.headers, identities.published = {"alg": "RS256"}, {}
    return identities
