"""Every sentence of the reports, on the page and in the files."""

from bot.desk.cases.figure_words import MEASURES
from bot.desk.page import moment
from bot.desk.reports.report import Line, Period, Report, Span

TITLES = {Span.WEEK: "周调度", Span.MONTH: "月总结"}
COLUMNS = (*MEASURES.values(), "解决率", "上期收到")
TABLES = {"unions": "按工会", "categories": "按类别"}
SUMMARY, OVERVIEW = "总的情况", "总览"
HOT, ASKED, WORKPLACES = "升得快的诉求", "问得多的问题", "同一单位多人反映"
HOT_COLUMNS = ("类别", "本期收到件数", "前四期平均件数")
ASKED_COLUMNS = ("问题", "本期几个人问", "前四期平均人数")
WORKPLACE_COLUMNS = ("工会", "类别", "职工人数", "诉求件数")
HOW = (
    "按工会、按类别的表，单位都是件。数字都从诉求的经历里数出来：收到、结案、重开按发生的时间算进本期；职工确认解决，是职工自己说解决了；"
    "现在超时，是出表时还没办结、已经过了时限的；同一单位预警，是七天内有多名职工反映同一单位时自动提醒的次数。"
    "满意度是职工打的分（1 到 5 分）的中位数。升得快、问得多、同一单位，都至少要有三个人才列出来。"
    "问答的数字是全部渠道、全部工会合计，职工删除了对话的不再计入评价。表里没有任何人的姓名、电话和经过，也没有单位名称。"
)


def name(period: Period) -> str:
    """Name a period: a month, or the days of a week."""
    if period.span is Span.MONTH:
        return f"{period.first.year}年{period.first.month}月"
    first, last = period.first, period.last
    year = f"{last.year}年" if last.year != first.year else ""
    return f"{first.year}年{first.month}月{first.day}日至{year}{last.month}月{last.day}日"


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
        f"重开 {counts['reopened']} 件。{_satisfaction(report)}",
        f"现在超时没有办结的共 {report.overdue} 件，其中本期收到的 {counts['overdue']} 件。"
        f"同一单位预警 {report.warnings} 次。",
        f"机器人答复消息 {report.service.messages} 条，没答上的问题 {report.service.refused} 个；"
        f"职工评价有用 {report.service.helpful} 次，没用 {report.service.unhelpful} 次。",
    ]
    if report.most:
        told.append("反映最多的是" + "、".join(f"{line.name} {line.taken_in} 件" for line in report.most) + "。")
    if report.hot:
        rising = (f"{line.name} {line.taken_in} 件（前四期平均 {average(line.usual)} 件）" for line in report.hot)
        told.append("比平常多的是" + "、".join(rising) + "。")
    if report.workplaces:
        workers = sum(each.workers for each in report.workplaces)
        told.append(f"有 {len(report.workplaces)} 家单位各有三名以上职工反映，一共 {workers} 人。")
    return told


def tables(report: Report) -> list[tuple[str, tuple[str, ...], list[tuple[int | str, ...]]]]:
    """Return the short tables that stand before the long ones: heading, columns and rows; those without a row not."""
    hot = [(line.name, line.taken_in, average(line.usual)) for line in report.hot]
    asked = [(each.wording, each.people, average(each.usual)) for each in report.questions or ()]
    places = [(each.organization, each.category.value, each.workers, len(each.cases)) for each in report.workplaces]
    every: list[tuple[str, tuple[str, ...], list[tuple[int | str, ...]]]] = [
        (HOT, HOT_COLUMNS, [*hot]),
        (ASKED, ASKED_COLUMNS, [*asked]),
        (WORKPLACES, WORKPLACE_COLUMNS, [*places]),
    ]
    return [table for table in every if table[2]]


def average(value: float) -> str:
    """Write an average with one digit, or none where it is a whole number."""
    return f"{value:.1f}".removesuffix(".0")


def overview(report: Report) -> list[tuple[str, int | str]]:
    """Return the figures of the whole report with their names."""
    return [
        *zip(MEASURES.values(), report.total.counts, strict=True),
        ("解决率", report.total.share),
        ("上期收到", report.total.before),
        ("满意度中位数", "—" if report.satisfaction is None else average(report.satisfaction)),
        ("打分的职工", len(report.scores)),
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


def _satisfaction(report: Report) -> str:
    if report.satisfaction is None:
        return ""
    return f"{len(report.scores)} 名职工打了分，中位数 {average(report.satisfaction)} 分（满分 5 分）。"


def _change(line: Line) -> str:
    if not line.before:
        return ""
    percent = round(100 * (line.taken_in - line.before) / line.before)
    return f"，{'增加' if percent > 0 else '减少'} {abs(percent)}%" if percent else "，持平"
