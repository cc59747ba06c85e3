from datetime import date

from bot.desk.knowledge.rechecks import FOLDER, due

SOURCES = [path.relative_to(FOLDER.parent).as_posix() for path in FOLDER.rglob("*.md")]


def test_every_guide_that_ships_is_looked_at_again_some_day() -> None:
    found = due(SOURCES, date.max)
    assert sorted(source for sources in found.values() for source in sources) == sorted(SOURCES)
    assert list(found) == sorted(found)


def test_what_is_due_later_and_what_a_home_added_is_left_out() -> None:
    first = min(due(SOURCES, date.max))
    assert first in due(SOURCES, first)
    assert due(SOURCES, date(2026, 11, 21)) == {}
    assert due(["our/own.md"], date.max) == {}
