"""What a worker reads while a form is filled in."""

from collections.abc import Sequence
from datetime import datetime

from bot.texts import READ_BY, Reader
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
EDIT_PLACE = "改一下地方"
RESUME = "接着填"
FRESH = "放下它，办新的"
ADD = "补充几句"
ADD_FILE = "补充到已经登记的事里"
LOOK = "看进度"
TOGETHER = "愿意和同一家单位的人一起办"
YES = "是"
JOIN = "愿意，一起办"
ALONE = "我的单独办"


# --- an offer under an answer ---

OFFER = "这件事要请工会出面帮您办吗？回“好”或者点下面的按钮，几个问题就能登记好；不想留姓名也可以。"
HEARD = (
    "您说的我都看到了。规定上怎么算，我手头的资料里没有查到有把握的话，不敢乱说。\n\n"
    "不过可以请工会出面：回“好”或者点下面的按钮，几个问题就能登记好；不想留姓名也可以。着急就打 12351。"
)
GOES_ON = "嗯，这句也记着。要办，回“好”或者点下面的按钮，您说过的不用再说一遍；想问别的，接着问。"
NOT_FOUND = "这一问，我手头的资料里没有查到可靠的答案，不敢乱说。可以打 12351 问清楚。"
DECLINED = "好的。以后想请工会出面，随时发“请工会帮忙”。"
OFFER_PERSON = "接连两次没帮上您，对不起。要不要找工会的工作人员？"


def offer_apply(title: str) -> str:
    """Offer to apply for a service."""
    return f"要办的话，回“好”或者点“{title}”，几个问题就能报上。"


# --- consent ---


def consent(form: Form, retention_days: int, *, messenger: bool, reader: Reader | None) -> str:
    """Say in plain words what is kept, why and for how long, and ask.

    `messenger` is one that others run; `reader`, where a chat model reads the story, if one does.
    """
    abroad = (
        "您用的聊天软件自己知道您的账号，消息也会经过它的服务器，可能在国外，这一点我们管不了。" if messenger else ""
    )
    read = READ_BY[reader] if reader else ""
    return (
        f"好，我来帮您登记“{form.title}”。先说清楚三件事：\n"
        "1. 记什么：您下面写的情况，您愿意留的称呼和电话，还有您发的照片、文件。都加密保存。\n"
        "2. 谁能看：只有经办这件事的工会人员。不交给您的单位，除非您同意。\n"
        f"3. 留多久：办完以后留 {retention_days} 天，到期销毁；您随时可以看、可以改、可以撤回，也可以全部删掉。\n\n"
        f"不留姓名也能办：工作人员看不到您是谁，但还能在这里跟您说上话。{abroad}{read}\n\n"
        "您同意吗？"
    )


def consent_again(form: Form) -> str:
    """Ask for the consent in one line, what is kept having been told."""
    return f"“{form.title}”还没登记：点下面的按钮，我就接着往下问。"


# --- questions ---


def ask(question: Question, left: int, said: str | None) -> str:
    """Ask, and tell how many questions are left, this one included; `said` is what the worker told before."""
    before = f"\n（您之前写的是：{said}。不用改就点“不改了”。）" if said else ""
    return f"{question.ask}{before}\n（{f'还有 {left} 个问题' if left > 1 else '最后一个问题'}）"


