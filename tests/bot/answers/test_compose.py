from hypothesis import given
from hypothesis import strategies as st

from bot.answers.compose import QUOTE, SOURCES, choose, cite, compose, in_order
from knowledge.model import DocumentKind, ScoredPassage, Statute
from tests.bot.answers.passages import found, ranked

RULE = found(
    "第二条 职工搬家，用人单位应当给予五天搬家假。用人单位不得扣减工资。",
    kind=DocumentKind.STATUTE,
    source="laws/搬家假办法.md",
    title="搬家假办法",
    law="搬家假办法",
    article="第二条",
)
GUIDE = found(
    "搬家可以请假。\n\n- 先跟班组长说一声。\n- 再写请假条，写明搬家那天。",
    kind=DocumentKind.GUIDE,
    source="documents/rights/moving.md",
    title="搬家怎么请假",
    path=("怎么请",),
    statutes=(Statute("搬家假办法", "第二条"),),
)


def answer(question: str, *passages: ScoredPassage) -> str:
    return compose(choose(ranked(question, *passages), passages), passages)


def test_at_most_three_passages_are_told() -> None:
    texts = (
        "机械厂给搬家的职工放搬家假五天。",
        "纺织车间去年起有三天搬家假。",
        "司机搬家假按路程算，远的八天。",
        "医院护士轮班，搬家假要提前排。",
        "学校老师寒假里搬家，不另外给搬家假。",
    )
    passages = [found(text, 1 - number / 50) for number, text in enumerate(texts)]
    chosen = choose(ranked("搬家假几天", *passages), passages)
    assert len({window.rank for window in chosen}) == SOURCES


def test_a_passage_found_much_worse_has_no_say() -> None:
    passages = [found("搬家假有五天。"), found("搬家公司很忙。", 0.05)]
    assert {window.rank for window in choose(ranked("搬家假有几天", *passages), passages)} == {0}


def test_the_number_that_is_asked_for_is_told_though_its_sentence_shares_little_with_the_question() -> None:
    told = answer(
        "湖边登山比赛一共办了几届", found("湖边登山比赛拉开序幕，湖边登山比赛来了很多登山的人。至今已是16届。")
    )
    assert told.startswith("湖边登山比赛")
    assert "16届" in told


def test_of_nothing_nothing_is_chosen() -> None:
    assert choose([], []) == []


def test_an_article_is_named_once_before_its_words() -> None:
    assert answer("搬家假几天", RULE).startswith("《搬家假办法》第二条：职工搬家，用人单位应当给予五天搬家假。")


def test_what_is_told_second_is_cited_second() -> None:
    passages = [
        found("机械厂给搬家假。", 0.9),
        found("纺织车间去年起有三天搬家假。", 0.8),
        found("搬家假有五天，工资照发。"),
    ]
    chosen = choose(ranked("搬家假有几天，工资照发吗", *passages), passages)
    text = compose(chosen, passages)
    told = [text.index(passages[window.rank].passage.text[:5]) for window in in_order(chosen)]
    assert told == sorted(told)
    assert in_order([]) == []


def test_what_a_union_has_written_itself_goes_before_what_we_ship() -> None:
    shipped = found(
        "进书屋之前，先看门口贴的开放时间，几点开每家不同。",
        kind=DocumentKind.GUIDE,
        source="documents/services/libraries.md",
        title="书屋",
    )
    own = found(
        "三车间书屋的开放时间是每天12点到20点。", 0.8, kind=DocumentKind.GUIDE, source="own/书屋.md", title="厂里"
    )
    rule = found(
        "书屋的开放时间由公共文化设施自定，每天12点到20点。", 0.8, kind=DocumentKind.STATUTE, source="laws/a.md"
    )
    assert answer("书屋的开放时间是几点", shipped, own).startswith("三车间书屋的开放时间是每天12点到20点。")
    assert answer("书屋的开放时间是几点", shipped, rule).startswith("进书屋之前，")


def test_a_report_says_once_of_which_year_it_is() -> None:
    first = found("送出搬家补贴三百份。", source="seeds/工作综述-2019.txt")
    second = found("搬家补贴每份五百元。", 0.9, source="seeds/工作综述-2019.txt")
    assert answer("搬家补贴有多少份", first, second).count("出自 2019 年的材料") == 1
    assert "材料" not in answer("搬家补贴有多少份", found("2019年送出搬家补贴三百份。", source="seeds/综述-2019.txt"))
    assert "材料" not in answer("搬家补贴有多少份", found("送出搬家补贴三百份。", source="seeds/综述.txt"))


