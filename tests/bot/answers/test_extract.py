from hypothesis import given
from hypothesis import strategies as st

from bot.answers.extract import KEPT, WINDOW, cut, grown, lifted
from knowledge.model import DocumentKind
from tests.bot.answers.passages import found, ranked

CHINESE = st.text("工会发了三百元补贴，、；：。！？“”（）\n 1a", max_size=300)


@given(CHINESE)
def test_windows_leave_nothing_out_and_go_forward(text: str) -> None:
    spans = list(cut(text))
    held = {place for start, end in spans for place in range(start, end)}
    assert all(text[place].isspace() for place in range(len(text)) if place not in held)
    assert all(start < end for start, end in spans)
    assert [start for start, _ in spans] == sorted(start for start, _ in spans)


def test_a_long_sentence_is_cut_between_its_clauses() -> None:
    sentence = "，".join(f"第{number}季度工会走访了困难职工并送去慰问金" for number in "一二三四五六七八") + "。"
    spans = list(cut(sentence))
    assert len(spans) > 1
    for start, end in spans:
        assert end - start <= WINDOW
        assert start == 0 or sentence[start - 1] == "，"
        assert sentence[end - 1] in "，。"


@given(CHINESE, CHINESE)
def test_every_window_is_the_documents_text_at_its_span(question: str, text: str) -> None:
    one = found(text)
    for window in ranked(question, one):
        assert window.text == one.passage.text[window.start - one.passage.start : window.end - one.passage.start]
        assert window.score > 0


def test_the_sentence_that_tells_the_amount_goes_before_one_that_does_not() -> None:
    text = "工会给困难职工发慰问金是为了让大家过好年。工会给困难职工发慰问金500元。"
    assert ranked("工会给困难职工发慰问金多少钱", found(text))[0].text == "工会给困难职工发慰问金500元。"


def test_the_sentence_that_counts_what_is_asked_for_goes_before_one_with_another_number() -> None:
    text = "工会办技能比武3年了。工会办技能比武40场。"
    assert ranked("工会办技能比武有几场", found(text))[0].text == "工会办技能比武40场。"


def test_a_window_goes_on_to_the_amount_that_is_asked_for_later_in_its_sentence() -> None:
    text = (
        "工会组织送清凉活动，采取送物资、办讲座、义诊、发礼包等好几种不同的方式，为建筑工地、环卫站、快递网点上的一线职工和驻村工作队的干部送去关怀和慰问，"
        "下拨182万元，参加的人都说好。"
    )
    first = ranked("工会送清凉送物资拨了多少钱", found(text))[0]
    assert first.text.endswith("下拨182万元，")
    assert not any("182万元" in window.text for window in ranked("工会送清凉送物资怎么送", found(text))[:1])


def test_a_window_says_whether_it_counts_what_is_asked_for() -> None:
    counts = {window.text: window.counts for window in ranked("登山办了几届", found("登山拉开序幕。至今办了16届。"))}
    assert counts == {"登山拉开序幕。": False, "至今办了16届。": True}


def test_no_list_within_quotation_marks_is_cut() -> None:
    told = "“车间摸底、工会发现、自己申报”"
    text = "工会建起" + told + "、".join(f"第{number}种办法和谁来做" for number in "一二三四五六七八") + "。"
    assert all(told in text[start:end] or start >= len(told) for start, end in cut(text))


def test_a_window_says_how_much_of_the_question_it_holds() -> None:
    whole, part = ranked("驿站喝水", found("驿站喝水"), found("歇脚再喝水", 0.5))
    assert whole.covered == 1
    assert 0 < part.covered < 1


def test_the_passage_found_first_wins_among_equals() -> None:
    first, second = found("驿站里能喝水。", 1.0), found("驿站里能歇脚。", 0.4)
    assert ranked("驿站里能做什么", first, second)[0].rank == 0
    assert ranked("驿站里能歇脚吗", first, second)[0].rank == 1


def test_what_was_found_first_by_its_questions_is_heard_though_it_shares_no_word() -> None:
    rule = found("特种作业人员须持证上岗。", kind=DocumentKind.STATUTE, questions=("焊工冇得本本行不行",))
    other = found("喊我去的人也该去学。", 0.5, kind=DocumentKind.STATUTE)
    assert [window.rank for window in ranked("喊我去焊，我冇得本", rule, other)] == [1, 0]
    assert ranked("喊我去焊，我冇得本", rule) == []


def test_what_says_the_same_is_kept_once() -> None:
    passages = [found("全市建成驿站六十座，方便户外劳动者。", 1 - number / 100) for number in range(5)]
    assert len(ranked("建成驿站多少座", *passages)) == 1


def test_no_more_windows_are_kept_than_are_worth_looking_at() -> None:
    names = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥春夏秋冬"
    text = "".join(f"驿站{name * 3}{number}号。" for number, name in enumerate(names))
    assert len(ranked("驿站", found(text))) == KEPT


def test_nothing_asked_and_nothing_found_have_no_windows() -> None:
    assert ranked("", found("驿站里能喝水。")) == []
    assert ranked("！？", found("驿站里能喝水。")) == []
    assert ranked("驿站") == []
    assert ranked("驿站", found("一片空白")) == []


def test_of_two_reports_the_one_whose_sentence_answers_goes_first() -> None:
    broad = found("工会建了驿站，办了书屋，送了清凉，搞了比赛。", 1.0)
    narrow = found("新建驿站六十座，花了三百万元。", 0.9)
    passages = [broad, narrow]
    moved, windows = lifted(passages, ranked("驿站建了多少座，花了多少钱", *passages))
    assert [one.passage for one in moved] == [narrow.passage, broad.passage]
    assert [one.score for one in moved] == [1.0, 0.9]
    for window in windows:
        assert window.text in moved[window.rank].passage.text


def test_rules_keep_their_places() -> None:
    passages = [found("工会可以建驿站。", 1.0, kind=DocumentKind.STATUTE), found("新建驿站六十座。", 0.9)]
    moved, _ = lifted(passages, ranked("驿站建了多少座", *passages))
    assert [one.passage for one in moved] == [one.passage for one in passages]


def test_of_a_report_the_whole_sentence_is_told() -> None:
    sentence = (
        "帮扶队认领儿童五人，按村里报来的名单逐户上门，和家长当面说好怎么用，"
        "为每人提供每月二百元的助学金直到高中毕业，年年不断。"
    )
    one = found("先说别的。" + sentence)
    start, end = grown(ranked("认领儿童几人", one)[0], one.passage)
    assert one.passage.text[start - one.passage.start : end - one.passage.start] == sentence


def test_what_was_found_first_is_heard_however_much_others_echo_it() -> None:
    first = found("妈妈们每天有一小时。", 1.0, kind=DocumentKind.GUIDE)
    names = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥春夏秋冬"
    others = found(
        "".join(f"喂奶{name * 3}{number}。" for number, name in enumerate(names)), 0.9, kind=DocumentKind.GUIDE
    )
    assert any(window.rank == 0 for window in ranked("喂奶每天几回", first, others))
