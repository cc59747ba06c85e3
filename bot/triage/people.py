"""How many people a message speaks of: those who share the trouble, not those whom it names."""

import re

from bot.triage.model import MANY, People
from knowledge.numerals import to_int

_WHO = (
    "人|工友|工人|农民工|民工|兄弟|弟兄|姐妹|同事|员工|职工|骑手|女工|男工|司机|老乡|保洁|保安|护士|老师|师傅|伙计|学徒|老员工|临时工"
    "|派遣工|外卖员|快递员|小哥|服务员|环卫工|学生|实习生|孕妇|女孩|姑娘|孩子|小孩"
)
_NUMBER = r"(?:\d+|[零〇一二三四五六七八九十百千两]+)"
# 我们18个人, 二十多号工友, 120名农民工, 百来号人
_COUNTED = re.compile(
    rf"(?P<number>{_NUMBER})(?P<about>[多来几余])?(?:[个名位号口]|条汉子)?(?P<more>多)?(?:[一-鿿]{{0,2}}?)(?:{_WHO})"
)
_VAGUE = re.compile(
    rf"(?:几十|几百|上百|成百|好几|好些|几|数十|数百|多)(?:[个名位号]|多)*(?:{_WHO})|好多(?:工友|工人|同事|人|职工)|很多(?:工友|工人|同事|人|职工)"
    r"|我们几个|我们一[帮群班队]|一[大]?[帮群伙](?:人|工友|工人|农民工|兄弟|老乡)|大家伙|大伙|工友们|工人们|同事们|姐妹们|兄弟们"
    r"|(?:全|整个|整)(?:厂|车间|班组|工地|公司|班|队|店|站点?)(?:的人|都|人|上下|员工|工人)|我们(?:全|整)(?:厂|车间|班组|工地|公司)"
)
# Not those who are affected: one's family, the size of a firm that is asked about, an age, a share.
_FAMILY = re.compile(
    rf"(?:一家|全家|屋里|家里|上有|下有)(?:老小)?{_NUMBER}[口个]人?|{_NUMBER}口人|{_NUMBER}个(?:小?孩子|小?伢|娃|儿子|女儿|老人)"
)
_SIZE = re.compile(
    rf"(?:不满|不到|少于|超过|满|几个)?{_NUMBER}[多来几]?[个名]?人?(?:以上|以下|以内|的(?:小?公司|企业|小?厂|单位|店))|(?:第|每|按|另)[一二两三四五六七八九十]个?人"
    r"|(?<![十百千\d])[一1]个?人|每个?人|有人|别人|(?<![零一二两三四五六七八九十百千多来几\d])个人"
)


def people(text: str) -> tuple[People, str]:
    """Return how many people share the trouble, and the words that say so; 1 and nothing where none do."""
    plain = _SIZE.sub("，", _FAMILY.sub("，", text))
    counts = [(number, match[0]) for match in _COUNTED.finditer(plain) if (number := to_int(match["number"])) > 1]
    if counts:
        return max(counts)
    vague = _VAGUE.search(plain)
    return (MANY, vague[0]) if vague else (1, "")
