"""A form as a worker sees it: the consent, a question, the check, each with its buttons."""

from dataclasses import replace

from bot.dialogue.actions import Action
from bot.dialogue.referral import Referral
from bot.dialogue.spoken import Verb
from bot.forms.draft import Draft, asked_of, missing
from bot.forms.values import read_phone
from bot.messages import Button, Reply
from bot.texts import HUMAN, Reader
from bot.texts import intake as texts
from knowledge.forms import Form, Forms, Kind, Question
from knowledge.regions import Regions

PATIENCE = 2  # replies that could not be read, after which a person is offered

Rows = tuple[tuple[Button, ...], ...]


class Sheet:
    """Puts forms into words and buttons."""

    def __init__(self, forms: Forms, regions: Regions, retention_days: int, *, reader: Reader | None) -> None:
        self._forms = forms
        self._regions = regions
        self._retention_days = retention_days
        self._reader = reader  # where a chat model reads the story, if one does

    def services(self) -> Reply:
        """Show all services that can be applied for."""
        forms = (form for form in self._forms.forms.values() if form.service)
        return Reply(texts.WHICH_SERVICE, buttons=tuple((Action.FORM.button(form.title, form.id),) for form in forms))

    def consent(self, form: Form, draft: Draft, *, messenger: bool) -> Reply:
        """Say what is kept and ask whether that is wanted."""
        text = texts.consent(form, self._retention_days, messenger=messenger, reader=self._reader)
        return Reply(text, buttons=_consent_buttons(draft))

    def consent_again(self, form: Form, draft: Draft) -> Reply:
        """Ask once more, in a line, whoever has read what is kept."""
        return Reply(texts.consent_again(form), buttons=_consent_buttons(draft))

    def question(self, form: Form, draft: Draft) -> Reply:
        """Ask the question that the draft waits at."""
        question = form.question(draft.asked or "")
        left = {question, *missing(form, draft)}
        text = texts.ask(question, len(left), draft.value(question.id))
        return Reply(text, buttons=self._question_buttons(question, draft))

    def repeat(self, form: Form, draft: Draft, why: str) -> Reply:
        """Ask it again, saying why."""
        rows = self._question_buttons(form.question(draft.asked or ""), draft)
        return Reply(why, buttons=(*rows, (Action.HUMAN.button(HUMAN),)) if draft.misses >= PATIENCE else rows)

    def choice(self, form: Form, draft: Draft) -> Reply:
        """Ask which value is to be changed."""
        rows = tuple((_button(draft, question.label, Verb.EDIT, question.id),) for question in asked_of(form, draft))
        return Reply(texts.WHICH, buttons=(*rows, (_button(draft, texts.KEEP, Verb.KEEP),)))

    def summary(self, form: Form, draft: Draft, files: int, referral: Referral) -> Reply:
        """Show all that is going to be handed in, and to whom."""
        lines = [
            (question.label, value)
            for question in asked_of(form, draft)
            if (value := draft.value(question.id)) is not None
        ]
        text = texts.summary(lines, files, texts.route(referral.reason), _manner(draft))
        return Reply(text, buttons=_check_buttons(draft))

    def unsent(self, draft: Draft) -> Reply:
        """Remind of the summary, which was shown before."""
        return Reply(texts.UNSENT, buttons=_check_buttons(draft))

    def elsewhere(self, draft: Draft, place: str) -> Reply:
        """Say that another city's union has it."""
        rows = ((_button(draft, texts.EDIT_PLACE, Verb.EDIT, "place"),), (_button(draft, texts.QUIT, Verb.QUIT),))
        return Reply(texts.elsewhere(place), buttons=rows)

    def joining(self, draft: Draft, count: int) -> Reply:
        """Offer to be dealt with together with others."""
        rows = ((_button(draft, texts.JOIN, Verb.JOIN), _button(draft, texts.ALONE, Verb.ALONE)),)
        return Reply(texts.similar(count), buttons=rows)

    def half_done(self, draft: Draft) -> Reply:
        """Remind of a form that is not handed in."""
        return Reply(
            texts.half_done(self._forms[draft.form]),
            buttons=((_button(draft, texts.RESUME, Verb.RESUME), _button(draft, texts.QUIT, Verb.QUIT)),),
        )

    def instead(self, draft: Draft, fresh: Button) -> Reply:
        """Ask whether to go on with the open form or to begin the other one, which `fresh` does."""
        rows = ((_button(draft, texts.RESUME, Verb.RESUME),), (fresh,))
        return Reply(texts.instead(self._forms[draft.form]), buttons=rows)

    def _question_buttons(self, question: Question, draft: Draft) -> Rows:
        rows: list[tuple[Button, ...]] = []
        if question.kind is Kind.PLACE:
            rows += [(_button(draft, region.union, Verb.SAY, region.id),) for region in self._regions.offered]
        if question.kind is Kind.YES_NO:
            rows.append((_button(draft, "是", Verb.SAY, "是"), _button(draft, "不是", Verb.SAY, "否")))
        last: list[Button] = []
        if draft.value(question.id) is not None:
            last.append(_button(draft, texts.KEEP, Verb.KEEP))
        elif not question.required:
            last.append(_button(draft, texts.SKIP, Verb.SKIP))
        if len(draft.trail) > 1:
            last.append(_button(draft, texts.BACK, Verb.BACK))
        last.append(_button(draft, texts.QUIT, Verb.QUIT))
        return (*rows, tuple(last))


def opening(words: str, reply: Reply) -> Reply:
    """Return the reply with a line before it."""
    return replace(reply, text=f"{words}\n{reply.text}") if words else reply


def _manner(draft: Draft) -> str:
    """Say how staff reach the worker."""
    if draft.anonymous:
        told = any(read_phone(value) for value in draft.values.values())
        return texts.BY_NOBODY + texts.PHONE_IN_STORY if told else texts.BY_NOBODY
    return texts.BY_PHONE if draft.value("phone") else texts.BY_CHAT


def _button(draft: Draft, label: str, verb: Verb, *about: str) -> Button:
    return Action.DRAFT.button(label, draft.id, verb, *about)


def _check_buttons(draft: Draft) -> Rows:
    return (
        (_button(draft, texts.SEND, Verb.SEND),),
        (_button(draft, texts.EDIT, Verb.EDIT), _button(draft, texts.QUIT, Verb.QUIT)),
    )


def _consent_buttons(draft: Draft) -> Rows:
    return (
        (_button(draft, texts.BY_NAME, Verb.NAMED),),
        (_button(draft, texts.ANONYMOUS, Verb.UNNAMED),),
        (_button(draft, texts.QUIT, Verb.QUIT),),
    )
