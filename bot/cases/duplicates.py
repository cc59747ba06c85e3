"""When cases belong together: how an employer's name is compared, and from how many workers on a supervisor is told."""

import re
import unicodedata
from datetime import timedelta
from functools import cache

from knowledge.regions import load_regions

WITHIN = timedelta(days=90)  # in which an open case about the same is offered to be joined
WATCHED = timedelta(days=7)  # in which workers at one employer are counted
MANY = (3, 5, 10, 20, 50, 100)  # workers at which the supervisor is told

_BRACKETS = re.compile(r"\(.*?\)|\[.*?\]|【.*?】|〔.*?〕|<.*?>|《|》")  # after NFKC, which knows no wide ones
_LEGAL_FORM = re.compile(
    r"(?:有限责任|股份有限|有限|集团|责任|股份|分|总|子)*公司$|集团$|项目经理部$|项目部$|工地$|厂区$|厂房$|车间$|[总分]?厂$|工厂$"
    r"|(?:[总分]|门|连锁|旗舰|专卖|加盟|直营)店$|(?<![酒饭商书茶旅网药])店$|门市部?$|经营部$|分部$|总部$"
)
_NOISE = re.compile(r"[\W_]+")
# What many firms of a place do: together with the place it is their name, alone it is nobody's.
_TRADE = re.compile(
    r"(?:第?[一二三四五六七八九十百\d]+|人民|中心|中医|妇幼|保健|实验|职业|技术|第|新|老|大|小|东|西|南|北|中"
    r"|建筑|建设|建材|建工|装饰|装修|安装|劳务|工程|路桥|市政|园林|房地产|地产|置业|物业|管理|服务|家政|保洁|保安|环卫"
    r"|服装|制衣|服饰|纺织|棉纺|印染|针织|鞋|皮革|玩具|箱包|食品|饮料|酒|水产|粮油|肉联|屠宰|餐饮|饭店|酒店|宾馆|火锅|超市|商场"
    r"|钢铁|钢|机械|机床|模具|铸造|锻造|五金|电子|电器|电缆|电池|汽车|汽配|配件|零部件|轴承|齿轮|阀门|化工|化肥|制药|医药|塑料|橡胶"
    r"|玻璃|陶瓷|水泥|砖瓦|砖|家具|木业|造纸|印刷|包装|物流|快递|运输|货运|客运|公交|出租|港务|船舶|矿业|煤矿|煤业|石料|采石"
    r"|供电|电力|供水|自来水|燃气|环保|农业|养殖|贸易|商贸|科技|信息|网络|传媒|教育|培训|幼儿园|小学|中学|学校|学院|医院|卫生院"
    r"|制造|加工|生产|实业|工业|经济|开发|发展|投资|控股|国际)+"
)


_NO_PLACE = re.compile(r"城发|国投|公司|集团|齐星|琅菱|工会|省直|[院所厅局委协关社台]$")  # employers among the regions'
_AROUND = re.compile(r"^(?:在|的|位于|中国|湖北省?)+")


@cache
def _places() -> re.Pattern[str]:
    names = (name for name in load_regions().names if not _NO_PLACE.search(name))
    known = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"^(?:{known})[省市区县镇]?(?:[\u4e00-\u9fff]{{2}}(?:区|镇|街道)(?=.{{2}}))?")


def normalised(employer: str) -> str:
    """Return an employer's name as it is compared: without form, place and signs; "" if nothing is left.

    Where nothing but a trade is left, as of 荆州市人民医院, the place stays: it is what tells such firms apart.
    """
    written = unicodedata.normalize("NFKC", employer).lower()
    name = _NOISE.sub("", _BRACKETS.sub("", written)) or _NOISE.sub("", written)
    whole = _without(_AROUND, _without(_LEGAL_FORM, name))
    bare, place = whole, ""
    while (inner := _without(_AROUND, _places().sub("", bare))) != bare:
        place, bare = bare.removesuffix(inner), inner
    if len(bare) >= 2 and not _TRADE.fullmatch(bare):
        return bare
    return f"{place.rstrip('省市区县镇的')}{bare}" if len(whole) >= 2 else name


def _without(words: re.Pattern[str], name: str) -> str:
    """Take words off a name until none are left; what would leave nothing stays."""
    while (shorter := words.sub("", name)) not in ("", name):
        name = shorter
    return name


def crossed(before: int, after: int) -> int | None:
    """Return the count that is told if so many workers were known before and are now, and None if none is crossed."""
    return after if any(before < threshold <= after for threshold in MANY) else None
