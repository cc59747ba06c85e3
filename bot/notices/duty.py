"""Who is on duty, who is called next, and when somebody will answer."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.notices.model import Kind, Notice
from bot.notices.ports import Addressee, Rosters
from bot.notices.roster import Person, Roster
from knowledge.calendar import ZONE
from knowledge.organizations import Organizations

AHEAD = timedelta(days=15)  # how far hours are looked for: the longest holidays last nine days

IsWorking = Callable[[date], bool]


@dataclass(frozen=True, slots=True)
class Shift:
    """Somebody's hours on one day."""

    seat: str  # name of whose hours they are
    person: Person  # who answers in them: their own, or a deputy
    start: datetime
    end: datetime


def shifts(roster: Roster, union: str, at: datetime, is_working: IsWorking) -> Iterator[Shift]:
    """Yield who answers for a union from `at` on, by day; a deputy stands in for who is away."""
    first = at.astimezone(ZONE).date() - timedelta(days=1)  # a night's hours belong to the day on which they begin
    for passed in range(AHEAD.days + 1):
        day = first + timedelta(days=passed)
        for person in roster.of(union):
            answers = roster.named(person.deputy) if person.is_away(day) else person
            if answers is None or answers.is_away(day):
                continue
            for start, end in person.spans(day, is_working(day)):
                if end > at:
                    yield Shift(person.name, answers, start, end)


def on_duty(roster: Roster, union: str, at: datetime, is_working: IsWorking) -> tuple[Person, ...]:
    """Return who answers for this union at this moment, each once."""
    soon = at + timedelta(days=1)
    people: dict[str, Person] = {}
    for shift in shifts(roster, union, at, is_working):
        if shift.start <= at:
            people[shift.person.name] = shift.person
        if shift.start > soon:
            break
    return tuple(people.values())


class Duty:
    """Says who answers and implements `Addressing`, over the roster of the moment and the unions of the directory."""

    def __init__(self, rosters: Rosters, organizations: Organizations, is_working: IsWorking) -> None:
        self._rosters = rosters
        self._organizations = organizations
        self._is_working = is_working

    @property
    def roster(self) -> Roster:
        """Return the roster as it is at this moment."""
        return self._rosters.current()

    def on_duty(self, union: str, at: datetime) -> tuple[Person, ...]:
        """Return who is on duty for a union, or for the nearest above it that has anybody; () if nobody is."""
        return next(self._watches(union, at), ())

    def opens(self, union: str, at: datetime) -> datetime | None:
        """Return when somebody will answer, `at` itself if somebody does; None if nobody will within two weeks."""
        starts = (shift.start for coming in self._coming(union, at) for shift in coming)
        return max(at, first) if (first := min(starts, default=None)) else None

    def gaps(self, union: str, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
        """Return from and until when between two moments, at most two weeks apart, nobody would answer."""
        roster = self.roster
        hours = sorted(
            (shift.start, shift.end)
            for name in self._line(union)
            for shift in shifts(roster, name, start, self._is_working)
        )
        found, covered = [], start
        for first, last in [*hours, (end, end)]:
            if first > covered:
                found.append((covered, min(first, end)))
            covered = max(covered, last)
            if covered >= end:
                break
        return found

    def addressees(self, notice: Notice, at: datetime) -> tuple[Addressee, ...]:
        """Return everybody to be told, each address once.

        An emergency calls who is on duty now; its second call their deputies as well, and each further one the next
        union above that has anybody on duty. Everything else goes to the nearest union that has people, to each when
        their hours begin.
        """
        if notice.kind is Kind.EMERGENCY:
            return _once(Addressee(person.called_at, at) for person in self._called(notice.union, at, notice.call))
        next_of: dict[str, Shift] = {}
        for shift in next(self._coming(notice.union, at), ()):
            next_of.setdefault(shift.seat, shift)
        return _once(Addressee(shift.person.called_at, max(shift.start, at)) for shift in next_of.values())

    def names(self) -> Sequence[str]:
        """Return the names of all entries."""
        return [person.name for person in self.roster.people]

    def _called(self, union: str, at: datetime, call: int) -> Iterator[Person]:
        roster = self.roster
        for above, people in enumerate(self._watches(union, at)):
            if above > max(call - 2, 0):
                return
            yield from people
            if above == 0 and call > 1:
                deputies = filter(None, (roster.named(person.deputy) for person in people))
                yield from (deputy for deputy in deputies if not deputy.is_away(at.astimezone(ZONE).date()))

    def _watches(self, union: str, at: datetime) -> Iterator[tuple[Person, ...]]:
        """Yield who is on duty, union by union upwards, leaving out those where nobody is."""
        roster = self.roster
        for name in self._line(union):
            if people := on_duty(roster, name, at, self._is_working):
                yield people

    def _coming(self, union: str, at: datetime) -> Iterator[tuple[Shift, ...]]:
        """Yield everybody's next hours, union by union upwards, leaving out those where nobody has any."""
        roster = self.roster
        for name in self._line(union):
            if coming := tuple(shifts(roster, name, at, self._is_working)):
                yield coming

    def _line(self, union: str) -> Iterator[str]:
        known = self._organizations.organizations.get(union)
        return (above.name for above in self._organizations.chain(known)) if known else iter(())


def _once(addressees: Iterable[Addressee]) -> tuple[Addressee, ...]:
    """Leave each address once, with its earliest moment: several people may read one group."""
    earliest: dict[tuple[str, str], Addressee] = {}
    for addressee in addressees:
        key = (addressee.address.medium, addressee.address.target)
        if key not in earliest or addressee.due < earliest[key].due:
            earliest[key] = addressee
    return tuple(earliest.values())
