"""Tells whether a question stands alone or leans on the turns before it."""

import re
from itertools import pairwise

from knowledge.lexicon import load_lexicon

EARLIER = 2  # turns that a question may lean on
SHORT = 9  # characters that matter; a shorter question seldom names its subject

# What is said of something that was named before, whatever else is named with it; late in a question it points back
# to the question's own beginning.
_POINTS_BACK = re.compile(
    r"^.{0,6}[这那](?:段时间|期间|几天|阵子|会儿|些天|么久)"
    r"|^(那|要是|如果|假如|万一|可是|但是|但|不过|还有|再|然后|也|又|这|它|他|她|我不|我要)"
    r"|^.{0,8}(这个|那个|这些|那些|这样|那样|这种|那种|它|他家|他们|她们"
    r"|上面[说讲那这]|刚才|前面[说讲那这]|这阵|那场|这场|那会|这段)[^，。]*[？?吗呢]?$"
)
_SUPPOSES = re.compile(r"^(?:那|可|那么)?(?:要是|如果|假如|万一|但是|可是|不过|但)")
# What may be asked of anything: alone it leans for certain, at the beginning it may lean.
_ASKS_ON = re.compile(r"^(咋|怎么|为什么|为啥|凭什么|一共|总共|往后|后来|之后|等的|查的)")
_ELLIPSIS = re.compile(
    r"呢[^，。]*[？?吗呢]?$|的(?:算不算|行不行|可不可以|可以吗|有没有|行吗|有吗|算吗|能不能)[^，。]{0,3}$|[算在]在?(?:里面|内|其中)吗?[？?]?$"
)
# A name and nothing that is asked of it: what was asked before is asked of this too.
_NAME_ONLY = re.compile(r"(?!.*(?:怎么|咋|如何|几|多|好久|什么|啥|么子|谁|哪|吗|不|没|冇))[^，。？！]{1,8}呢[？?]?")
_HOW = re.compile(r"怎么|咋|如何|从哪|能不能|可以|可不可以|行不行|是不是|应该|合法|为什么|为啥")
_ANYTHINGS = re.compile(
    r"怎么|咋[个么样]?|如何|哪[里儿个些种块]|什么|么子|啥|多少|好多|几|多久|多长|时候|时间|几时|谁|为什么|为啥|凭什么|是不是|有没有"
    r"|行不行|可不可以|能不能|要不要|收不收|可以|需要|应该|合适|一个月|每个?月|一年|每年|个月|以?之?内|最[多少长短高低快晚迟]|大概|一般|一共|总共"
    r"|全部|开始|结束|结果|材料|东西|证件|资料|手续|流程|程序|条件|证据|部门|地方|单位|公司|老板|本人|自己|工资照[发给]|照发|照给|期限|费用|申请|准备"
    r"|投诉|举报|罚款?|参加|参与|覆盖|惠及|受益|涉及|提前|通知"
    r"|[行能要得该会有是算办弄搞告哪人名家户场提交领拿给收发赔补找去到来带出写打问等看钱费天年月日次个种点在从把用都就还再也只的了着过吗呢吧啊呀嘛没不之内]"
)
# What questions are about, and not words such as 工资 or 仲裁, which further questions about anything hold too.
_SUBJECT = re.compile(
    r"欠薪|欠工资|拖欠|加班|工伤|职业病|签(?:劳动)?合同|社保|养老保险|养老金|失业|医保|公积金|生育津贴|最低工资"
    r"|产假|年假|年休假|病假|婚假|丧假|陪产假|育儿假|探亲假|试用期|辞职|辞退|开除|裁员|怀孕|孕妇|哺乳|性骚扰|高温|劳务派遣"
    r"|入会|加入工会|会费|驿站|书屋|托管班|文化宫|疗休养|助学|送温暖|送清凉|招聘会|劳模|工匠|相亲|体检|互助保障|安康险"
)
_FILLER = re.compile(r"[，。？！,.?!\s啊呀吗呢吧嘛哈哦的了]")


def supposes(question: str) -> bool:
    """Tell whether `question` brings in a new fact, so that the answer before cannot be the answer again."""
    return bool(_SUPPOSES.search(question.strip()))


def asks_how(question: str) -> bool:
    """Tell whether `question` asks what holds or what to do, rather than what somebody did or has."""
    return bool(_HOW.search(question))


def leans(question: str) -> bool:
    """Tell whether `question` cannot be understood without what was said before."""
    asked = question.strip()
    if _POINTS_BACK.search(asked) or _NAME_ONLY.fullmatch(asked):
        return True
    if subjects(asked):
        return False
    return bool(_ELLIPSIS.search(asked)) or not _ANYTHINGS.sub("", _FILLER.sub("", asked))


def may_lean(question: str) -> bool:
    """Tell whether `question` is so short or begins so that it leans if what was said before is of its matter."""
    asked = question.strip()
    return not subjects(asked) and bool(_ASKS_ON.search(asked) or len(_FILLER.sub("", asked)) < SHORT)


def matters(question: str) -> frozenset[str]:
    """Return the pairs of characters that tell what `question` is about, beside what may be asked of anything."""
    # What is left out parts what stands before it from what stands behind.
    runs = _ANYTHINGS.sub(" ", _FILLER.sub(" ", question)).split()
    return frozenset(one + two for run in runs for one, two in pairwise(run))


def subjects(question: str) -> tuple[str, ...]:
    """Return the subjects that `question` names itself, each once, slips put right."""
    return tuple(dict.fromkeys(_SUBJECT.findall(load_lexicon().corrected(question))))
