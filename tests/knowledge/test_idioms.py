import pytest

from knowledge.idioms import plain
from knowledge.lexicon import load_lexicon


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("累死了不想干了", "累不想干了"),
        ("天天加班累死人了", "天天加班累"),
        ("车间热死了没空调", "车间热死了没空调"),  # of a place it stays as it is written
        ("热死了，厂里没空调", "热，厂里没空调"),
        ("气死我了老板扣钱", "气老板扣钱"),
        ("工资低得要命", "工资低"),
        ("累得要死要活，加班费怎么算", "累，加班费怎么算"),
        ("老板死活不签合同", "老板不签合同"),
        ("一个月就拿死工资", "一个月就拿工资"),
        ("给公司卖命十年", "给公司干活十年"),
        ("一个月最多能加好多班", "一个月最多能加班好多"),
    ],
)
def test_a_figure_of_speech_is_read_as_what_it_means(said: str, meant: str) -> None:
    assert plain(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "我爸累死了，厂里不管",
        "累死了算工伤吗",
        "工友在岗位上猝死怎么赔",
        "加班累死在车间里家属能拿多少抚恤金",
        "死亡赔偿金怎么算",
        "工亡补助金多少",
        "发现要命的险情能停工吗",
        "平台不管骑手死活",
    ],
)
def test_a_death_is_read_as_it_is_written(said: str) -> None:
    assert plain(said) == said


def test_the_lexicon_hands_on_plain_words() -> None:
    assert load_lexicon().corrected("累死了不想干了") == "累不想干了"


@pytest.mark.parametrize(
    ("said", "meant"),
    [("工商怎么认定", "工伤怎么认定"), ("这个算工商吗", "这个算工伤吗"), ("举报工商局的人", "举报工商局的人")],
)
def test_an_injury_is_told_from_the_market_office(said: str, meant: str) -> None:
    assert load_lexicon().corrected(said) == meant