NOT_READ = {
    "place": "我没认出这个地方。请写市、县或者区的名字，比如“荆州沙市”“随州曾都”；也可以从下面选。",
    "since": "我没看懂是什么时候。写个大概就行，比如“今年3月”“上个月”“快半年了”；记不清就点“跳过”。",
    "people": "我没看懂是多少人。写个数就行，比如“18”；只有您一个就写“1”；不清楚就点“跳过”。",
    "phone": "这个号码好像不对。手机号是 11 位；座机请带上区号。不想留就点“跳过”，在这里也能联系。",
    "name": "写个称呼就行，比如“小王”“李师傅”；不想写就点“跳过”。",
    "yes-no": "请回“是”或者“不是”，不清楚就点“跳过”。",
    "text": "请写几个字，我好记下来。",
}
AFTER_QUESTION = "刚才的登记还给您留着，我们接着来："
HERE = "在的，您慢慢来。"
WELCOME = "不客气，我们接着来。"
GO_ON = "好，接着来："
WAITS = "好的，填到一半的给您留着，什么时候回来都能接着填："
FOREIGN = (
    "You may answer in English: the union's staff will read it. 可以用英文写，工作人员看得到。"
    "I can only ask in Chinese; write 跳过 to skip a question, 取消 to stop."
)
NOTED = "记下了。"
CARED = "遇上这样的事，真不容易。您写的我都记下了。"
NEEDED = "这一项最好写一下，工作人员才好帮您。实在不清楚，就再回一次“不知道”，我们先往下走。"
NOT_KNOWN = "还不清楚"
LEFT_OPEN = "没关系，这一项先空着。"
STALE = "这是以前那张表的按钮了，现在用不了。"
NOTHING_OPEN = "现在没有正在填的登记。想请工会出面，发“请工会帮忙”；想申请服务，发“申请服务”。"


def half_done(form: Form) -> str:
    """Remind of a form that is not handed in yet."""
    return f"您有一张“{form.title}”填到一半，还没有交上去。"


def instead(form: Form) -> str:
    """Ask what becomes of the form that is open."""
    return f"您有一张“{form.title}”填到一半，还没有交上去。接着填，还是放下它办新的？放下了，写过的就不留了。"


# --- questions about the form itself ---

WHO_SEES = (
    "您留的称呼和电话，只有经办的工会人员看得到，不交给您的单位，除非您同意；不留姓名的话，工作人员也看不到您是谁。"
    "只是去跟单位交涉时，单位可能从事情本身猜出来，您要是担心，请在这里跟工作人员说一声。"
)
WHY_ASKED = "问这些，是为了知道该交给哪家工会、怎么找您。称呼写个姓就行，电话不想留可以跳过，不留姓名也能办。"
FREE = "在这里登记不收钱。要参加互助保障、安康险这类，交不交费、交多少，请先问清工作人员。"
HOW_LONG = "登记好以后，我会告诉您多久有人看；每走一步都在这里告诉您。办成要多久，得看事情本身，我不敢替他们说死。"

# --- the check ---

BY_NOBODY = "不留姓名，工作人员在这里回您"
PHONE_IN_STORY = "。您写的话里有电话号码，工作人员看得到，不想让他们看到就点“改一改”"
BY_PHONE = "工作人员打您留的电话，或者在这里回您"
BY_CHAT = "工作人员在这里回您"


LONG, BEGINNING = 200, 120  # characters of a value that is shown shortened, and that are shown of it


def summary(lines: Sequence[tuple[str, str]], files: int, route: str, manner: str) -> str:
    """Show what is going to be handed in: label and value of each, where it goes and why, and how staff reply."""
    told = "\n".join(f"· {label}：{_begun(value)}" for label, value in lines)
    more = f"\n· 照片和文件：{files} 份" if files else ""
    return (
        f"请您看一遍：\n{told}{more}\n\n{route}\n怎么联系：{manner}。\n\n"
        "没问题就点“提交”；哪里不对，点“改一改”。还有照片、文件，现在也可以发。"
    )


def _begun(value: str) -> str:
    """Return what a worker wrote, of a long story its beginning, so that the buttons under it stay in sight."""
    return value if len(value) <= LONG else f"{value[:BEGINNING]}……（一共 {len(value)} 个字，都记下了）"


def route(reason: str) -> str:
    """Say where it goes, and why."""
    return f"交给谁：{reason}"


