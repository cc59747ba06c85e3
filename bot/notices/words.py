"""Every sentence that staff are sent or shown outside the desk."""

from datetime import datetime

from bot.notices.model import Kind, Notice
from knowledge.calendar import ZONE
from knowledge.vocabulary import Urgency

SENDER = "娘家"  # stands in every message, so that a robot can be told to take only those with this word
NO_PERSONS = "为保护当事人，通知里不写姓名、电话和经过，请在工作台查看。"

_HEADLINES = {
    Kind.NEW_CASE: "有新的诉求，请分办",
    Kind.DISPATCHED: "有诉求派到本单位，请受理或说明理由退回",
    Kind.TRANSFERRED: "有诉求转到本单位，请受理或说明理由退回",
    Kind.RETURNED: "有诉求被退回，请重新分办",
    Kind.EMERGENCY: "有人可能正处在危险中，请马上联系、马上处置",
    Kind.WARNING: "办理时限快到了",
    Kind.OVERDUE: "已经超过办理时限",
    Kind.REPLY: "职工有新的回复",
    Kind.REOPENED: "职工要求重新办理",
    Kind.WITHDRAWN: "职工撤回了诉求",
    Kind.UNREACHED: "三次回访都没有联系上职工，请主管决定",
    Kind.SEVERAL: "同一单位近期有多名职工反映问题，请留意",
    Kind.TAKEN: "已经有同事接手，不用再接",
    Kind.TRIAL: "这是一次试发，收到就说明这个地址能用，不用处理",
}
_LEVELS = ("", "，已告知单位负责人", "，已上报上一级工会", "，已上报上两级工会")

# --- the buttons ---

TAKE = "我来处理"
CLAIM = "认领"
ANSWER = "回复职工"
OPEN = "打开"
SOMEBODY = "一位同事"  # who has taken it, where no name is known

# --- the page behind the link ---

TAKE_ASKED = "点下面的按钮，就表示您现在接手，马上联系、处置；同事们不会再接到呼叫。"
TAKEN = "好的，记下了：由您接手。请马上联系、处置，并在工作台写下经过。"
ALREADY = "已经有同事接手了，呼叫已停止。经过请在工作台查看。"
GONE = "这件事已经不在紧急呼叫中了，不用再接手。经过请在工作台查看。"
EXPIRED = "这个链接打不开了：可能过期了，也可能没有复制完整。请用最近一次呼叫里的链接，或者到工作台处理。"
TO_DESK = "打开工作台"


def headline(notice: Notice) -> str:
    """Say in one line what it is about, such as for the subject of a mail."""
    mark = f"【{notice.urgency.value}】" if notice.urgency is not Urgency.NORMAL else ""
    again = f"（第 {notice.call} 次呼叫）" if notice.kind is Kind.EMERGENCY and notice.call > 1 else ""
    level = _LEVELS[min(notice.level, 3)] if notice.kind is Kind.OVERDUE else ""
    return f"{SENDER}{mark}{_HEADLINES[notice.kind]}{level}{again}"


def facts(notice: Notice) -> list[tuple[str, str]]:
    """Return what is known, as names and values."""
    found = [
        ("编号", notice.case),
        ("类别", notice.category and notice.category.value),
        ("人数", notice.count and f"{notice.count} 人"),
        ("工会", notice.called or notice.union),
        ("时限", notice.due and moment(notice.due)),
        ("已经接手", notice.by),
    ]
    return [(name, value) for name, value in found if value]


def moment(at: datetime) -> str:
    """Write a moment as people in China do."""
    local = at.astimezone(ZONE)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def message(notice: Notice, desk: str | None, take: str | None) -> str:
    """Return the whole notice as plain text, with its links where there are any."""
    lines = [headline(notice), *(f"{name}：{value}" for name, value in facts(notice))]
    lines += [f"{TAKE}：{take}"] if take else []
    lines += [f"{TO_DESK}：{desk}"] if desk else []
    return "\n".join([*lines, NO_PERSONS])
