"""Every sentence of the roster's pages that is not a heading or a label of its templates."""

from datetime import datetime

from bot.notices.model import Medium, Undelivered
from bot.notices.roster import Day
from knowledge.calendar import ZONE

MEDIA = {
    Medium.WECOM: "企业微信群机器人",
    Medium.DINGTALK: "钉钉群机器人",
    Medium.EMAIL: "电子邮件",
    Medium.TELEGRAM: "Telegram 工作群",
}
ADDRESS_HINTS = (
    "企业微信、钉钉填机器人的完整地址（https 开头），邮件填邮箱，Telegram 填群号（像 -1001234567890）："
    "把机器人拉进群，在群里发 /group，它就说。"
)
DAYS = {
    Day.WORKDAY: "工作日",
    Day.DAYOFF: "休息日",
    Day.MON: "周一",
    Day.TUE: "周二",
    Day.WED: "周三",
    Day.THU: "周四",
    Day.FRI: "周五",
    Day.SAT: "周六",
    Day.SUN: "周日",
}

HANDLER = "Telegram，经办人的私聊"


def lost(letter: Undelivered) -> str:
    """Say where a notice was to go, without the address."""
    return f"{MEDIA[letter.address.medium]}，{letter.address.entry}" if letter.address.entry else HANDLER


DONE = {
    "kept": "已经保存，马上按新的值班表呼叫。建议试发一条，看看收不收得到。",
    "removed": "已经移出值班表。",
    "tried": "试发的通知已经送出，请到那边看看有没有收到。",
}
PROBLEMS = {
    "name": "请填姓名或群名，最多 32 个字，不能和别人重名。",
    "unions": "请至少选一个归您管的工会。",
    "channel": "请选用什么呼叫。",
    "address": "地址和呼叫方式对不上。" + ADDRESS_HINTS + "只有钉钉填加签密钥。",
    "secret": "加签密钥看不懂，请重新复制。",
    "hours": "时间写成 08:30-12:00 14:30-17:30，跨夜写成 20:00-08:00；至少填一种日子。",
    "deputy": "替班的人要在值班表里，不能是自己。",
    "away": "外出的日子每段一行，像 2026-12-01 或者 2026-12-01..2026-12-05。",
}
NOT_CARRIED = "这种呼叫方式还没有接通，请管理员先在服务器上设置。"
REFUSED = "对方不收。请核对地址、加签密钥；用机器人的，关键词里要有“娘家”。"
LATER = "现在送不到，可能是网络或者对方太忙。过几分钟再试。"


def until(start: datetime, end: datetime) -> str:
    """Write from and until when, with the day on which it ends if that is another."""
    first, last = start.astimezone(ZONE), end.astimezone(ZONE)
    if last.date() == first.date():
        return f"{first:%H:%M}–{last:%H:%M}"
    if (last.date() - first.date()).days == 1:
        return f"{first:%H:%M}–" + ("24:00" if last.hour == last.minute == 0 else f"次日 {last:%H:%M}")
    return f"{first:%H:%M} 到 {last.month}月{last.day}日 {last:%H:%M}"
