"""What became of holding a generation against the one that served when it was built, kept in its folder."""

from dataclasses import dataclass
from pathlib import Path

import orjson

from knowledge.errors import NiangjiaError

_FILE = "review.json"


class ReviewError(NiangjiaError):
    """Say that a review cannot be read."""


@dataclass(frozen=True, slots=True)
class Review:
    """The golden questions before and after; a question is found if the first passages answer it."""

    against: str  # id of the generation before
    accepted: bool
    asked: int
    before: int  # found by the generation before
    after: int
    lost: tuple[str, ...]  # found before and not any more, each as "question → what answers it"
    won: tuple[str, ...]

    def save(self, folder: Path) -> None:
        """Write review.json into the generation's folder."""
        (folder / _FILE).write_bytes(orjson.dumps(self, option=orjson.OPT_INDENT_2))


def load_review(folder: Path) -> Review | None:
    """Return the review of the generation in this folder, None if there was nothing to hold it against."""
    try:
        fields = orjson.loads((folder / _FILE).read_bytes())
        return Review(**fields | {"lost": tuple(fields["lost"]), "won": tuple(fields["won"])})
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReviewError(f"{folder / _FILE} cannot be read ({error}); delete it, and no review is shown.") from error
