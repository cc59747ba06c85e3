"""What changed from one generation to another, document by document."""

import sqlite3
from contextlib import closing
from dataclasses import dataclass

from knowledge.archive import Archive, DocumentKey
from knowledge.generation import GenerationError, Generations
from knowledge.manifest import Manifest


@dataclass(frozen=True, slots=True)
class Difference:
    """Documents by source and record, in the order of the sources, and passages as a whole."""

    added: tuple[DocumentKey, ...]
    changed: tuple[DocumentKey, ...]
    removed: tuple[DocumentKey, ...]
    unchanged: int
    passages_before: int
    passages_after: int


def difference(generations: Generations, before: Manifest, after: Manifest) -> Difference:
    """Compare two generations; raise GenerationError where one of them is damaged."""
    old, new = _digests(generations, before), _digests(generations, after)
    changed = {key for key in old.keys() & new.keys() if old[key] != new[key]}
    return Difference(
        added=_sorted(new.keys() - old.keys()),
        changed=_sorted(changed),
        removed=_sorted(old.keys() - new.keys()),
        unchanged=len(old.keys() & new.keys()) - len(changed),
        passages_before=before.passages,
        passages_after=after.passages,
    )


def _digests(generations: Generations, manifest: Manifest) -> dict[DocumentKey, bytes]:
    folder = generations.folder / manifest.id
    try:
        with closing(Archive(folder / "texts.sqlite3", manifest.passages)) as archive:
            return archive.digests()
    except (ValueError, sqlite3.Error) as error:
        raise GenerationError(
            f"The index {folder} is damaged ({error}); run `niangjia ingest` to build it anew."
        ) from error


def _sorted(keys: set[DocumentKey]) -> tuple[DocumentKey, ...]:
    return tuple(sorted(keys, key=lambda key: (key[0], str(key[1]))))
