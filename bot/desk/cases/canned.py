"""Replies that stand ready, with what they say of a case filled in."""

from dataclasses import dataclass

from bot.cases.model import Case, Move
from bot.desk.staff import Staff


@dataclass(frozen=True, slots=True)
class Canned:
    """A reply and the move that it is for."""

    id: str
    move: Move
    title: str
    text: str


_TEXTS = (
    (
        Move.ASK_WORKER,
        "要凭据",
        "请把劳动合同、工资条或者转账记录、考勤这几样里有的，拍照发在这里；没有也没关系，说一声就行。",
    ),
    (Move.ASK_WORKER, "问联系人", "请告诉我们{employer}里管这件事的人怎么称呼，电话是多少；不知道就回“不知道”。"),
    (Move.ASK_WORKER, "约时间", "我们想和您当面谈一次，请回一个您方便的时间和地方，我们来找您也可以。"),
    (
        Move.SAY,
        "已接手",
        "您好，我是{union}的{handler}，您反映的{category}这件事由我来办。有什么要补充的，直接在这里写。",
    ),
    (Move.SAY, "会联系单位", "我们这两天就去找{employer}，有了消息马上告诉您。"),
    (Move.INTERIM, "还在谈", "我们已经和{employer}谈过，单位还在核实，我们会接着催，有进展就告诉您。"),
    (Move.WAIT_EMPLOYER, "已发函", "已经向{employer}发了函，请单位在期限内书面答复。"),
    (Move.RESOLVE, "已付清", "{employer}已经答应并付清了，请您查收；没有收到，马上告诉我们。"),
    (Move.RESOLVE, "已改正", "{employer}已经改正。以后再有这样的事，随时告诉我们。"),
    (Move.NOT_SUPPORT, "超出范围", "您的要求超出了规定能支持的范围。"),
    (Move.RETURN, "不归本地", "单位不在本地，请改派单位所在地的工会。"),
)


def canned(case: Case, staff: Staff) -> tuple[Canned, ...]:
    """Return the replies for a case, as this person would send them."""
    values = {
        "employer": case.facts.employer or "单位",
        "union": case.organization,
        "handler": staff.name,
        "category": case.categories[0].value,
    }
    return tuple(
        Canned(f"canned-{number}", move, title, text.format_map(values))
        for number, (move, title, text) in enumerate(_TEXTS)
    )
