import pytest

from bot.dialogue.wrongs import wrong_in
from bot.triage.triager import load_triager
from knowledge.regions import load_regions


@pytest.mark.parametrize(
    ("told", "story", "region"),
    [
        ("老板欠了我们三个月工资，工地在沙市", "老板欠了我们三个月工资，工地在某地", "荆州市"),
        ("老板欠了我们三个月工资", "老板欠了我们三个月工资", None),
        ("十堰的老板只发我一千五，最低工资都不到", "十堰的老板只发我一千五，最低工资都不到", "十堰"),
        ("随州市总工会不帮我们讨欠薪，老板不给工资", "随州市总工会不帮我们讨欠薪，老板不给工资", "随州"),
    ],
)
def test_where_a_wrong_happened_is_left_out_unless_what_holds_there_is_asked(
    told: str, story: str, region: str | None
) -> None:
    wrong = wrong_in(told, load_triager().triage(told), None, load_regions())
    assert wrong is not None
    assert (wrong.story, wrong.region) == (story, region)


def test_the_union_that_was_chosen_goes_before_the_place_that_is_named() -> None:
    told = "老板欠了我们三个月工资，工地在沙市"
    wrong = wrong_in(told, load_triager().triage(told), "十堰", load_regions())
    assert wrong is not None
    assert wrong.region == "十堰"


@pytest.mark.parametrize("told", ["加班费怎么算", "沙市的驿站在哪里", "欠薪", "你好"])
def test_a_question_tells_of_no_wrong(told: str) -> None:
    assert wrong_in(told, load_triager().triage(told), None, load_regions()) is None
