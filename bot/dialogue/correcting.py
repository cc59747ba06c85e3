"""What a worker puts right in a case: what was told of it, and how they are called and reached."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.cases.changes import Reach
from bot.cases.model import Case, CaseKind, Facts
from bot.cases.ports import Mine
from bot.forms.values import number_of_people, read_name, read_phone
from bot.texts import intake as intake_texts
from bot.texts import mine as texts

NAME, PHONE = "name", "phone"
_ANSWER = "answer"  # answer0 is the first of a case's further answers
_REMOVES = re.compile(r"(不留|不想留|不要留|删掉?|去掉|删除|没有)(电话|号码|手机号?|名字|姓名|称呼)?[了吧。.!！]*")
_CALLED = {NAME: "名字|姓名|称呼", PHONE: "电话|手机|联系方式|号码"}
_CHANGES = {
    field: re.compile(
        rf"我?(想|要|想要)?(改|换|更正|修改|更换)(一?下|个|了)*(我的?)?(联系|手机)?({words})(号码?|号)?(?P<more>.*)"
        rf"|(我的?|留的)*(联系|手机)?({words})(号码?|号)?(要|已经)?(换|变|改|写错|留错|填错|错)了?(?P<rest>.*)",
        re.DOTALL,
    )
    for field, words in _CALLED.items()
}
_NO_MORE = re.compile(
    r"[了吧啊。.!！，,：:、\s]*(新的?|现在|应该)?(是|用|号码?是?)*[\d+＋（）() \-－—–]*[了吧啊。.!！\s]*"
)


@dataclass(frozen=True, slots=True)
class Corrected:
    """What is right now; `said` tells staff what was put right, and holds no name and no number."""

    said: str
    facts: Facts
    reach: Reach | None = None
    reply: str = texts.CORRECTED


def fields(case: Case) -> Mapping[str, str]:
    """Return what of a case can be put right, and how it is called; an application has only what was asked for it."""
    asked = case.kind is not CaseKind.APPLICATION
    told = {field: label for field, label in texts.FIELDS.items() if asked or told_of(case.facts, field)}
    further = {
        f"{_ANSWER}{index}": label
        for index, (label, _) in enumerate(case.facts.answers)
        if label not in (*texts.FIELDS.values(), intake_texts.TOGETHER)
    }
    return {**told, **further, NAME: texts.NAME, PHONE: texts.PHONE}


def meant(text: str) -> str | None:
    """Return whether `text` says that the name or the number is to be changed, and nothing else but the number."""
    for field, words in _CHANGES.items():
        if (found := words.fullmatch(text)) and _NO_MORE.fullmatch(found["more"] or found["rest"] or ""):
            return field
    return None


def question(mine: Mine, field: str) -> str:
    """Ask for the right words, and say what stands there now."""
    label, now = fields(mine.case)[field], present(mine, field)
    return texts.correct_own(label, now) if field in (NAME, PHONE) else texts.correct(label, now)


def present(mine: Mine, field: str) -> str:
    """Return what stands in a field of `fields` now, "" where nothing does."""
    match field:
        case "name":
            return mine.claimant.name
        case "phone":
            return mine.claimant.telephone
        case _ if field.startswith(_ANSWER):
            return mine.case.facts.answers[int(field.removeprefix(_ANSWER))][1]
        case _:
            return told_of(mine.case.facts, field)


def told_of(facts: Facts, field: str) -> str:
    """Return what was told of a field of `texts.FIELDS`, "" where nothing was."""
    said = getattr(facts, field)
    return "" if said is None else str(said)


def corrected(mine: Mine, field: str, text: str) -> Corrected | str:
    """Return what is right now, or what to say to somebody whose words do not give it."""
    if field in (NAME, PHONE):
        return _reached(mine, field, text)
    facts = _facts(mine.case.facts, field, text)
    return Corrected(texts.put_right(fields(mine.case)[field]), facts) if facts else texts.NO_NUMBER


def _reached(mine: Mine, field: str, text: str) -> Corrected | str:
    """Let staff see another name or number, or none; who leaves neither stays unnamed."""
    me, label = mine.claimant, fields(mine.case)[field]
    removed = bool(_REMOVES.fullmatch(text))
    value = "" if removed else read_phone(text) if field == PHONE else read_name(text)
    if value is None:
        return texts.NUMBER_NOT_READ if field == PHONE else texts.NAME_NOT_READ
    name, telephone = (value, me.telephone) if field == NAME else (me.name, value)
    reach = Reach(mine.case.id, me.number, anonymous=not (name or telephone), name=name, telephone=telephone)
    if removed:
        return Corrected(texts.taken_out(label), mine.case.facts, reach, texts.REMOVED)
    if field == PHONE:
        said = texts.put_right(label) if me.telephone else texts.NUMBER_LEFT
        return Corrected(said, mine.case.facts, reach, texts.NUMBER_KEPT)
    return Corrected(texts.put_right(label), mine.case.facts, reach)


def _facts(facts: Facts, field: str, text: str) -> Facts | None:
    """Return the facts with what is right now, None where a number is wanted and `text` holds none."""
    if field.startswith(_ANSWER):
        answers = list(facts.answers)
        index = int(field.removeprefix(_ANSWER))
        answers[index] = (answers[index][0], text)
        return replace(facts, answers=tuple(answers))
    if field != "people":
        said: dict[str, Any] = {field: text}
        return replace(facts, **said)
    people = number_of_people(text)
    if not isinstance(people, int):
        return None
    others = tuple(answer for answer in facts.answers if answer[0] != texts.FIELDS[field])  # where no number was told
    return replace(facts, people=people, answers=others)
