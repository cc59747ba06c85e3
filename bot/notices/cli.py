"""The commands around the duty roster: `niangjia duty check | who | add | try`."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot.notices.duty import Duty
from bot.notices.duty_file import DUTY_FILE, DutyFile, add_entry, read_roster
from bot.notices.model import Medium
from bot.notices.ports import Notifier
from bot.notices.roster import Person
from bot.notices.trial import NEEDED, send_trial
from bot.settings import Settings
from ingest.cli import Home
from knowledge.calendar import ZONE, load_calendar
from knowledge.errors import NiangjiaError
from knowledge.organizations import load_organizations

WEEK = timedelta(days=7)

OpenNotifiers = Callable[[Settings], AbstractAsyncContextManager[Mapping[str, Notifier]]]


def register(app: typer.Typer, settings: Callable[[Path | None], Settings], open_notifiers: OpenNotifiers) -> None:
    """Add the commands to the command line; `settings` reads them for a home."""
    duty_app = typer.Typer(help="Who is on duty and is called, by HOME/duty.yaml.", no_args_is_help=True)
    app.add_typer(duty_app, name="duty")
    console = Console()

    def file_of(home: Path | None) -> Path:
        return settings(home).niangjia_home / DUTY_FILE

    @duty_app.command()
    def check(home: Home = None) -> None:
        """Find what is wrong in the roster, and when nobody would answer an emergency in the next seven days."""
        path = file_of(home)
        roster = read_roster(path)
        board = _board(path)
        now = datetime.now(ZONE)
        console.print(f"{path}: {len(roster.people)} entries, no fault.", soft_wrap=True)
        if not roster.people:
            said = "Nobody is on duty: an emergency calls nobody. Add somebody with `niangjia duty add`."
            console.print(said, style="yellow", soft_wrap=True)
        for union in sorted({union for person in roster.people for union in person.unions}):
            names = "、".join(person.name for person in roster.of(union))
            console.print(f"{union}: {names}; {_told(board.gaps(union, now, now + WEEK))}", soft_wrap=True)
        if settings(home).public_url is None:
            said = "Notices bring no links until PUBLIC_URL is set; over Telegram they have buttons."
            console.print(said, style="yellow")
        for medium in sorted({person.channel for person in roster.people} - _carried(settings(home))):
            console.print(f"Nothing carries {medium} notices yet: {NEEDED[medium]}.", style="yellow")

    @duty_app.command()
    def who(
        union: Annotated[
            str | None,
            typer.Option(help="A union of the directory, such as 荆州市总工会.", show_default="all in the roster"),
        ] = None,
        at: Annotated[
            datetime | None,
            typer.Option(formats=["%Y-%m-%d %H:%M"], help="A moment in China.", show_default="now"),
        ] = None,
        home: Home = None,
    ) -> None:
        """Say who would answer for a union, or for the nearest above it, at a moment."""
        path = file_of(home)
        moment = at.replace(tzinfo=ZONE) if at else datetime.now(ZONE)
        if union is not None and union not in load_organizations(home=path.parent).active:
            raise typer.BadParameter(f"{union} is no union of the directory", param_hint="--union")
        asked = [union] if union else sorted({union for person in read_roster(path).people for union in person.unions})
        board = _board(path)
        for name in asked:
            people = board.on_duty(name, moment)
            opens = board.opens(name, moment)
            nobody = f"nobody; next {opens:%Y-%m-%d %H:%M}" if opens else "nobody in the next two weeks"
            console.print(f"{name}: {'、'.join(map(_shown, people)) or nobody}", soft_wrap=True)

    @duty_app.command()
    def add(
        name: Annotated[str, typer.Argument(help="A person's or a group's name.")],
        union: Annotated[list[str], typer.Option(help="A union that they answer for; may be given again.")],
        channel: Annotated[Medium, typer.Option(help="email, wecom, dingtalk or telegram.")],
        address: Annotated[
            str, typer.Option(prompt=True, help="E-mail address, robot's https address, or the group's number.")
        ],
        hours: Annotated[
            list[str],
            typer.Option(help='always, or a day and its times: "workday 08:30-12:00 14:30-17:30"; may be given again.'),
        ],
        secret: Annotated[str | None, typer.Option(help="DingTalk's signing secret.")] = None,
        deputy: Annotated[str | None, typer.Option(help="Name of another entry.")] = None,
        home: Home = None,
    ) -> None:
        """Add somebody to the roster; everything else is changed in the file itself."""
        days = {day: times for day, _, times in (line.partition(" ") for line in hours)}
        optional = {"secret": secret, "deputy": deputy}
        entry = {
            "name": name,
            "unions": union,
            "channel": channel.value,
            "address": address,
            "hours": "always" if list(days) == ["always"] else days,
            **{field: value for field, value in optional.items() if value is not None},
        }
        add_entry(file_of(home), entry)
        console.print(f"{name} is in {file_of(home)}. Try it: niangjia duty try {name}", soft_wrap=True)

    @duty_app.command("try")
    def try_(name: Annotated[str, typer.Argument(help="Name of an entry of the roster.")], home: Home = None) -> None:
        """Send somebody of the roster a notice that says it is a trial."""
        person = read_roster(file_of(home)).named(name)
        if person is None:
            raise NiangjiaError(f"{name} is not in {file_of(home)}: see who is with `niangjia duty check`.")
        asyncio.run(_send_trial(person, open_notifiers(settings(home))))
        console.print(f"Sent to {_shown(person)}.", soft_wrap=True)


async def _send_trial(person: Person, opening: AbstractAsyncContextManager[Mapping[str, Notifier]]) -> None:
    async with opening as notifiers:
        await send_trial(person, notifiers)


def _board(path: Path) -> Duty:
    return Duty(DutyFile(path), load_organizations(home=path.parent), load_calendar(home=path.parent).is_working)


def _carried(settings: Settings) -> set[Medium]:
    carried = {Medium.WECOM, Medium.DINGTALK}
    carried |= {Medium.EMAIL} if settings.smtp_host else set()
    carried |= {Medium.TELEGRAM} if settings.telegram_bot_token else set()
    return carried


def _told(gaps: list[tuple[datetime, datetime]]) -> str:
    if not gaps:
        return "somebody answers at every hour"
    start, end = gaps[0]
    return f"nobody answers {len(gaps)} times in the next seven days, first {start:%m-%d %H:%M} to {end:%m-%d %H:%M}"


def _shown(person: Person) -> str:
    return f"{person.name} ({person.channel})"
