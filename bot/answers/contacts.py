"""Finds how a union, or a body outside it, is reached in the directory, for who asks."""

import re
from collections.abc import Mapping, Sequence

from bot.texts import contacts as named
from bot.texts import local as texts
from knowledge.organizations import NO_CONTACT, Body, Contact, Organization, Organizations

LONGEST = 40  # characters of a question that asks for nothing else
_HOW = r"(?:电话|号码|热线|联系|地址|在哪|在什么|哪里|哪儿|怎么走|怎么找|几点|上班|开门|办公)"
_REACHED = re.compile(_HOW)
_UNION = re.compile(rf"(?:工会|工会办公室)(?:的|是|是多少|[，,\s])?(?:办公|联系)?{_HOW}")
# What people call a body → its id in the directory.
_BODIES = tuple(
    (re.compile(called), id)
    for called, id in (
        (r"监察(?:大队|支队|机构|局)|劳动监察|劳监", "inspection"),
        (r"仲裁", "arbitration"),
        (r"法院", "court"),
        (r"法律援助|法援", "legal-aid"),
        (r"社保(?:局|中心|所|经办|服务|大厅)|社会保险(?:局|中心|经办)", "social-insurance"),
        (r"工伤(?:认定|鉴定)|劳动能力鉴定", "injury"),
        (r"就业(?:局|服务)|人才市场", "employment"),
        (r"医保(?:局|中心|经办|服务|大厅)|医疗保障局", "medical-insurance"),
        (r"公积金", "housing-fund"),
        (r"妇联|妇女联合会", "women-federation"),
        (r"共青团|团委", "youth-league"),
        (r"应急(?:管理)?局|应急管理部门", "emergency-management"),
        (r"卫健(?:委|局)|卫生健康", "health"),
        (r"住建局|住房和?城乡建设", "housing"),
        (r"民政", "civil-affairs"),
    )
)


def contact_asked(
    question: str, organizations: Organizations, region: str | None, places: Sequence[str] = ()
) -> str | None:
    """Return in words how the office is reached that a question asks for; None if none is, or nobody has told.

    `places` are the names within the region that the question holds, as `Regions` finds them.
    """
    if len(question) > LONGEST or not _REACHED.search(question):
        return None
    line = _line(question, organizations, region, places)
    if body := _body(question, organizations.sent_to):
        return _told(body.name, organizations.office(body, line[0].name)) if line else None
    if not (_UNION.search(question) or any(each.title in question or each.name in question for each in line[:1])):
        return None
    return next((told for each in line if (told := _told(each.title, each.contact))), None)


def _body(question: str, bodies: Mapping[str, Body]) -> Body | None:
    """Return the body that is meant: one by its whole name, as a home adds them, before what people call by habit."""
    if whole := [each for each in bodies.values() if each.name in question]:
        return max(whole, key=lambda each: len(each.name))
    return next((bodies[id] for known, id in _BODIES if id in bodies and known.search(question)), None)


def _line(
    question: str, organizations: Organizations, region: str | None, places: Sequence[str]
) -> tuple[Organization, ...]:
    """Return the union that is meant and those above it; () where nothing says which."""
    every = sorted(organizations.active.values(), key=lambda each: -len(each.title))
    meant = next((each for each in every if each.title in question or each.name in question), None)
    meant = meant or organizations.owner(region, places)
    return organizations.chain(meant) if meant else ()


def _told(name: str, contact: Contact) -> str | None:
    if contact == NO_CONTACT or contact.confirmed is None:
        return None
    return texts.office(name, named.reached(contact), contact.source, contact.confirmed)
