"""Backing up, restoring and changing the secret of a home, as its settings say."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from bot.audit import CLI, Verification
from bot.settings import Settings
from bot.storage import backup
from bot.storage import rekey as changing
from bot.storage.backup import BackupError, Manifest, Restored
from bot.storage.database import Database
from bot.storage.seal import KEY_FILE, Seal, open_seal
from bot.storage.storage import Storage, utc_now
from ingest.sources import Sources, SourcesError
from knowledge.errors import NiangjiaError


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of making a backup."""

    path: Path
    manifest: Manifest
    key: str  # where the key is
    left_out: list[str]  # what is not in it though the bot needs it, each with its reason
    expired: list[Path]


async def back_up(settings: Settings, target: Path, keep: timedelta) -> Kept:
    """Write a backup, and remove older ones beside it that were made `keep` ago."""
    now, seal = utc_now(), _present(settings, "as the bot has it, then back up")
    async with Storage(settings.database, seal) as storage:
        made = await backup.back_up(storage.database, seal, settings.niangjia_home, target, now)
    expired = backup.expire(made.path.parent, keep, now)
    left_out = [*made.left_out, *_listed_elsewhere(settings.niangjia_home)]
    key = "SECRET_KEY" if settings.secret_key else str(settings.niangjia_home / KEY_FILE)
    return Kept(made.path, backup.read_manifest(made.path), key, left_out, expired)


async def restore(settings: Settings, source: Path) -> Restored:
    """Fill the empty home from a backup."""
    seal = _present(settings, "then restore")
    backup.read_manifest(source)  # before a database is made for what is no backup
    database = Database(settings.database)
    try:
        return await backup.restore(database, seal, settings.niangjia_home, source)
    finally:
        await database.close()


async def rekey(settings: Settings) -> int:
    """Seal everything anew and return how many rows that were."""
    if settings.secret_key is None or settings.secret_key_old is None:
        raise NiangjiaError(
            "Set SECRET_KEY to the new secret and SECRET_KEY_OLD to the one before (what secret.key holds, if there "
            "was no SECRET_KEY), then run it again."
        )
    seal = seal_of(settings)
    async with Storage(settings.database, seal) as storage:
        return await changing.rekey(storage.database, seal)


async def check_audit(settings: Settings) -> Verification:
    """Go through all that was ever recorded; raise NiangjiaError where it was changed."""
    async with Storage(settings.database, _present(settings, "as the bot has it, then check")) as storage:
        checked = await storage.audit.check(CLI, whole=True)
    if checked.broken_at is not None:
        raise NiangjiaError(
            f"The audit does not fit from record {checked.broken_at} on: somebody changed or removed records. Hold it "
            "against a backup, and against the hashes in the log."
        )
    return checked


def seal_of(settings: Settings) -> Seal:
    """Return the seal that the settings and the home give."""
    secret, old = (
        value.get_secret_value() if value else None for value in (settings.secret_key, settings.secret_key_old)
    )
    return open_seal(settings.niangjia_home, secret, old)


def _present(settings: Settings, then: str) -> Seal:
    """Return the seal of a key that is there already: a new one would open nothing."""
    if not settings.secret_key and not (settings.niangjia_home / KEY_FILE).exists():
        raise BackupError(
            f"The key is not there: set SECRET_KEY, or put {KEY_FILE} into {settings.niangjia_home}, {then}."
        )
    return seal_of(settings)


def _listed_elsewhere(home: Path) -> list[str]:
    """Return the sources of the index that lie outside the home."""
    try:
        listed = Sources(home).listed()
    except SourcesError:  # `niangjia ingest` complains of it; the backup is made all the same
        return []
    return [f"{entry} lies outside the home" for entry in listed if Path(entry).is_absolute()]
