import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answers.sought import uncounted, untold


@pytest.mark.parametrize(
    ("question", "lacking", "telling"),
    [
        ("驿站在哪里", "驿站里能喝水。", "驿站设在人民路和火车站。"),
        ("心理咨询室在几楼", "咨询室天天有人。", "咨询室在总部3楼。"),
        ("文化宫周六开不开门", "文化宫全面投入运营。", "文化宫周六、周日开放。"),
        ("羽毛球馆几点开", "球馆有一点旧。", "球馆下午两点到晚上九点开放。"),
        ("驿站几点关门", "驿站天天有人。", "驿站早上七点开门，晚上十一点关门。"),
        ("服务中心的电话是多少", "服务中心热情接待。", "服务中心电话0700-8123456。"),
        ("相亲会下一场什么时候办", "办了十场相亲会。", "下一场相亲会定于三月举行。"),
        ("托管班怎么收费", "办了五个托管班。", "托管班不收费。"),
        ("互助保障每人一年多少钱", "参保三千人，赔付四十万元。", "互助保障每人每年60元。"),
        ("评上先进奖励多少", "评选先进二十人。", "评上的每人奖励500元。"),
        ("体检去哪家医院", "每年组织职工体检。", "体检在江滨医院做。"),
        ("工会主席是哪个", "培训了118名工会主席(副主席、委员)。", "工会主席方圆为优胜者颁奖。"),
        ("服务中心座机好多", "服务中心热情接待。", "服务中心座机0700-8123456。"),
        ("外面的人能不能进球馆", "球馆每天开到很晚。", "球馆向市民开放。"),
        ("全市母婴室有几家", "母婴室很受欢迎，慰问了94家企业。", "建成母婴室45家。"),
        ("驿站有好多个", "驿站很受欢迎，办了94场活动。", "新建2个高速公路驿站。"),
        ("十级伤残赔几多", "评了级就能领补助金。", "十级领7个月的本人工资。"),
        ("插花班交几多材料费", "办了插花班，很受欢迎。", "插花班不收材料费，免费教。"),
        ("球场一个小时好多钱", "球场全面投入运营。", "球场每小时30元。"),
        ("技师一个月补几多津贴", "评上技师5人。", "技师每月津贴300元。"),
        ("运动会冠军发么奖品", "运动会隆重举行。", "冠军每人发奖500元。"),
        ("2021年送了多少份清凉", "2019年送清凉八千份。", "2021年送清凉八千份。"),
        ("2025年送了多少份清凉", "按2021—2025年规划送清凉八千份。", "2025年送清凉八千份。"),
        ("2021到2025年的规划叫什么", "规划很好。", "出台2021—2025年的规划。"),
        ("服务中心的公众号叫什么", "服务中心很受欢迎。", "关注公众号“江滩工会”。"),
        ("服务中心哪年盖的", "服务中心很受欢迎。", "服务中心2019年建成。"),
        ("工会今年预算多少万", "工会今年筹集八万元。", "工会今年预算八万元。"),
        ("端午粽子是什么牌子", "端午发了粽子。", "端午发的是江滩牌粽子。"),
    ],
)
def test_what_is_sought_must_be_told(question: str, lacking: str, telling: str) -> None:
    assert untold(question, lacking, lacking)
    assert not untold(question, telling, telling)


@pytest.mark.parametrize(
    "question",
    [
        "工会走访了多少困难职工",
        "送清凉一共花了多少钱",
        "几百人参加了运动会",
        "帮困难职工筹了几百万",
        "有几多人得病赔了，一共赔好多钱",
        "大会开到第三次了吗",
        "周末喊去加班又不给调休",
        "星期天上班算加班吗",
        "周末加班被开除",
        "经费怎么收怎么返",
        "老板欠薪怎么办",
        "怎么加入工会",
        "孩子考上大学没钱交学费",
        "女儿的学费还差一大截",
    ],
)
def test_what_reports_do_tell_is_not_held_against_them(question: str) -> None:
    assert not untold(question, "工会做了很多。", "工会做了很多。")


@pytest.mark.parametrize(
    ("question", "lacking", "telling"),
    [
        ("律师哪天坐班", "律师在站里坐班。", "每周二、周四上午有律师坐班。"),
        ("申请书几天写好", "申请书免费代写。", "一般三个工作日写好。"),
        ("送了多少份物资", "工会送去很多物资。", "工会送去物资8600份。"),
        ("走访了好多户", "工会走访困难职工。", "走访困难职工三百余户。"),
        ("签合同的占几成", "大多签了合同。", "签订率达百分之九十。"),
        ("大会是几月几号开的", "大会隆重开幕。", "3月15日大会开幕。"),
    ],
)
def test_a_number_that_is_asked_for_must_be_told(question: str, lacking: str, telling: str) -> None:
    assert uncounted(question, lacking, lacking)
    assert not uncounted(question, telling, telling)


def test_what_asks_for_no_number_lacks_none() -> None:
    assert not uncounted("驿站里有什么", "有热水。", "有热水。")
    assert not uncounted("在矿上干了十几年，得了病怎么赔", "有热水。", "有热水。")


@given(st.text("哪几多少在个家医院钱每人下次2021年电话是？户", max_size=30), st.text(max_size=40))
def test_any_text_is_borne(question: str, text: str) -> None:
    assert untold(question, text, text) in (True, False)
    assert uncounted(question, text, text) in (True, False)
