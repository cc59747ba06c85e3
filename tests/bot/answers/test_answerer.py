import asyncio
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answers.answerer import Answerer, ConcurrentAnswerer
from bot.answers.model import Answer, AnswerStatus
from knowledge.embedder import Embedder
from knowledge.generation import Generations
from knowledge.live import LiveGeneration
from tests.bot.answers.house import DOCUMENTS, MEALS, MOVING, NEW_SOURCE, OLD_SOURCE, STATIONS, build, opened
from tests.bot.answers.turns import ALONE, LEANING


def proved(answer: Answer, live: LiveGeneration) -> bool:
    """Tell whether every quote is the text of its document at its span, and there are three at most."""
    with live.use() as generation:
        documents = [generation.document(one.source, one.record) for one in answer.citations]
    return len(documents) <= 3 and all(
        document is not None and document.text[one.start : one.end] == one.quote != ""
        for document, one in zip(documents, answer.citations, strict=True)
    )


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


def first_sentence(answer: Answer) -> str:
    return answer.text.partition("。")[0]


@pytest.mark.parametrize(
    ("question", "figure", "source"),
    [
        (f"十堰{STATIONS}", "137座", "十堰市总工会.txt"),
        ("随州今年慰问了多少户困难职工？", "205户", "随州市总工会.txt"),
        (MOVING, "五天", NEW_SOURCE),
        (MEALS, "18元", "夜班餐补.md"),
        ("互助社的社员每月交多少互助金？", "十五元", "互助社.jsonl"),
    ],
)
def test_the_first_sentence_tells_the_figure_and_the_first_source_proves_it(
    small: tuple[Answerer, LiveGeneration], question: str, figure: str, source: str
) -> None:
    answerer, live = small
    answer = answerer.answer(question)
    assert answer.status is AnswerStatus.ANSWERED
    assert figure in first_sentence(answer)
    assert answer.citations[0].source.endswith(source)
    assert figure in answer.citations[0].quote
    assert proved(answer, live)


# --- places ---


@pytest.mark.parametrize(("region", "told", "kept"), [("十堰", "137", "64"), ("随州", "64", "137")])
@pytest.mark.parametrize("chosen", [True, False], ids=["chosen", "named"])
def test_no_other_regions_figures_are_told(house: Answerer, region: str, told: str, kept: str, chosen: bool) -> None:
    answer = house.answer(STATIONS, region=region) if chosen else house.answer(region + STATIONS)
    assert told in first_sentence(answer)
    assert kept not in answer.text
    assert all(region in citation.source for citation in answer.citations)


def test_what_only_another_region_tells_is_refused(house: Answerer) -> None:
    question = "送清凉送了多少份防暑降温物资？"
    assert house.answer(question, region="十堰").status is AnswerStatus.ANSWERED
    elsewhere = house.answer(question, region="随州")
    assert (elsewhere.status, elsewhere.citations) == (AnswerStatus.REFUSED, ())
    assert "8600" not in elsewhere.text
    assert "8600" not in house.answer(f"随州{question}").text


def test_what_is_no_matter_of_work_is_refused_though_its_words_are_in_the_documents(house: Answerer) -> None:
    assert house.answer("夜班餐补有多少").status is AnswerStatus.ANSWERED
    answer = house.answer("点餐补差价，白菜几多钱一斤")
    assert answer.status is AnswerStatus.REFUSED
    assert answer.confidence < 0.1


def test_a_city_outside_is_given_no_other_citys_figures(house: Answerer) -> None:
    answer = house.answer(f"武汉{STATIONS}")
    assert answer.status is AnswerStatus.REFUSED
    assert "12351" in answer.text


def test_what_holds_everywhere_is_told_in_every_region(house: Answerer) -> None:
    for region in ("十堰", "随州", "荆州城发"):
        assert "五天" in house.answer(MOVING, region=region).text


# --- time ---


def test_a_replaced_text_is_not_answered_from(house: Answerer) -> None:
    answer = house.answer(MOVING)
    assert "二天" not in answer.text
    assert OLD_SOURCE not in {found.passage.source for found in answer.passages}


@pytest.mark.parametrize(
    ("day", "days", "source"),
    [
        (date(2015, 3, 1), "二天", OLD_SOURCE),
        (date(2020, 6, 30), "二天", OLD_SOURCE),
        (date(2020, 7, 1), "五天", NEW_SOURCE),
    ],
)
def test_a_replaced_text_answers_for_the_days_when_it_held(house: Answerer, day: date, days: str, source: str) -> None:
    answer = house.answer(MOVING, as_of=day)
    assert days in first_sentence(answer)
    assert answer.citations[0].source == source


