"""A desk with a year behind it: cases of invented workers at invented employers, as a union's clerks meet them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.cases.changes import Append, NewClaimant
from bot.cases.model import NOTHING, Actor, Case, CaseKind, Content, Facts, Move, fold
from bot.desk.staff import Staff
from bot.messages import Channel
from bot.storage.storage import Storage
from knowledge.vocabulary import Category, Urgency
from tests.bot.cases.house import HANDLER, TRIAGE, WORKER, claimant, events, open_case

CITY, TOWN, COUNTY = "荆州市总工会", "沙市区总工会", "公安县总工会"
DUTY = """\
people:
  - {name: 值班手机, unions: [荆州市总工会], channel: email, address: duty@example.org, hours: {workday: "08:30-17:30"}}
  - {name: 夜班群, unions: [荆州市总工会], channel: email, address: night@example.org, hours: always}
"""

Step = tuple[Move, Actor, Content]


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody came with, and what became of it."""

    category: Category
    story: str
    employer: str = ""
    wish: str = ""
    union: str = CITY
    people: int = 1
    urgency: Urgency = Urgency.NORMAL
    steps: tuple[Step, ...] = ()
    hours: float = 5  # since it was told
    name: str = ""
    telephone: str = ""


def _taken(union: str) -> tuple[Step, ...]:
    where = Content(organization=union, department="rights", reason=f"您说的地方是荆州，归{union}。")
    return (
        (Move.TRIAGE, TRIAGE, NOTHING),
        (Move.DISPATCH, TRIAGE, where),
        (Move.ACCEPT, HANDLER, NOTHING),
        (Move.ASSIGN, HANDLER, Content(staff=HANDLER.id)),
        (Move.START, HANDLER, NOTHING),
    )


def _said(move: Move, actor: Actor, text: str) -> Step:
    return move, actor, Content(text=text)


_ENDED = (
    _said(Move.RESOLVE, HANDLER, "单位已经补齐，转账凭证本人看过了。"),
    (Move.CONFIRM, WORKER, NOTHING),
    (Move.RATE, WORKER, Content(score=5)),
)

TODAY = (
    Matter(
        Category.SAFETY,
        "三号楼的吊篮钢丝绳断了一股，班长还叫我们上去干活，我们不敢",
        "荆州某幕墙安装公司",
        "先停下来检修",
        people=9,
        urgency=Urgency.EMERGENCY,
        hours=0.4,
    ),
    Matter(
        Category.WAGE_ARREARS,
        "工地上十八个人，从八月到现在的工钱一分没发，老板说甲方没付款，电话也不接了。"
        "我们手里有考勤本和一张按了手印的欠条，孩子等着交学费。",
        "荆州某建筑劳务有限公司",
        "把三个月的工钱要回来",
        union=TOWN,
        people=18,
        urgency=Urgency.URGENT,
        steps=(
            *_taken(TOWN),
            _said(Move.SAY, WORKER, "昨天又去找了一趟，项目部的人说年底一起结。"),
            _said(Move.NOTE, HANDLER, "项目经理答应周三面谈，考勤本要原件。"),
            _said(Move.ASK_WORKER, HANDLER, "您好，考勤本和欠条能拍张照片发过来吗？正反面都要。"),
        ),
        hours=52,
        name="工友小李",
        telephone="13900000000",
    ),
    Matter(
        Category.WORK_INJURY,
        "在车间被传送带夹伤了右手两个手指，单位只付了第一次的医药费，不肯报工伤",
        "荆州某纺织厂",
        "认定工伤，把医药费报了",
        steps=_taken(CITY),
        hours=70,
    ),
    Matter(
        Category.WOMEN,
        "怀孕六个月还排我上夜班，说不上就算旷工",
        "荆州某电子厂",
        "不上夜班",
        union=CITY,
        hours=3,
    ),
    Matter(Category.MEMBERSHIP, "我在开发区送外卖，想入会，不知道找谁", hours=1.5),
    Matter(
        Category.HARDSHIP,
        "家里老人住院欠了钱，想申请困难帮扶，要交什么材料",
        union=COUNTY,
        steps=_taken(COUNTY),
        hours=80,
    ),
    Matter(
        Category.SOCIAL_INSURANCE,
        "干了四年没给我交社保，现在要我签自愿放弃的声明",
        "荆州某物流公司",
        "把社保补上",
        people=3,
        hours=26,
    ),
    Matter(
        Category.WORKING_TIME,
        "一个月只休两天，加班费按六块钱一个小时算",
        "荆州某食品厂",
        "按规定算加班费",
        union=TOWN,
        steps=(*_taken(TOWN), _said(Move.RESOLVE, HANDLER, "厂里答应从这个月起按规定算，补发三个月的差额。")),
        hours=120,
    ),
)
BEFORE = (
    Matter(Category.WAGE_ARREARS, "装修队欠了我一个半月的工钱", "荆州某装饰公司", "发工钱"),
    Matter(Category.CONTRACT, "试用期快满了叫我走，也不给说法", "荆州某超市", "给个说法，该赔的赔", union=TOWN),
    Matter(Category.WORKING_TIME, "年休假不让休，也不给钱", "荆州某印刷厂", "休年假", union=COUNTY),
    Matter(Category.LEGAL_AID, "想请律师帮我打劳动仲裁，请不起", "荆州某保洁公司", "申请法律援助"),
    Matter(Category.CULTURE, "驿站的饮水机坏了一个星期", wish="修好", union=TOWN),
)
OPENED_BEFORE = (170, 150, 141, 121, 112, 104, 92, 83, 75, 66, 58, 51, 47, 40, 33, 30, 24, 17, 13, 9)  # days


