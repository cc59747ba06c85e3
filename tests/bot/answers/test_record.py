import json
from datetime import date

from bot.answers.answerer import Answerer
from bot.answers.model import Answer, AnswerStatus
from bot.answers.record import answer_record
from knowledge.model import Citation, DocumentKind, Passage, ScoredPassage, Statute

QUOTE = "每个夜班发餐补18元。"
CITATION = Citation(
    "documents/rights/night-meals.md",
    "夜班餐补怎么领",
    QUOTE,
    40,
    40 + len(QUOTE),
    ("先说结论",),
    statutes=(Statute("餐补办法", "第二条"), Statute("餐补办法")),
    issued=date(2026, 11, 1),
)
PASSAGE = Passage("records/a.jsonl", "互助社章程", "每月交十五元。", 0, 7, DocumentKind.STATUTE, record=4711)
ANSWER = Answer(
    AnswerStatus.ANSWERED, "每个夜班十八元。", 0.87654321, (CITATION,), (ScoredPassage(PASSAGE, 0.123456),), 3.14159
)


def test_an_answer_reads_as_the_question_sets_expect() -> None:
    assert answer_record(ANSWER, "q1") == {
        "id": "q1",
        "status": "answered",
        "confidence": 0.8765,
        "answer": "每个夜班十八元。",
        "citations": [
            {
                "source": "documents/rights/night-meals.md",
                "title": "夜班餐补怎么领",
                "law": None,
                "article": None,
                "quote": QUOTE,
                "span": [40, 40 + len(QUOTE)],
                "path": ["先说结论"],
                "date": "2026-11-01",
                "statutes": [{"law": "餐补办法", "article": "第二条"}, {"law": "餐补办法", "article": None}],
            }
        ],
        "passages": [
            {
                "source": "records/a.jsonl",
                "title": "互助社章程",
                "law": None,
                "article": None,
                "record": 4711,
                "path": [],
                "text": "每月交十五元。",
                "score": 0.1235,
            }
        ],
        "elapsed_ms": 3.14,
    }


def test_a_question_asked_by_itself_has_no_id() -> None:
    assert "id" not in answer_record(ANSWER)


def test_a_refusal_is_a_record_too() -> None:
    record = answer_record(Answer(AnswerStatus.REFUSED, "没有查到。"), "q2")
    assert (record["status"], record["citations"], record["passages"]) == ("refused", [], [])


def test_every_real_answer_goes_into_json_and_back(house: Answerer) -> None:
    for question in ("十堰建成了多少座工会驿站？", "职工搬家能请几天假？", "互助社的社员每月交多少互助金？"):
        record = answer_record(house.answer(question), question)
        assert json.loads(json.dumps(record, ensure_ascii=False)) == record
        assert record["citations"]


def test_a_records_own_id_keeps_its_type(house: Answerer) -> None:
    passages = answer_record(house.answer("互助社的社员每月交多少互助金？"))["passages"]
    assert {4711, "b-2"} <= {passage["record"] for passage in passages}
