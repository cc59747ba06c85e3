"""The pages of staff: who works here, inviting somebody, and what an admin may do with an account."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from bot.desk import texts
from bot.desk.accounts import LINK_LIFE
from bot.desk.doors import Door, Visit, address_of
from bot.desk.problems import StaffError
from bot.desk.rooms import Rooms, chosen, done, said
from bot.desk.staff import Permission, Role, Staff, manages

See = Annotated[Visit, Depends(Door(Permission.SEE_STAFF))]
Manage = Annotated[Visit, Depends(Door(Permission.MANAGE_STAFF))]

StaffId = Annotated[str, Path(pattern=r"^[0-9a-f]{8}$")]


def people(rooms: Rooms) -> APIRouter:
    """Return the routes."""
    router = APIRouter(prefix="/staff")

    def show_link(visit: Visit, staff: Staff, token: str) -> Response:
        link = address_of(visit.request, f"/welcome/{token}")
        return rooms.page.show("link.html", visit, staff=staff, link=link, days=LINK_LIFE.days)

    def form(visit: Visit) -> dict[str, object]:
        unions = rooms.accounts.grantable(visit.staff)
        return {
            "unions": [rooms.organizations.organizations[name] for name in unions],
            "chosen": chosen(visit.fields.get("union", ()), unions),
            "role": _role(visit),
        }

    async def managed(visit: Visit, staff_id: str) -> Staff:
        try:
            return await rooms.accounts.managed(visit.staff, staff_id)
        except StaffError as error:
            raise texts.forbidden() from error

    @router.get("")
    async def everybody(visit: See) -> Response:
        staff = await rooms.accounts.visible(visit.staff)
        mine = {each.id for each in staff if manages(visit.staff, each, rooms.organizations)}
        return rooms.page.show(
            "staff.html",
            visit,
            everybody=staff,
            mine=mine,
            done=said(visit),
            may_invite=visit.staff.may(Permission.MANAGE_STAFF),
        )

    @router.get("/invite")
    async def invitation(visit: Manage) -> Response:
        return rooms.page.show("invite.html", visit, name="", login="", email="", problem="", **form(visit))

    @router.post("/invite")
    async def invite(visit: Manage) -> Response:
        name, login, email = visit.field("name")[:64], visit.field("login")[:64], visit.field("email")[:300]
        try:
            staff, token = await rooms.accounts.invite(
                visit.staff,
                login=login,
                name=name,
                role=_role(visit),
                unions=visit.fields.get("union", ()),
                email=email,
            )
        except StaffError as error:
            return rooms.again("invite.html", visit, error, name=name, login=login, email=email, **form(visit))
        return show_link(visit, staff, token)

    @router.get("/{staff_id}")
    async def person(visit: Manage, staff_id: StaffId) -> Response:
        staff = await managed(visit, staff_id)
        values = {**form(visit), "role": staff.role, "chosen": staff.unions}
        return rooms.page.show("person.html", visit, staff=staff, problem="", done=said(visit), **values)

    @router.post("/{staff_id}/change")
    async def change(visit: Manage, staff_id: StaffId) -> Response:
        staff = await managed(visit, staff_id)
        try:
            await rooms.accounts.change(visit.staff, staff, _role(visit), visit.fields.get("union", ()))
        except StaffError as error:
            return rooms.again("person.html", visit, error, staff=staff, done="", **form(visit))
        return done(f"/staff/{staff_id}", "saved")

    @router.post("/{staff_id}/reset")
    async def reset(visit: Manage, staff_id: StaffId) -> Response:
        staff = await managed(visit, staff_id)
        return show_link(visit, staff, await rooms.accounts.reset(visit.staff, staff))

    @router.post("/{staff_id}/disable")
    async def disable(visit: Manage, staff_id: StaffId) -> Response:
        await rooms.accounts.disable(visit.staff, await managed(visit, staff_id))
        return done(f"/staff/{staff_id}", "disabled")

    @router.post("/{staff_id}/enable")
    async def enable(visit: Manage, staff_id: StaffId) -> Response:
        await rooms.accounts.enable(visit.staff, await managed(visit, staff_id))
        return done(f"/staff/{staff_id}", "enabled")

    return router


def _role(visit: Visit) -> Role:
    role = visit.field("role")
    return Role(role) if role in set(Role) else Role.CLERK
