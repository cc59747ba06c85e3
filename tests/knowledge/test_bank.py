import json
from pathlib import Path
from typing import Any

import pytest

from knowledge.bank import Bank, BankError, Target, load_bank
from knowledge.model import DocumentKind, Passage, Statute

ARREARS = Target("劳动法", "第五十条")
STEPS = Target("rights/wage-arrears", "怎么要")


def passage(**details: Any) -> Passage:
    fields: dict[str, Any] = {"source": "laws/a.md", "title": "劳动法", "text": "工资按月支付。", "start": 0, "end": 7}
    return Passage(**fields | {"kind": DocumentKind.STATUTE} | details)


@pytest.fixture
def bank() -> Bank:
    return Bank([(ARREARS, "工资拖着不给"), (STEPS, "怎么去要钱"), (ARREARS, "老板不发钱")])


def write(folder: Path, name: str, *lines: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines), "utf8")
    return folder


def test_an_article_is_found_by_its_questions(bank: Bank) -> None:
    assert bank.of(passage(law="劳动法", article="第五十条")) == ("工资拖着不给", "老板不发钱")
    assert bank.of(passage(law="劳动法", article="第五十一条")) == ()


def test_a_section_of_our_documents_is_found_by_its_questions(bank: Bank) -> None:
    guide = {"source": "documents/rights/wage-arrears.md", "kind": DocumentKind.GUIDE}
    assert bank.of(passage(**guide, path=("怎么要",))) == ("怎么去要钱",)
    assert bank.of(passage(**guide, path=("留好证据",))) == ()


def test_a_document_that_is_not_ours_is_known_by_its_title(bank: Bank) -> None:
    assert bank.of(passage(title="rights/wage-arrears", path=("怎么要",))) == ("怎么去要钱",)
    assert bank.of(passage(source="seeds/rights/wage-arrears.md", title="别的", path=("怎么要",))) == ()


def test_a_section_is_also_found_by_the_questions_of_the_articles_that_it_rests_on_most(bank: Bank) -> None:
    unasked = tuple(Statute("工会法", f"第{number}条") for number in "一二三四五六七")
    first, last = (Statute("劳动法", "第五十条"), *unasked), (*unasked, Statute("劳动法", "第五十条"))
    guide = {"source": "documents/rights/wage-arrears.md", "kind": DocumentKind.GUIDE, "path": ("怎么要",)}
    assert bank.of(passage(**guide, statutes=first)) == ("怎么去要钱", "工资拖着不给", "老板不发钱")
    assert bank.of(passage(**guide, statutes=last)) == ("怎么去要钱",)


def test_questions_are_added_after_those_that_a_passage_brought(bank: Bank) -> None:
    own = passage(law="劳动法", article="第五十条", questions=("自带的问题",))
    other = passage(law="工会法", article="第六条", questions=("别的问题",))
    attached = bank.attach([own, other])
    assert attached[0].questions == ("自带的问题", "工资拖着不给", "老板不发钱")
    assert attached[1] is other
    assert attached[0].id == own.id, "a passage stays the same whatever is asked"


def test_the_digest_changes_with_any_question_and_not_with_the_order_of_targets(bank: Bank) -> None:
    same = Bank([(STEPS, "怎么去要钱"), (ARREARS, "工资拖着不给"), (ARREARS, "老板不发钱")])
    more = Bank([(ARREARS, "工资拖着不给"), (STEPS, "怎么去要钱"), (ARREARS, "老板不发钱了")])
    assert bank.digest == same.digest != more.digest


def test_a_bank_counts_questions_and_names_targets(bank: Bank) -> None:
    assert len(bank) == 3
    assert bank.targets == (ARREARS, STEPS)


def test_laws_and_documents_are_read_and_what_lies_beside_them_is_not(tmp_path: Path) -> None:
    row = {"law": "劳动法", "article": "第五十条", "question": "老板不发钱"}
    write(tmp_path, "laws/a.jsonl", json.dumps(row), "")
    write(tmp_path, "documents/b.jsonl", json.dumps({"document": "rights/a", "section": "怎么要", "question": "咋要"}))
    write(tmp_path, "validation/c.jsonl", json.dumps(row | {"question": "不读"}))
    bank = load_bank(tmp_path)
    assert set(bank.targets) == {ARREARS, Target("rights/a", "怎么要")}
    assert len(bank) == 2


@pytest.mark.parametrize(
    "line",
    [
        "no json",
        "[]",
        '{"law": "劳动法", "article": "第五十条"}',
        '{"law": "劳动法", "question": "问"}',
        '{"question": "问"}',
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, line: str) -> None:
    good = json.dumps({"law": "劳动法", "article": "第五十条", "question": "老板不发钱"})
    write(tmp_path, "laws/a.jsonl", good, line)
    with pytest.raises(BankError, match=r"a\.jsonl, line 2: needs question"):
        load_bank(tmp_path)


def test_the_shipped_bank_can_be_read_and_every_question_points_at_a_place() -> None:
    bank = load_bank()
    assert len(bank) > 1000
    assert all(target.name.strip() and target.place.strip() for target in bank.targets)
