"""The command that reads messages as the union's desk would: `niangjia triage`."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.triage.model import Label, Triage
from knowledge.errors import NiangjiaError


class BatchError(NiangjiaError):
    """Say which line of a file of messages cannot be read."""


Locate = Callable[[Path | None], Path]  # the home, where none was named on the command line


def register(app: typer.Typer, locate: Locate) -> None:
    """Add the command to the command line; `locate` knows the settings."""

    @app.command()
    def triage(
        message: Annotated[str | None, typer.Argument(help="What a worker wrote.", show_default=False)] = None,
        batch: Annotated[
            Path | None,
            typer.Option(
                help="Messages (JSONL with id and text); one JSON object a line is printed.", show_default=False
            ),
        ] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print the labels as JSON.")] = False,
        home: Annotated[
            Path | None,
            typer.Option(
                help="Folder whose own unions and regions hold, as in the bot.  [default: NIANGJIA_HOME or data]",
                show_default=False,
            ),
        ] = None,
    ) -> None:
        """Read a message as the union's desk would: danger first, then what is wanted, whose it is, and how soon.

        Every label comes with its reason, and nothing is guessed that the message does not say. Try
        [bold]niangjia triage 在沙市工地干活，老板欠我们18个人三个月工资[/bold].
        """
        from bot.triage.triager import load_triager

        if (message is None) == (batch is None):
            raise typer.BadParameter("give either a message or --batch FILE")
        triager = load_triager(locate(home))
        for row_id, text in [(None, message or "")] if batch is None else _messages(batch):
            start = perf_counter()
            read = triager.triage(text)
            if batch or as_json:
                record = triage_record(read, row_id, elapsed_ms=(perf_counter() - start) * 1000)
                print(json.dumps(record, ensure_ascii=False), flush=True)
            else:
                _print(read, Console())


def triage_record(read: Triage, row_id: Any, *, elapsed_ms: float) -> dict[str, Any]:
    """Return the labels as `--batch` prints them; without an id there is no `id`, and the reasons are told."""
    labels = {
        "intent": read.intent,
        "category": read.category,
        "also": list(read.also),
        "urgency": read.urgency,
        "danger": read.danger,
        "region": read.region,
        "people": read.people,
        "organization": read.organization.name if read.organization else None,
        "elapsed_ms": round(elapsed_ms, 2),
    }
    if row_id is not None:
        return {"id": row_id, **labels}
    return labels | {"reasons": [{"label": reason.label, "why": reason.why} for reason in read.reasons]}


def _messages(batch: Path) -> Iterator[tuple[Any, str]]:
    try:
        lines = batch.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BatchError(
            f"{batch} cannot be read ({error}): give a file of messages, one JSON object a line."
        ) from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            row_id, text = row["id"], row["text"]
            if not isinstance(text, str):
                raise TypeError("a message is text")
        except (ValueError, KeyError, TypeError) as error:
            raise BatchError(f"{batch}, line {number}: a row needs id and text ({error}).") from error
        yield row_id, text


def _print(read: Triage, console: Console) -> None:
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0))
    told = {
        Label.INTENT: f"{read.intent}·{read.danger}" if read.danger else read.intent,
        Label.CATEGORY: "、".join(read.categories),
        Label.URGENCY: read.urgency,
        Label.PEOPLE: str(read.people),
        Label.REGION: read.region or "没有写",
        Label.ORGANIZATION: read.organization.name if read.organization else "先问清在哪里工作",
    }
    for label, value in told.items():
        table.add_row(label, f"[bold]{value}[/bold]", "；".join(read.why(label)))
    console.print(table)
