"""Says no well: that the index does not hold it, who would know, and how to reach a person."""

import re

from bot.texts import refusal_text

# Who knows, by what the question is about; the first that fits is named before the union's own line.
_OFFICES = (
    (re.compile(r"医保|医疗保险|报销|药费"), "医保", "12393"),
    (re.compile(r"公积金"), "公积金", "12329"),
    (
        re.compile(
            r"社保|养老|失业|工伤|退休|最低工资|平均工资|高温|津贴|劳动局|人社|病假|医疗期|[婚产丧年]假|几天假|加班|待岗|伤残|工亡|童工"
        ),
        "人社",
        "12333",
    ),
    (
        re.compile(r"官司|律师|起诉|法院|离婚|彩礼|借钱|欠条|欠债|借条|还钱|遗产|房产|房东|租房|押金|赔|合同"),
        "公共法律服务",
        "12348",
    ),
    (re.compile(r"心里|抑郁|失眠|睡不着|焦虑"), "心理援助", "12356"),
    (re.compile(r"孩子|青年|学生"), "青少年服务", "12355"),
    (re.compile(r"税|户口|驾照|违章|公交|天气|垃圾|噪音|吵|邻居|假货|退货|办证|签证"), "政务服务", "12345"),
)


def refusal(question: str) -> str:
    """Return the words of a refusal for this question."""
    offices = [(name, number) for pattern, name, number in _OFFICES if pattern.search(question)]
    return refusal_text(offices[:1])
