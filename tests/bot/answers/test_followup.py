import pytest

from bot.answers.followup import asks_how, leans, matters, may_lean, subjects, supposes


@pytest.mark.parametrize(
    "question",
    [
        "那要是他不给呢？",
        "这个要去哪里办？",
        "怎么申请？",
        "要带什么材料",
        "那产假呢？",
        "他家也没交社保，算不算",
        "男的有没有",
        "周末算在里面吗",
        "停产的那段时间不发钱，合法吗",
        "试用期呢",  # a name alone is asked what was asked before
        "送温暖呢？",
        "能去哪投诉",
        "多少人参加",
    ],
)
def test_what_points_back_or_could_be_asked_of_anything_leans(question: str) -> None:
    assert leans(question)


@pytest.mark.parametrize("question", ["没休完怎么办", "为什么只有一半", "经济补偿怎么算", "主管骂人", "公司不发工资"])
def test_what_is_short_and_says_something_leans_perhaps(question: str) -> None:
    assert may_lean(question)
    assert not leans(question)


@pytest.mark.parametrize(
    "question",
    [
        "产假有多少天？",
        "怎么认定工伤",
        "年假有几天呢",
        "试用期怎么算呢",
        "我在工地上干了两年，包工头一直不肯跟我们结清工钱",
        "为什么要交会费",
    ],
)
def test_what_names_its_subject_stands_alone(question: str) -> None:
    assert not leans(question)
    assert not may_lean(question)


def test_what_holds_is_told_from_what_was_done() -> None:
    assert asks_how("怎么加入工会")
    assert asks_how("扣押金合法吗")
    assert not asks_how("安康险买了多少人")


def test_what_a_question_is_about_is_told_from_what_may_be_asked_of_anything() -> None:
    assert matters("驾照扣了几分") == {"驾照", "照扣"}
    assert matters("要带什么材料，多少钱") == frozenset()


def test_subjects_are_named_as_they_are_written_each_once() -> None:
    assert subjects("试用期没签合同，试用期工伤怎么算") == ("试用期", "签合同", "工伤")
    assert subjects("要多久") == ()
    assert subjects("工商怎么认定") == ("工伤",)  # a slip names its subject too


# What was asked before; what is asked further about it; what is another matter.
PAIRS = [
    ("老板拖欠工资怎么办", "那要是他跑了呢", "产假能休几天"),
    ("老板拖欠工资怎么办", "找哪个部门", "公积金什么时候能取出来用"),
    ("老板拖欠工资怎么办", "要带什么材料", "换个问题，年休假有几天"),
    ("老板拖欠工资怎么办", "万一他把厂子关了呢", "我想问问工伤怎么认定"),
    ("工伤怎么认定", "要多久", "老板不给交社保怎么办"),
    ("工伤怎么认定", "如果公司不给申请呢", "荆州的工会驿站有几个"),
    ("工伤怎么认定", "谁来交钱", "试用期最长可以约几个月"),
    ("工伤怎么认定", "它算不算数", "夫妻吵架了能不能找你们说说心里话"),
    ("产假有多少天", "那难产呢", "厂里天天加班到十点不给加班费"),
    ("产假有多少天", "工资照发吗", "送清凉是工会办的吗"),
    ("产假有多少天", "男的有没有", "困难职工建档要怎么申请才行"),
    ("产假有多少天", "什么时候开始算", "劳务派遣工能不能加入工会"),
    ("没签劳动合同怎么办", "那试用期呢", "高温补贴一般是哪几个月发"),
    ("没签劳动合同怎么办", "要是公司补签呢", "我们车间一直没有发防尘口罩，能去哪里反映"),
    ("没签劳动合同怎么办", "多久之内要提", "退休以后养老金是怎么算出来的"),
    ("没签劳动合同怎么办", "不签行不行", "医保断了三个月会有什么影响"),
    ("怎么加入工会", "要交钱吗", "被公司开除了能拿补偿金吗"),
    ("怎么加入工会", "在哪里办", "怀孕了领导要给我调岗降薪合法吗"),
    ("怎么加入工会", "那外卖员呢", "仲裁申请书上面都要写些什么内容"),
    ("怎么加入工会", "如果单位没有工会呢", "工资条上被乱扣了三百块钱怎么讨回来"),
    ("年休假有几天", "没休完怎么办", "职业病诊断要到什么医院去做"),
    ("年休假有几天", "那工作满十年的呢", "集体合同跟劳动合同有什么不一样的地方"),
    ("年休假有几天", "也包括周末吗", "童工举报电话应该打哪一个号码"),
    ("年休假有几天", "可是我刚来半年", "工会会费一个月要交多少钱"),
    ("失业金怎么领", "能领几个月", "开会不参加就罚款，公司有这个权力吗"),
    ("失业金怎么领", "要是我自己辞职的呢", "女职工哺乳期一天有几次喂奶时间"),
    ("失业金怎么领", "去哪里办", "金秋助学困难职工的孩子都能申请吗"),
    ("失业金怎么领", "这个要本人去吗", "停工停产期间工资应该怎么发给我们"),
    ("公司要裁员怎么补偿", "怎么算的", "上下班路上被电动车撞了是工伤吗"),
    ("公司要裁员怎么补偿", "那合同到期的呢", "会员去世了工会有没有慰问金"),
    ("公司要裁员怎么补偿", "他们不给怎么办", "签了竞业协议还能去同行上班吗"),
    ("公司要裁员怎么补偿", "刚才说的那个有没有上限", "农民工工资专户是怎么一回事情"),
]


@pytest.mark.parametrize(("before", "further", "other"), PAIRS)
def test_a_further_question_leans_and_another_matter_does_not(before: str, further: str, other: str) -> None:
    assert leans(further) or may_lean(further), before
    assert not leans(other), before
    assert not may_lean(other), before


@pytest.mark.parametrize(
    "question", ["那要是他跑了呢", "如果没签合同呢", "万一厂子倒闭了呢", "但是我没有欠条", "可要是他不认呢"]
)
def test_a_new_fact_is_told_from_a_further_detail(question: str) -> None:
    assert supposes(question)


@pytest.mark.parametrize("question", ["那女职工呢", "要带什么材料", "几天", "在哪里办", "这个要本人去吗"])
def test_a_further_detail_is_no_new_fact(question: str) -> None:
    assert not supposes(question)
