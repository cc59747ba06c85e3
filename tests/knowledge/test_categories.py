from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from knowledge.categories import (
    CATEGORIES_FILE,
    SAME_DAY,
    Changes,
    Limit,
    Unit,
    Way,
    changes_file,
    load_categories,
    read_changes,
    write_changes,
)
from knowledge.entries import DirectoryError
from knowledge.organizations import load_organizations
from knowledge.vocabulary import Category, Urgency


def test_every_category_has_an_owner_that_every_union_can_name() -> None:
    organizations = load_organizations()
    for category in Category:
        rule = load_categories()[category]
        assert all(organizations.department(union, rule.department) for union in organizations.organizations.values())


def test_arrears_go_to_inspection_before_arbitration() -> None:
    assert load_categories()[Category.WAGE_ARREARS].bodies[:2] == ("inspection", "arbitration")


def test_only_a_complaint_about_the_union_goes_to_the_union_above() -> None:
    assert [rule.category for rule in load_categories().rules.values() if rule.by_parent] == [Category.UNION_COMPLAINT]


def test_normal_clocks_run_in_working_days_and_the_others_in_calendar_time() -> None:
    clocks = load_categories().clocks
    assert clocks[Urgency.NORMAL].result.unit is Unit.WORKING_DAY
    assert clocks[Urgency.NORMAL].result.duration is None
    assert clocks[Urgency.URGENT].triage.duration == timedelta(minutes=30)
    assert clocks[Urgency.EMERGENCY].overdue[2].duration == timedelta(hours=4)


def test_the_same_day_is_a_limit_of_no_days() -> None:
    assert load_categories().clocks[Urgency.URGENT].contact.duration == timedelta(0)


def edited(tmp_path: Path, old: str, new: str) -> Path:
    text = CATEGORIES_FILE.read_text("utf8")
    assert old in text
    file = tmp_path / "categories.yaml"
    file.write_text(text.replace(old, new, 1), "utf8")
    return file


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("- category: 工伤\n", "- category: 工商\n", "categories"),
        ("- category: 工伤\n", "- category: 欠薪\n", "工伤"),
        ("bodies: [employment]", "bodies: [labour-office]", "labour-office"),
        ("department: culture", "department: fun", "fun"),
        ("triage: 5 minutes", "triage: soon", "soon"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    with pytest.raises(DirectoryError, match=message):
        load_categories(edited(tmp_path, old, new))


def test_a_home_has_other_ways_and_clocks_from_the_moment_it_writes_them(tmp_path: Path) -> None:
    shipped, live = load_categories(), load_categories(home=tmp_path)
    assert dict(live.clocks) == dict(shipped.clocks)
    clock = replace(shipped.clocks[Urgency.NORMAL], result=Limit(1, Unit.WORKING_DAY), contact=SAME_DAY)
    changes = Changes({Category.WORK_INJURY: Way("safety", ("court",))}, {Urgency.NORMAL: clock})
    write_changes(changes_file(tmp_path), changes)
    assert read_changes(changes_file(tmp_path)) == changes
    assert live.clocks[Urgency.NORMAL] == clock
    assert live.clocks[Urgency.URGENT] == shipped.clocks[Urgency.URGENT]
    assert live[Category.WORK_INJURY].department == live.rules[Category.WORK_INJURY].department == "safety"
    assert live[Category.WORK_INJURY].raised == shipped[Category.WORK_INJURY].raised
    changes_file(tmp_path).write_text("clocks: {普通: {triage: soon}}", "utf8")
    assert live.clocks[Urgency.NORMAL] == clock, "while the file is wrong, what was last right holds"
    changes_file(tmp_path).unlink()
    assert live.clocks[Urgency.NORMAL] == shipped.clocks[Urgency.NORMAL]


def test_a_home_cannot_name_what_is_not_in_the_directory(tmp_path: Path) -> None:
    for way, wrong in ((Way("fun", ()), "fun"), (Way("rights", ("moon",)), "moon")):
        with pytest.raises(DirectoryError, match=wrong):
            write_changes(changes_file(tmp_path), Changes({Category.SAFETY: way}))
    assert not changes_file(tmp_path).exists()
