from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from bot.answers.answerer import Answerer, ConcurrentAnswerer
from bot.answers.local import Confirmed, LocalAnswerer
from bot.answers.model import Answer, AnswerStatus
from knowledge.organizations import Body, Contact, OwnEntries, load_organizations, own_file, regions_with, write_own
from knowledge.parameters import LocalValue, follow_parameters, write_values
from knowledge.stations import Station, follow_stations, stations_file, write_stations

DAY = date(2026, 11, 1)
SOURCE = "某文〔2026〕1号"
WHERE = "工会驿站在哪里"


def value(region: str | None, amount: int) -> LocalValue:
    return LocalValue(region, Decimal(amount), date(2026, 1, 1), None, SOURCE, date(2026, 2, 1))


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home in which some amounts and stations are confirmed."""
    wages = (value("荆州市", 2010), value("十堰", 1950))
    write_values(tmp_path, {"minimum-wage-month": wages, "maternity-leave-extra-days": (value(None, 60),)})
    stations = [Station(f"五堰驿站{n}", "工会驿站", "十堰", "登记表", f"五堰街 {n} 号") for n in range(7)]
    write_stations(stations_file(tmp_path), [*stations, Station("沙市驿站", "工会驿站", "荆州市", "登记表", "北京路")])
    return tmp_path


@pytest.fixture
def local(home: Path, shipped: Answerer) -> LocalAnswerer:
    follow, unions = (follow_parameters(home), follow_stations(home)), load_organizations(home=home)
    return LocalAnswerer(ConcurrentAnswerer(shipped), Confirmed(*follow, regions_with(unions), lambda: DAY, unions))


async def ask(local: LocalAnswerer, question: str, region: str | None = None, history: Sequence[str] = ()) -> Answer:
    return await local.answer(question, region=region, history=history)


@pytest.mark.parametrize(
    ("question", "region", "history", "amount"),
    [
        ("最低工资是多少", "荆州市", (), "2010 元"),
        ("最低工资是多少", "荆州城发", (), "2010 元"),
        ("十堰最低工资是多少", None, (), "1950 元"),
        ("十堰最低工资是多少", "荆州市", (), "1950 元"),
        ("那十堰呢", None, ("荆州最低工资是多少",), "1950 元"),
    ],
)
async def test_a_confirmed_amount_is_told_for_the_place_asked_about(
    local: LocalAnswerer, question: str, region: str | None, history: tuple[str, ...], amount: str
) -> None:
    answer = await ask(local, question, region, history)
    assert answer.status is AnswerStatus.ANSWERED
    assert amount in answer.text
    assert SOURCE in answer.text


@pytest.mark.parametrize(
    ("question", "region"),
    [
        ("最低工资是多少", "随州"),  # nobody has confirmed it there
        ("最低工资是多少", None),
        ("武汉最低工资是多少", "荆州市"),
        ("高温津贴一天多少钱", "荆州市"),
    ],
)
async def test_what_nobody_confirmed_is_met_as_without_the_directory(
    local: LocalAnswerer, shipped: Answerer, question: str, region: str | None
) -> None:
    answer = await ask(local, question, region)
    assert (answer.status, answer.text) == ((plain := shipped.answer(question, region=region)).status, plain.text)
    assert SOURCE not in answer.text


async def test_an_amount_beside_a_matter_follows_what_the_law_says(local: LocalAnswerer) -> None:
    answer = await ask(local, "产假有多少天", "十堰")
    assert answer.citations
    assert "98" in answer.text.split(SOURCE)[0]
    assert "60 天" in answer.text


async def test_places_of_the_region_are_listed_and_read_on(local: LocalAnswerer) -> None:
    first = await ask(local, WHERE, "十堰")
    assert first.status is AnswerStatus.ANSWERED
    assert first.text.count("地址：") == 5
    second = await ask(local, "更多", "十堰", [WHERE])
    assert second.text.count("地址：") == 2
    assert "沙市" not in first.text + second.text
    assert "就这些了" in (await ask(local, "还有吗", "十堰", [WHERE, "更多"])).text


async def test_another_place_is_asked_for_by_its_name_alone(local: LocalAnswerer) -> None:
    answer = await ask(local, "那荆州呢", None, [f"十堰{WHERE}"])
    assert "北京路" in answer.text
    assert "五堰" not in answer.text


@pytest.mark.parametrize("region", [None, "随州"])
async def test_where_no_place_is_known_the_index_answers(
    local: LocalAnswerer, shipped: Answerer, region: str | None
) -> None:
    assert (await ask(local, WHERE, region)).text == shipped.answer(WHERE, region=region).text


async def test_what_is_confirmed_meanwhile_is_told_at_once(local: LocalAnswerer, home: Path) -> None:
    write_values(home, {"minimum-wage-month": (value("随州", 1900),)})
    assert "1900 元" in (await ask(local, "最低工资是多少", "随州")).text
    assert SOURCE not in (await ask(local, "最低工资是多少", "荆州市")).text


def reach(home: Path, telephone: str) -> None:
    contact = Contact(telephone, "某路1号", "工作日 9:00-17:00", SOURCE, DAY)
    court = {"十堰市总工会": Contact("0719-8000009", source=SOURCE, confirmed=DAY)}
    write_own(own_file(home), OwnEntries(contacts={"沙市区总工会": contact}, offices={"court": court}))


@pytest.mark.parametrize(
    ("question", "region", "told"),
    [
        ("沙市区总工会电话是多少", None, "沙市区总工会：电话 0716-8000001"),
        ("沙市的工会在哪里", None, "地址 某路1号"),
        ("沙市工会几点上班", "十堰", "工作日 9:00-17:00"),
        ("郧西法院的电话", None, "电话 0719-8000009"),
        ("法院在哪", "十堰", "电话 0719-8000009"),
    ],
)
async def test_how_an_office_is_reached_is_told_as_the_desk_has_it(
    local: LocalAnswerer, home: Path, question: str, region: str | None, told: str
) -> None:
    reach(home, "0716-8000001")
    answer = await ask(local, question, region)
    assert told in answer.text
    assert SOURCE in answer.text


async def test_a_body_that_a_home_added_is_told_by_its_whole_name_and_not_once_it_is_retired(
    local: LocalAnswerer, home: Path
) -> None:
    body = Body("own-abc", "高新区劳动监察大队", "高新区的欠薪投诉")
    offices = {
        id: {"十堰市总工会": Contact(telephone, source=SOURCE, confirmed=DAY)}
        for id, telephone in ((body.id, "0719-8000010"), ("inspection", "0719-8000011"))
    }
    write_own(own_file(home), OwnEntries(bodies=(body,), offices=offices))
    question = "高新区劳动监察大队的电话"
    assert "0719-8000010" in (await ask(local, question, "十堰")).text
    assert "0719-8000011" in (await ask(local, "劳动监察大队的电话", "十堰")).text
    write_own(own_file(home), OwnEntries(bodies=(replace(body, retired=DAY),), offices=offices))
    assert "0719-8000011" in (await ask(local, question, "十堰")).text


async def test_a_changed_telephone_is_told_from_the_next_question_on(local: LocalAnswerer, home: Path) -> None:
    for telephone in ("0716-8000001", "0716-80000022"):
        reach(home, telephone)
        assert f"电话 {telephone}，" in (await ask(local, "沙市工会电话")).text


@pytest.mark.parametrize(
    ("question", "region"),
    [
        ("松滋工会的电话", None),  # nobody has told, and the city neither
        ("法院在哪", "随州"),
        ("法院在哪", None),
        ("工会驿站在哪里", "随州"),
        ("仲裁要交多少钱", "十堰"),
        ("沙市的老板不给工资，打电话也不接，我该去法院还是去仲裁，要带什么东西，多久能拿到钱，会不会很贵", None),
    ],
)
async def test_where_nobody_told_how_an_office_is_reached_the_index_answers(
    local: LocalAnswerer, home: Path, shipped: Answerer, question: str, region: str | None
) -> None:
    reach(home, "0716-8000001")
    answer = await ask(local, question, region)
    assert answer.text == shipped.answer(question, region=region).text
