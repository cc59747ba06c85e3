import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.scope import BITS, LIMIT, Scope, features, load_weights
from knowledge.regions import load_regions

SCOPE = Scope(load_weights(), load_regions())


@pytest.mark.parametrize("question", ["老板不跟我签劳动合同怎么办", "上班路上被车撞了算工伤吗", "怎么加入工会"])
@pytest.mark.parametrize("chat", ["谢谢你", "你好呀", "今天天气怎么样", "红烧肉怎么做才好吃"])
def test_work_is_nearer_to_the_topic_than_small_talk(question: str, chat: str) -> None:
    assert SCOPE.topic(question) > 0 > SCOPE.topic(chat)


def test_where_somebody_lives_tells_nothing() -> None:
    assert SCOPE.topic("十堰的驿站在哪里") == SCOPE.topic("随州的驿站在哪里") == SCOPE.topic("上海的驿站在哪里")


@given(st.text(max_size=80))
def test_any_text_has_log_odds_within_the_limits(text: str) -> None:
    assert -LIMIT <= SCOPE.topic(text) <= LIMIT
    assert -LIMIT <= SCOPE.detail(text) <= LIMIT
    assert -LIMIT <= SCOPE.local(text) <= LIMIT


@given(st.text(max_size=80))
def test_the_columns_of_any_text_have_weights(text: str) -> None:
    columns = features(text, load_regions())
    assert len(np.unique(columns)) == len(columns)
    assert all(0 <= column < 2**BITS for column in columns)


def test_what_each_province_sets_is_told_from_what_the_law_says() -> None:
    assert SCOPE.local("工伤认定要在多少天内申请") > SCOPE.local("高温津贴一个月发多少钱")


def test_the_shipped_weights_are_three_rows_with_a_bias_each() -> None:
    assert load_weights().shape == (3, 2**BITS + 1)
    assert np.isfinite(load_weights()).all()
