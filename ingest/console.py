"""What the commands of ingest/cli.py do, and how they tell it."""

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import structlog
from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ingest.judge import GoldenJudge
from ingest.lock import LockedError, writer_lock
from ingest.pipeline import IngestError, Judge, Verdict
from ingest.pipeline import ingest as run_ingest
from ingest.progress import progress
from ingest.questions.store import OwnQuestions
from ingest.result import IndexingResult
from ingest.sources import Sources
from knowledge.embedder import open_embedder
from knowledge.generation import Generation, Generations
from knowledge.organizations import load_organizations, regions_with

_PHASES = {
    "read": "Reading files",
    "keyword": "Indexing words",
    "embed": "Embedding passages",
    "chroma": "Indexing vectors",
}
_WARNINGS_SHOWN = 20

log = structlog.get_logger(__name__)

_out = Console(highlight=False, soft_wrap=True)  # a path or an id is never broken
_err = Console(stderr=True, highlight=False)


def ingest(
    home: Path,
    model: str | None,
    paths: Sequence[Path] = (),
    *,
    dry_run: bool = False,
    allow_shrink: bool = False,
    force: bool = False,
    judge: bool = True,
    as_json: bool = False,
) -> bool:
    """Ingest and print the report; return whether any file failed.

    With `judge` the golden questions are asked before the index serves, with `force` it serves whatever comes of them.
    """
    embedder = open_embedder(model)
    golden = GoldenJudge(home, embedder)
    with _sources(home, paths, dry_run) as sources, progress(_PHASES, quiet=as_json) as report:
        result = run_ingest(
            sources,
            Generations(home),
            embedder,
            dry_run=dry_run,
            allow_shrink=allow_shrink,
            judge=(_lenient(golden) if force else golden) if judge else None,
            bank=OwnQuestions(home).bank(),
            regions=regions_with(load_organizations(home=home)),
            report=report,
        )
    if not dry_run:
        Generations(home).release()
    if as_json:
        print(json.dumps(asdict(result), ensure_ascii=False))
    else:
        if paths and not dry_run:
            _out.print(f"The index is made of {escape(', '.join(sources.listed()))} from now on.")
        _print(result, dry_run)
    return bool(result.failures)


def refresh(home: Path, model: str | None) -> None:
    """Ingest before serving: where the new index may not serve, the one before does, and why is told.

    Whoever went back to an older index, or has not let the new one serve yet, means it: `niangjia ingest` goes forward.
    """
    known = Generations(home)
    if known.chosen():
        serving = known.current()
        _out.print(f"Generation {serving} serves, for somebody chose it; `niangjia ingest` goes forward.")
        log.warning("index.chosen", generation=serving)
        return
    try:
        ingest(home, model)
    except (IngestError, LockedError) as error:
        if known.current() is None:
            raise
        _err.print(Text(f"! {error}", style="yellow"))


def generations(home: Path, as_json: bool) -> None:
    """Print the generations, newest first."""
    known = Generations(home)
    current = known.current()
    rows = [
        {
            "id": manifest.id,
            "serves": manifest.id == current,
            "created": manifest.created.isoformat(timespec="seconds"),
            "documents": manifest.documents,
            "passages": manifest.passages,
            "model": manifest.model,
            "failures": len(manifest.failures),
            "sources": list(manifest.roots),
        }
        for manifest in known.manifests()
    ]
    if as_json:
        print(json.dumps(rows, ensure_ascii=False))
    elif not rows:
        _out.print("There is no index yet; run `niangjia ingest` first.")
    else:
        table = Table("", "id", "created", "documents", "passages", "failed", box=None, pad_edge=False)
        for manifest in known.manifests():
            table.add_row(
                "→" if manifest.id == current else "",
                manifest.id,
                f"{manifest.created.astimezone():%Y-%m-%d %H:%M}",
                *map(str, (manifest.documents, manifest.passages, len(manifest.failures))),
            )
        _out.print(table)


def rollback(home: Path) -> None:
    """Go back one generation."""
    known = Generations(home)
    with writer_lock(known.folder):
        chosen = known.rollback()
    _out.print(f"Generation {chosen} serves again; running bots take it up within seconds.")


def add_source(home: Path, path: str) -> None:
    """List a source."""
    Sources(home).add(path)
    _out.print(f"{escape(path)} is listed; run `niangjia ingest` to take it in.")


def remove_source(home: Path, path: str) -> None:
    """Take a source off the list."""
    Sources(home).remove(path)
    _out.print(f"{escape(path)} is no longer listed; run `niangjia ingest` to take it out.")


def list_sources(home: Path, as_json: bool) -> None:
    """Print the list of sources."""
    listed = Sources(home).listed()
    print(json.dumps(listed, ensure_ascii=False) if as_json else "\n".join(listed))


def _lenient(judge: Judge) -> Judge:
    """Return a judge who tells what is wrong and accepts it."""

    def accept(new: Generation) -> Verdict:
        verdict = judge(new)
        if not verdict.accepted:
            _err.print(Text(f"! Forced: {verdict.reason}.", style="yellow"))
        return Verdict(True)

    return accept


@contextmanager
def _sources(home: Path, paths: Sequence[Path], dry_run: bool) -> Iterator[Sources]:
    """Lend the list of sources; given paths become the list, in a dry run that of a home that is thrown away."""
    if not paths or not dry_run:
        sources = Sources(home)
        if paths:
            sources.replace(list(paths))
        yield sources
        return
    scratch = Path(tempfile.mkdtemp(prefix="niangjia-"))
    try:
        sources = Sources(scratch)
        sources.replace(list(paths))
        yield sources
    finally:
        shutil.rmtree(scratch)


def _print(result: IndexingResult, dry_run: bool) -> None:
    counts = result.counts
    for warning in result.warnings[:_WARNINGS_SHOWN]:
        _out.print(f"[yellow]![/yellow] {escape(warning)}")
    if len(result.warnings) > _WARNINGS_SHOWN:
        _out.print(f"[yellow]![/yellow] and {len(result.warnings) - _WARNINGS_SHOWN} more; --json lists all")
    for source, reason in result.failures.items():
        _out.print(f"[red]✗[/red] {escape(source)} {escape(reason)}")
    told = ", ".join(f"{number} {name}" for name, number in asdict(counts).items())
    _out.print(f"Documents: {told}; {result.passages} passages; {len(result.failures)} files failed.")
    if result.built:
        seconds = sum(result.seconds.values())
        _out.print(
            f"Generation {result.generation} serves, built in {seconds:.1f} s; {result.embedded} passages embedded."
        )
    else:
        _out.print("Nothing was written: a dry run." if dry_run else f"Nothing new: {result.generation} serves on.")
