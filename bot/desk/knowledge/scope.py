"""Which knowledge somebody may change: what holds in regions of theirs; what holds everywhere, at the top alone."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from bot.desk.directory.scope import keeps_all, regions_of
from bot.desk.knowledge import words
from bot.desk.staff import Staff
from knowledge.organizations import Organizations


@dataclass(frozen=True, slots=True)
class Scope:
    """The regions whose knowledge somebody keeps; `everything` is that of the union at the top."""

    regions: tuple[str, ...]
    everything: bool

    def holds(self, regions: Collection[str]) -> bool:
        """Tell whether what holds in these regions is theirs; none of them is everywhere."""
        return self.everything or (bool(regions) and set(regions) <= set(self.regions))

    def check(self, each: Iterable[Collection[str]]) -> None:
        """Refuse to change what is not theirs; each is where one thing holds."""
        for regions in each:
            if not self.holds(regions):
                raise words.not_yours(regions)


def scope_of(staff: Staff, organizations: Organizations) -> Scope:
    """Return what somebody keeps."""
    return Scope(regions_of(staff, organizations), keeps_all(staff, organizations))
