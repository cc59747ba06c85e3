"""What a worker reads about their own cases."""

from collections.abc import Sequence
from datetime import datetime, time

from bot.texts.cases import about
from knowledge.calendar import ZONE
from knowledge.vocabulary import Category

OPENS, CLOSES = time(9), time(18)  # in China: hours in which a moment is told to the minute

# --- buttons ---

SAY = "给工作人员留言"
DONE = "说完了"
KEEP = "不改了"
CORRECT = "更正写错的"
WITHDRAW = "撤回，不办了"
EXPORT = "看看存了我什么"
DELETE = "删掉我的资料"
SURE_WITHDRAW = "确定撤回"
SURE_DELETE = "确定删掉"
STARS = tuple("⭐" * score for score in range(1, 6))

# --- the list ---

NONE = (
    "您在这里还没有登记过事情。有事要工会出面，发“请工会帮忙”；想申请服务，发“申请服务”；"
    "手里有回执号，把 16 个数字发给我。"
)
LIST = "您登记的事都在这里。点一下看办到哪一步，留言、更正、撤回、删除也在里面："

STATES = {  # by bot.cases.model.State
    "registered": "登记好了，等工作人员来看",
    "triaged": "工作人员看过了，正在安排谁来办",
    "emergency": "在紧急处理",
    "dispatched": "已经交给经办的工会，等他们接下",
    "returned": "正在重新安排谁来办",
    "accepted": "经办的工会已经接下",
    "in_progress": "正在办",
    "waiting_worker": "在等您回复",
    "waiting_employer": "在等单位回话",
    "legal_track": "在走法律程序",
    "answered": "已经答复，等您说行不行",
    "referred": "已经转给管这事的部门，等您说那边接了没有",
    "resolved": "办好了，等您说行不行",
    "not_supported": "没能支持，您可以要求再看一次",
    "follow_up": "在问您解决了没有",
    "merged": "和同一件事合在一起办",
    "reopened": "重新打开了，等工作人员来看",
    "closed": "办结了",
    "withdrawn": "您撤回了",
}


def line(category: Category, opened_at: datetime, state: str) -> str:
    """Name a case in a button."""
    day = opened_at.astimezone(ZONE)
    return f"{day.month}月{day.day}日 {category}：{STATES[state].partition('，')[0]}"


def progress(
    category: Category, opened_at: datetime, union: str, state: str, steps: Sequence[tuple[datetime, str]]
) -> str:
    """Tell how far a case is: where it lies, and what was done, newest last."""
    done = "".join(f"\n· {_when(moment)}　{sentence}" for moment, sentence in steps)
    return f"{about(category, opened_at)}\n现在：{STATES[state]}。\n经办：{union}。{done}"


def waits(due: datetime, now: datetime) -> str:
    """Say by when the next step is due: to the minute while people work, else by the day, for nobody comes at night."""
    if due <= now:
        return "\n这一步已经过了该办的时候，已经在催；再没动静就找上一级。"
    local = due.astimezone(ZONE)
    by = _when(due) if OPENS <= local.time() <= CLOSES else f"{local.month}月{local.day}日"
    return f"\n下一步最晚：{by}。到时候没动静，会自动去催，再没动静就找上一级。"


# --- a call-back number, where nothing can be sent ---

CALL_BACK = "留个回电号码"
CHANGE_NUMBER = "换个回电号码"
NO_PUSH = "网页不会自己提醒您，有进展要回来看。愿意的话，留个回电号码。"
ASK_NUMBER = (
    "写一个能打通的电话。加密保存，只有经办这件事的工会人员看得到，只用来回您这件事；不用写名字。不想留就点“不改了”。"
)
NUMBER_NOT_READ = "这个号码好像不对。手机号是 11 位；座机请带上区号。"
NUMBER_KEPT = "记下了，工作人员要找您会打这个电话。要换，在“我的事”里点“更正写错的”。"
NUMBER_LEFT = "（留了回电号码。）"

# --- writing to staff ---

SAY_ON = "您说吧，下面写的话、发的照片我都转给经办的工作人员。说完了点“说完了”，或者发“说完了”。"
SAID = "转过去了。还有要说的接着写；说完了点“说完了”，我再接着回答您的问题。"
SAID_ON = "转过去了。"
SAID_WAITED = "谢谢，您的回复转过去了，他们会接着办。"
SAID_ALARM = (
    "记下了，工会的人看得到。先顾好自己；还有危险就别等这里，马上打 110 或 120。人没有危险、想问别的事，点“说完了”。"
)
SAID_ALARM_ON = "这句也记着，工会的人看得到。还有危险，马上打 110 或 120；心里难受，打 12356。"
ENDED = "好的，有什么想问的，接着写给我。"
CLOSED_ALREADY = "这件事已经结了。要是还没解决，点下面的按钮重新打开。"
REOPEN = "还没解决，重新打开"
NOT_NOW = "这件事现在走到的这一步，还不能这样做。发“我的事”看看办到哪里了，或者给工作人员留言。"
GONE = "这件事在这里找不到了，可能已经删掉。手里有回执号的话，把 16 个数字发给我。"
FILED = "收到了，已经加密存好，交给经办的工作人员。"

