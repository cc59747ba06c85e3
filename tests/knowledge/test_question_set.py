import json
from pathlib import Path
from typing import Any

import pytest

from knowledge.model import Citation, DocumentKind, Passage, Statute
from knowledge.question_set import VALIDATION, Gold, Question, QuestionSetError, Records, read_questions


def read(folder: Path, *rows: Any) -> list[Question]:
    file = folder / "set.jsonl"
    file.write_text("".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows), "utf8")
    return read_questions(file)


def gold(folder: Path, **row: Any) -> Gold:
    (question,) = read(folder, {"question": "几天", **row})
    assert question.gold is not None
    return question.gold


def passage(text: str = "年休假五天。", **fields: Any) -> Passage:
    named = {"source": "laws/a.md", "title": "条例", "kind": DocumentKind.STATUTE} | fields
    return Passage(text=text, start=0, end=len(text), **named)


ARTICLE = passage(law="职工带薪年休假条例", article="第三条")


def test_an_article_is_found_under_its_acts_short_or_full_name(tmp_path: Path) -> None:
    for law in ("职工带薪年休假条例", "《职工带薪年休假条例》", "中华人民共和国职工带薪年休假条例(2007-12-14)"):
        assert gold(tmp_path, gold=[{"law": law, "article": "第三条"}]).within(ARTICLE)
    assert not gold(tmp_path, gold=[{"law": "职工带薪年休假条例", "article": "第四条"}]).within(ARTICLE)
    assert not gold(tmp_path, gold=[{"law": "劳动法", "article": "第三条"}]).within(ARTICLE)


def test_any_of_the_alternatives_answers(tmp_path: Path) -> None:
    other, right = {"law": "劳动法", "article": "第一条"}, {"law": "职工带薪年休假条例", "article": "第三条"}
    assert gold(tmp_path, gold=[other], gold_alt=[right]).within(ARTICLE)
    assert gold(tmp_path, **other, also=[right]).within(ARTICLE)


def test_a_guide_answers_for_the_articles_it_rests_on_unless_it_names_too_many(tmp_path: Path) -> None:
    wanted = gold(tmp_path, law="劳动法", article="第一条")
    statutes = tuple(Statute("劳动法", f"第{number}条") for number in "一二三四五六七八")
    assert wanted.within(passage(statutes=statutes[:7]))
    assert not wanted.within(passage(statutes=statutes))


def test_a_section_is_found_by_the_documents_id_path_or_title(tmp_path: Path) -> None:
    shipped = passage(source="documents/rights/annual-leave.md", title="年休假", path=("年休假", "几天"))
    for name in ("rights/annual-leave", "年休假"):
        assert gold(tmp_path, document=name, section="几天").within(shipped)
        assert gold(tmp_path, document=name).within(shipped)
        assert not gold(tmp_path, document=name, section="怎么休").within(shipped)
    assert gold(tmp_path, document="guides/leave", section="几天").within(
        passage(source="guides/leave.docx", path=("几天",))
    )


def test_most_of_a_quote_in_one_run_is_a_find_whatever_the_white_space_and_width(tmp_path: Path) -> None:
    wanted = gold(tmp_path, gold_file="seeds/报告.txt", gold_quote="建成户外劳动者驿站120座")
    assert wanted.within(passage("全市建成户外 劳动者驿站１２０座。", source="seeds/报告.txt"))
    assert wanted.within(passage("建成户外劳动者驿站", source="lib/seeds/报告.txt"))
    assert not wanted.within(passage("建成驿站120座", source="seeds/报告.txt"))
    assert not wanted.within(passage("建成户外劳动者驿站120座", source="seeds/别的.txt"))


def test_a_passage_past_eight_hundred_characters_is_no_find(tmp_path: Path) -> None:
    wanted = gold(tmp_path, source="a.txt", quote="建成驿站")
    assert wanted.within(passage("建成驿站" + "。" * 796, source="a.txt"))
    assert not wanted.within(passage("建成驿站" + "。" * 797, source="a.txt"))
    long = passage("。" * 801, law="劳动法", article="第一条")
    assert not gold(tmp_path, law="劳动法", article="第一条").within(long)


