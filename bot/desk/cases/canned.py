"""Replies that stand ready: those that ship, what unions make of them, and what they say of a case."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from string import Formatter

from bot.cases.model import Case, Move
from bot.desk.cases import canned_words
from bot.desk.cases.moving import Unfit
from bot.desk.cases.ports import ReadyReply
from bot.desk.staff import Staff

EMPLOYER, UNION, HANDLER, CATEGORY = VARIABLES = ("单位", "工会", "经办人", "类别")
# For which moves a reply can stand ready: those that ask for words.
MOVES = (
    Move.SAY,
    Move.ASK_WORKER,
    Move.INTERIM,
    Move.WAIT_EMPLOYER,
    Move.ANSWER,
    Move.RESOLVE,
    Move.NOT_SUPPORT,
    Move.RETURN,
)
LONGEST_TITLE, LONGEST = 12, 600  # characters

SHIPPED = (
    ReadyReply(
        "papers",
        Move.ASK_WORKER,
        "要凭据",
        "请把劳动合同、工资条或者转账记录、考勤这几样里有的，拍照发在这里；没有也没关系，说一声就行。",
    ),
    ReadyReply(
        "contact",
        Move.ASK_WORKER,
        "问联系人",
        "请告诉我们{单位}里管这件事的人怎么称呼，电话是多少；不知道就回“不知道”。",
    ),
    ReadyReply(
        "meeting", Move.ASK_WORKER, "约时间", "我们想和您当面谈一次，请回一个您方便的时间和地方，我们来找您也可以。"
    ),
    ReadyReply(
        "taken",
        Move.SAY,
        "已接手",
        "您好，我是{工会}的{经办人}，您反映的{类别}这件事由我来办。有什么要补充的，直接在这里写。",
    ),
    ReadyReply("calling", Move.SAY, "会联系单位", "我们这两天就去找{单位}，有了消息马上告诉您。"),
    ReadyReply("talking", Move.INTERIM, "还在谈", "我们已经和{单位}谈过，单位还在核实，我们会接着催，有进展就告诉您。"),
    ReadyReply("letter", Move.WAIT_EMPLOYER, "已发函", "已经向{单位}发了函，请单位在期限内书面答复。"),
    ReadyReply("paid", Move.RESOLVE, "已付清", "{单位}已经答应并付清了，请您查收；没有收到，马上告诉我们。"),
    ReadyReply("mended", Move.RESOLVE, "已改正", "{单位}已经改正。以后再有这样的事，随时告诉我们。"),
    ReadyReply("beyond", Move.NOT_SUPPORT, "超出范围", "您的要求超出了规定能支持的范围。"),
    ReadyReply("elsewhere", Move.RETURN, "不归本地", "单位不在本地，请改派单位所在地的工会。"),
)


def canned(case: Case, union: str, staff: Staff, replies: Iterable[ReadyReply]) -> tuple[ReadyReply, ...]:
    """Return the replies for a case of a union, as people call it, filled in as this person would send them."""
    values = {
        EMPLOYER: case.facts.employer or "单位",
        UNION: union,
        HANDLER: staff.name,
        CATEGORY: case.categories[0].value,
    }
    return tuple(replace(each, text=filled(each.text, values)) for each in replies)


def offered(kept: Sequence[tuple[str, ReadyReply]], chain: Sequence[str]) -> dict[str, tuple[str, ReadyReply]]:
    """Return by id what a union has, each with whose it is ("" ships): the nearest one's stands for those above it.

    `chain` names the union and those above it, itself first.
    """
    found = {each.id: ("", each) for each in SHIPPED}
    for union in reversed(chain):
        found |= {reply.id: (union, reply) for keeper, reply in kept if keeper == union}
    return found


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return the text with its variables filled in; raise Unfit that names a variable which there is not."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise Unfit(canned_words.BRACES) from error
    out = []
    for plain, name, spec, conversion in parts:
        out.append(plain)
        if name is None:
            continue
        if name not in values or spec or conversion:
            raise Unfit(canned_words.unknown_variable(name, VARIABLES))
        out.append(values[name])
    return "".join(out)


def checked(move: str, title: str, text: str) -> tuple[Move, str, str]:
    """Return what was written for a reply if it can stand ready; raise Unfit that says what is wrong with it."""
    if move not in MOVES:
        raise Unfit(canned_words.NO_MOVE)
    title, text = " ".join(title.split()), text.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Unfit(canned_words.title_needed(LONGEST_TITLE))
    if not text or len(text) > LONGEST:
        raise Unfit(canned_words.text_needed(LONGEST))
    filled(text, dict.fromkeys(VARIABLES, ""))
    return Move(move), title, text