# --- earlier turns ---


def test_a_further_question_leans_on_the_one_before(house: Answerer) -> None:
    answer = house.answer("工资照发吗？", history=[MOVING])
    assert "照常支付工资" in first_sentence(answer)
    assert house.answer("怎么领？", history=[MEALS]).citations[0].source.endswith("夜班餐补.md")


def test_a_further_question_about_another_place_is_told_that_place_only(house: Answerer) -> None:
    answer = house.answer("那随州呢？", history=[f"十堰{STATIONS}"])
    assert "64座" in first_sentence(answer)
    assert "137" not in answer.text


def test_a_question_about_a_union_is_of_the_place_that_was_named_before(house: Answerer) -> None:
    question = "走访慰问了多少户困难职工？"
    assert "312户" in first_sentence(house.answer(question, history=[f"十堰{STATIONS}"]))
    assert "205户" in first_sentence(house.answer(question, history=[f"随州{STATIONS}"]))


def test_a_place_outside_that_was_named_before_is_given_no_other_places_figures(house: Answerer) -> None:
    question = "走访慰问了多少户困难职工？"
    before = [f"十堰{STATIONS}", f"武汉{STATIONS}"]
    assert house.answer(question, history=before).text == house.answer(question).text


def test_what_holds_everywhere_is_told_whatever_place_was_named_before(house: Answerer) -> None:
    assert house.answer(MOVING, history=[f"随州{STATIONS}"]).text == house.answer(MOVING).text


def test_a_new_topic_does_not_lean(house: Answerer) -> None:
    alone = house.answer(MOVING)
    after = house.answer(MOVING, history=[f"十堰{STATIONS}"])
    assert (after.text, after.citations) == (alone.text, alone.citations)


@pytest.mark.parametrize("said", ["谢谢！", "今天天气怎么样？", "你真聪明"])
def test_small_talk_is_not_met_with_the_answer_before(house: Answerer, said: str) -> None:
    assert house.answer(said, history=[MEALS]).status is AnswerStatus.REFUSED


def test_only_the_last_turns_are_leant_on(house: Answerer) -> None:
    answer = house.answer("怎么领？", history=[f"十堰{STATIONS}", MEALS, MEALS])
    assert "137" not in answer.text


def lead(answer: Answer) -> str:
    """Return the name of the document that comes first."""
    return Path(answer.citations[0].source).stem if answer.citations else ""


def test_further_questions_are_answered_in_their_matter(shipped: Answerer) -> None:
    answers = [(shipped.answer(further, history=[before]), right.split()) for before, further, right in LEANING]
    assert all(answer.status is AnswerStatus.ANSWERED for answer, _ in answers)
    assert sum(lead(answer) in right for answer, right in answers) >= 54


def test_another_matter_is_answered_as_if_nothing_had_been_asked_before(shipped: Answerer) -> None:
    answers = [(shipped.answer(question, history=[before]), shipped.answer(question)) for before, question in ALONE]
    assert sum(lead(after) == lead(alone) for after, alone in answers) >= 26


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("上班路上被车撞了算工伤吗", "月球上有几个环形山"),
        ("试用期最长多久", "中国有多少个省"),
        ("十堰工会驿站有几家", "苹果手机多少钱"),
        ("公积金不交怎么办", "小孩发烧多少度要去医院"),
    ],
)
def test_what_no_document_tells_is_refused_whatever_was_asked_before(
    shipped: Answerer, before: str, question: str
) -> None:
    assert shipped.answer(question, history=[before]).status is AnswerStatus.REFUSED


def test_a_few_words_that_point_back_lean_though_alone_they_sound_like_small_talk(shipped: Answerer) -> None:
    assert lead(shipped.answer("那流产呢", history=["产假有多少天"])) == "maternity-leave"


# --- proof ---


def tamper(home: Path, change: Callable[[str, str], str]) -> None:
    """Change the documents' texts, by source, behind the back of the passages."""
    current = Generations(home).current()
    assert current is not None
    with closing(sqlite3.connect(home / "index" / current / "texts.sqlite3")) as database, database:
        for row, source, data in database.execute("SELECT row, source, data FROM documents").fetchall():
            fields = json.loads(data)
            fields["text"] = change(source, fields["text"])
            database.execute("UPDATE documents SET data = ? WHERE row = ?", (json.dumps(fields).encode(), row))


