"""What proves who somebody is: passwords, one-time passwords, recovery codes, and the tokens of links and sessions."""

import asyncio
import re
import secrets
from datetime import datetime
from enum import StrEnum
from hashlib import sha256

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_PASSWORD, MAX_PASSWORD = 10, 128  # characters
CODES = 10  # recovery codes at a time
TOTP_SECONDS = 30
ISSUER = "娘家"
_CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another
_CODE_GROUPS = 4  # of four letters: 79 bits, so that a plain hash is enough
_SECRET = re.compile(r"[A-Z2-7]{32}", re.ASCII)
_COMMON = ("password", "qwerty", "123456", "abc123", "111111", "888888", "admin", "iloveyou", "woaini")


class Weakness(StrEnum):
    """Why a password will not do."""

    SHORT = "short"
    LONG = "long"
    COMMON = "common"
    LIKE_LOGIN = "like the login"


def weakness(password: str, login: str) -> Weakness | None:
    """Return what is wrong with a new password, if anything; length counts, not what it is mixed of."""
    if len(password) < MIN_PASSWORD:
        return Weakness.SHORT
    if len(password) > MAX_PASSWORD:
        return Weakness.LONG
    bare = password.lower()
    if login in bare:
        return Weakness.LIKE_LOGIN
    for word in _COMMON:
        bare = bare.replace(word, "")
    return Weakness.COMMON if len(set(bare)) < 5 or password.isdigit() else None


class Passwords:
    """Hashes passwords with Argon2, a few at a time, for each takes 64 MiB and the tenth of a second."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._nobodys = self._hasher.hash(new_token())
        self._few = asyncio.Semaphore(2)

    async def hash(self, password: str) -> str:
        """Return the hash to keep."""
        async with self._few:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def fits(self, password: str, hashed: str | None) -> bool:
        """Tell whether this is the password; without a hash it takes as long and is not."""
        async with self._few:
            return await asyncio.to_thread(self._verify, hashed or self._nobodys, password[:MAX_PASSWORD])

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def new_token() -> str:
    """Return what opens a link or a session: 256 bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is kept of a token or a recovery code: both hold too much chance to be guessed from it."""
    return sha256(token.encode()).hexdigest()


def new_codes() -> tuple[str, ...]:
    """Return fresh recovery codes, to be shown once."""
    return tuple(_new_code() for _ in range(CODES))


def _new_code() -> str:
    return "-".join("".join(secrets.choice(_CODE_LETTERS) for _ in range(4)) for _ in range(_CODE_GROUPS))


def code_digest(code: str) -> str:
    """Return what is kept of a recovery code, however it was typed."""
    return digest("".join(letter for letter in code.lower() if letter in _CODE_LETTERS))


def new_totp() -> str:
    """Return a fresh secret for an authenticator."""
    return pyotp.random_base32()


def is_totp_secret(secret: str) -> bool:
    """Tell whether it looks like one of ours."""
    return _SECRET.fullmatch(secret) is not None


def totp_step(secret: str, code: str, now: datetime) -> int | None:
    """Return the step of 30 s that a one-time password belongs to, the present one or a neighbour; None if to none."""
    totp, present = pyotp.TOTP(secret), int(now.timestamp()) // TOTP_SECONDS
    typed = "".join(code.split())
    for step in (present, present - 1, present + 1):
        if secrets.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            return step
    return None


def totp_picture(secret: str, login: str) -> str:
    """Return the QR code that an authenticator reads, as SVG that fills the place it stands in."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=ISSUER)
    drawn: str = segno.make(uri, error="m").svg_inline(border=4, light="#fff", omitsize=True)
    return drawn
