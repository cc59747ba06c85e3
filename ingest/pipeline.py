"""Turn the sources into a new generation, and let it serve once it is whole.

Killed at any moment, the old generation still serves: everything is written into a folder of its own, which becomes a
generation by one rename and the serving one by another. The next ingest throws away what was left behind.
"""

import secrets
import shutil
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest.builder import NOTHING, Builder, Reusable, Stopwatch
from ingest.lock import writer_lock
from ingest.progress import Report
from ingest.readers import iter_documents
from ingest.reading import Reading, entries, reasons
from ingest.result import Counts, IndexingResult
from ingest.sources import Failure, SourceFile, Sources
from ingest.splitter import SPLITTER_VERSION
from knowledge.archive import Archive, DocumentKey
from knowledge.bank import Bank, load_bank
from knowledge.embedder import Embedder
from knowledge.errors import NiangjiaError
from knowledge.files import sync_folder
from knowledge.generation import STAGING, Generation, Generations
from knowledge.manifest import LAYOUT, Manifest, SourceEntry
from knowledge.model import content_id
from knowledge.regions import Regions
from knowledge.review import Review
from knowledge.store import StoreError
from knowledge.superseded import Superseded, load_superseded


class IngestError(NiangjiaError):
    """Say why no new generation serves; the one before does."""


class ShrunkError(IngestError):
    """Say which files lost so much that nobody can have meant it."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a judge thinks of a new generation."""

    accepted: bool
    reason: str = ""
    review: Review | None = None  # is kept with the generation


Judge = Callable[[Generation], Verdict]


def _silent(phase: str, done: int, total: int | None) -> None:
    """Report nothing."""


def ingest(
    sources: Sources,
    generations: Generations,
    embedder: Embedder,
    *,
    dry_run: bool = False,
    allow_shrink: bool = False,
    judge: Judge | None = None,
    serve: bool = True,
    superseded: Superseded | None = None,
    bank: Bank | None = None,
    regions: Regions | None = None,
    report: Report = _silent,
) -> IndexingResult:
    """Build and switch to a generation of all sources, unless nothing changed; files that fail are told in the result.

    `regions` are those in which documents may hold, by default those that ship.
    Without `serve` it only lies ready, whatever the judge thinks of it, for somebody to look at and switch to. Raises
    LockedError while another ingest writes, and IngestError where the new generation may not serve.
    """
    work = _Work(
        sources,
        generations,
        embedder,
        superseded or load_superseded(),
        load_bank() if bank is None else bank,
        regions,
        report,
    )
    if dry_run:
        return work.rehearse(allow_shrink)
    with writer_lock(generations.folder):
        generations.clean()
        return work.run(allow_shrink, judge, serve)