def test_of_documents_that_changed_behind_the_index_nothing_is_told(tmp_path: Path, encoder: Embedder) -> None:
    build(tmp_path / "home", tmp_path, encoder)
    tamper(tmp_path / "home", lambda _, text: text.replace("五天", "九天").replace("照常支付", "不必支付"))
    with opened(tmp_path / "home", encoder) as (answerer, live):
        for question in (MOVING, "搬家假期间工资照发吗？"):
            answer = answerer.answer(question)
            assert not any("五天" in text or "支付" in text for text in (answer.text, *quotes(answer)))
            assert "九天" not in answer.text
            assert proved(answer, live)
        untouched = answerer.answer("互助社的社员每月交多少互助金？")
        assert "十五元" in first_sentence(untouched)


def test_where_every_text_moved_there_is_no_citation_and_no_answer(tmp_path: Path, encoder: Embedder) -> None:
    build(tmp_path / "home", tmp_path, encoder)
    tamper(tmp_path / "home", lambda _, text: f"※{text}")
    with opened(tmp_path / "home", encoder) as (answerer, _):
        for question in (f"十堰{STATIONS}", MOVING, MEALS, "互助社的社员每月交多少互助金？"):
            answer = answerer.answer(question)
            assert (answer.status, answer.citations) == (AnswerStatus.REFUSED, ())
            assert "12351" in answer.text


def test_a_document_that_is_gone_is_not_cited(tmp_path: Path, encoder: Embedder) -> None:
    build(tmp_path / "home", tmp_path, encoder)
    current = Generations(tmp_path / "home").current()
    assert current is not None
    with closing(sqlite3.connect(tmp_path / "home" / "index" / current / "texts.sqlite3")) as database, database:
        database.execute("DELETE FROM documents WHERE source = ?", (NEW_SOURCE,))
    with opened(tmp_path / "home", encoder) as (answerer, _):
        answer = answerer.answer(MOVING)
    assert NEW_SOURCE not in {citation.source for citation in answer.citations}
    assert "五天" not in answer.text


WORDS = [
    "驿站",
    "搬家假",
    "夜班餐补",
    "十堰",
    "随州",
    "武汉",
    "互助社",
    "多少",
    "怎么领",
    "那",
    "呢",
    "？",
    "。",
    "\n",
    "《",
    "12351",
]
ANY_TEXT = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=8).map("".join))


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ANY_TEXT, st.lists(ANY_TEXT, max_size=3), st.sampled_from([None, "十堰", "随州"]))
def test_any_text_is_answered_with_proof_or_refused(
    small: tuple[Answerer, LiveGeneration], question: str, history: list[str], region: str | None
) -> None:
    answerer, live = small
    answer = answerer.answer(question, region=region, history=history)
    assert 0 <= answer.confidence <= 1
    assert answer.text.strip()
    assert proved(answer, live)
    assert bool(answer.citations) == (answer.status is AnswerStatus.ANSWERED)


# --- what goes with an answer ---


def test_as_many_passages_are_listed_as_asked_for_best_first(house: Answerer) -> None:
    assert len(house.answer(MOVING, limit=2).passages) == 2
    scores = [found.score for found in house.answer(MOVING, limit=50).passages]
    assert scores == sorted(scores, reverse=True)
    assert len(scores) > 2


def test_a_refusal_lists_what_was_found_too(house: Answerer) -> None:
    assert house.answer("今天天气怎么样？").passages


def test_a_new_index_answers_the_next_question(tmp_path: Path, encoder: Embedder) -> None:
    build(tmp_path / "home", tmp_path, encoder)
    with opened(tmp_path / "home", encoder) as (answerer, live):
        assert "18元" in answerer.answer(MEALS).text
        name = "library/guides/夜班餐补.md"
        build(tmp_path / "home", tmp_path, encoder, {name: DOCUMENTS[name].replace("18元", "25元")})
        live.refresh()
        assert "25元" in first_sentence(answerer.answer(MEALS))


async def test_questions_that_come_at_once_are_all_answered(house: Answerer) -> None:
    answerer = ConcurrentAnswerer(house, width=2)
    regions = ["十堰", "随州"] * 5
    answers = await asyncio.gather(*(answerer.answer(STATIONS, region=region, history=()) for region in regions))
    assert ["137座" in first_sentence(answer) for answer in answers] == [region == "十堰" for region in regions]
    assert ["64座" in first_sentence(answer) for answer in answers] == [region == "随州" for region in regions]