def test_a_paragraph_that_stops_amid_a_sentence_says_so() -> None:
    long = "，".join(f"第{number}车间工会走访了困难职工并送去慰问金" for number in "一二三四五六七八九十甲乙") + "。"
    text = answer("第三车间走访了困难职工吗", found(long))
    assert "……" in text
    assert not any(paragraph.endswith(("，", "、", "；")) for paragraph in text.split("\n\n"))


def test_a_sentence_that_leads_is_told_whole() -> None:
    sentence = (
        "工会春天办了骑行活动，来自纺织、机械、运输各厂的五千名职工一早就到了江边，沿着慢行道一路骑到新修的码头才歇脚。"
    )
    assert answer("骑行活动去了多少人", found("先说别的事。" + sentence + "后来又办了歌会。")).startswith(sentence)


def test_of_a_long_sentence_what_stands_between_semicolons_leads() -> None:
    parts = [
        f"给{name}送去慰问金{number}万元，慰问了{number}00名职工"
        for number, name in enumerate(["纺织厂", "机械厂", "运输队", "印刷厂", "食品厂"], 1)
    ]
    text = answer("给运输队送去多少慰问金", found("；".join(parts * 2) + "。"))
    assert text.startswith("给运输队送去慰问金3万元，慰问了300名职工")


def test_nothing_is_told_twice() -> None:
    sentence = (
        "，".join(
            f"给{name}车间的职工送去清凉物资{number}百份" for number, name in enumerate("甲乙丙丁戊己庚辛壬癸", 1)
        )
        + "。"
    )
    text = answer("丙车间和丁车间送去清凉物资几百份", found(sentence))
    assert all(text.count(f"给{name}车间") <= 1 for name in "甲乙丙丁戊己庚辛壬癸")


def test_a_quote_holds_the_sentence_and_grows_until_it_says_enough() -> None:
    text = "搬家假有五天。" + "这五天里工资照发，谁也不能扣。" * 20
    passage = found(text).passage
    citation = cite(ranked("搬家假有几天", found(text))[0], passage)
    assert citation.quote.startswith("搬家假有五天。")
    assert QUOTE <= len(citation.quote) < 2 * QUOTE
    assert citation.quote == text[citation.start - 100 : citation.end - 100]


def test_a_citation_leads_back_to_its_article_or_section() -> None:
    rule = cite(ranked("搬家假几天", RULE)[0], RULE.passage)
    assert (rule.source, rule.law, rule.article) == ("laws/搬家假办法.md", "搬家假办法", "第二条")
    guide = cite(ranked("搬家请假", GUIDE)[0], GUIDE.passage)
    assert (guide.path, guide.statutes) == (("怎么请",), (Statute("搬家假办法", "第二条"),))


@given(
    st.text("搬家假五天工资，。；\n1. -", min_size=1, max_size=400),
    st.sampled_from([DocumentKind.GUIDE, DocumentKind.REPORT, DocumentKind.STATUTE]),
)
def test_any_quote_is_the_documents_text_at_its_span(text: str, kind: DocumentKind) -> None:
    one = found(text, kind=kind)
    chosen = choose(ranked("搬家假有几天工资", one), [one])
    for window in chosen:
        citation = cite(window, one.passage)
        assert citation.quote
        assert citation.quote == text[citation.start - 100 : citation.end - 100]
        assert citation.start <= window.start
        assert window.end <= citation.end


def test_what_is_said_of_one_case_stays_behind_what_is_said_of_all() -> None:
    guide = found(
        "快递员受伤，先打120，留好订单。\n\n- 有劳动关系：申请工伤认定。\n- 没有劳动关系：问平台买没买保险。",
        kind=DocumentKind.GUIDE,
    )
    lines = answer("平台买没买保险", guide).splitlines()
    assert lines == [
        "快递员受伤，先打120，留好订单。",
        "· 没有劳动关系：问平台买没买保险。",
        "· 有劳动关系：申请工伤认定。",
    ]
