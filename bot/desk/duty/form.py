"""The form of an entry of the roster: what it shows, and what was filled in."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.notices.editing import Entry, EntryError, entry_of, hours_of
from bot.notices.model import Medium
from bot.notices.roster import ALWAYS, Day, Person

LONGEST = 32  # characters of a name
_SIGNS = str.maketrans("：—–－～~至到、，,;；", ":-------     ")


@dataclass(frozen=True, slots=True)
class Form:
    """An entry as it is filled in; address and secret are never among what is shown."""

    name: str = ""
    unions: tuple[str, ...] = ()
    channel: str = Medium.WECOM
    always: bool = False
    hours: Mapping[str, str] = field(default_factory=lambda: {Day.WORKDAY.value: "08:30-12:00 14:30-17:30"})
    deputy: str = ""
    away: str = ""


def form_of(person: Person) -> Form:
    """Return the form that shows an entry."""
    always = person.hours == ALWAYS
    away = entry_of(person).get("away", [])
    return Form(
        person.name,
        person.unions,
        person.channel,
        always,
        {} if always else hours_of(person),
        person.deputy or "",
        "\n".join(away) if isinstance(away, list) else "",
    )


def sent(fields: Mapping[str, Sequence[str]], name: str | None) -> Form:
    """Return the form as it was sent; the name of an entry that is there already stays."""

    def one(key: str) -> str:
        return next(iter(fields.get(key, ())), "").strip()

    return Form(
        one("name") if name is None else name,
        tuple(fields.get("union", ())),
        one("channel"),
        one("always") == "yes",
        {day.value: times for day in Day if (times := _times(one(f"hours-{day}")))},
        one("deputy"),
        one("away"),
    )


def _times(text: str) -> str:
    """Return times as the roster writes them, of which people write 8：30—17：30 too."""
    spans = re.sub(r"\s*-+\s*", "-", text.translate(_SIGNS))
    return " ".join(re.sub(r"(?<!\d)(\d):", r"0\1:", spans).split())


def entry(form: Form, address: str, secret: str, before: Person | None, unions: Collection[str]) -> Entry:
    """Return the entry that was filled in; an address left empty stays, unless another medium is chosen.

    Raises EntryError for what the roster's own rules do not see.
    """
    if not 0 < len(form.name) <= LONGEST or not form.name.isprintable():
        raise EntryError("name", "it is 1 to 32 characters")
    if not form.unions or not set(form.unions) <= set(unions):
        raise EntryError("unions", "it is none of these")
    if form.channel not in {Medium.WECOM, Medium.DINGTALK, Medium.EMAIL, Medium.TELEGRAM}:
        raise EntryError("channel", "it is none of these")
    if not address and before is not None and before.channel == form.channel:
        address, secret = before.address, secret or before.secret or ""
    optional = {"secret": secret, "deputy": form.deputy, "away": form.away.replace("，", " ").split()}
    return {
        "name": form.name,
        "unions": list(form.unions),
        "channel": form.channel,
        "address": address,
        "hours": "always" if form.always else dict(form.hours),
        **{key: value for key, value in optional.items() if value},
    }
