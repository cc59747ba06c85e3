"""How many people a message speaks of: those who share the trouble, not those whom it names."""

import re

from bot.triage.model import MANY, People
from knowledge.numerals import to_int

_WORKERS = (
    "工友|工人|农民工|民工|兄弟|弟兄|姐妹|同事|员工|职工|骑手|女工|男工|司机|老乡|保洁|保安|护士|老师|师傅|伙计|学徒|临时工"
    "|派遣工|外卖员|快递员|小哥|服务员|环卫工|学生|实习生|孕妇|女孩|姑娘|孩子|小孩"
    "|(?:木|瓦|泥|泥瓦|钢筋|架子|焊|电焊|水电|油漆|杂|小|大|普|护|清洁|粉刷|防水|搬运|装卸|缝纫|挡车|操作|矿|瓦斯|钻)工(?![资钱作伤地])"
    "|(?:分拣|饲养|理货|收银|导购|讲解|保育|护理|售货|销售|业务|推销|安检|质检|检验|仓管|养护|驾驶|乘务|船|店|驻店|坐席)员"
    "|木匠|瓦匠|厨师|帮厨|导购|坐席|客服|主播|教练|月嫂|保姆|医生|技师|船工|环卫"
)
_WHO_DO = "[做干打抹开扎刷搬贴砌拉跑送扫看烧焊装][\u4e00-\u9fff]{1,3}的(?![钱工时活])"  # 三个扎钢筋的
_NUMBER = r"(?:\d+|[零〇一二三四五六七八九十百千两]+)"
_COUNTED = re.compile(  # 我们18个人, 二十多号工友, 120名农民工, 百来号人
    rf"(?<![几数好上成第\d])(?P<number>{_NUMBER})[多来几余]?(?:[个名位号口]|条汉子)?多?(?:人|[老女男外]?(?:{_WORKERS})|{_WHO_DO})"
)
_VAGUE = re.compile(
    rf"(?:几十|几百|上百|成百|好几|好些|几|数十|数百|好多|很多|不少|一些)[多个名位号]*(?:人(?!民)|{_WORKERS})|我们几个"
    r"|(?:我们)?一大?(?:帮|群|伙|班|队|车)(?:人|工友|工人|农民工|兄弟|老乡|骑手|混混|人马)|[两二三]拨人|大家伙|大伙"
    r"|(?:工友|工人|同事|姐妹|兄弟|骑手|老乡)们|欠(?:我们)?大家|我们(?:这些|几十|一行)|工人(?:一个)?都不|我们一个都不|(?:全|整个)(?:厂|车间|班组|工地|公司|班|队|店|站点?)(?:的人|都|人|上下|员工|工人)"
    r"|我们(?:全|整个?)(?:厂|车间|班组|工地|公司|班|队|店|站)"
)
_IN_DANGER = re.compile(r"我们|咱们|大家|(?:里面|下面|底下|上面|里头)还?有?人|他们|几个人|人都")
_OTHERS = re.compile(  # one's family, the size of a firm that is asked about, somebody, one of them
    rf"(?:一家|全家|屋里|家里|上有|下有)(?:老小)?{_NUMBER}[口个]人?|{_NUMBER}口人"
    rf"|{_NUMBER}个(?:小?孩子?|小?伢|娃|儿子|女儿|老人)|{_NUMBER}[多来几]?[个名]?人?(?:以上|以下|以内)"
    rf"|{_NUMBER}[多来几]?[个名]?人?的(?:小?公司|企业|小?厂|单位|店)"
    r"|(?<![十百千\d])[一1]个?人|[每有别]个?人|[第另][一二两三四五]个?人"
)


_RANGE = re.compile("(?<=[一两二三四五六七八九])[二三四五六七八九](?=[十百千]|$)")  # 七八, 十七八, 三四十


def is_range(numeral: str) -> bool:
    """Tell whether a numeral says that it is one number or the next: 七八."""
    return bool(_RANGE.search(numeral))


def people(text: str, danger: bool = False) -> tuple[People, str]:
    """Return how many people share the trouble, and the words that say so; 1 and nothing where none do.

    In danger, `我们` and those who are still inside are many; in a complaint they are how one speaks of one's firm.
    """
    plain = _OTHERS.sub("，", text)
    found = ((to_int(_RANGE.sub("", match["number"])), match[0]) for match in _COUNTED.finditer(plain))
    counts = [(number, words) for number, words in found if number > 1]
    if counts:
        return max(counts)
    vague = _VAGUE.search(plain) or (_IN_DANGER.search(text) if danger else None)
    return (MANY, vague[0]) if vague else (1, "")