async def furnish(storage: Storage, now: datetime, login: str) -> Sequence[Case]:
    """Let cases come in until `now`, and a clerk deal with them; return those of today, in the order of `TODAY`."""
    clerk = await storage.staff.by_login(login)
    assert clerk is not None, login
    for number, days in enumerate(OPENED_BEFORE):
        matter = BEFORE[number % len(BEFORE)]
        ended = () if days == OPENED_BEFORE[-1] else _ENDED
        await _happened(storage, matter, (*_taken(matter.union), *ended), now - timedelta(days=days), clerk)
    return [
        await _happened(storage, matter, matter.steps, now - timedelta(hours=matter.hours), clerk) for matter in TODAY
    ]


async def _happened(storage: Storage, matter: Matter, steps: Sequence[Step], began: datetime, clerk: Staff) -> Case:
    content = Content(
        kind=CaseKind.EMERGENCY if matter.urgency is Urgency.EMERGENCY else CaseKind.GRIEVANCE,
        facts=Facts(matter.story, matter.employer, "荆州", "", matter.people, matter.wish),
        categories=(matter.category,),
        urgency=matter.urgency,
        region="荆州市",
        organization=matter.union,
        department="rights",
        reason=f"您说的地方是荆州，归{matter.union}。",
    )
    new = open_case(began, content, _worker(matter, began))
    case, at = fold(new.events), began
    for move, actor, said in steps:
        at += timedelta(hours=min(4.0, matter.hours / 12))
        by = replace(HANDLER, id=clerk.id, name=clerk.name) if actor is HANDLER else actor
        for event in events(case, move, by, at, replace(said, staff=said.staff and clerk.id)):
            case = case.then(event)
    later = case.events[len(new.events) :]
    await storage.cases.apply([new, *([Append(case.id, new.events[-1].number, later)] if later else [])], at)
    stored = await storage.cases.case(case.id)
    assert stored is not None
    return stored


def _worker(matter: Matter, began: datetime) -> NewClaimant:
    named = bool(matter.name)
    return claimant(
        "", channel=Channel.WEB, anonymous=not named, now=began, name=matter.name, telephone=matter.telephone
    )