def test_records_are_found_by_id_of_the_same_kind(tmp_path: Path) -> None:
    wanted = gold(tmp_path, gold=[7, "a"])
    assert isinstance(wanted, Records)
    assert [wanted.within(passage(record=record)) for record in (7, "a", "7", None)] == [True, True, False, False]


def test_a_citation_is_held_against_gold_as_a_passage_is(tmp_path: Path) -> None:
    citation = Citation("seeds/a.txt", "报告", "建成驿站120座", 0, 9)
    assert gold(tmp_path, gold_file="a.txt", gold_quote="建成驿站120座").within(citation)
    assert gold(tmp_path, document="报告").within(citation)


def test_the_last_turn_is_asked_and_only_the_users_count(tmp_path: Path) -> None:
    turns = [
        {"role": "user", "content": "产假几天"},
        {"role": "assistant", "content": "98 天。"},
        {"role": "user", "content": "那难产呢"},
    ]
    (question,) = read(tmp_path, {"id": 4, "turns": turns, "gold": [1], "topic": "产假", "answer_facts": ["15天"]})
    assert question.turns == ("产假几天", "那难产呢")
    assert (question.id, question.text, question.group, question.facts) == ("4", "那难产呢", "产假", ("15天",))


def test_a_row_that_nothing_answers_says_why_and_needs_no_id(tmp_path: Path) -> None:
    rows = read(
        tmp_path, {"question": "天气", "reason": "闲谈", "kind": "small-talk"}, "", {"question": "早", "reason": "闲"}
    )
    assert [(row.id, row.gold, row.group) for row in rows] == [("1", None, "small-talk"), ("3", None, "")]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("{oops", "property name"),
        ("[1]", "JSON object"),
        ({"gold": [1]}, "question is missing"),
        ({"question": " ", "gold": [1]}, "question is missing"),
        ({"question": "几天"}, "what answers it"),
        ({"question": "几天", "golden": [1]}, "what answers it"),
        ({"question": "几天", "gold": {"law": "劳动法"}}, "gold is a list"),
        ({"question": "几天", "gold": ["a", {"law": "劳动法"}]}, "object with law"),
        ({"question": "几天", "gold": [{"article": "第一条"}]}, "law or document is missing"),
        ({"question": "几天", "law": "劳动法", "article": 1}, "第五条"),
        ({"question": "几天", "quote": "五天"}, "file of the quote"),
        ({"turns": [{"role": "assistant", "content": "好"}], "gold": [1]}, "of the user"),
        ({"id": "1", "question": "早", "reason": "闲"}, "id 1 is there twice"),
    ],
)
def test_a_wrong_row_is_named_with_its_line_and_the_reason(tmp_path: Path, row: Any, reason: str) -> None:
    with pytest.raises(QuestionSetError, match=rf"set\.jsonl, line 2: .*{reason}"):
        read(tmp_path, {"question": "好", "reason": "闲谈"}, row)


def test_a_file_that_is_absent_empty_or_no_text_is_told(tmp_path: Path) -> None:
    with pytest.raises(QuestionSetError, match="cannot be read"):
        read_questions(tmp_path / "none.jsonl")
    with pytest.raises(QuestionSetError, match="no question"):
        read(tmp_path, "")
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(QuestionSetError, match="cannot be read"):
        read_questions(tmp_path / "bytes.jsonl")


@pytest.mark.parametrize("file", sorted(VALIDATION.glob("*.jsonl")), ids=lambda file: file.stem)
def test_the_shipped_sets_can_be_read(file: Path) -> None:
    questions = read_questions(file)
    assert len(questions) > 100
    assert len({question.gold is None for question in questions}) == 1
