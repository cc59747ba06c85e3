"""What is asked of a worker who brings a matter or applies for a service."""

import re
from collections.abc import Iterable
from enum import StrEnum
from functools import cache
from pathlib import Path

from pydantic.dataclasses import dataclass

from knowledge.entries import DIRECTORY, STRICT, DirectoryError, read_entries
from knowledge.vocabulary import Category

FORMS_FILE = DIRECTORY / "forms.yaml"

GRIEVANCE = "grievance"  # the form of whoever wants the union to act
TALK = "talk"  # of whoever wants to speak to a person


class Kind(StrEnum):
    """How a reply is read."""

    TEXT = "text"
    PLACE = "place"
    SINCE = "since"
    PEOPLE = "people"
    NAME = "name"
    PHONE = "phone"
    YES_NO = "yes-no"


@dataclass(frozen=True, slots=True, config=STRICT)
class Question:
    """One thing that the union needs to know; `label` names it in a summary, `ask` asks for it."""

    id: str
    label: str
    kind: Kind
    ask: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """What is asked for one purpose; without a service it is no application, and has no category before it is told."""

    id: str
    title: str
    questions: tuple[Question, ...]
    category: Category | None = None
    service: str | None = None  # the id of the document that tells about it
    names: tuple[str, ...] = ()

    @property
    def disputes(self) -> bool:
        """Tell whether what it is filled in for may have to be brought before an arbitrator or a court in time."""
        return self.id == GRIEVANCE or self.category is Category.LEGAL_AID

    def question(self, id: str) -> Question:
        """Return the question of this id; raise KeyError where the form does not ask it."""
        for question in self.questions:
            if question.id == id:
                return question
        raise KeyError(id)


class Forms:
    """The forms by id, and by what a worker calls the thing."""

    def __init__(self, forms: Iterable[Form]) -> None:
        self.forms = {form.id: form for form in forms}
        self._form_of = {name: form.id for form in self.forms.values() for name in form.names}
        longest_first = sorted(self._form_of, key=len, reverse=True)
        self._names = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def __getitem__(self, id: str) -> Form:
        return self.forms[id]

    def __contains__(self, id: object) -> bool:
        return id in self.forms

    def named(self, text: str) -> Form | None:
        """Return the form of the first service that `text` names."""
        found = self._names.search(text)
        return self.forms[self._form_of[found[0]]] if found else None

    def all_named(self, text: str) -> list[Form]:
        """Return the forms of all services that `text` names, each once, in its order."""
        ids = dict.fromkeys(self._form_of[found] for found in self._names.findall(text))
        return [self.forms[id] for id in ids]

    def asked_for(self, word: str) -> Form | None:
        """Return the form of the service that `word` names, or is part of the name of: 体检."""
        known = (form for form in self.forms.values() if word and any(word in name for name in form.names))
        return self.named(word) or next(known, None)


@dataclass(frozen=True, slots=True, config=STRICT)
class _Form:
    id: str
    title: str
    questions: tuple[str | Question, ...]
    category: Category | None = None
    service: str | None = None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, config=STRICT)
class _File:
    questions: tuple[Question, ...]
    forms: tuple[_Form, ...]


@cache
def load_forms(path: Path = FORMS_FILE) -> Forms:
    """Read the file once; raise DirectoryError where a form asks what is not there or asks twice."""
    data = read_entries(path, _File)
    shared = {question.id: question for question in data.questions}
    forms = Forms([_form(entry, shared) for entry in data.forms])
    if missing := {GRIEVANCE, TALK} - set(forms.forms):
        raise DirectoryError(f"{path.name} lacks the form {missing.pop()}: add it.")
    return forms


def _form(entry: _Form, shared: dict[str, Question]) -> Form:
    questions = []
    for asked in entry.questions:
        if isinstance(asked, str) and asked not in shared:
            raise DirectoryError(f"The form {entry.id} asks {asked}, which is no question of the list: correct it.")
        questions.append(shared[asked] if isinstance(asked, str) else asked)
    ids = [question.id for question in questions]
    if twice := [id for id in ids if ids.count(id) > 1]:
        raise DirectoryError(f"The form {entry.id} asks {twice[0]} twice: leave one.")
    return Form(entry.id, entry.title, tuple(questions), entry.category, entry.service, entry.names)
