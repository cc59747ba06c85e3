from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.lexicon import Entry, Kind, Lexicon, LexiconError, load_lexicon
from knowledge.words import MEANT, normalize, question_terms

DOCUMENTS = Path(__file__).parents[2] / "knowledge" / "documents"
OFFICE = Entry("公会", ("工会",), "错别字", Kind.TYPO, ("办公会",))
WAGE = Entry("工钱", ("工资", "劳动报酬"), "干活应得的钱", Kind.COLLOQUIAL)
OWED = Entry("欠工钱", ("拖欠工资",), "到日子不给工资", Kind.COLLOQUIAL)
SPELT = [Entry(word, (means,), "拼音", Kind.PINYIN) for word, means in (("laoban", "老板"), ("gongzi", "工资"))]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return load_lexicon()


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("公伤赔多少，社宝没交", "工伤赔多少,社保没交"),
        ("带薪年价有几天", "带薪年假有几天"),
        ("劳动和同到期，想去中裁", "劳动合同到期,想去仲裁"),
        ("老闆拖欠工資，沒簽勞動合同", "老板拖欠工资,没签劳动合同"),
        ("laoban tuoqian gongzi", "老板拖欠工资"),
        ("lao ban tuo qian gong zi", "老板拖欠工资"),
        ("laobanbufagongzi zenmeban", "老板不发工资怎么办"),
    ],
)
def test_slips_traditional_characters_and_pinyin_are_put_right(lexicon: Lexicon, asked: str, read: str) -> None:
    assert lexicon.corrected(asked) == read


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("屋里冇得钱了", "没有"),
        ("工钱几多", "劳动报酬"),
        ("被炒鱿鱼了", "解除劳动合同"),
        ("N+1怎么算", "经济补偿"),
        ("996合法吗", "延长工作时间"),
    ],
)
def test_workers_words_mean_those_of_the_law(lexicon: Lexicon, asked: str, meant: str) -> None:
    assert meant in lexicon.meanings(lexicon.corrected(asked))


@pytest.mark.parametrize("asked", ["怎么样", "什么时候", "1996年", "HR给的offer", "好多人都来了", "适用期限"])
def test_a_look_alike_is_left_alone(lexicon: Lexicon, asked: str) -> None:
    assert lexicon.corrected(asked) == normalize(asked)
    assert lexicon.meanings(normalize(asked)) == ()


def test_the_lexicon_is_large_and_every_kind_is_there(lexicon: Lexicon) -> None:
    assert len(lexicon.entries) >= 800
    assert {entry.kind for entry in lexicon.entries} == set(Kind)


def test_the_shipped_documents_hold_nothing_to_put_right(lexicon: Lexicon) -> None:
    changed = [line for line in _lines(DOCUMENTS) if lexicon.corrected(line) != normalize(line)]
    assert changed == []


@pytest.mark.corpus
def test_the_laws_and_reports_hold_nothing_to_put_right(lexicon: Lexicon, corpus: Path) -> None:
    lines = [line for folder in ("laws", "seeds") for line in _lines(corpus / folder)]
    assert len(lines) > 1000
    assert [line for line in lines if lexicon.corrected(line) != normalize(line)] == []


def test_what_is_only_meant_counts_less_than_what_is_said() -> None:
    codes, weights = Lexicon([WAGE]).terms("工钱")
    by_code = dict(zip(codes.tolist(), weights.tolist(), strict=True))
    assert codes.tolist() == sorted(by_code)
    assert {by_code[code] for code in question_terms("工钱").tolist()} == {1.0}
    only_meant = set(question_terms("工资").tolist()) - set(question_terms("工钱").tolist())
    assert [by_code[code] for code in only_meant] == pytest.approx([MEANT] * len(only_meant))


def test_the_longest_word_wins_and_the_order_is_the_question_s() -> None:
    lexicon = Lexicon([WAGE, OWED])
    assert lexicon.meanings("欠工钱，工钱") == ("拖欠工资", "工资", "劳动报酬")


def test_a_longer_word_that_means_something_else_hides_the_slip() -> None:
    assert Lexicon([OFFICE]).corrected("办公会上说公会") == "办公会上说工会"


def test_latin_words_that_are_no_pinyin_stay_as_they_are() -> None:
    assert Lexicon(SPELT).corrected("my laoban gong zi laobanx") == "my 老板工资 laobanx"


def test_an_empty_lexicon_changes_nothing_but_the_form() -> None:
    assert Lexicon([]).corrected("ＡＢ，工錢") == "ab,工钱"
    assert Lexicon([]).meanings("工钱") == ()


@given(st.text(alphabet="公会办欠工钱gongzilaob an'，N1錢", max_size=60))
def test_any_question_can_be_read_and_reading_it_twice_adds_nothing(question: str) -> None:
    lexicon = Lexicon([OFFICE, WAGE, OWED, *SPELT])
    corrected = lexicon.corrected(question)
    assert "公会" not in corrected.replace("办公会", "")
    assert set(lexicon.meanings(corrected)) <= {"拖欠工资", "工资", "劳动报酬"}
    codes, weights = lexicon.terms(question)
    assert len(codes) == len(weights) == len(set(codes.tolist()))


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ("{word: 工钱, means: [工资]}", "sense"),
        ("{word: 工钱, means: [], sense: 钱}", "nothing"),
        ("{word: 工钱, means: [工钱], sense: 钱}", "itself"),
        ("{word: 996, means: [加班], sense: 钱}", "text"),
        ("{word: HR, means: [人事], sense: 人}", "half-width"),
        ("{word: 工钱, means: [工资, 报酬], sense: 钱}", "one thing"),
        ("{word: 公会, means: [工会], sense: 错, not_in: [公司]}", "longer"),
    ],
)
def test_a_wrong_entry_is_named(tmp_path: Path, entry: str, complaint: str) -> None:
    (tmp_path / "slips.yaml").write_text(f"kind: typo\nentries:\n  - {entry}\n", "utf8")
    with pytest.raises(LexiconError, match=rf"slips\.yaml: .*{complaint}"):
        load_lexicon(tmp_path)


def test_a_word_that_stands_twice_is_refused(tmp_path: Path) -> None:
    row = "  - {word: 工钱, means: [工资], sense: 钱}\n"
    (tmp_path / "a.yaml").write_text(f"kind: colloquial\nentries:\n{row}{row}", "utf8")
    with pytest.raises(LexiconError, match="工钱 stands twice"):
        load_lexicon(tmp_path)


def _lines(folder: Path) -> list[str]:
    files = [file for file in sorted(folder.rglob("*")) if file.suffix in (".md", ".txt")]
    return [line for file in files for line in file.read_text("utf8").splitlines()]
