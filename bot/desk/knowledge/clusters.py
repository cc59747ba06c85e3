"""Puts questions that ask the same together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.desk.knowledge.gap_book import Care
from bot.desk.knowledge.ports import Gap

CLOSE = 0.5  # mean cosine, by the built-in encoder, from which on questions ask the same


@dataclass(frozen=True, slots=True)
class Cluster:
    """Questions that ask the same, newest first."""

    gaps: tuple[Gap, ...]
    owner: str | None = None

    @property
    def lead(self) -> Gap:
        """Return the question that stands for all: the shortest is the plainest."""
        return min(self.gaps, key=lambda gap: (len(gap.question), gap.id))

    @property
    def refused(self) -> int:
        """Return how many were refused; the others were answered and did not help."""
        return sum(gap.refused for gap in self.gaps)

    @property
    def regions(self) -> tuple[str, ...]:
        """Return where they were asked, as far as it is known."""
        return tuple(dict.fromkeys(gap.region for gap in self.gaps if gap.region))

    @property
    def wordings(self) -> tuple[str, ...]:
        """Return how else it was asked, each once."""
        return tuple(dict.fromkeys(gap.question for gap in self.gaps if gap.question != self.lead.question))


def alike(vectors: NDArray[np.float32]) -> list[list[int]]:
    """Return which questions ask the same, by their places; `vectors` are of unit length, one a question."""
    members: list[list[int]] = []
    sums = np.zeros_like(vectors)  # of each cluster: by its size they give the mean cosine with all of its members
    sizes = np.zeros(len(vectors), np.float32)
    for place, vector in enumerate(vectors):
        count = len(members)
        means = sums[:count] @ vector / sizes[:count]
        best = int(np.argmax(means)) if count else count
        if best == count or means[best] < CLOSE:
            best = count
            members.append([])
        members[best].append(place)
        sums[best] += vector
        sizes[best] += 1
    return members


def clustered(gaps: Sequence[Gap], vectors: NDArray[np.float32], cares: Mapping[int, Care]) -> list[Cluster]:
    """Return the clusters of questions, the most asked first; `vectors` are of unit length, one a question."""
    found = []
    for cluster in alike(vectors):
        asked = tuple(gaps[index] for index in cluster)
        owners = (care.owner for gap in asked if (care := cares.get(gap.id)) and care.owner)
        found.append(Cluster(asked, next(owners, None)))
    return sorted(found, key=lambda cluster: -len(cluster.gaps))
