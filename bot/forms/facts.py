"""What a filled form tells of a case."""

from collections.abc import Mapping

from bot.cases.model import Facts
from bot.forms.values import number_of_people
from knowledge.forms import Form

_OWN = frozenset({"story", "employer", "place", "since", "people", "wish", "name", "phone"})


def facts(form: Form, values: Mapping[str, str], *more: tuple[str, str]) -> Facts:
    """Return what was told, by the ids of questions; what a case has no field for is kept by its label, with `more`."""
    said = values.get("people")
    people = number_of_people(said) if said else None
    others = [
        (question.label, values[question.id])
        for question in form.questions
        if question.id in values and (question.id not in _OWN or (question.id == "people" and said != str(people)))
    ]
    return Facts(
        story=values.get("story", form.title),
        employer=values.get("employer", ""),
        place=values.get("place", ""),
        since=values.get("since", ""),
        people=people if isinstance(people, int) else None,
        wish=values.get("wish", ""),
        service=form.title if form.service else "",
        answers=(*others, *more),
    )
