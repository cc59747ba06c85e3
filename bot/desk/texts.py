"""Every sentence of the desk that staff read, but for the headings and labels of its templates."""

from datetime import date, time

from bot.audit import CLI, STRANGER, SYSTEM, Act
from bot.desk.problems import Problem
from bot.desk.staff import Role
from bot.pages.refusals import Refused

# --- roles ---

ROLES: dict[str, str] = {Role.CLERK: "经办人", Role.SUPERVISOR: "负责人", Role.ADMIN: "管理员", Role.AUDITOR: "审计员"}
ROLE_NOTES = {
    Role.CLERK: "接待职工，办理本工会和下级工会的诉求",
    Role.SUPERVISOR: "除经办以外，还看得到同事，督办、改派、复核，管值班和常用回复",
    Role.ADMIN: "管理账号和资料，必须开启动态口令",
    Role.AUDITOR: "查看审计记录和诉求办到哪一步，不看内容，也不改动任何东西",
}

# --- the audit ---

ACTS: dict[str, str] = {
    Act.LOGGED_IN: "登录",
    Act.LOGIN_FAILED: "登录失败",
    Act.LOGGED_OUT: "退出",
    Act.SESSIONS_ENDED: "结束其他登录",
    Act.INVITED: "邀请同事",
    Act.JOINED: "接受邀请",
    Act.RESET: "重置账号",
    Act.DISABLED: "停用账号",
    Act.ENABLED: "恢复账号",
    Act.CHANGED: "修改角色或工会",
    Act.PASSWORD_CHANGED: "修改密码",
    Act.TOTP_ON: "开启动态口令",
    Act.TOTP_OFF: "关闭动态口令",
    Act.RECOVERY_RENEWED: "更换恢复码",
    Act.RECOVERY_USED: "用恢复码登录",
    Act.MESSENGER_LINKED: "绑定聊天账号",
    Act.MESSENGER_UNLINKED: "解除聊天账号",
    Act.AUDIT_EXPORTED: "导出审计记录",
    Act.AUDIT_VERIFIED: "校验审计记录",
    Act.INDEX_BUILT: "整理资料新版本",
    Act.INDEX_CANCELLED: "停止整理资料",
    Act.INDEX_DISCARDED: "丢弃新的资料版本",
    Act.INDEX_SERVED: "启用资料版本",
    Act.DOCUMENT_DRAFTED: "起草资料",
    Act.DOCUMENT_DROPPED: "丢弃资料草稿",
    Act.DOCUMENT_APPROVED: "批准资料",
    Act.DOCUMENT_RETIRED: "停用资料",
    Act.GAP_CARED: "跟进没答上的问题",
    Act.GOLDEN_CHANGED: "增减考题",
    Act.ANSWER_PINNED: "固定答案",
    Act.ANSWER_UNPINNED: "取消固定答案",
    Act.CASE_READ: "查看诉求",
    Act.CASE_FILE_READ: "查看或下载诉求材料",
    Act.CASE_PERSON_SHOWN: "查看当事人姓名电话",
    Act.CASES_SEARCHED: "查找诉求内容",
    Act.CANNED_CHANGED: "修改常用回复",
    Act.FIGURES_EXPORTED: "导出统计",
    Act.PARAMETER_CONFIRMED: "确认本地标准",
    Act.PARAMETER_WITHDRAWN: "撤回本地标准",
    Act.STATIONS_TAKEN_IN: "导入驿站",
    Act.HOLIDAYS_ENTERED: "登记节假日",
    Act.HOLIDAYS_WITHDRAWN: "撤回节假日",
    Act.WAY_CHANGED: "修改归口",
    Act.CLOCK_CHANGED: "修改时限",
    Act.UNION_CHANGED: "修改工会",
    Act.BODY_CHANGED: "修改外部单位",
    Act.REGION_CHANGED: "修改地区",
    Act.DUTY_CHANGED: "修改值班表",
    Act.DUTY_TRIED: "试发通知",
    Act.REPORT_EXPORTED: "导出报告",
}
DETAILS: dict[str, str] = {
    **ROLES,
    "password": "密码不对",
    "second factor": "动态口令不对",
    "link": "通过邀请链接",
    "provider": "通过单位账号",
    "one": "一处",
    "others": "其他各处",
    "taken": "我来跟进",
    "left": "不再跟进",
    "settled": "不用再管",
    "added": "增加",
    "removed": "减少",
    "changed": "修改",
    "retired": "停用",
    "restored": "恢复",
    "week": "周调度",
    "month": "月总结",
    "confirmed": "确认",
    "withdrawn": "撤回",
    "checked": "没有被改过，查到第几条",
    "broken": "对不上，从第几条起",
}
SUBJECTS = {
    "staff": "账号",
    "case": "诉求",
    "index": "资料版本",
    "document": "资料",
    "gap": "没答上的问题",
    "parameter": "本地标准",
    "holidays": "节假日",
    "duty": "值班",
    "way": "归口",
    "clock": "时限",
    "pin": "固定答案",
    "canned": "常用回复",
    "union": "工会",
    "region": "地区",
    "body": "外部单位",
    "proof": "凭据",
}
ACTORS = {CLI.id: "命令行", SYSTEM.id: "系统", STRANGER.id: "未登录的人"}
AUDIT_COLUMNS = ("编号", "时间", "谁", "账号编号", "角色", "做了什么", "对象", "说明", "校验值")

