from bot.answers.compose import choose, compose
from bot.answers.guide import SECTION, beside
from knowledge.model import DocumentKind, ScoredPassage
from tests.bot.answers.passages import found, ranked


def guide(text: str, score: float = 1.0) -> ScoredPassage:
    return found(
        text, score, kind=DocumentKind.GUIDE, source=f"documents/{text[:4]}.md", title="搬家", path=("怎么办",)
    )


def answer(question: str, *passages: ScoredPassage) -> str:
    return compose(choose(ranked(question, *passages), passages), passages)


def further(question: str, text: str) -> str:
    """Return what a section adds when it is not the one that leads."""
    passage = guide(text)
    return beside(ranked(question, passage)[0], passage.passage)


LEAVE = guide("搬家可以请假。\n\n- 先跟班组长说一声。\n- 再写请假条，写明搬家那天。\n- 不批，就找单位工会。")
STEPS = "要搬家假，一步一步来。\n\n1. 先看规章怎么写。\n2. 写请假条。\n3. 不批，就找单位工会。"


def test_the_item_that_answers_comes_right_behind_what_leads_in_to_it() -> None:
    assert answer("请假不批找谁", LEAVE).splitlines() == [
        "搬家可以请假。",
        "· 不批，就找单位工会。",
        "· 先跟班组长说一声。",
        "· 再写请假条，写明搬家那天。",
    ]


def test_what_leads_in_to_an_item_is_the_line_above_its_own_list() -> None:
    two = guide(
        "搬家可以请假。\n\n- 先跟班组长说。\n\n远的地方另有路程假。\n\n- 坐火车的，加两天。\n- 坐轮船的，加四天。"
    )
    assert answer("坐轮船加几天", two).startswith("远的地方另有路程假。\n· 坐轮船的，加四天。")


def test_a_step_stays_among_its_steps() -> None:
    assert answer("请假不批找谁", guide(STEPS)) == STEPS.replace("\n\n", "\n")


def test_of_a_long_section_the_beginning_and_the_step_that_answers_are_told() -> None:
    steps = [f"{number}. 搬家请假的第{number}步，带好材料去办，办好了记得留一份。" for number in range(1, 40)]
    text = answer("不批找谁", guide("\n".join([*steps, "40. 不批，就找单位工会。"])))
    assert text.startswith(steps[0])
    assert text.endswith("\n40. 不批，就找单位工会。")
    assert len(text) <= SECTION + 100


def test_a_line_of_prose_that_answers_leads() -> None:
    prose = guide("搬家可以请假。\n先跟班组长说一声。\n路远的另有路程假，坐轮船的四天。")
    assert answer("坐轮船有几天路程假", prose).startswith("路远的另有路程假，坐轮船的四天。")


def test_what_stands_behind_a_list_comes_behind_what_leads_in_to_it() -> None:
    behind = guide("路程假看怎么走。\n\n- 坐火车的，加两天。\n- 坐轮船的，加四天。\n\n自己走路去的，一般不加。")
    assert answer("走路去的加吗", behind).startswith("路程假看怎么走。\n自己走路去的，一般不加。")


def test_an_item_of_a_further_section_brings_what_leads_in_to_it() -> None:
    assert further("坐轮船加几天", "路程假看怎么走。远的多给。\n\n- 坐火车的，加两天。\n- 坐轮船的，加四天。") == (
        "远的多给。\n· 坐轮船的，加四天。"
    )
    assert further("不批找谁", STEPS) == "要搬家假，一步一步来。\n· 不批，就找单位工会。"


def test_a_quoted_excuse_is_never_told_without_its_answer() -> None:
    text = further("老板说搬家不算事不给假", "这几句话都不算数。\n\n- “搬家不算事，不给假。”规章里写了就要给。")
    assert text == "这几句话都不算数。\n· “搬家不算事，不给假。”规章里写了就要给。"


def test_a_sentence_that_leans_on_the_one_before_brings_it() -> None:
    text = "搬家假有五天。这五天工资照发。调休另算。"
    assert further("这五天工资发吗", text) == "搬家假有五天。这五天工资照发。"
    assert further("调休怎么算", text) == "调休另算。"
    assert further("搬家假几天", text) == "搬家假有五天。"


def test_of_a_sentence_without_end_only_the_part_that_answers_is_told() -> None:
    clauses = "，".join(f"第{number}车间的人搬家给{number}天" for number in range(1, 40))
    text = further("第9车间的人搬家给几天", f"各车间不同。\n\n- {clauses}。")
    assert text.startswith("各车间不同。\n· ")
    assert "第9车间" in text
    assert len(text) < 120
