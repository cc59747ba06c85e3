"""The commands that keep a home's own questions: `niangjia questions list | approve | drop | add`."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

Home = Annotated[
    Path | None,
    typer.Option(
        "--home", help="Folder of index, database and files.  [default: NIANGJIA_HOME or data]", show_default=False
    ),
]
Numbers = Annotated[list[str] | None, typer.Argument(help="Numbers as `list` shows them, such as 3 or 4-9.")]


def questions_app(folder: Callable[[Path | None], Path]) -> typer.Typer:
    """Return the commands under `niangjia questions`; `folder` turns --home into the home folder."""
    app = typer.Typer(
        help="Keep questions of your own, by which documents are found: from a spreadsheet, or written by a chat model "
        "(`niangjia ingest --write-questions`) and approved by you.",
        no_args_is_help=True,
    )

    @app.command("list")
    def list_questions(
        home: Home = None,
        everything: Annotated[bool, typer.Option("--all", help="Those approved and dropped too.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    ) -> None:
        """Show the questions that wait for review, each under what answers it."""
        from ingest.questions import console

        console.show(folder(home), everything, as_json)

    @app.command()
    def approve(
        numbers: Numbers = None,
        everything: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
        home: Home = None,
    ) -> None:
        """Let documents be found by these questions, from the next `niangjia ingest` on."""
        from ingest.questions import console
        from ingest.questions.store import Standing

        if not numbers and not everything:
            raise typer.BadParameter("give the numbers of questions, or --all")
        console.decide(folder(home), numbers or [], Standing.APPROVED, waiting=everything)

    @app.command()
    def drop(
        numbers: Annotated[list[str], typer.Argument(help="Numbers as `list` shows them.")], home: Home = None
    ) -> None:
        """Leave these questions out, approved ones too; they are not written again."""
        from ingest.questions import console
        from ingest.questions.store import Standing

        console.decide(folder(home), numbers, Standing.DROPPED)

    @app.command()
    def add(
        file: Annotated[
            Path,
            typer.Argument(
                help="A .xlsx or .csv with the columns document, section and question, or law, article, question."
            ),
        ],
        home: Home = None,
    ) -> None:
        """Take in questions from a spreadsheet. Exit code 1 if a row was wrong; the others went in."""
        from ingest.questions import console

        raise typer.Exit(1 if console.add(folder(home), file) else 0)

    return app
