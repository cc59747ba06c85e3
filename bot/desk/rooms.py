"""What every page of the desk has at hand."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi.responses import RedirectResponse, Response

from bot.audit import Audit
from bot.desk import texts
from bot.desk.accounts import Accounts
from bot.desk.doors import PREFIX, Visit
from bot.desk.logins import Logins
from bot.desk.page import Page
from bot.desk.problems import StaffError
from bot.pages.refusals import TooMany
from knowledge.organizations import Organizations


@dataclass(frozen=True, slots=True)
class Rooms:
    """The services behind the pages, and the pages themselves."""

    accounts: Accounts
    logins: Logins
    audit: Audit
    organizations: Organizations
    page: Page

    def again(self, template: str, visit: Visit, error: StaffError | TooMany, /, **values: object) -> Response:
        """Return the page with the form once more, and what was wrong with it."""
        if isinstance(error, TooMany):
            response = self.page.show(template, visit, 429, problem=texts.TOO_MANY, **values)
            response.headers.update(error.headers)
            return response
        return self.page.show(template, visit, 422, problem=texts.PROBLEMS[error.problem], **values)


def done(path: str, what: str = "") -> RedirectResponse:
    """Lead to a page of the desk that says what was done, by its key in `texts.DONE`."""
    return RedirectResponse(f"{PREFIX}{path}" + (f"?done={what}" if what else ""), 303)


def said(visit: Visit) -> str:
    """Return what the address says was done."""
    return texts.DONE.get(visit.request.query_params.get("done", ""), "")


def chosen(values: Sequence[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return what was ticked, in the order of what there is."""
    return tuple(each for each in known if each in values)
