"""The command line: `niangjia serve | ask | ingest | …`."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.text import Text

from bot.desk import cli as desk_cli
from bot.evaluation import cli as evaluation_cli
from bot.notices import cli as notices_cli
from bot.settings import Settings
from bot.storage import cli as storage_cli
from bot.triage import cli as triage_cli
from ingest import cli as ingest_cli
from ingest.cli import Home
from knowledge.errors import NiangjiaError

if TYPE_CHECKING:
    from bot.answers.chat.questioner import ChatQuestioner
    from bot.delivery import Sender
    from bot.desk.accounts import Accounts
    from bot.notices.model import Dispatch

app = typer.Typer(
    name="niangjia",
    help="娘家: answers workers' questions from the union's documents, with the source shown.\n\n"
    "Start with [bold]niangjia serve[/bold], or ask right here: [bold]niangjia ask 老板拖欠工资怎么办[/bold].",
    no_args_is_help=True,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
    pretty_exceptions_enable=False,
)


@app.command()
def serve(
    home: Home = None,
    host: Annotated[str | None, typer.Option(help="Address to listen at.", show_default="HOST or 127.0.0.1")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen at.", show_default="PORT or 8000")] = None,
) -> None:
    """Serve the chat page and the staff's desk, and Telegram as soon as TELEGRAM_BOT_TOKEN is set.

    Ingests what the index is made of first, if there is no index yet or if the documents changed.
    """
    import uvloop

    from bot.app import serve as serve_app
    from bot.logs import configure_logs
    from bot.server import listen
    from ingest import console

    settings = _settings(home, host=host, port=port)
    configure_logs(settings.log_level)
    # The port first, for ingesting takes longer than to hear that it is taken.
    with listen(settings.host, settings.port) as listening:
        console.refresh(settings.niangjia_home, settings.embedding_model)
        uvloop.run(serve_app(settings, listening, _announce))


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="What a worker would ask.")] = None,
    region: Annotated[
        str | None, typer.Option(help="The worker's union: 荆州市, 荆州城发, 省直, 十堰 or 随州.")
    ] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Answer by what was in force on that day.", show_default="today"),
    ] = None,
    top: Annotated[int, typer.Option(min=1, max=1000, help="Passages to list.")] = 20,
    batch: Annotated[
        Path | None,
        typer.Option(help="A question set (JSONL with id and question, or turns); one JSON object a line is printed."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as JSON.")] = False,
    home: Home = None,
) -> None:
    """Answer a question, with its sources, or say honestly that the index does not hold it."""
    from bot.answers.record import answer_record
    from bot.logs import configure_logs
    from bot.respondent import open_respondent
    from bot.terminal import print_answer
    from knowledge.calendar import today_in_china

    if (question is None) == (batch is None):
        raise typer.BadParameter("give either a question or --batch FILE")
    configure_logs("ERROR")
    day = as_of.date() if as_of else today_in_china()
    settings = _settings(home)
    region = _known_region(region, settings.niangjia_home)
    rows = [(None, [question or ""])] if batch is None else _rows(batch)
    console = Console()
    with open_respondent(settings) as respondent:
        for row_id, turns in rows:
            answer = respondent.answer(turns[-1], region=region, history=turns[:-1], as_of=day, limit=top)
            if batch or as_json:
                print(json.dumps(answer_record(answer, row_id), ensure_ascii=False), flush=True)
            else:
                print_answer(answer, console)


def _rows(batch: Path) -> Iterator[tuple[Any, list[str]]]:
    """Yield each row's id and its user turns, the question last."""
    try:
        lines = batch.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise NiangjiaError(f"cannot read {batch}: {error}") from error
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
            turns = [turn["content"] for turn in row["turns"]] if "turns" in row else [row["question"]]
            if not turns or not all(isinstance(turn, str) for turn in turns):
                raise ValueError("a question is text")
            row_id = row["id"]
        except (ValueError, KeyError, TypeError) as error:
            raise NiangjiaError(
                f"{batch}, line {number}: a row needs id and question, or id and turns ({error})"
            ) from error
        yield row_id, turns


def _known_region(region: str | None, home: Path) -> str | None:
    from knowledge.organizations import load_organizations, regions_with

    known = regions_with(load_organizations(home=home))
    if region is not None and region not in known:
        raise typer.BadParameter(f"{region} is none of {', '.join(known.regions)}", param_hint="--region")
    return region


def _announce(address: str, link: str | None) -> None:
    print(f"Niangjia 娘家 is open: {address}   (Ctrl+C to stop)", flush=True)
    if link is not None:
        print(f"The desk has no admin yet. Whoever opens this becomes the first: {link}", flush=True)


def _settings(home: Path | None, **overrides: Any) -> Settings:
    chosen = {name: value for name, value in {"niangjia_home": home, **overrides}.items() if value is not None}
    try:
        return Settings(**chosen)
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in error.errors())
        raise NiangjiaError(f"A setting is wrong, in the environment or in .env: {wrong}.") from error


def _open_accounts(home: Path | None) -> "AbstractAsyncContextManager[Accounts]":
    from bot.app import open_accounts
    from bot.logs import configure_logs

    configure_logs("ERROR")
    return open_accounts(_settings(home))


def _open_carriers(settings: Settings) -> "AbstractAsyncContextManager[Mapping[str, Sender[Dispatch]]]":
    from bot.app import open_carriers
    from bot.logs import configure_logs

    configure_logs("ERROR")
    return open_carriers(settings)


def _welcome_link(home: Path | None, token: str) -> str:
    from bot.app import welcome_link

    settings = _settings(home)
    return welcome_link(settings.public_url or f"http://{settings.host}:{settings.port}", token)


def _locate(home: Path | None) -> tuple[Path, str | None]:
    settings = _settings(home)
    return settings.niangjia_home, settings.embedding_model


def _open_questioner(home: Path | None) -> "ChatQuestioner | None":
    from bot.logs import configure_logs
    from bot.respondent import open_questioner

    configure_logs("ERROR")
    return open_questioner(_settings(home))


ingest_cli.register(app, _locate, _open_questioner)
evaluation_cli.register(app, _settings)
triage_cli.register(app, lambda home: _locate(home)[0])
notices_cli.register(app, _settings, _open_carriers)
desk_cli.register(app, _open_accounts, _welcome_link)
storage_cli.register(app, _settings)


def main() -> None:
    """Run the command line; an error raised on purpose is one sentence, without a traceback."""
    try:
        app()
    except NiangjiaError as error:
        Console(stderr=True).print(Text(str(error), style="red"), soft_wrap=True)
        sys.exit(1)