# --- what goes wrong ---

PROBLEMS = {
    Problem.LOGIN_SHAPE: "登录名用 3 到 32 个小写字母、数字、点或短横线，以字母或数字开头。",
    Problem.LOGIN_TAKEN: "这个登录名已经有人用了，请换一个。",
    Problem.NAME: "请填姓名，最多 32 个字。",
    Problem.NO_UNION: "请至少选一个工会。",
    Problem.UNKNOWN_UNION: "只能选您自己的工会和下级工会。",
    Problem.UNKNOWN_STAFF: "没有这个登录名。",
    Problem.NOT_YOURS: "这个账号不归您管理。",
    Problem.LINK_GONE: "这个链接用过了，或者过期了。设过密码的，请在下面登录；还没有设的，请管理员再发一个新的给您。",
    Problem.PASSWORD_SHORT: "密码至少 10 个字符。几个不相干的词连在一起，好记又安全。",
    Problem.PASSWORD_LONG: "密码最多 128 个字符。",
    Problem.PASSWORD_COMMON: "这个密码太容易被猜到，请换一个。",
    Problem.PASSWORD_LIKE_LOGIN: "密码里不要带登录名。",
    Problem.PASSWORDS_DIFFER: "两次输入的密码不一样。",
    Problem.WRONG_PASSWORD: "当前密码不对。",
    Problem.WRONG_LOGIN: "登录名或密码不对。",
    Problem.WRONG_CODE: "口令不对，或者已经用过。请等手机上换出新的六位数字再试。",
    Problem.FACTOR_NEEDED: "管理员必须开启动态口令，不能关闭。",
    Problem.EMAIL_SHAPE: "邮箱写得不对，比如 wang.fang@example.org；没有就空着。",
    Problem.EMAIL_TAKEN: "另一个账号已经用了这个邮箱。",
    Problem.JOURNEY_GONE: "这次登录隔得太久，或者已经用过了。请再点一次登录。",
    Problem.PROVIDER_SILENT: "单位的登录系统暂时没有回应。请过一会儿再试，或者用密码登录。",
    Problem.PROVIDER_REFUSED: "单位的登录系统没有让您通过，请再试一次。",
    Problem.PROVIDER_DISTRUSTED: "单位的登录系统给的信息对不上，没有让您进来。请告诉管理员。",
    Problem.NOT_INVITED: "还没有给您开通工作台。请让本工会的管理员邀请您。",
    Problem.IDENTITY_TAKEN: "这个单位账号已经绑定了另一位同事的工作台账号。",
}
TOO_MANY = "试得太多了。为了账号安全，请过几分钟再试。"


