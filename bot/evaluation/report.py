"""Write what came of an evaluation as report.md and report.html, one page that needs nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.evaluation import plots
from bot.evaluation.figures import (
    AnswerFigures,
    Bin,
    Threshold,
    area,
    calibration,
    calibration_error,
    changes,
    faults,
    refusal_curve,
)
from bot.evaluation.run import Answered, Run
from knowledge.evaluation import CUTS, Figures

COLUMNS = (
    "rows",
    "absent",
    *(f"hit@{cut}" for cut in CUTS),
    "MRR@10",
    "R@10",
    "R@100",
    "cited",
    "per answer",
    "facts",
    "false refusal",
    "refused",
    "ms",
    "p95",
)
_ANSWER = 160  # characters of an answer that are shown
NOTHING = "–"  # a figure of which no row tells


@dataclass(frozen=True, slots=True)
class _Row:
    name: str
    cells: tuple[str, ...]
    before: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class _Fault:
    set: str
    what: str
    row: Answered

    @property
    def answer(self) -> str:
        text = " ".join(self.row.answer.split())
        return text[:_ANSWER] + ("…" if len(text) > _ANSWER else "")


def cells(rows: Sequence[Answered]) -> tuple[str, ...]:
    """Return the figures of a set as words, one for each of COLUMNS."""
    found, said = Figures.of([row.search for row in rows]), AnswerFigures.of(rows)
    shares = (
        *(found.hits[cut] for cut in CUTS),
        found.mrr,
        *found.recall.values(),
        said.cited,
        said.citations,
        said.facts,
        said.false_refusal,
        said.refused,
    )
    return (
        str(len(rows)),
        str(found.absent),
        *(NOTHING if share is None else f"{share:.3f}" for share in shares),
        f"{found.median_ms:.1f}",
        f"{found.p95_ms:.1f}",
    )


def write(folder: Path, run: Run, before: Run | None = None) -> None:
    """Write report.md, report.html and run.json, of `run` beside `before` if it is given."""
    folder.mkdir(parents=True, exist_ok=True)
    run.save(folder)
    view = _view(run, before)
    for name in ("report.md", "report.html"):
        (folder / name).write_text(_environment(name.endswith("html")).get_template(name).render(view), "utf8")


def _view(run: Run, before: Run | None) -> dict[str, object]:
    runs = [run] if before is None else [run, before]
    # Of an earlier run only what this one was asked too: other sets would draw other curves.
    everything = [list(chain.from_iterable(one.sets.get(name, ()) for name in run.sets)) for one in runs]
    bins = [calibration(rows) for rows in everything]
    curves = [refusal_curve(rows) for rows in everything]
    return {
        "run": run,
        "before": before,
        "columns": COLUMNS,
        "rows": [_row(name, rows, before.sets.get(name) if before else None) for name, rows in run.sets.items()],
        "groups": {name: _groups(rows) for name, rows in run.sets.items()},
        "plots": _plots(run, before, bins, curves, everything),
        "bins": bins[0],
        "errors": [calibration_error(part) for part in bins],
        "areas": [area(curve) if curve else None for curve in curves],
        "changes": changes(before, run) if before else [],
        "faults": [
            _Fault(name, "; ".join(what), row)
            for name, rows in run.sets.items()
            for row in sorted(rows, key=lambda row: row.search.rank is not None)
            if (what := faults(row))
        ],
    }


def _row(name: str, rows: Sequence[Answered], before: Sequence[Answered] | None) -> _Row:
    return _Row(name, cells(rows), cells(before) if before else None)


def _groups(rows: Sequence[Answered]) -> list[_Row]:
    names = dict.fromkeys(row.search.group for row in rows if row.search.group)
    return [_row(name, [row for row in rows if row.search.group == name], None) for name in names]


def _plots(
    run: Run,
    before: Run | None,
    bins: Sequence[Sequence[Bin]],
    curves: Sequence[Sequence[Threshold]],
    everything: Sequence[Sequence[Answered]],
) -> list[tuple[str, Markup]]:
    """Return the drawings, each with its heading."""
    drawn = []
    for name, rows in run.sets.items():
        pair = [rows, *([before.sets[name]] if before and name in before.sets else [])]
        hits = [list(Figures.of([row.search for row in part]).hits.values()) for part in pair]
        if any(hit is not None for hit in hits[0]):
            drawn.append((f"{name}: is it among the first passages?", plots.hits(CUTS, hits, f"hit@k of {name}")))
    drawn.append(("Is the confidence true?", plots.calibration(bins, "Calibration")))
    if curves[0]:
        shares = [AnswerFigures.of(rows) for rows in everything]
        series = [(curve, one.false_refusal, one.refused) for curve, one in zip(curves, shares, strict=True)]
        drawn.append(("What would be refused at each threshold", plots.refusals(series, "Refusal curve")))
    times = [[row.search.elapsed_ms for row in rows] for rows in everything]
    drawn.append(("How long an answer takes", plots.latency(times, "Latency")))
    return [(heading, Markup(svg)) for heading, svg in drawn]  # noqa: S704 - every word in them was escaped


@cache
def _environment(html: bool) -> Environment:
    folder = Path(__file__).parent / "templates"
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=html,  # noqa: S701 - Markdown is escaped by `cell`
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["cell"] = _cell
    return environment


def _cell(text: object) -> str:
    """Return text that cannot break a Markdown table."""
    return " ".join(str(text).split()).replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
