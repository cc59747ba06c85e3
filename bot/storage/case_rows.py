"""Rows of cases: what of them is sealed with the case's own key, and how it gets in and out."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.cases.changes import NewClaimant
from bot.cases.deadlines import Times, ahead, clocks, level
from bot.cases.duplicates import normalised
from bot.cases.model import (
    Actor,
    Audience,
    Case,
    Claimant,
    Content,
    Event,
    Evidence,
    Move,
    Party,
    Role,
    State,
    fold,
)
from bot.messages import Channel
from bot.storage.case_tables import NEVER
from bot.storage.seal import Cipher, Seal
from bot.storage.sealed import Payload
from knowledge.vocabulary import Urgency

URGENCIES = (Urgency.EMERGENCY, Urgency.URGENT, Urgency.NORMAL)  # as a column they are 0, 1, 2


@dataclass(frozen=True, slots=True)
class Said:
    """What of an event is sealed."""

    content: Content
    id: str = ""
    role: Role | None = None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """What of a claimant is sealed."""

    chat: str
    anonymous: bool
    name: str = ""
    telephone: str = ""


_said = Payload(Said)
_person = Payload(Person)
_evidence = Payload(Evidence)


def key_place(case: str) -> str:
    """Return where the deployment's seal binds a case's key to."""
    return f"cases:{case}"


def new_key(seal: Seal, case: str) -> tuple[Cipher, bytes]:
    """Return a new case's cipher, and its key as it is stored."""
    key = secrets.token_bytes(32)
    return Cipher(key), seal.close(key, key_place(case))


def cipher_of(seal: Seal, case: str, key: bytes | None) -> Cipher | None:
    """Return the cipher of a case by its id and stored key; None if it is erased."""
    return None if key is None else Cipher(seal.open(key, key_place(case)))


# --- a case ---


def case_values(case: Case, times: Times, seal: Seal) -> dict[str, Any]:
    """Return the columns that the events make."""
    running, waiting = clocks(case, times), ahead(case, times)
    employer = normalised(case.facts.employer)
    return {
        "seen": case.seen,
        "state": case.state,
        "kind": case.kind,
        "category": case.categories[0],
        "urgency": URGENCIES.index(case.urgency),
        "region": case.region,
        "organization": case.organization,
        "handler": handler_digest(seal, case.handler) if case.handler else None,
        "employer": employer_digest(seal, employer) if employer else None,
        "parent": case.parent or None,
        "claimants": len(case.claimants),
        "ended_at": case.events[-1].at if case.is_over else None,
        "due_at": running[0].due_at if running else NEVER,
        "alarm_at": waiting[0][1].at if waiting else None,
        "level": level(case, times),
    }


def handler_digest(seal: Seal, staff: str) -> str:
    """Return how a handler is looked up."""
    return seal.digest("handler", staff)


def employer_digest(seal: Seal, normalised_name: str) -> str:
    """Return how an employer is looked up."""
    return seal.digest("employer", normalised_name)


def case_of(row: Any, events: Iterable[Any], cipher: Cipher | None) -> Case:
    """Return the case of a row and of its events' rows in their order."""
    return fold((event_of(event, cipher) for event in events), row.number, erased=row.key is None)


# --- an event ---


def event_values(event: Event, cipher: Cipher) -> dict[str, Any]:
    """Return an event's columns."""
    actor = event.actor
    said = Said(event.content, actor.id, actor.role, actor.name)
    return {
        "case_id": event.case,
        "number": event.number,
        "move": event.move,
        "at": event.at,
        "party": actor.party,
        "audience": event.audience,
        "before": event.before,
        "after": event.after,
        "payload": _said.close(cipher, said, event_place(event.case, event.number)),
    }


def event_of(row: Any, cipher: Cipher | None) -> Event:
    """Return the event of a row, with what is sealed of it if there is a cipher."""
    said = Said(Content())
    if cipher is not None and row.payload is not None:
        said = said_of(row, cipher)
    return Event(
        row.case_id,
        row.number,
        Move(row.move),
        row.at,
        Actor(Party(row.party), said.id, said.role, said.name),
        Audience(row.audience),
        State(row.before) if row.before else None,
        State(row.after),
        said.content,
    )


def said_of(row: Any, cipher: Cipher) -> Said:
    """Return what of an event is sealed."""
    return _said.open(cipher, row.payload, event_place(row.case_id, row.number))


def event_place(case: str, number: int) -> str:
    """Return where a case's cipher binds an event to."""
    return f"case_events:{case}:{number}"


# --- a claimant ---


def claimant_values(new: NewClaimant, case: str, cipher: Cipher, seal: Seal, now: datetime) -> dict[str, Any]:
    """Return a new claimant's columns."""
    person = Person(new.chat, new.anonymous, new.name, new.telephone)
    return {
        "case_id": case,
        "number": new.number,
        "channel": new.channel,
        "chat": seal.digest("chat", new.channel, new.chat) if new.chat else None,
        "receipt": receipt_digest(seal, new.receipt),
        "payload": close_person(person, case, new.number, cipher),
        "joined_at": now,
        "consent_at": new.consent_at,
    }


def receipt_digest(seal: Seal, receipt: str) -> str:
    """Return all that is kept of a receipt."""
    return seal.digest("receipt", receipt)


def close_person(person: Person, case: str, number: int, cipher: Cipher) -> bytes:
    """Seal a claimant's particulars."""
    return _person.close(cipher, person, claimant_place(case, number))


def person_of(row: Any, cipher: Cipher) -> Person:
    """Return a claimant's particulars."""
    return _person.open(cipher, row.payload, claimant_place(row.case_id, row.number))


def claimant_of(row: Any, cipher: Cipher | None, *, own: bool) -> Claimant:
    """Return a claimant: as they see themselves, or as staff may see them."""
    person = Person("", True)
    if cipher is not None and row.payload is not None:
        person = person_of(row, cipher)
    shown = own or not person.anonymous
    return Claimant(
        row.number,
        Channel(row.channel),
        person.anonymous,
        row.joined_at,
        person.name if shown else "",
        person.telephone if shown else "",
        left=row.left_at is not None,
        reached=row.chat is not None,
    )


def claimant_place(case: str, number: int) -> str:
    """Return where a case's cipher binds a claimant to."""
    return f"claimants:{case}:{number}"


# --- evidence ---


def evidence_values(file: Evidence, case: str, cipher: Cipher) -> dict[str, Any]:
    """Return the columns of a file."""
    return {
        "id": file.id,
        "case_id": case,
        "file": file.kept.file,
        "payload": _evidence.close(cipher, file, f"evidence:{case}:{file.id}"),
        "added_at": file.added_at,
    }


def evidence_of(row: Any, cipher: Cipher) -> Evidence:
    """Return a file of a case."""
    return _evidence.open(cipher, row.payload, f"evidence:{row.case_id}:{row.id}")
