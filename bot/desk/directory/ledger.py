"""What a deployment adds to the directory, as it is changed at the desk: files under HOME/directory."""

import threading
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date
from hashlib import blake2b
from pathlib import Path

from bot.notices.duty_file import DUTY_FILE, RosterError, read_roster
from knowledge.calendar import Year, Years, added_years_file, read_years, write_years
from knowledge.categories import NO_CHANGES, Changes, Clock, Way, changes_file, read_changes, write_changes
from knowledge.organizations import NONE_OWN, OwnEntries, own_file, read_own, write_own
from knowledge.parameters import LocalValue, Parameters, load_parameters, read_values, write_values
from knowledge.stations import Station, load_stations, stations_file, write_stations
from knowledge.vocabulary import Category, Urgency


@dataclass(frozen=True, slots=True)
class Difference:
    """What a new table of stations would change, by names."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]


class Ledger:
    """Reads and writes one home's directory; one change at a time."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._lock = threading.Lock()

    # --- parameters ---

    def parameters(self) -> Parameters:
        """Return all parameters with the values that hold here."""
        return load_parameters(home=self._home)

    def confirm(self, id: str, value: LocalValue) -> None:
        """Add a value, in place of one for the same region from the same day."""
        self._set(id, value.region, value.since, (value,))

    def withdraw(self, id: str, region: str | None, since: date | None) -> None:
        """Take away what was confirmed for the region from that day, if there is anything."""
        self._set(id, region, since, ())

    def _set(self, id: str, region: str | None, since: date | None, values: tuple[LocalValue, ...]) -> None:
        with self._lock:
            known = read_values(self._home)
            others = tuple(each for each in known.get(id, ()) if (each.region, each.since) != (region, since))
            write_values(self._home, {**known, id: (*others, *values)})

    # --- stations ---

    def stations(self) -> tuple[Station, ...]:
        """Return the stations that hold here."""
        return load_stations(home=self._home)

    def draft(self, staff: str, stations: Collection[Station], regions: Collection[str]) -> tuple[Difference, str]:
        """Keep what would become of the table; return what it changes, and what `take` must be told.

        Stations of other than these regions stay as they are.
        """
        now = self.stations()
        new = (*(each for each in now if each.region not in regions), *stations)
        write_stations(self._draft(staff), new)
        return _difference(now, new), _digest(self._draft(staff), now)

    def stands(self, staff: str, seen: str) -> bool:
        """Tell whether the draft, and the table that it was made from, are what was `seen`."""
        return _stands(self._draft(staff), self.stations(), seen)

    def take(self, staff: str, seen: str) -> bool:
        """Let the draft hold; return False if it does not stand any more."""
        with self._lock:
            if not self.stands(staff, seen):
                return False
            self._draft(staff).replace(stations_file(self._home))
            return True

    def _draft(self, staff: str) -> Path:
        return stations_file(self._home).with_name(f".stations-{staff}.csv")

    # --- ways and clocks ---

    def set_way(self, category: Category, way: Way | None) -> None:
        """Let others take matters of a category, or those again who take them as shipped."""
        with self._lock:
            known = self._changes()
            others = {each: held for each, held in known.ways.items() if each is not category}
            self._change(replace(known, ways={**others, category: way} if way else others))

    def set_clock(self, urgency: Urgency, clock: Clock | None) -> None:
        """Give the steps other limits, or those again that ship."""
        with self._lock:
            known = self._changes()
            others = {each: held for each, held in known.clocks.items() if each is not urgency}
            self._change(replace(known, clocks={**others, urgency: clock} if clock else others))

    def _changes(self) -> Changes:
        path = changes_file(self._home)
        return read_changes(path) if path.exists() else NO_CHANGES

    def _change(self, changes: Changes) -> None:
        write_changes(changes_file(self._home), changes)

    # --- unions and bodies ---

    def own(self) -> OwnEntries:
        """Return the unions and bodies that are otherwise here than shipped."""
        path = own_file(self._home)
        return read_own(path) if path.exists() else NONE_OWN

    def enter_own(self, seen: OwnEntries, entries: OwnEntries) -> bool:
        """Let these hold; return False if those here are not what was `seen` any more."""
        with self._lock:
            if self.own() != seen:
                return False
            write_own(own_file(self._home), entries)
            return True

    def draft_own(self, staff: str, entries: OwnEntries) -> str:
        """Keep what would hold; return what `take_own` must be told."""
        write_own(self._own_draft(staff), entries)
        return _digest(self._own_draft(staff), self.own())

    def own_stands(self, staff: str, seen: str) -> bool:
        """Tell whether the draft, and the entries that it was made from, are what was `seen`."""
        return _stands(self._own_draft(staff), self.own(), seen)

    def own_changed(self, staff: str) -> tuple[str, ...]:
        """Return the names of what the draft has otherwise than it is here."""
        now, then = _named(self.own()), _named(read_own(self._own_draft(staff)))
        return tuple(name for name in then if now.get(name) != then[name])

    def take_own(self, staff: str, seen: str) -> bool:
        """Let the draft hold; return False if it does not stand any more."""
        with self._lock:
            if not self.own_stands(staff, seen):
                return False
            self._own_draft(staff).replace(own_file(self._home))
            return True

    def _own_draft(self, staff: str) -> Path:
        return own_file(self._home).with_name(f".organizations-{staff}.yaml")

    def on_duty(self, union: str) -> tuple[str, ...]:
        """Return the entries of the duty roster that answer for a union; none where the roster cannot be read."""
        try:
            return tuple(each.name for each in read_roster(self._home / DUTY_FILE).of(union))
        except RosterError:
            return ()

    # --- holidays ---

    def years(self) -> Years:
        """Return the years that were entered here."""
        path = added_years_file(self._home)
        return read_years(path) if path.exists() else {}

    def enter(self, number: int, year: Year | None) -> None:
        """Arrange a year, or take back how it was arranged here."""
        with self._lock:
            others = {each: known for each, known in self.years().items() if each != number}
            write_years(added_years_file(self._home), {**others, number: year} if year else others)


def _named(own: OwnEntries) -> dict[str, object]:
    """Return a home's entries by the names that people know."""
    unions = {each.name: (each, own.contacts.get(each.name)) for each in own.organizations}
    regions, bodies = {each.id: each for each in own.regions}, {each.name: each for each in own.bodies}
    return {**own.contacts, **unions, **regions, **bodies}


def _stands(draft: Path, now: object, seen: str) -> bool:
    return draft.exists() and _digest(draft, now) == seen


def _digest(draft: Path, now: object) -> str:
    """Return what tells a draft, and what it was made from, from every other."""
    digest = blake2b(draft.read_bytes(), digest_size=16)
    digest.update(repr(now).encode())
    return digest.hexdigest()


def _difference(now: Collection[Station], new: Collection[Station]) -> Difference:
    before = {(each.region, each.name): each for each in now}
    after = {(each.region, each.name): each for each in new}
    both = before.keys() & after.keys()
    return Difference(
        tuple(after[key].name for key in after if key not in before),
        tuple(before[key].name for key in before if key not in after),
        tuple(after[key].name for key in after if key in both and after[key] != before[key]),
    )
