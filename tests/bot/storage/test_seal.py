import stat
from pathlib import Path

import pytest

from bot.storage.seal import Seal, SealError, open_seal


def test_what_is_sealed_opens_in_its_place_and_is_not_readable() -> None:
    seal = Seal(b"secret")
    sealed = seal.close("我叫小明".encode(), "inbox:7")
    assert seal.open(sealed, "inbox:7").decode() == "我叫小明"
    assert "小明".encode() not in sealed


def test_the_same_words_are_never_sealed_alike() -> None:
    seal = Seal(b"secret")
    assert seal.close(b"x", "here") != seal.close(b"x", "here")


@pytest.mark.parametrize("harm", ["moved", "changed", "cut", "another key", "another format", "empty"])
def test_what_was_tampered_with_does_not_open(harm: str) -> None:
    sealed = Seal(b"secret").close(b"words", "here")
    seal, place = Seal(b"secret"), "here"
    match harm:
        case "moved":
            place = "there"
        case "changed":
            sealed = sealed[:-1] + bytes([sealed[-1] ^ 1])
        case "cut":
            sealed = sealed[:9]
        case "another key":
            seal = Seal(b"terces")
        case "another format":
            sealed = b"\x02" + sealed[1:]
        case "empty":
            sealed = b""
    with pytest.raises(SealError):
        seal.open(sealed, place)


def test_digests_depend_on_the_key_and_on_where_the_parts_end() -> None:
    assert Seal(b"one").digest("chat", "7") == Seal(b"one").digest("chat", "7")
    assert Seal(b"one").digest("chat", "7") != Seal(b"two").digest("chat", "7")
    assert Seal(b"one").digest("ab", "c") != Seal(b"one").digest("a", "bc")


def test_the_first_start_makes_a_key_that_only_its_owner_reads(tmp_path: Path) -> None:
    sealed = open_seal(tmp_path / "home", None).close(b"words", "here")
    path = tmp_path / "home" / "secret.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert open_seal(tmp_path / "home", None).open(sealed, "here") == b"words"
    assert [entry.name for entry in path.parent.iterdir()] == ["secret.key"]


def test_a_secret_key_of_the_settings_needs_no_file(tmp_path: Path) -> None:
    sealed = open_seal(tmp_path, "of the operator").close(b"words", "here")
    assert open_seal(tmp_path, "of the operator").open(sealed, "here") == b"words"
    assert not list(tmp_path.iterdir())


def test_an_empty_key_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret.key").write_text("\n")
    with pytest.raises(SealError, match="put the saved one back"):
        open_seal(tmp_path, None)
