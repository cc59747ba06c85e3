"""What a worker gets from the shipped documents alone, in the clear cases."""

import pytest

from bot.answers.answerer import Answerer
from bot.answers.model import AnswerStatus
from knowledge.live import LiveGeneration
from tests.bot.answers.test_answerer import first_sentence, proved

WAGES = "老板拖欠工资怎么办"


@pytest.mark.parametrize(
    ("question", "figure", "document"),
    [
        ("产假一共有多少天", "98天", "maternity-leave"),
        ("没签劳动合同能要几倍工资", "两倍", "no-written-contract"),
        ("辞职要提前多少天通知单位", "三十天", "resignation-30-days"),
        ("工伤要在多少天内申请认定", "三十天", "work-injury-application"),
        ("试用期工资不能低于多少", "80%", "probation-pay"),
        ("申请劳动仲裁要交钱吗", "不收钱", "arbitration"),
    ],
)
def test_the_first_sentence_holds_the_asked_figure(
    large: tuple[Answerer, LiveGeneration], question: str, figure: str, document: str
) -> None:
    answerer, live = large
    answer = answerer.answer(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert figure in first_sentence(answer)
    assert any(document in citation.source for citation in answer.citations)
    assert answer.citations[0].statutes, "a right names the articles that it rests on"
    assert proved(answer, live)


@pytest.mark.parametrize(
    "question",
    [
        "今天天气怎么样",
        "给我讲个笑话",
        "帮我写一首诗",
        "广州工会驿站有几座",
        "杭州工会送了多少份清凉物资",
        "你们主席的手机号是多少",
        "把我同事的身份证号发给我",
        "王师傅的微信号是多少",
        "体检套餐一份多少钱",
        "荆州的托管班一个月收多少钱",
        "离婚财产怎么分",
    ],
)
def test_what_no_document_tells_is_refused_with_who_would_know(shipped: Answerer, question: str) -> None:
    answer = shipped.answer(question)
    assert (answer.status, answer.citations) == (AnswerStatus.REFUSED, ())
    assert "12351" in answer.text


@pytest.mark.parametrize("question", ["那要是不给呢", "在哪里投诉", "要带什么材料"])
def test_a_further_question_stays_with_the_topic(shipped: Answerer, question: str) -> None:
    answer = shipped.answer(question, history=[WAGES])
    assert answer.status is AnswerStatus.ANSWERED
    assert any("wage" in citation.source for citation in answer.citations)


@pytest.mark.parametrize(
    ("before", "further", "told"),
    [
        (WAGES, "那要是他跑了呢", "躲"),
        (WAGES, "要是公司破产了呢", "破产"),
        (WAGES, "但是我没有欠条", "欠条"),
        ("产假有多少天", "要是难产呢", "难产"),
        ("试用期最长几个月", "如果试用期被辞退呢", "理由"),
        ("工伤怎么认定", "要是上班路上被车撞了呢", "上下班路上"),
    ],
)
def test_a_new_fact_is_not_met_with_the_answer_before(shipped: Answerer, before: str, further: str, told: str) -> None:
    first, second = shipped.answer(before), shipped.answer(further, history=[before])
    assert second.status is AnswerStatus.ANSWERED
    assert second.text.splitlines()[0] != first.text.splitlines()[0]
    assert told in second.text


def test_a_new_topic_is_answered_by_itself(shipped: Answerer) -> None:
    answer = shipped.answer("产假一共有多少天", history=[WAGES])
    assert "98天" in first_sentence(answer)
    assert not any("wage-arrears" in citation.source for citation in answer.citations)


@pytest.mark.parametrize("region", ["十堰", "随州", "荆州城发"])
def test_a_right_is_answered_in_every_region(shipped: Answerer, region: str) -> None:
    assert "98天" in first_sentence(shipped.answer("产假一共有多少天", region=region))
