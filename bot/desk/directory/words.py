"""Every sentence of the directory's pages that is not a heading or a label of its templates."""

from knowledge.categories import Clock, Limit, Unit
from knowledge.stations import Fault, WrongRow

PROVINCE = "全省"

DONE = {
    "confirmed": "已经确认。",
    "withdrawn": "已经撤回。",
    "taken": "新的驿站名单已经启用。",
    "entered": "这一年的安排已经启用，办理时限和值班都按它算。",
    "saved": "已经保存，新来的诉求马上按它办。",
    "restored": "已经改回随软件发布的样子。",
}

# --- parameters ---

NOT_SEEN = "请先对照原文核对，再勾选“我看过原文”。"
BAD_REGION = "请选一个归您管的地区。"
BAD_VALUE = "数值只写数字，比如 2210 或者 0.12。"
BAD_DAYS = "日期要像 2026-11-01 这样；截止的日期要晚于开始的日期。"
NO_SOURCE = "请写文件的名称和文号，最多 120 个字。"

# --- stations ---

NO_FILE = "请选一个文件。"
UNREADABLE = "这个文件打不开。请另存为 .xlsx，或者“CSV UTF-8”，再传一次。"
TOO_MANY = "一次最多五千行，请分开传。"
NOTHING = "表里没有驿站。"
NOT_YOURS = "这些地区不归您管，请从表里去掉：{}。"
MOVED_ON = "名单刚刚变过，请把文件再传一次，重新核对。"
_FAULTS = {
    Fault.COLUMNS: "少了这几列：{words}。第一行要写列名。",
    Fault.EMPTY: "{words}没有填。",
    Fault.REGION: "地区“{words}”不在名录里。",
    Fault.NUMBERS: "{words}，不是两个数字。",
    Fault.OUTSIDE: "{words}不在国内，是不是经度和纬度写反了？",
    Fault.TWICE: "“{words}”前面已经有了。",
}

# --- holidays ---

BAD_YEAR = "请选一个年份。"
NO_NOTICE = "请写安排出自哪个通知，最多 120 个字。"
BAD_DAY = "“{}”看不懂。每天一行，像 2027-02-05；连着几天写成 2027-02-05..2027-02-11。"
OTHER_YEAR = "{} 不是这一年的。"
NO_WEEKEND = "{} 不是周六、周日，平常就上班，不用写在调休上班里。"
BOTH = "{} 又写放假，又写上班，请去掉一处。"
WITHOUT_FIXED = "没有写这几天放假，而法律规定它们放假：{}。"
WITHOUT_SPRING = "一月下旬到二月没有放假，是不是漏了春节？"
MANY_DAYS = "除了周末，这一年放了 {} 天假，比往年多，请再核对。"
FEW_DAYS = "除了周末，这一年只放了 {} 天假，比往年少，请再核对。"
FROM_HERE, FROM_FILE, FROM_LIBRARY, FROM_NOBODY = "在这里登记的", "随软件发布", "随日历组件发布", "还没有"
LIBRARY_SOURCE = "国务院办公厅的年度通知"
NOBODY_SOURCE = "先按周一到周五上班、法定节日放假来算，时限只会早，不会晚。"

# --- ways and clocks ---

NO_DEPARTMENT = "请选一个部门。"
NO_BODY = "外部单位最多八个，只能从名录里选。"
BODY_TWICE = "同一个外部单位选了两次，请去掉一处。"
NO_UNIT = "{}：请选一个单位。"
NO_AMOUNT = "{}：请填 0 到 {} 的整数。"

UNITS = {Unit.MINUTE: "分钟", Unit.HOUR: "小时", Unit.DAY: "天", Unit.WORKING_DAY: "个工作日"}
STEPS = {"triage": "分办", "accept": "受理", "contact": "联系职工", "result": "答复结果", "follow_up": "办结后回访"}
OVERDUE = "超时以后逐级上报"
OVERDUE_STEPS = {
    "overdue-lead": "超时多久告诉本级负责人",
    "overdue-county": "超时多久告诉上一级",
    "overdue-city": "超时多久告诉再上一级",
}
LIMITS = STEPS | OVERDUE_STEPS


def limit(value: Limit) -> str:
    """Write how long a step may take."""
    if value.unit is Unit.DAY and value.amount == 0:
        return "当天"
    if value.amount == 0:
        return "到时"
    return f"{value.amount} {UNITS[value.unit]}"


def clock(value: Clock) -> list[str]:
    """Write how long each step may take, and when the levels above are told."""
    return [*(limit(getattr(value, step)) for step in STEPS), "、".join(map(limit, value.overdue))]


def wrong_row(row: WrongRow) -> str:
    """Say what is wrong with a row of a spreadsheet."""
    return f"第 {row.number} 行：{_FAULTS[row.fault].format(words=row.words)}"
