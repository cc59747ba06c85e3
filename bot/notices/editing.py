"""The duty roster as it is changed entry by entry, under the rules by which the file is read. Pure."""

from collections.abc import Container, Iterator, Mapping

from pydantic import TypeAdapter, ValidationError

from bot.notices.roster import ALWAYS, Person, Roster, Span, faults
from knowledge.errors import NiangjiaError

Entry = Mapping[str, object]  # as it stands in the file


class EntryError(NiangjiaError):
    """Say what is wrong with an entry; `field` is which part, "address" for what can be seen of several only."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field}: {reason}.")
        self.field = field


def with_entry(roster: Roster, entry: Entry, unions: Container[str], instead_of: str | None = None) -> Roster:
    """Return the roster with an entry more, or one in place of another; raise EntryError where it does not fit.

    `unions` are the names of those that there are.
    """
    person = _person(entry)
    if instead_of is None:
        changed = Roster((*roster.people, person))
    else:
        changed = Roster(tuple(person if each.name == instead_of else each for each in roster.people))
    for place, reason in faults(changed, unions):
        raise EntryError(str(place[2]), reason)
    return changed


def without_entry(roster: Roster, name: str) -> Roster:
    """Return the roster without an entry; whoever had them for a deputy has none."""
    others = (each for each in roster.people if each.name != name)
    return Roster(
        tuple(_person({**entry_of(each), "deputy": None}) if each.deputy == name else each for each in others)
    )


def entry_of(person: Person) -> dict[str, object]:
    """Return an entry as it stands in the file; its address is a secret."""
    optional = {"secret": person.secret, "deputy": person.deputy, "away": list(_absences(person))}
    return {
        "name": person.name,
        "unions": list(person.unions),
        "channel": person.channel.value,
        "address": person.address,
        "hours": "always" if person.hours == ALWAYS else hours_of(person),
        **{field: value for field, value in optional.items() if value},
    }


def hours_of(person: Person) -> dict[str, str]:
    """Return the hours by days, as they are written."""
    return {day.value: " ".join(map(_written, spans)) for day, spans in person.hours.items()}


def _person(entry: Entry) -> Person:
    try:
        return TypeAdapter(Person).validate_python(dict(entry))
    except ValidationError as error:
        first = error.errors()[0]
        field = str(first["loc"][0]) if first["loc"] else "address"
        raise EntryError(field, first["msg"].removeprefix("Value error, ")) from None  # it might quote a secret


def _absences(person: Person) -> Iterator[str]:
    for absence in person.away:
        yield str(absence.first) if absence.first == absence.last else f"{absence.first}..{absence.last}"


def _written(span: Span) -> str:
    end = span.end - 1440 if span.end > 1440 else span.end
    return f"{span.start // 60:02}:{span.start % 60:02}-{end // 60:02}:{end % 60:02}"
