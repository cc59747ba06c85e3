"""A filled form becomes a case."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from bot.cases import receipt
from bot.cases.changes import NewClaimant, OpenCase
from bot.cases.lifecycle import opened
from bot.cases.model import Actor, CaseKind, Content, Evidence
from bot.dialogue.ports import Conversation
from bot.dialogue.referral import Referral
from bot.forms.draft import Draft
from bot.forms.facts import facts
from bot.texts import intake as texts
from knowledge.forms import Form


@dataclass(frozen=True, slots=True)
class Registration:
    """A case that is about to be opened, and its receipt."""

    case: str
    receipt: str  # 16 digits
    change: OpenCase


def register(form: Form, draft: Draft, referral: Referral, conversation: Conversation, now: datetime) -> Registration:
    """Return the case that the worker's form opens; of who stays unnamed neither name nor telephone is kept."""
    case, number = secrets.token_hex(16), receipt.new()
    together = ((texts.TOGETHER, texts.YES),) if draft.together else ()
    content = Content(
        kind=CaseKind.GRIEVANCE if form.service is None else CaseKind.APPLICATION,
        facts=facts(form, draft.values, *together),
        categories=referral.categories,
        urgency=referral.urgency,
        region=referral.region,
        organization=referral.organization,
        department=referral.department,
        reason=referral.reason,
    )
    claimant = NewClaimant(
        1,
        conversation.channel,
        conversation.chat,
        number,
        now,
        anonymous=draft.anonymous,
        name="" if draft.anonymous else draft.value("name") or "",
        telephone="" if draft.anonymous else draft.value("phone") or "",
    )
    evidence = tuple(Evidence(secrets.token_hex(16), file.kept, file.name, 1, now) for file in conversation.files)
    return Registration(case, number, OpenCase(opened(case, content, Actor.worker(1), now), (claimant,), evidence))
