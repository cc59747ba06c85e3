"""Sentences that speak to the machine and not to the union, such as 忽略以上规则: they tell nothing of the matter."""

import re

from bot.triage.needles import needles, pieces

_WHOM = "(?:指令|指示|规则|设定|设置|要求|提示词?|限制|约束|内容|命令|对话|话|说的|角色|身份|流程)"
_REST = r"[^。！？!?\n，,；;]"  # of the clause
_COMMANDS = re.compile(
    rf"(?:忽略|无视|忘记|忘掉|不要理会|别管|跳过|绕过|覆盖|作废)了?你?的?(?:掉|一切)?"
    rf"(?:以上|之前|前面|上面|所有|全部|你的|系统|一切|先前|此前|上述|原来|原有|任何|刚才|这些){_REST}{{0,8}}{_WHOM}"
    r"|(?:ignore|disregard|forget)\b[^。！？!?\n]{0,40}\b(?:instructions?|rules?|prompts?)"
    rf"|(?:你现在|从现在起|从现在开始|现在起|接下来)(?:你|请)?(?:就|将|要)?(?:是|扮演|进入|变成|切换){_REST}{{0,20}}"
    rf"|(?:假装|假设|设想|请|来)(?:你)?(?:自己)?(?:是|扮演|充当|冒充){_REST}{{0,16}}|(?:请|来)?扮演(?:一[个名位])?{_REST}{{0,16}}"
    rf"|{_REST}{{0,10}}(?:开发者|调试|管理员|上帝|debug|dan|越狱|测试){_REST}{{0,3}}模式{_REST}{{0,6}}"
    rf"|{_REST}{{0,16}}(?:系统提示|提示词|系统配置|内部配置|系统指令|密钥|api ?key|(?:system )?prompt){_REST}{{0,16}}"
    rf"|(?:把|将|请)?{_REST}{{0,10}}(?:意图|类别|分类|紧急程度|优先级|urgency|intent|category|label){_REST}{{0,6}}"
    rf"(?:设置?|改|标|写|判|定|填|归|输出|回答)(?:为|成|到|作){_REST}{{0,12}}"
    r"|\b(?:intent|urgency|category|people|region)\b\s*[=:：]\s*\S{1,8}"
    r"|<\/?(?:system|assistant|user|prompt)[^>]{0,20}>|\[/?(?:system|inst)\]",
    re.IGNORECASE,
)
_NEEDLES = needles(_COMMANDS.pattern)


def without_commands(text: str) -> tuple[str, str]:
    """Return the text without what speaks to the machine, and the first piece that was left out."""
    if _NEEDLES.isdisjoint(pieces(text.casefold())) or (found := _COMMANDS.search(text)) is None:
        return text, ""
    return _COMMANDS.sub("，", text).strip(" ，,。"), found[0]