def forbidden() -> Refused:
    """Return the error for a page that one's role does not open."""
    return Refused(403, "这一页不对您开放", "您的角色看不到这里。如果工作需要，请找管理员调整。")


def not_found() -> Refused:
    """Return the error for a page that does not exist."""
    return Refused(404, "没有找到这一页", "它可能已经换了位置。请回到工作台再找一次。")


def stale_form() -> Refused:
    """Return the error for a form without the right token."""
    return Refused(403, "请再点一次", "这一页打开得太久，或者浏览器没有保存 Cookie。请返回上一页，刷新以后再试。")


def malformed(status: int) -> Refused:
    """Return the error for a request that no page of the desk sends."""
    return Refused(status, "没有看懂这个请求", "请返回上一页，刷新以后再试一次。")


def broken() -> Refused:
    """Return the error for what is our fault."""
    return Refused(500, "工作台出了点问题", "刚才的操作可能没有完成。请返回上一页看一看；还不行，请告诉管理员。")


OUTAGE = (
    "工作台这会儿连不上数据",
    "正在恢复，存好的都在。刚才的操作可能没有保存，请过一会儿返回上一页看一看；一直不行，请告诉管理员。",
)


# --- what one is told ---

DONE = {
    "saved": "已保存。",
    "password": "密码已修改，其他地方的登录都已结束。",
    "factor-off": "动态口令已关闭。",
    "unlinked": "已解除绑定，那个账号不能再以您的名义办事。",
    "ended": "已结束那一处登录。",
    "others-ended": "其他地方的登录都已结束。",
    "disabled": "账号已停用，正在使用的登录也已结束。",
    "enabled": "账号已恢复。",
    "out": "您已退出工作台。",
}
_GREETINGS = ((5, "夜深了"), (11, "早上好"), (13, "中午好"), (18, "下午好"), (23, "晚上好"), (24, "夜深了"))

TODO_FACTOR = "给账号加一道锁：开启动态口令，密码丢了别人也进不来。"
TODO_NOBODY = "还没有人能办诉求：先邀请一位负责人或者经办人。"
TODO_DUTY = "排好值班，紧急的事才叫得到人。"
TODO_PARAMETERS = "核对本地的金额和天数，职工问到时才答得上。"
TODO_NO_UNION = "名录里找不到您的工会，请让管理员重新选。"


def greeting(moment: time) -> str:
    """Greet as people do at this time of the day."""
    return next(words for hour, words in _GREETINGS if moment.hour < hour)


def todo_codes(left: int) -> str:
    """Ask for new recovery codes while some are left."""
    return f"恢复码只剩 {left} 个，请换一组新的。" if left else "恢复码用完了，请换一组新的。"


def todo_waiting(count: int) -> str:
    """Remind an admin of invitations."""
    return f"有 {count} 位同事还没有接受邀请，链接三天内有效。"


def detail_name(detail: str) -> str:
    """Say a detail of the audit: one word, or a word such as a role and the unions or regions that it is about."""
    word, _, places = detail.partition(" ")
    if detail not in DETAILS and word in DETAILS:
        return f"{DETAILS[word]}：{places.replace(' ', '、')}"
    return DETAILS.get(detail, detail)


def subject_name(subject: str) -> str:
    """Say of what kind a subject is."""
    kind, _, rest = subject.partition("/")
    return f"{SUBJECTS.get(kind, kind)} {rest}" if rest else subject


def day(value: date) -> str:
    """Write a day: 11月21日 星期六."""
    return f"{value.month}月{value.day}日 星期{'一二三四五六日'[value.weekday()]}"
