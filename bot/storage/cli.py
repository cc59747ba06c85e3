"""The commands that keep what is stored: `niangjia backup | restore | rekey | audit`."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.settings import Settings
from ingest.cli import Home

if TYPE_CHECKING:
    from bot.storage.backup import Manifest

KEEP_DAYS = 30  # what was deleted lives on in backups, so they go in time


def register(app: typer.Typer, settings: Callable[[Path | None], Settings]) -> None:
    """Add the commands to the command line; `settings` reads them for a home."""

    @app.command()
    def backup(
        target: Annotated[Path, typer.Argument(help="A folder to write into, or a new file that ends in .tar.gz.")],
        keep_days: Annotated[
            int, typer.Option(min=1, help="Backups beside it that are older than this are removed.")
        ] = KEEP_DAYS,
        home: Home = None,
    ) -> None:
        """Copy database, evidence and whatever else is in the home into one file, while the bot runs.

        The key is not in it, nor the index, which is built again.
        """
        from bot.storage import keeping

        kept = asyncio.run(keeping.back_up(settings(home), target, timedelta(days=keep_days)))
        print(f"{kept.path}: {_told(kept.manifest)}.")
        print(f"Keep the key apart from it: {kept.key}.")
        for reason in kept.left_out:
            print(f"Not in it: {reason}.")
        for path in kept.expired:
            print(f"{path} was older than {keep_days} days and is removed.")

    @app.command()
    def restore(
        source: Annotated[Path, typer.Argument(help="A backup.")],
        home: Home = None,
    ) -> None:
        """Fill an empty home and an empty database from a backup; the key of its time must be in place."""
        from bot.storage import keeping

        restored = asyncio.run(keeping.restore(settings(home), source))
        manifest = restored.manifest
        print(f"Restored as of {manifest.made_at}: {_told(manifest)}.")
        if manifest.format < 2:
            print("It is of an older version: put duty.yaml, sources.yaml and the folders of the home back by hand.")
        for file in restored.amiss:
            print(f"Gone or changed, and not to be opened: {file}. An older backup may still hold it.")
        print("`niangjia serve` builds the index again when it starts.")

    @app.command()
    def rekey(home: Home = None) -> None:
        """Seal everything with a new SECRET_KEY, while SECRET_KEY_OLD is the one before; the bot may run."""
        from bot.storage import keeping

        rows = asyncio.run(keeping.rekey(settings(home)))
        print(f"{rows} rows are sealed with the new SECRET_KEY. Remove SECRET_KEY_OLD, and restart the bot.")

    @app.command()
    def audit(home: Home = None) -> None:
        """Go through the whole audit, record by record, and fail where one was changed or removed."""
        from bot.logs import configure_logs
        from bot.storage import keeping

        configure_logs("ERROR")
        checked = asyncio.run(keeping.check_audit(settings(home)))
        print(f"{checked.records} records, each fits the one before. The last one's hash: {checked.head}")


def _told(manifest: "Manifest") -> str:
    rows, files = sum(manifest.rows.values()), len(manifest.home)
    return f"{rows} rows, {manifest.files} files of evidence, {files} other files of the home"
