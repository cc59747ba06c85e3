"""The pages of clocks: how long each step of a case may take, here and shipped."""

from collections.abc import Mapping
from functools import partial

from fastapi import APIRouter
from fastapi.responses import Response

from bot.audit import Act
from bot.desk.directory import words
from bot.desk.directory.ledger import Ledger
from bot.desk.directory.parameters import Unfit
from bot.desk.directory.ways import Id, Keep, LookAgain, check_keeper, named, slug, stored
from bot.desk.doors import Visit
from bot.desk.rooms import Rooms
from knowledge.categories import STEPS, Categories, Clock, Limit, Unit, load_categories
from knowledge.vocabulary import Urgency

MOST = {Unit.MINUTE: 1_440, Unit.HOUR: 720, Unit.DAY: 365, Unit.WORKING_DAY: 250}


def clocks(rooms: Rooms, ledger: Ledger, categories: Categories, look_again: LookAgain) -> APIRouter:
    """Return the routes; `categories` are those that hold here."""
    router = APIRouter(prefix="/directory/clocks")
    shipped = load_categories()

    def page(
        visit: Visit, urgency: Urgency, typed: Mapping[str, tuple[str, str]], status: int = 200, problem: str = ""
    ) -> Response:
        return rooms.page.show(
            "directory/clock.html",
            visit,
            status,
            urgency=urgency,
            slug=slug(urgency),
            rows=[(name, label, *typed[name]) for name, label in words.LIMITS.items()],
            units=words.UNITS,
            shipped=zip(words.LIMITS.values(), map(words.limit, _limits(shipped.clocks[urgency])), strict=True),
            changed=urgency in categories.changes.clocks,
            problem=problem,
        )

    async def changed(visit: Visit, urgency: Urgency, made: Clock | None) -> Response:
        """Let a clock run otherwise, or as it ships, for cases that are under way too."""
        change, subject = partial(ledger.set_clock, urgency, made), f"clock/{slug(urgency)}"
        answer = await stored(rooms, visit, Act.CLOCK_CHANGED, subject, change, restored=made is None)
        await look_again()
        return answer

    @router.get("/{id}")
    async def clock(visit: Keep, id: Id) -> Response:
        check_keeper(visit, rooms)
        urgency = named(Urgency, id)
        limits = zip(words.LIMITS, _limits(categories.clocks[urgency]), strict=True)
        return page(visit, urgency, {name: (str(each.amount), each.unit) for name, each in limits})

    @router.post("/{id}")
    async def set_clock(visit: Keep, id: Id) -> Response:
        check_keeper(visit, rooms)
        urgency = named(Urgency, id)
        typed = {name: (visit.field(name)[:8], visit.field(f"{name}-unit")[:16]) for name in words.LIMITS}
        try:
            made = _clock(typed)
        except Unfit as error:
            return page(visit, urgency, typed, 422, str(error))
        return await changed(visit, urgency, made)

    @router.post("/{id}/restore")
    async def restore_clock(visit: Keep, id: Id) -> Response:
        check_keeper(visit, rooms)
        return await changed(visit, named(Urgency, id), None)

    return router


def _limits(clock: Clock) -> tuple[Limit, ...]:
    """Return all limits of a clock in the order of `words.LIMITS`."""
    return (*(getattr(clock, step) for step in STEPS), *clock.overdue)


def _clock(typed: Mapping[str, tuple[str, str]]) -> Clock:
    """Return what a form says; raise Unfit where it cannot be meant."""
    limits = {name: _limit(words.LIMITS[name], *each) for name, each in typed.items()}
    first, second, third = (limits.pop(name) for name in words.OVERDUE_STEPS)
    return Clock(**limits, overdue=(first, second, third))


def _limit(label: str, amount: str, unit: str) -> Limit:
    if unit not in set(Unit):
        raise Unfit(words.NO_UNIT.format(label))
    known = Unit(unit)
    if not (amount.isascii() and amount.isdecimal() and int(amount) <= MOST[known]):
        raise Unfit(words.NO_AMOUNT.format(label, MOST[known]))
    return Limit(int(amount), known)
