"""A trial notice: whether somebody of the roster can really be reached."""

from collections.abc import Mapping

from bot.notices.model import Dispatch, Kind, Medium, Notice
from bot.notices.ports import Notifier
from bot.notices.roster import Person
from knowledge.errors import NiangjiaError

NEEDED = {
    Medium.EMAIL: "set SMTP_HOST and SMTP_FROM",
    Medium.TELEGRAM: "set TELEGRAM_BOT_TOKEN",
}


class NotCarriedError(NiangjiaError):
    """Say which setting is wanting for a medium."""


async def send_trial(person: Person, notifiers: Mapping[str, Notifier]) -> None:
    """Send somebody a notice that says it is a trial; raise NotCarriedError, or what a `Notifier` raises."""
    notifier = notifiers.get(person.channel)
    if notifier is None:
        raise NotCarriedError(f"Nothing carries {person.channel} notices yet: {NEEDED[person.channel]}.")
    await notifier.send(Dispatch(0, "", Notice(Kind.TRIAL, person.unions[0]), person.called_at))
