from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from ingest.readers import read
from ingest.sources import SourceFile, walk
from knowledge.model import Document, DocumentKind, Validity
from knowledge.superseded import SupersededError, load_superseded


def act(title: str, issued: date | None) -> Document:
    return Document("laws/x.md", title, "", (), DocumentKind.STATUTE, law=title, issued=issued)


def test_a_replaced_act_ends_on_the_day_its_successor_begins() -> None:
    validity = load_superseded().apply(act("信访条例", date(2005, 1, 10))).validity
    assert validity.holds(date(2022, 4, 30))
    assert not validity.holds(date(2022, 5, 1))


def test_an_act_that_kept_its_name_is_told_apart_by_its_date() -> None:
    table = load_superseded()
    assert table.of(act("全国年节及纪念日放假办法", date(2013, 12, 11)))
    assert table.of(act("全国年节及纪念日放假办法", date(2024, 11, 10))) is None
    assert table.of(act("全国年节及纪念日放假办法", None)) is None


def test_form_and_full_name_make_no_difference() -> None:
    assert load_superseded().of(act("《最高人民法院关于审理劳动争议案件适用法律若干问题的解释(二)》", None))
    assert load_superseded().of(act("最高人民法院关于审理劳动争议案件适用法律问题的解释（一）", None)) is None


def test_an_act_that_ended_earlier_keeps_its_end() -> None:
    ended = replace(act("信访条例", None), validity=Validity(expires=date(2010, 1, 1)))
    assert load_superseded().apply(ended).validity.expires == date(2010, 1, 1)


def test_every_entry_says_where_it_is_said() -> None:
    assert all(entry.source and entry.replaced_by and entry.since for entry in load_superseded().acts)


def test_an_entry_without_its_day_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "superseded.yaml"
    broken.write_text("superseded:\n  - {title: 甲, replaced_by: 乙, since: soon, source: 丙}\n", "utf8")
    with pytest.raises(SupersededError, match="YYYY-MM-DD"):
        load_superseded(broken)


@pytest.mark.corpus
def test_of_the_law_corpus_exactly_the_replaced_acts_have_ended(corpus: Path) -> None:
    table = load_superseded()
    files = [file for file in walk(corpus / "laws") if isinstance(file, SourceFile)]
    ended = {document.source for file in files for document in read(file) if table.of(document)}
    assert sorted(Path(source).name[:14] for source in ended) == sorted(
        name[:14]
        for name in (
            "信访条例(2005-01-10).md",
            "全国年节及纪念日放假办法(2013-12-11).md",
            "法律援助条例(2003-07-21).md",
            *["最高人民法院关于审理劳动争议"] * 4,
        )
    )
