from pathlib import Path

import pytest

from knowledge.campaigns import in_month, load_campaigns
from knowledge.entries import DirectoryError


def names(month: int, region: str | None = None) -> set[str]:
    return {campaign.name for campaign in in_month(month, region)}


def test_the_four_seasons_fall_into_their_seasons() -> None:
    assert "春送岗位" in names(2)
    assert "夏送清凉" in names(8)
    assert "金秋助学" in names(9)
    assert "冬送温暖" in names(1)
    assert "冬送温暖" not in names(7)


def test_what_one_union_does_is_not_shown_to_workers_of_another() -> None:
    assert "新年登高" in names(1, "省直")
    assert "新年登高" not in names(1, "十堰")


def test_what_names_no_month_is_in_none() -> None:
    open_campaigns = [campaign for campaign in load_campaigns() if not campaign.months]
    assert open_campaigns
    assert not {campaign.name for campaign in open_campaigns} & set().union(*(names(month) for month in range(1, 13)))


def test_a_thirteenth_month_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "calendar.yaml"
    file.write_text("campaigns:\n  - {name: 甲, months: [13], category: 欠薪, document: a, source: b}\n", "utf8")
    with pytest.raises(DirectoryError, match=r"campaigns\.0\.months\.0"):
        load_campaigns(file)
