"""One's own account: password, second factor, recovery codes, and where one is logged in."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path
from fastapi.responses import Response

from bot.desk.credentials import MIN_PASSWORD, is_totp_secret, new_totp, totp_picture
from bot.desk.doors import Door, Entrance, Visit
from bot.desk.problems import StaffError
from bot.desk.rooms import Rooms, done, said
from bot.desk.staff import Permission, Role
from bot.pages.refusals import TooMany

MESSENGER = "/account/messenger"  # where staff who work from the messenger link their account
Own = Annotated[Visit, Depends(Door(Permission.OWN_ACCOUNT))]
Owing = Annotated[Visit, Depends(Door(Entrance.NO_FACTOR_YET))]


def account(rooms: Rooms, *, messenger: bool) -> APIRouter:
    """Return the routes; with `messenger`, the page on which staff link an account there is named."""
    router = APIRouter(prefix="/account")

    async def shown(visit: Visit) -> dict[str, object]:
        return {
            "sessions": await rooms.logins.sessions(visit.staff),
            "this": visit.whole.id,
            "codes_left": await rooms.logins.codes_left(visit.staff),
            "messenger": messenger,
            "must_have_factor": visit.staff.role is Role.ADMIN,
            "shortest": MIN_PASSWORD,
        }

    @router.get("")
    async def overview(visit: Own) -> Response:
        return rooms.page.show("account.html", visit, problem="", done=said(visit), **await shown(visit))

    @router.post("/password")
    async def password(visit: Own) -> Response:
        try:
            await rooms.logins.change_password(
                visit.whole, visit.field("old"), visit.field("new"), visit.field("again"), address=visit.address
            )
        except (StaffError, TooMany) as error:
            return rooms.again("account.html", visit, error, done="", **await shown(visit))
        return done("/account", "password")

    @router.get("/factor")
    async def factor(visit: Owing) -> Response:
        return rooms.page.show("factor.html", visit, problem="", **_factor(visit, new_totp()))

    @router.post("/factor")
    async def add_factor(visit: Owing) -> Response:
        secret = visit.field("secret")
        if not is_totp_secret(secret):
            return done("/account/factor")
        try:
            codes = await rooms.logins.add_factor(
                visit.staff, secret, visit.field("code"), visit.field("password"), address=visit.address
            )
        except (StaffError, TooMany) as error:
            return rooms.again("factor.html", visit, error, **_factor(visit, secret))
        return rooms.page.show("codes.html", visit, codes=codes)

    @router.post("/factor/off")
    async def drop_factor(visit: Own) -> Response:
        try:
            await rooms.logins.drop_factor(visit.staff, visit.field("password"), address=visit.address)
        except (StaffError, TooMany) as error:
            return rooms.again("account.html", visit, error, done="", **await shown(visit))
        return done("/account", "factor-off")

    @router.post("/codes")
    async def renew_codes(visit: Own) -> Response:
        try:
            codes = await rooms.logins.renew_codes(visit.staff, visit.field("password"), address=visit.address)
        except (StaffError, TooMany) as error:
            return rooms.again("account.html", visit, error, done="", **await shown(visit))
        return rooms.page.show("codes.html", visit, codes=codes)

    @router.post("/sessions/end")
    async def end_others(visit: Own) -> Response:
        await rooms.logins.end_others(visit.whole)
        return done("/account", "others-ended")

    @router.post("/sessions/{session_id}/end")
    async def end_one(visit: Own, session_id: Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]) -> Response:
        await rooms.logins.end(visit.staff, session_id)
        return done("/account", "ended")

    return router


def _factor(visit: Visit, secret: str) -> dict[str, object]:
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return {
        "secret": secret,
        "groups": groups,
        "picture": totp_picture(secret, visit.staff.login),
        "must_have_factor": visit.whole.must_add_factor,
    }
