"""The command that measures an index: `niangjia eval`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.settings import Settings
from ingest.cli import Home


def register(app: typer.Typer, settings: Callable[[Path | None], Settings]) -> None:
    """Add the command to the command line; `settings` reads them for a home."""

    @app.command("eval")
    def evaluate(
        files: Annotated[
            list[Path] | None,
            typer.Argument(
                help="Question sets (JSONL, see docs/knowledge-format.md); the shipped validation sets if none.",
                show_default=False,
            ),
        ] = None,
        home: Home = None,
        generation: Annotated[
            str | None, typer.Option(help="Id of the generation to measure.", show_default="the serving one")
        ] = None,
        against: Annotated[
            str | None,
            typer.Option(help="Id of a generation, or folder of an earlier report, to put beside it."),
        ] = None,
        output: Annotated[
            Path | None,
            typer.Option(help="Folder for report.md, report.html and run.json.", show_default="HOME/evaluations/TIME"),
        ] = None,
    ) -> None:
        """Ask an index the questions of a set, and report what it finds, answers and refuses."""
        from bot.evaluation import console
        from bot.logs import configure_logs

        configure_logs("ERROR")
        console.evaluate(settings(home), files or [], generation, against, output)
