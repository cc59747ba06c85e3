import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter

from bot.notices.editing import EntryError, entry_of, with_entry, without_entry
from bot.notices.roster import Day, Person, Roster

UNION = "十堰市总工会"
UNIONS = {UNION}
GROUP = {
    "name": "值班群",
    "unions": [UNION],
    "channel": "telegram",
    "address": "-1001234567890",
    "hours": "always",
}
TIMES = st.integers(0, 1439).map(lambda minute: f"{minute // 60:02}:{minute % 60:02}")
SPANS = st.lists(st.tuples(TIMES, TIMES).map("-".join), min_size=1, max_size=3).map(" ".join)
HOURS = st.just("always") | st.dictionaries(st.sampled_from([day.value for day in Day]), SPANS, min_size=1)
AWAY = st.lists(st.dates().map(str) | st.dates().map(lambda day: f"{day}..{day}"), max_size=2)


@given(HOURS, AWAY)
def test_an_entry_written_as_the_file_has_it_is_read_as_the_same(hours: object, away: list[str]) -> None:
    person = TypeAdapter(Person).validate_python({**GROUP, "hours": hours, "away": away})
    assert TypeAdapter(Person).validate_python(entry_of(person)) == person


def test_entries_come_go_and_change_in_their_places() -> None:
    roster = with_entry(with_entry(Roster(), GROUP, UNIONS), {**GROUP, "name": "王芳", "deputy": "值班群"}, UNIONS)
    roster = with_entry(roster, {**GROUP, "address": "-100999"}, UNIONS, instead_of="值班群")
    assert [(each.name, each.address) for each in roster.people] == [
        ("值班群", "-100999"),
        ("王芳", "-1001234567890"),
    ]
    (left,) = without_entry(roster, "值班群").people
    assert (left.name, left.deputy) == ("王芳", None)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "值班群"}, "name"),
        ({"name": "甲", "unions": ["火星工会"]}, "unions"),
        ({"name": "甲", "channel": "pigeon"}, "channel"),
        ({"name": "甲", "address": "secret-place"}, "address"),
        ({"name": "甲", "secret": "hidden"}, "address"),
        ({"name": "甲", "hours": {}}, "hours"),
        ({"name": "甲", "deputy": "甲"}, "deputy"),
        ({"name": "甲", "away": ["soon"]}, "away"),
    ],
)
def test_what_does_not_fit_is_told_by_its_field_and_quotes_no_address(wrong: dict[str, object], field: str) -> None:
    with pytest.raises(EntryError) as caught:
        with_entry(with_entry(Roster(), GROUP, UNIONS), {**GROUP, **wrong}, UNIONS)
    assert caught.value.field == field
    assert "secret-place" not in str(caught.value)
    assert "hidden" not in str(caught.value)
