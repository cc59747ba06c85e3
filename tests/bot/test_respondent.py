from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest

from bot.answers.model import Answer, AnswerStatus
from bot.app.site import LiveDocuments
from bot.respondent import Respondent, open_generation, open_respondent
from bot.settings import Settings
from knowledge.embedder import Embedder
from knowledge.errors import NiangjiaError
from knowledge.parameters import LocalValue, write_values
from knowledge.regions import load_regions
from tests.bot.answers.house import DOCUMENTS, MEALS, MOVING, NEW_SOURCE, STATIONS, opened
from tests.models import cross_encoder


@pytest.fixture(scope="module")
def settings(house_home: Path) -> Settings:
    return Settings(_env_file=None, niangjia_home=house_home)


@pytest.fixture(scope="module")
def respondent(settings: Settings) -> Iterator[Respondent]:
    with open_respondent(settings) as opened:
        yield opened


def ask(respondent: Respondent, question: str, *history: str) -> Answer:
    return respondent.answer(question, region=None, history=history, as_of=None, limit=20)


@pytest.mark.parametrize(
    ("said", "number"),
    [
        ("我不想活了", "12356"),
        ("工友刚刚触电了，没有呼吸", "120"),
        ("车间着火了，里面还有人", "119"),
        ("工头正在打我", "110"),
        ("他们把我锁在宿舍里", "110"),
    ],
)
def test_danger_is_met_with_the_numbers_and_without_a_search(respondent: Respondent, said: str, number: str) -> None:
    answer = ask(respondent, said, MEALS)
    assert (answer.status, answer.passages, answer.citations) == (AnswerStatus.CRISIS, (), ())
    assert number in answer.text


def test_who_asks_for_a_person_is_told_whom_to_call(respondent: Respondent) -> None:
    answer = ask(respondent, "转人工")
    assert (answer.status, answer.passages) == (AnswerStatus.HANDOFF, ())
    assert "12351" in answer.text


def test_where_a_wrong_happened_is_not_searched_for_and_chooses_the_rules() -> None:
    asked: list[tuple[str, str | None]] = []

    def answer(question: str, *, region: str | None, **_: object) -> Answer:
        asked.append((question, region))
        return Answer(AnswerStatus.REFUSED, question)

    respondent = Respondent(answer, load_regions())
    ask(respondent, "老板欠了我们三个月工资，工地在沙市")
    ask(respondent, "沙市的驿站在哪里")
    assert asked == [("老板欠了我们三个月工资，工地在某地", "荆州市"), ("沙市的驿站在哪里", None)]


def test_what_is_no_danger_is_looked_up(respondent: Respondent) -> None:
    assert "五天" in ask(respondent, MOVING).text
    assert ask(respondent, MOVING).passages


def test_what_the_desk_has_confirmed_is_told_for_the_day_asked(house_home: Path, tmp_path: Path) -> None:
    copytree(house_home, tmp_path, dirs_exist_ok=True)
    wages = [
        LocalValue("十堰", Decimal(amount), date(year, 1, 1), until, "某文", date(2026, 2, 1))
        for amount, year, until in ((1800, 2024, date(2025, 12, 31)), (1950, 2026, None))
    ]
    write_values(tmp_path, {"minimum-wage-month": tuple(wages)})
    with open_respondent(Settings(_env_file=None, niangjia_home=tmp_path)) as opened:
        told = [
            opened.answer("最低工资是多少", region="十堰", history=(), as_of=day, limit=3).text
            for day in (date(2025, 6, 1), date(2026, 6, 1))
        ]
        assert ["1800 元" in told[0], "1950 元" in told[1]] == [True, True]
        assert "五天" in ask(opened, MOVING).text


def test_region_day_and_turns_reach_the_index(respondent: Respondent) -> None:
    answer = respondent.answer("那随州呢？", region="随州", history=[f"十堰{STATIONS}"], as_of=None, limit=3)
    assert "64座" in answer.text
    assert len(answer.passages) == 3


def test_a_reranker_puts_what_was_found_in_its_order_once_it_is_set(
    settings: Settings, respondent: Respondent, tmp_path: Path
) -> None:
    model = cross_encoder(tmp_path / "reranker", "".join(DOCUMENTS.values()))
    with_reranker = settings.model_copy(update={"reranker_model": str(model)})
    before = ask(respondent, MOVING).passages
    assert {one.scores.rerank for one in before} == {None}
    with open_respondent(with_reranker) as served, open_generation(with_reranker) as (_, evaluated):
        for reranking in (served, evaluated):
            after = ask(reranking, MOVING).passages
            assert [one.scores.rerank for one in after] == list(range(len(before)))
            assert [one.score for one in after] == [one.score for one in before]
            assert [one.passage.id for one in after] != [one.passage.id for one in before]
            assert {one.passage.id for one in after} == {one.passage.id for one in before}


def test_without_an_index_nobody_answers(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, niangjia_home=tmp_path)
    with pytest.raises(NiangjiaError, match="run `niangjia ingest` first"), open_respondent(settings):
        pytest.fail("there is nothing to open")


def test_another_encoder_than_the_indexs_is_met_with_what_to_do(house_home: Path, encoder: Embedder) -> None:
    class Other:
        name = "another model"
        dimension = encoder.dimension
        embed = encoder.embed
        embed_query = encoder.embed_query

    with pytest.raises(NiangjiaError, match="set EMBEDDING_MODEL back"), opened(house_home, Other()):
        pytest.fail("it was built with another model")


async def test_the_page_finds_documents_of_the_index_by_their_source(house_home: Path, encoder: Embedder) -> None:
    with opened(house_home, encoder) as (_, live):
        documents = LiveDocuments(live)
        document = documents.document(NEW_SOURCE)
        assert document is not None
        assert "五天搬家假" in document.text
        assert documents.document("../../etc/passwd") is None
        assert await documents.reachable()
