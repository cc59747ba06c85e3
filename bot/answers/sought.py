"""Knows what kind of thing a question seeks, such as an opening hour or a fee, and whether a text tells one.

Reports tell what a union did and how much it spent in all. They seldom tell a street, an hour, the price for one person
or the next date, and then the best passage, though it is about the right thing, answers nothing.
"""

import re
from functools import lru_cache

_NUMERAL = r"[\d一二三四五六七八九十百千万亿两半][\d一二三四五六七八九十百千万亿余多来\s.．,，]*"
_CLOCK = r"(?:\d+\s*[点时:：]|(?:十?[二三四五六七八九]|十一?|两|[上下]午一)点)"  # 一点 alone is a little
_HOW_MUCH = r"(?:多少|好多|几多|几)"
# Of people or households 几百 is a count, and 几百万 a sum, which reports do tell.
_HUNDREDS = r"几[百千](?![人名户家个场多万亿])"
_MONEY = (
    rf"(?:{_HOW_MUCH}[\u4e00-\u9fff]{{0,2}}(?:钱|块|元|金|费|补贴|补助|津贴|工资|利息)"
    rf"|{_HOW_MUCH}(?=$|[，。？,?吧呢啊])|{_HUNDREDS})"
)
_TOTAL = r"总共|一共|拢共|共|合计|累计|加起来|总额|筹|多少[人户]|几多[人户]|好多[人户]"
_EACH = (
    r"(?:一个人|每?个人|人均|一人|每人|一户|每户|一家人?|一天|每天|按天|一份|一次|每次|一回|一年|每年|一个月|每个?月|按月"
    r"|一个?小时|一个?钟头|每小时|一张|一套|一餐|一顿|一笔|单笔)"
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹"
    "孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤易"
)
# What is sought → how a text that tells it looks.
_KINDS = tuple(
    (re.compile(sought), re.compile(told))
    for sought, told in (
        (  # a place
            r"在(?:哪(?:里|儿|块|边)?(?![些几个家所条座位年天一])|啥地方|么地方|什么(?:地方|位置))"
            r"|地址|门牌|哪条(?:路|街)|位置|怎么坐车|坐几路|怎么走|导航",
            r"[\u4e00-\u9fff]{2,}(?:路|街|大道|巷|小区|大厦|广场|中心|酒店|宾馆|医院|基地|体育馆|公园|车站|社区)|\d+\s*[楼层号]"
            r"|[走进在于][\u4e00-\u9fff]{2,8}(?:县|市|区|山|镇|村|举办|建立|设立|召开|等地|开展|拉开)|总部",
        ),
        (r"几[楼层]", r"[\d一二三四五六七八九十]+\s*[楼层]"),
        (  # opening hours
            r"几点|几时(?:开|关)门|营业|上不上班|上班时间|开放时间|坐班|值班|闭馆|关门|开到[几多好么什啥晚]"
            r"|中午.{0,4}开|周末.{0,6}(?:开(?!除)|关)|[夜半][里夜].{0,8}(?:开(?!除)|有人|接)"
            r"|(?:周|星期|礼拜)[一二三四五六日天末几].{0,8}(?:开(?!除)|关|上班(?:吗|么|不|冇|没)|休息?(?:吗|么|不|冇)|练|营业)",
            rf"{_CLOCK}|(?:周|星期)[一二三四五六日]|(?:24|二十四)\s*小时|全天",
        ),
        (
            r"(?:电话|号码|座机)(?:是|几|多|好多|有|给|呢|$)|联系方式|怎么联系|打(?:哪|什么|么)",
            r"\d{3,4}[-—]?\d{7,8}|1[3-9]\d{9}|12\d{3}",
        ),
        (  # a person
            r"(?:主席|书记|主任)(?:现在|如今)?(?:是|叫)(?:谁|哪个|哪一?位|么|什么|啥|哪块)|(?:谁|哪个|哪位)是.{0,8}(?:主席|书记|主任)",
            rf"(?:主席|书记|主任)\s*[{_SURNAMES}][\u4e00-\u9fff]{{1,2}}",
        ),
        (r"外面的?人|外头的?人|外人|外单位", r"对外|社会|市民|公众|开放"),  # who else may come
        (  # what is yet to come
            r"下(?:一?[次期场届回轮]|个月|周|半年)|明年|后年|(?:几时|什么时候|么时候|啥时候)再",
            r"定于|将于|拟于|\d月\d+日[前起]",
        ),
        (  # when it is
            r"几时(?:开|办|搞|发)|(?:什么|么|啥)时候(?:开|报名|发)|哪天(?:开|办|搞|发|报名)|几号(?:开|发|到|办|报名)|截止",
            rf"{_CLOCK}|[\d一二三四五六七八九十]\s*月|每[天周月年季]|(?:周|星期)[一二三四五六日]|[春夏秋冬]季",
        ),
        (r"预算|决算", r"预算|决算"),
        (r"(?:公众号|小程序|视频号|官网|网址)(?:是|叫|名|多少|有没有|$)", r"公众号|小程序|视频号|官网|网址"),
        (r"哪一?年|几几年", r"(?<!\d)(?:19|20)\d\d(?!\d)"),
        (r"(?:什么|么子?|啥|哪个|哪家的?)(?:牌子|品牌)", r"牌(?!子)"),
        (  # what taking part costs
            r"收费|(?<!钱交)(?<!不起)学费(?!凑|还?差|不够|拿不|交不)|门票|票价|报名费|保费|年卡|月卡|押金|利率|利息|几厘|要(?:交)?钱[不吗么冇没]|[要得]交(?:好多|多少|几)|交(?:好多|多少|几多?).{0,3}费"
            r"|怎么收(?:费|钱|的?$)|收(?:好多|多少|几多|几)钱|自(?:费|己出|掏)|工本费|租金|一张多少|打几折|优惠|面值",
            r"免费|不收|收费|每[人份次月年天]|费用|\d\s*元|\d\s*[%％折]",
        ),
        (  # what one person gets, or must have
            rf"{_EACH}[^，。？]{{0,8}}{_MONEY}|{_MONEY}[^，。？]{{0,6}}{_EACH}|标准|额度|上限|封顶|最[高多].{{0,4}}{_HOW_MUCH}"
            rf"|(?:收入|贫困|困难).{{0,6}}(?:低于|线)|门槛|(?:奖金?|奖励).{{0,3}}(?:{_HOW_MUCH}|啥|什么|么)|(?:什么|么子?|啥)奖"
            rf"|^(?!.*(?:{_TOTAL})).*(?:[发给领补赔报奖]销?(?:几[百千万块](?![万亿])|{_HOW_MUCH}钱|{_HOW_MUCH}$)|{_HUNDREDS})",
            rf"(?:每|人均|户均|一次性|日均|月均|各(?=[人户\d])).{{0,10}}{_NUMERAL}\s*(?:元|块|万|%|％|倍|张|份|小时|天)|百分之|标准为"
            rf"|{_NUMERAL}元[/每]|[\d两双三]\s*[%％倍]|{_NUMERAL}\s*个月的?(?:本人|平均)?工资",
        ),
    )
)
_WHICH = re.compile(
    r"哪(?:几|一|些)?[个家所条座位间处片栋]?(?:高速)?(?P<thing>医院|酒店|宾馆|影院|电影院|小区|服务区|公司|厂|学校|大学|银行|饭店"
    r"|农庄|山庄|景区|公园|广场|教室|会议室|基地|车站|区|路|街|村|镇|县|山)"
)
_THINGS = {  # by what other names a text may call it
    "医院": "医院|医疗(?:卫生)?机构",
    "学校": "大学|学院|中学|小学|学校",
    "大学": "大学|学院",
    "公司": "公司|集团|厂",
    "厂": "厂|公司|集团",
    "银行": "银行|开行|商行|信用社",
}
_COUNT = re.compile(
    rf"(?<![这那前后头好十百千万]){_HOW_MUCH}[个多]?(?P<unit>户|次|场|家|人|名|岁|天|年|张|份|件|条|座|本|册|届|支|批|对|位|套|公里|里路|平|米|亿|成|折|级"
    r"|层|楼|小时|倍|间|台|辆|枚|项|期|回)"
)
_UNITS = {  # as it is asked → as it may be told
    "成": "成|%|％|倍",
    "岁": "周?岁",
    "人": "人|名|户|位",
    "名": "人|名|位",
    "位": "人|名|位",
    "家": "家|个|户|所",
    "场": "场|次|期",
    "次": "次|场|期|回",
    "回": "次|回|场",
    "天": "天|日|周|年|个?月",
    "年": "年|个?月|届",
    "户": "户|人|家",
    "里路": "公里",
    "公里": "公里|千米|米",
    "间": "间|个",
    "支": "支|个",
    "条": "条|件",
    "期": "期|次|场",
    "件": "件|起",
}
# Places that a union opens: a report that names them does not always say how many there are.
_PLACES = re.compile(r"驿站|母婴室|书屋|托管班|加油站|文化宫|职工之家|司机之家|工作室|基地|服务站")
_HOW_MANY = re.compile(rf"{_HOW_MUCH}(?:个|家|座|处|所|间)")
_NUMBERED = (  # how a place is counted whose name stands between the two
    r"\d\s*[多余]?\s*[个家座处所间][^，。；、,;]{0,9}",
    r"[”）)等\s]{0,3}(?:近|达到?|共有?|超过?|约|增[至到])?\s*\d",
)
_DAY = re.compile(r"几号|哪一?天|几月几|几月份")
_DAY_TOLD = re.compile(
    r"\d+\s*月\s*\d+\s*日|\d+\s*日|每?(?:周|星期)[一二三四五六日天]|每月[\d一二三四五六七八九十]+[日号]"
)
_YEAR = re.compile(r"(?<!\d)(20[12]\d|[12]\d)年")
# A plan for some years says nothing of what was done in the last of them.
_YEARS = re.compile(r"20[12]\d年?\s*[—－~～至到-]{1,2}\s*20[12]\d年?")


