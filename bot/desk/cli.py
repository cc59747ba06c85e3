"""`niangjia staff`: add somebody to the desk, list who is there, close an account, and give out a new link."""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

import typer
from rich.console import Console
from rich.table import Table

from bot.audit import CLI
from bot.desk.staff import Role, Staff
from ingest.cli import Home

if TYPE_CHECKING:
    from bot.desk.accounts import Accounts

T = TypeVar("T")
Opened = Callable[[Path | None], "AbstractAsyncContextManager[Accounts]"]
Login = Annotated[str, typer.Argument(help="What the person logs in with.")]


def register(app: typer.Typer, opened: Opened, link: Callable[[Path | None, str], str]) -> None:
    """Add the commands; `opened` opens the accounts of a home, `link` makes an address of a token."""
    staff = typer.Typer(help="Add, list, close and reset the accounts of the desk.", no_args_is_help=True)
    app.add_typer(staff, name="staff")

    def do(home: Path | None, work: "Callable[[Accounts], Coroutine[Any, Any, T]]") -> T:
        async def run() -> T:
            async with opened(home) as accounts:
                return await work(accounts)

        return asyncio.run(run())

    def print_link(home: Path | None, login: str, token: str) -> None:
        print(f"{login} sets a password here, once and within three days: {link(home, token)}")

    @staff.command()
    def add(
        login: Login,
        name: Annotated[str | None, typer.Option(help="The person's name.", show_default="the login")] = None,
        role: Annotated[Role, typer.Option(help="What the person is here for.")] = Role.ADMIN,
        union: Annotated[
            list[str] | None,
            typer.Option(help="A union they stand for, and all below it; may be repeated.", show_default="all"),
        ] = None,
        email: Annotated[
            str, typer.Option(help="The address by which the identity provider knows them.", show_default="none")
        ] = "",
        home: Home = None,
    ) -> None:
        """Add somebody, and print the link by which they set a password."""

        async def work(accounts: "Accounts") -> str:
            unions = union or accounts.roots()
            new = accounts.invite(CLI, login=login, name=name or login, role=role, unions=unions, email=email)
            _, token = await new
            return token

        print_link(home, login, do(home, work))

    @staff.command("list")
    def list_(home: Home = None) -> None:
        """List who has an account."""

        async def work(accounts: "Accounts") -> "list[Staff]":
            return list(await accounts.everybody())

        table = Table("login", "name", "role", "unions", "state", box=None, pad_edge=False)
        for each in do(home, work):
            table.add_row(each.login, each.name, each.role, "、".join(each.unions), _state(each))
        Console().print(table)

    @staff.command()
    def disable(login: Login, home: Home = None) -> None:
        """Close an account, which ends its sessions at once."""

        async def work(accounts: "Accounts") -> None:
            await accounts.disable(CLI, await accounts.named(login))

        do(home, work)
        print(f"{login} can no longer log in.")

    @staff.command()
    def reset(login: Login, home: Home = None) -> None:
        """Take away password and second factor, open a closed account, and print a new link."""

        async def work(accounts: "Accounts") -> str:
            found = await accounts.named(login)
            if found.disabled:
                await accounts.enable(CLI, found)
            return await accounts.reset(CLI, found)

        print_link(home, login, do(home, work))


def _state(staff: Staff) -> str:
    if staff.disabled:
        return "disabled"
    if not staff.joined:
        return "invited"
    return "second factor" if staff.second_factor else "password only"
