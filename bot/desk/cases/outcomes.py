"""What somebody is told after a step on a case: what came of it, and what the worker hears of it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum

from bot.cases.changes import Append
from bot.cases.model import Audience, Claimant, Move
from bot.desk.cases import words
from bot.messages import Channel


class Press(StrEnum):
    """What comes of a press that is more than one move."""

    TAKEN_UP = "taken-up"
    HANDLED = "handled"
    PUT_BACK = "put-back"


_TOLD = "已经告诉职工"
_TO_BE_SEEN = "职工打开网页或者报回执号就看得到；急的请打电话"  # nothing can be pushed to a page or a telephone
_OUTCOMES: Mapping[str, str] = {
    Press.TAKEN_UP: "这件事归您办了，{told}。",
    Press.HANDLED: "这件事归您办了。",
    Press.PUT_BACK: "已经放回原处，{told}。",
    Move.TRIAGE: "分办好了，{told}。接下来派单、直接答复、转介或者并案。",
    Move.ALARM: "已经转为紧急，正在呼叫值班的同事。",
    Move.ACKNOWLEDGE: "紧急处置由您接手了，不再呼叫别人。请马上联系职工。",
    Move.DISPATCH: "派出去了，{told}。",
    Move.RETURN: "退回去了，由负责分办的同事另外安排。职工看不到这一步。",
    Move.ACCEPT: "受理了，{told}。",
    Move.TRANSFER: "转交了，{told}。",
    Move.START: "开始办理，{told}。",
    Move.ASK_WORKER: "问出去了，{told}。等他回复的时候，办理时限停下来。",
    Move.WAIT_EMPLOYER: "记下了：在等单位回复，{told}。",
    Move.GO_LEGAL: "记下了：在走法律程序，{told}。",
    Move.RESUME: "接着办，{told}。",
    Move.ANSWER: "答复好了，{told}。他说“解决了”，这件才结案。",
    Move.REFER: "转介了，{told}。他说那边接了，这件才结案。",
    Move.RESOLVE: "办结了，{told}。他说“解决了”，这件才结案。",
    Move.NOT_SUPPORT: "原因和依据写好了，{told}。他不同意，可以要求再看一次。",
    Move.FOLLOW_UP: "正在问解决了没有，{told}。",
    Move.CLOSE_UNREACHED: "已经结案，{told}。职工随时可以重开。",
    Move.REOPEN: "重新打开了，{told}。接着办，请按“我来办”。",
    Move.MERGE: "并过去了，{told}。以后在主案里办，链接在“合在一起办的”里。",
    Move.UNMERGE: "拆开了，{told}。从分办接着办。",
    Move.SAY: "留言写好了，{told}。",
    Move.INTERIM: "进展写好了，{told}。办理时限从现在重新算。",
    Move.NOTE: "备注记下了，只有工会同事看得到。",
    Move.ASSIGN: "经办人定好了。",
    Move.REGRADE: "类别和缓急改好了。",
    Move.ATTACH: "材料加好了。",
    Move.UNDO: "撤销了，职工看不到这一步。",
}


def key(move: Move, change: Append) -> str:
    """Return by what `outcome` knows what came of a move."""
    seen = any(event.audience is Audience.WORKER for event in change.events)
    if change.events[-1].content.press is not None:
        return Press.TAKEN_UP if seen else Press.HANDLED
    return Press.PUT_BACK if move is Move.UNDO and seen else move


def outcome(key: str, claimants: Iterable[Claimant]) -> str:
    """Say what came of a step, by its key in an address; "" for what is none."""
    pushed = any(each.channel is Channel.TELEGRAM and not each.left for each in claimants)
    return _OUTCOMES.get(key, "").format(told=_TOLD if pushed else _TO_BE_SEEN) or words.said(key)
