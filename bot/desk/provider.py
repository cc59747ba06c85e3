"""An OpenID Connect provider: where somebody is sent to log in, and what its signed answer says of them."""

from base64 import urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx
import structlog
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from bot.desk.problems import Problem, StaffError

SIGNED_BY = (
    "RS256",
    "RS384",
    "RS512",
    "PS256",
    "PS384",
    "PS512",
    "ES256",
    "ES384",
    "ES512",
    "EdDSA",
)  # no shared secret
LEEWAY = 60  # seconds by which the provider's clock may differ
TIMEOUT = 10.0  # seconds
_BASIC = "client_secret_basic"

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Client:
    """What we are to the provider, and what we take its word for."""

    issuer: str
    id: str
    secret: str | None  # None for a public client, which PKCE alone protects
    label: str  # what the login page calls the provider
    factors: frozenset[str] = frozenset()  # values of `amr` or `acr` that stand for a second factor


@dataclass(frozen=True, slots=True)
class Identity:
    """Whom the provider says it is."""

    key: str  # digest of issuer and subject
    email: str | None  # in lower case, only where the provider has verified it
    strong: bool  # the provider asked for a second factor


class IdentityProvider:
    """Speaks to one provider; what it publishes is read anew each time, so that its keys may change at any moment."""

    def __init__(self, client: Client, now: Callable[[], datetime]) -> None:
        self._client = client
        self._now = now
        self.label = client.label

    async def authorization(self, back: str, state: str, nonce: str, verifier: str) -> str:
        """Return the address at which somebody logs in, who then comes to the address `back`; raise StaffError."""
        async with _asking() as http:
            published = await self._published(http)
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code",
            "client_id": self._client.id,
            "redirect_uri": back,
            "scope": "openid email",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return _with(self._endpoint(published, "authorization_endpoint"), asked)

    async def identity(self, back: str, code: str, nonce: str, verifier: str) -> Identity:
        """Exchange the code for a token, check all of it, and return who it is; raise StaffError."""
        async with _asking() as http:
            published = await self._published(http)
            asked = {
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": back,
                "client_id": self._client.id,
                "code_verifier": verifier,
            }
            auth = httpx.Auth()  # none
            if self._client.secret is not None:
                if _BASIC in published.get("token_endpoint_auth_methods_supported", [_BASIC]):
                    auth = httpx.BasicAuth(quote_plus(self._client.id), quote_plus(self._client.secret))
                else:
                    asked["client_secret"] = self._client.secret
            answer = await http.post(self._endpoint(published, "token_endpoint"), data=asked, auth=auth)
            token = _object(answer).get("id_token")
            keys = _object(await http.get(self._endpoint(published, "jwks_uri")))
        return self._identity(token, keys, nonce)

    async def leaving(self, back: str) -> str | None:
        """Return the address at which somebody logs out of the provider too, if it has one; raise StaffError."""
        async with _asking() as http:
            published = await self._published(http)
        if not published.get("end_session_endpoint"):
            return None
        asked = {"client_id": self._client.id, "post_logout_redirect_uri": back}
        return _with(self._endpoint(published, "end_session_endpoint"), asked)

    async def _published(self, http: httpx.AsyncClient) -> dict[str, Any]:
        address = f"{self._client.issuer.rstrip('/')}/.well-known/openid-configuration"
        published = _object(await http.get(address))
        if published.get("issuer") != self._client.issuer:
            raise _distrusted("issuer")
        return published

    def _endpoint(self, published: dict[str, Any], name: str) -> str:
        url = published.get(name)
        scheme = self._client.issuer.partition(":")[0]  # https, unless it is one on this machine
        if not isinstance(url, str) or not url.startswith(("https://", f"{scheme}://")):
            raise _distrusted(name)
        return url

    def _identity(self, token: Any, keys: Any, nonce: str) -> Identity:
        client = self._client
        wanted = jwt.JWTClaimsRegistry(
            now=int(self._now().timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": client.issuer},
            aud={"essential": True, "value": client.id},
            sub={"essential": True},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        try:
            claims = jwt.decode(token, KeySet.import_key_set(keys), algorithms=SIGNED_BY).claims
            wanted.validate(claims)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _distrusted(type(error).__name__) from error
        alone = claims["aud"] in (client.id, [client.id])
        if claims.get("azp", client.id if alone else None) != client.id:
            raise _distrusted("azp")
        email = claims.get("email")
        known_mail = isinstance(email, str) and claims.get("email_verified") is True
        return Identity(
            sha256(f"{client.issuer}\x1f{claims['sub']}".encode()).hexdigest(),
            str(email).strip().lower() if known_mail else None,
            not client.factors.isdisjoint(_words(claims.get("amr")) | _words(claims.get("acr"))),
        )


@asynccontextmanager
async def _asking() -> AsyncIterator[httpx.AsyncClient]:
    """Yield what asks the provider; raise StaffError where it does not answer as one."""
    try:
        async with httpx.AsyncClient(timeout=TIMEOUT, headers={"Accept": "application/json"}) as http:
            yield http
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        log.warning("provider.silent", error=type(error).__name__)
        raise StaffError(Problem.PROVIDER_SILENT) from error


def _object(answer: httpx.Response) -> dict[str, Any]:
    """Return the JSON object of an answer; raise ValueError where it is none."""
    answer.raise_for_status()
    read = answer.json()
    if not isinstance(read, dict):
        raise ValueError("no object")
    return read


def _with(url: str, query: dict[str, str]) -> str:
    return f"{url}{'&' if '?' in url else '?'}{urlencode(query)}"


def _words(value: Any) -> frozenset[str]:
    """Return the words of `amr`, a list, or of `acr`, one word."""
    return frozenset(each for each in (value if isinstance(value, list) else [value]) if isinstance(each, str))


def _distrusted(what: str) -> StaffError:
    log.warning("provider.distrusted", what=what)
    return StaffError(Problem.PROVIDER_DISTRUSTED)
