"""The commands that keep the index: `niangjia ingest | sources | generations | rollback | knowledge`."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ingest.check_cli import knowledge_app
from ingest.questions_cli import questions_app
from ingest.train_cli import train

if TYPE_CHECKING:
    from ingest.questions.writing import Questioner

# What a command does lies in ingest/console.py and is imported when it runs: with it come Chroma and all readers.

Locate = Callable[[Path | None], tuple[Path, str | None]]  # --home, if given → home folder and embedding model
OpenQuestioner = Callable[[Path | None], "Questioner | None"]  # --home → what writes questions, if it is configured

Home = Annotated[
    Path | None,
    typer.Option(
        "--home", help="Folder of index, database and files.  [default: NIANGJIA_HOME or data]", show_default=False
    ),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def from_environment(home: Path | None) -> tuple[Path, str | None]:
    """Return the home folder and the embedding model that the environment sets."""
    return home or Path(os.environ.get("NIANGJIA_HOME") or "data"), os.environ.get("EMBEDDING_MODEL") or None


def register(
    app: typer.Typer, locate: Locate = from_environment, open_questioner: OpenQuestioner = lambda home: None
) -> None:
    """Add the commands to the command line; `locate` and `open_questioner` know the settings."""
    app.command("ingest")(_ingest_command(locate, open_questioner))
    app.command("generations")(_generations_command(locate))
    app.command("rollback")(_rollback_command(locate))
    app.add_typer(_sources_app(locate), name="sources")
    app.add_typer(questions_app(lambda home: locate(home)[0]), name="questions")
    app.command("train")(train)
    app.add_typer(knowledge_app(), name="knowledge")


def _ingest_command(locate: Locate, open_questioner: OpenQuestioner) -> Callable[..., None]:
    def ingest(
        paths: Annotated[
            list[Path] | None,
            typer.Argument(help="Folders and files that the index is made of from now on; the stored list if none."),
        ] = None,
        home: Home = None,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Count what would change, and change nothing.")
        ] = False,
        allow_shrink: Annotated[
            bool, typer.Option("--allow-shrink", help="Let a file lose more than 30 % of its passages.")
        ] = False,
        force: Annotated[
            bool, typer.Option("--force", help="Let it serve though it answers the golden questions worse.")
        ] = False,
        judge: Annotated[bool, typer.Option(help="Ask the golden questions before it serves.")] = True,
        write_questions: Annotated[
            bool,
            typer.Option(
                "--write-questions", help="Then have the chat model write questions for what has none, for review."
            ),
        ] = False,
        as_json: AsJson = False,
    ) -> None:
        """Read the sources into a new index, and let it serve once it is whole.

        Running bots take it up within seconds. Exit code 1 if any file failed; the others went in.
        """
        from ingest import console

        folder, model = locate(home)
        if write_questions and dry_run:
            raise typer.BadParameter("--write-questions writes: leave it or --dry-run out")
        if write_questions:
            from ingest.questions import console as questions

            questioner = questions.needed(open_questioner(home))  # a lack is told before the work
        failed = console.ingest(
            folder,
            model,
            paths or [],
            dry_run=dry_run,
            allow_shrink=allow_shrink,
            force=force,
            judge=judge,
            as_json=as_json,
        )
        if write_questions:
            questions.write(folder, questioner)
        raise typer.Exit(1 if failed else 0)

    return ingest


def _generations_command(locate: Locate) -> Callable[..., None]:
    def generations(home: Home = None, as_json: AsJson = False) -> None:
        """List the generations of the index, newest first; the one that serves is marked."""
        from ingest import console

        console.generations(locate(home)[0], as_json)

    return generations


def _rollback_command(locate: Locate) -> Callable[..., None]:
    def rollback(home: Home = None) -> None:
        """Let the generation before the serving one serve again."""
        from ingest import console

        console.rollback(locate(home)[0])

    return rollback


def _sources_app(locate: Locate) -> typer.Typer:
    app = typer.Typer(help="Keep the list of folders and files that the index is made of.", no_args_is_help=True)
    path_argument = typer.Argument(help="Folder or file, or builtin for the shipped documents.")

    @app.command()
    def add(path: Annotated[str, path_argument], home: Home = None) -> None:
        """List one more folder or file; `niangjia ingest` takes it in."""
        from ingest import console

        console.add_source(locate(home)[0], path)

    @app.command()
    def remove(path: Annotated[str, path_argument], home: Home = None) -> None:
        """Take a folder or file off the list; `niangjia ingest` takes it out."""
        from ingest import console

        console.remove_source(locate(home)[0], path)

    @app.command("list")
    def list_sources(home: Home = None, as_json: AsJson = False) -> None:
        """Show the list."""
        from ingest import console

        console.list_sources(locate(home)[0], as_json)

    return app
