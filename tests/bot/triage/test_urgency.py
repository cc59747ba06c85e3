import pytest

from bot.triage.model import MANY, Intent
from bot.triage.urgency import owed_months, pressing
from knowledge.vocabulary import Category


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("三个月没发工资", "三个月"),
        ("拖了我们半年", "半年"),
        ("欠薪5个月", "5个月"),
        ("十个月一分没给", "十个月"),
        ("去年的工钱还没给", "去年"),
        ("两个月没发工资", ""),
        ("工资3月份没发", ""),
        ("三个月试用期怎么算", ""),
    ],
)
def test_wages_owed_for_long_are_seen(text: str, words: str) -> None:
    assert owed_months(text) == words


def test_five_who_share_a_grievance_make_it_urgent() -> None:
    assert "6 个人" in pressing("没交社保", Intent.GRIEVANCE, Category.SOCIAL_INSURANCE, 6, set())
    assert pressing("没交社保", Intent.GRIEVANCE, Category.SOCIAL_INSURANCE, 4, set()) == ""
    assert pressing("没交社保", Intent.GRIEVANCE, Category.SOCIAL_INSURANCE, MANY, set()) == ""


@pytest.mark.parametrize(
    ("category", "cues"),
    [
        (Category.WAGE_ARREARS, {"flight"}),
        (Category.WAGE_ARREARS, {"bread"}),
        (Category.SOCIAL_INSURANCE, {"in_hospital"}),
        (Category.SAFETY, {"hazard"}),
        (Category.WOMEN, {"harass"}),
        (Category.WOMEN, {"pregnant", "fired"}),
        (Category.LEGAL_AID, {"today"}),
        (Category.MEMBERSHIP, {"revenge"}),
    ],
)
def test_what_the_categories_name_as_urgent_hurries_unless_it_is_past(category: Category, cues: set[str]) -> None:
    assert pressing("…", Intent.GRIEVANCE, category, 1, cues)
    assert pressing("…", Intent.GRIEVANCE, category, 1, cues | {"past"}) == ""
    assert pressing("…", Intent.GRIEVANCE, Category.OTHER, 1, cues) == ""
    assert pressing("…", Intent.QUESTION, category, 1, cues) == ""


def test_a_dismissal_alone_hurries_only_with_what_makes_it_so() -> None:
    assert pressing("…", Intent.GRIEVANCE, Category.WOMEN, 1, {"fired"}) == ""


def test_what_is_merely_asked_hurries_nobody() -> None:
    assert pressing("欠薪三个月怎么办", Intent.QUESTION, Category.WAGE_ARREARS, 20, set()) == ""
