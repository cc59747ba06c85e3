"""What the commands of ingest/questions_cli.py and `ingest --write-questions` do, and how they tell it."""

import asyncio
import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from ingest.questions.sheet import read_sheet
from ingest.questions.store import OwnQuestion, OwnQuestions, QuestionsError, Standing
from ingest.questions.writing import Questioner, unasked, write_questions
from knowledge.archive import Archive
from knowledge.generation import Generations
from knowledge.model import Passage

_out = Console(highlight=False, soft_wrap=True)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


def needed(questioner: Questioner | None) -> Questioner:
    """Return the model that writes questions; raise QuestionsError where none is configured."""
    if questioner is None:
        raise QuestionsError(
            "Questions are written by a chat model, and none is configured: set LLM_BASE_URL and LLM_MODEL. Or write "
            "them yourself, in the document's front matter under `questions:`, or in a spreadsheet for "
            "`niangjia questions add`."
        )
    return questioner


def write(home: Path, questioner: Questioner) -> None:
    """Have questions written for the passages of the serving index that have none, and say how they are reviewed."""
    store = OwnQuestions(home)
    passages = unasked(_passages(home), store.all())
    if not passages:
        _err.print("Every document has questions already; none were written.")
        return
    _err.print(f"{len(passages)} passages go to {escape(questioner.name)}, which writes questions for them.")
    columns = (TextColumn("Writing questions"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_err, transient=True, disable=not _err.is_terminal) as progress:
        task = progress.add_task("", total=len(passages))
        done = asyncio.run(
            write_questions(
                questioner, passages, store, date.today(), lambda count: progress.update(task, completed=count)
            )
        )
    failed = f" {done.failures} passages failed; the next run asks about them again." if done.failures else ""
    _err.print(f"{done.questions} questions wait for review: `niangjia questions list`.{failed}")


def add(home: Path, file: Path) -> bool:
    """Take in a spreadsheet, and return whether any row was wrong."""
    store = OwnQuestions(home)
    sheet = read_sheet(file, _passages(home), store.all(), date.today())
    store.add(sheet.questions)
    for fault in sheet.faults:
        _out.print(f"[red]✗[/red] {escape(fault)}")
    _out.print(
        f"{len(sheet.questions)} questions were added; {len(sheet.faults)} rows were wrong.{_hint(sheet.questions)}"
    )
    return bool(sheet.faults)


def show(home: Path, everything: bool, as_json: bool) -> None:
    """Print the questions that wait, or all, by what answers them."""
    numbered = list(enumerate(OwnQuestions(home).all(), 1))
    shown = [(number, one) for number, one in numbered if everything or one.standing is Standing.WAITING]
    if as_json:
        print(json.dumps([{"number": number, **asdict(one)} for number, one in shown], ensure_ascii=False, default=str))
        return
    before: OwnQuestion | None = None
    for number, one in shown:
        if before is None or before.target != one.target:
            _out.print(f"\n[bold]{escape(f'{one.source} {one.section}'.strip())}[/bold]")
            _out.print(f"  [dim]{escape(' '.join(one.excerpt.split()))}…[/dim]")
        standing = f"  [dim]{one.standing}, {escape(one.origin)}, {one.day}[/dim]" if everything else ""
        _out.print(f"  {number:>5}  {escape(one.question)}{standing}")
        before = one
    waiting = sum(one.standing is Standing.WAITING for _, one in numbered)
    told = f"\n{waiting} questions wait. " if shown else f"{waiting} questions wait."
    how = "Take them with `niangjia questions approve 1 4-9` or `--all`, drop them with `niangjia questions drop 2`."
    _out.print(told + (how if waiting else ""))


def decide(home: Path, numbers: Sequence[str], standing: Standing, *, waiting: bool = False) -> None:
    """Approve or drop questions by number, or all that wait."""
    store = OwnQuestions(home)
    chosen = {number for words in numbers for number in _numbers(words)}
    if waiting:
        chosen |= {number for number, one in enumerate(store.all(), 1) if one.standing is Standing.WAITING}
    decided = store.decide(chosen, standing)
    _out.print(f"{len(decided)} questions are {standing}.{_hint(decided)}")


def _hint(changed: Sequence[OwnQuestion]) -> str:
    return " Run `niangjia ingest`, so that documents are found by them." if changed else ""


def _numbers(words: str) -> range:
    """Return what 7 or 4-9 stands for."""
    first, dash, last = words.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise QuestionsError(f"{words} is no number of a question: write numbers such as 3, or 4-9.")
    return range(int(first), int(last or first) + 1)


def _passages(home: Path) -> list[Passage]:
    generations = Generations(home)
    manifest = generations.current_manifest()
    if manifest is None:
        raise QuestionsError(f"There is no index in {generations.folder} yet; run `niangjia ingest` first.")
    with closing(Archive(generations.folder / manifest.id / "texts.sqlite3", manifest.passages)) as archive:
        return list(archive.all_passages())
