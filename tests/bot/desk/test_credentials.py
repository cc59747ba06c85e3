import re
from datetime import UTC, datetime, timedelta

import pyotp
import pytest

from bot.desk.credentials import (
    CODES,
    Passwords,
    Weakness,
    code_digest,
    digest,
    new_codes,
    new_token,
    new_totp,
    totp_picture,
    totp_step,
    weakness,
)
from tests.bot.desk.office import PASSWORD, QUICK

NOW = datetime(2026, 11, 21, 8, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("password", "expected"),
    [
        (PASSWORD, None),
        ("正确的马电池订书针", Weakness.SHORT),
        ("正确的马 电池 订书针", None),
        ("x" * 129, Weakness.LONG),
        ("password123456", Weakness.COMMON),
        ("aaaabbbbcccc", Weakness.COMMON),
        ("13871234509", Weakness.COMMON),
        ("Li.Ming-likes-tea", Weakness.LIKE_LOGIN),
    ],
)
def test_a_password_is_judged_by_its_length_and_by_what_is_guessed_first(
    password: str, expected: Weakness | None
) -> None:
    assert weakness(password, "li.ming") is expected


async def test_a_password_fits_its_hash_and_no_other() -> None:
    passwords = Passwords(QUICK)
    hashed = await passwords.hash(PASSWORD)
    assert hashed.startswith("$argon2id$")
    assert await passwords.fits(PASSWORD, hashed)
    assert not await passwords.fits(PASSWORD + "x", hashed)
    assert not await passwords.fits(PASSWORD, None)
    assert not await passwords.fits(PASSWORD, "no hash at all")


async def test_the_hash_of_a_running_desk_is_as_strong_as_is_advised() -> None:
    hashed = await Passwords().hash(PASSWORD)
    memory, times = (int(found) for found in re.findall(r"[mt]=(\d+)", hashed))
    assert memory >= 19 * 1024  # KiB; OWASP's least, with two rounds
    assert times >= 2


def test_a_one_time_password_fits_its_half_minute_and_the_neighbours() -> None:
    secret = new_totp()
    code, step = pyotp.TOTP(secret).at(NOW), int(NOW.timestamp()) // 30
    for seconds in (-30, 0, 30):
        assert totp_step(secret, code, NOW + timedelta(seconds=seconds)) == step
    for seconds in (-60, 60):
        assert totp_step(secret, code, NOW + timedelta(seconds=seconds)) is None
    assert totp_step(secret, f" {code[:3]} {code[3:]} ", NOW) == step
    for wrong in ("", "12345", "abcdef", "１２３４５６", f"{code}0"):
        assert totp_step(secret, wrong, NOW) is None


def test_the_picture_stands_in_a_page_without_styles_or_scripts() -> None:
    picture = totp_picture(new_totp(), "li.ming")
    assert picture.startswith("<svg")
    assert "viewBox" in picture.partition(">")[0]  # as wide as its place, so that nothing is cut off
    assert "style=" not in picture
    assert "<script" not in picture


def test_recovery_codes_differ_and_are_known_however_they_are_typed() -> None:
    codes = new_codes()
    assert len(set(codes)) == CODES
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", code) for code in codes)
    typed = codes[0].upper().replace("-", " ")
    assert code_digest(typed) == code_digest(codes[0])
    assert codes[0] not in code_digest(codes[0])


def test_tokens_are_long_and_their_digests_do_not_hold_them() -> None:
    token = new_token()
    assert len(token) >= 43
    assert new_token() != token
    assert token not in digest(token)