WHICH = "想改哪一项？"
CHANGED = "记下了。"
ONE_BY_ONE = "好，一样一样来：先把这一张交上去，接着再办那一样。"
WHAT_TO_CHANGE = "想改什么，点下面那一项，或者整句写给我，比如“人数是19个人”。"
UNSENT = "您的登记表还没有交上去：没问题就点“提交”，要改就点“改一改”。"


def similar(count: int) -> str:
    """Offer to be dealt with together with others; no word tells who they are."""
    return (
        f"最近还有 {count} 件同一家单位的同类事情正在办。愿意跟他们一起办吗？"
        "一起办力量大一些，谁是谁互相看不到，并不并在一起由工作人员最后定。"
    )


# --- handed in ---


def registered(receipt: str, union: str, promise: str, *, anonymous: bool, dispute: bool) -> str:
    """Give the receipt, and say who has it and what comes next; of a `dispute`, that its time limits go on."""
    unnamed = "工作人员看不到您是谁。" if anonymous else ""
    limits = (
        "\n\n还有一句要紧的：申请仲裁、上法院都有期限，在这里登记，不保证期限会停下来。想走这条路的，请早点去。"
        if dispute
        else ""
    )
    return (
        f"登记好了，已经交给{union}。{unnamed}\n\n"
        f"您的回执号：{receipt}\n"
        "请截个图或者抄下来：换了手机，把这 16 个数字发给我就能查。我们不另外保存它，丢了就找不回来。\n\n"
        f"{promise}\n"
        f"想看办到哪一步，发“我的事”；想补充，点下面的按钮。{limits}"
    )


def opens(moment: datetime) -> str:
    """Say when somebody will look at it, the office being closed; `moment` in local time."""
    return f"现在是下班时间，{moment.month}月{moment.day}日{moment:%H:%M} 上班以后有人看，看过以后在这里告诉您。"


def within(limit: str) -> str:
    """Say how soon a person looks at it."""
    return f"会有工作人员在 {limit}内看您的事，看过以后在这里告诉您。"


NO_ROSTER = "这里还没有排值班的人。为了不耽误您，请同时打 12351，把您的事再说一遍。"
NO_READER = "跟您说实话：这里还没有排值班的人，留言不知道什么时候有人看，打 12351 更快。"
LIMITS = {"minute": "分钟", "hour": "小时", "day": "天", "working day": "个工作日"}

QUITTED = "好的，不办了，您刚才写的都不留。以后想办，随时再来。"


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
    "您发来的照片或文件，我看不懂内容，也没有留下。要交给工会的人看，请点下面的按钮登记，填的时候再发一次；"
    "想问问题，请写成文字。"
)
VOICE_WHERE = (
    "语音我听不懂，也没有留下。不方便打字也不要紧：点下面的按钮登记，填的时候发语音，工会的人会听；"
    "着急就打 12351 直接说。"
)
NO_PLACES = "发来的位置我打不开。请用文字写在哪里，比如“荆州沙市，万达旁边的工地”。"
WHERE = {"voice": VOICE_WHERE, "location": NO_PLACES}  # by the kind of what came; anything else is a file
IN_FILES = "（经过请听发来的语音）"
VOICE_SUFFICES = "收到了。不方便打字也行，事情经过就听您发的语音。再答几个短的，答不上来就回“不知道”。"
TOO_MANY = "照片和文件已经不少了，先办起来，工作人员需要时会再跟您要。"
FILE_REFUSED = {
    "empty": "这个文件是空的，请换一个再发。",
    "too large": "这个文件太大了，请压缩一下，或者分几次发。",
    "no longer to be had where it was sent": "这个文件已经取不到了，请再发一次。",
    "of a type that is not taken": "这种文件我们不收。照片、PDF、Word、Excel、录音、视频都可以。",
}
FILE_NO_ROOM = (
    "对不起，我们这边存文件的地方满了，这份没有收下来，不是您的手机，也不是网络的毛病。"
    "要紧的先用文字写下来，照片自己留好，过一天再发。"
)

# --- applications ---

WHICH_SERVICE = "想申请哪一项？点一下就能开始。"
