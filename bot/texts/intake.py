"""What a worker reads while a form is filled in."""

from collections.abc import Sequence
from datetime import datetime

from knowledge.forms import Form, Question

# --- buttons ---

REPORT = "请工会帮我办这件事"
BY_NAME = "可以，用真名办"
ANONYMOUS = "可以，但不留姓名"
QUIT = "先不办了"
SKIP = "跳过"
BACK = "上一步"
KEEP = "不改了"
SEND = "✅ 提交"
EDIT = "改一改"
ADD = "补充几句"
LOOK = "看进度"
TOGETHER = "愿意和同一家单位的人一起办"
YES = "是"
JOIN = "愿意，一起办"
ALONE = "我的单独办"


# --- an offer under an answer ---

OFFER = "这件事要请工会出面帮您办吗？点下面的按钮，几个问题就能登记好；不想留姓名也可以。"


def offer_service(form: Form) -> str:
    """Offer to apply for a service."""
    return f"想办的话，点“{form.title}”，几个问题就能登记好，工会的人会跟您联系。"


OFFER_PERSON = "接连两次没帮上您，对不起。要不要找工会的工作人员？"

# --- consent ---


def consent(form: Form, retention_days: int, *, messenger: bool) -> str:
    """Say in plain words what is kept, why and for how long, and ask; `messenger` is one that others run."""
    abroad = "您用的聊天软件自己知道您的账号，消息也会经过它的服务器，这一点我们管不了。" if messenger else ""
    return (
        f"好，我来帮您登记“{form.title}”。先说清楚三件事：\n"
        "1. 记什么：您下面写的情况，您愿意留的称呼和电话，还有您发的照片、文件。都加密保存。\n"
        "2. 谁能看：只有经办这件事的工会人员。不交给您的单位，除非您同意。\n"
        f"3. 留多久：办完以后留 {retention_days} 天，到期销毁；您随时可以看、可以改、可以撤回，也可以全部删掉。\n\n"
        f"不留姓名也能办：工作人员看不到您是谁，但还能在这里跟您说上话。{abroad}\n\n"
        "您同意吗？"
    )


# --- questions ---


def ask(question: Question, left: int, said: str | None) -> str:
    """Ask, and tell how many questions are left, this one included; `said` is what the worker told before."""
    before = f"\n（您之前写的是：{said}。不用改就点“不改了”。）" if said else ""
    return f"{question.ask}{before}\n（{f'还有 {left} 个问题' if left > 1 else '最后一个问题'}）"


NOT_READ = {
    "place": "我没认出这个地方。请写市、县或者区的名字，比如“荆州沙市”“随州曾都”；也可以从下面选。",
    "since": "我没看懂是什么时候。写个大概就行，比如“今年3月”“上个月”“快半年了”；记不清就点“跳过”。",
    "people": "我没看懂是多少人。写个数就行，比如“18”；只有您一个就写“1”；不清楚就点“跳过”。",
    "phone": "这个号码好像不对。手机号是 11 位；座机请带上区号。不想留就点“跳过”。",
    "name": "写个称呼就行，比如“小王”“李师傅”；不想写就点“跳过”。",
    "yes-no": "请回“是”或者“不是”，不清楚就点“跳过”。",
    "text": "请写几个字，我好记下来。",
}
AFTER_QUESTION = "刚才的登记还给您留着，我们接着来："
NEEDED = "这一项要请您写一下，不然不知道该交给谁办。"
STALE = "这是以前那张表的按钮了，现在用不了。"
NOTHING_OPEN = "现在没有正在填的登记。想请工会帮忙，发 /report；想申请服务，发 /apply。"

# --- the check ---


