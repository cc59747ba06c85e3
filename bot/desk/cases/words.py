"""Every sentence of the pages of cases, but for the headings and labels of their templates."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from bot.cases.deadlines import Clock
from bot.cases.lifecycle import STATE_NAMES
from bot.cases.model import SETTLED, Alarm, Audience, Case, ClockKind, Event, Move, Party, State
from bot.desk.page import moment
from bot.messages import Channel
from bot.pages.refusals import Refused
from bot.texts.cases import route_for_staff
from knowledge.organizations import Organizations


class Tab(StrEnum):
    """A way to look at the queue."""

    ALL = "all"
    MINE = "mine"
    UNCLAIMED = "unclaimed"
    SOON = "soon"
    OVERDUE = "overdue"
    WAITING = "waiting"
    ENDED = "ended"


TABS: dict[str, str] = {
    Tab.ALL: "要办的",
    Tab.MINE: "我的",
    Tab.UNCLAIMED: "没人接",
    Tab.SOON: "快到期",
    Tab.OVERDUE: "超时",
    Tab.WAITING: "在等",
    Tab.ENDED: "办完的",
}
EMPTY: dict[str, str] = {
    Tab.ALL: "没有要办的诉求。",
    Tab.MINE: "您手上没有诉求。",
    Tab.UNCLAIMED: "每一件都有人接了。",
    Tab.SOON: "一天之内没有到期的。",
    Tab.OVERDUE: "没有超时的，真好。",
    Tab.WAITING: "没有在等别人的。",
    Tab.ENDED: "还没有办完的。",
}

VIEWS_DONE = {"view-saved": "视图存好了，在列表上面。", "view-removed": "视图已删除。"}
TOO_MANY_VIEWS = "视图已经存满，请先删掉一个。"


def view_name(values: Sequence[str]) -> str:
    """Name a view after its filters, for somebody who gives it no name."""
    return (
        " ".join(str(STATE_NAMES.get(State(each), each)) if each in set(State) else each for each in values if each)[
            :20
        ]
        or "我的视图"
    )


# --- moves ---

MOVES = {
    Move.OPEN: "登记",
    Move.TRIAGE: "分办",
    Move.ALARM: "转为紧急",
    Move.ACKNOWLEDGE: "接手紧急处置",
    Move.DISPATCH: "派单",
    Move.RETURN: "退回",
    Move.ACCEPT: "受理",
    Move.TRANSFER: "转交",
    Move.START: "开始办理",
    Move.ASK_WORKER: "请职工补充",
    Move.WAIT_EMPLOYER: "等单位回复",
    Move.GO_LEGAL: "走法律程序",
    Move.RESUME: "继续办理",
    Move.ANSWER: "直接答复",
    Move.REFER: "转介",
    Move.RESOLVE: "办结",
    Move.NOT_SUPPORT: "不予支持",
    Move.FOLLOW_UP: "回访",
    Move.CONFIRM: "职工确认解决",
    Move.CLOSE_UNREACHED: "联系不上，结案",
    Move.REOPEN: "重新办理",
    Move.ASK_REOPEN: "职工请求重新办理",
    Move.DECLINE: "不再重新办理",
    Move.WITHDRAW: "职工撤回",
    Move.MERGE: "并案",
    Move.UNMERGE: "拆开单独办",
    Move.END_MERGED: "随主案结案",
    Move.SAY: "留言",
    Move.NOTE: "内部备注",
    Move.INTERIM: "告知进展",
    Move.ASSIGN: "指定经办人",
    Move.REGRADE: "改类别或缓急",
    Move.CORRECT: "职工更正",
    Move.ATTACH: "补充材料",
    Move.JOIN: "工友加入",
    Move.LEAVE: "当事人退出",
    Move.RATE: "职工评分",
    Move.TICK: "到时提醒",
    Move.UNDO: "撤销",
}
HINTS = {
    Move.TRIAGE: "不自己办的先分办：接下来派给别人、直接答复、转介或者并案。自己办的，按“我来办”就行。",
    Move.ALARM: "有人可能正处在危险中：马上呼叫值班的同事。",
    Move.ACKNOWLEDGE: "由您接手，不再呼叫别的同事。请马上联系。",
    Move.DISPATCH: "交给能办的单位，理由职工也看得到。",
    Move.RETURN: "每个单位只能退回一次，职工看不到理由。",
    Move.ACCEPT: "接下来由您办理，职工会收到通知。",
    Move.TRANSFER: "换一个单位接着办，理由职工也看得到。",
    Move.ASK_WORKER: "职工回复之前，办理时限停下来。",
    Move.WAIT_EMPLOYER: "时限照走。写给职工看：找了谁，等什么。",
    Move.GO_LEGAL: "由外面的机构决定，工会跟着。",
    Move.ANSWER: "问清楚就行的，直接答复，不用派单。",
    Move.REFER: "归别的部门管：说清找谁、为什么、怎么联系。职工说那边接了，才算完。",
    Move.RESOLVE: "写清结果。过几天会问职工是不是真的解决了。",
    Move.NOT_SUPPORT: "写清原因和依据，职工可以要求再看一次。",
    Move.FOLLOW_UP: "现在就问职工解决了没有。",
    Move.CONFIRM: "打电话或者当面问过本人，他说解决了，就在这里记下。只用于来电来访、聊天里问不到的人。",
    Move.REOPEN: "职工说没有解决，就重新打开，从分办接着办。经办人替职工打开，一件只有一次，再有就请负责人决定。",
    Move.ASK_REOPEN: "已经重新办过一次，这回请负责人决定，系统会通知。写上职工是怎么说的。",
    Move.DECLINE: "写清为什么到此为止，职工看得到；他还会知道可以打 12351，也可以走仲裁、法院。",
    Move.CLOSE_UNREACHED: "三次都没有联系上，由负责人决定结案。职工随时可以重开。",
    Move.MERGE: "和同一件事合在一起办，两边的职工都会收到进展。填对方的编号。",
    Move.SAY: "职工会马上收到。",
    Move.NOTE: "只有工会同事看得到。",
    Move.INTERIM: "职工会收到，办理时限从现在重新算。",
}
FIELDS = {
    "text": "写什么",
    "reason": "理由",
    "basis": "法律依据",
    "contact": "怎么联系",
    "organization": "哪个工会",
    "department": "哪个部门",
    "body": "哪个机构",
    "until": "最晚到哪天",
    "parent": "并到哪一件",
    "staff": "经办人",
    "category": "类别",
    "urgency": "缓急",
    "claimant": "哪位当事人",
}
REGISTERED = "这件事已经登记过了，没有再记一次。回执号只显示一次；没记下的，请重新登记或者用编号来查。"
AWAY = "已经交给别的单位，不在您这里了。"
UNKNOWN = "没有这个编号的诉求，或者不归您的工会管。"

QUICKER = "刚才有了新的进展，您看到的还是旧的。下面是现在的样子，您写的还在，看过以后可以再点一次。"
TAKEN = "同事比您早一步，已经接了，经办人写在上面。真要换您来办，先和他说一声，再按“改由我办”。"
NO_STAFF = "请选一位能办这件事的同事。"
NO_UNION = "请选名录里的工会和部门。"
NO_BODY = "请选一个机构。"
NOT_TO_CONFIRM = "这位当事人由系统去问，或者已经说过了；只有来电来访、聊天里问不到的人，由您代他记下。"
BAD_DAY = "请填今天以后的日期。"
BAD_PARENT = "并案要填一件还在办的、没有并到别处的诉求；这一件下面也不能再挂着别的。"
TAKE_UP = "我来办"
NOT_YOURS_ANY_MORE = "这件事刚才被删除，或者交给别处了。"


def said(done: str) -> str:
    """Say what was done, by its key in an address; "" for what is none."""
    given = {
        "away": AWAY,
        "registered": REGISTERED,
        "unknown": UNKNOWN,
        "draft": DRAFT_SAVED,
        "dropped": DRAFT_DROPPED,
        **VIEWS_DONE,
    }
    return given.get(done, "")


def not_found() -> Refused:
    """Return the error for a case that does not exist, or is not for this person to know of."""
    return Refused(404, "没有找到这件诉求", "编号可能不对，也可能不归您的工会管。请回到诉求列表再找一次。")


# --- registering ---

CALLED, CAME = "来电", "来访"
WAYS = (CALLED, CAME)
WAY = "怎么来的"
CONSENT = "已经告诉对方记什么、谁能看、留多久，不会交给单位，随时可以要求删除；对方同意。"
NO_CONSENT = "请先把记什么、谁能看、留多久告诉对方，对方同意了再登记。"
AGAIN = "这一页打开得太久，请再点一次。"


JOIN_AGAIN = "刚才有了新的进展。请再看一眼，再点一次。"
BEGUN = "没登记完的"
DRAFT_SAVED = "先存着了，七天之内可以接着填；只有您自己看得到。"
DRAFT_DROPPED = "已经丢掉。"


def missing(labels: Sequence[str]) -> str:
    """Name what must be told."""
    return f"还缺：{'、'.join(labels)}。"


def elsewhere(place: str) -> str:
    """Say that none of our unions has it, unless somebody chooses one."""
    return f"说的地方是{place}，归当地的工会管，请对方打当地的 12351。要由我们接，请选一个工会。"


def chosen(name: str) -> str:
    """Say why a case is where somebody put it."""
    return f"登记的时候由{name}选定。"


# --- who, what and when ---

CLOCKS = {
    ClockKind.TRIAGE: "分办",
    ClockKind.ACCEPT: "受理或退回",
    ClockKind.CONTACT: "第一次联系职工",
    ClockKind.RESULT: "给出结果",
    ClockKind.WORKER: "等职工回复",
    ClockKind.LEGAL: "外面机构的期限",
    ClockKind.FOLLOW_UP: "回访职工",
    ClockKind.CALL: "呼叫值班人员",
    ClockKind.DECISION: "决定要不要重新办理",
}
OWNERS = {
    ClockKind.TRIAGE: "分办的同事",
    ClockKind.ACCEPT: "接单的单位",
    ClockKind.CONTACT: "经办人",
    ClockKind.RESULT: "经办人",
    ClockKind.WORKER: "职工，到时系统会提醒",
    ClockKind.LEGAL: "外面的机构，经办人跟着",
    ClockKind.FOLLOW_UP: "系统会问，答不上再由负责人决定",
    ClockKind.CALL: "值班的同事",
    ClockKind.DECISION: "负责人",
}
# What the time of a queue's row is left for; which step of the handling it is, the case's page says.
AWAITED = {
    **dict.fromkeys((State.REGISTERED, State.REOPENED, State.TRIAGED, State.RETURNED), "分办"),
    State.EMERGENCY: "处置",
    State.DISPATCHED: "受理",
    **dict.fromkeys((State.ACCEPTED, State.IN_PROGRESS, State.WAITING_EMPLOYER), "办理"),
    State.WAITING_WORKER: "职工回复",
    State.LEGAL_TRACK: "外面的期限",
    **dict.fromkeys((*SETTLED, State.FOLLOW_UP), "回访"),
    **dict.fromkeys((State.CLOSED, State.MERGED), "要不要重办"),
}
_PARTIES = {Party.WORKER: "职工", Party.BOT: "娘家", Party.SYSTEM: "系统"}
_ALARMS = {
    Alarm.WARN: "时限用掉了八成，已提醒",
    Alarm.OVERDUE: "超过时限，已上报",
    Alarm.CALL: "已呼叫值班人员",
    Alarm.REMIND: "已提醒职工回复",
    Alarm.ASK: "已问职工是否解决",
    Alarm.UNREACHED: "职工一直没有回音，请负责人决定",
}
CHANNELS = {Channel.TELEGRAM: "聊天软件", Channel.WEB: "网页", Channel.CLI: "命令行"}
MIMES = {"image": "图片", "video": "视频", "audio": "录音", "application": "文件", "text": "文字"}


def who(event: Event) -> str:
    """Name who did it."""
    if event.actor.party is Party.STAFF:
        return event.actor.name or "值班同事"
    return _PARTIES[event.actor.party]


def what(event: Event, case: Case) -> str:
    """Say what was done."""
    if event.move is Move.UNDO and event.content.undone is not None:
        return f"撤销“{step(case.events[event.content.undone - 1])}”"
    alarm = event.content.alarm
    return _ALARMS[alarm] if event.move is Move.TICK and alarm is not None else MOVES[event.move]


def last_day(end: datetime) -> str:
    """Write the last day of a time limit that ends with it: 2026-12-30."""
    return moment(end - timedelta(minutes=1))[:10]


def claimant(number: int) -> str:
    """Name a claimant without their name."""
    return f"第 {number} 位"


def step(first: Event) -> str:
    """Name what one press did by its first event: several steps, which workers see, only take a case up."""
    taken_up = first.audience is Audience.WORKER or first.content.press is not None
    return TAKE_UP if taken_up else MOVES[first.move]


def undo(first: Event) -> str:
    """Say what can be taken back, and who knows of it."""
    known = "撤销以后放回原处，职工也看得到" if first.audience is Audience.WORKER else "职工看不到这一步"
    return f"您刚才：{step(first)}。{known}。"


def owner(clock: Clock, case: Case, union: str) -> str:
    """Say who owes it; `union` is whose the case is, as people call it."""
    handled = case.handler or clock.kind not in (ClockKind.CONTACT, ClockKind.RESULT)
    return OWNERS[clock.kind] if handled else f"{union}，还没有经办人"


def since(clock: Clock, case: Case) -> str:
    """Say from when a clock counts."""
    event = case.events[clock.since - 1]
    return f"从 {moment(clock.started_at)} {what(event, case)}算起"


def due(at: datetime | None, now: datetime) -> str:
    """Say how long there is still, or how long it is overdue."""
    if at is None:
        return ""
    left = at - now
    return f"还有 {_span(left)}" if left >= timedelta(0) else f"超时 {_span(-left)}"


def _span(length: timedelta) -> str:
    minutes = int(length.total_seconds() // 60)
    if minutes < 60:
        return f"{minutes} 分钟"
    hours = minutes // 60
    return f"{hours} 小时" if hours < 48 else f"{hours // 24} 天"


def lines(event: Event, names: dict[str, str], organizations: Organizations) -> list[tuple[str, str]]:
    """Return what an event says, as labels and words; "" labels what needs none."""
    said = event.content
    reason = "" if event.move is Move.OPEN else route_for_staff(said.reason)  # the route stands in its own place
    body = organizations.bodies.get(said.body)
    found = [
        ("", said.text),
        ("理由", reason),
        ("依据", said.basis),
        ("机构", body.name if body else said.body),
        ("联系", said.contact),
        ("期限", f"最晚 {last_day(said.until)}" if said.until else ""),
        ("交给", organizations.title(said.organization) if event.move in (Move.DISPATCH, Move.TRANSFER) else ""),
        ("经办人", names.get(said.staff, "已离开的同事") if said.staff else ""),
        ("类别", "、".join(said.categories) if event.move is Move.REGRADE else ""),
        ("缓急", str(said.urgency) if event.move is Move.REGRADE and said.urgency else ""),
        ("评分", f"{said.score} 分" if said.score else ""),
        ("当事人", claimant(said.claimant) if event.move is Move.CONFIRM and said.claimant else ""),
    ]
    return [(label, words) for label, words in found if words]


def masked(name: str, telephone: str) -> tuple[str, str]:
    """Return a claimant's name and telephone as far as everybody who works on the case sees them."""
    digits = f"{telephone[:3]}****{telephone[-2:]}" if len(telephone) >= 7 else "****" if telephone else ""
    return f"{name[0]}**" if name else "", digits


def state(case: Case) -> str:
    """Name the state of a case."""
    return STATE_NAMES[case.state]


def size(count: int) -> str:
    """Write a number of bytes."""
    return f"{count / 1024:.0f} KB" if count < 1 << 20 else f"{count / (1 << 20):.1f} MB"


# --- searching ---

FACTS = {"story": "经过", "employer": "单位", "place": "地方", "wish": "希望"}
CLAIMANT, TELEPHONE = "当事人姓名", "当事人电话"


def searched(read: int, total: int) -> str:
    """Say how far a search has come."""
    if read >= total:
        return f"看完了您能看到的全部 {total} 件。"
    return f"先看了最近的 {read} 件，一共 {total} 件。"
