"""What people write, sealed at rest."""

import hmac
import os
import secrets
from contextlib import suppress
from hashlib import blake2b
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from knowledge.errors import NiangjiaError

_NONCE = 12  # bytes, as NIST SP 800-38D has it for GCM
_FORMAT = b"\x01"
KEY_FILE = "secret.key"  # in the home folder


class SealError(NiangjiaError):
    """Say that sealed text cannot be opened."""


class Cipher:
    """Seals and opens with one key of AES-256-GCM."""

    def __init__(self, key: bytes) -> None:
        """`key` is 32 bytes."""
        self._cipher = AESGCM(key)

    def close(self, data: bytes, place: str) -> bytes:
        """Seal `data` so that it opens only in the same `place`, such as one chat's row of one table."""
        nonce = secrets.token_bytes(_NONCE)
        return _FORMAT + nonce + self._cipher.encrypt(nonce, data, place.encode())

    def open(self, sealed: bytes, place: str) -> bytes:
        """Return what was sealed in `place`; raise SealError if it was changed, moved, or sealed with another key."""
        if sealed[:1] != _FORMAT:
            raise SealError("The sealed text is of a newer format: use the version of Niangjia that wrote it.")
        try:
            return self._cipher.decrypt(sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :], place.encode())
        except (InvalidTag, ValueError) as error:
            raise SealError("The sealed text does not open: restore the database and its key together.") from error


class Seal(Cipher):
    """The deployment's seal, which also makes the digests by which sealed addresses are looked up."""

    def __init__(self, secret: bytes, old: bytes | None = None) -> None:
        """`old` is the secret before this one: what is still sealed with it opens too."""
        super().__init__(_derive(secret, b"niangjia seal"))
        self.older = Seal(old) if old else None
        self.look_up_by(_derive(secret, b"niangjia lookup"))
        self.fingerprint = self.digest("fingerprint")

    def open(self, sealed: bytes, place: str) -> bytes:
        """Open with this secret, or else with the one before it."""
        try:
            return super().open(sealed, place)
        except SealError:
            if self.older is None:
                raise
            return self.older.open(sealed, place)

    def is_current(self, sealed: bytes, place: str) -> bool:
        """Tell whether it opens without the secret before."""
        try:
            super().open(sealed, place)
        except SealError:
            return False
        return True

    def look_up_by(self, lookup: bytes) -> None:
        """Make digests with the key that this database's digests were begun with, from before a change of secrets."""
        self.lookup = lookup
        self._digests = hmac.new(lookup, digestmod="sha256")

    def digest(self, *parts: str) -> str:
        """Return 32 hexadecimal digits that depend on the key and the parts, and from which they cannot be read."""
        digest = self._digests.copy()  # hmac.digest lets go of the interpreter, and waits for it when threads are busy
        digest.update("\x1f".join(parts).encode())
        return digest.hexdigest()[:32]


def open_seal(home: Path, secret_key: str | None, old: str | None = None) -> Seal:
    """Return the seal of `secret_key`, or else of HOME/secret.key, which is made on the first start.

    `old` is the secret before, while not everything is sealed anew.
    """
    secret = secret_key.encode() if secret_key else _key_file(home / KEY_FILE)
    return Seal(secret, old.encode() if old else None)


def _key_file(path: Path) -> bytes:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_suffix(f".{os.getpid()}.new")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):  # another process was first: its key holds
            os.link(draft, path)
        draft.unlink()
    secret = path.read_text().strip()
    if len(secret) < 32:
        raise SealError(f"{path} holds no key: put the saved one back, or remove the file if there is no database yet.")
    return secret.encode()


def _derive(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(blake2b(secret).digest())
