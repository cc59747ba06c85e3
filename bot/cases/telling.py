"""What follows from an event for others: what the claimants are told, and whose staff is called. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.cases.changes import CallStaff, NoticeKind
from bot.cases.model import Alarm, Audience, Case, CaseKind, Event, Move, Party, State
from bot.messages import Button, Reply
from bot.texts import cases as texts
from bot.texts import contacts
from knowledge.organizations import Organizations
from knowledge.vocabulary import Category

SETTLED_ACTION = "settled"  # settled:<case>, and the next: the dialogue reads both
NOT_SETTLED_ACTION = "unsettled"

_SENTENCES = {
    Move.TRIAGE: texts.TRIAGED,
    Move.ACCEPT: texts.ACCEPTED,
    Move.START: texts.STARTED,
    Move.RESUME: texts.RESUMED,
    Move.CONFIRM: texts.CLOSED,
    Move.CLOSE_UNREACHED: texts.CLOSED_UNREACHED,
    Move.REOPEN: texts.REOPENED,
    Move.WITHDRAW: texts.WITHDRAWN,
    Move.MERGE: texts.MERGED,
    Move.UNMERGE: texts.UNMERGED,
    Move.END_MERGED: texts.CLOSED,
    Move.UNDO: texts.PUT_BACK,
}
_ASKING = frozenset({Move.FOLLOW_UP, Move.ANSWER, Move.RESOLVE})  # the worker may say at once whether that is it
_WHETHER = ((texts.SETTLED, SETTLED_ACTION), (texts.NOT_SETTLED, NOT_SETTLED_ACTION))
_DISAGREE = ((texts.DISAGREE, NOT_SETTLED_ACTION),)


@dataclass(frozen=True, slots=True)
class News:
    """What claimants are told of an event."""

    event: int
    text: str
    answers: tuple[tuple[str, str], ...] = ()  # what they may say to it: a button's label and action


def told(case: Case, events: Sequence[Event], organizations: Organizations) -> tuple[News, ...]:
    """Return what claimants are told of the events, which made `case` what it is; who acted is told by the dialogue.

    Of several changes of state at once only the last is told.
    """
    moved = [event for event in events if event.before is not event.after]
    passed = {event.number for event in moved[:-1]}
    return tuple(
        News(event.number, texts.signed(sentence, event.actor.name), _answers(event))
        for event in events
        if event.audience is Audience.WORKER and event.number not in passed
        if (sentence := _sentence(case, event, organizations)) is not None
    )


def letter(news: News, case: str, category: Category, opened_at: datetime) -> Reply:
    """Return the news for a claimant of the case, which may be one that is merged into where it happened."""
    buttons = tuple(Button(label, f"{action}:{case}") for label, action in news.answers)
    return Reply(texts.news(texts.about(category, opened_at), news.text), buttons=(buttons,) if buttons else ())


def called(case: Case, event: Event) -> CallStaff | None:
    """Return whose staff an event calls that made `case` what it is; what is overdue is the clockwork's, and danger."""
    kind = _notice(case, event)
    return None if kind is None else CallStaff(kind, case.id, case.organization)


def _notice(case: Case, event: Event) -> NoticeKind | None:
    match event.move:
        case Move.OPEN if event.content.kind is not CaseKind.EMERGENCY:  # which rings by itself
            return NoticeKind.NEW_CASE
        case Move.DISPATCH if case.state is State.DISPATCHED:  # nobody has accepted it at the same stroke
            return NoticeKind.DISPATCHED
        case Move.TRANSFER:
            return NoticeKind.TRANSFERRED
        case Move.RETURN:
            return NoticeKind.RETURNED
        case Move.REOPEN | Move.ASK_REOPEN:
            return NoticeKind.REOPENED
        case Move.WITHDRAW:
            return NoticeKind.WITHDRAWN
        case Move.SAY | Move.ATTACH | Move.CORRECT if event.actor.party is Party.WORKER:
            return NoticeKind.REPLY
        case _:
            return None


def _sentence(case: Case, event: Event, organizations: Organizations) -> str | None:
    content = event.content
    match event.move:
        case Move.DISPATCH | Move.TRANSFER:
            return texts.dispatched(contacts.union(content.organization, organizations), content.reason)
        case Move.ACKNOWLEDGE:
            return texts.ACKNOWLEDGED
        case Move.ASK_WORKER:
            return texts.ask_worker(content.text)
        case Move.WAIT_EMPLOYER:
            return texts.wait_employer(content.reason)
        case Move.GO_LEGAL:
            return texts.go_legal(contacts.body(content.body, case.organization, organizations), content.until)
        case Move.ANSWER:
            return texts.answered(content.text)
        case Move.REFER:
            body = contacts.body(content.body, case.organization, organizations)
            return texts.referred(body, content.reason, content.contact)
        case Move.RESOLVE:
            return texts.resolved(content.text)
        case Move.NOT_SUPPORT:
            return texts.not_supported(content.reason, content.basis)
        case Move.DECLINE:
            return texts.declined(content.reason)
        case Move.INTERIM:
            return texts.interim(content.text)
        case Move.SAY:
            return texts.said(content.text)
        case Move.FOLLOW_UP:
            return _question(case)
        case Move.TICK if content.alarm is Alarm.ASK:
            return _question(case)
        case Move.TICK if content.alarm is Alarm.REMIND:
            return texts.REMINDER
        case move if event.before is not event.after:
            return _SENTENCES.get(move)
        case _:
            return None


def _question(case: Case) -> str:
    settled = next((event for event in reversed(case.events) if event.after is not State.FOLLOW_UP), None)
    referred = settled is not None and settled.after is State.REFERRED
    return texts.FOLLOW_UP_REFERRED if referred else texts.FOLLOW_UP


def _answers(event: Event) -> tuple[tuple[str, str], ...]:
    if event.move is Move.NOT_SUPPORT:
        return _DISAGREE
    return _WHETHER if event.move in _ASKING or event.content.alarm is Alarm.ASK else ()
