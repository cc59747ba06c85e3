"""Every sentence of the knowledge's pages, but for the headings and labels of their templates."""

from collections.abc import Collection
from datetime import date

from bot.answers.model import AnswerStatus
from bot.desk.knowledge.ports import Job, JobState
from bot.pages.refusals import Refused
from knowledge.model import Document, DocumentKind, Validity

KINDS: dict[str, str] = {
    DocumentKind.GUIDE: "指南",
    DocumentKind.STATUTE: "法规和文件",
    DocumentKind.REPORT: "报道",
    DocumentKind.CASE: "案例",
    DocumentKind.TABLE: "表格",
    DocumentKind.RECORD: "记录",
}

# --- drafts ---

SAID: dict[str, str] = {  # what a text can be said to be that has no shape of its own
    DocumentKind.GUIDE: "通知、办法、问答：讲现在怎么办",
    DocumentKind.REPORT: "报道、总结：讲做过的事",
}
REPORT = "当作报道、总结：职工问现在怎么办、多少钱，先不用它回答。讲的是现在怎么办，就把“这是什么”改成通知、办法。"
UNKNOWN_REGION = "写了一个认不出的地区。请从列出的地区里选。"

# --- reindexing ---

PHASES = {
    "": "正在准备",
    "read": "正在读文件",
    "keyword": "正在整理字词",
    "embed": "正在整理意思",
    "chroma": "正在建索引",
    "judge": "正在用考题考新版本",
}
ENDINGS: dict[str, str] = {
    JobState.BUILT: "新版本整理好了，还没有启用。请看看变了什么、考题答得怎么样，再决定。",
    JobState.UNCHANGED: "资料没有变化，正在用的版本就是最新的。",
    JobState.SHRUNK: "有的文件比上一版少了三成以上，可能是坏了，所以没有继续。确实要删，请勾选“内容少了也接受”再整理。",
    JobState.FAILED: "没有整理成。正在用的版本不受影响。",
    JobState.CANCELLED: "已经停止。正在用的版本不受影响。",
    JobState.INTERRUPTED: "整理到一半断了，可能是机器重启过。正在用的版本不受影响，请再整理一次。",
}
DONE = {
    "started": "开始整理了。可以离开这一页，整理不会停，职工的提问照常回答。",
    "cancelled": "已经停止。",
    "discarded": "新版本已经丢弃，正在用的版本不变。改好资料以后再整理一次。",
    "served": "换好了，几秒钟内就用这个版本回答。",
}
BUSY = "另一次整理正在进行，请等它完成，或者先停止它。"
UNFIT = "请先勾选“我看过答不出的题，仍然启用”。"


def took(job: Job) -> str:
    """Say how long a job took, if it has ended."""
    if job.ended is None:
        return ""
    seconds = max(1, round((job.ended - job.started).total_seconds()))
    return f"用了 {seconds} 秒" if seconds < 120 else f"用了 {round(seconds / 60)} 分钟"


def not_yours(regions: Collection[str]) -> Refused:
    """Return the error for changing what holds where somebody else keeps the knowledge; no region is everywhere."""
    held = f"它适用于{'、'.join(regions)}" if regions else "它对各地都有效"
    return Refused(403, "这不归您管", f"{held}，要请那里的工会或者上级工会的管理员来改。您可以照常查看。")


def changes_others() -> Refused:
    """Return the error for letting an index serve that changes what others keep."""
    return Refused(403, "这个版本要请上级启用", "它改动了不归您管的资料，要请上级工会的管理员看过再启用。")


def no_generation() -> Refused:
    """Return the error for a generation that is not there, or not any more."""
    return Refused(404, "没有找到这个版本", "它可能已经被更新的版本替换掉了。请回到“版本”里看一看。")


def broken_generation() -> Refused:
    """Return the error for a generation that cannot be read."""
    return Refused(500, "这个版本打不开", "它的文件可能坏了。请重新整理一次资料，或者换一个版本。")


# --- trying a question ---

STATUSES: dict[str, str] = {
    AnswerStatus.ANSWERED: "会这样回答",
    AnswerStatus.REFUSED: "会说没有找到，并告诉他找谁",
    AnswerStatus.HANDOFF: "会转给工作人员",
    AnswerStatus.CRISIS: "当作紧急情况，马上给求助电话",
}
BY_WORDS, BY_MEANING, BY_QUESTIONS, BY_RERANK = "按字词", "按意思", "按常见问法", "复核以后"


