from collections.abc import Sequence
from datetime import datetime

import pytest

from bot.cases.routing import Directory
from bot.dialogue.referral import Referrer
from bot.triage.triager import load_triager
from knowledge.categories import load_categories
from knowledge.organizations import load_organizations
from knowledge.regions import load_regions


class Nobody:
    """A roster without anybody."""

    def on_duty(self, union: str, at: datetime) -> Sequence[object]:
        """Return nobody."""
        return ()

    def opens(self, union: str, at: datetime) -> datetime | None:
        """Know of nobody who comes."""
        return None


REFERRER = Referrer(load_triager(), Directory(load_organizations(), load_categories()), load_regions(), Nobody())


@pytest.mark.parametrize(
    ("story", "region"),
    [
        ("我是荆州人，在十堰的工地上做了三个月没拿到工资", "十堰"),
        ("我是荆州人，做了三个月没拿到工资", "荆州市"),
        ("在沙市的厂里做了三个月没拿到工资", "荆州市"),
    ],
)
def test_a_matter_is_brought_to_where_the_work_is(story: str, region: str) -> None:
    assert REFERRER.refer(story).region == region


def test_what_is_said_of_the_place_counts_before_the_story() -> None:
    assert REFERRER.refer("我在十堰的工地上没拿到工资", place="随州").region == "随州"


def test_of_a_home_beside_another_citys_work_the_other_city_has_the_matter() -> None:
    referral = REFERRER.refer("我是荆州人，在东莞的厂里没拿到工资")
    assert (referral.region, referral.elsewhere) == (None, "东莞")
