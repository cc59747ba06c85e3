"""The command that checks a knowledge base: `niangjia knowledge check`."""

from collections import Counter
from pathlib import Path
from typing import Annotated

import typer

_SHOWN = 50  # findings of one group
_CORPUS = {"exists": True, "show_default": False}


def knowledge_app() -> typer.Typer:
    """Return the commands under `niangjia knowledge`."""
    app = typer.Typer(help="Look after the documents, the directory and the question bank.", no_args_is_help=True)
    app.command("check")(_check)
    return app


def _check(
    folder: Annotated[
        Path | None,
        typer.Argument(exists=True, help="A knowledge base; the shipped one if not given.", show_default=False),
    ] = None,
    laws: Annotated[list[Path] | None, typer.Option(help="Acts: every article needs its questions.", **_CORPUS)] = None,
    statutes: Annotated[list[Path] | None, typer.Option(help="All further acts that may be cited.", **_CORPUS)] = None,
    reports: Annotated[list[Path] | None, typer.Option(help="The reports that figures are from.", **_CORPUS)] = None,
    against: Annotated[
        list[Path] | None, typer.Option(help="Question sets that the bank must not come close to.", **_CORPUS)
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let a warning fail the check too.")] = False,
    everything: Annotated[bool, typer.Option("--all", help=f"Show all findings, not {_SHOWN} of a group.")] = False,
) -> None:
    """Check documents, directory and questions. Exit code 1 if anything is wrong."""
    from datetime import date

    from rich.console import Console

    from ingest.check import Corpora, check, in_order
    from ingest.sources import BUILTIN_FOLDER

    corpora = Corpora(tuple(laws or ()), tuple(statutes or ()), tuple(reports or ()), tuple(against or ()))
    findings = in_order(check(folder or BUILTIN_FOLDER.parent, corpora, date.today()))
    out = Console(highlight=False, soft_wrap=True, markup=False)
    shown: Counter[str] = Counter()
    for found in findings:
        shown[found.group] += 1
        if shown[found.group] == 1:
            out.print(f"\n{found.group}", style="bold")
        if everything or shown[found.group] <= _SHOWN:
            mark, style = ("!", "yellow") if found.warning else ("✗", "red")
            out.print(mark, style=style, end=" ")
            out.print(f"{found.file}:{found.line}: {found.message}")
    for group, count in shown.items():
        if not everything and count > _SHOWN:
            out.print(f"{group}: {count - _SHOWN} more; --all shows them.")
    errors = sum(1 for found in findings if strict or not found.warning)
    out.print(f"\n{errors} errors, {len(findings) - errors} warnings.")
    raise typer.Exit(1 if errors else 0)
