"""What a worker is told of a case: plain, warm, and without a promise that nobody keeps."""

from collections.abc import Sequence
from datetime import datetime

from knowledge.calendar import ZONE
from knowledge.vocabulary import Category

# --- why a matter goes where it goes ---


_YOUR_PLACE = "您说的地方是"


def route_nearest(union: str, place: str | None) -> str:
    """Name the union that is nearest to the worker; `place` is None where nobody said any."""
    if place is None:
        return f"还不知道在哪个地方，先由{union}接下来。"
    return f"{_YOUR_PLACE}{place}，归{union}。"


def route_department(category: Category, department: str) -> str:
    """Name the department that takes it."""
    office = department if department.startswith("办公室") else f"{department}部门"
    return f"“{category}”这类事，由{office}办理。"


def route_for_staff(reason: str) -> str:
    """Say the same reason to staff, who have told no place."""
    return reason.replace(_YOUR_PLACE, "职工说的地方是", 1)


def route_above(union: str, above: str | None) -> str:
    """Say that nobody judges a complaint about themselves; `above` is None where nobody stands above."""
    if above is None:
        return f"反映的是{union}，上面没有更高一级的工会，请办公室另外安排没有关系的人办理。"
    return f"反映的是{union}，自己的事自己不好查，交给上一级{above}来办。"


def route_able(category: Category, union: str, above: str) -> str:
    """Say that the union nearest to the worker cannot act on such a matter."""
    return f"“{category}”这类事{union}办不了，交给上一级{above}。"


def route_elsewhere(places: Sequence[str]) -> str:
    """Send the worker to the unions of another city."""
    names = "、".join(places)
    return f"事情在{names}，归当地的工会管。在当地拨 12351，或者先拨区号再拨 12351，就能找到他们。"


# --- news of a case ---


def news(about: str, sentence: str) -> str:
    """Begin with which case it is; `about` is as the next function says it."""
    return f"【您的事有消息了】{about}\n{sentence}"


def about(category: Category, opened_at: datetime) -> str:
    """Name a case to whom it belongs, without what it is about in words."""
    day = opened_at.astimezone(ZONE)
    return f"{day.month}月{day.day}日登记的“{category}”"


def signed(text: str, name: str) -> str:
    """Add who says it."""
    return f"{text}\n——{name}" if name else text


REGISTERED = "已经登记好了，工会会有人看。每走一步我都会告诉您，您也可以随时发“我的事”来看。"
ACKNOWLEDGED = "工会值班的人已经看到了，正在处理。要是人还有危险，不要等，马上打 110、119 或者 120。"
TRIAGED = "工会的工作人员已经看过，正在安排谁来办。"
ACCEPTED = "他们已经接下了这件事，接下来会和您联系。"
STARTED = "这件事已经有人在办了，有进展会在这里告诉您。"
RESUMED = "收到，继续办。"
PUT_BACK = "刚才接手的同事把这件事放了回去，工会会另外安排人来办。您说过的都在，不用再说一遍。"
CLOSED = "这件事办结了，谢谢您告诉我们。以后有什么事，随时回娘家说一声。"
CLOSED_UNREACHED = "我们问了您三次都没有等到回音，这件事先结了。事情要是没解决，您随时可以重新打开，不受次数限制。"
REOPENED = "这件事重新打开了，工会会再看一遍。"
WITHDRAWN = "按您的意思，这件事已经撤回，不再往下办。"
UNMERGED = "您的事重新单独办理。"
MERGED = "有别的工友反映了同一件事，现在合在一起办，进展一样会告诉您。"
FOLLOW_UP = "想问您一声：这件事解决了吗？解决了就点“解决了”；没有解决，点“还没有”，我们接着办。"
FOLLOW_UP_REFERRED = "想问您一声：那边接下您的事了吗？接下了就点“解决了”；没接，或者没解决，点“还没有”，我们再想办法。"
REMINDER = "工会还在等您的回复，回复了才能往下办。直接在这里写给我就行；不方便的话，打 12351 也可以。"

# --- buttons ---

SETTLED = "解决了"
NOT_SETTLED = "还没有"
DISAGREE = "不同意，请再看一次"


def dispatched(union: str, reason: str) -> str:
    """Say who has it now, and why."""
    return f"已经交给{union}办理。{reason}"


def ask_worker(question: str) -> str:
    """Pass on what the union needs to know."""
    return f"工会想请您补充：{question}\n直接在这里回复就行，照片、文件也可以发。您回话之前，办理的时限先不往下算。"


def wait_employer(reason: str) -> str:
    """Say that the employer is waited for."""
    return f"已经找了单位，正在等单位回话。{reason}"


def go_legal(body: str, until: datetime | None) -> str:
    """Say which body decides now, and by when."""
    by = f"按规定，那边最晚在{_day(until)}前有结果。" if until else ""
    return f"这件事现在由{body}在办。{by}工会会一直跟着。"


def answered(text: str) -> str:
    """Give the union's answer."""
    return f"工会答复您：{text}"


def referred(body: str, reason: str, contact: str) -> str:
    """Name the body, the reason and how to reach it; the case stays open."""
    return (
        f"这件事要由{body}来定：{reason}\n怎么找：{contact}\n"
        "我们不是把您推出去：在您告诉我们那边接下了之前，这件事一直开着。"
    )


def resolved(text: str) -> str:
    """Give the result."""
    return f"办理结果：{text}"


def not_supported(reason: str, basis: str) -> str:
    """Say no with the reason and what it rests on."""
    return f"很抱歉，这次没能支持您的请求。原因：{reason}\n依据：{basis}\n您要是不同意，可以让我们再看一次。"


def declined(reason: str) -> str:
    """Say that a case is not opened once more, why, and which ways are left."""
    return (
        f"负责人又看了一遍，这件事不再重新办理。原因：{reason}\n"
        "您要是还不同意，可以打 12351 再说一说；想申请仲裁、上法院的，别错过期限。"
    )


def interim(text: str) -> str:
    """Say how far it is."""
    return f"眼下的进展：{text}"


def said(text: str) -> str:
    """Pass on what the union writes."""
    return f"工会的人说：{text}"


def _day(moment: datetime) -> str:
    day = moment.astimezone(ZONE)
    return f"{day.year}年{day.month}月{day.day}日"
