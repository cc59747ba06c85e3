from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.answers.answerer import ConcurrentAnswerer
from bot.answers.pinned import PinBook, PinError, PinnedAnswerer, plain
from knowledge.embedder import Embedder
from knowledge.live import LiveGeneration
from knowledge.model import Citation
from knowledge.regions import load_regions
from tests.bot.answers.house import MEALS, NEW_SOURCE, opened

AT = datetime(2026, 11, 21, tzinfo=UTC)
MOVING = Citation(NEW_SOURCE, "", "第二条 职工因为搬家需要请假的，用人单位应当给予五天搬家假。", 0, 1, article="第二条")


@pytest.fixture
def book(tmp_path: Path) -> PinBook:
    return PinBook(tmp_path / "knowledge" / "pins.json")


@pytest.fixture
def house(house_home: Path, encoder: Embedder, book: PinBook) -> Iterator[tuple[PinnedAnswerer, LiveGeneration]]:
    with opened(house_home, encoder) as (answerer, live):
        yield PinnedAnswerer(ConcurrentAnswerer(answerer), book, live.use, load_regions()), live


async def told(house: tuple[PinnedAnswerer, LiveGeneration], question: str, region: str | None = None) -> str:
    return (await house[0].answer(question, region=region, history=())).text


async def test_exactly_this_question_is_answered_by_its_pin_with_a_proof_and_counted(
    house: tuple[PinnedAnswerer, LiveGeneration], book: PinBook
) -> None:
    book.add("餐补多少 钱？", MOVING, (), by="0a1b2c3d", at=AT)
    answer = await house[0].answer("餐补多少钱", region=None, history=("之前的话",))
    (citation,) = answer.citations
    assert (answer.text, answer.confidence) == (MOVING.quote, 1.0)
    with house[1].use() as generation:
        document = generation.document(NEW_SOURCE)
    assert document and document.text[citation.start : citation.end] == citation.quote
    assert await told(house, "餐补有多少钱") != MOVING.quote
    assert [pin.used for pin in book.all()] == [1]
    assert [pin.used for pin in PinBook(book._file).all()] == [1]


@pytest.mark.parametrize(
    ("quote", "regions", "asked_in"),
    [("words that nobody wrote", (), None), (MOVING.quote, ("荆州市",), "十堰")],
)
async def test_a_pin_whose_words_are_gone_or_hold_elsewhere_answers_nothing(
    house: tuple[PinnedAnswerer, LiveGeneration],
    book: PinBook,
    quote: str,
    regions: tuple[str, ...],
    asked_in: str | None,
) -> None:
    book.add(MEALS, replace(MOVING, quote=quote), regions, by="0a1b2c3d", at=AT)
    assert "18元" in await told(house, MEALS, asked_in)
    assert [pin.used for pin in book.all()] == [0]


async def test_a_pin_ends_with_its_document(house: tuple[PinnedAnswerer, LiveGeneration], book: PinBook) -> None:
    pin = book.add(MEALS, MOVING, (), by="0a1b2c3d", at=AT)
    with house[1].use() as generation:
        document = generation.document(NEW_SOURCE)
    assert document is not None
    expired = replace(document, validity=replace(document.validity, expires=date(2026, 1, 1)))
    assert pin.citation(document, None, load_regions(), date(2026, 11, 21))
    assert pin.citation(expired, None, load_regions(), date(2026, 11, 21)) is None
    assert pin.citation(None, None, load_regions(), date(2026, 11, 21)) is None


@pytest.mark.parametrize("wrong", ["of another shape", "no file"])
async def test_a_broken_file_is_told_to_staff_and_keeps_no_worker_from_an_answer(
    house: tuple[PinnedAnswerer, LiveGeneration], book: PinBook, tmp_path: Path, wrong: str
) -> None:
    pins = tmp_path / "knowledge" / "pins.json"
    if wrong == "no file":
        pins.mkdir(parents=True)
    else:
        pins.parent.mkdir()
        pins.write_text('[{"id": 1}]')
    with pytest.raises(PinError, match="mend it"):
        book.all()
    assert "18元" in await told(house, MEALS)


def test_a_second_pin_takes_the_place_of_the_first_and_one_can_be_removed(book: PinBook) -> None:
    book.add("甲？", MOVING, (), by="a", at=AT)
    second = book.add("甲", MOVING, (), by="b", at=AT)
    assert [pin.by for pin in book.all()] == ["b"]
    assert not book.remove("00000000")
    assert book.remove(second.id)
    assert book.all() == []


def test_signs_and_spaces_make_no_other_question() -> None:
    assert plain("年假 有几天？") == plain("年假，有几天") != plain("年假有十天")