def untold(question: str, told: str, around: str) -> bool:
    """Tell whether the question seeks a kind of thing that `told` lacks, or a year that `around` it is not named."""
    if any(sought.search(question) and not looks.search(told) for sought, looks in _KINDS):
        return True
    if which := _WHICH.search(question):
        thing = which["thing"]
        named = _THINGS.get(thing, thing if len(thing) > 1 else rf"[\u4e00-\u9fff]{{2}}{thing}")
        if not re.search(named, told):
            return True
    if _is_named_only(question, around):
        return True
    single = around if _YEARS.search(question) else _YEARS.sub("", around)
    return any((year if len(year) == 4 else f"20{year}") not in single for year in _YEAR.findall(question))


def uncounted(question: str, told: str, around: str) -> bool:
    """Tell whether it asks how many there are or on what day, and no such number stands `around` or in `told`."""
    if any(not number.search(around) for number in counted(question)):
        return True
    return bool(_DAY.search(question)) and not _DAY_TOLD.search(told)


def _is_named_only(question: str, around: str) -> bool:
    """Tell whether it asks how many there are of places that `around` it are named, but not counted."""
    if not _HOW_MANY.search(question):
        return False
    before, behind = _NUMBERED
    named = [place for place in _PLACES.findall(question) if place in around]
    return bool(named) and not any(re.search(rf"{before}{place}|{place}{behind}", around) for place in named)


@lru_cache(maxsize=64)
def counted(question: str) -> tuple[re.Pattern[str], ...]:
    """Return how the numbers look that a question asks for by what they count, such as 几场 and 多少人."""
    units = dict.fromkeys(_UNITS.get(count["unit"], count["unit"]) for count in _COUNT.finditer(question))
    return tuple(re.compile(rf"{_NUMERAL}\s*(?:个|余|多)?\s*(?:工作)?(?:{unit})|百分之") for unit in units)
