"""What somebody is told after a step on a case: what came of it, what the worker hears of it, and whose turn it is."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum

from bot.cases.changes import Append
from bot.cases.model import Audience, Case, Claimant, Move, State
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
    Move.CONFIRM: "记下了：他说解决了。当事人都说了，就结案。",
    Move.FOLLOW_UP: "正在问解决了没有，{told}。",
    Move.CLOSE_UNREACHED: "已经结案，{told}。职工随时可以重开。",
    Move.REOPEN: "重新打开了，{told}。接着办，请按“我来办”。",
    Move.ASK_REOPEN: "记下了，请负责人决定要不要重新办理。",
    Move.DECLINE: "写好了，{told}。这件不再重新办理。",
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


# Whose turn it is, and what that person may do.
TURNS = {
    State.REGISTERED: "还没有开始办。自己办，按“我来办”；交给别人，先分办。",
    State.REOPENED: "职工说没有解决，重新办。自己办，按“我来办”；交给别人，先分办。",
    State.TRIAGED: "分好了，还没有交给谁。自己办，按“我来办”；别的单位办，派单。",
    State.DISPATCHED: "已经派到单位，等单位受理或者退回。",
    State.RETURNED: "单位退回来了，请派给能办的单位。",
    State.EMERGENCY: "紧急：先联系上人。接手以后不再呼叫别人。",
    State.WAITING_WORKER: "在等职工回复。回复了会自己接着办；电话里问到了，按“继续办理”。",
    State.WAITING_EMPLOYER: "在等单位回复。有了回音，按“继续办理”。",
    State.LEGAL_TRACK: "在走法律程序。有了结果，按“继续办理”。",
    State.ANSWERED: "等职工说解决了没有，到时候系统会去问。",
    State.REFERRED: "等职工说那边接了没有，到时候系统会去问。",
    State.RESOLVED: "等职工说解决了没有，到时候系统会去问。",
    State.NOT_SUPPORTED: "等职工的意思：不同意，可以要求再看一次。",
    State.FOLLOW_UP: "正在问职工解决了没有。三次问不到，由负责人决定结案。",
    State.MERGED: "并到了主案里，请在主案里办。",
    State.CLOSED: "已经结案。",
    State.WITHDRAWN: "职工自己撤回了，不用再办。",
}


CALL = "聊天里问不到的人，请打电话问：解决了，记在“职工确认解决”里；没有解决，按“重新办理”。"
ASKED = "职工还是不满意，请求重新办理，请负责人决定：重新办理，或者写清为什么不再办。"


def key(move: Move, change: Append) -> str:
    """Return by what `outcome` knows what came of a move."""
    seen = any(event.audience is Audience.WORKER for event in change.events)
    last = change.events[-1]
    if last.move is Move.ASSIGN and last.content.staff == last.actor.id:
        return Press.TAKEN_UP if seen else Press.HANDLED
    return Press.PUT_BACK if move is Move.UNDO and seen else move


def outcome(key: str, claimants: Iterable[Claimant]) -> str:
    """Say what came of a step, by its key in an address; "" for what is none."""
    pushed = any(each.channel is Channel.TELEGRAM and not each.left for each in claimants)
    return _OUTCOMES.get(key, "").format(told=_TOLD if pushed else _TO_BE_SEEN) or words.said(key)


def turn(case: Case, offered: Collection[Move]) -> str:
    """Say whose turn it is, to somebody who is offered these moves; "" where the moves say it."""
    if case.asked:
        return ASKED
    return CALL if Move.CONFIRM in offered else TURNS.get(case.state, "")
