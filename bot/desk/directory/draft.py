"""What a form would make of the directory, until somebody has looked it over."""

from dataclasses import dataclass
from hashlib import blake2b
from typing import Generic, TypeVar

from knowledge.organizations import Organizations, OwnEntries

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Draft(Generic[T]):
    """An entry as it is and as it would be, with all of a home's entries."""

    own: OwnEntries  # that it was made from
    entries: OwnEntries
    before: T | None
    after: T
    later: Organizations

    @property
    def seen(self) -> str:
        """Return what tells what somebody looked at from every other draft."""
        return blake2b(repr((self.own, self.entries)).encode(), digest_size=16).hexdigest()
