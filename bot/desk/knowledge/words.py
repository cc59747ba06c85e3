"""Every sentence of the knowledge's pages, but for the headings and labels of their templates."""

from bot.answers.model import AnswerStatus
from bot.desk.knowledge.ports import Job, JobState
from bot.pages.refusals import Refused
from knowledge.model import DocumentKind, Validity

KINDS: dict[str, str] = {
    DocumentKind.GUIDE: "指南",
    DocumentKind.STATUTE: "法规",
    DocumentKind.REPORT: "报道",
    DocumentKind.CASE: "案例",
    DocumentKind.TABLE: "表格",
    DocumentKind.RECORD: "记录",
}

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
    "served": "已经启用，几秒钟内就用新的版本回答。",
}
BUSY = "另一次整理正在进行，请等它完成，或者先停止它。"
UNFIT = "请先勾选“我看过答不出的题，仍然启用”。"


def took(job: Job) -> str:
    """Say how long a job took, if it has ended."""
    if job.ended is None:
        return ""
    seconds = max(1, round((job.ended - job.started).total_seconds()))
    return f"用了 {seconds} 秒" if seconds < 120 else f"用了 {round(seconds / 60)} 分钟"


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
