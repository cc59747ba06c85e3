"""Every sentence of the reports, on the page and in the files."""

from bot.desk.cases.words import MEASURES
from bot.desk.page import moment
from bot.desk.reports.report import Line, Period, Report, Span

TITLES = {Span.WEEK: "周调度", Span.MONTH: "月总结"}
EVERYBODY = "全部工会"
MINE = "本工会和下级工会"
COLUMNS = (*MEASURES.values(), "解决率", "上期收到")
TABLES = {"unions": "按工会", "categories": "按类别"}
HOT, SUMMARY, OVERVIEW = "热点", "总的情况", "总览"
HOW = (
    "数字都从诉求的经历里数出来：收到、结案、重开按发生的时间算进本期；职工确认解决，是职工自己说解决了；"
    "现在超时，是出表时还没办结、已经过了时限的；同一单位预警，是七天内有多名职工反映同一单位时自动提醒的次数。"
    "问答的数字是全部渠道、全部工会合计，职工删除了对话的不再计入评价。表里没有任何人的姓名、电话和经过。"
)


def name(period: Period) -> str:
    """Name a period: a month, or the days of a week."""
    if period.span is Span.MONTH:
        return f"{period.first.year}年{period.first.month}月"
    first, last = period.first, period.last
    return f"{first.year}年{first.month}月{first.day}日至{last.month}月{last.day}日"


def title(report: Report) -> str:
    """Head a report."""
    return f"{report.about}职工诉求{TITLES[report.period.span]}"


def about(report: Report) -> str:
    """Say of when a report is, and when it was made."""
    return f"{name(report.period)} · 出表 {moment(report.made_at)}"


def summary(report: Report) -> list[str]:
    """Say in sentences what the tables show."""
    counts = dict(zip(MEASURES, report.total.counts, strict=True))
    told = [
        f"收到诉求 {counts['taken_in']} 件，上期 {report.total.before} 件{_change(report.total)}。"
        f"结案 {counts['closed']} 件，其中职工确认解决 {counts['satisfied']} 件，解决率 {report.total.share}；"
        f"重开 {counts['reopened']} 件。",
        f"现在超时没有办结的共 {report.overdue} 件，其中本期收到的 {counts['overdue']} 件。"
        f"同一单位预警 {report.warnings} 次。",
        f"机器人答复消息 {report.service.messages} 条，没答上的问题 {report.service.refused} 个；"
        f"职工评价有用 {report.service.helpful} 次，没用 {report.service.unhelpful} 次。",
    ]
    if report.hot:
        told.append("反映最多的是" + "、".join(f"{line.name} {line.taken_in} 件" for line in report.hot) + "。")
    return told


def overview(report: Report) -> list[tuple[str, int | str]]:
    """Return the figures of the whole report with their names."""
    return [
        *zip(MEASURES.values(), report.total.counts, strict=True),
        ("解决率", report.total.share),
        ("上期收到", report.total.before),
        ("现在超时（不论何时收到）", report.overdue),
        ("同一单位预警", report.warnings),
        ("机器人答复消息", report.service.messages),
        ("没答上的问题", report.service.refused),
        ("评价有用", report.service.helpful),
        ("评价没用", report.service.unhelpful),
    ]


def cells(line: Line) -> tuple[int | str, ...]:
    """Return a line in the order of `COLUMNS`, after its name."""
    return (*line.counts, line.share, line.before)


def _change(line: Line) -> str:
    if not line.before:
        return ""
    percent = round(100 * (line.taken_in - line.before) / line.before)
    return f"，{'增加' if percent > 0 else '减少'} {abs(percent)}%" if percent else "，持平"
