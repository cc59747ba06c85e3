"""Tell in one stroke which rows of a generation hold on a day and in a place, and what standing each has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from knowledge.keyword import Mask
from knowledge.model import CONCLUSION, DocumentKind, Passage, Validity

Rows = NDArray[np.int64]

_FIRST_DAY, _LAST_DAY = 0, np.iinfo(np.int32).max


class Standing(IntEnum):
    """How far a passage can answer by itself; stored as numbers, so never renumber them."""

    PLAIN = 0  # a rule, a guide, a report, a fact
    CASE = 1  # how a rule was applied once
    FRAME = 2  # of an act, but no article of it: who passed it and when, its table of contents
    LEAD = 3  # a guide's conclusion: what its other sections go on about


@dataclass(frozen=True, slots=True)
class Conditions:
    """When, where and with what standing a passage answers."""

    validity: Validity
    regions: tuple[str, ...]
    standing: Standing
    work: str  # the act or document that it is of

    @classmethod
    def of(cls, passage: Passage) -> "Conditions":
        """Take them from a passage."""
        standing = Standing.PLAIN
        if passage.kind is DocumentKind.CASE:
            standing = Standing.CASE
        elif passage.kind is DocumentKind.STATUTE and passage.article is None:
            standing = Standing.FRAME
        elif passage.kind is DocumentKind.GUIDE and passage.path[-1:] == (CONCLUSION,):
            standing = Standing.LEAD
        return cls(passage.validity, passage.regions, standing, passage.law or passage.source)


class Filters:
    """The conditions of every row, as columns."""

    def __init__(self, columns: NDArray[np.int32], places: Sequence[tuple[str, ...]]) -> None:
        """`columns` are first day, last day, place, standing and work; a place is one of the few sets of regions."""
        self._effective, self._expires, self._place, self._standing, self._work = columns
        self._places = places
        self._extent = np.bincount(self._work) if len(self._work) else np.zeros(0, np.int64)

    @classmethod
    def build(cls, rows: Sequence[Conditions]) -> "Filters":
        """Collect the columns."""
        places: dict[tuple[str, ...], int] = {}
        works: dict[str, int] = {}
        columns = [
            (
                row.validity.effective.toordinal() if row.validity.effective else _FIRST_DAY,
                row.validity.expires.toordinal() if row.validity.expires else _LAST_DAY,
                places.setdefault(row.regions, len(places)),
                row.standing,
                works.setdefault(row.work, len(works)),
            )
            for row in rows
        ]
        return cls(np.array(columns, np.int32).reshape(-1, 5).T, list(places))

    def save(self, folder: Path) -> None:
        """Write the columns into `folder`."""
        columns = (self._effective, self._expires, self._place, self._standing, self._work)
        np.save(folder / "filters.npy", np.stack(columns))
        (folder / "places.json").write_bytes(orjson.dumps(self._places))

    @classmethod
    def load(cls, folder: Path) -> "Filters":
        """Open what `save` wrote."""
        places = orjson.loads((folder / "places.json").read_bytes())
        return cls(np.load(folder / "filters.npy"), [tuple(place) for place in places])

    def admitted(self, day: date, region: str | None, admits: Callable[[str | None, tuple[str, ...]], bool]) -> Mask:
        """Return which rows are in force on `day` and may, as `admits` tells, answer somebody in `region`."""
        ordinal = day.toordinal()
        mask: Mask = (self._effective <= ordinal) & (ordinal < self._expires)
        if region is not None and self._places:
            mask &= np.array([admits(region, place) for place in self._places], np.bool_)[self._place]
        return mask

    def nearness(self, rows: Rows, near: Callable[[tuple[str, ...]], float]) -> NDArray[np.float32]:
        """Return what `near` says of the regions that each of the rows holds in; () is everywhere."""
        said = np.array([near(place) for place in self._places], np.float32)
        nearness: NDArray[np.float32] = said[self._place[rows]]
        return nearness

    def standings(self, rows: Rows) -> NDArray[np.int32]:
        """Return the standing of each of the rows, as numbers."""
        standings: NDArray[np.int32] = self._standing[rows]
        return standings

    def works(self, rows: Rows) -> NDArray[np.int32]:
        """Return which act or document each of the rows is of, as numbers."""
        works: NDArray[np.int32] = self._work[rows]
        return works

    def extents(self, rows: Rows) -> NDArray[np.int64]:
        """Return how many passages the act or document has that each of the rows is of."""
        extents: NDArray[np.int64] = self._extent[self._work[rows]]
        return extents
