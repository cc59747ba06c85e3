"""A strict OpenID Connect provider on loopback, with signed tokens; who logs in there is told beforehand."""

import asyncio
import secrets
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, urlencode

import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response
from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT_ID, CLIENT_SECRET = "niangjia", "s3cret of the tests: +&%"


def new_key() -> RSAKey:
    """Return a key to sign with."""
    return RSAKey.generate_key(2048, {"use": "sig", "alg": "RS256"}, auto_kid=True)


@dataclass
class FakeProvider:
    """What it says of whom, and what it has seen."""

    issuer: str = ""
    who: dict[str, Any] = field(default_factory=dict)  # claims of whoever logs in next
    spoil: Callable[[dict[str, Any]], None] = lambda claims: None  # changes the claims before they are signed
    refuse: str = ""  # the error that /authorize answers with
    headers: dict[str, str] = field(default_factory=lambda: {"alg": "RS256"})
    key: RSAKey = field(default_factory=new_key)
    published: dict[str, Any] = field(default_factory=dict)  # what stands in the discovery document instead
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[dict[str, str]] = field(default_factory=list)
    now: Callable[[], float] = time.time
    signer: RSAKey | None = None  # another key than the one that is published

    def token(self, nonce: str) -> str:
        """Return an ID token for whoever has logged in."""
        now = int(self.now())
        claims = {"iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 300, "nonce": nonce, **self.who}
        self.spoil(claims)
        signer = self.signer or self.key
        return jwt.encode({"kid": signer.kid, **self.headers}, claims, signer, algorithms=["RS256", "HS256"])


@asynccontextmanager
async def identity_provider() -> AsyncIterator[FakeProvider]:
    """Run one."""
    provider = FakeProvider()
    server = uvicorn.Server(uvicorn.Config(_app(provider), port=0, log_level="critical", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve())
    try:
        while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
            await asyncio.sleep(0.01)
        provider.issuer = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/realms/union"
        yield provider
    finally:
        server.should_exit = True
        await serving


def _app(provider: FakeProvider) -> FastAPI:
    app = FastAPI()

    @app.get("/realms/union/.well-known/openid-configuration")
    async def discovery() -> Response:
        return JSONResponse(
            {
                "issuer": provider.issuer,
                "authorization_endpoint": f"{provider.issuer}/auth?realm=union",
                "token_endpoint": f"{provider.issuer}/token",
                "jwks_uri": f"{provider.issuer}/keys",
                "end_session_endpoint": f"{provider.issuer}/logout",
                **provider.published,
            }
        )

    @app.get("/realms/union/auth")
    async def authorize(request: Request) -> Response:
        asked = dict(request.query_params)
        provider.asked.append(asked)
        strict = (
            asked["realm"] == "union"
            and asked["response_type"] == "code"
            and asked["client_id"] == CLIENT_ID
            and asked["redirect_uri"].endswith("/desk/login/provider/back")
            and "openid" in asked["scope"].split()
            and asked["code_challenge_method"] == "S256"
            and all(len(asked[name]) >= 32 for name in ("state", "nonce", "code_challenge"))
        )
        if not strict:
            return JSONResponse({"error": "invalid_request"}, 400)
        back = {"state": asked["state"]}
        if provider.refuse:
            back["error"] = provider.refuse
        else:
            back["code"] = secrets.token_urlsafe()
            provider.codes[back["code"]] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(back)}", 302)

    @app.post("/realms/union/token")
    async def token(request: Request) -> Response:
        form = {name: values[0] for name, values in parse_qs((await request.body()).decode()).items()}
        if not _authenticated(request.headers.get("authorization", ""), form):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = provider.codes.pop(form["code"], None)
        challenge = urlsafe_b64encode(sha256(form["code_verifier"].encode()).digest()).rstrip(b"=").decode()
        good = (
            asked is not None
            and form["grant_type"] == "authorization_code"
            and form["redirect_uri"] == asked["redirect_uri"]
            and challenge == asked["code_challenge"]
        )
        if asked is None or not good:
            return JSONResponse({"error": "invalid_grant"}, 400)
        answer = {"access_token": "none", "token_type": "Bearer", "id_token": provider.token(asked["nonce"])}
        return JSONResponse(answer)

    @app.get("/realms/union/keys")
    async def keys() -> Response:
        return JSONResponse({"keys": [provider.key.as_dict(private=False)]})

    return app


def _authenticated(authorization: str, form: dict[str, str]) -> bool:
    if authorization.startswith("Basic "):
        sent = b64decode(authorization.removeprefix("Basic ")).decode()
        return sent == urlencode({CLIENT_ID: CLIENT_SECRET}).replace("=", ":", 1)
    return (form.get("client_id"), form.get("client_secret")) == (CLIENT_ID, CLIENT_SECRET)
