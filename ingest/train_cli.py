"""The command that trains the built-in embedding model: `niangjia train`."""

from pathlib import Path
from typing import Annotated

import typer

_PHASES = {
    "read": "Reading texts",
    "pieces": "Choosing pieces",
    "rivals": "Finding wrong answers",
    "learn": "Learning vectors",
}


def train(
    laws: Annotated[
        Path | None, typer.Option(exists=True, help="A folder of acts and regulations to learn from.")
    ] = None,
    statutes: Annotated[
        Path | None, typer.Option(exists=True, help="A .jsonl or .jsonl.gz file of articles to learn from.")
    ] = None,
    home: Annotated[
        Path | None, typer.Option(exists=True, help="A home whose documents and own questions to learn from too.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(help="Folder that the model replaces; the built-in one if not given.")
    ] = None,
    seed: Annotated[int, typer.Option(help="The same seed and inputs give the same model.")] = 1,
) -> None:
    """Train the built-in embedding model, on the shipped documents and questions and what is named here."""
    from ingest.progress import progress
    from ingest.questions.store import OwnQuestions
    from ingest.sources import BUILTIN_FOLDER, Sources
    from ingest.train import Recipe
    from ingest.train import train as run_training
    from knowledge.embedder import BUILT_IN

    listed = Sources(home).paths() if home else []
    inputs = dict.fromkeys([BUILTIN_FOLDER, *(path for path in (laws, statutes) if path), *listed])
    folder = output or BUILT_IN
    with progress(_PHASES) as report:
        own = OwnQuestions(home) if home else None
        figures = run_training([*inputs], folder, Recipe(seed=seed), own=own, report=report)
    print(f"{folder}: {figures.pieces} pieces, trained on {figures.passages} passages in {figures.seconds:.0f} s.")
    if output:
        print(f"To let it serve, set EMBEDDING_MODEL={folder.absolute()} and run `niangjia ingest`.")
    else:
        print("An index of another model must be built anew: run `niangjia ingest`.")
