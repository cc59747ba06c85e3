"""How far a long command is, told on the error stream and only to a terminal."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

Report = Callable[[str, int, int | None], None]  # phase, done, of how many if that is known


@contextmanager
def progress(phases: Mapping[str, str], *, quiet: bool = False) -> Iterator[Report]:
    """Show how far each of the phases is, by its words; the report names a phase, what is done and of how much."""
    console = Console(stderr=True, highlight=False)
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console, transient=True, disable=quiet or not console.is_terminal) as shown:
        tasks = {phase: shown.add_task(words, total=None, visible=False) for phase, words in phases.items()}

        def report(phase: str, done: int, total: int | None) -> None:
            shown.update(tasks[phase], completed=done, total=total, visible=True)

        yield report