def validity(value: Validity) -> str:
    """Say when a text is in force, "" where nothing limits it."""
    begins = f"{value.effective.isoformat()} 起" if value.effective else ""
    ends = f"{value.expires.isoformat()} 失效" if value.expires else ""
    return "，".join(filter(None, (begins, ends)))


def facts(document: Document) -> dict[str, str]:
    """Return what is stated of a document besides its text, each by its label."""
    begins, ends = document.validity.effective, document.validity.expires
    return {
        "标题": document.title,
        "适用": "、".join(document.regions) or "各地",
        "从哪天起用": begins.isoformat() if begins else "没有写",
        "从哪天起失效": ends.isoformat() if ends else "没有写",
        "种类": KINDS.get(document.kind, document.kind),
    }


# --- documents ---

PAPER_DONE = {
    "drafted": "草稿存好了。请一位同事看过以后批准。",
    "dropped": "草稿已经丢弃。",
    "approved": "已经批准。整理出新版本并启用以后，就用它来回答。",
    "retired": "已经停用。整理出新版本并启用以后，就不再用它回答。",
}
NOT_YOUR_REGIONS = "请至少选一个归您管的地区。各地都适用的资料，要请省总的管理员来写。"
OWN_DRAFT = "这份草稿您自己动过笔，要请另一位管理员来批准。"
MOVED_ON = "这份资料刚刚被别人改过，请再看一遍。"
NOTHING_SENT = "请选一个文件，或者把文字贴进来。"
NO_TITLE = "请填标题，最多 80 个字。"
BAD_DATES = "日期要像 2026-11-01 这样；失效的日期要晚于生效的日期。"
NO_WORDS = "正文是空的，请写上内容。"
TOO_LONG = "内容太长了，请分成几份，每份十五万字以内。"

NO_PASSAGES = "没有读出可以用来回答的内容。"
PERSONAL = "里面像有姓名、电话、证件号或账号。请确认都可以公开，不能公开的请删掉。"
EXPIRED = "已经过了失效日期，批准了也不会用来回答。"
EVERYWHERE = "没有选地区：所有工会的职工问到都会看到。"
NO_DATE = "没有写从哪天起用：批准、启用以后马上算数。"
SHORT = "大多数段落很短，可能是表格或目录，请看看读得对不对。"

PAPER_STATES = {
    "draft": "草稿，等人批准",
    "next": "已批准，等整理新版本",
    "serving": "正在使用",
    "leaving": "已停用，等整理新版本",
    "retired": "已停用",
}


def later(day: date) -> str:
    """Say that a text is not in force yet."""
    return f"{day.isoformat()} 才开始生效，在那以前不会用来回答。"


def bare(count: int) -> str:
    """Say how many passages stand under no heading."""
    return f"有 {count} 段没有小标题。加上小标题（一行以“## ”开头），职工更容易看到准确的出处。"


def reader_says(warning: str) -> str:
    """Introduce what the reader noticed."""
    return f"读文件时发现：{warning}。"


def unreadable(name: str, reason: str) -> str:
    """Say why a file was not taken."""
    return f"“{name}”没有读成：{reason}"


# --- what was not answered ---

GAP_DONE = {
    "taken": "归您跟进了。",
    "left": "不再归您跟进。",
    "settled": "收起来了，以后不再列出。",
}
GOLDEN_DONE = {
    "golden": "考题加好了。以后每整理一个新版本，都会考它。",
    "ungolden": "考题拿掉了。",
}
GOLDEN_LACKS = "请写上问题，和应该用来回答它的资料。"
GOLDEN_UNKNOWN = "没有叫这个标题的资料。请从列出来的标题里选；还没有写的，先写成草稿。"
GOLDEN_BROKEN = "考题的文件里有一行读不懂，请技术人员看看 golden.jsonl。"


PIN_DONE = {
    "pinned": "固定好了。以后一字不差地这样问，就用这一段回答。",
    "unpinned": "取消了。以后这样问，照常去资料里找。",
}


def outline(question: str) -> str:
    """Return where the answer to a question can be written."""
    return f"# {question.rstrip('？?')}\n\n## 先说结论\n\n\n\n## 怎么办\n\n\n"
