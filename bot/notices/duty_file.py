"""The duty roster as a file that an admin writes: HOME/duty.yaml."""

import os
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from pydantic import TypeAdapter, ValidationError

from bot.notices.editing import entry_of
from bot.notices.roster import Roster, faults
from knowledge.errors import NiangjiaError
from knowledge.followed import Followed
from knowledge.organizations import load_organizations

DUTY_FILE = "duty.yaml"  # in HOME

Place = tuple[str | int, ...]


class RosterError(NiangjiaError):
    """Say what is wrong in the duty roster, a line for each fault."""


def read_roster(path: Path) -> Roster:
    """Return the roster, an empty one if there is no file; raise RosterError that names file, line and reason."""
    try:
        text = path.read_text("utf8")
    except FileNotFoundError:
        return Roster()
    except (OSError, UnicodeDecodeError) as error:
        raise RosterError(f"{path} cannot be read: {error}.") from error
    try:
        tree = yaml.compose(text, Loader=yaml.SafeLoader)
        data = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise RosterError(f"{path.name}, line {line}: {error.problem or 'this is no YAML'}.") from None
    if data is None:
        return Roster()
    lines = dict(_lines(tree))
    try:
        roster = TypeAdapter(Roster).validate_python(data)
    except ValidationError as error:
        found = [(fault["loc"], fault["msg"].removeprefix("Value error, ")) for fault in error.errors()]
        raise RosterError(_told(path, lines, found)) from None  # not chained: it might quote a secret address
    if found := list(faults(roster, load_organizations(home=path.parent).organizations)):
        raise RosterError(_told(path, lines, found))
    return roster


def add_entry(path: Path, entry: Mapping[str, object]) -> None:
    """Add an entry at the end of the file, whose comments stay; raise RosterError and leave it if it does not fit."""
    read_roster(path)
    text = path.read_text("utf8") if path.exists() else ""
    tree = yaml.compose(text, Loader=yaml.SafeLoader)
    indent = 2
    if tree is None:
        text = f"{text.rstrip()}\npeople:\n".lstrip()
    else:
        ((_, people),) = tree.value
        if people.flow_style or not people.value:
            raise RosterError(f"{path.name} is written in a way that nothing can be added to: add the entry by hand.")
        indent = people.start_mark.column
    added = yaml.safe_dump([dict(entry)], allow_unicode=True, sort_keys=False, default_flow_style=False)
    _put(path, f"{text.rstrip()}\n{textwrap.indent(added, ' ' * indent)}")


def write_roster(path: Path, roster: Roster) -> None:
    """Write the file anew, without the comments that it had; raise RosterError and leave it if it does not fit."""
    people = [entry_of(person) for person in roster.people]
    _put(path, yaml.safe_dump({"people": people}, allow_unicode=True, sort_keys=False, width=120))


def _put(path: Path, text: str) -> None:
    """Replace the file, which nobody else on the machine may read, if what it would hold is right."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".new")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf8") as file:
        file.write(text)
    try:
        read_roster(draft)
        draft.replace(path)
    except RosterError as error:
        raise RosterError(str(error).replace(draft.name, "the new entry")) from None
    finally:
        draft.unlink(missing_ok=True)


class DutyFile(Followed[Roster]):
    """Implements `Rosters`: the file is read again when it changes; while it is wrong, the last right one holds."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, read_roster, Roster())


def _told(path: Path, lines: dict[Place, int], found: list[tuple[Place, str]]) -> str:
    return "\n".join(f"{path.name}, line {_line(lines, place)}: {_where(place)}{reason}." for place, reason in found)


def _where(place: Place) -> str:
    names = [part for part in place if isinstance(part, str) and part != "people"]
    return f"{names[0]}: " if names else ""


def _line(lines: dict[Place, int], place: Place) -> int:
    """Return the line of a place, or of the nearest around it that is written down."""
    while place and place not in lines:
        place = place[:-1]
    return lines.get(place, 1)


def _lines(node: yaml.Node | None, place: Place = ()) -> Iterator[tuple[Place, int]]:
    """Yield each place in the file, as keys and positions, with its line from 1."""
    if node is None:
        return
    yield place, node.start_mark.line + 1
    pairs: list[tuple[Any, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        pairs = [(key.value, value) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        pairs = list(enumerate(node.value))
    for key, child in pairs:
        yield from _lines(child, (*place, key))
