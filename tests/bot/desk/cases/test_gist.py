from bot.cases.model import Facts
from bot.desk.cases.gist import LONGEST, gist


def test_a_line_says_who_what_since_when_and_what_is_wanted_but_not_the_story() -> None:
    facts = Facts(
        "老板跑了", employer="十堰某某建筑公司", place="十堰", since="今年8月", people=6, wish="把工钱\n要回来"
    )
    assert gist(facts) == "十堰某某建筑公司 · 涉及 6 人 · 今年8月 · 把工钱 要回来"


def test_one_person_alone_and_what_nobody_told_take_no_room() -> None:
    assert gist(Facts("说来话长", people=1, service="金秋助学")) == "金秋助学"
    assert gist(Facts("有人被锁在车间里")) == ""


def test_names_and_numbers_are_taken_out_and_a_long_wish_is_cut() -> None:
    line = gist(Facts("", wish="让王经理打我电话13987654321，我叫欧阳大山"))
    assert "13987654321" not in line and "欧阳大山" not in line and "王经理" not in line
    long = gist(Facts("", wish="要回工钱" * 40))
    assert len(long) == LONGEST and long.endswith("…")


def test_a_number_that_would_be_cut_in_two_is_taken_out_first() -> None:
    assert "139" not in gist(Facts("", wish="要" * (LONGEST - 4) + "13987654321"))
