"""Tell in one stroke which rows of a generation hold on a day and in a place."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from knowledge.keyword import Mask
from knowledge.model import Validity

_FIRST_DAY, _LAST_DAY = 0, np.iinfo(np.int32).max


class Filters:
    """Validity and regions of every row, as columns."""

    def __init__(
        self,
        effective: NDArray[np.int32],
        expires: NDArray[np.int32],
        place: NDArray[np.int32],
        places: Sequence[tuple[str, ...]],
    ) -> None:
        self._effective = effective  # ordinal days
        self._expires = expires
        self._place = place  # which of `places` a row has
        self._places = places  # the few sets of regions that occur

    @classmethod
    def build(cls, rows: Sequence[tuple[Validity, tuple[str, ...]]]) -> "Filters":
        """Collect the columns from each row's validity and regions."""
        places: dict[tuple[str, ...], int] = {}
        columns = np.array(
            [
                (
                    validity.effective.toordinal() if validity.effective else _FIRST_DAY,
                    validity.expires.toordinal() if validity.expires else _LAST_DAY,
                    places.setdefault(regions, len(places)),
                )
                for validity, regions in rows
            ],
            np.int32,
        ).reshape(-1, 3)
        return cls(columns[:, 0], columns[:, 1], columns[:, 2], list(places))

    def save(self, folder: Path) -> None:
        """Write the columns into `folder`."""
        np.save(folder / "filters.npy", np.stack([self._effective, self._expires, self._place]))
        (folder / "places.json").write_bytes(orjson.dumps(self._places))

    @classmethod
    def load(cls, folder: Path) -> "Filters":
        """Open what `save` wrote."""
        effective, expires, place = np.load(folder / "filters.npy")
        return cls(effective, expires, place, [tuple(p) for p in orjson.loads((folder / "places.json").read_bytes())])

    def admitted(self, day: date, region: str | None, admits: Callable[[str | None, tuple[str, ...]], bool]) -> Mask:
        """Return which rows are in force on `day` and may, as `admits` tells, answer somebody in `region`."""
        ordinal = day.toordinal()
        mask: Mask = (self._effective <= ordinal) & (ordinal < self._expires)
        if region is not None and self._places:
            mask &= np.array([admits(region, place) for place in self._places], np.bool_)[self._place]
        return mask

    def regions(self, row: int) -> tuple[str, ...]:
        """Return the regions that a row holds in; () is everywhere."""
        return self._places[int(self._place[row])]