def summary(lines: Sequence[tuple[str, str]], files: int, route: str, *, anonymous: bool) -> str:
    """Show what is going to be handed in: label and value of each, and where it goes and why."""
    told = "\n".join(f"· {label}：{value}" for label, value in lines)
    more = f"\n· 照片和文件：{files} 份" if files else ""
    who = "不留姓名" if anonymous else "用您留的称呼和电话"
    return (
        f"请您看一遍：\n{told}{more}\n\n{route}\n办理方式：{who}。\n\n"
        "没问题就点“提交”；哪里不对，点“改一改”，或者直接写“不对，是……”。还有照片、文件，现在也可以发。"
    )


def route(reason: str) -> str:
    """Say where it goes, and why."""
    return f"交给谁：{reason}"


WHICH = "想改哪一项？"
CHANGED = "改好了。"


def similar(count: int) -> str:
    """Offer to be dealt with together with others; no word tells who they are."""
    return (
        f"最近还有 {count} 件同一家单位的同类事情正在办。愿意跟他们一起办吗？"
        "一起办力量大一些，谁是谁互相看不到，并不并在一起由工作人员最后定。"
    )


# --- handed in ---


def registered(receipt: str, union: str, promise: str, *, anonymous: bool) -> str:
    """Give the receipt, and say who has it and what comes next."""
    unnamed = "工作人员看不到您是谁。" if anonymous else ""
    return (
        f"登记好了，已经交给{union}。{unnamed}\n\n"
        f"您的回执号：{receipt}\n"
        "请抄下来或者截个图。以后在哪里都能凭它查进度：把这 16 个数字发给我就行。我们不另外保存它，丢了就找不回来。\n\n"
        f"{promise}\n"
        "发 /my 看您的事办到哪一步；想补充什么，点下面的按钮。\n\n"
        "特别提醒：申请仲裁、起诉都有时间限制，在这里登记不能保证时间停下来不算，要走法律程序的请早点去。"
    )


def opens(moment: datetime) -> str:
    """Say when somebody will look at it, the office being closed; `moment` in local time."""
    return f"现在是下班时间，{moment.month}月{moment.day}日{moment:%H:%M} 上班以后有人看。"


def within(limit: str) -> str:
    """Say how soon a person looks at it."""
    return f"会有工作人员在 {limit}内看您的事，看过以后在这里告诉您。"


NO_ROSTER = "这里还没有排值班的人。为了不耽误您，请同时打 12351，把您的事再说一遍。"
LIMITS = {"minute": "分钟", "hour": "小时", "day": "天", "working day": "个工作日"}

QUITTED = "好的，不办了，您刚才写的都不留。以后想办，随时发 /report。"


def elsewhere(place: str) -> str:
    """Say that another city's union has it."""
    return (
        f"您说的{place}不归我们这几家工会管，我登记了也办不了，怕耽误您。请在{place}打 12351，"
        f"那里会接到当地的工会；也可以打 12345。要是您的单位其实在湖北，改一下地方，我接着给您登记。"
    )


# --- files ---

FILE_KEPT = "照片或文件收到了，已经加密存好，会一起交给工作人员。里面写的什么我看不懂，重要的请再用文字说一句。"
VOICE_KEPT = "语音收到了，会交给工作人员听。我自己听不懂语音，请再写一两句话，我好往下办。"
FILE_WHERE = (
    "您发来的照片或文件，我看不懂内容。要交给工会的人看，请点下面的按钮登记，登记的时候会一起交上去；"
    "想问问题，请写成文字。"
)
FILE_AGAIN = "刚才的照片或文件没有收下来，请再发一次。"
TOO_MANY = "照片和文件已经不少了，先办起来，工作人员需要时会再跟您要。"
FILE_REFUSED = {
    "empty": "这个文件是空的，请换一个再发。",
    "too large": "这个文件太大了，请压缩一下，或者分几次发。",
    "no longer to be had where it was sent": "这个文件已经取不到了，请再发一次。",
    "of a type that is not taken": "这种文件我们不收。照片、PDF、Word、Excel、录音、视频都可以。",
}

# --- applications ---

WHICH_SERVICE = "想申请哪一项？点一下就能开始。"