class _Work:
    """One ingest, from the list of files to the switch."""

    def __init__(
        self,
        sources: Sources,
        generations: Generations,
        embedder: Embedder,
        superseded: Superseded,
        bank: Bank,
        regions: Regions | None,
        report: Report,
    ) -> None:
        self._generations = generations
        self._embedder = embedder
        self._report = report
        self._watch = Stopwatch()
        self._superseded = superseded
        self._bank = bank
        self._regions = regions
        self._recipe = content_id(str(LAYOUT), SPLITTER_VERSION, superseded.digest, bank.digest)
        self._roots = tuple(map(str, sources.paths()))
        self._before = generations.current_manifest()
        self._digests, self._reusable = self._earlier()
        with self._watch.phase("hash"):
            self._files, self._entries, self._failures = entries(sources.files())

    def rehearse(self, allow_shrink: bool) -> IndexingResult:
        """Count what `run` would do and write nothing."""
        if self._before and self._nothing_new(self._before):
            return replace(self._unchanged(self._before), generation=None)
        reading = self._reading()
        with self._watch.phase("read"):
            for _ in reading.documents_of(self._told()):
                pass
        self._refuse_loss(reading, allow_shrink)
        return self._result(reading, None)

    def run(self, allow_shrink: bool, judge: Judge | None, serve: bool) -> IndexingResult:
        """Build, judge and switch; the caller holds the lock."""
        if self._before and self._nothing_new(self._before):
            return self._unchanged(self._before)
        created = datetime.now(UTC)
        generation = f"{created:%Y%m%d-%H%M%S}-{secrets.token_hex(3)}"
        staging = self._generations.folder / f"{STAGING}{generation}"
        final = self._generations.folder / generation
        try:
            staging.mkdir(parents=True)
            reading, embedded = self._build(staging, allow_shrink, generation, created)
            staging.rename(final)
            sync_folder(self._generations.folder)
            with self._watch.phase("judge"):
                self._check(final, judge, serve)
            if serve:
                self._generations.switch(generation)
            self._generations.offer(None if serve else generation)
        except (OSError, sqlite3.Error, StoreError) as error:
            self._discard(final)
            raise IngestError(
                f"The new index could not be written ({error}); {self._still_serves()} "
                "Free some space on the disk, or mend what the reason names, and run `niangjia ingest` again."
            ) from error
        except BaseException:
            self._discard(final)
            raise
        finally:
            shutil.rmtree(staging, ignore_errors=True)
        self._generations.prune()
        return self._result(reading, generation, embedded)

    def _build(self, folder: Path, allow_shrink: bool, generation: str, created: datetime) -> tuple[Reading, int]:
        reading, builder = self._reading(), Builder(folder)
        try:
            with self._watch.phase("read"):
                for document, kept, passages in reading.documents_of(self._told()):
                    builder.add(document, kept, passages)
            self._refuse_loss(reading, allow_shrink)
            embedded = builder.finish(self._embedder, self._reusable, self._watch, self._report)
        finally:
            builder.close()
        Manifest(
            id=generation,
            created=created,
            model=self._embedder.name,
            dimension=self._embedder.dimension,
            recipe=self._recipe,
            roots=self._roots,
            files=reading.sources,
            documents=reading.documents,
            passages=reading.passages,
            questions=builder.questions,
            failures=reasons(reading.failures),
            warnings=tuple(reading.warnings),
        ).save(folder)
        with self._watch.phase("sync"):
            for path in folder.rglob("*"):
                sync_folder(path)
        return reading, embedded

    def _reading(self) -> Reading:
        entries, failures = dict(self._entries), list(self._failures)
        return Reading(self._superseded, self._bank, self._digests, entries, failures, self._regions)

    def _told(self) -> "list[SourceFile] | map[SourceFile]":
        total = len(self._files)

        def tell(item: tuple[int, SourceFile]) -> SourceFile:
            self._report("read", item[0], total)
            return item[1]

        return map(tell, enumerate(self._files, 1))

    def _nothing_new(self, before: Manifest) -> bool:
        """Tell whether the serving generation was made of the same files in the same way, and the same files fail."""
        same = (
            before.recipe == self._recipe
            and (before.model, before.dimension) == (self._embedder.name, self._embedder.dimension)
            and _hashes(before.files) == _hashes(self._entries)
        )
        return (
            same
            and self._opens(before)
            and (not before.failures or reasons(self._failing(before)) == dict(before.failures))
        )

    def _opens(self, before: Manifest) -> bool:
        """Tell whether the serving generation is whole: a damaged one is built anew, whatever its manifest says."""
        try:
            Generation(self._generations.folder / before.id, self._embedder).close()
        except NiangjiaError:
            return False
        return True

    def _failing(self, before: Manifest) -> list[Failure]:
        """Read again what failed before, for what it lacked, such as a library, may be there now."""
        again = [file for file in self._files if file.source in before.failures]
        found = (one for file in again for one in iter_documents(file, regions=self._regions))
        return [*self._failures, *(one for one in found if isinstance(one, Failure))]

    def _earlier(self) -> tuple[Mapping[DocumentKey, bytes], Reusable]:
        """Return the document digests and the vectors of the serving generation, nothing where it is damaged."""
        before = self._before
        if before is None:
            return {}, NOTHING
        folder = self._generations.folder / before.id
        try:
            with closing(Archive(folder / "texts.sqlite3", before.passages)) as archive:
                fits = (before.model, before.dimension) == (self._embedder.name, self._embedder.dimension)
                return archive.digests(), Reusable.of(archive, folder) if fits else NOTHING
        except (OSError, ValueError, sqlite3.Error):
            return {}, NOTHING

    def _refuse_loss(self, reading: Reading, allow_shrink: bool) -> None:
        if not reading.passages:
            failed = "".join(f" {source}: {reason}." for source, reason in reasons(reading.failures).items())
            raise IngestError(f"The sources hold no text to index; {self._still_serves()}{failed}")
        shrunk = reading.shrunk(self._before.files) if self._before else {}
        if shrunk and not allow_shrink:
            lost = ", ".join(f"{source} (from {before} to {now})" for source, (before, now) in shrunk.items())
            raise ShrunkError(
                f"More than 30 % of the passages would be lost of {lost}; {self._still_serves()} "
                "Mend these files, or accept the loss with --allow-shrink."
            )

    def _check(self, folder: Path, judge: Judge | None, serve: bool) -> None:
        """Open the generation as a bot would before anyone is sent to it, and ask the judge."""
        generation = Generation(folder, self._embedder)
        try:
            verdict = judge(generation) if judge else Verdict(True)
        finally:
            generation.close()
        if verdict.review is not None:
            verdict.review.save(folder)
        if serve and not verdict.accepted:
            raise IngestError(
                f"The new index was judged unfit: {verdict.reason}. So {self._still_serves()} "
                "Mend what it lost, or let it serve all the same with --force."
            )

    def _discard(self, folder: Path) -> None:
        if self._generations.current() != folder.name:
            shutil.rmtree(folder, ignore_errors=True)

    def _still_serves(self) -> str:
        return "the index before still serves." if self._before else "there is no index yet."

    def _unchanged(self, before: Manifest) -> IndexingResult:
        return IndexingResult(
            counts=Counts(unchanged=before.documents),
            passages=before.passages,
            generation=before.id,
            built=False,
            failures=before.failures,
            warnings=before.warnings,
            seconds=self._watch.seconds,
        )

    def _result(self, reading: Reading, generation: str | None, embedded: int = 0) -> IndexingResult:
        return IndexingResult(
            counts=reading.counts(),
            passages=reading.passages,
            generation=generation,
            built=generation is not None,
            failures=reasons(reading.failures),
            warnings=tuple(reading.warnings),
            seconds=self._watch.seconds,
            embedded=embedded,
        )


def _hashes(files: Mapping[str, SourceEntry]) -> dict[str, str]:
    return {source: entry.hash for source, entry in files.items()}
