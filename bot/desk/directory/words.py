"""Every sentence of the directory's pages that is not a heading or a label of its templates."""

from collections.abc import Iterator, Sequence

from knowledge.categories import Clock, Limit, Unit
from knowledge.organizations import Body, Contact, Organization, Organizations
from knowledge.regions import Region
from knowledge.stations import Fault, WrongRow

PROVINCE = "全省"

DONE = {
    "confirmed": "已经确认。",
    "withdrawn": "已经撤回。",
    "taken": "新的驿站名单已经启用。",
    "entered": "这一年的安排已经启用，办理时限和值班都按它算，正在办的几分钟内也改过来。",
    "union": "已经保存，马上按它办。",
    "body": "单位已经加上，转交的时候可以选它。要让哪一类事常转给它，请到“归口和时限”里选。",
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

# --- unions and bodies ---

NO_SUCH_UNION = "名录里没有这家工会。"
NOT_CHECKED = "请先核对，再勾选“我核对过”。"
BAD_NAME = "名称写 4 到 40 个字，里面要有“工会”，不写数字和空格。"
NAME_TAKEN = "“{}”已经有了，请换一个名称。"
BAD_TELEPHONE = "电话只写数字和短横，像 0716-8000000；有分机写“转”。"
TOO_LONG = "每一项写在一行里，最多 {} 个字。"
BAD_LEVEL = "请选一个级别，不能高过上级。"
NO_PARENT = "请选一家归您管的上级工会。"
BAD_UNION_REGION = "请选一个地区，要和上级在同一个地区。"
BAD_PLACE = "“{}”不好认。地名写 3 到 20 个字，短了会认错。"
EVERY_CITY = "“{0}”哪里都有，会把别处的诉求也引过来。请写全称，比如荆州{0}。"
PLACE_OUTSIDE = "“{}”不在{}，请去掉。"
PLACE_TAKEN = "“{}”已经归{}，请先从那边去掉。"
NOT_YOUR_UNION = "这家工会不归您管，您可以看，不能改。"
NOT_ABOVE = "级别、上级、地区、地名和停用，由上级工会的管理员来改；您可以改名称、电话、地址、时间和不办的事。"
NO_HEIR = "请选一家正在工作的工会接手，不能是它自己和它的下级。"
NOTHING_CHANGED = "和现在一样，没有要改的。"
CHANGED_MEANWHILE = "名录刚刚变过，请重新核对。"
NOT_ALL = "全省的说法由管全省的管理员来改；您可以写自己这一片怎么找。"
NO_COLUMNS = "少了这几列：{}。第一行要写列名。"
TOO_MANY_ROWS = "一次最多 {} 行，请分开传。"
ROW_TWICE = "前面已经有了。"
WRONG_TABLE_ROW = "第 {} 行 {}：{}"
NO_BODY_TEXT = "名称和办什么事都要写。"
BODY_TAKEN = "“{}”已经有了，请换一个名称，或者直接修改它。"
BODY_SHIPPED = "这个单位随软件发布，答复和危险处置都用得到，不能停用；名称和说法可以改。"
BODY_USED = "这几类事还转给它：{}。请先在“归口和时限”里去掉，再停用。"

# --- regions ---

REGION_ADDED = "{}已经加上。它还没有自己的工会，诉求先由{}来办；请接着新增它的工会。还没有成立的，先不加也行。"

BAD_REGION_NAME = "“{}”不好认。写 3 到 20 个字，比如某某市、某某开发区；两个字的只认名录里见过的地名。"
REGION_THERE = "“{}”已经是一个地区，请直接修改它。"
NAME_ELSEWHERE = "“{}”已经归{}，请先从那边去掉。"
BAD_PARENT = "请选一个归您管的上级地区，不能是它自己和它下面的。"
NEEDS_PARENT = "请选上级地区；一个新的地市由管全省的管理员来加。"
BAD_LETTERS = "编号字母写 2 到 6 个大写英文字母，比如 HS。"
LETTERS_TAKEN = "编号字母 {} 已经用在{}，请换一个。"
NOT_YOUR_REGION = "这个地区不归您管，您可以看，不能改。"
REGION_RETIRED = "它在{}，那里已经停用。请先恢复那个地区。"
REGION_SHIPPED = "这个地区随软件发布，不能停用；名称和编号字母可以改。"
REGION_HAS_UNIONS = "还有工会在这个地区：{}。请先把它们改到别的地区，或者停用。"
REGION_HAS_REGIONS = "下面还有地区：{}。请先停用它们，或者改到别的地区下面。"
BAD_HOTLINE = "热线请从列出来的里面选。"

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


def union_lines(union: Organization, unions: Organizations) -> Iterator[tuple[str, str]]:
    """Yield what is known of a union, as labels and values."""
    yield "名称", union.title
    yield "级别", union.level.value
    yield "上级", unions.title(union.parent) if union.parent else ""
    yield "地区", union.region or PROVINCE
    yield "地名", "、".join(union.places)
    yield "不办的事", "、".join(union.leaves)
    yield "电话", union.contact.telephone
    yield "地址", union.contact.address
    yield "时间", union.contact.hours
    yield "停用", str(union.retired or "")


def region_lines(region: Region) -> Iterator[tuple[str, str]]:
    """Yield what is known of a region, as labels and values."""
    yield "名称", region.id
    yield "职工怎么说", "、".join(region.names)
    yield "上级地区", region.parent or ""
    yield "编号字母", region.letters
    yield "停用", str(region.retired or "")


def body_lines(body: Body, unions: Organizations) -> Iterator[tuple[str, str]]:
    """Yield what is known of a body outside the unions, as labels and values."""
    yield "名称", body.name
    yield "办什么事", body.takes
    yield "热线", body.hotline or ""
    yield "要带什么", "、".join(body.bring)
    yield "期限", body.limit
    yield "停用", str(body.retired or "")
    for union, office in body.offices.items():
        yield f"{unions.title(union)}这一片", reached(office)


def reached(contact: Contact) -> str:
    """Write how an office is reached, and who says so."""
    told = (contact.telephone, contact.address, contact.hours)
    source = f"来源：{contact.source}（{contact.confirmed} 核对）" if any(told) and contact.source else ""
    return " · ".join(filter(None, (*told, source)))


def staff_left(accounts: int, entries: Sequence[str]) -> str:
    """Say who still stands for a union that is to be retired, and what to do first."""
    found = [f"{accounts} 个账号" if accounts else "", f"值班表里的{'、'.join(entries)}" if entries else ""]
    return f"还有{'、'.join(filter(None, found))}记在这家工会名下。请先把他们改到别的工会，再停用。"
