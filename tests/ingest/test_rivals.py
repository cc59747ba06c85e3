from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ingest.pairs import Example, PairSampler, Rivals, examples_of
from ingest.pieces import learn_tokenizer
from ingest.rivals import rivals_of
from knowledge.model import DocumentKind, Passage, Statute

QUESTION = "老板拖欠工资怎么办"
OTHER = "年休假有几天"

ANSWER = "用人单位拖欠工资的，由劳动行政部门责令支付，逾期不付的加付赔偿金"
CLAUSES = [
    "拖欠工资的，乡镇人民政府应当及时到场处理",
    "工资清单保存三年以上，老板不得销毁",
    "建设项目开工之前存入工资保证金",
    "老板是本条例所称经营者，另行登记",
    "工资总额由统计部门公布，每年一次",
    "实行工资集体协商，双方派出代表",
    "拖欠税款的，税务机关追缴并收取滞纳金",
    "拖欠货款，对方可以要求违约金",
]


def passage(text: str, **details: Any) -> Passage:
    details = {"source": "acts.md", "title": "法", "kind": DocumentKind.STATUTE} | details
    return Passage(text=text, start=0, end=len(text), **details)


OTHERS = [passage(text, law=f"第{number}号条例", article="第一条") for number, text in enumerate(CLAUSES)]
RIGHT = passage(ANSWER, law="工资法", article="第三条", questions=(QUESTION,))
TOO = passage("工资被拖欠，老板跑了，可以打电话投诉", law="监察条例", article="第九条", questions=(QUESTION,))
EARLIER = passage("单位拖欠工资，怎么办由主管部门决定", law="工资法", article="第三条", source="earlier.md")
COPY = passage(f"第五十条  {ANSWER}。", law="支付办法", article="第五十条")
GUIDE = passage(
    "拖欠工资怎么办？找老板要，再去仲裁",
    title="欠薪",
    source="guide.md",
    kind=DocumentKind.GUIDE,
    statutes=(Statute("工资法", "第三条"),),
)
LEAVE = passage("春节放假三日，国庆放假三日", law="休假条例", article="第二条", questions=(OTHER,))


def examples(passages: list[Passage]) -> list[Example]:
    words = [passage.text for passage in passages] + [QUESTION, OTHER]
    return examples_of(passages, learn_tokenizer(words, 400))


def texts(found: list[Example], rivals: Rivals, question: str = QUESTION) -> set[str]:
    return {found[place].passage.text for place in rivals[question]}


@pytest.fixture
def found() -> list[Example]:
    return examples([*OTHERS, RIGHT, TOO, EARLIER, COPY, GUIDE, LEAVE])


def test_rivals_share_words_with_the_question(found: list[Example]) -> None:
    rivals = texts(found, rivals_of(found))
    assert rivals
    assert rivals < set(CLAUSES)


def test_what_answers_is_no_rival_nor_what_says_or_cites_the_same(found: list[Example]) -> None:
    answers = {one.text for one in (RIGHT, TOO, EARLIER, COPY, GUIDE)}
    assert answers.isdisjoint(texts(found, rivals_of(found)))


@pytest.mark.parametrize(
    ("one", "alone"),
    [
        (TOO, replace(TOO, questions=())),
        (EARLIER, replace(EARLIER, article="第四条")),
        (COPY, replace(COPY, text="拖欠工资，怎么办老板说了不算")),
        (GUIDE, replace(GUIDE, statutes=())),
    ],
    ids=["has the question", "an earlier version", "a copy", "rests on the article"],
)
def test_each_reason_to_leave_one_out_is_needed(one: Passage, alone: Passage) -> None:
    best = [passage(f"老板拖欠工资怎么办，第{number}号", law=f"{number}", article="第一条") for number in "一二三四五"]
    kept, gone = (examples([*best, RIGHT, other]) for other in (alone, one))
    assert {*texts(kept, rivals_of(kept))} == {alone.text}
    assert not texts(gone, rivals_of(gone))


def test_the_best_that_words_find_are_left_out_for_they_may_answer_too() -> None:
    found = examples([*OTHERS[:5], RIGHT])
    assert not texts(found, rivals_of(found))


def test_rivals_come_with_their_question_and_never_while_they_answer_another(found: list[Example]) -> None:
    asked = sum(len(example.asked) for example in found)
    rival = rivals_of(found)[QUESTION][:1]
    batch = PairSampler(found, asked, 1.0, 1, {QUESTION: rival}, 1).batch()
    assert [tokens.tolist() for tokens in batch.rivals] == [found[rival[0]].whole.tolist()]
    leave = np.array([place for place, example in enumerate(found) if example.passage is LEAVE])
    batch = PairSampler(found, asked, 1.0, 1, {QUESTION: leave}, 1).batch()
    assert found[leave[0]].whole.tolist() in [answer.tolist() for _, answer in batch.pairs]
    assert not batch.rivals


def test_each_question_brings_as_many_rivals_as_are_wanted(found: list[Example]) -> None:
    rivals = {OTHER: rivals_of(found)[QUESTION]}
    asked = sum(len(example.asked) for example in found)
    assert len(PairSampler(found, asked, 1.0, 1, rivals, 2).batch().rivals) == 2
    assert not PairSampler(found, asked, 1.0, 1, rivals, 0).batch().rivals