# --- correcting ---

WHICH = "哪一项写错了？"
FIELDS = {
    "story": "事情经过",
    "employer": "单位",
    "place": "在哪里",
    "since": "从什么时候开始",
    "people": "多少人",
    "wish": "希望怎么解决",
}


def correct(label: str, said: str) -> str:
    """Ask for the right words."""
    now = f"“{label}”现在写的是：{said}\n" if said else ""
    return f"{now}请把对的“{label}”写给我。"


def correct_own(label: str, said: str) -> str:
    """Ask for the name or number that staff are to have; `said` is what they have now."""
    now = f"现在留的“{label}”是：{said}\n" if said else f"现在没有留“{label}”。\n"
    without = "不想留了，就回“不留”。" if said else "不想留就点“不改了”。"
    return f"{now}把“{label}”写给我，只有经办这件事的工会人员看得到。{without}"


def put_right(label: str) -> str:
    """Tell staff that something else stands there now."""
    return f"（更正了“{label}”。）"


def taken_out(label: str) -> str:
    """Tell staff that a name or number is there no more."""
    return f"（“{label}”不留了。）"


NAME_NOT_READ = "写个称呼就行，比如“小王”“李师傅”。不改就点“不改了”。"
REMOVED = "好，删掉了，工作人员看不到了。他们可能已经抄下来的，我们收不回来。"
NO_NUMBER = "我没看懂是多少人。写个数就行，比如“18”。"
CORRECTED = "改好了，工作人员会看到新的内容。"

# --- the end ---

WITHDRAW_SURE = "撤回以后就不再往下办了。您确定吗？"
WITHDRAWN = "好的，撤回了，不再往下办。以后想办，随时再来。"
DELETE_SURE = "删掉以后，您的姓名、电话、写的话、照片都会销毁，谁也找不回来；事情还在办的，也会一起停下来。您确定吗？"
DELETED = "已经删掉了：您的资料销毁了，回执号也不再管用。聊天软件里的聊天记录，要您自己在软件里删。"
SETTLED = "太好了！您觉得这次办得怎么样？点几颗星告诉我们。"
REOPENED = "好，这件事重新打开了，工会会再看一遍。哪里没解决，请点“给工作人员留言”说一说。"
REOPENED_TOLD = "好，这件事重新打开了，您说的也转过去了，工会会再看一遍。还有要说的，点“给工作人员留言”。"
SETTLED_EARLY = "太好了！我转告经办的人，他们核对以后会结案，到时候再问您一声满不满意。"
SETTLED_ALREADY = "这件事已经结了，谢谢您告诉我们。"
STILL_OPEN = "这件事还开着，工会还在办。哪里不对、有什么新情况，点下面的按钮说给经办的人。"
WITHDRAWN_ALREADY = "这件事您撤回过了。要接着办，发“请工会帮忙”重新登记，写过的不用很细，提一句“以前登记过”就行。"
ASKED_REOPEN = "这件事已经重新打开过一次，这回要请负责人来定。您的意思已经转过去了，有结果在这里告诉您。"
RATED = "谢谢您！您的评价记下了。"
RATED_LOW = (
    "对不起，没让您满意，您的评价记下了，工会的人看得到。事情要是还没解决，点下面的按钮重新打开，再写一句哪里不行。"
)

# --- receipts ---

TYPO = "这个回执号好像抄错了，请对照着再发一次，一共 16 个数字。"
LOST = (
    "回执号我们不另外保存，丢了找不回来。不过您要是就在这里登记的，发“我的事”就能看到；"
    "在别处登记的，就打 12351 再说一遍。"
)
OTHERS = (
    "别人登记的事，我不能说给您听：谁登记的，只有拿着回执号的人看得到。请他本人把回执号的 16 个数字发过来；"
    "回执号不在手边的，请他自己打 12351。"
)
UNKNOWN = "没有找到这个回执号的事。请对照着再发一次；确实找不到，可能资料已经按您的意思或者到期删除了。"
TOO_MANY = "试的次数太多了，为了别人的信息安全，请过一个小时再试。着急的话打 12351。"
HERE_TOO = "以后您在这里也能办这件事。工会的消息会发到您登记时用的地方；在这里发“我的事”或者回执号，随时能看到。"

# --- what is kept ---


def kept(lines: Sequence[tuple[str, str]], said: Sequence[tuple[datetime, str]], files: int) -> str:
    """Show all that is kept of a case: what was told, what was written since, and how many files there are."""
    told = "\n".join(f"· {label}：{value}" for label, value in lines if value)
    words = "".join(f"\n· {_when(moment)}　{text}" for moment, text in said)
    return (
        f"这件事存了您这些内容：\n{told}" + (f"\n您后来写的：{words}" if words else "") + f"\n· 照片和文件：{files} 份"
    )


NAME = "称呼"
PHONE = "电话"
UNNAMED = "没有留（不留姓名）"


def _when(moment: datetime) -> str:
    local = moment.astimezone(ZONE)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
