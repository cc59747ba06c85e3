"""Every sentence that staff read in the messenger, but for the notices themselves and the page of their account."""

import re
from collections.abc import Sequence
from datetime import datetime

from bot.cases.lifecycle import STATE_NAMES
from bot.cases.model import Case
from bot.cases.ports import QueueRow
from bot.desk.cases import words as cases
from knowledge.vocabulary import Urgency

# --- linking ---

CODE_GONE = "这个绑定码用过了，或者过了十分钟。请在工作台“我的账号”里重新取一个。"
CODE_IN_GROUP = "绑定码不要发在群里，别人看得到。这个已经作废，请重新取一个，私下发给我。"

# --- groups ---


def group(number: str) -> str:
    """Tell how the roster calls a group."""
    return f"这个群的群号是 {number}\n请管理员填到工作台的“值班”里，填好试发一条。"


# --- refusals ---

NOT_LINKED = "没有办成。要在这里办事，请先登录工作台，在“我的账号”里绑定。"
NOT_YOUR_ROLE = "没有办成。您的角色不办诉求。"
NOT_FOUND = "没有办成。没有这件诉求，或者不归您的工会管。"
OLD_BUTTON = "这个按钮用不了了，请用最近的一条通知，或者到工作台办。"
NOT_IN_GROUP = "这里看的人多，请私下发给我。"

# --- claiming and taking ---

CLAIMED = "好的，由您经办。"

# --- writing to the worker ---

_PROMPT = "请回复这条消息，写好发出，就转给职工。\n编号："
_PROMPTED = re.compile(rf"[^\n]{{1,64}}，{_PROMPT}(?P<number>[A-Z]{{2,6}}-\d{{4}}-\d{{6,9}})", re.ASCII)
ONLY_WORDS = "没有转。这里只能转文字，图片和文件请在工作台里说明。"
PUT_RIGHT = "没有转。发出去的话改不了；要更正，请再回复一条。"
PERSONAL = "这条里像有姓名、电话或证件号，群里的人都看得到：请撤回，以后私下回复我，或者在工作台写。"

HELP = "\n".join(
    (
        "有新的、快到期的、超时的诉求，会发到值班的群里；您手上的，也会私下告诉您。",
        "在这里回复一条通知，就是写给职工。",
        "发 /queue，看您手上的诉求。",
    )
)


def linked(name: str) -> str:
    """Tell somebody that their account is linked."""
    return f"绑定好了，{name}。\n\n{HELP}"


def prompt(name: str, number: str) -> str:
    """Ask somebody for the words that go to the worker."""
    return f"{name.replace('，', ' ')}，{_PROMPT}{number}"


def prompted(text: str) -> str | None:
    """Return the number of the case for which `text` asks somebody for words; None where it does not."""
    found = _PROMPTED.fullmatch(text)
    return found["number"] if found else None


def quicker(name: str) -> str:
    """Say who was first."""
    return f"{name or '同事'}已经先接了。"


def not_now(case: Case) -> str:
    """Say that the worker cannot be written to any more."""
    return f"没有转。这件事现在是“{STATE_NAMES[case.state]}”。"


def too_long(longest: int) -> str:
    """Say how much can be passed on at once."""
    return f"没有转。一次最多 {longest} 个字，请分几条发。"


def passed_on(number: str, warning: str) -> str:
    """Confirm that the worker gets it."""
    return f"已转给职工。\n编号：{number}" + (f"\n\n{warning}" if warning else "")


def overview(mine: int, unclaimed: int, overdue: int) -> str:
    """Say how much there is."""
    own = f"您手上有 {mine} 件在办" if mine else "您手上没有在办的诉求"
    others = f"没人接的 {unclaimed} 件，超时的 {overdue} 件" if unclaimed or overdue else "没有无人接的，也没有超时的"
    return f"{own}。您能看到的工会里，{others}。"


def more(left: int) -> str:
    """Say that there are more than are shown."""
    return f"这里只列最急的几件，还有 {left} 件请到工作台看。"


def line(row: QueueRow, now: datetime) -> str:
    """Show a case of the queue: nothing of the person or the story."""
    mark = f"【{row.urgency.value}】" if row.urgency is not Urgency.NORMAL else ""
    parts: Sequence[str] = (
        f"{mark}{row.number}",
        f"{row.category.value}，{STATE_NAMES[row.state]}",
        cases.due(row.due_at, now),
    )
    return "\n".join(part for part in parts if part)
