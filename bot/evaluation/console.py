"""What `niangjia eval` does, and how it tells it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from bot.evaluation.figures import changes
from bot.evaluation.report import COLUMNS, NOTHING, cells, write
from bot.evaluation.run import Report, Run
from bot.evaluation.run import evaluate as run_evaluation
from bot.respondent import open_generation
from bot.settings import Settings
from knowledge.errors import NiangjiaError
from knowledge.generation import Generations
from knowledge.question_set import VALIDATION, Question, read_questions

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False)

_SHORT = {"rows", "hit@1", "hit@5", "MRR@10", "R@10", "R@100", "cited", "false refusal", "refused", "ms"}

Sets = Mapping[str, Sequence[Question]]


class EvaluationError(NiangjiaError):
    """Say what an evaluation lacks."""


def evaluate(
    settings: Settings, files: Sequence[Path], generation: str | None, against: str | None, output: Path | None
) -> None:
    """Measure, print a table and write the report."""
    home = settings.niangjia_home
    sets = read_sets(files)
    known = {manifest.id for manifest in Generations(home).manifests()}
    if generation is not None and generation not in known:
        raise EvaluationError(f"There is no generation {generation}; `niangjia generations` lists them.")
    before = None
    if against is not None and against not in known:  # read before anything is measured, for it may not be there
        before = Run.load(Path(against))
    run = _run(settings, generation, sets, shipped=not files)
    if against in known:
        before = _run(settings, against, {name: sets[name] for name in run.sets}, shipped=False)
    folder = output or home / "evaluations" / f"{datetime.now():%Y%m%d-%H%M%S}"
    _print(run, before)
    write(folder, run, before)
    _out.print(Text(f"Report: {folder / 'report.html'} (and report.md; --against {folder} compares with it)"))


def read_sets(files: Sequence[Path]) -> Sets:
    """Return the questions of each set by its name; of the shipped ones if no file is given."""
    chosen = list(files) or sorted(VALIDATION.glob("*.jsonl"))
    names = [file.stem for file in chosen]
    return {
        file.stem if names.count(file.stem) == 1 else str(file): read_questions(file) for file in dict.fromkeys(chosen)
    }


def _run(settings: Settings, generation: str | None, sets: Sets, shipped: bool) -> Run:
    total = sum(map(len, sets.values()))
    with open_generation(settings, generation) as (opened, respondent), _progress(opened.id, total) as report:
        reranker = Path(settings.reranker_model).name if settings.reranker_model else None
        run = run_evaluation(sets, opened, respondent, report, reranker)
    if not shipped:
        return run
    # The shipped sets are of more texts than every index holds: one of which it holds nothing tells nothing.
    foreign = [name for name, rows in run.sets.items() if all(row.search.absent for row in rows)]
    for name in foreign:
        _out.print(f"{name} is left out: nothing that it asks for is in this index.")
    return replace(run, sets={name: rows for name, rows in run.sets.items() if name not in foreign})


@contextmanager
def _progress(generation: str, total: int) -> Iterator[Report]:
    """Show how many questions are done, on the error stream and only to a terminal."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=_err, transient=True, disable=not _err.is_terminal) as progress:
        task = progress.add_task(f"Asking {generation}", total=total)
        yield lambda done: progress.update(task, completed=done)


def _print(run: Run, before: Run | None) -> None:
    lines = []
    for name, rows in run.sets.items():
        lines.append((name, cells(rows), ""))
        if before and name in before.sets:
            lines.append(("↳ before", cells(before.sets[name]), "dim"))
    # Only what fits a terminal and what the sets can tell; the report has it all.
    shown = [
        place
        for place, column in enumerate(COLUMNS)
        if column in _SHORT and any(figures[place] != NOTHING for _, figures, _ in lines)
    ]
    table = Table(box=None, pad_edge=False)
    table.add_column("set", overflow="fold", vertical="bottom")
    for place in shown:
        table.add_column(COLUMNS[place], justify="right", vertical="bottom")
    for name, figures, style in lines:
        table.add_row(name, *(figures[place] for place in shown), style=style)
    _out.print(table)
    for change in changes(before, run) if before else ():
        _out.print(
            f"{change.measure}: {len(change.won)} won, {len(change.lost)} lost (by chance: p = {change.chance:.2f})."
        )
